internal import PorticoSyntax

/// What `credentials` of an integration ask for is what a call is signed with.
enum CredentialsRule: Rule {
    static let documentation = "'credentials' of an integration name a role that 'x-portico-identities' has keys for."

    static func check(_ api: APIDescription) -> [Diagnostic] {
        var seen = Set(api.identities.compactMap(\.arn?.value))
        var diagnostics: [Diagnostic] = []
        api.forEachIntegration { method, integration in
            guard integration.type.value == .aws || integration.type.value == .awsProxy,
                let credentials = integration.credentials, !credentials.value.isEmpty,
                !credentials.value.contains("${")
            else { return }
            let arn = PrincipalARN(credentials.value)
            // What runs here is called without a signature.
            guard !LambdaURI.isHosted(integration, in: api) else { return }
            if arn?.isCaller == true {
                if case .iam = method.authorization.value { return }
                diagnostics.append(
                    Diagnostic(
                        ImportDiagnostics.callerCredentials,
                        "a method without 'AWS_IAM' authorization does not know the caller's credentials; requests are "
                            + "answered 500", at: credentials.span,
                        fixIt: .init(
                            hint: "add a security scheme with 'x-amazon-apigateway-authtype: awsSigv4', or name a role")
                    ))
                return
            }
            guard seen.insert(credentials.value).inserted else { return }
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
