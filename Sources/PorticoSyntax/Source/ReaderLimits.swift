/// How much a document may ask of its reader, so that a hostile file costs bounded time and memory.
public struct ReaderLimits: Sendable {
    /// Levels of nesting, aliases included: everything that walks a tree may recurse this deep.
    public var depth: Int
    /// Values in one file as written; they take about 250 bytes each, and a file at API Gateway's limit has a third of them.
    public var values: Int
    /// Values that aliases add when each is counted as if it had been written out.
    public var aliasValues: Int
    /// Size beyond which a warning says that API Gateway would refuse the file.
    ///
    /// Source: API Gateway guide, "Quotas for REST APIs": 6 MB for an import.
    public var importBytes: Int

    /// Makes limits; the defaults suit every API that API Gateway itself would take.
    public init(
        depth: Int = 200, values: Int = 1_500_000, aliasValues: Int = 1_000_000, importBytes: Int = 6 * 1024 * 1024
    ) {
        self.depth = depth
        self.values = values
        self.aliasValues = aliasValues
        self.importBytes = importBytes
    }
}
