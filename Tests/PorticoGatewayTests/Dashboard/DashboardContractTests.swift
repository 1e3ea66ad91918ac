import PorticoTestSupport
import Testing

@testable import PorticoGateway

@Suite("Dashboard: what is written")
struct DashboardContractTests {
    static let prod = DashboardStage(
        name: "prod", deployment: "k3v9qa", canary: DashboardCanary(percent: 12.5, deployment: "m81x0d"),
        hasCache: true,
        throttle: DashboardThrottle(rate: 500, burst: 1000), loggingLevel: "INFO")
    static let getPet = DashboardRoute(
        id: 0, stage: 0, method: "GET", path: "/pets/{petId}",
        integration: "HTTP_PROXY GET http://127.0.0.1:9000/pets/{petId}", authorization: "NONE", cacheSeconds: 300,
        throttle: DashboardThrottle(rate: 0.5, burst: 2), timeoutMilliseconds: 29000, operation: "getPet", line: 12)
    static let hello = DashboardHello(
        version: "0.9.0", generation: 3, started: 1_700_000_000_000, apiName: "Pets", apiID: "a1b2c3d4e5",
        region: "eu-central-1", stages: [prod], routes: [getPet],
        settings: [DashboardSetting(name: "Port", value: "8080")])
    static let timedOut = RecordedRequest(
        id: "1-f17", time: 1_700_000_060_500, durationMicroseconds: 29_000_412, status: 504, generation: 3, stage: 0,
        route: 0, requestID: "7c9e6679-7425-40de-944b-e07fc1f90ae7", verb: "GET", path: "/pets/7",
        fault: .integrationTimeout, cache: .miss, requestBytes: 210, responseBytes: 180,
        phases: [
            PassedPhase(phase: .receive, start: 0, duration: 5), PassedPhase(phase: .match, start: 5, duration: 1),
        ], log: "(7c9e6679-7425-40de-944b-e07fc1f90ae7) Method completed with status: 504\n")

    /// Examples of `docs/dashboard.md` by their headings, without blanks between tokens.
    private static func examples() throws -> [String: String] {
        var examples: [String: String] = [:]
        for section in try GoldenFile.read("docs/dashboard.md").components(separatedBy: "\n### ").dropFirst() {
            let parts = section.components(separatedBy: "```json\n")
            guard parts.count == 2, let code = parts[1].components(separatedBy: "```").first else { continue }
            examples[String(section.prefix { $0 != "\n" })] = withoutBlanks(code)
        }
        return examples
    }

    private static func withoutBlanks(_ json: String) -> String {
        var isText = false
        var isEscaped = false
        return String(
            json.filter { character in
                defer { isEscaped = isText && character == "\\" && !isEscaped }
                if character == "\"", !isEscaped { isText.toggle() }
                return isText || !character.isWhitespace
            })
    }

    @Test("examples of docs/dashboard.md are what is written")
    func documented() throws {
        let examples = try Self.examples()
        let alarm = DashboardAlarm(
            name: "errors", stage: 0, state: .alarm, since: 1_700_000_050_000, reason: "1.6 % is above 1 %")
        let bounds = DashboardBuckets.bounds.map(String.init).joined(separator: ",")
        let hello = Self.text(Self.hello.json(at: 1_700_000_060_000, alarms: [alarm], history: []))
        #expect(hello.components(separatedBy: bounds).joined() == examples["hello"])

        let tick = DashboardTick(
            time: 1_700_000_061_000,
            stages: [
                DashboardNumbers(
                    id: 0,
                    counts: DashboardCounts(
                        requests: 9, clientErrors: 2, serverErrors: 1, throttled: 1, cacheHits: 4, cacheMisses: 3),
                    latency: [.init(index: 11, count: 6), .init(index: 56, count: 3)],
                    integrationLatency: [.init(index: 55, count: 3)])
            ],
            routes: [
                DashboardNumbers(id: 0, counts: DashboardCounts(requests: 6), latency: [.init(index: 11, count: 6)])
            ], gauges: DashboardGauges(connections: 12, underWay: 2, memoryBytes: 52_000_000))
        #expect(Self.text(tick.json) == examples["tick"])

        #expect(Self.text(Self.timedOut.detailJSON(generation: 3)) == examples["One request"])
        var json = DashboardJSON()
        json.object { json in
            json.integer("skipped", 40)
            json.array("requests", [Self.timedOut]) { $1.writeSummary(to: &$0, generation: 3) }
        }
        #expect(Self.text(json.bytes) == examples["requests"])

        var feed = DashboardFeed(Self.hello, recorders: [])
        let frame = feed.take([DashboardAlarm(name: "errors", state: .ok)])
        #expect(frame.map(Self.text) == examples["alarms"].map { "event: alarms\ndata: \($0)\n\n" })
    }

    @Test("texts are escaped, and no event has a line break of its own")
    func escapes() {
        var request = Self.timedOut
        request.path = "/\"\\\n\r\u{0}\u{2028}</script>é"
        request.log = "a\nb\r\n"
        let text = Self.text(request.detailJSON(generation: 3))
        #expect(text.contains(#""path":"/\"\\\n\r\u0000"# + "\u{2028}</script>é\""))
        #expect(text.contains(#""log":"a\nb\r\n""#))
        #expect(!text.utf8.contains(0x0A) && !text.utf8.contains(0x0D))
    }

    @Test("numbers of another deployment are left out")
    func generations() {
        let text = Self.text(Self.timedOut.detailJSON(generation: 4))
        #expect(!text.contains("\"route\"") && !text.contains("\"stage\""))
    }

    @Test("numbers are what JSON allows", arguments: [(Double.nan, "0"), (.infinity, "0"), (2, "2"), (0.25, "0.25")])
    func numbers(_ value: Double, _ text: String) {
        var json = DashboardJSON()
        json.object { $0.number("n", value) }
        #expect(Self.text(json.bytes) == "{\"n\":\(text)}")
    }

    static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}

extension String {
    fileprivate func components(separatedBy separator: String) -> [String] {
        var parts: [String] = []
        var rest = self[...]
        while let range = rest.firstRange(of: separator) {
            parts.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        return parts + [String(rest)]
    }
}
