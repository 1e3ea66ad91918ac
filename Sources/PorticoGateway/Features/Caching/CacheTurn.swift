/// What a request with a cache key does next.
enum CacheTurn: Sendable {
    /// It answers with that.
    case hit(CachedResponse)
    /// It fetches, and finishes the flight with the answer.
    case fetch(CacheFlight)
    /// It fetches, and its answer is not kept: a limit is reached, or waiting for another one's answer is in vain.
    case fetchWithoutStoring
}

/// What becomes of a request that its worker has no answer for.
enum CacheBeginning: Sendable {
    /// It goes on at once.
    case turn(CacheTurn)
    /// Another request fetches the same. The closure that was handed in gets the turn, once, unless it is cancelled.
    case wait(CacheWait)
}

/// A request that waits for another one's answer.
struct CacheWait: Sendable {
    let record: CacheFlightRecord
    let number: UInt64

    /// Stops waiting. `false` if it is too late: the closure was called, or is about to be.
    @discardableResult
    func cancel() -> Bool { record.cancel(number) }
}
