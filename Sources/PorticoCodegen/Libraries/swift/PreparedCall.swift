import Foundation

extension PorticoSDK {
    /// What an operation's method gathers: everything of a request that does not depend on the client.
    struct PreparedCall: Sendable {
        /// Who must be calling.
        enum Identity: Sendable {
            case none, sigV4, bearer, basic
            case token(header: String)
            case key(name: String, inQuery: Bool)
        }

        let method: HTTPMethod
        var path = ""
        private(set) var query: [String] = []
        private(set) var headers: HTTPHeaders = [:]
        var body: BinaryBody?
        private(set) var contentType: String?
        var identity = Identity.none
        var needsAPIKey = false
        private(set) var errors: [Int: any DeclaredError.Type] = [:]
        var defaultError: (any DeclaredError.Type)?
        /// The first argument that cannot be sent. It is thrown when the call is made, so that gathering cannot fail.
        private(set) var problem: InvalidArgumentError?

        init(_ method: HTTPMethod) {
            self.method = method
            if !method.isValid { problem = InvalidArgumentError("method", "'\(method)' is no HTTP method") }
        }

        /// Adds fixed text of the path, encoded already.
        mutating func literal(_ text: String) { path += text }

        /// Adds the value of a path parameter as one segment.
        mutating func segment<Value>(_ name: String, _ value: Value, _ codec: Codec<Value>) {
            guard let text = joined(name, codec.encode(value), by: ",") else { return }
            if text.isEmpty { fail(name, "is empty; the path needs a value") }
            // Dots alone are read as steps between folders by everything on the way, encoded or not.
            if text == "." || text == ".." { fail(name, "'\(text)' cannot be sent as a segment of a path") }
            path += percentEncoded(text)
        }

        /// Adds the value of a greedy path parameter, whose slashes stay.
        mutating func greedy<Value>(_ name: String, _ value: Value, _ codec: Codec<Value>) {
            guard let text = joined(name, codec.encode(value), by: ",") else { return }
            if text.isEmpty { fail(name, "is empty; the path needs a value") }
            if text.split(separator: "/").contains(where: { $0 == "." || $0 == ".." }) {
                fail(name, "'.' and '..' cannot be sent as segments of a path")
            }
            path += percentEncoded(text, keeping: "/")
        }

        /// Adds a query parameter; a list once for each element.
        mutating func query<Value>(_ name: String, _ value: Value?, _ codec: Codec<Value>) {
            guard let value else { return }
            let json = codec.encode(value)
            guard case .array(let elements) = json else { return addQuery(name, json) }
            for element in elements { addQuery(name, element) }
        }

        /// Adds a list as one query parameter. An empty one is left out, as it is where elements stand by themselves.
        mutating func query<Value>(
            _ name: String, _ value: Value?, _ codec: Codec<Value>, joinedBy separator: String
        ) {
            guard let json = value.map(codec.encode), json != .array([]) else { return }
            if let text = joined(name, json, by: separator) { addQuery(name, .string(text)) }
        }

        /// Adds a header; a list as one, unless it is empty.
        mutating func header<Value>(
            _ name: String, _ value: Value?, _ codec: Codec<Value>, joinedBy separator: String = ","
        ) {
            guard let json = value.map(codec.encode), json != .array([]) else { return }
            if let text = joined(name, json, by: separator) { headers[name] = text }
        }

        /// Adds a query parameter that is no argument of the operation.
        mutating func addQuery(_ name: String, _ value: JSON) {
            guard let text = text(name, value) else { return }
            query.append("\(percentEncoded(name))=\(percentEncoded(text))")
        }

        /// Sets a JSON body.
        mutating func json<Value>(_ value: Value?, _ codec: Codec<Value>, mediaType: String) {
            guard let value else { return }
            do {
                body = BinaryBody(Data(try codec.encode(value).serialized()))
            } catch {
                fail("body", error.description)
            }
            contentType = mediaType
        }

        /// Sets a text body.
        mutating func text(_ value: String?, mediaType: String) {
            guard let value else { return }
            body = BinaryBody(Data(value.utf8))
            contentType = mediaType
        }

        /// Sets a body of bytes.
        mutating func binary(_ value: BinaryBody?, mediaType: String) {
            guard let value else { return }
            body = value
            contentType = mediaType
        }

        /// Declares the error type of a status.
        mutating func error(_ status: Int, _ type: any DeclaredError.Type) { errors[status] = type }

        private mutating func fail(_ name: String, _ reason: String) {
            if problem == nil { problem = InvalidArgumentError(name, reason) }
        }

        private mutating func joined(_ name: String, _ json: JSON, by separator: String) -> String? {
            guard case .array(let elements) = json else { return text(name, json) }
            return elements.compactMap { text(name, $0) }.joined(separator: separator)
        }

        /// A scalar as text, written as in JSON but without quotes.
        private mutating func text(_ name: String, _ json: JSON) -> String? {
            switch json {
            case .string(let text): return text
            case .number(let number) where !number.isFinite:
                fail(name, "the value cannot be written")
                return nil
            default: return json.description
            }
        }
    }
}
