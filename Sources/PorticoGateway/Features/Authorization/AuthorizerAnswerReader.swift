// Hot: once per answer of an authorizer's function. Allocates: the answer.

internal import PorticoPrograms

/// Reads the answer of an authorizer's function: `principalId`, `policyDocument`, `context`, `usageIdentifierKey`; of one
/// with simple responses `isAuthorized` and `context`.
///
/// Source: reference, "Lambda authorizers (REST)" (3.4) and "Lambda authorizer (HTTP API)" (1.10); API Gateway guide,
/// "Output from an API Gateway Lambda authorizer".
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
        _ bytes: UnsafeRawBufferPointer, _ tape: JSONTape, _ format: AuthorizerProgram.Format
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
        var context = Context()
        if let node = member("context") {
            // Source: reference, 1.10: any JSON in format 2.0.
            let problem = context.read(node, tape, takesContainers: format == .http2 || format == .http2Simple)
            if let problem { return .failure(problem) }
        }
        if format == .http2Simple {
            guard let verdict = member("isAuthorized"), tape.kind(verdict) == .true || tape.kind(verdict) == .false
            else { return .failure(Problem(reason: "'isAuthorized' is no boolean")) }
            return .success(
                LambdaAuthorizer.Answer(
                    principal: [], ruling: .verdict(tape.kind(verdict) == .true), context: context.texts,
                    contextJSON: context.json, usageIdentifierKey: nil))
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
        var key: [UInt8]?
        if let node = member("usageIdentifierKey") {
            guard tape.kind(node).isString else {
                return .failure(Problem(reason: "'usageIdentifierKey' is no text"))
            }
            key = Array(tape.text(node).utf8)
        }
        return .success(
            LambdaAuthorizer.Answer(
                principal: Array(tape.text(principal).utf8), ruling: .policy(policy), context: context.texts,
                contextJSON: format == .rest ? [] : context.json, usageIdentifierKey: key))
    }

    /// `context` of an answer.
    private struct Context {
        /// Names and values, values as text.
        var texts: [(name: [UInt8], value: [UInt8])] = []
        /// As it came.
        var json: [UInt8] = []

        mutating func read(_ node: NodeIndex, _ tape: JSONTape, takesContainers: Bool) -> Problem? {
            guard tape.kind(node) == .object else { return Problem(reason: "'context' is no object") }
            let output = OutputBuffer(capacity: 256)
            for (name, value) in tape.members(node) {
                switch tape.kind(value) {
                case .null: continue
                case .object, .array:
                    guard takesContainers else {
                        return Problem(reason: "'context' has an object or a list in it")
                    }
                default: break
                }
                guard texts.count < AuthorizerAnswerReader.longestContext else {
                    return Problem(reason: "'context' has too many members")
                }
                output.reset()
                if tape.kind(value).isContainer {
                    tape.emit(value, into: output)
                } else {
                    tape.appendString(value, into: output)
                }
                texts.append((Array(tape.text(name).utf8), Array(output.bytes)))
            }
            output.reset()
            tape.emit(node, into: output)
            json = Array(output.bytes)
            return nil
        }
    }
}
