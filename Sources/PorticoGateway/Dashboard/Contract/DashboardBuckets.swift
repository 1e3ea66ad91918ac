// Hot: twice per request. Allocates: nothing.

/// The buckets that latencies are counted in.
///
/// One for each microsecond below 16, then eight for each doubling, so that a bucket is at most an eighth as wide as its
/// values are large; the last one has no end and begins at 67 s, beyond every time-out. Histograms of any workers, stages
/// and seconds are added up bucket by bucket.
enum DashboardBuckets {
    /// Upper bounds in microseconds, which a bucket does not hold itself; the last bucket has none.
    static let bounds: [UInt32] =
        (1...16).map { UInt32($0) }
        + (4..<26).flatMap { power in (1...8).map { step in UInt32(1) << power + UInt32(step) << (power - 3) } }

    /// How many there are.
    static let count = 16 + 22 * 8 + 1

    /// The bucket of a time in microseconds.
    @inline(__always)
    static func bucket(of microseconds: UInt64) -> Int {
        guard microseconds >= 16 else { return Int(microseconds) }
        guard microseconds < 1 << 26 else { return count &- 1 }
        let power = 63 &- microseconds.leadingZeroBitCount
        return 16 &+ (power &- 4) &* 8 &+ Int(truncatingIfNeeded: (microseconds &>> UInt64(power &- 3)) & 7)
    }
}
