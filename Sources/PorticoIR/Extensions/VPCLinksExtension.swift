internal import PorticoSyntax

/// `x-portico-vpc-links`: targets of VPC links, kept as read.
enum VPCLinksExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-portico-vpc-links", in: [.root], of: [.rest, .http, .webSocket],
        "Where the VPC links of private integrations lead.")

    /// Kept as read for the feature that executes it.
    static func read(_ node: Node, _ context: ImporterContext) -> JSONValue? {
        guard node.mapping != nil || node.sequence != nil else {
            let nothing: Mapping? = context.reader.wrongType(node, "'\(key)'", "an object or a list")
            return nothing == nil ? nil : .null
        }
        return JSONValue(node)
    }
}
