import PorticoIR
import PorticoTestSupport
import Testing

@testable import PorticoGateway

@Suite("Canaries, over sockets")
struct ConformanceCanaryTests {
    private static let template =
        "$stageVariables.one|$stageVariables.two|$stageVariables.new|$context.isCanaryRequest|$context.stage"

    private static func document(_ canary: String?) -> String {
        let settings = canary.map { ", canarySettings: \($0)" } ?? ""
        return spec(
            root: "x-portico-stages: {prod: {variables: {one: a, two: b}\(settings)}}",
            [SpecOperation("GET /", mock(template)), SpecOperation("GET /ip", mock("${stageVariables.one}"))])
    }

    @Test(
        "Overrides are laid over the stage's variables, for the canary's requests alone",
        arguments: [
            (nil, "a|b|||prod"),
            ("{percentTraffic: 0, stageVariableOverrides: {one: x, new: n}}", "a|b||false|prod"),
            ("{percentTraffic: 100, stageVariableOverrides: {one: x, new: n}}", "x|b|n|true|prod"),
            ("{percentTraffic: 100}", "a|b||true|prod"),
            ("{}", "a|b||false|prod"),
        ] as [(String?, String)])
    func variables(_ canary: String?, _ expected: String) async throws {
        try await withGateway(Self.document(canary)) { gateway in
            let seen = try (0..<20).map { _ in try gateway.request("GET", "/prod/").text }
            #expect(seen == Array(repeating: expected, count: 20))
        }
    }

    @Test("A part of the requests is the canary's, with fractions of a percent", arguments: [0.4, 12.5, 50, 99.9])
    func split(_ percent: Double) {
        let share = CanaryShare(percent: percent)
        var random = IdentifierGenerator()
        let count = 1_000_000
        var taken = 0
        for _ in 0..<count where share.takes(random.next()) { taken += 1 }
        let expected = percent / 100 * Double(count)
        // Five standard deviations.
        let deviation = (expected * (1 - percent / 100)).squareRoot()
        #expect(abs(Double(taken) - expected) < 5 * deviation)
    }

    @Test("A promoted or removed canary counts with the next request")
    func change() async throws {
        try await withGateway(Self.document("{percentTraffic: 100, stageVariableOverrides: {one: x}}")) { gateway in
            #expect(try gateway.request("GET", "/prod/").text == "x|b||true|prod")
            try await gateway.install(Self.document("{percentTraffic: 0, stageVariableOverrides: {one: x}}"))
            #expect(try gateway.request("GET", "/prod/").text == "a|b||false|prod")
            try await gateway.install(Self.document(nil))
            #expect(try gateway.request("GET", "/prod/").text == "a|b|||prod")
        }
    }

    @Test("Limits are those of the stage, whichever version answers")
    func limits() async throws {
        let root = """
            x-portico-stages:
              prod:
                methodSettings: {"*/*": {throttlingRateLimit: 0.001, throttlingBurstLimit: 20}}
                canarySettings: {percentTraffic: 50}
            """
        try await withGateway(spec(root: root, [SpecOperation("GET /", mock("$context.isCanaryRequest"))])) { gateway in
            let answers = try (0..<40).map { _ in try gateway.request("GET", "/prod/") }
            #expect(answers.filter { $0.status == 200 }.count == 20)
            #expect(answers.filter { $0.status == 429 }.count == 20)
        }
    }
}
