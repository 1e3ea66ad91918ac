internal import PorticoSyntax

// Integrations. Words are written as API Gateway writes them: types and pass-through behaviour in lower case.
extension Exporter {
    /// `x-amazon-apigateway-integration`; what has its default is left out, except the pass-through behaviour, which
    /// API Gateway always writes.
    static func integration(_ integration: Integration, of kind: APIProtocol) -> JSONValue {
        if kind == .http { return routeIntegration(integration) }
        var object = ObjectBuilder()
        object.set("type", integration.type.value.rawValue.lowercased())
        object.set("httpMethod", integration.httpMethod?.value)
        object.set("uri", integration.uri?.value.string)
        object.set("credentials", integration.credentials?.value)
        if integration.connectionType.value != .internet {
            object.set("connectionType", integration.connectionType.value.rawValue)
        }
        object.set("connectionId", integration.connectionID?.value)
        object.set("integrationTarget", integration.integrationTarget?.value)
        object.setUnlessEmpty("responses", integration.responses.map { integrationResponse($0, of: kind) })
        object.setUnlessEmpty("requestParameters", integration.requestParameters.map(mapping))
        object.set("templateSelectionExpression", integration.templateSelectionExpression?.value.string)
        object.setUnlessEmpty("requestTemplates", integration.requestTemplates.map(template))
        object.set("passthroughBehavior", integration.passthroughBehavior.value.rawValue.lowercased())
        object.set("contentHandling", integration.contentHandling?.value.rawValue)
        object.set("timeoutInMillis", integration.timeoutMilliseconds.map { .number(String($0.value)) })
        object.set("cacheNamespace", integration.cacheNamespace?.value)
        object.setUnlessEmpty("cacheKeyParameters", integration.cacheKeyParameters.map { .string($0.value) })
        object.set("tlsConfig", integration.tlsConfig.map(tlsConfig))
        if integration.responseTransferMode.value != .buffered {
            object.set("responseTransferMode", integration.responseTransferMode.value.rawValue)
        }
        return object.value
    }

    /// The same of an HTTP API.
    private static func routeIntegration(_ integration: Integration) -> JSONValue {
        var object = ObjectBuilder()
        object.set("payloadFormatVersion", integration.payloadFormatVersion?.value)
        object.set("type", integration.type.value.rawValue.lowercased())
        object.set("integrationSubtype", integration.subtype?.value)
        object.set("httpMethod", integration.httpMethod?.value)
        object.set("uri", integration.uri?.value.string)
        object.set("credentials", integration.credentials?.value)
        if integration.connectionType.value != .internet {
            object.set("connectionType", integration.connectionType.value.rawValue)
        }
        object.set("connectionId", integration.connectionID?.value)
        object.setUnlessEmpty("requestParameters", integration.requestParameters.map(mapping))
        object.setUnlessEmpty(
            "responseParameters",
            integration.responseParameters.map { response in
                JSONMember(response.statusCode.value, .object(response.mappings.map(mapping)))
            })
        object.set("timeoutInMillis", integration.timeoutMilliseconds.map { .number(String($0.value)) })
        object.set("tlsConfig", integration.tlsConfig.map(tlsConfig))
        return object.value
    }

    private static func integrationResponse(_ response: IntegrationResponse, of kind: APIProtocol) -> JSONMember {
        var object = ObjectBuilder()
        if kind != .webSocket { object.set("statusCode", response.statusCode.value) }
        object.setUnlessEmpty("responseParameters", response.responseParameters.map(mapping))
        object.set("templateSelectionExpression", response.templateSelectionExpression?.value.string)
        object.setUnlessEmpty("responseTemplates", response.responseTemplates.map(template))
        object.set("contentHandling", response.contentHandling?.value.rawValue)
        let pattern = response.selectionPattern?.value.string
        guard kind == .webSocket else { return JSONMember(pattern ?? "default", object.value) }
        return JSONMember(pattern.map { "/\($0)/" } ?? "$default", object.value)
    }

    private static func tlsConfig(_ configuration: TLSConfig) -> JSONValue {
        var object = ObjectBuilder()
        object.set("insecureSkipVerification", .boolean(configuration.insecureSkipVerification))
        object.set("serverNameToVerify", configuration.serverNameToVerify)
        return object.value
    }

    /// An entry of `requestParameters` or `responseParameters`.
    static func mapping(_ mapping: ParameterMapping) -> JSONMember {
        JSONMember(mapping.destination.value, .string(mapping.expression.value.string))
    }

    /// An entry of `requestTemplates` or `responseTemplates`; no template is the empty text.
    static func template(_ template: MappingTemplate) -> JSONMember {
        JSONMember(template.mediaType.value, .string(template.template?.string ?? ""))
    }
}
