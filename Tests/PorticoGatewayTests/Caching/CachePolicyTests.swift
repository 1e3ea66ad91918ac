import Testing

@testable import PorticoGateway

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

@Suite("Hit ratios of S3-FIFO and LRU")
struct CachePolicyTests {
    /// Hits of both, over one trace. Objects have one size.
    private func hits(_ shape: CacheTrace.Shape, capacity: Int) -> (fifo: Int, lru: Int) {
        let size = 512
        var trace = CacheTrace(shape)
        var store = ResponseStore(capacityBytes: capacity * size)
        var lru = LRUStore(capacity: capacity)
        let counters = CacheCounters()
        var fifoHits = 0
        var lruHits = 0
        for _ in 0..<shape.requests {
            let object = trace.next()
            let found = withUnsafeBytes(of: object) { store.response($0, hash: object) }
            if let found {
                found.noteUse()
                fifoHits += 1
            } else {
                let response = withUnsafeBytes(of: object) { key in
                    let body = UnsafeMutableRawBufferPointer.allocate(
                        byteCount: size - key.count - CacheTesting.overhead, alignment: 1)
                    defer { body.deallocate() }
                    return CachedResponse(
                        key: key, hash: object, status: 200, headCount: 0, UnsafeRawBufferPointer(start: nil, count: 0),
                        UnsafeRawBufferPointer(body), isEncrypted: false, createdMilliseconds: 0, expiryMilliseconds: 1,
                        counters: counters)
                }
                _ = store.insert(response, now: 0)
            }
            if lru.use(object) { lruHits += 1 }
        }
        return (fifoHits, lruHits)
    }

    @Test(
        "S3-FIFO has more hits than LRU on Zipf traces with objects that are asked for once and scans",
        arguments: [0.7, 0.9, 1.0])
    func modest(alpha: Double) {
        for (wonders, scan) in [(0.0, 0), (0.2, 0), (0.2, 10_000)] {
            let shape = CacheTrace.Shape(
                objects: 10_000, alpha: alpha, requests: 60_000, oneHitWonders: wonders, scanEvery: scan)
            for capacity in [100, 1_000] {
                let (fifo, lru) = hits(shape, capacity: capacity)
                // A twentieth of LRU's hits, and both find something.
                #expect(fifo > lru + lru / 20 && lru > 1_000, "\(shape) of \(capacity): \(fifo), \(lru)")
            }
        }
    }

    /// `PORTICO_CACHE_TRACE=1 swift test -c release -Xswiftc -enable-testing --filter CachePolicyTests` prints the table.
    @Test("The whole comparison", .enabled(if: getenv("PORTICO_CACHE_TRACE") != nil))
    func whole() {
        print("| alpha | mix | cache | S3-FIFO | LRU |\n|---|---|---|---|---|")
        for alpha in [0.7, 0.9, 1.0] {
            for (mix, wonders, scan) in [
                ("Zipf", 0.0, 0), ("20 % once", 0.2, 0), ("20 % once, scans", 0.2, 200_000),
            ] {
                let shape = CacheTrace.Shape(
                    objects: 200_000, alpha: alpha, requests: 4_000_000, oneHitWonders: wonders, scanEvery: scan)
                for percent in [1, 10] {
                    let (fifo, lru) = hits(shape, capacity: shape.objects * percent / 100)
                    func ratio(_ hits: Int) -> Double { (Double(hits) / Double(shape.requests) * 1_000).rounded() / 10 }
                    print("| \(alpha) | \(mix) | \(percent) % | \(ratio(fifo)) % | \(ratio(lru)) % |")
                    #expect(fifo > lru)
                }
            }
        }
    }
}
