internal import PorticoSyntax

/// `x-amazon-apigateway-api-key-source`: where API keys come from.
enum APIKeySourceExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-amazon-apigateway-api-key-source", in: [.root], of: [.rest],
        "Whether API keys come from the x-api-key header or from the authorizer.")

    static func read(_ node: Node, _ context: ImporterContext) -> Located<APIKeySource>? {
        IntegrationExtension.choice(node, "'\(key)'", context)
    }
}
