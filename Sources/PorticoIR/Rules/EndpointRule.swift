internal import PorticoSyntax

/// What is said about the API's own endpoint fits together.
enum EndpointRule: Rule {
    static let documentation = "A 'SecurityPolicy_...' policy comes with an endpoint access mode."

    static func check(_ api: APIDescription) -> [Diagnostic] {
        var diagnostics: [Diagnostic] = []
        if let policy = api.securityPolicy, policy.value.isEnhanced, api.endpointAccessMode == nil {
            diagnostics.append(
                Diagnostic(
                    ImportDiagnostics.valueMissing,
                    "security policy '\(policy.value.rawValue)' needs '\(EndpointAccessModeExtension.key)'",
                    at: policy.span,
                    severity: .warning,
                    fixIt: .init(hint: "add '\(EndpointAccessModeExtension.key): BASIC'")))
        }
        for id in api.endpointConfiguration.vpcEndpointIDs
        where !id.value.hasPrefix("vpce-") && !id.value.contains("${") {
            diagnostics.append(
                Diagnostic(
                    ImportDiagnostics.invalidName, "'\(id.value)' is no id of a VPC endpoint; expected 'vpce-...'",
                    at: id.span, severity: .warning))
        }
        return diagnostics
    }
}
