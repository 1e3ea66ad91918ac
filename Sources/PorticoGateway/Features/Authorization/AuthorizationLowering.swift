internal import PorticoIR
internal import PorticoSyntax

/// Who may call a method: one step, none for open methods of an API without resource policy.
enum AuthorizationLowering {
    static func steps(
        _ method: Method, _ resource: Resource, _ context: inout LoweringContext
    ) -> [FilterStep] {
        let span = method.authorization.span == .none ? method.verb.span : method.authorization.span
        switch method.authorization.value {
        case .none:
            return context.description.policy == nil ? [] : [.access(.open)]
        case .iam:
            return [.access(.iam)]
        case .custom(let name, let scopes), .cognitoUserPools(let name, let scopes), .jwt(let name, let scopes):
            guard let index = context.authorizers[name] else {
                return deny("authorizer '\(name)', which cannot be read", method, resource, at: span, &context)
            }
            return [.access(.authorizer(index, scopes: scopes))]
        case .unsupported(let scheme):
            return deny("security scheme '\(scheme)'", method, resource, at: span, &context)
        }
    }

    /// A protection that is declared and not enforced would be worse than none.
    private static func deny(
        _ what: String, _ method: Method, _ resource: Resource, at span: SourceSpan, _ context: inout LoweringContext
    ) -> [FilterStep] {
        context.unsupported(
            CompileDiagnostics.authorizationUnsupported,
            "\(what) is not executed; \(method.verb.value.rawValue) \(resource.path.value) denies every request",
            at: span)
        return [.deny(.accessDenied, reason: "\(what) is not executed")]
    }
}
