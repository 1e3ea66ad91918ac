// Hot: once per message. Allocates: nothing once the output has grown.

/// A selection expression of a WebSocket API, compiled: text in which `$variable` and `${variable}` stand for values.
///
/// Evaluated once, so that a value that looks like an expression stays text. What is missing leaves nothing, objects and
/// lists become their JSON. `\$` is a dollar sign; a dollar sign before a word that is no variable is one, too, which is
/// what makes `$default` the text of it.
/// *Source:* API Gateway guide, "WebSocket selection expressions".
public struct SelectionProgram: Sendable {
    /// A value that a text asks for.
    public enum Variable: Sendable, Hashable {
        /// `request.body`: the message as it is.
        case requestBody
        /// `request.body.JSONPATH`
        case requestBodyPath(JSONPath)
        /// `request.header.N`, there when a client connects.
        case requestHeader(String)
        /// `request.querystring.N`, there when a client connects.
        case requestQuery(String)
        /// `integration.response.statuscode`
        case responseStatus
        /// `integration.response.header.N`
        case responseHeader(String)
        /// `integration.response.multivalueheader.N`
        case responseHeaderAll(String)
        /// `integration.response.body`
        case responseBody
        /// `integration.response.body.JSONPATH`
        case responseBodyPath(JSONPath)
        /// `context.X`: a slot of the symbol table.
        case context(Int)
        /// `context.authorizer.X`, by the name behind `authorizer.`.
        case authorizer(String)
        /// `stageVariables.X`: a slot of the symbol table.
        case stageVariable(Int)
        /// A `context` or stage variable that nobody has.
        case absent
    }

    /// A piece of the text.
    public enum Segment: Sendable, Hashable {
        /// Text as it is.
        case literal([UInt8])
        /// The text of a value.
        case value(Variable)
    }

    /// The expression as it was written.
    public let text: String
    /// The pieces in order.
    public let segments: [Segment]

    /// Whether it reads the header fields or the query that a client has connected with.
    public var readsRequestHead: Bool {
        segments.contains {
            switch $0 {
            case .value(.requestHeader), .value(.requestQuery): true
            default: false
            }
        }
    }

    init(text: String, segments: [Segment]) {
        self.text = text
        self.segments = segments
    }

    /// Compiles an expression. Every text is one; with problems of severity error it does not do what was meant.
    public static func compile(
        _ text: String, symbols: SymbolTable
    ) -> (program: SelectionProgram, problems: [SelectionProblem]) {
        var compiler = SelectionCompiler(text, symbols)
        return compiler.compile()
    }

    /// The value of an expression that has no variables.
    public var constant: [UInt8]? {
        var whole: [UInt8] = []
        for segment in segments {
            guard case .literal(let bytes) = segment else { return nil }
            whole += bytes
        }
        return whole
    }

    /// Whether it reads the body of the request.
    public var readsRequestBody: Bool {
        segments.contains { segment in
            switch segment {
            case .value(.requestBody), .value(.requestBodyPath): true
            default: false
            }
        }
    }

    /// Appends the value.
    public func evaluate(_ input: some SelectionInput, into output: OutputBuffer) {
        for segment in segments {
            switch segment {
            case .literal(let bytes): output.append(bytes)
            case .value(.requestBodyPath(let path)): Self.append(path, input.requestTape, output)
            case .value(.responseBodyPath(let path)): Self.append(path, input.responseTape, output)
            case .value(let variable): input.appendSelectionValue(variable, into: output)
            }
        }
    }

    private static func append(_ path: JSONPath, _ tape: JSONTape?, _ output: OutputBuffer) {
        guard let tape else { return }
        let start = output.count
        switch path.answer(tape, from: tape.root) {
        case .none:
            return
        case .node(let node) where tape.kind(node) == .null:
            return
        case .node(let node) where tape.kind(node).isString:
            tape.appendString(node, into: output)
        case .list(let nodes) where nodes.isEmpty:
            return
        default:
            if !path.emit(tape, from: tape.root, into: output) { output.truncate(to: start) }
        }
    }

    /// Writes the flat form: the text.
    public func encode(into writer: inout ByteWriter) { writer.write(text) }

    /// Reads the flat form, checking it as if it came from a spec file.
    public init(from reader: inout ByteReader, symbols: SymbolTable) throws(ProgramDecodingError) {
        let offset = reader.offset
        let (program, problems) = Self.compile(try reader.readString(), symbols: symbols)
        if let problem = problems.first(where: \.isError) { throw ProgramDecodingError(problem.message, at: offset) }
        self = program
    }
}

extension SelectionProgram: Hashable {
    /// Equal expressions have equal texts.
    public static func == (left: SelectionProgram, right: SelectionProgram) -> Bool { left.text == right.text }

    /// Hashes the text.
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

/// Where the values of a ``SelectionProgram`` come from.
public protocol SelectionInput {
    /// The message, if it is JSON.
    var requestTape: JSONTape? { get }
    /// The backend's answer, if there is one and it is JSON.
    var responseTape: JSONTape? { get }
    /// Appends the value of a variable other than a path of a body; nothing when it is missing.
    func appendSelectionValue(_ variable: SelectionProgram.Variable, into output: OutputBuffer)
}

/// Something to say about a selection expression.
public struct SelectionProblem: Error, Sendable, Hashable {
    /// One line, lower case, no full stop.
    public var message: String
    /// The bytes of the text that it speaks of.
    public var range: Range<Int>
    /// How to mend it.
    public var hint: String?
    /// Whether the expression cannot be meant as it is; otherwise it works all the same.
    public var isError: Bool
}
