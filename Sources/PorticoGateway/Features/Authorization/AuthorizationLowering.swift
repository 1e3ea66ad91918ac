internal import PorticoIR
internal import PorticoSyntax

/// Who may call a method. No mechanism is executed yet, so everything but an open method denies: a protection that is
/// declared and not enforced would be worse than none.
enum AuthorizationLowering {
    static func steps(
        _ method: Method, _ resource: Resource, _ context: inout LoweringContext
    ) -> [FilterStep] {
        let what: String
        let type: GatewayResponseType
        switch method.authorization.value {
        case .none: return []
        case .iam:
            what = "AWS_IAM authorization"
            type = .missingAuthenticationToken
        case .custom(let name, _):
            what = "Lambda authorizer '\(name)'"
            type = .unauthorized
        case .cognitoUserPools(let name, _):
            what = "Cognito authorizer '\(name)'"
            type = .unauthorized
        case .unsupported(let scheme):
            what = "security scheme '\(scheme)'"
            type = .accessDenied
        }
        let span = method.authorization.span == .none ? method.verb.span : method.authorization.span
        context.unsupported(
            CompileDiagnostics.authorizationUnsupported,
            "\(what) is not executed yet; \(method.verb.value.rawValue) \(resource.path.value) denies every request",
            at: span)
        return [.deny(type, reason: "\(what) is not executed by this version")]
    }
}
