public import PorticoSyntax

/// How a document is imported.
public struct ImportOptions: Sendable {
    /// Values for CloudFormation parameters (`--param Name=value`).
    public var parameters: [String: String] = [:]
    /// Path of an overlay whose `x-portico-*` keys win over the spec's (`--config`).
    public var configPath: String?
    /// `AWS_REGION`, for `${AWS::Region}`.
    public var region = "us-east-1"
    /// For `${AWS::AccountId}`.
    public var accountID = "000000000000"
    /// Names of stage variables that are set elsewhere (`--var`); nobody is warned that no stage sets them.
    public var stageVariables: Set<String> = []
    /// `ignore`, `prepend` or `split`.
    public var basepath: BasepathMode = .ignore
    /// Where functions run (`--lambda`), in order of their names; each wins over the document's entry of that function.
    public var functions: [FunctionOverride] = []
    /// Whether examples are wanted (`validate --examples`).
    public var collectsExamples = false

    /// Makes the default options.
    public init() {}
}

/// What import does with the document's base path. Source: API Gateway guide, "Set the OpenAPI basePath property".
public enum BasepathMode: String, Sendable, CaseIterable {
    /// Leaves it out.
    case ignore
    /// Puts its segments before all paths.
    case prepend
    /// Drops its first segment and puts the rest before all paths.
    case split
}

/// Result of an import: a description even when there are errors, as far as it could be read.
public struct ImportResult: Sendable {
    /// What was read; `nil` if the text is no OpenAPI document at all.
    public var description: APIDescription?
    /// Everything there is to say, in the order of the files and places.
    public var diagnostics: [Diagnostic]
    /// All files that were read.
    public var sources: SourceSet
    /// Paths of the files that a watcher must follow (spec, overlay, referenced files), existing or not.
    public var dependencies: [String]
    /// The examples of the document, if they were asked for.
    public var examples: [SchemaExample]

    /// Makes a result.
    public init(
        description: APIDescription?, diagnostics: [Diagnostic], sources: SourceSet, dependencies: [String],
        examples: [SchemaExample] = []
    ) {
        self.description = description
        self.diagnostics = diagnostics
        self.sources = sources
        self.dependencies = dependencies
        self.examples = examples
    }
}

/// Reads files for the importer; tests give one that reads from memory.
public protocol FileLoader: Sendable {
    /// The bytes at `path`. Throws ``FileLoadingError`` if they cannot be read.
    func load(_ path: String) throws(FileLoadingError) -> [UInt8]
}

/// A file could not be read.
public struct FileLoadingError: Error, Sendable {
    /// Path.
    public var path: String
    /// The system's reason, such as `No such file or directory`.
    public var reason: String

    /// Makes an error.
    public init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }
}

/// Reads a spec file into an ``APIDescription``.
public enum Importer {
    /// Reads the file at `path` with everything that it refers to.
    ///
    /// Never throws for a mistake of the file: there is a description as far as the text allows, and diagnostics.
    public static func importDocument(
        path: String, loader: any FileLoader, options: ImportOptions = ImportOptions()
    ) -> ImportResult {
        let context = ImporterContext(path: path, loader: loader, options: options)
        let description = describe(context)
        return ImportResult(
            description: description, diagnostics: sorted(context.reader.diagnostics),
            sources: context.references.sources, dependencies: context.references.dependencies,
            examples: context.examples.examples)
    }

    private static func describe(_ context: ImporterContext) -> APIDescription? {
        guard let tree = context.references.load(context.path, isMain: true) else { return nil }
        guard tree.mapping != nil else {
            context.reader.report(
                ImportDiagnostics.notADocument,
                "an OpenAPI document is an object, not \(NodeReader.describe(tree))", at: tree.span,
                notes: [.init("API Gateway answers: Invalid OpenAPI input.")])
            return nil
        }
        context.resolveIntrinsics(tree)
        guard context.readVersion() else { return nil }
        context.readProtocol()
        return context.readDescription()
    }

    /// In the order of files and places; at one place in the order of reading.
    private static func sorted(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
        diagnostics.enumerated().sorted { left, right in
            let (a, b) = (left.element.span, right.element.span)
            if a.file != b.file { return a.file < b.file }
            if a.offset != b.offset { return a.offset < b.offset }
            return left.offset < right.offset
        }.map(\.element)
    }
}
