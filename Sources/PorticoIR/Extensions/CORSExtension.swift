internal import PorticoSyntax

/// `x-amazon-apigateway-cors`: CORS of HTTP APIs.
///
/// Reads types; what browsers and API Gateway make of the values is ``CORSRule``'s.
/// *Source:* API Gateway guide, "x-amazon-apigateway-cors object".
enum CORSExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-amazon-apigateway-cors", in: [.root], of: [.http],
        "CORS of an HTTP API.")

    // Its presence makes the document an HTTP API: see `ImporterContext.readProtocol`.

    private static let members: Set<String> = [
        "allowOrigins", "allowMethods", "allowHeaders", "exposeHeaders", "maxAge", "allowCredentials",
    ]

    /// Reads the object; `nil` if it is none.
    static func read(_ node: Node, _ context: ImporterContext) -> CORSConfiguration? {
        guard let mapping = context.reader.mapping(node, "'\(key)'") else { return nil }
        context.reader.checkMembers(mapping, known: members, "'\(key)'")
        var cors = CORSConfiguration()
        cors.key = Located(key, at: node.span)
        cors.allowOrigins = context.strings(mapping, "allowOrigins")
        cors.allowMethods = context.strings(mapping, "allowMethods")
        cors.allowHeaders = context.strings(mapping, "allowHeaders")
        cors.exposeHeaders = context.strings(mapping, "exposeHeaders")
        // Source: API Gateway API reference (v2), "Cors".
        cors.maxAge = context.integer(mapping, "maxAge", in: -1...86_400)
        if let value = context.boolean(mapping, "allowCredentials"), let node = mapping.present("allowCredentials") {
            cors.allowCredentials = Located(value, at: node.span)
        }
        return cors
    }
}
