import FoundationEssentials
import Glibc
import PorticoSyntax
import Testing

@testable import PorticoPrograms

/// The machine against `Tests/PolicyOracle/evaluate.py`, which was written from the guide and knows nothing of programs.
@Suite("Policies against another evaluator")
struct PolicyDifferentialTests {
    @Test("10,000 random policies decide random requests as the other evaluator does")
    func agreement() throws {
        var random = SchemaRandom(seed: 20_121_017)
        let machine = PolicyMachine()
        let request = PolicyRequest()
        var lines: [UInt8] = []
        var cases: [String] = []
        var decisions: [PolicyDecision] = []
        for _ in 0..<10_000 {
            let kind = PolicyKind.allCases.randomElement(using: &random) ?? .identity
            let subject = PolicyGenerator.request(&random)
            let count = Int.random(in: 1...2, using: &random)
            let policies = (0..<count).map { _ in PolicyGenerator.policy(kind, &random) }
            var programs: [PolicyProgram] = []
            for policy in policies {
                let (program, problems) = PolicyCompiler.compile(policy, kind: kind)
                guard let program else {
                    Issue.record("\(problems) in \(JSONWriter.compact(policy))")
                    return
                }
                // What the snapshot gives back is what runs.
                var reader = ByteReader(PolicyFixture.encode(program))
                let copy = try PolicyProgram(decoding: &reader)
                #expect(copy == program && copy.keys == program.keys)
                programs.append(copy)
            }
            subject.fill(request)
            let deniesOnly = count == 1 && Int.random(in: 0..<4, using: &random) == 0
            if deniesOnly {
                let isDenied = machine.evaluate(programs[0], request) == .explicitDeny
                decisions.append(isDenied ? .explicitDeny : .implicitDeny)
            } else if count == 1 {
                decisions.append(machine.evaluate(programs[0], request))
            } else {
                decisions.append(machine.evaluate(programs, request))
            }
            let line = JSONWriter.compact(PolicyGenerator.line(policies, subject, deniesOnly))
            cases.append(line)
            lines.append(contentsOf: line.utf8)
            lines.append(0x0A)
        }
        let answers = try Self.oracle(lines)
        try #require(answers.count == decisions.count)
        let different = zip(answers, decisions).enumerated().filter { $0.element.0 != "\($0.element.1)" }
        #expect(different.isEmpty, "\(different.count) differ")
        for (index, pair) in different.prefix(5) {
            Issue.record("evaluator: \(pair.0), machine: \(pair.1): \(cases[index])")
        }
        // A generator whose policies all say the same would compare nothing.
        for decision in PolicyDecision.allCases {
            #expect(decisions.count { $0 == decision } > 1000, "\(decision) \(decisions.count { $0 == decision })")
        }
    }

    /// One answer for each line.
    static func oracle(_ lines: [UInt8]) throws -> [Substring] {
        let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(
            separator: "/")
        let script = folder + "/PolicyOracle/evaluate.py"
        let input = FileManager.default.temporaryDirectory.appending(path: "portico-policies-\(getpid()).jsonl")
        defer { try? FileManager.default.removeItem(at: input) }
        try Data(lines).write(to: input)
        let pipe = try #require(popen("python3 '\(script)' < '\(input.path(percentEncoded: false))'", "r"))
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = fread(&buffer, 1, buffer.count, pipe)
            if count == 0 { break }
            answer.append(contentsOf: buffer[..<count])
        }
        #expect(pclose(pipe) == 0, "the evaluator failed")
        return String(decoding: answer, as: UTF8.self).split(separator: "\n")
    }
}
