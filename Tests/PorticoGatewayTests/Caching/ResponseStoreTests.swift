import Testing

@testable import PorticoGateway

@Suite("Answers of a shard and what makes room")
struct ResponseStoreTests {
    @Test(
        "Does what the plain form of S3-FIFO does, over random uses, stores, removals and expiries",
        arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func differential(seed: UInt64) {
        var random = CacheTesting.Random(seed: seed)
        let capacity = [2_000, 20_000, 40_000][Int(seed % 3)]
        var store = ResponseStore(capacityBytes: capacity)
        var naive = NaiveStore(capacity: capacity)
        var evictions = 0
        var removals = 0
        var now = 0
        for _ in 0..<6_000 {
            // Few of the keys are wanted often.
            let number = min(Int.random(in: 1...120, using: &random), Int.random(in: 1...120, using: &random))
            let hash = UInt64(number)
            let key = "key \(number)"
            now += Int.random(in: 0...2, using: &random)
            let found = Array(key.utf8).withUnsafeBytes { store.response($0, hash: hash) }
            #expect((found != nil) == naive.hashes.contains(hash))
            switch Int.random(in: 0..<20, using: &random) {
            case 0, 8:
                let removed = remove(key, hash, from: &store)
                #expect(removed === found)
                naive.remove(hash)
                removals += removed == nil ? 0 : 1
            case 1...7 where found != nil:
                found?.noteUse()
                naive.use(hash)
            default:
                let size = CacheTesting.overhead + 8 + Int.random(in: 0...900, using: &random)
                let expiry = Bool.random(using: &random) ? Int.max : now + Int.random(in: 1...200, using: &random)
                let response = CacheTesting.response(key, hash: hash, size: size, expiry: expiry)
                let (removed, count) = store.insert(response, now: now)
                naive.insert(hash, size: response.sizeBytes, expiry: expiry, now: now)
                evictions += count
                #expect(removed.count == count + (found == nil ? 0 : 1))
            }
            let responses = store.responses
            #expect(Set(responses.map(\.hash)) == naive.hashes)
            #expect(responses.count == store.count)
            #expect(store.bytes == responses.reduce(0) { $0 + $1.sizeBytes } && store.bytes == naive.bytes)
            #expect(store.bytes <= capacity)
            #expect(store.ghostCount == naive.ghosts.filter { $0 != 0 }.count)
        }
        #expect(evictions > 500 && removals > (capacity > 2_000 ? 20 : 0))
    }

    private func remove(_ key: String, _ hash: UInt64, from store: inout ResponseStore) -> CachedResponse? {
        Array(key.utf8).withUnsafeBytes { store.remove($0, hash: hash) }
    }

    @Test("An answer of exactly the capacity has it alone")
    func exact() {
        var store = ResponseStore(capacityBytes: 2_000)
        for number in 0..<4 {
            _ = store.insert(CacheTesting.response("s\(number)", hash: UInt64(number + 1), size: 400), now: 0)
        }
        let (removed, evictions) = store.insert(CacheTesting.response("l", hash: 9, size: 2_000), now: 0)
        #expect(removed.count == 4 && evictions == 4 && store.bytes == 2_000 && store.count == 1)
    }

    @Test("A search ends although everything is used all the time")
    func longestSearch() {
        let size = 500
        var store = ResponseStore(capacityBytes: 2_000 * size)
        for number in 1...2_000 {
            _ = store.insert(CacheTesting.response("k", hash: UInt64(number), size: size), now: 0)
        }
        for response in store.responses { for _ in 0..<3 { response.noteUse() } }
        let (removed, evictions) = store.insert(CacheTesting.response("k", hash: 1 << 40, size: size), now: 0)
        #expect(removed.count == 1 && evictions == 1)
        // Each answer that was passed has lost one use, or all when it left the small queue.
        let passed = store.responses.filter { $0.frequency < CachedResponse.highestFrequency }.count
        #expect(passed == ResponseStore.longestSearch + 1)
    }

    @Test("What is asked for once leaves what is asked for often alone")
    func scan() {
        let size = 500
        var store = ResponseStore(capacityBytes: 100 * size)
        func insert(_ number: Int) {
            _ = store.insert(CacheTesting.response("k", hash: UInt64(number), size: size), now: 0)
        }
        for number in 1...100 { insert(number) }
        for response in store.responses { response.noteUse() }
        for number in 1_000..<1_080 { insert(number) }
        for response in store.responses { for _ in 0..<3 { response.noteUse() } }
        let kept = Set(store.responses.map(\.hash))
        // Twenty times the cache passes by.
        for number in 10_000..<12_000 { insert(number) }
        let left = store.responses.filter { kept.contains($0.hash) }.count
        #expect(left >= 85)
    }

    @Test("The ghost queue remembers no more hashes than there are answers, or 64")
    func ghosts() {
        var store = ResponseStore(capacityBytes: 100 * 500)
        for number in 1...5_000 {
            _ = store.insert(CacheTesting.response("k", hash: UInt64(number), size: 500), now: 0)
            #expect(store.ghostCount <= max(ResponseStore.fewestGhosts, store.count + 1))
        }
        #expect(store.ghostCount > 50)
        var queue = GhostQueue()
        for number in 1...1_000 { queue.insert(UInt64(number), limit: 100) }
        #expect(queue.count == 100)
        for (hash, wasThere) in [(900, false), (901, true), (901, false), (1_000, true)] {
            let isThere = queue.remove(UInt64(hash))
            #expect(isThere == wasThere)
        }
        // One that comes again counts from then on, not from its old place.
        for number in 2_000...2_098 { queue.insert(UInt64(number), limit: 100) }
        queue.insert(2_000, limit: 100)
        for number in 3_000...3_050 { queue.insert(UInt64(number), limit: 100) }
        let areThere = (queue.remove(2_000), queue.remove(2_001))
        #expect(areThere == (true, false))
    }
}
