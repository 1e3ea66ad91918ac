internal import PorticoSyntax

/// A private integration names a VPC link or a load balancer whose hosts are known.
///
/// Of the two names the one that `x-portico-vpc-links` declares counts, the listener's first: it says where calls go.
enum VPCLinkRule: Rule {
    static let documentation =
        "An integration with 'connectionType: VPC_LINK' has 'connectionId' or 'integrationTarget', and "
        + "'x-portico-vpc-links' says which hosts that is."

    static func check(_ api: APIDescription) -> [Diagnostic] {
        let known = Set(api.vpcLinks.map(\.name.value))
        var suggestions = Suggestions()
        var diagnostics: [Diagnostic] = []
        api.forEachIntegration { _, integration in
            let type = integration.type
            guard integration.connectionType.value == .vpcLink || integration.integrationTarget != nil else {
                if let id = integration.connectionID {
                    diagnostics.append(
                        Diagnostic(
                            ImportDiagnostics.ignoredMember,
                            "'connectionId' is ignored without 'connectionType: VPC_LINK'", at: id.span))
                }
                return
            }
            guard type.value == .http || type.value == .httpProxy else {
                diagnostics.append(
                    Diagnostic(
                        ImportDiagnostics.vpcLink,
                        "only 'http' and 'http_proxy' integrations use VPC links, not '\(type.value.rawValue)'",
                        at: integration.integrationTarget?.span ?? integration.connectionType.span, severity: .warning))
                return
            }
            let names = [integration.integrationTarget, integration.connectionID].compactMap { $0 }
            guard let first = names.first else {
                // A value that was no string is dropped with a warning already; then the link is still missing.
                diagnostics.append(
                    Diagnostic(
                        ImportDiagnostics.vpcLink, "'connectionType: VPC_LINK' needs 'connectionId'",
                        at: integration.connectionType.span, severity: .warning,
                        fixIt: .init(hint: "add 'connectionId' with the id of the VPC link")))
                return
            }
            guard !names.contains(where: { known.contains($0.value) || $0.value.contains("${") }) else { return }
            diagnostics.append(
                Diagnostic(
                    ImportDiagnostics.vpcLinkUnknown,
                    "nobody knows the hosts of VPC link '\(first.value)'; requests are answered 500"
                        + suggestions.question(for: first.value, in: { known.sorted() }), at: first.span,
                    fixIt: .init(
                        hint: "add it to '\(VPCLinksExtension.key)', such as '\(first.value): http://127.0.0.1:9000'")))
        }
        return diagnostics
    }
}
