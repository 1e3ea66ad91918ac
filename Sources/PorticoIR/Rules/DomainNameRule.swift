internal import PorticoSyntax

/// Domain names lead to stages of the file, and what is said about their TLS fits together.
enum DomainNameRule: Rule {
    static let documentation = "Domain names name stages of the file, and lead somewhere."

    static func check(_ api: APIDescription) -> [Diagnostic] {
        var suggestions = Suggestions()
        var diagnostics: [Diagnostic] = []
        let stages = Set(api.stages.map(\.name.value))
        for domain in api.domainNames {
            let named = domain.basePathMappings.compactMap(\.stage) + domain.routingRules.map(\.stage)
            for stage in named where !stages.contains(stage.value) {
                let near = suggestions.closest(to: stage.value, in: { stages.sorted() })
                let advice = near.map { "; did you mean '\($0)'?" } ?? ""
                diagnostics.append(
                    Diagnostic(
                        ImportDiagnostics.unknownName,
                        "domain name '\(domain.name.value)' names stage '\(stage.value)', which is not declared\(advice)",
                        at: stage.span))
            }
            if !leadsSomewhere(domain) {
                diagnostics.append(
                    Diagnostic(
                        ImportDiagnostics.valueMissing,
                        "domain name '\(domain.name.value)' leads to no stage; its requests answer 403",
                        at: domain.name.span, severity: .warning,
                        fixIt: .init(
                            hint: "add 'basePathMappings: {\"\": \(api.stages.first?.name.value ?? "prod")}'")))
            }
            diagnostics += checkTLS(domain)
            if api.protocolType == .http { diagnostics += checkHTTPAPI(domain) }
            diagnostics += reservedPaths(domain, api)
        }
        return diagnostics
    }

    /// Source: API Gateway guide, "Custom domain names for HTTP APIs": TLS 1.2, and API mappings alone.
    private static func checkHTTPAPI(_ domain: DomainName) -> [Diagnostic] {
        var diagnostics: [Diagnostic] = []
        if let policy = domain.securityPolicy, policy.value != .tls12 {
            diagnostics.append(
                Diagnostic(
                    ImportDiagnostics.unknownValue,
                    "HTTP APIs have domain names with the security policy 'TLS_1_2' only, not "
                        + "'\(policy.value.rawValue)'", at: policy.span,
                    fixIt: .init("write 'TLS_1_2'", replace: policy.span, with: "TLS_1_2")))
        }
        if let rule = domain.routingRules.first {
            diagnostics.append(
                Diagnostic(
                    ImportDiagnostics.ignoredMember,
                    "API Gateway's routing rules lead to REST APIs only; Portico follows them here too",
                    at: rule.priority.span))
        }
        return diagnostics
    }

    private static func leadsSomewhere(_ domain: DomainName) -> Bool {
        domain.routingMode.usesRules && !domain.routingRules.isEmpty
            || domain.routingMode.usesMappings && !domain.basePathMappings.isEmpty
    }

    /// Source: API Gateway guide, "Mutual TLS authentication" and "Supported security policies".
    private static func checkTLS(_ domain: DomainName) -> [Diagnostic] {
        var diagnostics: [Diagnostic] = []
        if domain.certificate == nil, let span = domain.securityPolicy?.span ?? domain.endpointAccessMode?.span {
            diagnostics.append(
                Diagnostic(
                    ImportDiagnostics.ignoredMember,
                    "domain name '\(domain.name.value)' has no certificate, so that its TLS is not Portico's and what is "
                        + "said of it has no effect", at: span, severity: .warning,
                    fixIt: .init(hint: "add 'certificate' and 'privateKey', or say it to what ends TLS in front")))
        }
        guard let policy = domain.securityPolicy else { return diagnostics }
        if policy.value.isEnhanced, domain.truststore != nil {
            diagnostics.append(
                Diagnostic(
                    ImportDiagnostics.unknownValue,
                    "mutual TLS cannot have the security policy '\(policy.value.rawValue)'", at: policy.span,
                    severity: .error, fixIt: .init(hint: "write 'securityPolicy: TLS_1_2'")))
        }
        if policy.value == .tls10, domain.truststore != nil {
            diagnostics.append(
                Diagnostic(
                    ImportDiagnostics.unknownValue, "mutual TLS needs the security policy 'TLS_1_2', not 'TLS_1_0'",
                    at: policy.span, severity: .error))
        }
        if policy.value.isEnhanced, domain.endpointAccessMode == nil {
            diagnostics.append(
                Diagnostic(
                    ImportDiagnostics.valueMissing,
                    "security policy '\(policy.value.rawValue)' needs 'endpointAccessMode'", at: policy.span,
                    severity: .warning, fixIt: .init(hint: "add 'endpointAccessMode: BASIC'")))
        }
        if policy.value.isFIPS {
            diagnostics.append(
                Diagnostic(
                    ImportDiagnostics.ignoredMember,
                    "'\(policy.value.rawValue)' gives the versions and ciphers of its name; no cryptographic module "
                        + "that is validated after FIPS 140 is used", at: policy.span, severity: .warning))
        }
        return diagnostics
    }

    /// Source: API Gateway guide, "Important notes": `/ping` and `/sping` at the root are the service's own.
    private static func reservedPaths(_ domain: DomainName, _ api: APIDescription) -> [Diagnostic] {
        guard domain.basePathMappings.contains(where: { $0.basePath.value.isEmpty && $0.stage != nil }) else {
            return []
        }
        return api.resources.filter { ($0.path.value == "/ping" || $0.path.value == "/sping") && !$0.methods.isEmpty }
            .map { resource in
                Diagnostic(
                    ImportDiagnostics.ignoredKey,
                    "'\(resource.path.value)' at the root of domain name '\(domain.name.value)' is API Gateway's own; "
                        + "the method is not reached there", at: resource.path.span, severity: .warning)
            }
    }
}
