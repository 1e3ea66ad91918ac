import PorticoSyntax
import Testing

@testable import PorticoGateway

@Suite struct MetricsViewTests {
    @Test("stages and their methods show what came in the window, and nothing older")
    func window() throws {
        let registry = MetricRegistry()
        let shard = registry.makeShard()
        let plain = registry.series(
            MetricSeriesKey(apiName: "Pets", apiID: "abc", stage: "dev", method: "GET", resource: "/a"))
        let canary = registry.series(
            MetricSeriesKey(
                apiName: "Pets", apiID: "abc", stage: "dev", method: "GET", resource: "/a", isCanary: true))
        let missed = registry.series(MetricSeriesKey(apiName: "Pets", apiID: "abc", stage: "dev"))
        var window = MetricsWindow(registry: registry, seconds: 10)
        #expect(window.view(at: 100).rows.isEmpty)
        for _ in 0..<40 { shard.record(series: plain, status: 500, latencyMicroseconds: 2_000_000) }
        let first = window.view(at: 104)
        #expect(first.seconds == 4 && first.rows.map(\.count) == [40, 40])
        #expect(first.rows.map(\.requestsPerSecond) == [10, 10] && first.rows.map(\.serverErrors) == [40, 40])
        for second in 105...114 { _ = window.view(at: Double(second)) }
        shard.record(series: plain, status: 429, latencyMicroseconds: 1000, cache: .miss, throttle: .key)
        shard.record(series: canary, status: 200, latencyMicroseconds: 1000, cache: .hit)
        shard.record(series: missed, status: 403, latencyMicroseconds: 1000)
        let view = window.view(at: 120)
        #expect(view.seconds >= 10 && view.seconds < 12)
        #expect(view.rows.map(\.isCanary) == [nil, false, true] && view.rows.map(\.count) == [3, 1, 1])
        let stage = try #require(view.rows.first)
        #expect(stage.method == nil && stage.stage == "dev" && stage.clientErrors == 2 && stage.serverErrors == 0)
        #expect(stage.cacheHits == 1 && stage.cacheMisses == 1 && stage.throttled == 1)
        #expect(abs(stage.p50 - 1) < 0.032 && abs(stage.p99 - 1) < 0.032)
        let json = try #require(JSONValue(parsing: JSONWriter.compact(view.json)))
        guard case .array(let rows) = json["rows"] else { throw Missing() }
        #expect(rows.count == 3 && rows[1]["resource"] == .string("/a") && rows[0]["method"] == .null)
    }

    private struct Missing: Error {}

    @Test("a clock that stands still shows nothing, and no number that is none")
    func standstill() {
        let registry = MetricRegistry()
        let shard = registry.makeShard()
        var window = MetricsWindow(registry: registry, seconds: 0)
        shard.record(series: 0, status: 200, latencyMicroseconds: 1)
        #expect(window.view(at: 5).rows.isEmpty && window.view(at: 5).rows.isEmpty)
    }
}
