internal import PorticoSyntax

/// Each method has an integration.
enum IntegrationMissingRule: Rule {
    static let documentation = "Each method has an integration."

    static func check(_ api: APIDescription) -> [Diagnostic] {
        var diagnostics: [Diagnostic] = []
        api.forEachMethod { resource, method in
            guard method.integration == nil else { return }
            diagnostics.append(
                Diagnostic(
                    ImportDiagnostics.noIntegration,
                    "\(method.verb.value.rawValue) \(resource.path.value) has no integration; requests are answered 500",
                    at: method.verb.span,
                    notes: [.init("API Gateway answers to a deployment: No integration defined for method")],
                    fixIt: .init(hint: "add '\(IntegrationExtension.key)'")))
        }
        return diagnostics
    }
}
