import PorticoSyntax

@testable import PorticoPrograms

/// Short ways to compile policies and to ask them.
enum PolicyFixture {
    static let api = "arn:aws:execute-api:us-east-1:123456789012:abc123"
    static let expansion = PolicyExpansion(region: "us-east-1", account: "123456789012", apiID: "abc123")

    static func value(_ text: String) -> JSONValue { SchemaFixture.value(text) }

    /// A policy of these statements, with variables.
    static func policy(_ statements: String, version: String = "2012-10-17") -> String {
        "{\"Version\":\"\(version)\",\"Statement\":[\(statements)]}"
    }

    /// A policy that allows calls of the API under a condition.
    static func conditional(_ condition: String) -> String {
        policy("{\"Effect\":\"Allow\",\"Action\":\"execute-api:Invoke\",\"Resource\":\"*\",\"Condition\":\(condition)}")
    }

    static func compile(
        _ text: String, _ kind: PolicyKind = .identity, _ expansion: PolicyExpansion? = nil
    ) -> (program: PolicyProgram?, problems: [PolicyProblem]) {
        PolicyCompiler.compile(value(text), kind: kind, expansion: expansion)
    }

    /// What a policy says of a request; `nil` when it has no program.
    static func decide(
        _ policy: String, _ kind: PolicyKind = .identity, _ request: PolicyCase = PolicyCase()
    ) -> PolicyDecision? {
        guard let program = compile(policy, kind, expansion).program else { return nil }
        return PolicyMachine().evaluate(program, request.request)
    }

    /// The problems as `pointer message`, fatal ones with `!`.
    static func problems(
        _ text: String, _ kind: PolicyKind = .identity, _ expansion: PolicyExpansion? = nil
    ) -> [String] {
        compile(text, kind, expansion).problems.map { "\($0.isFatal ? "!" : "")\($0.pointer) \($0.message)" }
    }

    static func encode(_ program: PolicyProgram) -> [UInt8] {
        var writer = ByteWriter()
        program.encode(into: &writer)
        return writer.bytes
    }
}

/// A request by its texts.
struct PolicyCase: Sendable {
    var action = "execute-api:Invoke"
    var resource = PolicyFixture.api + "/prod/GET/pets"
    var kind = PolicyPrincipalKind.anonymous
    var name = ""
    var account = ""
    var context: [String: [String]] = [:]

    static func caller(_ arn: String) -> PolicyCase {
        var request = PolicyCase()
        request.name = arn
        request.kind = Array(arn.utf8).withUnsafeBytes { PolicyPrincipalKind(arn: $0) } ?? .anonymous
        let sections = arn.split(separator: ":", omittingEmptySubsequences: false)
        request.account = sections.count > 4 ? String(sections[4]) : ""
        return request
    }

    static func context(_ context: [String: [String]]) -> PolicyCase {
        var request = PolicyCase()
        request.context = context
        return request
    }

    var request: PolicyRequest {
        let request = PolicyRequest()
        fill(request)
        return request
    }

    func fill(_ request: PolicyRequest) {
        request.reset()
        Array(action.utf8).withUnsafeBytes { request.setAction($0) }
        Array(resource.utf8).withUnsafeBytes { request.setResource($0) }
        Array(name.utf8).withUnsafeBytes { name in
            Array(account.utf8).withUnsafeBytes { request.setPrincipal(kind, name: name, account: $0) }
        }
        for (name, values) in context {
            guard let (key, tag) = PolicyKey.find(name) else { continue }
            for value in values {
                Array(value.utf8).withUnsafeBytes { value in
                    if key == .principalTag {
                        Array(tag.utf8).withUnsafeBytes { request.setPrincipalTag($0, value) }
                    } else {
                        request.add(key, value)
                    }
                }
            }
        }
    }
}
