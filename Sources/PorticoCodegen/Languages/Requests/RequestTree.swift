internal import PorticoSyntax

/// Requests of an API with sample values, for tools that send them as they are: each language of `Requests` prints it.
struct RequestTree {
    /// A value that a request takes.
    struct Argument {
        var wireName: String
        var location: Parameter.Location
        /// Sample: one text, or those of a list's elements.
        var texts: [String]
        var style: Parameter.ListStyle
        var isRequired: Bool
        var documentation: String?

        /// The sample as one text. Elements that are written one by one stand behind each other.
        var text: String {
            if case .joined(let separator) = style { return texts.joined(separator: separator) }
            return texts.joined(separator: ",")
        }

        /// The sample as pairs of a query, not encoded.
        var pairs: [(name: String, value: String)] {
            if case .repeated = style { return texts.map { (wireName, $0) } }
            return [(wireName, text)]
        }
    }

    /// A piece of a path.
    enum Piece {
        /// Text with its slashes, encoded.
        case literal(String)
        /// Index into ``Request/arguments``, and whether slashes of the value stay.
        case argument(Int, isGreedy: Bool)
    }

    /// A body.
    enum Body {
        case json(JSONValue)
        case text(String)
        case binary
    }

    /// A request.
    struct Request {
        var operation: Operation
        /// Path, query and header parameters; required ones first.
        var arguments: [Argument]
        var path: [Piece]
        var body: Body?
        var mediaType: String?
        /// What a good answer looks like, if it is JSON.
        var answer: JSONValue?

        /// The method that is sent; for `ANY` one that changes nothing.
        var method: String { operation.verb == "ANY" ? "GET" : operation.verb }
        /// Indices of arguments in the path, the query or the headers.
        func arguments(in location: Parameter.Location, isRequired: Bool? = nil) -> [Argument] {
            arguments.filter { $0.location == location && (isRequired ?? $0.isRequired) == $0.isRequired }
        }
    }

    /// What all of them are called by: file names are made of it.
    var name: String
    var title: String
    var version: String
    var documentation: String?
    var baseURL: String
    /// In the order of the document.
    var requests: [Request]

    init(_ model: ClientModel, _ options: SDKOptions) {
        name = NameWords(options.packageName, fallback: "api").kebab
        title = Self.line(model.title)
        version = Self.line(model.version)
        documentation = model.documentation
        baseURL = model.defaultBaseURL
        let samples = SampleValues(model)
        requests = model.operations.map { Self.request($0, samples) }
    }

    /// Whether some request needs something.
    func needs(_ condition: (OperationSecurity) -> Bool) -> Bool {
        requests.contains { condition($0.operation.security) }
    }

    /// Text on one line.
    static func line(_ text: String) -> String {
        DocumentationText.lines(text, width: .max).joined(separator: " ")
    }

    private static func request(_ operation: Operation, _ samples: SampleValues) -> Request {
        let arguments = operation.parameters.map { parameter in
            Argument(
                wireName: parameter.wireName, location: parameter.location,
                texts: texts(samples.value(of: parameter.type, name: parameter.wireName)), style: parameter.listStyle,
                isRequired: parameter.isRequired, documentation: parameter.documentation)
        }
        var body: Body?
        switch operation.body?.kind {
        // What a body could be is not known where an operation only may have one, and some methods have none.
        case .json(.json) where operation.body?.isRequired == false: break
        case .some where operation.body?.isRequired == false && operation.verb == "ANY": break
        case .json(let type): body = .json(samples.value(of: type, name: "body"))
        case .text: body = .text("text")
        case .binary: body = .binary
        case nil: break
        }
        var answer: JSONValue?
        if case .json(let type) = operation.output, type != .json { answer = samples.value(of: type) }
        return Request(
            operation: operation, arguments: arguments, path: pieces(operation), body: body,
            mediaType: body == nil ? nil : operation.body?.mediaType, answer: answer)
    }

    private static func pieces(_ operation: Operation) -> [Piece] {
        var pieces: [Piece] = []
        var fixed = ""
        for segment in operation.path {
            fixed += "/"
            switch segment {
            case .literal(let text): fixed += text
            case .parameter(let index, _):
                pieces += [.literal(fixed), .argument(index, isGreedy: false)]
                fixed = ""
            case .greedy(let index, _):
                pieces += [.literal(fixed), .argument(index, isGreedy: true)]
                fixed = ""
            }
        }
        if operation.path.isEmpty { fixed = "/" }
        return fixed.isEmpty ? pieces : pieces + [.literal(fixed)]
    }

    private static func texts(_ value: JSONValue) -> [String] {
        switch value {
        case .array(let elements): elements.flatMap(texts)
        case .string(let text): [text]
        case .number(let text): [text]
        case .boolean(let flag): [flag ? "true" : "false"]
        case .null: [""]
        case .object: [JSONWriter.compact(value)]
        }
    }
}

/// Percent-encoding of sample values.
enum PercentEncoding {
    /// Everything but unreserved characters. Source: RFC 3986, section 2.3.
    static func encode(_ text: String, keeping kept: String = "") -> String {
        let unreserved = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
            .union(kept.utf8)
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if unreserved.contains(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
