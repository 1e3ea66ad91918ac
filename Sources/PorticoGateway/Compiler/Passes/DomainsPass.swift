internal import PorticoIR
internal import PorticoSyntax

/// Custom domain names, and what is left of the default endpoint.
enum DomainsPass {
    static func run(_ context: inout LoweringContext) {
        let description = context.description
        var hosts = SnapshotHosts()
        hosts.domains = description.domainNames.map(domain)
        if let disabled = description.endpointConfiguration.disableExecuteAPIEndpoint, disabled.value {
            hosts.isDefaultEndpointDisabled = true
            if hosts.domains.isEmpty {
                context.report(
                    Diagnostic(
                        CompileDiagnostics.defaultEndpointDisabled,
                        "the default endpoint is disabled and no domain name leads to the API; every request is denied",
                        at: disabled.span,
                        fixIt: .init(hint: "add 'x-portico-domain-names: {api.example.com: {basePathMappings: ...}}'")))
            }
        }
        if description.securityPolicy != nil || description.endpointAccessMode != nil {
            hosts.defaultTLS = policy(description.securityPolicy?.value, description.endpointAccessMode?.value)
            // Without a certificate nothing of it can hold.
            if !hosts.domains.contains(where: { $0.certificate != nil }) {
                context.unsupported(
                    CompileDiagnostics.featureUnsupported,
                    "the API has no certificate, so that it is served without TLS and its security policy has no effect",
                    at: description.securityPolicy?.span ?? description.endpointAccessMode?.span
                        ?? description.info.title.span)
            }
        }
        context.parts.hosts = hosts
    }

    private static func domain(_ domain: DomainName) -> DomainEntry {
        DomainEntry(
            name: domain.name.value, certificate: domain.certificate?.value, privateKey: domain.privateKey?.value,
            truststore: domain.truststore?.value,
            tls: policy(domain.securityPolicy?.value, domain.endpointAccessMode?.value),
            usesRules: domain.routingMode.usesRules, usesMappings: domain.routingMode.usesMappings,
            mappings: domain.basePathMappings.map {
                BasePathMappingEntry(basePath: $0.basePath.value, stage: $0.stage?.value)
            }.sorted { isBefore($0.basePath, $1.basePath) },
            rules: domain.routingRules.map { rule in
                RoutingRuleEntry(
                    priority: rule.priority.value, headerConditions: rule.headerConditions,
                    basePaths: rule.basePaths?.sorted(by: isBefore), stage: rule.stage.value,
                    stripsBasePath: rule.stripsBasePath)
            })
    }

    /// Longest first, so that the first one that fits is the longest.
    private static func isBefore(_ left: String, _ right: String) -> Bool {
        left.utf8.count == right.utf8.count ? left < right : left.utf8.count > right.utf8.count
    }

    private static func policy(_ policy: SecurityPolicy?, _ mode: EndpointAccessMode?) -> TLSPolicyEntry {
        TLSPolicyEntry(
            minimumVersion: policy?.minimumVersion ?? .tls12,
            needsForwardSecrecy: policy?.needsForwardSecrecy ?? false, isStrict: mode == .strict)
    }
}
