internal import PorticoSyntax

/// Only proxies stream their responses, as they come.
/// *Source:* API Gateway guide, "Stream the integration response": proxies only, and no cache, content encoding or
/// mapping with it.
enum StreamingRule: Rule {
    static let documentation =
        "'responseTransferMode: STREAM' stands on HTTP_PROXY and AWS_PROXY integrations; what a streamed response does "
        + "not have, has no effect."

    static func check(_ api: APIDescription) -> [Diagnostic] {
        var diagnostics: [Diagnostic] = []
        api.forEachIntegration { _, integration in
            let type = integration.type.value
            guard integration.responseTransferMode.value == .stream else { return }
            guard type == .httpProxy || type == .awsProxy else {
                diagnostics.append(
                    Diagnostic(
                        ImportDiagnostics.streaming,
                        "responses of '\(type.rawValue)' integrations cannot be streamed; expected a proxy",
                        at: integration.responseTransferMode.span))
                return
            }
            func ignored(_ key: String, at span: SourceSpan) {
                diagnostics.append(
                    Diagnostic(
                        ImportDiagnostics.streamingIgnored, "'\(key)' has no effect on a streamed response", at: span))
            }
            if let handling = integration.contentHandling { ignored("contentHandling", at: handling.span) }
            if let key = integration.cacheKeyParameters.first { ignored("cacheKeyParameters", at: key.span) }
            if let namespace = integration.cacheNamespace { ignored("cacheNamespace", at: namespace.span) }
        }
        return diagnostics
    }
}
