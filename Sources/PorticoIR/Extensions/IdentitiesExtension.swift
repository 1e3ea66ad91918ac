internal import PorticoSyntax

/// `x-portico-identities`: local access keys and policies, kept as read.
enum IdentitiesExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-portico-identities", in: [.root], of: [.rest, .http, .webSocket],
        "Local access keys with their policies, for signed requests.")

    /// Kept as read for the feature that executes it.
    static func read(_ node: Node, _ context: ImporterContext) -> JSONValue? {
        guard node.mapping != nil || node.sequence != nil else {
            let nothing: Mapping? = context.reader.wrongType(node, "'\(key)'", "an object or a list")
            return nothing == nil ? nil : .null
        }
        return JSONValue(node)
    }
}
