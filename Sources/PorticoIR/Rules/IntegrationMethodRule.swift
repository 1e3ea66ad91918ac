internal import PorticoSyntax

/// Lambda is invoked with POST, whatever the file says.
enum IntegrationMethodRule: Rule {
    static let documentation = "The 'httpMethod' of a Lambda proxy is POST."

    static func check(_ api: APIDescription) -> [Diagnostic] {
        var diagnostics: [Diagnostic] = []
        api.forEachIntegration { _, integration in
            guard integration.type.value == .awsProxy, let verb = integration.httpMethod, verb.value != "POST" else {
                return
            }
            diagnostics.append(
                Diagnostic(
                    ImportDiagnostics.integrationMethodForced,
                    "'httpMethod' of a Lambda proxy is POST, not '\(verb.value)'", at: verb.span,
                    fixIt: .init("write 'POST'", replace: verb.span, with: "POST")))
        }
        return diagnostics
    }
}
