import PorticoIR
import Testing

@testable import PorticoGateway

@Suite struct MetricStatisticsTests {
    private static let totals: MetricTotals = {
        var totals = MetricTotals()
        totals.count = 100
        totals.clientErrors = 20
        totals.serverErrors = 100
        totals.cacheHits = 3
        totals.cacheMisses = 7
        totals.throttled[0] = 2
        totals.throttled[4] = 3
        totals.latency = LatencyDistribution(microseconds: Array(repeating: 1000, count: 99) + [5_000_000])
        totals.integrationLatency = LatencyDistribution(microseconds: [2000, 4000])
        totals.dataProcessed = LatencyDistribution(microseconds: [1000, 3000])
        totals.sockets = [1, 2, 3, 4, 5, 0, 0, 0]
        return totals
    }()

    @Test(
        "a metric has the statistics that CloudWatch has",
        arguments: [
            (MetricName.count, "Sum", 100.0), (.count, "SampleCount", 100), (.count, "Average", 1),
            (.count, "Minimum", 1),
            (.clientErrors, "Sum", 20), (.clientErrors, "Average", 0.2), (.clientErrors, "SampleCount", 100),
            (.clientErrors, "Minimum", 0), (.clientErrors, "Maximum", 1), (.clientErrors, "p80", 0),
            (.clientErrors, "p80.5", 1), (.clientErrors, "tm90", 10.0 / 90), (.serverErrors, "Minimum", 1),
            (.cacheHits, "Sum", 3), (.cacheMisses, "Sum", 7), (.cacheHits, "Average", 0.03), (.throttled, "Sum", 5),
            (.latency, "Sum", 5099), (.latency, "Average", 50.99), (.latency, "Maximum", 5000),
            (.latency, "Minimum", 1),
            (.latency, "SampleCount", 100), (.latency, "p99", 1), (.latency, "p99.5", 5000), (.latency, "tm99", 1),
            (.integrationLatency, "SampleCount", 2), (.integrationLatency, "Average", 3),
            (.dataProcessed, "Sum", 4000), (.dataProcessed, "Average", 2000), (.dataProcessed, "Maximum", 3000),
            (.dataProcessed, "SampleCount", 2), (.connects, "Sum", 1), (.messages, "Sum", 2), (.refusals, "Sum", 3),
            (.integrationErrors, "Sum", 4), (.executionErrors, "Sum", 5), (.messages, "Average", 0.02),
        ])
    func statistics(metric: MetricName, name: String, expected: Double) throws {
        let statistic = try #require(MetricStatistic(name))
        let value = try #require(Self.totals.value(of: metric, statistic))
        #expect(abs(value - expected) <= expected * 0.032)
    }

    @Test("a metric without values has none", arguments: MetricName.allCases)
    func nothing(metric: MetricName) {
        #expect(MetricTotals().value(of: metric, .sum) == nil && MetricTotals().samples(of: metric) == 0)
    }

    @Test("the cache's metrics have values only when it was asked, those of backends when one was called")
    func noCache() {
        var totals = MetricTotals()
        totals.count = 5
        #expect(totals.value(of: .cacheHits, .sum) == nil && totals.value(of: .integrationLatency, .average) == nil)
        #expect(totals.value(of: .serverErrors, .sum) == 0 && totals.samples(of: .serverErrors) == 5)
    }
}
