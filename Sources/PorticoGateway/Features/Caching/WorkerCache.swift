// Hot: once per request of a method with a cache. Allocates: when an answer is kept and the table grows.

/// A worker's own table of a stage's answers: a hit takes no lock, allocates nothing and counts no reference.
///
/// One event loop owns it. Eight places for each hash, so that a look-up compares at most eight hashes, whoever chose the
/// keys. An answer that was evicted, replaced, invalidated or flushed is no hit from that moment; the reference to it
/// goes when it is met, when its place is needed, or when a sweep comes by: some places with each answer that is kept, and
/// more while the table refers to an eighth more than the capacity.
final class WorkerCache {
    private static let ways = 8
    /// Places that are swept with each answer that is kept.
    private static let sweptPlaces = 32

    let cache: ResponseCache
    private let hits = WorkerHits()
    private let mostPlaces: Int
    private let longestHeld: Int
    /// Sets are found by the highest bits of a hash; shards by its lowest.
    private var shift: UInt64
    /// 0 beside an empty place, and perhaps of an answer.
    private var hashes: ContiguousArray<UInt64>
    private var places: ContiguousArray<Unmanaged<CachedResponse>?>
    /// Answers that it refers to.
    private(set) var count = 0
    /// Bytes of these.
    private(set) var heldBytes = 0
    /// Where the sweep goes on.
    private var hand = 0
    /// Which of the eight places is looked at first.
    private var turn = 0
    /// Places until the timer's round ends; 0 if there is none.
    private var roundLeft = 0
    /// Removals of the cache when the last whole round began, and when this one did.
    private var sweptRemovals = 0
    private var roundRemovals = 0

    /// Makes an empty table.
    ///
    /// - Parameter mostPlaces: rounded down to a power of two; 64 at least.
    init(_ cache: ResponseCache, mostPlaces: Int = CacheLimits.workerPlaces) {
        self.cache = cache
        self.mostPlaces = max(64, mostPlaces)
        longestHeld = cache.capacityBytes / 8 * 9
        shift = 64 - 3
        hashes = ContiguousArray(repeating: 0, count: 8 * Self.ways)
        places = ContiguousArray(repeating: nil, count: 8 * Self.ways)
        cache.register(hits)
    }

    deinit {
        for place in places { place?.release() }
        cache.retire(hits)
    }

    /// Hands the answer of a key to `use`, if it has one. Else ``begin(_:now:_:)``.
    ///
    /// - Parameter use: must not call this object, and not keep the answer's pointers.
    @inline(__always)
    func withHit<Result>(_ key: CacheKey, now: Int, _ use: (CachedResponse) -> Result) -> Result? {
        guard let place = find(key, now) else { return nil }
        return place._withUnsafeGuaranteedRef(use)
    }

    /// As ``ResponseCache/begin(_:now:_:)``; what another worker has is kept here, too.
    func begin(_ key: CacheKey, now: Int, _ waiter: @escaping CacheFlightRecord.Waiter) -> CacheBeginning {
        let beginning = cache.begin(key, now: now, waiter)
        if case .turn(.hit(let response)) = beginning { keep(response, now: now) }
        return beginning
    }

    /// Ends a fetch, and keeps the answer here, too, if it was stored.
    @discardableResult
    func finish(_ flight: CacheFlight, with response: CachedResponse?, now: Int) -> Bool {
        let isStored = flight.finish(with: response, now: now)
        if isStored, let response { keep(response, now: now) }
        return isStored
    }

    /// Keeps an answer, for instance one that was waited for. On the worker's loop.
    func keep(_ response: CachedResponse, now: Int) {
        let generation = cache.generation
        guard response.isFresh(generation: generation, now: now) else { return }
        if count * 8 > places.count * 5, places.count * 2 <= mostPlaces { grow() }
        let place = place(for: response, generation, now)
        remove(at: place)
        hashes[place] = response.hash
        places[place] = Unmanaged.passRetained(response)
        count += 1
        heldBytes += response.sizeBytes
        sweep(Self.sweptPlaces, generation, now)
        // What the cache has itself is less than this, so that one round is enough.
        var swept = 0
        while heldBytes > longestHeld, swept < places.count {
            sweep(Self.sweptPlaces, generation, now)
            swept += Self.sweptPlaces
        }
    }

    /// Lets go of answers that are no hits any more. For a timer on the worker's loop, about once a second.
    ///
    /// - Parameter most: places that are looked at; 4,096 take less than a tenth of a millisecond, or a quarter of one if
    ///   all are released.
    /// - Returns: whether the round goes on; then call it again soon, after other work of the loop.
    @discardableResult
    func sweep(now: Int, most: Int = 4_096) -> Bool {
        if roundLeft == 0 {
            let removals = cache.counters.removals.load(ordering: .relaxed)
            // Answers whose time is over go with the rounds that removals cause, or as others take their place.
            guard removals != sweptRemovals else { return false }
            roundRemovals = removals
            roundLeft = places.count
        }
        sweep(min(most, roundLeft), cache.generation, now)
        return roundLeft > 0
    }
}

extension WorkerCache {
    @inline(__always)
    private func find(_ key: CacheKey, _ now: Int) -> Unmanaged<CachedResponse>? {
        let first = Int(truncatingIfNeeded: key.hash &>> shift) &* Self.ways
        for index in first..<first &+ Self.ways where hashes[index] == key.hash {
            guard let place = places[index] else { continue }
            let isHit = place._withUnsafeGuaranteedRef { response in
                let answers = response.answers(key.bytes, generation: cache.generation, now: now)
                if answers { response.noteUse() }
                return answers
            }
            if isHit {
                hits.add()
                return place
            }
            // Dead, too old, or of another key: one hash has one place.
            remove(at: index)
            return nil
        }
        return nil
    }

    /// The place of an answer: that of the same hash, an empty one, that of a dead answer, or of the one used least.
    private func place(for response: CachedResponse, _ generation: UInt64, _ now: Int) -> Int {
        let first = Int(truncatingIfNeeded: response.hash &>> shift) &* Self.ways
        var chosen = first
        var lowest = Int.max
        // Among equals, it is not always the same one.
        turn &+= 1
        for way in 0..<Self.ways {
            let index = first &+ (way &+ turn) % Self.ways
            var worth = -2
            if let place = places[index] {
                if hashes[index] == response.hash { return index }
                worth = place._withUnsafeGuaranteedRef {
                    $0.isFresh(generation: generation, now: now) ? Int($0.frequency) : -1
                }
            }
            if worth < lowest {
                lowest = worth
                chosen = index
            }
        }
        return chosen
    }

    private func sweep(_ most: Int, _ generation: UInt64, _ now: Int) {
        for _ in 0..<most {
            if let place = places[hand] {
                let isFresh = place._withUnsafeGuaranteedRef { $0.isFresh(generation: generation, now: now) }
                if !isFresh { remove(at: hand) }
            }
            hand += 1
            if hand == places.count { hand = 0 }
        }
        guard roundLeft > 0 else { return }
        roundLeft = max(0, roundLeft - most)
        if roundLeft == 0 { sweptRemovals = roundRemovals }
    }

    private func remove(at index: Int) {
        guard let place = places[index] else { return }
        places[index] = nil
        hashes[index] = 0
        count -= 1
        heldBytes -= place._withUnsafeGuaranteedRef { $0.sizeBytes }
        place.release()
    }

    /// Twice the places: what was in set n goes to 2n and 2n + 1, where there is room for all of it.
    private func grow() {
        var newHashes = ContiguousArray<UInt64>(repeating: 0, count: places.count * 2)
        var newPlaces = ContiguousArray<Unmanaged<CachedResponse>?>(repeating: nil, count: places.count * 2)
        shift -= 1
        for index in places.indices {
            guard let place = places[index] else { continue }
            var new = Int(truncatingIfNeeded: hashes[index] &>> shift) &* Self.ways
            while newPlaces[new] != nil { new += 1 }
            newHashes[new] = hashes[index]
            newPlaces[new] = place
        }
        hashes = newHashes
        places = newPlaces
        hand = 0
        // What was swept is somewhere else now.
        if roundLeft > 0 { roundLeft = places.count }
    }
}
