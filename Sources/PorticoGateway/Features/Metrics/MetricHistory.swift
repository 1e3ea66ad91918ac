// Hot: no, once in ten seconds. Allocates: points.

internal import PorticoIR

/// The minute roller: takes what was counted since its last turn into minutes and into the periods of alarms.
///
/// A value that one task owns and advances at least once in ten seconds. It keeps three hours of minutes of APIs and
/// stages, and what alarms look back to of whatever they watch. Bounds: ``mostCoarseSets`` sets, and the ranges of the
/// alarms.
struct MetricHistory: Sendable {
    /// Seconds from one reading to the next: the shortest period of an alarm.
    static let tickSeconds = 10
    /// Minutes that are kept of APIs and stages.
    static let coarseMinutes = 180
    /// APIs and stages whose minutes are kept. Those that come later are not.
    static let mostCoarseSets = 200

    private struct RingKey: Hashable {
        var dimensions: MetricDimensions
        var periodSeconds: Int
    }

    private let registry: MetricRegistry
    private var previous: MetricReading?
    private var openTick: Int?
    private var openMinute = 0
    private var minute: [MetricDimensions: MetricTotals] = [:]
    private var coarse: [MetricDimensions: MetricRing] = [:]
    private var watched: [RingKey: MetricRing] = [:]

    /// Makes a history that begins now.
    init(registry: MetricRegistry) {
        self.registry = registry
    }

    /// Keeps what those alarms look back to, and only that; what is known already stays.
    mutating func watch(_ alarms: [AlarmDefinition]) {
        var rings: [RingKey: MetricRing] = [:]
        for alarm in alarms {
            for query in alarm.queries {
                guard case .metric(let stat) = query.source, let dimensions = stat.dimensions, stat.metric != nil
                else { continue }
                let key = RingKey(dimensions: dimensions, periodSeconds: stat.periodSeconds)
                var ring = rings[key] ?? watched[key] ?? MetricRing(periodSeconds: stat.periodSeconds, capacity: 1)
                ring.widen(to: alarm.evaluationRange + 1)
                rings[key] = ring
            }
        }
        watched = rings
    }

    /// Takes what was counted until now, in seconds since 1970. Returns the minutes that ended, most of the time none.
    ///
    /// After a turn that came late, everything counts for the last ten seconds that are over.
    mutating func advance(to seconds: Int) -> [MetricMinute] {
        let tick = floorMultiple(seconds, of: Self.tickSeconds)
        guard let open = openTick, tick >= open else {
            // The first turn, or the clock was set back.
            openTick = tick
            openMinute = floorMultiple(tick, of: 60)
            return []
        }
        guard tick > open else { return [] }
        openTick = tick
        let reading = registry.closeInterval(after: previous)
        let counted = sums(reading.changes(since: previous), reading)
        previous = reading

        let start = tick - Self.tickSeconds
        for key in watched.keys { watched[key]?.add(counted[key.dimensions], at: start) }
        var ended: [MetricMinute] = []
        if floorMultiple(start, of: 60) != openMinute {
            ended += closeMinute()
            openMinute = floorMultiple(start, of: 60)
        }
        for (dimensions, totals) in counted {
            minute[dimensions, default: MetricTotals()].add(totals)
        }
        if tick >= openMinute + 60 {
            ended += closeMinute()
            openMinute = floorMultiple(tick, of: 60)
        }
        return ended
    }

    /// Sums over the series of each dimension set.
    private func sums(
        _ changes: [(series: Int, totals: MetricTotals)], _ reading: MetricReading
    ) -> [MetricDimensions: MetricTotals] {
        var result: [MetricDimensions: MetricTotals] = [:]
        for (series, totals) in changes {
            for set in reading.keys[series].dimensionSets(isDetailed: reading.isDetailed[series]) {
                result[set, default: MetricTotals()].add(totals)
            }
        }
        return result
    }

    private mutating func closeMinute() -> [MetricMinute] {
        for dimensions in minute.keys where !dimensions.isDetailed && coarse[dimensions] == nil {
            guard coarse.count < Self.mostCoarseSets else { break }
            coarse[dimensions] = MetricRing(periodSeconds: 60, capacity: Self.coarseMinutes)
        }
        for dimensions in coarse.keys { coarse[dimensions]?.add(minute[dimensions], at: openMinute) }
        defer { minute.removeAll(keepingCapacity: true) }
        guard !minute.isEmpty else { return [] }
        let rows = minute.map { (order: Self.order($0), row: MetricMinute.Row(dimensions: $0, totals: $1)) }
            .sorted { $0.order < $1.order }
        return [MetricMinute(startSeconds: openMinute, rows: rows.map(\.row))]
    }

    private static func order(_ dimensions: MetricDimensions) -> String {
        dimensions.pairs.map { "\($0.name)\u{0}\($0.value)" }.joined(separator: "\u{0}")
    }

    /// The last `count` periods that ended by `end`, oldest first; `nil` for those without requests, or whose set is not
    /// kept. Periods are those of an alarm that watches the set, or whole minutes.
    func periods(
        _ count: Int, of dimensions: MetricDimensions, periodSeconds: Int, endingBy end: Int
    ) -> [(start: Int, totals: MetricTotals?)] {
        if let ring = watched[RingKey(dimensions: dimensions, periodSeconds: periodSeconds)] {
            return ring.last(count, endingBy: end)
        }
        let stop = floorMultiple(end, of: max(periodSeconds, 1))
        let empty = (0..<max(count, 0)).map {
            (start: stop - (count - $0) * periodSeconds, totals: MetricTotals?.none)
        }
        guard let ring = coarse[dimensions], periodSeconds > 0, periodSeconds % 60 == 0 else { return empty }
        let minutes = periodSeconds / 60
        return empty.map { start, _ in
            guard stop - start <= Self.coarseMinutes * 60 + periodSeconds else { return (start, nil) }
            var totals: MetricTotals?
            for case let part? in ring.last(minutes, endingBy: start + periodSeconds).map(\.totals) {
                totals = totals ?? MetricTotals()
                totals?.add(part)
            }
            return (start, totals)
        }
    }
}

/// What was counted in a minute.
struct MetricMinute: Sendable {
    /// A dimension set with what was counted of it, 1 request or more.
    struct Row: Sendable {
        var dimensions: MetricDimensions
        var totals: MetricTotals
    }

    /// Seconds since 1970 at which it began.
    var startSeconds: Int
    /// Sets with requests, in a stable order.
    var rows: [Row]
}
