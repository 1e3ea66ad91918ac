internal import PorticoIR
internal import PorticoSyntax

// Parameters, bodies and answers of operations.
extension ClientModelBuilder {
    /// Headers that the client or its transport writes. Source: OpenAPI 3.0, "Parameter Object" (`Accept`,
    /// `Content-Type` and `Authorization` are ignored there), and RFC 9110, section 7.6.1.
    private static let managedHeaders: Set<String> = [
        "accept", "accept-encoding", "connection", "content-length", "content-type", "expect", "host", "te", "trailer",
        "transfer-encoding", "upgrade", "user-agent",
    ]

    /// The parameters of a method: required ones first, each group in the order of the document.
    mutating func parameters(
        _ resource: Resource, _ method: Method, _ security: OperationSecurity, operation: String
    ) -> [Parameter] {
        var parameters: [Parameter] = []
        for declared in method.requestParameters where !isManaged(declared, security) {
            parameters.append(parameter(declared, operation: operation))
        }
        // A greedy parameter need not be declared.
        for segment in resource.path.value.split(separator: "/") where segment.hasPrefix("{") && segment.hasSuffix("+}")
        {
            let name = String(segment.dropFirst().dropLast(2))
            guard !parameters.contains(where: { $0.location == .path && $0.wireName == name }) else { continue }
            parameters.append(
                Parameter(
                    wireName: name, location: .path, type: .string, isRequired: true,
                    documentation: "The rest of the path, with its slashes.", listStyle: .joined(",")))
        }
        return parameters.filter(\.isRequired) + parameters.filter { !$0.isRequired }
    }

    private func isManaged(_ parameter: RequestParameter, _ security: OperationSecurity) -> Bool {
        let name = parameter.name.value.lowercased()
        switch (parameter.location, security.identity) {
        case (.header, .token(let header)) where header.lowercased() == name: return true
        case (.header, .sigV4) where name == "authorization" || name == "x-amz-date" || name == "x-amz-security-token":
            return true
        case (.header, .bearer) where name == "authorization", (.header, .basic) where name == "authorization":
            return true
        case (.header, .key(let key, inQuery: false)) where key.lowercased() == name: return true
        case (.querystring, .key(let key, inQuery: true)) where key == parameter.name.value: return true
        default: break
        }
        guard parameter.location == .header else { return false }
        return Self.managedHeaders.contains(name) || (name == "x-api-key" && security.needsAPIKey)
    }

    private mutating func parameter(_ declared: RequestParameter, operation: String) -> Parameter {
        let location: Parameter.Location =
            switch declared.location {
            case .path: .path
            case .querystring: .query
            case .header: .header
            }
        let schema = declared.schema ?? .object([JSONMember("type", .string("string"))])
        let place = types.place(
            named: NameWords(operation).pascal + NameWords(declared.name.value).pascal, at: declared.name.span)
        var type = types.type(of: schema, at: place).withoutNull
        if !isPlain(type) {
            if type != .json {
                report(
                    SDKDiagnostics.parameterUnsupported,
                    "parameter '\(declared.name.value)' of '\(operation)' is no scalar and no list of scalars; "
                        + "clients take its text", at: declared.name.span)
            }
            type = .string
        }
        let facts = SchemaFacts(schema)
        var documentation = declared.description
        if documentation == nil || facts.schema["description"] == nil {
            documentation = [declared.description, facts.documentation].compactMap { $0 }.joined(separator: "\n\n")
            if documentation?.isEmpty == true { documentation = nil }
        }
        return Parameter(
            wireName: declared.name.value, location: location, type: type,
            isRequired: declared.isRequired || location == .path, documentation: documentation,
            isDeprecated: declared.isDeprecated, listStyle: Self.listStyle(declared, location))
    }

    /// Whether a value can be written as text: a scalar, an enumeration, or a list of those.
    private func isPlain(_ type: TypeReference) -> Bool {
        if case .list(let element) = type { return isScalar(element.withoutNull) }
        return isScalar(type)
    }

    private func isScalar(_ type: TypeReference) -> Bool {
        switch type {
        case .json, .list, .map, .nullable: false
        case .model(let index): types.isEnumeration(index)
        default: true
        }
    }

    /// Source: OpenAPI 3.0, "Style Values".
    private static func listStyle(_ parameter: RequestParameter, _ location: Parameter.Location) -> Parameter.ListStyle
    {
        guard location == .query else { return .joined(",") }
        switch (parameter.style ?? "form", parameter.explode) {
        case ("spaceDelimited", false?), ("spaceDelimited", nil): return .joined(" ")
        case ("pipeDelimited", false?), ("pipeDelimited", nil): return .joined("|")
        case ("tabDelimited", _): return .joined("\t")
        case (_, false?): return .joined(",")
        default: return .repeated
        }
    }

    // MARK: Bodies

    /// The body: JSON before text before bytes. A verb that has one without saying which takes any JSON.
    mutating func requestBody(_ method: Method, operation: String) -> RequestBody? {
        guard let model = BodyKind.preferred(method.requestModels) else {
            // Proxy integrations often leave the body undeclared.
            guard [.post, .put, .patch, .any].contains(method.verb.value) else { return nil }
            return RequestBody(kind: .json(.json), mediaType: "application/json", isRequired: false)
        }
        let place = types.place(named: NameWords(operation).pascal + "Request", at: method.verb.span)
        let kind: RequestBody.Kind =
            switch BodyKind(model.mediaType) {
            case .json: .json(types.type(of: model, at: place))
            case .text: .text
            case .binary: .binary
            }
        let mediaType = model.mediaType.contains("*") ? BodyKind(model.mediaType).mediaType : model.mediaType
        return RequestBody(kind: kind, mediaType: mediaType, isRequired: method.isRequestBodyRequired)
    }

    /// What success gives: the body of the 2xx statuses, of `default` if there is none of them.
    mutating func output(_ method: Method, operation: String) -> Output {
        var successes = method.responses.filter { $0.statusCode.value.hasPrefix("2") }
        if successes.isEmpty { successes = method.responses.filter { $0.statusCode.value == "default" } }
        // Nothing is known: whatever JSON comes.
        guard !successes.isEmpty else { return method.verb.value == .head ? .none : .json(.json) }
        if method.verb.value == .head { return .none }
        var kinds: [BodyKind] = []
        var bodies: [TypeReference] = []
        var isMissing = false
        for response in successes {
            guard let model = BodyKind.preferred(response.models) else {
                isMissing = true
                continue
            }
            let kind = BodyKind(model.mediaType)
            if !kinds.contains(kind) { kinds.append(kind) }
            guard kind == .json else { continue }
            let suffix = successes.count > 1 ? response.statusCode.value : ""
            let place = types.place(
                named: NameWords(operation).pascal + "Response" + suffix, at: response.statusCode.span)
            let type = types.type(of: model, at: place)
            if !bodies.contains(type) { bodies.append(type) }
        }
        switch kinds {
        case []: return .none
        case [.text]: return .text
        case [.binary]: return .binary
        case [.json]:
            var type = bodies.first ?? .json
            if bodies.count > 1 {
                type = types.union(
                    of: bodies, named: NameWords(operation).pascal + "Response", at: method.verb.span)
            }
            return .json(isMissing ? TypeResolver.nullable(type) : type)
        default: return .binary
        }
    }
}

/// How a media type travels.
enum BodyKind: Sendable, Hashable {
    case json
    case text
    case binary

    /// Media type for one that is a pattern.
    var mediaType: String {
        switch self {
        case .json: "application/json"
        case .text: "text/plain"
        case .binary: "application/octet-stream"
        }
    }

    init(_ mediaType: String) {
        let type = mediaType.lowercased()
        if Self.isJSON(type) || type == "*/*" {
            self = .json
        } else if type.hasPrefix("text/") || Self.textTypes.contains(type) || type.hasSuffix("+xml") {
            self = .text
        } else {
            self = .binary
        }
    }

    private static let textTypes: Set<String> = [
        "application/xml", "application/x-www-form-urlencoded", "application/javascript", "application/graphql",
        "application/yaml", "application/x-ndjson",
    ]

    /// `application/json` and `+json`.
    static func isJSON(_ mediaType: String) -> Bool {
        let type = mediaType.lowercased()
        return type == "application/json" || type.hasSuffix("+json")
    }

    /// The model that clients use: `application/json`, other JSON, text, bytes.
    static func preferred(_ models: [ModelReference]) -> ModelReference? {
        models.first { $0.mediaType.lowercased() == "application/json" }
            ?? models.first { BodyKind($0.mediaType) == .json } ?? models.first { BodyKind($0.mediaType) == .text }
            ?? models.first
    }
}
