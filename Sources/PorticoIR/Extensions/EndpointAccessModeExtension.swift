internal import PorticoSyntax

/// `x-amazon-apigateway-endpoint-access-mode`: `BASIC` or `STRICT`.
enum EndpointAccessModeExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-amazon-apigateway-endpoint-access-mode", in: [.root], of: [.rest],
        "How strictly the host name of a request is compared with the certificate.")

    static func read(_ node: Node, _ context: ImporterContext) -> Located<EndpointAccessMode>? {
        context.reader.choice(node, "'\(key)'").map { Located($0, at: node.span) }
    }
}
