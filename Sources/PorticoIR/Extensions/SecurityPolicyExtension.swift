internal import PorticoSyntax

/// `x-amazon-apigateway-security-policy`: `TLS_1_0`, `TLS_1_2` or a `SecurityPolicy_...` name.
enum SecurityPolicyExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-amazon-apigateway-security-policy", in: [.root], of: [.rest],
        "The TLS versions and ciphers of the API.")

    static func read(_ node: Node, _ context: ImporterContext) -> Located<SecurityPolicy>? {
        context.reader.choice(node, "'\(key)'").map { Located($0, at: node.span) }
    }
}
