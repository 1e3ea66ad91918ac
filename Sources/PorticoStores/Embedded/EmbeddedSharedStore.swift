public import PorticoIR
internal import Synchronization

/// Limits, quotas and cached answers of several gateways in one process, in memory: what ``RedisSharedStore`` does for
/// many, without a server.
///
/// Any thread; nothing in it takes long.
public final class EmbeddedSharedStore: SharedStore {
    /// Bytes of values and their keys that are kept; beyond them the ones set first are dropped.
    public static let defaultCacheBytes = 64 << 20

    private struct State {
        /// Instants of being full, in ticks of the clock.
        var buckets: [String: Int64] = [:]
        var bucketSweep = 1024
        var counters: [String: Counter] = [:]
        var counterSweep = 1024
        var batches: [String: Int] = [:]
        var generations: [String: UInt64] = [:]
        var values: [SharedCacheKey: CachedValue] = [:]
        /// Keys in the order of setting, with the ordinal of the value; those of other values count for nothing.
        var order: [(key: SharedCacheKey, ordinal: UInt64)] = []
        var firstInOrder = 0
        var valueBytes = 0
        var ordinal: UInt64 = 0
    }

    private struct Counter {
        var total: Int
        var end: Int64
    }

    private struct CachedValue {
        var bytes: [UInt8]
        var end: Int64
        var generation: UInt64
        var ordinal: UInt64
    }

    private let state = Mutex(State())
    private let cacheBytes: Int
    private let clock: @Sendable () -> Int64
    private let status = SharedStoreStatus(name: "embedded")

    /// A store without contents.
    ///
    /// - Parameter clock: sixteenths of a nanosecond, never going back.
    public init(cacheBytes: Int = defaultCacheBytes, clock: @escaping @Sendable () -> Int64) {
        self.cacheBytes = cacheBytes
        self.clock = clock
        status.connected(atMilliseconds: wallMilliseconds())
    }

    /// A store with the time of the machine.
    public convenience init() {
        let start = ContinuousClock.now
        self.init {
            let time = start.duration(to: .now).components
            return time.seconds &* 16_000_000_000 &+ time.attoseconds / 62_500_000
        }
    }

    /// One, always connected.
    public var statuses: [SharedStoreStatus] { [status] }

    /// Nothing to end.
    public func shutDown() async {}

    private static let ticksPerMillisecond: Int64 = 16_000_000

    // MARK: - Limits

    /// Adds what was taken since the last settling; gives the debts.
    public func settle(_ takings: [BucketTaking]) async throws(SharedStoreError) -> [BucketDebt] {
        guard takings.count <= BucketTaking.maximumCount else { throw .tooLarge }
        let now = clock()
        return state.withLock { state in
            if state.buckets.count > state.bucketSweep {
                state.buckets = state.buckets.filter { $0.value > now &- BucketTaking.longestAgeTicks }
                state.bucketSweep = max(state.buckets.count * 2, 1024)
            }
            return takings.map { taking in
                let age = min(max(taking.ageTicks, 0), BucketTaking.longestAgeTicks)
                let before = max((state.buckets[taking.name] ?? now &- age) &- now, -age)
                let sum = before.addingReportingOverflow(taking.takenTicks)
                let debt = sum.overflow ? taking.largestDebtTicks : min(sum.partialValue, taking.largestDebtTicks)
                if taking.takenTicks != 0 { state.buckets[taking.name] = now &+ debt }
                return BucketDebt(ticks: max(debt, 0))
            }
        }
    }

    // MARK: - Quotas

    /// Adds all changes, or none; gives the totals.
    public func add(
        _ changes: [CounterChange], batch: CounterBatch
    ) async throws(SharedStoreError) -> [CounterTotal] {
        guard changes.count <= CounterBatch.maximumChanges else { throw .tooLarge }
        let now = clock()
        return state.withLock { state in
            if state.counters.count > state.counterSweep {
                state.counters = state.counters.filter { $0.value.end > now }
                state.counterSweep = max(state.counters.count * 2, 1024)
            }
            let isNew = (state.batches[batch.source] ?? -1) < batch.number
            if isNew { state.batches[batch.source] = batch.number }
            return changes.map { change in
                let name = "\(change.name):\(change.period)"
                let before = state.counters[name].flatMap { $0.end > now ? $0.total : nil }
                var total = before ?? max(change.known, 0)
                if isNew || before == nil { total = max(total.addingReportingOverflow(change.delta).partialValue, 0) }
                if total != before {
                    let lifetime = Int64(min(max(change.lifetimeSeconds, 1), 10 * 366 * 86_400))
                    let end = now &+ lifetime &* 1000 &* EmbeddedSharedStore.ticksPerMillisecond
                    state.counters[name] = Counter(total: total, end: end)
                }
                return CounterTotal(value: total)
            }
        }
    }

    // MARK: - Cache

    /// Looks a value up.
    public func get(
        _ key: SharedCacheKey, on loop: any CompletionLoop,
        _ completion: @escaping @Sendable (SharedCacheAnswer) -> Void
    ) {
        let now = clock()
        let answer: SharedCacheAnswer = state.withLock { state in
            let generation = state.generations[key.namespace] ?? 1
            if let value = state.values[key], value.end > now, value.generation == generation {
                return .hit(value.bytes)
            }
            return .miss(SharedCacheGeneration(number: generation))
        }
        loop.execute { completion(answer) }
    }

    /// Keeps a value.
    public func set(
        _ key: SharedCacheKey, _ value: [UInt8], ttlMilliseconds: Int, generation: SharedCacheGeneration
    ) {
        guard generation.number != 0, ttlMilliseconds > 0, value.count <= SharedCacheKey.maximumValueBytes else {
            return
        }
        let life = Int64(ttlMilliseconds).multipliedReportingOverflow(by: EmbeddedSharedStore.ticksPerMillisecond)
        let end = clock().addingReportingOverflow(life.partialValue)
        guard !life.overflow, !end.overflow else { return }
        state.withLock { state in
            state.ordinal += 1
            let entry = CachedValue(
                bytes: value, end: end.partialValue, generation: generation.number, ordinal: state.ordinal)
            if let old = state.values.updateValue(entry, forKey: key) { state.valueBytes -= old.bytes.count + key.cost }
            state.valueBytes += value.count + key.cost
            state.order.append((key, state.ordinal))
            evict(&state)
        }
    }

    /// Forgets a value.
    public func remove(_ key: SharedCacheKey) {
        state.withLock { state in
            if let old = state.values.removeValue(forKey: key) { state.valueBytes -= old.bytes.count + key.cost }
        }
    }

    /// Forgets all values of a namespace.
    public func flush(_ namespace: String) async throws(SharedStoreError) {
        state.withLock { $0.generations[namespace] = ($0.generations[namespace] ?? 1) + 1 }
    }

    private func evict(_ state: inout State) {
        while state.valueBytes > cacheBytes, state.firstInOrder < state.order.count {
            let (key, ordinal) = state.order[state.firstInOrder]
            state.firstInOrder += 1
            if let value = state.values[key], value.ordinal == ordinal {
                state.values[key] = nil
                state.valueBytes -= value.bytes.count + key.cost
            }
        }
        guard state.order.count > max(2 * state.values.count, 64) else { return }
        let values = state.values
        state.order = state.order[state.firstInOrder...].filter { values[$0.key]?.ordinal == $0.ordinal }
        state.firstInOrder = 0
    }
}

extension SharedCacheKey {
    /// Bytes that an entry takes beside its value, about.
    fileprivate var cost: Int { namespace.utf8.count + key.count + 128 }
}
