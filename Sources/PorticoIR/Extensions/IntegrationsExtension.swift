/// `x-amazon-apigateway-integrations`: shared integrations of HTTP APIs.
enum IntegrationsExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-amazon-apigateway-integrations", in: [.components], of: [.http],
        "Integrations by name that operations of an HTTP API refer to.")

    // Its presence makes the document an HTTP API: see `ImporterContext.readProtocol`.
}
