internal import PorticoSyntax

/// What `credentials` of an integration ask for is what a call is signed with.
enum CredentialsRule: Rule {
    static let documentation = "'credentials' of an integration name a role that 'x-portico-identities' has keys for."

    static func check(_ api: APIDescription) -> [Diagnostic] {
        var seen = Set(api.identities.compactMap(\.arn?.value))
        var diagnostics: [Diagnostic] = []
        api.forEachIntegration { _, integration in
            guard integration.type.value == .aws || integration.type.value == .awsProxy,
                let credentials = integration.credentials, !credentials.value.isEmpty,
                !credentials.value.contains("${")
            else { return }
            let arn = PrincipalARN(credentials.value)
            if arn?.isCaller == true {
                diagnostics.append(
                    Diagnostic(
                        ImportDiagnostics.callerCredentials,
                        "calls with the caller's credentials are not executed yet; requests are answered 500",
                        at: credentials.span,
                        fixIt: .init(hint: "name a role, or leave 'credentials' out for the default credentials")))
                return
            }
            // What runs here is called without a signature.
            guard !LambdaURI.isHosted(integration, in: api), seen.insert(credentials.value).inserted else { return }
            guard arn != nil else {
                diagnostics.append(
                    Diagnostic(
                        ImportDiagnostics.credentials,
                        "credentials \(quoted(credentials.value)) are no ARN of a role; calls are signed with the "
                            + "default credentials", at: credentials.span,
                        notes: [.init("API Gateway answers: Invalid ARN specified in the request")]))
                return
            }
            diagnostics.append(
                Diagnostic(
                    ImportDiagnostics.credentials,
                    "role '\(credentials.value)' is not assumed; calls are signed with the default credentials",
                    at: credentials.span,
                    fixIt: .init(hint: "add an identity with this 'arn' to '\(IdentitiesExtension.key)'")))
        }
        return diagnostics
    }
}
