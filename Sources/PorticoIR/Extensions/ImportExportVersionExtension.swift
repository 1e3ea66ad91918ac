/// `x-amazon-apigateway-importexport-version`: version of the export format of HTTP APIs.
enum ImportExportVersionExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-amazon-apigateway-importexport-version", in: [.root], of: [.http],
        "Version of the export format of HTTP APIs.")

    // Its presence makes the document an HTTP API: see `ImporterContext.readProtocol`.
}
