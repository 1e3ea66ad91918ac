internal import Synchronization

/// The cache of one stage, for all workers of a server. Any thread.
///
/// Workers look into tables of their own first (``WorkerCache``); what they do not find there they ask for here. The
/// capacity holds for the answers in the cache. Beside it there are answers that left it and that a worker or an exchange
/// still refers to: each worker lets go of those when it stores, and when its timer sweeps.
///
/// *Source:* reference, 8.1.
final class ResponseCache: Sendable {
    private struct Workers {
        var hits: [WorkerHits] = []
        /// Hits of workers that are gone.
        var earlier = 0
    }

    /// Bytes that answers may take, each with its key and ``CacheLimits/overheadBytes``.
    let capacityBytes: Int
    let counters = CacheCounters()
    private let shards: [CacheShard]
    private let shardMask: UInt64
    private let generations = Atomic<UInt64>(1)
    private let workers = Mutex(Workers())

    /// Makes an empty cache.
    ///
    /// - Parameters:
    ///   - capacityBytes: the stage's `cacheClusterSize`.
    ///   - shards: parts with a lock each, a power of two; by default as many as are worth it.
    ///   - limits: of flights.
    init(capacityBytes: Int, shards count: Int? = nil, limits: FlightLimits = FlightLimits()) {
        self.capacityBytes = max(0, capacityBytes)
        var shardCount = 1
        let most = count ?? min(CacheLimits.shards, self.capacityBytes / CacheLimits.shardBytes)
        while shardCount * 2 <= most { shardCount *= 2 }
        shardMask = UInt64(shardCount - 1)
        let share = self.capacityBytes / shardCount
        let counters = counters
        shards = (0..<shardCount).map { _ in
            CacheShard(capacityBytes: share, generation: 1, limits: limits, counters: counters)
        }
    }

    /// Grows with each flush; an answer of another generation is no hit.
    @inline(__always)
    var generation: UInt64 { generations.load(ordering: .acquiring) }

    /// An answer, or who fetches it: exactly one of all requests with that key that come before its answer.
    ///
    /// - Parameter waiter: called once if the answer is ``CacheBeginning/wait(_:)`` and is not cancelled, on whichever
    ///   thread ends the fetch, perhaps before this function returns to the caller.
    func begin(_ key: CacheKey, now: Int, _ waiter: @escaping CacheFlightRecord.Waiter) -> CacheBeginning {
        let finding = shard(key.hash).begin(key.bytes, hash: key.hash, generation: generation, now: now, waiter)
        switch finding {
        case .hit(let response):
            counters.hits.add(1, ordering: .relaxed)
            return .turn(.hit(response))
        case .wait(let wait):
            return .wait(wait)
        case .begun(let record):
            counters.misses.add(1, ordering: .relaxed)
            return .turn(.fetch(CacheFlight(cache: self, record: record)))
        case .limit:
            counters.misses.add(1, ordering: .relaxed)
            return .turn(.fetchWithoutStoring)
        }
    }

    /// A request that wants a fresh answer and may have it (`Cache-Control: max-age=0`): never a hit, and what others
    /// fetched or are fetching answers nobody who comes later. It counts as a miss.
    ///
    /// Unconfirmed: the entry is gone at once, not only when its successor is there.
    func refresh(_ key: CacheKey) -> CacheTurn {
        counters.misses.add(1, ordering: .relaxed)
        let record = shard(key.hash).refresh(key.bytes, hash: key.hash, generation: generation, isFetching: true)
        return record.map { .fetch(CacheFlight(cache: self, record: $0)) } ?? .fetchWithoutStoring
    }

    /// Takes out one answer. A flight of that key that is under way stores nothing.
    func invalidate(_ key: CacheKey) {
        _ = shard(key.hash).refresh(key.bytes, hash: key.hash, generation: generation, isFetching: false)
    }

    /// Empties it (`FlushStageCache`). From the moment that this begins, no worker has a hit on an answer of before, and
    /// no flight of before stores one. It takes time for each answer: not for event loops.
    func flush() {
        let generation = generations.add(1, ordering: .acquiringAndReleasing).newValue
        for shard in shards { shard.settle(generation) }
    }

    /// The numbers of now.
    var counts: CacheCounts {
        let hits = workers.withLock { $0.hits.reduce($0.earlier) { $0 + $1.value } }
        func value(_ number: borrowing Atomic<Int>) -> Int { number.load(ordering: .relaxed) }
        return CacheCounts(
            hits: hits + value(counters.hits), misses: value(counters.misses), stores: value(counters.stores),
            evictions: value(counters.evictions), refused: value(counters.refused), bytes: value(counters.bytes),
            entries: value(counters.entries), heldBytes: value(counters.heldBytes))
    }

    /// Answers, their bytes and the ghost queues' length by shard, for tests.
    var contents: [(responses: [CachedResponse], bytes: Int, ghosts: Int)] { shards.map(\.contents) }

    private func shard(_ hash: UInt64) -> CacheShard { shards[Int(truncatingIfNeeded: hash & shardMask)] }
}

extension ResponseCache {
    /// Counts the hits of a worker from now on.
    func register(_ hits: WorkerHits) { workers.withLock { $0.hits.append(hits) } }

    /// The worker is gone; its hits stay counted.
    func retire(_ hits: WorkerHits) {
        workers.withLock { workers in
            workers.hits.removeAll { $0 === hits }
            workers.earlier += hits.value
        }
    }

    /// Ends a flight, for ``CacheFlight``.
    func finish(_ record: CacheFlightRecord, with response: CachedResponse?, now: Int) -> Bool {
        var response = response
        if let made = response {
            let isSame = record.key.withUnsafeBytes { bytesEqual($0, made.key) }
            if !isSame { response = nil }
        }
        let isStored = shard(record.hash).finish(record, with: response, generation: generation, now: now)
        counters.flights.subtract(1, ordering: .relaxed)
        let waiters = record.end()
        if response == nil {
            counters.misses.add(waiters.count, ordering: .relaxed)
        } else {
            counters.hits.add(waiters.count, ordering: .relaxed)
        }
        for waiter in waiters {
            response?.noteUse()
            waiter(response.map { .hit($0) } ?? .fetchWithoutStoring)
        }
        return isStored
    }

    /// Hands a flight to the next who waits, for ``CacheFlight``. Those who give up while they are told are followed by
    /// the next one here, and not one inside the other.
    func giveUp(_ record: CacheFlightRecord) {
        let shard = shard(record.hash)
        var succession = shard.giveUp(record)
        while case .waiter(let waiter) = succession {
            counters.misses.add(1, ordering: .relaxed)
            waiter(.fetch(CacheFlight(cache: self, record: record)))
            succession = shard.handedOver(record)
        }
        if case .nobody = succession { counters.flights.subtract(1, ordering: .relaxed) }
    }
}
