internal import PorticoSyntax

/// `x-portico-endpoints`: base addresses of AWS services.
enum EndpointsExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-portico-endpoints", in: [.root], of: [.rest, .http, .webSocket],
        "Base addresses of AWS services, such as a local DynamoDB.")

    static func read(_ node: Node, _ context: ImporterContext) -> [NamedValue] {
        guard let mapping = context.reader.mapping(node, "'\(key)'") else { return [] }
        return mapping.members.compactMap { member in
            guard let url = context.strictLocated(member.value, "endpoint '\(member.key)'") else { return nil }
            guard context.unresolved.touches(member.value.span) || HTTPAddress.isAbsolute(url.value) else {
                context.reader.report(
                    ImportDiagnostics.invalidName,
                    "endpoint '\(url.value)' must be an absolute http or https URL", at: url.span)
                return nil
            }
            return NamedValue(Located(member.key.lowercased(), at: member.keySpan), url)
        }
    }
}
