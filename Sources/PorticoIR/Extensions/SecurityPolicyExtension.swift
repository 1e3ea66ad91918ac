internal import PorticoSyntax

/// `x-amazon-apigateway-security-policy`: `TLS_1_0`, `TLS_1_2` or a `SecurityPolicy_...` name.
enum SecurityPolicyExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-amazon-apigateway-security-policy", in: [.root], of: [.rest],
        "The TLS versions and ciphers of the API.")

    static func read(_ node: Node, _ context: ImporterContext) -> Located<String>? {
        guard let policy = context.strictLocated(node, "'\(key)'") else { return nil }
        let known = ["TLS_1_0", "TLS_1_2"]
        if !known.contains(policy.value), !policy.value.hasPrefix("SecurityPolicy_"),
            !context.unresolved.touches(node.span)
        {
            context.reader.unknownWord(
                policy.value, known + ["SecurityPolicy_TLS13_1_3_2025_09"], "'\(key)'", at: node.span, severity: .error)
            return nil
        }
        return policy
    }
}
