import PorticoPrograms
import PorticoSyntax

extension FuzzTarget {
    /// IAM policies.
    public static let policy = FuzzTarget(
        "policy",
        "compiles a policy (before the separator) and asks it about a request (after it): caller, resource, KEY=VALUE lines",
        dictionary: "policy.dict"
    ) {
        let policy = FuzzPolicy()
        return { (input: UnsafeRawBufferPointer) throws(FuzzFinding) in
            let (text, request) = fuzzParts(input)
            guard let value = JSONValue(parsing: String(decoding: text, as: UTF8.self)) else { return }
            policy.fill(request)
            for kind in PolicyKind.allCases {
                let expansion = PolicyExpansion(region: "us-east-1", account: "123456789012", apiID: "abc123")
                let (program, problems) = PolicyCompiler.compile(value, kind: kind, expansion: expansion)
                try require(
                    (program == nil) == problems.contains { $0.isFatal }, "a program and a fatal problem, or neither")
                for problem in problems {
                    try require(
                        problem.pointer.isEmpty || problem.pointer.utf8.first == 0x2F,
                        "'\(problem.message)' stands at '\(problem.pointer)'")
                }
                if let program { try policy.check(program, damage: request) }
            }
        }
    }
}

/// A machine and a request that are used again and again.
private final class FuzzPolicy {
    private let machine = PolicyMachine()
    private let request = PolicyRequest()

    /// Reads the caller's ARN, the resource, and keys with their values, a line each.
    func fill(_ input: UnsafeRawBufferPointer) {
        request.reset()
        request.setTime(epochSeconds: 1_769_860_800)
        Array("execute-api:Invoke".utf8).withUnsafeBytes { request.setAction($0) }
        for (number, line) in input.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            let line = UnsafeRawBufferPointer(rebasing: line)
            switch number {
            case 0:
                let account = line.split(separator: 0x3A, omittingEmptySubsequences: false).dropFirst(4).first
                request.setPrincipal(
                    PolicyPrincipalKind(arn: line) ?? .anonymous, name: line,
                    account: account.map { UnsafeRawBufferPointer(rebasing: $0) }
                        ?? UnsafeRawBufferPointer(start: nil, count: 0))
                request.setPrincipalKeys()
            case 1: request.setResource(line)
            default:
                guard let mark = line.firstIndex(of: 0x3D) else { continue }
                let value = UnsafeRawBufferPointer(rebasing: line[(mark + 1)...])
                let name = String(decoding: line[..<mark], as: UTF8.self)
                guard let (key, tag) = PolicyKey.find(name) else { continue }
                if key == .principalTag {
                    Array(tag.utf8).withUnsafeBytes { request.setPrincipalTag($0, value) }
                } else {
                    request.add(key, value)
                }
            }
        }
    }

    func check(_ program: PolicyProgram, damage: UnsafeRawBufferPointer) throws(FuzzFinding) {
        try FuzzCoding.check(program, { $0.encode(into: &$1) }) { reader throws(ProgramDecodingError) in
            try PolicyProgram(decoding: &reader)
        }
        let decision = machine.evaluate(program, request)
        let hasGivenUp = machine.hasGivenUp
        try require(machine.evaluate(program, request) == decision, "decides otherwise the second time")
        try require(!hasGivenUp || decision == .explicitDeny, "gave up, and did not deny")
        let statement = machine.decidingStatement
        try require(
            hasGivenUp || (statement == nil) == (decision == .implicitDeny),
            "\(decision) by \(String(describing: statement))")
        if let statement { try require(statement < program.statementCount, "a statement that there is not") }
        if !hasGivenUp {
            let together = machine.evaluate([program, program], request)
            try require(machine.hasGivenUp || together == decision, "\(decision), and twice together \(together)")
        }
        _ = program.disassemble()
        try runDamaged(program, damage)
    }

    /// A byte is changed, at a place and to a value that the request's bytes give; what verifies must run.
    private func runDamaged(_ program: PolicyProgram, _ damage: UnsafeRawBufferPointer) throws(FuzzFinding) {
        var writer = ByteWriter()
        program.encode(into: &writer)
        var bytes = writer.bytes
        let hash = damage.reduce(17) { ($0 &* 31 &+ Int($1)) & 0xFF_FFFF }
        bytes[hash % bytes.count] ^= UInt8(truncatingIfNeeded: 1 + hash >> 12)
        var reader = ByteReader(bytes)
        guard let damaged = try? PolicyProgram(decoding: &reader) else { return }
        _ = machine.evaluate(damaged, request)
        _ = damaged.disassemble()
    }
}
