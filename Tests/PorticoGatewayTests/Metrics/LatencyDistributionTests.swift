import Testing

@testable import PorticoGateway

/// The same numbers in each run. Source: Steele, Lea and Flood, SplitMix64.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

@Suite struct LatencyDistributionTests {
    @Test(
        "quantiles are those of the times themselves, but for the width of a bucket", arguments: [1, 2, 7, 100, 5000])
    func quantiles(count: Int) {
        var generator = SeededGenerator(state: UInt64(count))
        let times = (0..<count).map { _ in Int.random(in: 1...1 << Int.random(in: 1...26), using: &generator) }
        let sorted = times.sorted()
        let distribution = LatencyDistribution(microseconds: times)
        for fraction in [0.0, 0.5, 0.9, 0.95, 0.99, 0.999, 1] {
            let exact = Double(sorted[max(Int((fraction * Double(count)).rounded(.up)), 1) - 1])
            #expect(abs(distribution.quantile(fraction) - exact) <= 0.032 * exact)
        }
        #expect(distribution.count == UInt64(count) && distribution.sum == UInt64(times.reduce(0, +)))
        #expect(distribution.minimum == sorted[0] && distribution.maximum == sorted[count - 1])
    }

    @Test("a sum of two is what both together would be, and the difference is the other one")
    func sums() {
        let one = LatencyDistribution(microseconds: [3, 5, 900, 70_000])
        let other = LatencyDistribution(microseconds: [1, 900, 900, 2_000_000])
        var both = one
        both.add(other)
        #expect(both == LatencyDistribution(microseconds: [3, 5, 900, 70_000, 1, 900, 900, 2_000_000]))
        #expect(both.subtracting(one, extremes: (1, 2_000_000)) == other)
        #expect(both.subtracting(both).isEmpty)
        var same = one
        same.add(LatencyDistribution())
        #expect(same == one)
    }

    @Test("the trimmed mean leaves out the slowest")
    func trimmedMean() {
        let times = LatencyDistribution(microseconds: Array(repeating: 10, count: 99) + [1_000_000])
        #expect(times.trimmedMean(0.99) == 10)
        #expect(times.trimmedMean(1) == times.average)
        #expect(times.average == 1_000_990.0 / 100)
        // Half of a bucket.
        #expect(LatencyDistribution(microseconds: [10, 20]).trimmedMean(0.75) == (10 + 0.5 * 20) / 1.5)
    }

    @Test(
        "a share of a number of values is a whole one where it is meant to be",
        arguments: [(0.07, 100.0, 7.0), (0.999, 1000, 999), (0.9999, 10_000, 9999), (0.5, 3, 2), (0, 5, 1), (1, 5, 5)])
    func rank(share: Double, count: Double, expected: Double) {
        #expect(LatencyDistribution.rank(share, of: count) == expected)
    }

    @Test("nothing has zeros")
    func nothing() {
        let nothing = LatencyDistribution()
        #expect(nothing.quantile(0.5) == 0 && nothing.average == 0 && nothing.trimmedMean(0.5) == 0)
        #expect(nothing.values(limit: 100).isEmpty && nothing.isEmpty && nothing.count == 0)
    }

    @Test("values for export are few, ascending, and lose no request", arguments: [1, 100, 383, 384, 10_000])
    func values(limit: Int) {
        let times = LatencyDistribution(microseconds: (0..<LatencyBuckets.count).map { LatencyBuckets.lowerBound($0) })
        let values = times.values(limit: limit)
        #expect(values.count <= limit && values.count >= min(limit, 384) / 2)
        #expect(values.reduce(0) { $0 + $1.count } == 384)
        #expect(zip(values, values.dropFirst()).allSatisfy { $0.value < $1.value })
    }
}
