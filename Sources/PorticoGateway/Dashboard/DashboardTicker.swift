/// All that was counted of a stage or a route so far.
struct DashboardTotals: Sendable, Hashable {
    /// Position of the stage, or id of the route.
    var id: Int
    var counts = DashboardCounts()
    /// By bucket of ``DashboardBuckets``; empty for none.
    var latency: [UInt64] = []
    /// By bucket of ``DashboardBuckets``; empty for none.
    var integrationLatency: [UInt64] = []
}

/// Makes ticks out of counters that only grow: each has what came since the one before.
struct DashboardTicker: Sendable {
    /// Milliseconds without a tick after which the counters are read anew, because nobody looked in between.
    static let longestGap = 3500

    private var last: Int?
    private var stages: [Int: DashboardTotals] = [:]
    private var routes: [Int: DashboardTotals] = [:]

    /// Forgets what was counted: the numbers of stages and routes mean others from now on.
    mutating func reset() {
        last = nil
        stages = [:]
        routes = [:]
    }

    /// The tick that ends at `time`, in milliseconds since 1970; `nil` for the first one and after a gap, which only take
    /// note of where the counters stand.
    mutating func tick(
        at time: Int, stages: [DashboardTotals], routes: [DashboardTotals], gauges: DashboardGauges = DashboardGauges()
    ) -> DashboardTick? {
        let gap = last.map { time - $0 }
        let isContinuous = gap.map { $0 > 0 && $0 <= Self.longestGap } ?? false
        let tick = DashboardTick(
            time: time, seconds: max(1, ((gap ?? 0) + 500) / 1000),
            stages: isContinuous ? Self.differences(stages, self.stages) : [],
            routes: isContinuous ? Self.differences(routes, self.routes) : [], gauges: gauges)
        last = time
        self.stages = Dictionary(stages.map { ($0.id, $0) }) { first, _ in first }
        self.routes = Dictionary(routes.map { ($0.id, $0) }) { first, _ in first }
        return isContinuous ? tick : nil
    }

    private static func differences(_ now: [DashboardTotals], _ before: [Int: DashboardTotals]) -> [DashboardNumbers] {
        now.compactMap { totals in
            let earlier = before[totals.id] ?? DashboardTotals(id: totals.id)
            let counts = totals.counts.since(earlier.counts)
            guard counts != DashboardCounts() else { return nil }
            return DashboardNumbers(
                id: totals.id, counts: counts, latency: buckets(totals.latency, earlier.latency),
                integrationLatency: buckets(totals.integrationLatency, earlier.integrationLatency))
        }
    }

    private static func buckets(_ now: [UInt64], _ before: [UInt64]) -> [DashboardNumbers.Bucket] {
        now.prefix(DashboardBuckets.count).enumerated().compactMap { index, count in
            let earlier = index < before.count ? before[index] : 0
            let added = count >= earlier ? count - earlier : count
            return added > 0 ? DashboardNumbers.Bucket(index: index, count: added) : nil
        }
    }
}
