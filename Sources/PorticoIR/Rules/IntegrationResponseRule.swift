internal import PorticoSyntax

/// Integration responses choose method responses that are declared.
enum IntegrationResponseRule: Rule {
    static let documentation = "Integration responses choose status codes and headers that the method declares."

    static func check(_ api: APIDescription) -> [Diagnostic] {
        var diagnostics: [Diagnostic] = []
        api.forEachIntegration { method, integration in
            let type = integration.type.value
            guard type != .httpProxy, type != .awsProxy else { return }
            for response in integration.responses { check(response, method, &diagnostics) }
        }
        return diagnostics
    }

    private static func check(_ response: IntegrationResponse, _ method: Method, _ diagnostics: inout [Diagnostic]) {
        let status = response.statusCode
        guard let declared = method.responses.first(where: { $0.statusCode == status }) else {
            diagnostics.append(
                Diagnostic(
                    ImportDiagnostics.undeclaredStatus,
                    "status code '\(status.value)' is not declared under 'responses' of the operation; requests that "
                        + "choose it are answered 500", at: status.span,
                    notes: [.init("API Gateway answers: Invalid mapping expression or output model specified")],
                    fixIt: .init(hint: "declare '\(status.value)' under 'responses'")))
            return
        }
        guard !response.responseParameters.isEmpty else { return }
        let headers = Set(declared.headers.map { $0.name.value.lowercased() })
        for mapping in response.responseParameters {
            let prefix = "method.response.header."
            guard mapping.destination.value.hasPrefix(prefix) else { continue }
            let name = mapping.destination.value.dropFirst(prefix.count)
            guard !headers.contains(name.lowercased()) else { continue }
            diagnostics.append(
                Diagnostic(
                    ImportDiagnostics.undeclaredHeader,
                    "header '\(name)' is not declared under 'headers' of response '\(status.value)'",
                    at: mapping.destination.span,
                    notes: [
                        .init(
                            "API Gateway answers: Invalid mapping expression specified: Validation Result: warnings : [], "
                                + "errors : [Invalid mapping expression parameter specified: \(mapping.destination.value)]"
                        )
                    ]))
        }
    }
}
