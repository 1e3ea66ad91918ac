internal import PorticoSyntax

/// Every integration but MOCK says the backend's verb; Lambda is invoked with POST.
enum IntegrationMethodRule: Rule {
    static let documentation = "Every integration but 'mock' has 'httpMethod', which is POST for Lambda proxies."

    static func check(_ api: APIDescription) -> [Diagnostic] {
        var diagnostics: [Diagnostic] = []
        api.forEachIntegration { _, integration in
            let type = integration.type
            guard type.value != .mock else { return }
            guard let verb = integration.httpMethod else {
                diagnostics.append(
                    Diagnostic(
                        ImportDiagnostics.integrationMethod,
                        "the integration of type '\(type.value.rawValue)' has no 'httpMethod'", at: type.span,
                        notes: [.init("API Gateway answers: Enumeration value for HttpMethod must be non-empty")],
                        fixIt: .init(hint: "add 'httpMethod'")))
                return
            }
            guard type.value == .awsProxy, verb.value != "POST" else { return }
            diagnostics.append(
                Diagnostic(
                    ImportDiagnostics.integrationMethodForced,
                    "'httpMethod' of a Lambda proxy is POST, not '\(verb.value)'", at: verb.span,
                    fixIt: .init("write 'POST'", replace: verb.span, with: "POST")))
        }
        return diagnostics
    }
}
