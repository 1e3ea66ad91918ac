import PorticoIR
import Synchronization
import Testing

@testable import PorticoGateway

/// Which requests are recorded. Source: reference, "X-Ray sampling" (4.7); X-Ray guide, "Configure sampling rules".
@Suite("Sampling rules")
struct SamplingTests {
    private struct Request: SampledRequest {
        private let host: [UInt8]
        private let method: [UInt8]
        private let path: [UInt8]
        private let headers: [String: [UInt8]]
        private let storage: UnsafeMutableRawBufferPointer

        init(_ method: String = "GET", _ path: String = "/", host: String = "h", headers: [String: String] = [:]) {
            self.host = Array(host.utf8)
            self.method = Array(method.utf8)
            self.path = Array(path.utf8)
            self.headers = headers.mapValues { Array($0.utf8) }
            let texts =
                [self.host, self.method, self.path] + headers.sorted { $0.key < $1.key }.map { Array($0.value.utf8) }
            storage = .allocate(byteCount: texts.reduce(0) { $0 + $1.count } + 1, alignment: 1)
            var at = 0
            for text in texts {
                UnsafeMutableRawBufferPointer(rebasing: storage[at...]).copyBytes(from: text)
                at += text.count
            }
        }

        func free() { storage.deallocate() }

        private func piece(_ start: Int, _ count: Int) -> UnsafeRawBufferPointer {
            UnsafeRawBufferPointer(rebasing: storage[start..<start + count])
        }

        var samplingHost: UnsafeRawBufferPointer { piece(0, host.count) }
        var samplingMethod: UnsafeRawBufferPointer { piece(host.count, method.count) }
        var samplingPath: UnsafeRawBufferPointer { piece(host.count + method.count, path.count) }

        func samplingHeader(_ lowerName: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
            let name = String(decoding: lowerName, as: UTF8.self)
            var at = host.count + method.count + path.count
            for (key, value) in headers.sorted(by: { $0.key < $1.key }) {
                if key == name { return piece(at, value.count) }
                at += value.count
            }
            return nil
        }
    }

    private final class Counter: Sendable {
        let count = Atomic<Int>(0)
    }

    private func decide(
        _ program: SamplingProgram, _ request: Request = Request(), second: Int = 100, random: UInt64 = .max
    ) -> SamplingProgram.Decision {
        defer { request.free() }
        return program.decide(request, second: second, random: random)
    }

    private static let place = SamplingProgram.Place(
        serviceName: "Pets/prod", resourceARN: "arn:aws:apigateway:us-east-1::/restapis/abc/stages/prod")

    private func rule(_ name: String, _ priority: Int, _ change: (inout SamplingRule) -> Void = { _ in })
        -> SamplingRule
    {
        var rule = SamplingRule(ruleName: name, priority: priority, reservoirSize: 0, fixedRate: 0)
        change(&rule)
        return rule
    }

    @Test(
        "patterns",
        arguments: [
            ("*", "", true), ("*", "anything", true), ("?", "a", true), ("?", "", false), ("?", "ab", false),
            ("?", "é", true),
            ("a*c", "abbc", true), ("a*c", "ac", true), ("a*c", "acb", false),
            ("*.example.com", "api.Example.COM", true),
            ("*.example.com", "example.com", false), ("GET", "get", true), ("a**b", "ab", true), ("", "", true),
            ("", "a", false), ("/pets/*/toys", "/pets/1/2/toys", true), ("/pets/?", "/pets/10", false),
            ("*a*b*c", "xxaxxbxxc", true), ("*a*b*c", "xxaxxcxxb", false), ("É", "é", false),
        ])
    func patterns(_ pattern: String, _ text: String, _ expected: Bool) {
        #expect(Array(text.utf8).withUnsafeBytes { SamplingPattern(pattern).matches($0) } == expected)
    }

    @Test("a pattern of many stars ends soon on a text that nearly matches")
    func slowPattern() {
        let pattern = SamplingPattern(String(repeating: "*a", count: 60) + "b")
        let text = [UInt8](repeating: UInt8(ascii: "a"), count: 8000)
        let start = monotonicMilliseconds()
        #expect(!text.withUnsafeBytes { pattern.matches($0) })
        #expect(monotonicMilliseconds() - start < 2000)
    }

    @Test("rules are tried by priority, and of one priority in their order")
    func order() {
        let program = SamplingProgram(
            [
                rule("late", 20), rule("first", 5) { $0.urlPath = "/a*" }, rule("second", 5) { $0.urlPath = "/ab" },
                rule("post", 1) { $0.httpMethod = "POST" },
            ], at: Self.place)
        #expect(program.rules.map(\.name) == ["post", "first", "second", "late", "Default"])
        #expect(decide(program, Request("POST", "/ab")).rule == 0)
        #expect(decide(program, Request("GET", "/ab")).rule == 1)
        #expect(decide(program, Request("GET", "/b")).rule == 3)
    }

    @Test("rules of other services, stages and kinds are left out")
    func places() {
        let rules = [
            rule("a", 1) { $0.serviceName = "pets/*" }, rule("b", 2) { $0.serviceName = "pets/dev" },
            rule("c", 3) { $0.serviceType = "AWS::ApiGateway::*" },
            rule("d", 4) { $0.serviceType = "AWS::EC2::Instance" },
            rule("e", 5) { $0.resourceARN = "arn:aws:apigateway:*::/restapis/abc/*" },
            rule("f", 6) { $0.resourceARN = "arn:aws:apigateway:*::/restapis/abd/*" },
        ]
        #expect(SamplingProgram(rules, at: Self.place).rules.map(\.name) == ["a", "c", "e", "Default"])
    }

    @Test("host and headers are looked at")
    func requests() {
        let program = SamplingProgram(
            [
                rule("both", 1) {
                    $0.attributes = [
                        SamplingAttribute(name: "X-A", pattern: "b*"), SamplingAttribute(name: "x-c", pattern: "?"),
                    ]
                }, rule("host", 2) { $0.host = "*.example.com" },
            ], at: Self.place)
        func name(_ request: Request) -> String { program.rules[decide(program, request).rule].name }
        #expect(name(Request(headers: ["x-a": "Bear", "x-c": "1"])) == "both")
        #expect(name(Request(headers: ["x-a": "Bear", "x-c": "12"])) == "Default")
        #expect(name(Request(headers: ["x-a": "Bear"])) == "Default")
        #expect(name(Request(host: "a.example.com", headers: ["x-a": "c", "x-c": "1"])) == "host")
    }

    @Test("without rules one request a second and five in a hundred of the others are recorded")
    func standard() {
        let program = SamplingProgram([], at: Self.place)
        #expect(decide(program, second: 1) == SamplingProgram.Decision(isSampled: true, rule: 0))
        #expect(!decide(program, second: 1).isSampled)
        #expect(decide(program, second: 2).isSampled)
        let limit = UInt64(0.05 * 18_446_744_073_709_551_616.0)
        #expect(decide(program, second: 2, random: limit - 1).isSampled)
        #expect(!decide(program, second: 2, random: limit).isSampled)
    }

    @Test("the default rule of an account replaces the built-in one")
    func accountDefault() {
        var own = rule("Default", 10_000)
        own.fixedRate = 1
        let program = SamplingProgram([own], at: Self.place)
        #expect(program.rules.count == 1)
        #expect(decide(program).isSampled)
    }

    @Test("rates of 0 and 1 have no exceptions")
    func ends() {
        let all = SamplingProgram([rule("a", 1) { $0.fixedRate = 1 }], at: Self.place)
        let none = SamplingProgram([rule("a", 1)], at: Self.place)
        for random in [0, 1, UInt64.max / 2, .max] {
            #expect(decide(all, random: random).isSampled)
            #expect(!decide(none, random: random).isSampled)
        }
    }

    @Test("a reservoir holds its number a second, and a clock that is behind takes of the newer second")
    func reservoir() {
        let reservoir = SamplingReservoir(size: 3)
        #expect((0..<5).map { _ in reservoir.take(second: 10) } == [true, true, true, false, false])
        #expect(reservoir.take(second: 11))
        #expect(reservoir.take(second: 10))
        #expect(reservoir.take(second: 11))
        #expect(!reservoir.take(second: 10))
        #expect(!reservoir.take(second: 11))
        #expect(!SamplingReservoir(size: 0).take(second: 1))
    }

    @Test("a reservoir that many threads share gives exactly its number")
    func contention() async {
        let reservoir = SamplingReservoir(size: 1000)
        let taken = Counter()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<2000 where reservoir.take(second: 7) { taken.count.add(1, ordering: .relaxed) }
                }
            }
        }
        #expect(taken.count.load(ordering: .relaxed) == 1000)
    }
}
