import Measurement
import PorticoPrograms
import PorticoSyntax

/// Time to evaluate a policy of three statements, to fill the request as well, and to compile what a Lambda authorizer
/// answered.
enum PolicyEvaluation {
    static let runs = 5
    static let evaluations = 200_000

    private static let api = "arn:aws:execute-api:us-east-1:123456789012:abc123"
    private static let policy = """
        {"Version":"2012-10-17","Statement":[
        {"Effect":"Deny","Action":"execute-api:Invoke","Resource":"\(api)/prod/DELETE/*"},
        {"Effect":"Allow","Action":"execute-api:Invoke","Resource":"\(api)/*/GET/pets"},
        {"Effect":"Deny","Action":"execute-api:*","Resource":"\(api)/*",
        "Condition":{"NotIpAddress":{"aws:SourceIp":["10.0.0.0/8","192.168.0.0/16"]}}}]}
        """

    static func run() -> Bool {
        let text = Array(policy.utf8)
        let tape = JSONTape()
        let machine = PolicyMachine()
        let request = PolicyRequest()
        let action = Array("execute-api:Invoke".utf8)
        let resource = Array("\(api)/prod/GET/pets".utf8)
        let address = Array("10.1.2.3".utf8)
        func fill() {
            request.reset()
            action.withUnsafeBytes { request.setAction($0) }
            resource.withUnsafeBytes { request.setResource($0) }
            address.withUnsafeBytes { request.set(.sourceIP, $0) }
        }
        func compile() -> PolicyProgram? {
            text.withUnsafeBytes { text in
                guard tape.parse(text) == .ok else { return nil }
                return PolicyCompiler.compile(tape, at: tape.root).program
            }
        }
        guard let program = compile() else { return false }
        fill()
        var allowed = 0
        let evaluation = Measurement.median(runs: runs) {
            for _ in 0..<evaluations where machine.evaluate(program, request) == .allow { allowed += 1 }
        }
        let filling = Measurement.median(runs: runs) {
            for _ in 0..<evaluations {
                fill()
                if machine.evaluate(program, request) == .allow { allowed += 1 }
            }
        }
        let compilation = Measurement.median(runs: runs) {
            for _ in 0..<evaluations / 100 where compile() != nil { allowed += 100 }
        }
        let count = Double(evaluations)
        let results = [
            Measurement.report("policy of 3 statements, evaluated", evaluation / count, "ns", limit: 500),
            Measurement.report("request filled and policy evaluated", filling / count, "ns", limit: 1_000),
            Measurement.report(
                "policy of 3 statements, parsed and compiled", compilation / count / 10, "µs", limit: 100),
        ]
        return results.allSatisfy { $0 } && allowed == evaluations * 3 * (runs + 1)
    }
}
