import PorticoPrograms
import Testing

@Suite("Resource policies with other mechanisms")
struct PolicyCombinationTests {
    typealias Decision = PolicyDecision

    // Source: API Gateway guide, "How API Gateway resource policies affect authorization workflow", tables A and B.
    static let tables: [(identity: Decision, resource: Decision, same: Decision, other: Decision)] = [
        (.allow, .allow, .allow, .allow),
        (.allow, .implicitDeny, .allow, .implicitDeny),
        (.allow, .explicitDeny, .explicitDeny, .explicitDeny),
        (.implicitDeny, .allow, .allow, .implicitDeny),
        (.implicitDeny, .implicitDeny, .implicitDeny, .implicitDeny),
        (.implicitDeny, .explicitDeny, .explicitDeny, .explicitDeny),
        (.explicitDeny, .allow, .explicitDeny, .explicitDeny),
        (.explicitDeny, .implicitDeny, .explicitDeny, .explicitDeny),
        (.explicitDeny, .explicitDeny, .explicitDeny, .explicitDeny),
    ]

    @Test("Tables A and B", arguments: tables)
    func table(identity: Decision, resource: Decision, same: Decision, other: Decision) {
        #expect(PolicyCombination.sameAccount(identity: identity, resource: resource) == same)
        #expect(PolicyCombination.otherAccount(identity: identity, resource: resource) == other)
        #expect(PolicyCombination.lambdaAuthorizer(policy: identity, resource: resource) == same)
        #expect(PolicyCombination.cognitoAuthorizer(resource: resource) == resource)
        #expect(PolicyCombination.noAuthorizer(resource: resource) == resource)
    }

    @Test("Without a resource policy", arguments: Decision.allCases)
    func none(identity: Decision) {
        #expect(PolicyCombination.sameAccount(identity: identity, resource: nil) == identity)
        let other = PolicyCombination.otherAccount(identity: identity, resource: nil)
        #expect(other == (identity == .explicitDeny ? .explicitDeny : .implicitDeny))
        #expect(PolicyCombination.noAuthorizer(resource: nil) == .allow)
        #expect(PolicyCombination.cognitoAuthorizer(resource: nil) == .allow)
    }

    @Test("A Lambda authorizer is not called when the resource policy denies already")
    func phases() {
        #expect(!PolicyCombination.callsAuthorizer(resource: .explicitDeny))
        for decision in [PolicyDecision.allow, .implicitDeny, nil] {
            #expect(PolicyCombination.callsAuthorizer(resource: decision))
        }
    }
}
