// Hot: once per fault. Allocates: nothing.

/// The body of a gateway response: text with variables, not a mapping template.
///
/// Replaced are `$context.X`, `$stageVariables.X` and `$method.request.{header|path|querystring}.N`, each also in braces
/// (`${context.X}`); what is absent leaves nothing. Everything else stays, directives of mapping templates too.
/// *Source:* API Gateway guide, "Gateway responses": simple variable substitution, no other logic.
/// *Unconfirmed:* the form with braces.
public struct SubstitutionTemplate: Sendable, Hashable {
    /// A piece of the text.
    public enum Segment: Sendable, Hashable {
        /// Text as it is.
        case literal([UInt8])
        /// A context variable by its slot in the symbol table.
        case context(Int)
        /// A stage variable by its slot in the symbol table.
        case stageVariable(Int)
        /// A request header.
        case header([UInt8])
        /// A path parameter.
        case path([UInt8])
        /// A query parameter.
        case queryString([UInt8])
    }

    /// The pieces in order.
    public let segments: [Segment]

    /// The context slots that it reads, each once, in order.
    public var contextSlots: [Int] {
        Set(segments.compactMap { if case .context(let slot) = $0 { slot } else { nil } }).sorted()
    }

    /// The stage variable slots that it reads, each once, in order.
    public var stageVariableSlots: [Int] {
        Set(segments.compactMap { if case .stageVariable(let slot) = $0 { slot } else { nil } }).sorted()
    }

    /// Whether it is the same for every request.
    public var isConstant: Bool {
        segments.allSatisfy { if case .literal = $0 { true } else { false } }
    }

    init(segments: [Segment]) { self.segments = segments }

    /// Appends the text with the values of the request. Names of parameters compare case-sensitively, and of several
    /// values the last one counts, as in parameter mapping.
    public func render(_ input: TemplateInput, into output: OutputBuffer) {
        for segment in segments {
            switch segment {
            case .literal(let bytes): output.append(bytes)
            case .context(let slot): if slot < input.context.count { output.append(input.context[slot]) }
            case .stageVariable(let slot):
                if slot < input.stageVariables.count { output.append(input.stageVariables[slot]) }
            case .header(let name): Self.append(name, input.headers, output)
            case .path(let name): Self.append(name, input.pathParameters, output)
            case .queryString(let name): Self.append(name, input.queryParameters, output)
            }
        }
    }

    private static func append(_ name: [UInt8], _ parameters: UnsafeBufferPointer<NamedBytes>, _ output: OutputBuffer) {
        name.withUnsafeBytes { wanted in
            for parameter in parameters.reversed() where bytesEqual(parameter.name, wanted) {
                output.append(parameter.value)
                return
            }
        }
    }
}

extension SubstitutionTemplate {
    /// Something to say about a template, which works all the same.
    public struct Remark: Sendable, Hashable {
        /// What it is about.
        public enum Kind: Sendable, Hashable {
            /// A variable that does not exist; it leaves nothing.
            case unknownVariable
            /// A directive or function of mapping templates, which is printed as it stands.
            case notSubstituted
        }

        /// What it is about.
        public var kind: Kind
        /// One line, lower case, no full stop.
        public var message: String
        /// The bytes of the template that it speaks of.
        public var range: Range<Int>
    }

    /// Compiles a template. Every text is one; the remarks tell what its author may not have meant.
    public static func compile(
        _ text: String, symbols: SymbolTable
    ) -> (template: SubstitutionTemplate, remarks: [Remark]) {
        var compiler = SubstitutionCompiler(Array(text.utf8), symbols)
        return compiler.compile()
    }

    /// Writes the flat form.
    public func encode(into writer: inout ByteWriter) {
        writer.write(segments) { writer, segment in
            switch segment {
            case .literal(let bytes):
                writer.write(UInt8(0))
                writer.write(bytes)
            case .context(let slot):
                writer.write(UInt8(1))
                writer.write(count: slot)
            case .stageVariable(let slot):
                writer.write(UInt8(2))
                writer.write(count: slot)
            case .header(let name):
                writer.write(UInt8(3))
                writer.write(name)
            case .path(let name):
                writer.write(UInt8(4))
                writer.write(name)
            case .queryString(let name):
                writer.write(UInt8(5))
                writer.write(name)
            }
        }
    }

    /// Reads the flat form; slots must lie in the symbol table.
    public init(from reader: inout ByteReader, symbols: SymbolTable) throws(ProgramDecodingError) {
        segments = try reader.readArray { reader throws(ProgramDecodingError) in
            let offset = reader.offset
            switch try reader.read(UInt8.self) {
            case 0: return .literal(try reader.readBytes())
            case 1: return .context(try Self.slot(&reader, symbols.contextVariables.count))
            case 2: return .stageVariable(try Self.slot(&reader, symbols.stageVariables.count))
            case 3: return .header(try reader.readBytes())
            case 4: return .path(try reader.readBytes())
            case 5: return .queryString(try reader.readBytes())
            default: throw ProgramDecodingError("no segment of a substitution template", at: offset)
            }
        }
    }

    private static func slot(_ reader: inout ByteReader, _ limit: Int) throws(ProgramDecodingError) -> Int {
        let offset = reader.offset
        let slot = Int(try reader.read(UInt32.self))
        guard slot < limit else { throw ProgramDecodingError("slot beyond the symbol table", at: offset) }
        return slot
    }
}
