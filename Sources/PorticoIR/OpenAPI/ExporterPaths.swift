internal import PorticoSyntax

// Paths, methods and what is behind them.
extension Exporter {
    /// `paths`. Resources of one path are written as one, since a key stands once in an object.
    static func paths(
        _ resources: [Resource], of kind: APIProtocol, _ security: ExportedSecurity
    ) -> JSONValue {
        var items: [(path: String, methods: [JSONMember])] = []
        var index: [String: Int] = [:]
        for resource in resources {
            let position: Int
            if let known = index[resource.path.value] {
                position = known
            } else {
                position = items.count
                index[resource.path.value] = position
                items.append((resource.path.value, []))
            }
            for method in resource.methods {
                let key = key(of: method.verb.value)
                guard !items[position].methods.contains(where: { $0.name == key }) else { continue }
                items[position].methods.append(
                    JSONMember(key, operation(method, of: kind, isDefault: resource.isDefaultRoute, security)))
            }
        }
        return .object(items.map { JSONMember($0.path, .object($0.methods)) })
    }

    private static func key(of verb: MethodVerb) -> String {
        verb == .any ? "x-amazon-apigateway-any-method" : verb.rawValue.lowercased()
    }

    private static func operation(
        _ method: Method, of kind: APIProtocol, isDefault: Bool, _ security: ExportedSecurity
    ) -> JSONValue {
        var object = ObjectBuilder()
        object.setUnlessEmpty("tags", method.tags.map { .string($0) })
        object.set("summary", method.summary)
        object.set("description", method.description)
        object.set("operationId", method.operationName)
        object.setUnlessEmpty("parameters", method.requestParameters.map(parameter))
        if !method.requestModels.isEmpty {
            var body = ObjectBuilder()
            body.set("content", content(method.requestModels))
            if method.isRequestBodyRequired { body.set("required", .boolean(true)) }
            object.set("requestBody", body.value)
        }
        object.set("responses", .object(method.responses.map(response)))
        if method.deprecated { object.set("deprecated", .boolean(true)) }
        object.setUnlessEmpty("security", security.requirements(of: method))
        object.set("x-amazon-apigateway-request-validator", method.requestValidator?.value)
        object.set("x-amazon-apigateway-integration", method.integration.map { integration($0, of: kind) })
        if kind == .http, isDefault { object.set("isDefaultRoute", .boolean(true)) }
        object.set("x-portico-pagination", method.pagination)
        return object.value
    }

    /// A declared parameter.
    static func parameter(_ parameter: RequestParameter) -> JSONValue {
        var object = ObjectBuilder()
        object.set("name", parameter.name.value)
        object.set("in", parameter.location == .querystring ? "query" : parameter.location.rawValue)
        object.set("description", parameter.description)
        if parameter.isRequired { object.set("required", .boolean(true)) }
        if parameter.isDeprecated { object.set("deprecated", .boolean(true)) }
        object.set("style", parameter.style)
        object.set("explode", parameter.explode.map { .boolean($0) })
        object.set("schema", parameter.schema)
        return object.value
    }

    private static func content(_ models: [ModelReference]) -> JSONValue {
        .object(
            models.map { model in
                var media = ObjectBuilder()
                media.set("schema", schema(of: model))
                return JSONMember(model.mediaType, media.value)
            })
    }

    /// A schema in place, or the reference to a model.
    static func schema(of model: ModelReference) -> JSONValue? {
        guard let name = model.model?.value else { return model.schema }
        return .object([JSONMember("$ref", .string(reference(to: name)))])
    }

    /// A reference to a model; the name is escaped as a JSON pointer in a fragment (RFC 6901, section 6).
    private static func reference(to model: String) -> String {
        var text = "#/components/schemas/"
        for scalar in model.unicodeScalars {
            switch scalar {
            case "~": text += "~0"
            case "/": text += "~1"
            case "%": text += "%25"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    /// Source: reference section 10.2, "Response description" and `content: {}`.
    private static func response(_ response: MethodResponse) -> JSONMember {
        var object = ObjectBuilder()
        object.set("description", response.description ?? "\(response.statusCode.value) response")
        let headers = response.headers.map { header in
            var value = ObjectBuilder()
            value.set("description", header.description)
            value.set("schema", header.schema)
            return JSONMember(header.name.value, value.value)
        }
        object.setUnlessEmpty("headers", headers)
        object.set("content", content(response.models))
        return JSONMember(response.statusCode.value, object.value)
    }
}
