internal import PorticoSyntax

/// A private integration names its VPC link.
enum VPCLinkRule: Rule {
    static let documentation = "An integration with 'connectionType: VPC_LINK' has 'connectionId'."

    static func check(_ api: APIDescription) -> [Diagnostic] {
        var diagnostics: [Diagnostic] = []
        api.forEachIntegration { _, integration in
            guard integration.connectionType.value == .vpcLink else {
                if let id = integration.connectionID {
                    diagnostics.append(
                        Diagnostic(
                            ImportDiagnostics.ignoredMember,
                            "'connectionId' is ignored without 'connectionType: VPC_LINK'", at: id.span))
                }
                return
            }
            let type = integration.type
            if type.value != .http, type.value != .httpProxy {
                diagnostics.append(
                    Diagnostic(
                        ImportDiagnostics.vpcLink,
                        "only 'http' and 'http_proxy' integrations use VPC links, not '\(type.value.rawValue)'",
                        at: integration.connectionType.span, severity: .warning))
            } else if integration.connectionID == nil {
                // A value that was no string is dropped with a warning already; then the link is still missing.
                diagnostics.append(
                    Diagnostic(
                        ImportDiagnostics.vpcLink, "'connectionType: VPC_LINK' needs 'connectionId'",
                        at: integration.connectionType.span, severity: .warning,
                        fixIt: .init(hint: "add 'connectionId' with the id of the VPC link")))
            }
        }
        return diagnostics
    }
}
