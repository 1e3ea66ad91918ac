import Synchronization
import Testing

@testable import PorticoGateway

@Suite("The cache of a stage")
struct ResponseCacheTests {
    @Test("Answers of 1,048,576 bytes are kept, larger ones refused and counted")
    func answerLimit() throws {
        let cache = ResponseCache(capacityBytes: 8 << 20)
        let cases = [
            (0, CacheLimits.answerBytes, true), (CacheLimits.answerBytes, 0, true), (1_000, 1_047_576, true),
            (0, CacheLimits.answerBytes + 1, false), (CacheLimits.answerBytes + 1, 0, false), (1, 1_048_576, false),
        ]
        for (number, (head, body, isKept)) in cases.enumerated() {
            let flight = try #require(CacheTesting.flight(cache, CacheTesting.key(String(number))))
            let response = CacheTesting.response(
                String(repeating: "b", count: body), of: flight, head: String(repeating: "h", count: head))
            #expect((response != nil) == isKept)
            #expect(flight.finish(with: response, now: 0) == isKept)
        }
        #expect(cache.counts.refused == 3 && cache.counts.stores == 3 && cache.counts.entries == 3)
    }

    @Test("An answer that is larger than its shard is refused, a cache without capacity keeps nothing")
    func capacityLimit() {
        for (capacity, isKept) in [(10_000, true), (1_000, false), (0, false), (-1, false)] {
            let cache = ResponseCache(capacityBytes: capacity)
            #expect(
                CacheTesting.store(String(repeating: "x", count: 1_000), CacheTesting.key("7"), in: cache) == isKept)
            #expect(cache.counts.refused == (isKept ? 0 : 1))
            #expect(cache.counts.heldBytes == cache.counts.bytes)
        }
    }

    @Test("Shards are as many as are worth it, a power of two, and the capacity holds for all together")
    func shards() {
        for (gigabytes, count) in [(0.001, 1), (0.0625, 2), (0.5, 16), (1.6, 32), (6.1, 128), (237, 256)] {
            let cache = ResponseCache(capacityBytes: Int(gigabytes * 1_073_741_824))
            #expect(cache.contents.count == count)
        }
        let cache = ResponseCache(capacityBytes: 100_000, shards: 8)
        for number in 0..<2_000 {
            CacheTesting.store("cat", CacheTesting.key(String(number)), in: cache)
            #expect(cache.counts.bytes <= 100_000)
        }
        #expect(cache.counts.entries > 150 && cache.counts.evictions == 2_000 - cache.counts.entries)
    }

    @Test("A flush empties all shards, once for each")
    func flush() {
        let cache = ResponseCache(capacityBytes: 1 << 20, shards: 8)
        let keys = (0..<500).map { CacheTesting.key(String($0)) }
        for round in 0..<3 {
            for key in keys { #expect(CacheTesting.store("cat \(round)", key, in: cache)) }
            #expect(keys.allSatisfy { CacheTesting.body(cache, $0) == "cat \(round)" })
            #expect(cache.counts.entries == 500)
            cache.flush()
            #expect(cache.counts.entries == 0 && cache.counts.bytes == 0 && cache.counts.heldBytes == 0)
        }
        #expect(cache.counts.stores == 1_500 && cache.counts.evictions == 0)
    }

    @Test("The account agrees with what is there after random work of four threads", arguments: [1, 4])
    func account(shards: Int) {
        let cache = ResponseCache(capacityBytes: 60_000, shards: shards)
        let wrong = CacheTesting.Count()
        let begun = CacheTesting.Count()
        let told = CacheTesting.Count()
        CacheTesting.threads(4) { thread in
            var random = CacheTesting.Random(seed: UInt64(thread))
            let worker = WorkerCache(cache, mostPlaces: 128)
            for step in 0..<6_000 {
                let number = min(Int.random(in: 0..<150, using: &random), Int.random(in: 0..<150, using: &random))
                let key = CacheTesting.key(String(number))
                let now = step / 10
                switch Int.random(in: 0..<100, using: &random) {
                case 0 where thread == 0: cache.flush()
                case 1: cache.invalidate(key)
                case 2: worker.sweep(now: now, most: 32)
                case 3:
                    if case .fetch(let flight) = cache.refresh(key) {
                        worker.finish(flight, with: CacheTesting.response("\(number)", of: flight, now: now), now: now)
                    }
                default:
                    if let body = CacheTesting.body(worker, key, now: now) {
                        if !body.hasPrefix("\(number) ") && body != "\(number)" { wrong.add() }
                        continue
                    }
                    let beginning = worker.begin(key, now: now) { turn in
                        told.add()
                        if case .hit(let response) = turn {
                            let body = CacheTesting.text(response.body)
                            if !body.hasPrefix("\(number) ") && body != "\(number)" { wrong.add() }
                        }
                    }
                    switch beginning {
                    case .turn(.fetch(let flight)):
                        // Some go away, some have nothing to keep.
                        let fate = Int.random(in: 0..<10, using: &random)
                        if fate == 0 { continue }
                        let body =
                            "\(number) " + String(repeating: "x", count: Int.random(in: 0..<2_000, using: &random))
                        let response = CacheTesting.response(body, of: flight, now: now, timeToLive: 100)
                        worker.finish(flight, with: fate == 1 ? nil : response, now: now)
                    case .wait(let wait):
                        if Bool.random(using: &random), wait.cancel() { continue }
                        begun.add()
                    case .turn: break
                    }
                }
                if cache.counts.bytes > 60_000 { wrong.add() }
            }
        }
        #expect(wrong.value == 0)
        // Each that waited and did not cancel was told, once.
        #expect(told.value == begun.value)
        let counts = cache.counts
        let contents = cache.contents
        let responses = contents.flatMap(\.responses)
        #expect(counts.entries == responses.count && counts.entries > 0)
        #expect(counts.bytes == responses.reduce(0) { $0 + $1.sizeBytes })
        #expect(counts.bytes == contents.reduce(0) { $0 + $1.bytes } && counts.bytes <= 60_000)
        // The workers are gone, so that nothing else is in memory.
        #expect(counts.heldBytes == counts.bytes)
        #expect(responses.allSatisfy { $0.isFresh(generation: cache.generation, now: 0) })
        #expect(cache.counters.flights.load(ordering: .relaxed) == 0)
        #expect(counts.stores > 1_000 && counts.hits > 1_000 && counts.evictions > 100)
    }

    @Test("A hundred requests of four threads for one key, which come before its answer, fetch it once")
    func stampede() {
        for round in 0..<20 {
            let cache = ResponseCache(capacityBytes: 1 << 20)
            let fetches = CacheTesting.Count()
            let hits = CacheTesting.Count()
            let waiting = CacheTesting.Count()
            let flights = Mutex<[CacheFlight]>([])
            CacheTesting.threads(4) { _ in
                let key = CacheTesting.key("round \(round)")
                for _ in 0..<25 {
                    let beginning = cache.begin(key, now: 0) { turn in
                        if case .hit = turn { hits.add() }
                    }
                    switch beginning {
                    case .turn(.fetch(let flight)):
                        fetches.add()
                        flights.withLock { $0.append(flight) }
                    case .wait: waiting.add()
                    case .turn: break
                    }
                }
            }
            #expect(fetches.value == 1 && waiting.value == 99 && hits.value == 0)
            for flight in flights.withLock({ $0 }) {
                #expect(flight.finish(with: CacheTesting.response("cat", of: flight), now: 0))
            }
            #expect(hits.value == 99)
            #expect(cache.counts.hits == 99 && cache.counts.misses == 1)
        }
    }

    @Test(
        "Of a hundred who wait for one that goes away, one fetches at a time, on whichever thread, until one succeeds")
    func givenUp() {
        let cache = ResponseCache(capacityBytes: 1 << 20)
        let key = CacheTesting.key("7")
        let fetching = CacheTesting.Count()
        let most = CacheTesting.Count()
        let fetches = CacheTesting.Count()
        let hits = CacheTesting.Count()
        // Those who are told to fetch leave the flight here for another thread, as a loop's queue does.
        let queue = Mutex<[CacheFlight]>([])
        let take: @Sendable (CacheTurn) -> Void = { turn in
            switch turn {
            case .hit: hits.add()
            case .fetch(let flight):
                let now = fetching.number.add(1, ordering: .acquiringAndReleasing).newValue
                if now > most.value { most.number.store(now, ordering: .releasing) }
                fetches.add()
                queue.withLock { $0.append(flight) }
            case .fetchWithoutStoring: break
            }
        }
        if case .turn(let turn) = cache.begin(key, now: 0, take) { take(turn) }
        for _ in 0..<100 { _ = cache.begin(key, now: 0, take) }
        CacheTesting.threads(3) { _ in
            while hits.value == 0 {
                var flight = queue.withLock { $0.popLast() }
                guard flight != nil else { continue }
                if fetches.value == 51, let last = flight {
                    last.finish(with: CacheTesting.response("cat", of: last), now: 0)
                }
                fetching.number.subtract(1, ordering: .acquiringAndReleasing)
                flight = nil
            }
        }
        #expect(most.value == 1 && fetches.value == 51 && hits.value == 50)
        #expect(cache.counters.flights.load(ordering: .relaxed) == 0)
    }

    @Test("Flushes during fetches: no answer that was begun before the last flush is found after it")
    func flushDuringFlights() {
        let cache = ResponseCache(capacityBytes: 1 << 20, shards: 2)
        let epoch = CacheTesting.Count()
        let stale = CacheTesting.Count()
        let stored = CacheTesting.Count()
        let isDone = CacheTesting.Count()
        CacheTesting.threads(3) { thread in
            if thread == 0 {
                for round in 0..<200_000 where round < 500 || stored.value < 500 {
                    // What a backend answers changes, and then the cache is flushed.
                    epoch.add()
                    let now = epoch.value
                    cache.flush()
                    for number in 0..<4 {
                        let body = CacheTesting.body(cache, CacheTesting.key(String(number)))
                        if let body, (Int(body) ?? 0) < now { stale.add() }
                    }
                    CacheTesting.yield()
                }
                isDone.add()
                return
            }
            let worker = WorkerCache(cache)
            var step = 0
            while isDone.value == 0 {
                step += 1
                let key = CacheTesting.key(String(step & 3))
                let before = epoch.value
                // Nothing older than what was flushed before this look.
                if let body = CacheTesting.body(worker, key), (Int(body) ?? 0) < before - 1 { stale.add() }
                if case .turn(.fetch(let flight)) = worker.begin(key, now: 0, { _ in }) {
                    let response = CacheTesting.response(String(epoch.value), of: flight)
                    if worker.finish(flight, with: response, now: 0) { stored.add() }
                }
            }
        }
        #expect(stale.value == 0)
        #expect(stored.value >= 500 && epoch.value >= 500)
    }

    @Test("Ten thousand distinct answers through a cache of a hundredth of their bytes, to the byte")
    func flood() {
        let capacity = 500_000
        let cache = ResponseCache(capacityBytes: capacity)
        let worker = WorkerCache(cache)
        var most = 0
        for number in 0..<10_000 {
            let key = CacheTesting.key(String(number))
            guard case .turn(.fetch(let flight)) = worker.begin(key, now: 0, { _ in }) else { continue }
            worker.finish(
                flight, with: CacheTesting.response(String(repeating: "x", count: 4_600), of: flight), now: 0)
            most = max(most, cache.counts.heldBytes)
        }
        let counts = cache.counts
        let size = counts.bytes / counts.entries
        #expect(counts.bytes == cache.contents[0].responses.reduce(0) { $0 + $1.sizeBytes })
        #expect(counts.stores == 10_000 && counts.evictions == 10_000 - counts.entries)
        // Full: not one more would fit; and dead answers were never more than an eighth.
        #expect(counts.bytes <= capacity && counts.bytes > capacity - size - 4)
        #expect(most <= capacity / 8 * 9 + size + 4)
    }
}
