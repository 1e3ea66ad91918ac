internal import PorticoSyntax

/// `x-amazon-apigateway-request-validator`: the name of a validator.
enum RequestValidatorExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-amazon-apigateway-request-validator", in: [.root, .operation], of: [.rest],
        "The validator of a method, or of all methods without their own.")

    static func read(_ node: Node, _ context: ImporterContext) -> Located<String>? {
        context.strictLocated(node, "'\(key)'")
    }
}
