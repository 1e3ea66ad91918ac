// Hot: once per answer of an authorizer's function. Allocates: the answer.

internal import PorticoPrograms

/// Reads the answer of an authorizer's function: `principalId`, `policyDocument`, `context`, `usageIdentifierKey`.
///
/// Source: reference, "Lambda authorizers (REST)" (3.4); API Gateway guide, "Output from an API Gateway Lambda
/// authorizer".
enum AuthorizerAnswerReader {
    struct Problem: Error {
        var reason: String
    }

    /// Most members of `context`.
    private static let longestContext = 1000
    /// Most bytes of an answer. Source: none; policies have at most 8,192 characters, and headers that come of the rest
    /// 10,240.
    private static let longestAnswer = 64 << 10

    static func read(
        _ bytes: UnsafeRawBufferPointer, _ tape: JSONTape
    ) -> Result<LambdaAuthorizer.Answer, Problem> {
        guard bytes.count <= longestAnswer else { return .failure(Problem(reason: "it is too long")) }
        guard case .ok = tape.parse(bytes), tape.kind(tape.root) == .object else {
            return .failure(Problem(reason: "it is no JSON object"))
        }
        func member(_ name: StaticString) -> NodeIndex? {
            guard let node = tape.member(tape.root, named: name.signedBytes), tape.kind(node) != .null else {
                return nil
            }
            return node
        }
        guard let principal = member("principalId"), !tape.kind(principal).isContainer else {
            return .failure(Problem(reason: "there is no 'principalId'"))
        }
        guard let document = member("policyDocument"), tape.kind(document) == .object else {
            return .failure(Problem(reason: "there is no 'policyDocument'"))
        }
        let compiled = PolicyCompiler.compile(tape, at: document)
        guard let policy = compiled.program else {
            let problem = compiled.problems.first { $0.isFatal }
            return .failure(Problem(reason: "the policy: \(problem?.message ?? "") at '\(problem?.pointer ?? "")'"))
        }
        var context: [(name: [UInt8], value: [UInt8])] = []
        if let node = member("context") {
            guard tape.kind(node) == .object else { return .failure(Problem(reason: "'context' is no object")) }
            for (name, value) in tape.members(node) {
                switch tape.kind(value) {
                case .null: continue
                case .object, .array:
                    return .failure(Problem(reason: "'context' has an object or a list in it"))
                default:
                    guard context.count < longestContext else {
                        return .failure(Problem(reason: "'context' has too many members"))
                    }
                    context.append((Array(tape.text(name).utf8), Array(tape.text(value).utf8)))
                }
            }
        }
        var key: [UInt8]?
        if let node = member("usageIdentifierKey") {
            guard tape.kind(node).isString else {
                return .failure(Problem(reason: "'usageIdentifierKey' is no text"))
            }
            key = Array(tape.text(node).utf8)
        }
        return .success(
            LambdaAuthorizer.Answer(
                principal: Array(tape.text(principal).utf8), policy: policy, context: context, usageIdentifierKey: key))
    }
}
