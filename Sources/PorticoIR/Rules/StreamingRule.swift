internal import PorticoSyntax

/// Only proxies stream their responses.
/// *Source:* API Gateway guide, "Stream the integration response".
enum StreamingRule: Rule {
    static let documentation = "'responseTransferMode: STREAM' stands on HTTP_PROXY and AWS_PROXY integrations."

    static func check(_ api: APIDescription) -> [Diagnostic] {
        var diagnostics: [Diagnostic] = []
        api.forEachIntegration { _, integration in
            let type = integration.type.value
            guard integration.responseTransferMode.value == .stream, type != .httpProxy, type != .awsProxy else {
                return
            }
            diagnostics.append(
                Diagnostic(
                    ImportDiagnostics.streaming,
                    "responses of '\(type.rawValue)' integrations cannot be streamed; expected a proxy",
                    at: integration.responseTransferMode.span))
        }
        return diagnostics
    }
}
