/// `x-amazon-apigateway-integrations`: shared integrations of HTTP and WebSocket APIs.
enum IntegrationsExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-amazon-apigateway-integrations", in: [.components], of: [.http, .webSocket],
        "Integrations by name that operations of an HTTP API and routes of a WebSocket API refer to.")

    // Its presence makes the document an HTTP API unless it has 'x-portico-websocket': see `ImporterContext.readProtocol`.
}
