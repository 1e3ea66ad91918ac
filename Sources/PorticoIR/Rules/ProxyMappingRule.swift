internal import PorticoSyntax

/// Proxies carry no mappings that they never use.
enum ProxyMappingRule: Rule {
    static let documentation = "Proxy integrations have no templates and no response mappings."

    static func check(_ api: APIDescription) -> [Diagnostic] {
        var diagnostics: [Diagnostic] = []
        api.forEachIntegration { _, integration in
            let type = integration.type.value
            guard type == .httpProxy || type == .awsProxy else { return }
            func warn(_ what: String, _ span: SourceSpan) {
                diagnostics.append(
                    Diagnostic(
                        ImportDiagnostics.proxyMapping, "\(what) of a '\(type.rawValue)' integration are never used",
                        at: span))
            }
            if let template = integration.requestTemplates.first(where: { $0.template != nil }) {
                warn("request templates", template.mediaType.span)
            }
            // Exported files write 'default: {statusCode: 200}' on proxies; only what was meant to act is worth a word.
            if let template = integration.responses.lazy.flatMap(\.responseTemplates).first(where: {
                $0.template != nil
            }) {
                warn("response templates", template.mediaType.span)
            }
            if let mapping = integration.responses.lazy.flatMap(\.responseParameters).first {
                warn("response mappings", mapping.destination.span)
            }
            // Recorded: AWS_PROXY ignores request mappings, though an illegal header among them still fails.
            if type == .awsProxy, let mapping = integration.requestParameters.first {
                warn("request mappings", mapping.destination.span)
            }
        }
        return diagnostics
    }
}
