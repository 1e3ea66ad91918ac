/// Which mapping an expression or a destination belongs to.
public enum MappingSide: UInt8, Sendable, Hashable {
    /// Method request to integration request.
    case request
    /// Integration response to method response.
    case response
    /// `responseParameters` of a gateway response.
    case gatewayResponse
}

/// Where a mapped parameter takes its value from.
/// *Source:* API Gateway guide, "API Gateway mapping template and parameter mapping reference".
public enum MappingExpression: Sendable, Hashable {
    /// `method.request.path.N`: the raw value.
    case path(String)
    /// `method.request.querystring.N`: the last of several values.
    case queryString(String)
    /// `method.request.multivaluequerystring.N`: all values.
    case multiValueQueryString(String)
    /// `method.request.header.N`: the last of several values.
    case header(String)
    /// `method.request.multivalueheader.N`: all values.
    case multiValueHeader(String)
    /// `method.request.body`
    case body
    /// `method.request.body.JSONPATH`
    case bodyPath(JSONPath)
    /// `integration.response.header.N`
    case integrationHeader(String)
    /// `integration.response.multivalueheader.N`
    case integrationMultiValueHeader(String)
    /// `integration.response.body`
    case integrationBody
    /// `integration.response.body.JSONPATH`
    case integrationBodyPath(JSONPath)
    /// `context.X`: a variable by its dotted name.
    case context(String)
    /// `stageVariables.X`
    case stageVariable(String)
    /// `'text'`
    case literal(String)

    /// Reads an expression.
    public static func parse(_ text: String, side: MappingSide) -> Result<MappingExpression, MappingProblem> {
        do throws(MappingProblem) {
            return .success(try MappingReader(text).expression(side))
        } catch {
            return .failure(error)
        }
    }

    /// Whether it reads the body of the request or of the backend's answer.
    public var readsBody: Bool {
        switch self {
        case .body, .bodyPath, .integrationBody, .integrationBodyPath: true
        default: false
        }
    }

    /// The JSONPath that it applies to the body.
    public var jsonPath: JSONPath? {
        switch self {
        case .bodyPath(let path), .integrationBodyPath(let path): path
        default: nil
        }
    }
}

/// Why a text is no mapping expression, destination or template.
public struct MappingProblem: Error, Sendable, Hashable {
    /// One line, lower case, no full stop.
    public var message: String
    /// The bytes of the text that it speaks of.
    public var range: Range<Int>
    /// How to mend it.
    public var hint: String?

    /// Makes a problem.
    public init(_ message: String, _ range: Range<Int>, hint: String? = nil) {
        self.message = message
        self.range = range
        self.hint = hint
    }
}

extension MappingExpression: CustomStringConvertible {
    /// The expression as it is written in a spec file.
    public var description: String {
        switch self {
        case .path(let name): "method.request.path.\(name)"
        case .queryString(let name): "method.request.querystring.\(name)"
        case .multiValueQueryString(let name): "method.request.multivaluequerystring.\(name)"
        case .header(let name): "method.request.header.\(name)"
        case .multiValueHeader(let name): "method.request.multivalueheader.\(name)"
        case .body: "method.request.body"
        case .bodyPath(let path): "method.request.body.\(Self.withoutRoot(path))"
        case .integrationHeader(let name): "integration.response.header.\(name)"
        case .integrationMultiValueHeader(let name): "integration.response.multivalueheader.\(name)"
        case .integrationBody: "integration.response.body"
        case .integrationBodyPath(let path): "integration.response.body.\(Self.withoutRoot(path))"
        case .context(let name): "context.\(name)"
        case .stageVariable(let name): "stageVariables.\(name)"
        case .literal(let text): "'\(text)'"
        }
    }

    /// The path without the `$.` in front. By code points: with a combining mark behind it, the dot would be another
    /// `Character`.
    private static func withoutRoot(_ path: JSONPath) -> String { String(path.text.unicodeScalars.dropFirst(2)) }

    /// The side on which the expression may stand, for reading it back; those that may stand on each count as requests.
    private var side: MappingSide {
        switch self {
        case .integrationHeader, .integrationMultiValueHeader, .integrationBody, .integrationBodyPath: .response
        default: .request
        }
    }

    /// Writes the flat form: the text.
    public func encode(into writer: inout ByteWriter) {
        writer.write(side.rawValue)
        writer.write(description)
    }

    /// Reads the flat form, checking it as if it came from a spec file.
    public init(from reader: inout ByteReader) throws(ProgramDecodingError) {
        let offset = reader.offset
        guard let side = MappingSide(rawValue: try reader.read(UInt8.self)) else {
            throw ProgramDecodingError("no side of a mapping", at: offset)
        }
        switch MappingExpression.parse(try reader.readString(), side: side) {
        case .success(let expression): self = expression
        case .failure(let problem): throw ProgramDecodingError(problem.message, at: offset)
        }
    }
}
