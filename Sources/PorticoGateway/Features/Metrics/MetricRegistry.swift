// Hot: no, on reloads and for those who read metrics. Allocates: names, and what is read.

internal import Synchronization

/// All series and all shards of a server.
///
/// A reload asks for the number of each series by its name, before a worker gets the snapshot that uses it. Numbers are
/// never given to another name. Beyond the limit every further name has number 0, the overflow series.
final class MetricRegistry: Sendable {
    /// Series there can be, unless told otherwise.
    static let standardLimit = 10_000
    /// The overflow series.
    static let overflow = 0

    private struct State {
        var keys: [MetricSeriesKey] = [.overflow]
        var isDetailed: [Bool] = [false]
        var numbers: [MetricSeriesKey: Int] = [:]
        var shards: [MetricShard] = []
        var refused: Set<MetricSeriesKey> = []
        var refusedBeyondSet = 0
        var interval: UInt64 = 0
    }

    /// Series there can be, the overflow series with them.
    let limit: Int
    private let state = Mutex(State())

    /// Makes a registry without series.
    init(limit: Int = standardLimit) {
        self.limit = max(limit, 1)
    }

    /// The number of a series, a new one if its name is new. `isDetailed` is the method's `metricsEnabled`; the last word
    /// on it counts.
    func series(_ key: MetricSeriesKey, isDetailed: Bool = false) -> Int {
        state.withLock { state in
            if let number = state.numbers[key] {
                state.isDetailed[number] = isDetailed
                return number
            }
            guard state.keys.count < limit else {
                // Names are remembered to count each once, but not without an end.
                if state.refused.count < limit {
                    state.refused.insert(key)
                } else if !state.refused.contains(key) {
                    state.refusedBeyondSet += 1
                }
                return Self.overflow
            }
            let number = state.keys.count
            // What finds no room is of the same kind of API.
            if number == 1 { state.keys[Self.overflow].kind = key.kind }
            state.keys.append(key)
            state.isDetailed.append(isDetailed)
            state.numbers[key] = number
            for shard in state.shards { shard.grow(to: number + 1) }
            return number
        }
    }

    /// A shard for a worker. It is kept, with its counters, as long as the registry is.
    func makeShard() -> MetricShard {
        let shard = MetricShard(limit: limit)
        state.withLock { state in
            shard.interval.store(state.interval, ordering: .relaxed)
            shard.grow(to: state.keys.count)
            state.shards.append(shard)
        }
        return shard
    }

    /// Reads all series. Those without a request since `previous` are taken from there.
    func read(after previous: MetricReading? = nil) -> MetricReading {
        state.withLock { Self.read($0, after: previous) }
    }

    /// Ends an interval: reads all series, with the extremes since the last call. For one caller, which is the roller.
    func closeInterval(after previous: MetricReading?) -> MetricReading {
        state.withLock { state in
            let closed = state.interval
            state.interval += 1
            for shard in state.shards { shard.interval.store(state.interval, ordering: .relaxed) }
            return Self.read(state, after: previous, interval: closed)
        }
    }

    private static func read(
        _ state: State, after previous: MetricReading?, interval: UInt64? = nil
    ) -> MetricReading {
        var reading = MetricReading(
            keys: state.keys, isDetailed: state.isDetailed, totals: [], changed: [], extremes: [:],
            refusedSeries: state.refused.count + state.refusedBeyondSet)
        reading.totals.reserveCapacity(state.keys.count)
        var scratch = [UInt64](repeating: 0, count: MetricShard.Layout.words)
        for series in state.keys.indices {
            let old = previous.flatMap { series < $0.totals.count ? $0.totals[series] : nil } ?? MetricTotals()
            let blocks = state.shards.compactMap { $0.block(series) }
            let count = blocks.reduce(0) { $0 &+ $1[MetricShard.Layout.count].load(ordering: .acquiring) }
            guard count != old.count else {
                reading.totals.append(old)
                continue
            }
            reading.totals.append(sum(blocks, count: count, &scratch))
            reading.changed.append(series)
            if let interval { reading.extremes[series] = extremes(blocks, interval) }
        }
        return reading
    }

    private static func sum(
        _ blocks: [MetricShard.Block], count: UInt64, _ scratch: inout [UInt64]
    ) -> MetricTotals {
        typealias Layout = MetricShard.Layout
        for word in scratch.indices {
            scratch[word] = blocks.reduce(0) { $0 &+ $1[word].load(ordering: .relaxed) }
        }
        var totals = MetricTotals()
        totals.count = count
        totals.clientErrors = scratch[Layout.clientErrors]
        totals.serverErrors = scratch[Layout.serverErrors]
        totals.cacheHits = scratch[Layout.cacheHits]
        totals.cacheMisses = scratch[Layout.cacheMisses]
        for level in ThrottleLevel.refusing.indices { totals.throttled[level] = scratch[Layout.throttled + level] }
        for count in SocketCount.allCases.indices { totals.sockets[count] = scratch[Layout.sockets + count] }
        func distribution(_ start: Int, _ sum: Int) -> LatencyDistribution {
            scratch.withUnsafeBufferPointer {
                LatencyDistribution(
                    dense: UnsafeBufferPointer(rebasing: $0[start..<start + LatencyBuckets.count]),
                    sum: $0[sum])
            }
        }
        totals.latency = distribution(Layout.latencyBuckets, Layout.latencySum)
        totals.dataProcessed = distribution(Layout.dataProcessedBuckets, Layout.dataProcessedSum)
        totals.integrationLatency = distribution(Layout.integrationLatencyBuckets, Layout.integrationLatencySum)
        return totals
    }

    private static func extremes(_ blocks: [MetricShard.Block], _ interval: UInt64) -> MetricExtremes {
        var result = MetricExtremes()
        for block in blocks {
            let place = block + (MetricShard.Layout.extremes + Int(interval & 1) * 3)
            guard place.pointee.load(ordering: .acquiring) == interval + 1 else { continue }
            MetricExtremes.widen(&result.latency, place[1].load(ordering: .relaxed))
            MetricExtremes.widen(&result.integrationLatency, place[2].load(ordering: .relaxed))
        }
        return result
    }
}

/// All series at one moment. Counters of a request under way may be there in part.
struct MetricReading: Sendable {
    /// Names, by number.
    var keys: [MetricSeriesKey]
    /// Whether the series has its own dimension set (`metricsEnabled`), by number.
    var isDetailed: [Bool]
    /// What was counted since the start, by number.
    var totals: [MetricTotals]
    /// Numbers of the series with requests since the previous reading, ascending.
    var changed: [Int]
    /// Extremes of the interval that the reading closed, by number.
    var extremes: [Int: MetricExtremes]
    /// Names that found no room.
    var refusedSeries: Int

    /// What came since an earlier reading, by number; series without requests are left out.
    func changes(since earlier: MetricReading?) -> [(series: Int, totals: MetricTotals)] {
        changed.map { series in
            let old = earlier.flatMap { series < $0.totals.count ? $0.totals[series] : nil } ?? MetricTotals()
            return (series, totals[series].subtracting(old, extremes: extremes[series] ?? MetricExtremes()))
        }
    }
}
