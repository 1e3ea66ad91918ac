// Hot: no, once per look at a dashboard. Allocates: rows.

internal import PorticoSyntax

/// What a dashboard shows: how each stage and each method did in the last seconds.
struct MetricsView: Sendable {
    /// A stage, or a method of it.
    struct Row: Sendable, Equatable {
        /// Name of the API.
        var apiName: String
        /// Name of the stage.
        var stage: String
        /// Verb and path; `nil` for the stage as a whole.
        var method: String?
        var resource: String?
        /// `nil` for both releases together.
        var isCanary: Bool?
        /// Requests a second.
        var requestsPerSecond: Double
        var count: UInt64
        var clientErrors: UInt64
        var serverErrors: UInt64
        var cacheHits: UInt64
        var cacheMisses: UInt64
        var throttled: UInt64
        /// Milliseconds; 0 without requests.
        var p50: Double
        var p95: Double
        var p99: Double
    }

    /// Seconds that the rows are of, 0 when nothing is known yet.
    var seconds: Double
    /// Stages, each followed by its methods.
    var rows: [Row]
    /// Names that found no room for a series.
    var refusedSeries: Int

    /// Rows as JSON.
    var json: JSONValue {
        func number(_ value: some Numeric) -> JSONValue { .number("\(value)") }
        return .object([
            JSONMember("seconds", number(seconds)), JSONMember("refusedSeries", number(refusedSeries)),
            JSONMember(
                "rows",
                .array(
                    rows.map { row in
                        .object([
                            JSONMember("apiName", .string(row.apiName)), JSONMember("stage", .string(row.stage)),
                            JSONMember("method", row.method.map { .string($0) } ?? .null),
                            JSONMember("resource", row.resource.map { .string($0) } ?? .null),
                            JSONMember("canary", row.isCanary.map { .boolean($0) } ?? .null),
                            JSONMember("requestsPerSecond", number(row.requestsPerSecond)),
                            JSONMember("count", number(row.count)), JSONMember("4XXError", number(row.clientErrors)),
                            JSONMember("5XXError", number(row.serverErrors)),
                            JSONMember("cacheHits", number(row.cacheHits)),
                            JSONMember("cacheMisses", number(row.cacheMisses)),
                            JSONMember("throttled", number(row.throttled)), JSONMember("p50", number(row.p50)),
                            JSONMember("p95", number(row.p95)), JSONMember("p99", number(row.p99)),
                        ])
                    })),
        ])
    }
}

/// Keeps a few readings to look back by; a value that one task owns.
struct MetricsWindow: Sendable {
    /// Readings that are kept. Series without requests share theirs.
    private static let slots = 8

    private let registry: MetricRegistry
    private let seconds: Double
    private var readings: [(seconds: Double, reading: MetricReading)] = []

    /// Makes a window of the last `seconds`, which begins now.
    init(registry: MetricRegistry, seconds: Double) {
        self.registry = registry
        self.seconds = max(seconds, 1)
    }

    /// The view at a time, in seconds of a clock that never goes back. The oldest reading of the window, or the last one
    /// before it, is what it begins with; a first look shows nothing.
    mutating func view(at now: Double) -> MetricsView {
        let reading = registry.read(after: readings.last?.reading)
        while readings.count > 1, readings[1].seconds <= now - seconds { readings.removeFirst() }
        defer {
            if readings.isEmpty || now - (readings.last?.seconds ?? 0) >= seconds / Double(Self.slots - 1) {
                readings.append((now, reading))
                if readings.count > Self.slots { readings.removeFirst() }
            }
        }
        guard let first = readings.first, now > first.seconds else {
            return MetricsView(seconds: 0, rows: [], refusedSeries: reading.refusedSeries)
        }
        let time = now - first.seconds
        return MetricsView(
            seconds: time, rows: Self.rows(reading, since: first.reading, time), refusedSeries: reading.refusedSeries)
    }

    private static func rows(_ reading: MetricReading, since first: MetricReading, _ time: Double) -> [MetricsView.Row]
    {
        var stages: [MetricSeriesKey: MetricTotals] = [:]
        var leaves: [(key: MetricSeriesKey, totals: MetricTotals)] = []
        for series in reading.keys.indices {
            let before = series < first.totals.count ? first.totals[series] : MetricTotals()
            guard reading.totals[series].count != before.count else { continue }
            let totals = reading.totals[series].subtracting(before)
            let key = reading.keys[series]
            stages[key.ofStage, default: MetricTotals()].add(totals)
            if !key.resource.isEmpty { leaves.append((key, totals)) }
        }
        let methods = Dictionary(grouping: leaves, by: \.key.ofStage)
        return stages.sorted { $0.key < $1.key }.flatMap { stage, totals in
            [row(stage, totals, time, isStage: true)]
                + (methods[stage] ?? []).sorted { $0.key < $1.key }
                .map { row($0.key, $0.totals, time, isStage: false) }
        }
    }

    private static func row(
        _ key: MetricSeriesKey, _ totals: MetricTotals, _ time: Double, isStage: Bool
    ) -> MetricsView.Row {
        MetricsView.Row(
            apiName: key.apiName, stage: key.stage, method: isStage ? nil : key.method,
            resource: isStage ? nil : key.resource, isCanary: isStage ? nil : key.isCanary,
            requestsPerSecond: Double(totals.count) / time, count: totals.count, clientErrors: totals.clientErrors,
            serverErrors: totals.serverErrors, cacheHits: totals.cacheHits, cacheMisses: totals.cacheMisses,
            throttled: totals.throttledAtAll, p50: totals.latency.quantile(0.5) / 1000,
            p95: totals.latency.quantile(0.95) / 1000, p99: totals.latency.quantile(0.99) / 1000)
    }
}
