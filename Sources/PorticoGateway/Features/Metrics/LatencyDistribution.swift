// Hot: no, for those who read metrics. Allocates: the buckets in use.

/// How long requests took: a histogram with its sum and extremes. Times are microseconds unless a name says otherwise.
///
/// Bytes of requests are kept in the same way, one for each microsecond: the last bucket begins far beyond the longest body.
struct LatencyDistribution: Sendable, Equatable {
    /// A bucket with something in it.
    struct Bucket: Sendable, Equatable {
        /// Place in ``LatencyBuckets``.
        var index: UInt16
        /// Requests, 1 or more.
        var count: UInt64
    }

    /// Buckets in use, ascending.
    private(set) var buckets: [Bucket] = []
    /// All times together.
    private(set) var sum: UInt64 = 0
    /// Shortest time; `.max` for none. Exact for an interval, the bound of a bucket otherwise.
    private(set) var minimum = Int.max
    /// Longest time; -1 for none. As exact as ``minimum``.
    private(set) var maximum = -1

    /// Requests.
    var count: UInt64 { buckets.reduce(0) { $0 &+ $1.count } }
    /// Whether there was no request.
    var isEmpty: Bool { buckets.isEmpty }
    /// Mean time; 0 for none.
    var average: Double { isEmpty ? 0 : Double(sum) / Double(count) }

    /// Takes what a shard counted. `extremes` are those of an interval, if they are known.
    init(dense: UnsafeBufferPointer<UInt64>, sum: UInt64, extremes: (least: Int, greatest: Int)? = nil) {
        for index in 0..<min(dense.count, LatencyBuckets.count) where dense[index] != 0 {
            buckets.append(Bucket(index: UInt16(index), count: dense[index]))
        }
        self.sum = sum
        setExtremes(extremes)
    }

    /// Nothing.
    init() {}

    /// Takes times one by one; for tests and small sets.
    init(microseconds times: [Int]) {
        var dense = [UInt64](repeating: 0, count: LatencyBuckets.count)
        for time in times { dense[LatencyBuckets.index(time)] += 1 }
        let sum = times.reduce(0) { $0 + UInt64(max($1, 0)) }
        self = dense.withUnsafeBufferPointer { LatencyDistribution(dense: $0, sum: sum) }
        if let least = times.min(), let greatest = times.max() { setExtremes((max(least, 0), max(greatest, 0))) }
    }

    /// Bounds of the outer buckets, or what is known exactly.
    private mutating func setExtremes(_ exact: (least: Int, greatest: Int)?) {
        guard let first = buckets.first, let last = buckets.last else { return }
        minimum = exact?.least ?? LatencyBuckets.lowerBound(Int(first.index))
        maximum = exact?.greatest ?? LatencyBuckets.upperBound(Int(last.index))
    }

    /// Adds the requests of another one.
    mutating func add(_ other: LatencyDistribution) {
        guard !other.isEmpty else { return }
        buckets = Self.combined(buckets, other.buckets) { $0 &+ $1 }
        sum &+= other.sum
        minimum = min(minimum, other.minimum)
        maximum = max(maximum, other.maximum)
    }

    /// What came since an earlier reading of the same series. `extremes` are those of the time between.
    func subtracting(
        _ earlier: LatencyDistribution, extremes: (least: Int, greatest: Int)? = nil
    ) -> LatencyDistribution {
        var result = LatencyDistribution()
        result.buckets = Self.combined(buckets, earlier.buckets) { $0 >= $1 ? $0 - $1 : 0 }
        result.sum = sum >= earlier.sum ? sum - earlier.sum : 0
        result.setExtremes(extremes)
        return result
    }

    private static func combined(
        _ left: [Bucket], _ right: [Bucket], _ combine: (UInt64, UInt64) -> UInt64
    ) -> [Bucket] {
        var result: [Bucket] = []
        result.reserveCapacity(max(left.count, right.count))
        var (one, other) = (0, 0)
        while one < left.count || other < right.count {
            let first = one < left.count ? left[one].index : .max
            let second = other < right.count ? right[other].index : .max
            let index = min(first, second)
            let count = combine(first == index ? left[one].count : 0, second == index ? right[other].count : 0)
            if count != 0 { result.append(Bucket(index: index, count: count)) }
            if first == index { one += 1 }
            if second == index { other += 1 }
        }
        return result
    }

    /// The time below which `fraction` of the requests were, 0...1; 0 for none. At most 3.2 % off.
    func quantile(_ fraction: Double) -> Double {
        let total = count
        guard total > 0 else { return 0 }
        let rank = UInt64(Self.rank(fraction, of: Double(total)))
        if rank >= total { return Double(maximum) }
        var seen: UInt64 = 0
        for bucket in buckets {
            seen &+= bucket.count
            if seen >= rank { return clamped(LatencyBuckets.middle(Int(bucket.index))) }
        }
        return Double(maximum)
    }

    /// Which one of `count` ordered values is the quantile `fraction`, from 1. A share such as 0.07 of 100 is a little more
    /// than 7 in binary, and the seventh value is meant.
    static func rank(_ fraction: Double, of count: Double) -> Double {
        let exact = min(max(fraction, 0), 1) * count
        return max((exact - exact * 1e-12).rounded(.up), 1)
    }

    /// Mean of the requests up to the quantile `fraction`: CloudWatch's `tmNN`; 0 for none.
    func trimmedMean(_ fraction: Double) -> Double {
        let total = Double(count)
        guard total > 0 else { return 0 }
        if fraction >= 1 { return average }
        let wanted = max(fraction * total, 1)
        var left = wanted
        var sum = 0.0
        for bucket in buckets where left > 0 {
            let taken = min(Double(bucket.count), left)
            sum += taken * clamped(LatencyBuckets.middle(Int(bucket.index)))
            left -= taken
        }
        return sum / wanted
    }

    private func clamped(_ time: Double) -> Double { min(max(time, Double(minimum)), Double(maximum)) }

    /// At most `limit` times with their counts, ascending: neighbours share a place when there are more buckets.
    func values(limit: Int) -> [(value: Double, count: UInt64)] {
        let share = max((buckets.count + limit - 1) / max(limit, 1), 1)
        return stride(from: 0, to: buckets.count, by: share).map { start in
            let group = buckets[start..<min(start + share, buckets.count)]
            let count = group.reduce(0) { $0 &+ $1.count }
            let weighted = group.reduce(0.0) { $0 + Double($1.count) * clamped(LatencyBuckets.middle(Int($1.index))) }
            return (weighted / Double(count), count)
        }
    }
}
