internal import PorticoSyntax

/// `x-amazon-apigateway-binary-media-types`: media types whose bodies are bytes.
enum BinaryMediaTypesExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-amazon-apigateway-binary-media-types", in: [.root], of: [.rest],
        "Media types whose bodies are bytes, not text; wildcards are allowed.")

    static func read(_ node: Node, _ context: ImporterContext) -> [Located<String>] {
        guard let nodes = context.list(node, "'\(key)'") else { return [] }
        var types: [Located<String>] = []
        var seen: Set<String> = []
        for node in nodes {
            guard let type = context.strictLocated(node, "a binary media type") else { continue }
            if !MediaType.isValid(type.value), !context.unresolved.touches(node.span) {
                context.reader.report(
                    ImportDiagnostics.mediaType, "'\(type.value)' is no media type and never matches", at: node.span)
            }
            if seen.insert(type.value).inserted { types.append(type) }
        }
        return types
    }
}
