internal import PorticoSyntax

/// `x-portico-alarms`: alarms over metrics, kept as read.
enum AlarmsExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-portico-alarms", in: [.root], of: [.rest, .http, .webSocket],
        "Alarms over the metrics of the API.")

    /// Kept as read for the feature that executes it.
    static func read(_ node: Node, _ context: ImporterContext) -> JSONValue? {
        guard node.mapping != nil || node.sequence != nil else {
            let nothing: Mapping? = context.reader.wrongType(node, "'\(key)'", "an object or a list")
            return nothing == nil ? nil : .null
        }
        return JSONValue(node)
    }
}
