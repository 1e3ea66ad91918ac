import Testing

@testable import PorticoGateway

@Suite struct LatencyBucketsTests {
    @Test("buckets follow each other without a gap, and each time is in its own")
    func bounds() {
        #expect(LatencyBuckets.lowerBound(0) == 0)
        for index in 0..<LatencyBuckets.count {
            let (lower, upper) = (LatencyBuckets.lowerBound(index), LatencyBuckets.upperBound(index))
            #expect(lower <= upper)
            #expect(LatencyBuckets.index(lower) == index && LatencyBuckets.index(upper) == index)
            #expect(LatencyBuckets.lowerBound(index + 1) == upper + 1)
        }
        #expect(LatencyBuckets.upperBound(LatencyBuckets.count - 1) == LatencyBuckets.longest)
    }

    @Test("the middle of a bucket is at most 3.2 % away from any time in it")
    func error() {
        for index in 1..<LatencyBuckets.count {
            let middle = LatencyBuckets.middle(index)
            for time in [LatencyBuckets.lowerBound(index), LatencyBuckets.upperBound(index)] {
                #expect(abs(middle - Double(time)) <= 0.032 * Double(time))
            }
        }
    }

    @Test("times that cannot be have a bucket too", arguments: [(-1, 0), (.min, 0), (.max, 383), (120_000_001, 380)])
    func extremes(time: Int, index: Int) {
        #expect(LatencyBuckets.index(time) == index)
    }
}
