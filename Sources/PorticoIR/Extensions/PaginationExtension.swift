internal import PorticoSyntax

/// `x-portico-pagination`: how clients page through results, kept as read.
enum PaginationExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-portico-pagination", in: [.operation], of: [.rest, .http],
        "How clients page through the results of an operation.")

    static func read(_ node: Node, _ context: ImporterContext) -> JSONValue? {
        context.reader.mapping(node, "'\(key)'") == nil ? nil : JSONValue(node)
    }
}
