/// Where a mapped parameter goes.
public enum MappingDestination: Sendable, Hashable {
    /// `integration.request.header.N`
    case integrationHeader(String)
    /// `integration.request.querystring.N`
    case integrationQueryString(String)
    /// `integration.request.path.N`: fills `{N}` of the URI.
    case integrationPath(String)
    /// `method.response.header.N`
    case methodResponseHeader(String)
    /// `gatewayresponse.header.N`
    case gatewayResponseHeader(String)
    /// `gatewayresponse.path.N`: accepted by AWS, without effect on an answer.
    case gatewayResponsePath(String)
    /// `gatewayresponse.querystring.N`: accepted by AWS, without effect on an answer.
    case gatewayResponseQueryString(String)

    /// Reads a destination of that side.
    public static func parse(_ text: String, side: MappingSide) -> Result<MappingDestination, MappingProblem> {
        do throws(MappingProblem) {
            return .success(try MappingReader(text).destination(side))
        } catch {
            return .failure(error)
        }
    }

    /// The side to which it belongs.
    public var side: MappingSide {
        switch self {
        case .integrationHeader, .integrationQueryString, .integrationPath: .request
        case .methodResponseHeader: .response
        case .gatewayResponseHeader, .gatewayResponsePath, .gatewayResponseQueryString: .gatewayResponse
        }
    }

    /// The name of the header, query parameter or placeholder.
    public var name: String {
        switch self {
        case .integrationHeader(let name), .integrationQueryString(let name), .integrationPath(let name),
            .methodResponseHeader(let name), .gatewayResponseHeader(let name), .gatewayResponsePath(let name),
            .gatewayResponseQueryString(let name):
            name
        }
    }

    /// Whether AWS takes it and does nothing with it.
    public var isWithoutEffect: Bool {
        switch self {
        case .gatewayResponsePath, .gatewayResponseQueryString: true
        default: false
        }
    }
}

extension MappingDestination: CustomStringConvertible {
    /// The destination as it is written in a spec file.
    public var description: String {
        switch self {
        case .integrationHeader(let name): "integration.request.header.\(name)"
        case .integrationQueryString(let name): "integration.request.querystring.\(name)"
        case .integrationPath(let name): "integration.request.path.\(name)"
        case .methodResponseHeader(let name): "method.response.header.\(name)"
        case .gatewayResponseHeader(let name): "gatewayresponse.header.\(name)"
        case .gatewayResponsePath(let name): "gatewayresponse.path.\(name)"
        case .gatewayResponseQueryString(let name): "gatewayresponse.querystring.\(name)"
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
        switch MappingDestination.parse(try reader.readString(), side: side) {
        case .success(let destination): self = destination
        case .failure(let problem): throw ProgramDecodingError(problem.message, at: offset)
        }
    }
}
