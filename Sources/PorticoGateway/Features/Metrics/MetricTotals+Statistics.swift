// Hot: no, for those who read metrics. Allocates: nothing.

internal import PorticoIR

extension MetricTotals {
    /// The value that CloudWatch has for a metric and a statistic; `nil` when the metric had no values.
    ///
    /// Counts have one value for each request: 1 if it counts and 0 if not, so that `Sum` is a number, `Average` a rate and
    /// `SampleCount` the requests. Source: API Gateway guide, "Amazon API Gateway dimensions and metrics". Times are
    /// milliseconds.
    func value(of metric: MetricName, _ statistic: MetricStatistic) -> Double? {
        switch metric {
        case .latency: Self.value(of: latency, statistic)
        case .integrationLatency: Self.value(of: integrationLatency, statistic)
        default: share(of: metric).flatMap { Self.value(ones: $0, of: count, statistic) }
        }
    }

    /// Values that the metric had.
    func samples(of metric: MetricName) -> UInt64 {
        switch metric {
        case .latency: latency.count
        case .integrationLatency: integrationLatency.count
        default: share(of: metric) == nil ? 0 : count
        }
    }

    /// Requests that count; `nil` for a metric without values.
    ///
    /// Unconfirmed: that the cache's metrics have values only in a time in which it was asked.
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
        case .socketClientErrors: sockets(.connect) == nil ? nil : clientErrors
        case .integrationErrors: sockets(.integrationError)
        case .executionErrors: sockets(.executionError)
        case .latency, .integrationLatency: nil
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

    private static func value(of times: LatencyDistribution, _ statistic: MetricStatistic) -> Double? {
        guard !times.isEmpty else { return nil }
        return switch statistic {
        case .sampleCount: Double(times.count)
        case .sum: Double(times.sum) / 1000
        case .average: times.average / 1000
        case .minimum: Double(times.minimum) / 1000
        case .maximum: Double(times.maximum) / 1000
        case .percentile(let share): times.quantile(share) / 1000
        case .trimmedMean(let share): times.trimmedMean(share) / 1000
        }
    }
}
