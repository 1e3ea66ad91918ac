// Hot: no, once in ten seconds. Allocates: values.

internal import PorticoIR

extension MetricHistory {
    /// What an alarm compares: the periods of its evaluation range that ended by `now`, oldest first.
    func datapoints(of alarm: AlarmDefinition, at now: Int) -> [AlarmDatapoint] {
        let count = alarm.evaluationRange
        let period = alarm.periodSeconds
        let stop = floorMultiple(now, of: period)
        let starts = (0..<count).map { stop - (count - $0) * period }
        guard let watched = alarm.watchedQuery else { return [] }
        if case .metric(let stat) = watched.source {
            let totals = totals(of: stat, count, now)
            return zip(starts, totals).map { start, totals in
                AlarmDatapoint(
                    startSeconds: start, value: Self.value(of: stat, totals),
                    samples: totals.flatMap { totals in stat.metric.map { totals.samples(of: $0) } })
            }
        }
        var evaluation = MetricExpressionEvaluation(alarm, periods: count) { stat in
            totals(of: stat, count, now).map { Self.value(of: stat, $0) }
        }
        return zip(starts, evaluation.values(of: watched.id)).map { AlarmDatapoint(startSeconds: $0, value: $1) }
    }

    private func totals(of stat: MetricStat, _ count: Int, _ now: Int) -> [MetricTotals?] {
        guard let dimensions = stat.dimensions, stat.metric != nil else { return Array(repeating: nil, count: count) }
        return periods(count, of: dimensions, periodSeconds: stat.periodSeconds, endingBy: now).map(\.totals)
    }

    private static func value(of stat: MetricStat, _ totals: MetricTotals?) -> Double? {
        guard let totals, let metric = stat.metric else { return nil }
        return totals.value(of: metric, stat.statistic)
    }
}
