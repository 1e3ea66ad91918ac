internal import PorticoSyntax

/// `x-portico-account`: limits of all APIs of the account together. Source: API Gateway API reference, "Account".
enum AccountExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-portico-account", in: [.root], of: [.rest, .http, .webSocket],
        "Limits of the account: how fast all callers together may call.")

    static func read(_ node: Node, _ context: ImporterContext) -> Throttle? {
        guard let account = context.reader.mapping(node, "'\(key)'") else { return nil }
        context.reader.checkMembers(account, known: ["throttleSettings"], "'\(key)'")
        return account.present("throttleSettings").flatMap {
            UsagePlansExtension.readThrottle($0, "'throttleSettings'", context)
        }
    }
}
