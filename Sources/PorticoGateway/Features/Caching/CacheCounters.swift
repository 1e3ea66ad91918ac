internal import Synchronization

/// The numbers of a cache. Any thread reads and writes them.
final class CacheCounters: Sendable {
    /// Requests that were answered from the cache, but for those that workers count for themselves.
    let hits = Atomic<Int>(0)
    /// Requests that had to fetch.
    let misses = Atomic<Int>(0)
    /// Answers that were put in.
    let stores = Atomic<Int>(0)
    /// Answers that made room for others.
    let evictions = Atomic<Int>(0)
    /// Answers that were too large.
    let refused = Atomic<Int>(0)
    /// Bytes of the answers in the cache, as ``CachedResponse/sizeBytes`` has them.
    let bytes = Atomic<Int>(0)
    /// Answers in the cache.
    let entries = Atomic<Int>(0)
    /// Bytes of all answers in memory: those in the cache, and those that are out of it and that a worker or an exchange
    /// still refers to.
    let heldBytes = Atomic<Int>(0)
    /// Answers that were taken out of the cache, for whatever reason: workers look for them when it has grown.
    let removals = Atomic<Int>(0)
    /// Fetches under way.
    let flights = Atomic<Int>(0)

    init() {}
}

/// Hits that one worker found in its own table. It alone writes.
final class WorkerHits: Sendable {
    private let count = Atomic<Int>(0)

    init() {}

    /// Hits until now. Any thread.
    var value: Int { count.load(ordering: .relaxed) }

    /// Counts one. On the worker's loop only, which saves it a locked instruction.
    @inline(__always)
    func add() { count.store(count.load(ordering: .relaxed) &+ 1, ordering: .relaxed) }
}

/// The numbers of a cache at some moment: for metrics. Each is exact when nothing is under way.
struct CacheCounts: Sendable, Equatable {
    /// Requests answered from the cache. *Source:* reference, 9.3, `CacheHitCount`.
    var hits = 0
    /// Requests that had to fetch. *Source:* reference, 9.3, `CacheMissCount`.
    var misses = 0
    /// Answers that were put in.
    var stores = 0
    /// Answers that made room for others.
    var evictions = 0
    /// Answers that were too large.
    var refused = 0
    /// Bytes that count against the capacity.
    var bytes = 0
    /// Answers in the cache.
    var entries = 0
    /// Bytes of all answers in memory, those that are out of the cache and still referred to included.
    var heldBytes = 0
}
