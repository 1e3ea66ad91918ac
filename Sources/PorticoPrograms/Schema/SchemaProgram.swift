public import PorticoSyntax

/// Something that the compiler has to say about a schema.
public struct SchemaProblem: Error, Sendable, Hashable {
    /// One line, lower case, no full stop.
    public var message: String
    /// Where in the schema, as a JSON pointer; in another model it begins with that model's name and `#`.
    public var pointer: String
    /// Whether there is no program because of it.
    public var isFatal: Bool

    /// Makes a problem.
    public init(_ message: String, at pointer: String, isFatal: Bool) {
        self.message = message
        self.pointer = pointer
        self.isFatal = isFatal
    }
}

/// A compiled model: JSON Schema draft 4 as flat tables, run by ``SchemaValidator`` over a ``JSONTape``.
///
/// Where the draft leaves room, it does as the json-schema-validator library for Java does, which API Gateway's messages
/// come from: `integer` wants a number without fraction and exponent, so 1.0 is none; numbers are compared exactly and
/// by value, so 1 equals 1.0 in `enum` and `uniqueItems`; `pattern` searches; what stands beside a `$ref` is ignored.
/// `format` is not checked.
///
/// *Source:* API Gateway guide, "Models and mapping templates": models are JSON Schema draft 4; json-schema-validator
/// 2.2, `InstanceValidator` and `validation.properties`.
public struct SchemaProgram: Sendable, Hashable {
    let parts: SchemaParts
    private let memory: SchemaMemory

    /// `parts` must have passed ``SchemaVerifier``.
    init(verified parts: SchemaParts) {
        self.parts = parts
        memory = SchemaMemory(parts)
    }

    /// Valid as long as the program lives.
    var tables: UnsafePointer<SchemaTables> { memory.tables }

    /// Compiles a schema; `library` holds the other models of the API by name, `documents` what other addresses lead to,
    /// beside the meta-schema of draft 4, which is known. Without a fatal problem there is a program.
    public static func compile(
        _ schema: JSONValue, library: [String: JSONValue], documents: [String: JSONValue] = [:]
    ) -> (program: SchemaProgram?, problems: [SchemaProblem]) {
        var compiler = SchemaCompiler(SchemaDocuments(schema, models: library, remotes: documents))
        guard let parts = compiler.compile() else { return (nil, compiler.problems) }
        return (SchemaProgram(verified: parts), compiler.problems)
    }

    /// Writes the flat form.
    public func encode(into writer: inout ByteWriter) { parts.encode(into: &writer) }

    /// Reads the flat form and checks all of it.
    public init(decoding reader: inout ByteReader) throws(ProgramDecodingError) {
        let start = reader.offset
        let parts = try SchemaParts(decoding: &reader)
        if let reason = SchemaVerifier(parts).failure() {
            throw ProgramDecodingError("schema program: \(reason)", at: start)
        }
        self.init(verified: parts)
    }

    /// Programs are the same when their tables are.
    public static func == (left: SchemaProgram, right: SchemaProgram) -> Bool { left.parts == right.parts }

    /// Hashes the tables.
    public func hash(into hasher: inout Hasher) { hasher.combine(parts) }
}
