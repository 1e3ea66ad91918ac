import Testing

@testable import PorticoGateway

@Suite("Dashboard: latency buckets")
struct LatencyBucketsTests {
    @Test("bounds rise, and there is one bucket more")
    func bounds() {
        #expect(LatencyBuckets.bounds.count + 1 == LatencyBuckets.count)
        #expect(zip(LatencyBuckets.bounds, LatencyBuckets.bounds.dropFirst()).allSatisfy { $0 < $1 })
        #expect(LatencyBuckets.bounds.last == 1 << 26)
    }

    @Test("a value is in the first bucket whose bound is above it")
    func bucket() {
        for (index, bound) in LatencyBuckets.bounds.enumerated() {
            #expect(LatencyBuckets.bucket(of: UInt64(bound) - 1) == index)
            #expect(LatencyBuckets.bucket(of: UInt64(bound)) == index + 1)
        }
        #expect(LatencyBuckets.bucket(of: 0) == 0)
        #expect(LatencyBuckets.bucket(of: .max) == LatencyBuckets.count - 1)
    }

    @Test("from 16 on, no bucket is wider than an eighth of what it begins with")
    func widths() {
        for (low, high) in zip(LatencyBuckets.bounds, LatencyBuckets.bounds.dropFirst()) where low >= 16 {
            #expect((high - low) * 8 <= low)
        }
    }
}
