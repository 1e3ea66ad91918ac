internal import PorticoSyntax

/// `x-amazon-apigateway-auth`: IAM authorization of a method.
enum AuthExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-amazon-apigateway-auth", in: [.operation], of: [.rest, .http, .webSocket],
        "Whether callers of a method sign with IAM credentials.")

    /// Types that the extension takes.
    enum AuthType: String, CaseIterable {
        case none = "NONE"
        case iam = "AWS_IAM"
    }

    static func read(_ node: Node, _ context: ImporterContext) -> Located<AuthType>? {
        guard let mapping = context.reader.mapping(node, "'\(key)'") else { return nil }
        context.reader.checkMembers(mapping, known: ["type"], "'\(key)'")
        guard let type = mapping.present("type") else { return nil }
        return IntegrationExtension.choice(type, "'type' of '\(key)'", context)
    }
}
