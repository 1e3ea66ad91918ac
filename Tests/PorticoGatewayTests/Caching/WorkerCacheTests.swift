import Testing

@testable import PorticoGateway

@Suite("A worker's own table of answers")
struct WorkerCacheTests {
    private let cache = ResponseCache(capacityBytes: 1 << 20)

    private func store(
        _ body: String, _ key: CacheKey, _ worker: WorkerCache, now: Int = 0, timeToLive: Int = 1_000_000
    ) {
        guard case .turn(.fetch(let flight)) = worker.begin(key, now: now, { _ in }) else {
            Issue.record("it is there already")
            return
        }
        let response = CacheTesting.response(body, of: flight, now: now, timeToLive: timeToLive)
        #expect(worker.finish(flight, with: response, now: now))
    }

    @Test("Head, body, status and times come back as they were stored")
    func content() throws {
        let worker = WorkerCache(cache)
        let key = CacheTesting.key("7")
        #expect(worker.withHit(key, now: 0) { _ in true } == nil)
        store("cat", key, worker, now: 5, timeToLive: 300)
        let found = worker.withHit(key, now: 6) { response in
            #expect(CacheTesting.text(response.head) == "head" && CacheTesting.text(response.body) == "cat")
            #expect(response.status == 200 && response.createdMilliseconds == 5)
            #expect(response.expiryMilliseconds == 305 && !response.isEncrypted)
            #expect(response.sizeBytes == CacheTesting.overhead + key.bytes.count + 7)
            return true
        }
        #expect(found == true)
    }

    @Test("Its time is over at the millisecond, and a second fetch takes its place")
    func expiry() {
        let worker = WorkerCache(cache)
        let key = CacheTesting.key("7")
        store("cat", key, worker, now: 1_000, timeToLive: 300)
        #expect(CacheTesting.body(worker, key, now: 1_299) == "cat")
        #expect(CacheTesting.body(worker, key, now: 1_300) == nil)
        #expect(worker.count == 0 && worker.heldBytes == 0)
        store("dog", key, worker, now: 1_300)
        #expect(CacheTesting.body(worker, key, now: 1_301) == "dog")
        #expect(cache.counts.entries == 1 && cache.counts.evictions == 0)
    }

    @Test("An answer without time is not stored")
    func noTime() throws {
        let flight = try #require(CacheTesting.flight(cache, CacheTesting.key("7"), now: 9))
        #expect(!flight.finish(with: CacheTesting.response("cat", of: flight, now: 9, timeToLive: 0), now: 9))
        #expect(cache.counts.entries == 0 && cache.counts.heldBytes == 0)
    }

    @Test("What one worker fetched, another finds in the shared cache once and then in its own table")
    func otherWorker() {
        let one = WorkerCache(cache)
        let two = WorkerCache(cache)
        let key = CacheTesting.key("7")
        store("cat", key, one)
        #expect(CacheTesting.body(two, key) == nil)
        guard case .turn(.hit) = two.begin(key, now: 1, { _ in }) else {
            Issue.record("the shared cache has it")
            return
        }
        #expect(CacheTesting.body(two, key) == "cat")
        #expect(cache.counts.hits == 2 && cache.counts.misses == 1)
    }

    @Test("What is flushed, invalidated, refreshed or replaced is no hit in any table from that moment")
    func dead() {
        let actions: [(ResponseCache, CacheKey) -> Void] = [
            { cache, _ in cache.flush() },
            { cache, key in cache.invalidate(key) },
            { cache, key in _ = cache.refresh(key) },
            { cache, key in
                guard case .fetch(let flight) = cache.refresh(key) else { return }
                flight.finish(with: CacheTesting.response("new", of: flight), now: 0)
            },
        ]
        for (number, action) in actions.enumerated() {
            let workers = [WorkerCache(cache), WorkerCache(cache)]
            let key = CacheTesting.key("dead \(number)")
            store("old", key, workers[0])
            _ = workers[1].begin(key, now: 0) { _ in }
            #expect(workers.allSatisfy { CacheTesting.body($0, key) == "old" })
            action(cache, key)
            #expect(workers.allSatisfy { CacheTesting.body($0, key) == nil && $0.count == 0 })
        }
    }

    @Test("Tables grow, and find all that they hold, whatever its hash")
    func growth() {
        let cache = ResponseCache(capacityBytes: 32 << 20)
        let worker = WorkerCache(cache)
        let keys = (0..<20_000).map { CacheTesting.key(String($0)) }
        for (number, key) in keys.enumerated() { store(String(number), key, worker) }
        #expect(cache.counts.entries == 20_000)
        // Eight places a set, five eighths full: few sets have more than that.
        #expect(worker.count > 19_000)
        var found = 0
        for (number, key) in keys.enumerated() {
            guard let body = CacheTesting.body(worker, key) else { continue }
            found += 1
            #expect(body == String(number))
        }
        #expect(found == worker.count)
    }

    @Test("A table refers to no more answers than it has places, and gives the place of those used least")
    func bound() {
        let worker = WorkerCache(cache, mostPlaces: 64)
        let wanted = (0..<8).map { CacheTesting.key("wanted \($0)", hash: UInt64($0) << 61 | 1) }
        for key in wanted {
            store("wanted", key, worker)
            for _ in 0..<3 { _ = CacheTesting.body(worker, key) }
        }
        for number in 0..<1_000 {
            let key = CacheTesting.key("other \(number)", hash: UInt64(number) &* 0x9E37_79B9_7F4A_7C15)
            store("other", key, worker)
            #expect(worker.count <= 64)
        }
        #expect(wanted.allSatisfy { CacheTesting.body(worker, $0) == "wanted" })
    }

    @Test("Keys whose hashes meet are told apart; one of them has the place", arguments: [0, 1, UInt64.max])
    func sameHash(hash: UInt64) {
        let worker = WorkerCache(cache)
        let one = CacheTesting.key("one", hash: hash)
        let two = CacheTesting.key("two", hash: hash)
        store("1", one, worker)
        #expect(CacheTesting.body(worker, two) == nil)
        store("2", two, worker)
        #expect(CacheTesting.body(worker, two) == "2")
        #expect(CacheTesting.body(worker, one) == nil)
        #expect(worker.count <= 1)
    }

    @Test("Memory of what was evicted is let go while a worker stores, also when answers become larger")
    func release() {
        let cache = ResponseCache(capacityBytes: 1 << 20)
        let worker = WorkerCache(cache)
        for (step, (size, count)) in [(10, 20_000), (10_000, 3_000), (300_000, 200), (10, 5_000)].enumerated() {
            let body = String(repeating: "x", count: size)
            for number in 0..<count {
                store(body, CacheTesting.key("\(step) \(number)"), worker)
                let counts = cache.counts
                #expect(counts.bytes <= cache.capacityBytes)
                #expect(worker.heldBytes <= cache.capacityBytes / 8 * 9)
                // What the cache has and the worker's table has not is there, too.
                #expect(counts.heldBytes <= cache.capacityBytes / 8 * 9 + counts.bytes)
            }
        }
    }

    @Test("The timer's sweep lets an idle worker go of what the others evicted, a bounded number of places at a time")
    func sweep() {
        let busy = WorkerCache(cache)
        let idle = WorkerCache(cache)
        for number in 0..<2_000 { store("cat", CacheTesting.key(String(number)), idle) }
        let before = idle.count
        #expect(!idle.sweep(now: 0, most: 1 << 20) && idle.count == before)
        cache.flush()
        #expect(cache.counts.bytes == 0 && cache.counts.heldBytes > 0)
        #expect(idle.sweep(now: 0, most: 64))
        #expect(idle.count >= before - 64)
        var rounds = 0
        while idle.sweep(now: 0, most: 64), rounds < 10_000 { rounds += 1 }
        #expect(idle.count == 0 && idle.heldBytes == 0 && cache.counts.heldBytes == 0)
        // Nothing has gone since: no place is looked at.
        store("cat", CacheTesting.key("new"), busy)
        #expect(!idle.sweep(now: 0))
        #expect(idle.count == 0 && busy.count == 1)
    }

    @Test("A worker that ends lets go of everything, and its hits stay counted")
    func end() {
        let key = CacheTesting.key("7")
        var worker: WorkerCache? = WorkerCache(cache)
        if let worker {
            store("cat", key, worker)
            for _ in 0..<5 { #expect(CacheTesting.body(worker, key) == "cat") }
        }
        worker = nil
        #expect(cache.counts.hits == 5)
        cache.flush()
        #expect(cache.counts.heldBytes == 0)
    }
}
