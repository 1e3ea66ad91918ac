// Hot: once per request that a policy decides. Allocates: nothing.

/// What a policy, or several together, say of a request.
public enum PolicyDecision: UInt8, Sendable, Hashable, CaseIterable {
    /// A statement allows it, none denies it.
    case allow
    /// A statement denies it.
    case explicitDeny
    /// No statement is about it.
    case implicitDeny
}

/// How a resource policy and the other mechanism of a method come to one decision.
///
/// *Source:* API Gateway guide, "How API Gateway resource policies affect authorization workflow", tables A, B and C.
public enum PolicyCombination {
    /// Table A: IAM with caller and API in one account, and Lambda authorizers. Either side may allow.
    ///
    /// `resource` is `nil` for an API without a resource policy.
    public static func sameAccount(identity: PolicyDecision, resource: PolicyDecision?) -> PolicyDecision {
        if identity == .explicitDeny || resource == .explicitDeny { return .explicitDeny }
        return identity == .allow || resource == .allow ? .allow : .implicitDeny
    }

    /// Table B: IAM with a caller of another account. Both sides must allow.
    public static func otherAccount(identity: PolicyDecision, resource: PolicyDecision?) -> PolicyDecision {
        if identity == .explicitDeny || resource == .explicitDeny { return .explicitDeny }
        return identity == .allow && resource == .allow ? .allow : .implicitDeny
    }

    /// Whether a Lambda authorizer is called at all: not when the resource policy already denies explicitly.
    public static func callsAuthorizer(resource: PolicyDecision?) -> Bool { resource != .explicitDeny }

    /// After a Lambda authorizer's policy was evaluated: table A.
    public static func lambdaAuthorizer(policy: PolicyDecision, resource: PolicyDecision?) -> PolicyDecision {
        sameAccount(identity: policy, resource: resource)
    }

    /// After a Cognito authorizer took the token: the resource policy, if there is one, must allow.
    ///
    /// The guide's text says so, though a caption of table A lists Cognito too.
    public static func cognitoAuthorizer(resource: PolicyDecision?) -> PolicyDecision { resource ?? .allow }

    /// Without an authorizer: the resource policy, if there is one, must allow.
    public static func noAuthorizer(resource: PolicyDecision?) -> PolicyDecision { resource ?? .allow }
}
