internal import PorticoSyntax

/// `x-portico-websocket`: routes of a WebSocket API, kept as read.
enum WebSocketExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-portico-websocket", in: [.root], of: [.rest, .http, .webSocket],
        "Routes of a WebSocket API.")

    /// Kept as read for the feature that executes it.
    static func read(_ node: Node, _ context: ImporterContext) -> JSONValue? {
        guard node.mapping != nil || node.sequence != nil else {
            let nothing: Mapping? = context.reader.wrongType(node, "'\(key)'", "an object or a list")
            return nothing == nil ? nil : .null
        }
        return JSONValue(node)
    }
}
