internal import PorticoSyntax

/// `x-amazon-apigateway-tag-value`: the value of a tag.
enum TagValueExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-amazon-apigateway-tag-value", in: [.tag], of: [.http],
        "The value of a tag of an HTTP API.")

    static func read(_ node: Node, _ context: ImporterContext) -> String? {
        context.reader.string(node, "'\(key)'")
    }
}
