import PorticoIR
import PorticoSyntax
import Testing

@testable import PorticoGateway

@Suite struct EmbeddedMetricsTests {
    private func lines(_ rows: [MetricMinute.Row]) throws -> [JSONValue] {
        var bytes: [UInt8] = []
        EmbeddedMetrics.append(MetricMinute(startSeconds: 1_767_225_600, rows: rows), to: &bytes)
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.isEmpty || text.hasSuffix("\n"))
        return try text.split(separator: "\n").map { try #require(JSONValue(parsing: String($0))) }
    }

    @Test("a line names its metrics and dimensions, and has them")
    func line() throws {
        var totals = MetricTotals()
        totals.count = 4
        totals.clientErrors = 1
        totals.latency = LatencyDistribution(microseconds: [1000, 1000, 30, 5000])
        let dimensions = MetricDimensions(apiName: "Pets \"x\"", stage: "dev", method: "GET", resource: "/a")
        let line = try #require(lines([.init(dimensions: dimensions, totals: totals)]).first)
        let directive =
            #"{"Namespace":"AWS/ApiGateway","Dimensions":[["ApiName","Method","Resource","Stage"]],"Metrics":["#
            + #"{"Name":"Count","Unit":"Count"},{"Name":"4XXError","Unit":"Count"},{"Name":"5XXError","Unit":"Count"},"#
            + #"{"Name":"Latency","Unit":"Milliseconds"}]}"#
        #expect(
            JSONWriter.compact(line)
                == #"{"_aws":{"Timestamp":1767225600000,"CloudWatchMetrics":["# + directive + "]},"
                + #""ApiName":"Pets \"x\"","Method":"GET","Resource":"/a","Stage":"dev","#
                + #""Count":{"Values":[1.0],"Counts":[4]},"4XXError":{"Values":[0.0,1.0],"Counts":[3,1]},"#
                + #""5XXError":{"Values":[0.0],"Counts":[4]},"Latency":{"Values":[0.03,1.0075,4.9915],"Counts":[1,2,1]}}"#
        )
    }

    @Test("a metric has at most a hundred values, and all its requests")
    func limit() throws {
        var totals = MetricTotals()
        let times = (0..<LatencyBuckets.count).map { LatencyBuckets.lowerBound($0) }
        totals.count = UInt64(times.count)
        totals.cacheMisses = 1
        totals.latency = LatencyDistribution(microseconds: times)
        totals.integrationLatency = totals.latency
        let line = try #require(lines([.init(dimensions: MetricDimensions(apiName: "Pets"), totals: totals)]).first)
        for name in ["Latency", "IntegrationLatency"] {
            guard case .array(let values) = line[name]?["Values"], case .array(let counts) = line[name]?["Counts"]
            else {
                Issue.record("\(name) is missing")
                continue
            }
            #expect(values.count == counts.count && values.count <= EmbeddedMetrics.mostValues)
            let sum = counts.reduce(0) { if case .number(let text) = $1 { $0 + (Int(text) ?? 0) } else { $0 } }
            #expect(sum == times.count)
        }
        #expect(line["CacheHitCount"] != nil && line["CacheMissCount"] != nil)
        #expect(line["_aws"]?["CloudWatchMetrics"] != nil && line["Stage"] == nil)
    }

    @Test("each set has its line, and a minute without requests has none")
    func sets() throws {
        var totals = MetricTotals()
        totals.count = 1
        let rows = ["a", "b"].map { MetricMinute.Row(dimensions: MetricDimensions(apiName: $0), totals: totals) }
        #expect(try lines(rows).map { $0["ApiName"] } == [.string("a"), .string("b")])
        #expect(try lines([]).isEmpty)
    }
}
