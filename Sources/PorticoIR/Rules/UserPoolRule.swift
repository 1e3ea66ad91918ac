internal import PorticoSyntax

/// Cognito authorizers name user pools.
enum UserPoolRule: Rule {
    static let documentation = "'providerARNs' of a Cognito authorizer are ARNs of user pools."

    static func check(_ api: APIDescription) -> [Diagnostic] {
        api.authorizers.filter { $0.type.value == .cognitoUserPools }.flatMap { authorizer in
            authorizer.providerARNs.compactMap { arn in
                guard UserPoolARN(arn.value) == nil, !arn.value.contains("${") else { return nil }
                return Diagnostic(
                    ImportDiagnostics.userPool, "\(quoted(arn.value)) is no ARN of a user pool", at: arn.span,
                    notes: [.init("API Gateway answers: Invalid Cognito Identity Provider ARN")],
                    fixIt: .init(hint: "write 'arn:aws:cognito-idp:REGION:ACCOUNT:userpool/POOL'"))
            }
        }
    }
}
