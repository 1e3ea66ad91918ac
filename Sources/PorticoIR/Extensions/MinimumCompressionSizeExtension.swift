internal import PorticoSyntax

/// `x-amazon-apigateway-minimum-compression-size`: bytes from which responses are compressed.
enum MinimumCompressionSizeExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-amazon-apigateway-minimum-compression-size", in: [.root], of: [.rest],
        "Responses of at least so many bytes are compressed.")

    static func read(_ root: Mapping, _ context: ImporterContext) -> Located<Int>? {
        context.integer(root, key, in: 0...10_485_760, note: "API Gateway takes 0 to 10485760 bytes")
    }
}
