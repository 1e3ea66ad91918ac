/// `x-amazon-apigateway-any-method`: an operation for the methods not declared beside it.
enum AnyMethodExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-amazon-apigateway-any-method", in: [.pathItem], of: [.rest, .http],
        "An operation for every method that is not declared beside it.")

    // The value is an operation and is read as one: see `ImporterContext.readResources`.
}
