// Hot: once or twice per request. Allocates: nothing.

/// The buckets of a latency histogram: log-linear, 16 to each power of two.
///
/// Times are whole microseconds. Below 32 each has a bucket of its own; above, a bucket is at most a sixteenth as wide as
/// its lowest time, so that its middle is at most 3.2 % away from any time in it. The last bucket ends at 134 s, beyond the
/// longest timeout, and takes all longer times.
enum LatencyBuckets {
    /// Buckets of a histogram.
    static let count = 384
    /// Longest time with a bucket of its own, 2^27 - 1.
    static let longest = 134_217_727

    /// The bucket of a time; negative times count as none.
    @inline(__always)
    static func index(_ microseconds: Int) -> Int {
        let time = min(max(microseconds, 0), longest)
        if time < 32 { return time }
        // Bits below the five leading ones.
        let shift = Int.bitWidth &- 5 &- time.leadingZeroBitCount
        return shift &* 16 &+ time &>> shift
    }

    /// Shortest time of a bucket.
    static func lowerBound(_ index: Int) -> Int {
        if index < 32 { return index }
        let shift = index / 16 - 1
        return (index - shift * 16) << shift
    }

    /// Longest time of a bucket.
    static func upperBound(_ index: Int) -> Int { lowerBound(index + 1) - 1 }

    /// The time that stands for all of a bucket, in microseconds.
    static func middle(_ index: Int) -> Double {
        Double(lowerBound(index) + upperBound(index)) / 2
    }
}
