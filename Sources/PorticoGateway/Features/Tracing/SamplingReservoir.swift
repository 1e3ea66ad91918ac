// Hot: once per request whose stage is traced. Allocates: nothing.

internal import Synchronization

/// How many requests of this second a rule has recorded already, shared by all event loops in one word without a lock.
final class SamplingReservoir: Sendable {
    /// The second in the upper half, the number that was taken in it in the lower one.
    private let word = Atomic<UInt64>(0)
    private let size: UInt64

    /// `size` is a number of requests a second, 0...4,294,967,295.
    init(size: Int) { self.size = UInt64(min(max(size, 0), Int(UInt32.max))) }

    /// Takes one of the second's requests; `false` if they are used up. A loop whose clock is behind takes of the second
    /// that others are in, so that no second has more than its number.
    func take(second: Int) -> Bool {
        guard size > 0 else { return false }
        let now = UInt64(UInt32(truncatingIfNeeded: second))
        var current = word.load(ordering: .relaxed)
        while true {
            let next: UInt64
            if current &>> 32 < now {
                next = now &<< 32 | 1
            } else {
                guard current & 0xFFFF_FFFF < size else { return false }
                next = current &+ 1
            }
            let (isExchanged, found) = word.compareExchange(expected: current, desired: next, ordering: .relaxed)
            if isExchanged { return true }
            current = found
        }
    }
}
