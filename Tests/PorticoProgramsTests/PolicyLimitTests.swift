import Testing

@testable import PorticoPrograms

@Suite("Limits of policies")
struct PolicyLimitTests {
    private static func matches(_ pattern: String, _ text: String) -> Bool {
        let workspace = PolicyWorkspace()
        workspace.stepsLeft = PolicyWorkspace.stepLimit
        let marks = pattern.utf8.map { $0 == 0x2A ? PolicyMark.any : $0 == 0x3F ? PolicyMark.one : $0 }
        return marks.withUnsafeBytes { marks in
            Array(text.utf8).withUnsafeBytes { PolicyGlob(workspace).matches(marks, $0) }
        }
    }

    /// By the definition, with time quadratic in the lengths.
    private static func matchesPlainly(_ pattern: String, _ text: String) -> Bool {
        let pattern = Array(pattern.unicodeScalars)
        let text = Array(text.unicodeScalars)
        var row = [Bool](repeating: false, count: text.count + 1)
        row[0] = true
        for symbol in pattern {
            var next = [Bool](repeating: false, count: text.count + 1)
            next[0] = row[0] && symbol == "*"
            for index in text.indices {
                next[index + 1] =
                    symbol == "*"
                    ? next[index] || row[index + 1] : row[index] && (symbol == "?" || symbol == text[index])
            }
            row = next
        }
        return row[text.count]
    }

    @Test("Patterns match as their definition says")
    func agreement() {
        var random = SchemaRandom(seed: 42)
        let symbols = ["a", "a", "b", "*", "*", "?", "é", "漢"]
        let letters = ["a", "a", "a", "b", "é", "漢", "😀"]
        var matched = 0
        for _ in 0..<30_000 {
            let pattern = (0..<Int.random(in: 0...8, using: &random)).map { _ in
                symbols.randomElement(using: &random) ?? ""
            }
            let text = (0..<Int.random(in: 0...12, using: &random)).map { _ in
                letters.randomElement(using: &random) ?? ""
            }
            let found = Self.matches(pattern.joined(), text.joined())
            if found { matched += 1 }
            #expect(
                found == Self.matchesPlainly(pattern.joined(), text.joined()), "\(pattern.joined()) \(text.joined())")
        }
        #expect(matched > 3000)
    }

    @Test("Pieces with many near misses are found by bits, where they are found at all")
    func nearMisses() {
        var random = SchemaRandom(seed: 43)
        for length in [3, 40, 63, 64, 65, 127, 128, 129, 200] {
            let text = String(repeating: "a", count: 700)
            for middle in ["b", "?", "é", "?b", "b?"] {
                let piece = String(repeating: "a", count: length) + middle + String(repeating: "?", count: length % 3)
                for tail in ["", "b", "éa", "baa", "aé"] {
                    let place = Int.random(in: 0...700, using: &random)
                    let subject = String(text.prefix(place)) + tail + String(text.dropFirst(place)) + "c"
                    let pattern = "*\(piece)*c"
                    #expect(
                        Self.matches(pattern, subject) == Self.matchesPlainly(pattern, subject),
                        "\(pattern) \(place) \(tail)")
                }
            }
        }
    }

    private static func milliseconds(_ body: () -> Void) -> Double {
        let clock = ContinuousClock()
        // The best of several: other work on the machine is not what is measured.
        return (0..<5).map { _ in clock.measure(body) / .milliseconds(1) }.min() ?? 0
    }

    @Test(
        "Hostile patterns and paths take no longer than their lengths allow",
        arguments: [
            (String(repeating: "a*", count: 250) + "b", String(repeating: "a", count: 8000)),
            ("*" + String(repeating: "a", count: 250) + "b*", String(repeating: "a", count: 8000)),
            ("*" + String(repeating: "?", count: 250) + "b*", String(repeating: "a", count: 8000)),
            (String(repeating: "*a?", count: 165) + "b", String(repeating: "a", count: 8000)),
            ("*" + String(repeating: "aab", count: 150) + "c*", String(repeating: "aab", count: 2600)),
        ])
    func hostile(_ pattern: String, _ path: String) throws {
        let policy = PolicyFixture.policy(
            "{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"arn:\(pattern)\"},{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\(pattern)x\"}"
        )
        let program = try #require(PolicyFixture.compile(policy, .authorizer).program)
        var subject = PolicyCase()
        subject.resource = "arn:" + path
        let request = subject.request
        let machine = PolicyMachine()
        var decision = PolicyDecision.allow
        let time = Self.milliseconds { decision = machine.evaluate(program, request) }
        #expect(decision == .implicitDeny && !machine.hasGivenUp)
        // A debug build is a hundred times slower than a release build; backtracking would take hours.
        #expect(time < 200, "\(time) ms")
    }

    @Test("A policy that would take too long denies")
    func givesUp() throws {
        // 64 KB of patterns, each of which walks along the whole path.
        let resources = (0..<4000).map { "\"*a\($0)*b\"" }.joined(separator: ",")
        let policy = PolicyFixture.policy(
            "{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":[\(resources)]},{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}"
        )
        let program = try #require(PolicyFixture.compile(policy, .authorizer).program)
        var subject = PolicyCase()
        subject.resource = String(repeating: "a", count: 10_000) + "b"
        let machine = PolicyMachine()
        #expect(machine.evaluate(program, subject.request) == .explicitDeny)
        #expect(machine.hasGivenUp && machine.decidingStatement == nil)
        // Together with others too, wherever it stands.
        let allows = try #require(
            PolicyFixture.compile(
                PolicyFixture.policy("{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}"), .authorizer
            ).program)
        #expect(machine.evaluate([program, allows], subject.request) == .explicitDeny)
        subject.resource = "arn:x"
        #expect(machine.evaluate(program, subject.request) == .allow)
        #expect(!machine.hasGivenUp)
    }

    @Test("Bytes of a request that are no UTF-8 never pass for marks of a program")
    func marks() throws {
        let policy = PolicyFixture.policy(
            "{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"arn:${aws:username}\"}")
        let program = try #require(PolicyFixture.compile(policy).program)
        let machine = PolicyMachine()
        for bytes: [UInt8] in [[0xFF], [0xFE], [0xFD, 0, 0], [0xFD], [0x80], [0xC3], [0x61, 0xFF, 0x62]] {
            let request = PolicyCase().request
            bytes.withUnsafeBytes { request.set(.userName, $0) }
            Array("arn:x".utf8).withUnsafeBytes { request.setResource($0) }
            #expect(machine.evaluate(program, request) == .implicitDeny)
            (Array("arn:".utf8) + bytes).withUnsafeBytes { request.setResource($0) }
            #expect(machine.evaluate(program, request) == .allow)
        }
    }

    @Test("Nothing of a long request is left in the next")
    func reuse() throws {
        let program = try #require(
            PolicyFixture.compile(PolicyFixture.conditional("{\"Null\":{\"aws:Referer\":true}}")).program)
        let request = PolicyRequest()
        let machine = PolicyMachine()
        PolicyCase.context(["aws:Referer": [String(repeating: "x", count: 100_000)], "aws:PrincipalTag/a": ["b"]]).fill(
            request)
        #expect(machine.evaluate(program, request) == .implicitDeny)
        PolicyCase().fill(request)
        #expect(machine.evaluate(program, request) == .allow)
        let tagged = try #require(
            PolicyFixture.compile(PolicyFixture.conditional("{\"Null\":{\"aws:PrincipalTag/a\":true}}")).program)
        #expect(machine.evaluate(tagged, request) == .allow)
    }
}
