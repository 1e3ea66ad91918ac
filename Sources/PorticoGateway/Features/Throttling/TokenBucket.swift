// Hot: once per limit of a request. Allocates: nothing.

internal import PorticoIR
internal import Synchronization

/// Instants and durations of token buckets: sixteenths of a nanosecond, so that rates of millions a second lose nothing
/// that shows. Counted from the start of the monotonic clock, which leaves eighteen years.
typealias LimitTicks = Int64

extension LimitTicks {
    static let perSecond: LimitTicks = 16_000_000_000
    private static let perNanosecond: LimitTicks = 16
    private static let perMillisecond: LimitTicks = 16_000_000

    /// A reading of the monotonic clock. The worker's own stands still for milliseconds, in which a small bucket would
    /// lose tokens.
    ///
    /// - Parameter ahead: how far the clock is ahead, in milliseconds.
    @inline(__always)
    static func now(ahead: Int) -> LimitTicks {
        LimitTicks(truncatingIfNeeded: monotonicNanoseconds()) &* perNanosecond &+ LimitTicks(ahead) &* perMillisecond
    }

    /// Whole seconds, rounded up; at least 1, and at most a day for what never comes.
    var wholeSeconds: Int { Swift.min(Swift.max(Int(((self &- 1) / LimitTicks.perSecond) &+ 1), 1), 86_400) }
}

/// A rate and a burst as a bucket needs them.
///
/// *Source:* API Gateway guide, "Throttle requests to your REST APIs": a bucket of `burstLimit` tokens, to which
/// `rateLimit` tokens come back each second; a request takes one.
struct RateLimit: Sendable, Hashable {
    /// Tokens a second, for logs.
    let rate: Double
    /// Tokens that the bucket holds.
    let burst: Int
    /// Time in which one token comes back.
    fileprivate let interval: LimitTicks
    /// Time in which an empty bucket fills.
    fileprivate let capacity: LimitTicks

    /// The longest time that counts: 36 years' worth of tokens would overflow the sums.
    private static let longest: LimitTicks = 1 << 58

    /// `nil` when the setting limits nothing.
    ///
    /// Unconfirmed: what a rate without burst means. Portico takes the rate, rounded up, as its burst, and a burst without
    /// rate as no limit.
    init?(_ throttle: Throttle) {
        guard let rate = throttle.rateLimit else { return nil }
        self.rate = rate
        burst = throttle.burstLimit ?? max(Int(rate.rounded(.up).clamped(to: 0...Double(Int32.max))), 1)
        guard rate > 0, burst > 0 else {
            interval = RateLimit.longest
            capacity = 0
            return
        }
        let exact = (Double(LimitTicks.perSecond) / rate).rounded().clamped(to: 1...Double(RateLimit.longest))
        interval = LimitTicks(exact)
        let product = interval.multipliedReportingOverflow(by: LimitTicks(burst))
        capacity = product.overflow ? RateLimit.longest : min(product.partialValue, RateLimit.longest)
    }
}

extension Double {
    fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
        min(max(self, range.lowerBound), range.upperBound)
    }
}

/// A token bucket in one word, shared by all loops without a lock.
///
/// The word is the instant at which the bucket will be full, which is what the generic cell rate algorithm keeps (ITU-T
/// I.371): it admits what a counter of tokens would, and needs no refilling. A bucket outlives reloads, and a new limit
/// applies to the word as it stands.
final class TokenBucket: Sendable {
    private let full = Atomic<LimitTicks>(.min)
    /// Whether other processes take from a bucket of this name, too: a branch that always goes the same way.
    private let isShared: Bool
    /// Time in which the tokens come back that were taken and not settled with the others.
    private let unsettled = Atomic<LimitTicks>(0)
    /// Capacity of the limit that last let a request in.
    private let capacity = Atomic<LimitTicks>(0)

    init(isShared: Bool = false) {
        self.isShared = isShared
    }

    /// Takes a token; gives 0, or how long it is until there is one.
    @inline(__always)
    func take(_ limit: RateLimit, now: LimitTicks) -> LimitTicks {
        var current = full.load(ordering: .relaxed)
        while true {
            // A bucket that is full is full now, not since long.
            let next = max(current, now) &+ limit.interval
            let excess = next &- now &- limit.capacity
            if excess > 0 { return excess }
            let (exchanged, original) = full.weakCompareExchange(
                expected: current, desired: next, ordering: .relaxed)
            if exchanged {
                if isShared {
                    unsettled.wrappingAdd(limit.interval, ordering: .relaxed)
                    capacity.store(limit.capacity, ordering: .relaxed)
                }
                return 0
            }
            current = original
        }
    }

    /// Gives a token back that was taken for nothing.
    func giveBack(_ limit: RateLimit) {
        full.subtract(limit.interval, ordering: .relaxed)
        if isShared { unsettled.wrappingSubtract(limit.interval, ordering: .relaxed) }
    }

    // MARK: - The settler's side

    /// What was taken since the last time, and the capacity of the bucket; `nil` for nothing.
    func takeUnsettled() -> (taken: LimitTicks, capacity: LimitTicks)? {
        guard unsettled.load(ordering: .relaxed) != 0 else { return nil }
        return (unsettled.exchange(0, ordering: .relaxed), capacity.load(ordering: .relaxed))
    }

    /// What could not be settled is settled later; of what a store that stays away piles up, one bucket full.
    func putBack(_ taken: LimitTicks) {
        unsettled.wrappingAdd(min(taken, capacity.load(ordering: .relaxed)), ordering: .relaxed)
    }

    /// The bucket will not be full before `instant` and what was taken here meanwhile.
    func raise(to instant: LimitTicks) {
        let sum = instant.addingReportingOverflow(max(unsettled.load(ordering: .relaxed), 0))
        guard !sum.overflow else { return }
        full.max(sum.partialValue, ordering: .relaxed)
    }
}

/// A limit with the bucket that it is kept by.
struct ServingThrottle: Sendable {
    let limit: RateLimit
    private let heldBucket: HeldReference<TokenBucket>
    var bucket: TokenBucket { heldBucket.object }

    init(limit: RateLimit, bucket: TokenBucket) {
        self.limit = limit
        heldBucket = HeldReference(bucket)
    }
}
