internal import PorticoSyntax

/// `x-portico-identity-providers`: user pools and token issuers, kept as read.
enum IdentityProvidersExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-portico-identity-providers", in: [.root], of: [.rest, .http, .webSocket],
        "User pools and token issuers with their keys.")

    /// Kept as read for the feature that executes it.
    static func read(_ node: Node, _ context: ImporterContext) -> JSONValue? {
        guard node.mapping != nil || node.sequence != nil else {
            let nothing: Mapping? = context.reader.wrongType(node, "'\(key)'", "an object or a list")
            return nothing == nil ? nil : .null
        }
        return JSONValue(node)
    }
}
