/// `x-amazon-apigateway-cors`: CORS of HTTP APIs.
enum CORSExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-amazon-apigateway-cors", in: [.root], of: [.http],
        "CORS of an HTTP API.")

    // Its presence makes the document an HTTP API: see `ImporterContext.readProtocol`.
}
