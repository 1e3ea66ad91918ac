internal import PorticoSyntax

/// `x-amazon-apigateway-endpoint-access-mode`: `BASIC` or `STRICT`.
enum EndpointAccessModeExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-amazon-apigateway-endpoint-access-mode", in: [.root], of: [.rest],
        "How strictly the host name of a request is compared with the certificate.")

    /// Modes. Source: API Gateway guide, "Security policies", 2025.
    enum Mode: String, CaseIterable {
        case basic = "BASIC"
        case strict = "STRICT"
    }

    static func read(_ node: Node, _ context: ImporterContext) -> Located<String>? {
        context.reader.choice(node, "'\(key)'", of: Mode.self).map { Located($0.rawValue, at: node.span) }
    }
}
