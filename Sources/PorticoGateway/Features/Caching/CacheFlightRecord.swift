internal import Synchronization

/// A fetch under way, and who waits for it. Any thread.
///
/// It stays the same while the right to fetch goes from one request to another. Its lock is taken after that of its
/// shard, never before.
final class CacheFlightRecord: Sendable {
    /// Gets the turn of a request that waited, on whichever thread ends the fetch.
    typealias Waiter = @Sendable (CacheTurn) -> Void

    private struct State {
        var waiters: [(number: UInt64, waiter: Waiter)] = []
        var nextNumber: UInt64 = 0
        var isOver = false
        /// A waiter is just being told to fetch.
        var isHandingOver = false
        /// It gave up while it was told.
        var wasGivenUp = false
    }

    /// What comes of a fetch that was given up.
    enum Succession {
        /// That request fetches.
        case waiter(Waiter)
        /// Nobody waits: the flight is over.
        case nobody
        /// Whoever hands the fetch over sees to it.
        case later
    }

    let key: [UInt8]
    let hash: UInt64
    /// Generation of the cache when it began.
    let generation: UInt64
    private let longestQueue: Int
    private let state = Mutex(State())

    init(key: UnsafeRawBufferPointer, hash: UInt64, generation: UInt64, longestQueue: Int) {
        self.key = Array(key)
        self.hash = hash
        self.generation = generation
        self.longestQueue = longestQueue
    }

    /// Waits for it. `nil` if too many wait, or it is over.
    func join(_ waiter: @escaping Waiter) -> CacheWait? {
        state.withLock { state in
            guard !state.isOver, state.waiters.count < longestQueue else { return nil }
            state.nextNumber += 1
            state.waiters.append((state.nextNumber, waiter))
            return CacheWait(record: self, number: state.nextNumber)
        }
    }

    /// Stops waiting. `false` if it waits no longer.
    func cancel(_ number: UInt64) -> Bool {
        // What the closure holds is released after the lock.
        let waiter: Waiter? = state.withLock { state in
            guard let place = state.waiters.firstIndex(where: { $0.number == number }) else { return nil }
            return state.waiters.remove(at: place).waiter
        }
        return waiter != nil
    }

    /// Ends it: all that wait.
    func end() -> [Waiter] {
        state.withLock { state in
            state.isOver = true
            let waiters = state.waiters.map(\.waiter)
            state.waiters = []
            return waiters
        }
    }

    /// The request that fetches has gone away.
    func giveUp() -> Succession {
        state.withLock { state in
            guard !state.isHandingOver else {
                state.wasGivenUp = true
                return .later
            }
            return Self.next(&state)
        }
    }

    /// The waiter has been told. What is to be done now: `nil` if it fetches.
    func handedOver() -> Succession? {
        state.withLock { state in
            state.isHandingOver = false
            guard state.wasGivenUp else { return nil }
            state.wasGivenUp = false
            return Self.next(&state)
        }
    }

    /// Requests that wait.
    var waiterCount: Int { state.withLock { $0.waiters.count } }

    private static func next(_ state: inout State) -> Succession {
        guard !state.waiters.isEmpty else {
            state.isOver = true
            return .nobody
        }
        state.isHandingOver = true
        return .waiter(state.waiters.removeFirst().waiter)
    }
}
