internal import PorticoSyntax

// Routes of a WebSocket API.
extension Exporter {
    /// `x-portico-websocket`
    static func webSocket(_ api: WebSocketAPI, _ security: ExportedSecurity) -> JSONValue {
        var object = ObjectBuilder()
        object.set("routeSelectionExpression", api.routeSelectionExpression.value.string)
        if api.apiKeySource.value == .authorizer {
            object.set("apiKeySelectionExpression", "$context.authorizer.usageIdentifierKey")
        }
        if api.disablesSchemaValidation { object.set("disableSchemaValidation", .boolean(true)) }
        if api.binary.value != .refuse { object.set("binary", api.binary.value.rawValue) }
        let methods = api.methods
        object.set(
            "routes",
            .object(zip(api.routes, methods).map { JSONMember($0.routeKey.value, route($0, $1, security)) }))
        object.set("messageSelectionExpression", api.messageSelectionExpression?.value)
        object.setUnlessEmpty("messages", api.messages.map(message))
        return object.value
    }

    private static func route(_ route: WebSocketRoute, _ method: Method, _ security: ExportedSecurity) -> JSONValue {
        var object = ObjectBuilder()
        object.set("summary", route.summary)
        object.set("description", route.description)
        object.set("operationId", route.operationName)
        if route.isDeprecated { object.set("deprecated", .boolean(true)) }
        if route.routeKey.value == "$connect" {
            object.setUnlessEmpty("security", security.requirements(of: method))
        }
        object.setUnlessEmpty("parameters", route.requestParameters.map(parameter))
        object.set("modelSelectionExpression", route.modelSelectionExpression?.value.string)
        object.setUnlessEmpty("requestModels", route.requestModels.map(model))
        if route.hasRouteResponse { object.set("routeResponse", "$default") }
        object.setUnlessEmpty("responseModels", route.responseModels.map(model))
        object.set(
            "x-amazon-apigateway-integration", route.integration.map { integration($0, of: .webSocket) })
        return object.value
    }

    private static func model(_ model: ModelReference) -> JSONMember {
        JSONMember(model.mediaType, schema(of: model) ?? .object([]))
    }

    private static func message(_ message: WebSocketMessage) -> JSONMember {
        var object = ObjectBuilder()
        object.set("description", message.description)
        object.set("schema", schema(of: message.model))
        return JSONMember(message.name.value, object.value)
    }
}
