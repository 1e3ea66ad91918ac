internal import PorticoSyntax

/// `x-portico-protocol`: REST, HTTP or WEBSOCKET.
enum ProtocolExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-portico-protocol", in: [.root], of: [.rest, .http, .webSocket],
        "Which kind of API the document describes.")

    static func read(_ node: Node, _ context: ImporterContext) -> APIProtocol? {
        context.reader.choice(node, "'\(key)'", of: APIProtocol.self)
    }
}
