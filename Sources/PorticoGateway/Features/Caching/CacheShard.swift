internal import Synchronization

/// A part of a cache with a lock of its own: the keys whose hashes have its number. Any thread.
///
/// The lock is taken for misses, stores, invalidations and flushes only. Nothing is released and nobody is called under it.
final class CacheShard: Sendable {
    /// An answer of this hash could lately not be stored.
    private struct Declined {
        var hash: UInt64 = 0
        var endMilliseconds = Int.min
    }

    private struct State {
        var generation: UInt64
        var store: ResponseStore
        var flights: [UInt64: CacheFlightRecord] = [:]
        /// By hash; a newer one takes the place of an older one.
        var declined = ContiguousArray<Declined>(repeating: Declined(), count: 64)
        /// Stores that were flushed, until ``CacheShard/settle()`` releases them.
        var flushed: [ResponseStore] = []
    }

    /// What a look-up finds.
    enum Finding {
        case hit(CachedResponse)
        case begun(CacheFlightRecord)
        case wait(CacheWait)
        case limit
    }

    private let capacityBytes: Int
    private let limits: FlightLimits
    private let counters: CacheCounters
    private let state: Mutex<State>

    init(capacityBytes: Int, generation: UInt64, limits: FlightLimits, counters: CacheCounters) {
        self.capacityBytes = capacityBytes
        self.limits = limits
        self.counters = counters
        state = Mutex(State(generation: generation, store: ResponseStore(capacityBytes: capacityBytes)))
    }

    /// The answer of a key, or a flight, begun or joined.
    func begin(
        _ key: UnsafeRawBufferPointer, hash: UInt64, generation: UInt64, now: Int,
        _ waiter: @escaping CacheFlightRecord.Waiter
    ) -> Finding {
        state.withLock { state in
            adopt(generation, &state)
            if let response = state.store.response(key, hash: hash), now < response.expiryMilliseconds {
                response.noteUse()
                return .hit(response)
            }
            guard let record = state.flights[hash] else { return start(key, hash, &state) }
            let declined = state.declined[Int(truncatingIfNeeded: hash >> 32) & 63]
            let isDeclined = declined.hash == hash && now < declined.endMilliseconds
            let isSame = record.key.withUnsafeBytes { bytesEqual($0, key) }
            guard isSame, !isDeclined, let wait = record.join(waiter) else { return .limit }
            return .wait(wait)
        }
    }

    /// Takes out the answer of a key and lets no flight under way store one. Then begins one, if asked to.
    func refresh(
        _ key: UnsafeRawBufferPointer, hash: UInt64, generation: UInt64, isFetching: Bool
    ) -> CacheFlightRecord? {
        let (record, old, other): (CacheFlightRecord?, CachedResponse?, CacheFlightRecord?) = state.withLock { state in
            adopt(generation, &state)
            let old = state.store.remove(key, hash: hash)
            if let old { removed([old]) }
            // A flight of another key with that hash loses no more than its store.
            let other = state.flights.removeValue(forKey: hash)
            guard isFetching, case .begun(let record) = start(key, hash, &state) else { return (nil, old, other) }
            return (record, old, other)
        }
        _ = (old, other)
        return record
    }

    /// Ends a flight: stores its answer unless something has made it stale. The waiters are the caller's to wake.
    func finish(_ record: CacheFlightRecord, with response: CachedResponse?, generation: UInt64, now: Int) -> Bool {
        let (isStored, old): (Bool, [CachedResponse]) = state.withLock { state in
            adopt(generation, &state)
            guard state.flights[record.hash] === record else { return (false, []) }
            state.flights[record.hash] = nil
            let place = Int(truncatingIfNeeded: record.hash >> 32) & 63
            guard let response else {
                let (end, isOver) = now.addingReportingOverflow(CacheLimits.declinedMilliseconds)
                state.declined[place] = Declined(hash: record.hash, endMilliseconds: isOver ? .max : end)
                return (false, [])
            }
            guard now < response.expiryMilliseconds else { return (false, []) }
            guard response.sizeBytes <= capacityBytes else {
                counters.refused.add(1, ordering: .relaxed)
                return (false, [])
            }
            if state.declined[place].hash == record.hash { state.declined[place] = Declined() }
            let (old, evictions) = state.store.insert(response, now: now)
            removed(old)
            response.setLife(state.generation)
            counters.bytes.add(response.sizeBytes, ordering: .relaxed)
            counters.entries.add(1, ordering: .relaxed)
            counters.stores.add(1, ordering: .relaxed)
            counters.evictions.add(evictions, ordering: .relaxed)
            return (true, old)
        }
        _ = old
        return isStored
    }

    /// The fetching request of a flight has gone away: who fetches now. Nobody can join between the two.
    func giveUp(_ record: CacheFlightRecord) -> CacheFlightRecord.Succession? {
        succession(of: record) { record.giveUp() }
    }

    /// As ``giveUp(_:)``, after a waiter was told. `nil` if it fetches.
    func handedOver(_ record: CacheFlightRecord) -> CacheFlightRecord.Succession? {
        succession(of: record) { record.handedOver() }
    }

    /// Empties the shard if the cache was flushed, and releases what was in it.
    func settle(_ generation: UInt64) {
        let flushed = state.withLock { state in
            adopt(generation, &state)
            let flushed = state.flushed
            state.flushed = []
            return flushed
        }
        _ = flushed
    }

    /// The answers, and the memory that they take, for tests.
    var contents: (responses: [CachedResponse], bytes: Int, ghosts: Int) {
        state.withLock { ($0.store.responses, $0.store.bytes, $0.store.ghostCount) }
    }

    private func succession(
        of record: CacheFlightRecord, _ body: () -> CacheFlightRecord.Succession?
    ) -> CacheFlightRecord.Succession? {
        state.withLock { state in
            let succession = body()
            if case .nobody = succession, state.flights[record.hash] === record { state.flights[record.hash] = nil }
            return succession
        }
    }

    /// Whatever first takes the lock after a flush empties the shard, so that nothing of before is found after it.
    private func adopt(_ generation: UInt64, _ state: inout State) {
        // Older than the shard's: a flush has begun since the caller read it.
        guard state.generation < generation else { return }
        state.generation = generation
        counters.bytes.subtract(state.store.bytes, ordering: .relaxed)
        counters.entries.subtract(state.store.count, ordering: .relaxed)
        counters.removals.add(state.store.count, ordering: .relaxed)
        state.flushed.append(state.store)
        state.store = ResponseStore(capacityBytes: capacityBytes)
        // Who owns a flight refers to its record, and ends it.
        state.flights = [:]
        state.declined = ContiguousArray(repeating: Declined(), count: state.declined.count)
    }

    private func start(_ key: UnsafeRawBufferPointer, _ hash: UInt64, _ state: inout State) -> Finding {
        guard counters.flights.add(1, ordering: .relaxed).newValue <= limits.flights else {
            counters.flights.subtract(1, ordering: .relaxed)
            return .limit
        }
        let record = CacheFlightRecord(
            key: key, hash: hash, generation: state.generation, longestQueue: limits.waiters)
        state.flights[hash] = record
        return .begun(record)
    }

    private func removed(_ responses: [CachedResponse]) {
        for response in responses {
            response.setLife(0)
            counters.bytes.subtract(response.sizeBytes, ordering: .relaxed)
        }
        counters.entries.subtract(responses.count, ordering: .relaxed)
        counters.removals.add(responses.count, ordering: .relaxed)
    }
}

/// How many fetches, and how many requests that wait for one.
struct FlightLimits: Sendable {
    /// Fetches at a time.
    var flights = CacheLimits.flights
    /// Requests that wait for one fetch.
    var waiters = CacheLimits.waiters
}
