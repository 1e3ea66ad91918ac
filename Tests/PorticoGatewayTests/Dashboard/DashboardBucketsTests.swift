import Testing

@testable import PorticoGateway

@Suite("Dashboard: latency buckets")
struct DashboardBucketsTests {
    @Test("bounds rise, and there is one bucket more")
    func bounds() {
        #expect(DashboardBuckets.bounds.count + 1 == DashboardBuckets.count)
        #expect(zip(DashboardBuckets.bounds, DashboardBuckets.bounds.dropFirst()).allSatisfy { $0 < $1 })
        #expect(DashboardBuckets.bounds.last == 1 << 26)
    }

    @Test("a value is in the first bucket whose bound is above it")
    func bucket() {
        for (index, bound) in DashboardBuckets.bounds.enumerated() {
            #expect(DashboardBuckets.bucket(of: UInt64(bound) - 1) == index)
            #expect(DashboardBuckets.bucket(of: UInt64(bound)) == index + 1)
        }
        #expect(DashboardBuckets.bucket(of: 0) == 0)
        #expect(DashboardBuckets.bucket(of: .max) == DashboardBuckets.count - 1)
    }

    @Test("from 16 on, no bucket is wider than an eighth of what it begins with")
    func widths() {
        for (low, high) in zip(DashboardBuckets.bounds, DashboardBuckets.bounds.dropFirst()) where low >= 16 {
            #expect((high - low) * 8 <= low)
        }
    }
}
