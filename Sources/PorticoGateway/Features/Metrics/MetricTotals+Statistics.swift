// Hot: no, for those who read metrics. Allocates: nothing.

internal import PorticoIR

extension MetricTotals {
    /// The value that CloudWatch has for a metric and a statistic; `nil` when the metric had no values.
    ///
    /// Counts have one value for each request: 1 if it counts and 0 if not, so that `Sum` is a number, `Average` a rate and
    /// `SampleCount` the requests. Source: API Gateway guide, "Amazon API Gateway dimensions and metrics". Times are
    /// milliseconds.
    func value(of metric: MetricName, _ statistic: MetricStatistic) -> Double? {
        if let (values, perUnit) = distribution(of: metric) {
            return Self.value(of: values, statistic, perUnit)
        }
        return share(of: metric).flatMap { Self.value(ones: $0, of: count, statistic) }
    }

    /// Values that the metric had.
    func samples(of metric: MetricName) -> UInt64 {
        distribution(of: metric)?.values.count ?? (share(of: metric) == nil ? 0 : count)
    }

    /// The values of a metric that is more than counted, and how many of them make one of its unit.
    func distribution(of metric: MetricName) -> (values: LatencyDistribution, perUnit: Double)? {
        switch metric {
        case .latency: (latency, 1000)
        case .integrationLatency: (integrationLatency, 1000)
        case .dataProcessed: (dataProcessed, 1)
        default: nil
        }
    }

    /// Requests that count; `nil` for a metric without values.
    ///
    /// Unconfirmed: that the cache's metrics have values only in a time in which it was asked, and that those of WebSocket
    /// APIs have a value for each event of any kind.
    func share(of metric: MetricName) -> UInt64? {
        guard count > 0 else { return nil }
        return switch metric {
        case .count: count
        case .clientErrors: clientErrors
        case .serverErrors: serverErrors
        case .cacheHits: cacheHits &+ cacheMisses > 0 ? cacheHits : nil
        case .cacheMisses: cacheHits &+ cacheMisses > 0 ? cacheMisses : nil
        case .throttled: throttledAtAll
        case .connects: sockets(.connect)
        case .messages: sockets(.message)
        case .refusals: sockets(.clientError)
        case .integrationErrors: sockets(.integrationError)
        case .executionErrors: sockets(.executionError)
        case .latency, .integrationLatency, .dataProcessed: nil
        }
    }

    private static func value(ones: UInt64, of count: UInt64, _ statistic: MetricStatistic) -> Double? {
        let ones = Double(min(ones, count))
        let all = Double(count)
        switch statistic {
        case .sampleCount: return all
        case .sum: return ones
        case .average: return ones / all
        case .minimum: return ones == all ? 1 : 0
        case .maximum: return ones > 0 ? 1 : 0
        case .percentile(let share): return LatencyDistribution.rank(share, of: all) > all - ones ? 1 : 0
        case .trimmedMean(let share):
            let kept = max(share * all, 1)
            return max(kept - (all - ones), 0) / kept
        }
    }

    private static func value(
        of values: LatencyDistribution, _ statistic: MetricStatistic, _ perUnit: Double
    ) -> Double? {
        guard !values.isEmpty else { return nil }
        return switch statistic {
        case .sampleCount: Double(values.count)
        case .sum: Double(values.sum) / perUnit
        case .average: values.average / perUnit
        case .minimum: Double(values.minimum) / perUnit
        case .maximum: Double(values.maximum) / perUnit
        case .percentile(let share): values.quantile(share) / perUnit
        case .trimmedMean(let share): values.trimmedMean(share) / perUnit
        }
    }
}
