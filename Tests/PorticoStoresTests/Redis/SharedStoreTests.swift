import PorticoIR
import PorticoStores
import PorticoTestSupport
import Synchronization
import Testing

/// One suite for all implementations of shared stores.
@Suite("Shared stores", .timeLimit(.minutes(5)))
struct SharedStoreTests {
    enum Kind: String, CaseIterable, CustomTestStringConvertible {
        case embedded, redis

        var testDescription: String { rawValue }
    }

    /// Two clients of one store; of the embedded one, two times the same.
    private func run(_ kind: Kind, _ body: (any SharedStore, any SharedStore) async throws -> Void) async throws {
        switch kind {
        case .embedded:
            let store = EmbeddedSharedStore()
            try await body(store, store)
        case .redis:
            let server = try await RedisServer()
            let (first, second) = (try await server.store(), try await server.store())
            try await body(first, second)
            await first.shutDown()
            await second.shutDown()
        }
    }

    private let perMillisecond: Int64 = 16_000_000

    private func taking(_ name: String, _ milliseconds: Int, capacity: Int = 1_000_000) -> BucketTaking {
        BucketTaking(
            name: name, takenTicks: Int64(milliseconds) * 16_000_000, capacityTicks: Int64(capacity) * 16_000_000)
    }

    /// Debts in milliseconds.
    private func settle(_ store: any SharedStore, _ takings: [BucketTaking]) async throws -> [Double] {
        try await store.settle(takings).map { Double($0.ticks) / 16_000_000 }
    }

    // MARK: - Limits

    @Test("What all take adds up, for each bucket alone, and is paid back by time", arguments: Kind.allCases)
    func debts(_ kind: Kind) async throws {
        try await run(kind) { (first, second) async throws in
            let start = ContinuousClock.now
            #expect(try await settle(first, []) == [])
            let one = try await settle(first, [taking("a", 100_000), taking("b ü\r\n", 5000), taking("none", 0)])
            #expect(one.count == 3)
            #expect(one[0] <= 100_000 && one[1] <= 5000 && one[2] == 0)
            let two = try await settle(second, [taking("b ü\r\n", 7000), taking("a", 50_000)])
            let elapsed = start.duration(to: .now) / .milliseconds(1)
            #expect(two[0] <= 12_000 && two[0] >= 12_000 - elapsed - 1)
            #expect(two[1] <= 150_000 && two[1] >= 150_000 - elapsed - 1)
            // Asking changes nothing, and giving back does.
            let three = try await settle(first, [taking("a", 0), taking("b ü\r\n", -11_000)])
            #expect(three[0] <= two[1] && three[0] > 140_000)
            #expect(three[1] <= 1000)
            #expect(try await settle(first, [taking("a", -1_000_000)]) == [0])
            #expect(try await settle(second, [taking("a", 0)]) == [0])
        }
    }

    @Test("What was taken a while ago has begun to come back, and comes back once", arguments: Kind.allCases)
    func ages(_ kind: Kind) async throws {
        try await run(kind) { (first, second) async throws in
            let minute = 60_000 * perMillisecond
            let taking = BucketTaking(
                name: "a", takenTicks: minute, ageTicks: 500 * perMillisecond, capacityTicks: 1 << 50)
            #expect(try await first.settle([taking])[0].ticks <= minute - 500 * perMillisecond)
            // It was not full half a second ago, so that nothing has come back twice.
            let debt = try await second.settle([taking])[0].ticks
            let most = 2 * minute - 500 * perMillisecond
            #expect(debt <= most && debt > minute)
            // Of an age, a second counts.
            let old = BucketTaking(name: "b", takenTicks: minute, ageTicks: .max, capacityTicks: 1 << 50)
            #expect(try await first.settle([old])[0].ticks == minute - 1000 * perMillisecond)
            // What has come back in full leaves no debt.
            let small = BucketTaking(name: "c", takenTicks: 1600, ageTicks: perMillisecond, capacityTicks: 1 << 50)
            #expect(try await first.settle([small])[0].ticks == 0)
        }
    }

    @Test("A bucket that is full again is forgotten, and debts have an end", arguments: Kind.allCases)
    func bounds(_ kind: Kind) async throws {
        try await run(kind) { (first, second) async throws in
            _ = try await settle(first, [taking("a", 20)])
            try await waitUntil("a full bucket") { try await settle(second, [taking("a", 0)]) == [0] }
            let most = BucketTaking(name: "b", takenTicks: .max, capacityTicks: 16_000_000)
            #expect(most.largestDebtTicks == 64 * 16_000_000 + 160_000_000_000)
            let debt = try await first.settle([most])[0].ticks
            #expect(debt <= most.largestDebtTicks && debt > most.largestDebtTicks / 2)
            let extreme = BucketTaking(name: "c", takenTicks: .max, capacityTicks: .max)
            #expect(try await first.settle([extreme])[0].ticks > 1 << 59)
            #expect(try await second.settle([extreme])[0].ticks <= extreme.largestDebtTicks)
        }
    }

    @Test("Hundreds of buckets are settled at once; more than a call takes are refused", arguments: Kind.allCases)
    func many(_ kind: Kind) async throws {
        try await run(kind) { (first, second) async throws in
            let count = BucketTaking.maximumCount
            let takings = (0..<count).map { taking("bucket \($0)", 100_000 + $0 * 1000) }
            _ = try await settle(first, takings)
            let debts = try await settle(second, takings)
            for (index, debt) in debts.enumerated() {
                let expected = 2 * Double(100_000 + index * 1000)
                #expect(debt <= expected && debt > expected - 60_000)
            }
            await #expect(throws: SharedStoreError.tooLarge) { try await first.settle(takings + [taking("x", 1)]) }
        }
    }

    // MARK: - Quotas

    private func change(_ name: String, _ period: Int, _ delta: Int, known: Int = 0, life: Int = 60) -> CounterChange {
        CounterChange(name: name, period: period, delta: delta, known: known, lifetimeSeconds: life)
    }

    private func add(
        _ store: any SharedStore, _ changes: [CounterChange], _ source: String, _ number: Int
    ) async throws -> [Int] {
        try await store.add(changes, batch: CounterBatch(source: source, number: number)).map(\.value)
    }

    @Test("Counts of all add up by name and period; no total is negative", arguments: Kind.allCases)
    func counts(_ kind: Kind) async throws {
        try await run(kind) { (first, second) async throws in
            #expect(try await add(first, [], "p", 1) == [])
            #expect(
                try await add(first, [change("k", 7, 5), change("k", 8, 1), change("l", 7, 2)], "p", 2) == [5, 1, 2])
            #expect(try await add(second, [change("l", 7, 1), change("k", 7, 4)], "q", 1) == [3, 9])
            #expect(try await add(first, [change("k", 7, 0)], "p", 3) == [9])
            #expect(try await add(first, [change("k", 7, -2), change("l", 7, -200)], "p", 4) == [7, 0])
            let large = 1 << 44
            #expect(try await add(first, [change("m", 1, large), change("n", -1, 3)], "p", 5) == [large, 3])
            #expect(try await add(second, [change("m", 1, 1)], "q", 2) == [large + 1])
        }
    }

    @Test("A batch that was added is not added again, whatever is in it", arguments: Kind.allCases)
    func batches(_ kind: Kind) async throws {
        try await run(kind) { (first, second) async throws in
            #expect(try await add(first, [change("k", 1, 5)], "p", 1) == [5])
            #expect(try await add(first, [change("k", 1, 5)], "p", 1) == [5])
            #expect(try await add(second, [change("k", 1, 2)], "q", 1) == [7])
            #expect(try await add(first, [change("k", 1, 5)], "p", 1) == [7])
            #expect(try await add(first, [change("k", 1, 5)], "p", 2) == [12])
            let many = (0...CounterBatch.maximumChanges).map { change("k\($0)", 1, 1) }
            await #expect(throws: SharedStoreError.tooLarge) { try await add(first, many, "p", 3) }
            #expect(try await add(first, Array(many.dropLast()), "p", 3) == many.dropLast().map { _ in 1 })
        }
    }

    @Test(
        "A counter that is not there begins with what was known; one that has ended is not there",
        arguments: Kind.allCases)
    func losses(_ kind: Kind) async throws {
        try await run(kind) { (first, second) async throws in
            #expect(try await add(first, [change("k", 1, 2, known: 10)], "p", 1) == [12])
            // The other knew less, and it is there now.
            #expect(try await add(second, [change("k", 1, 3, known: 9)], "q", 1) == [15])
            #expect(try await add(first, [change("short", 1, 2, life: 1)], "p", 2) == [2])
            var number = 3
            try await waitUntil("the end of a counter") {
                number += 1
                return try await add(first, [change("short", 1, 0, life: 1)], "p", number) == [0]
            }
        }
    }

    // MARK: - Cache

    private func key(_ name: String, in namespace: String = "api/stage") -> SharedCacheKey {
        SharedCacheKey(namespace: namespace, key: Array(name.utf8))
    }

    /// The generation of a namespace, once it has one.
    private func generation(_ store: any SharedStore, _ namespace: String = "api/stage") async throws
        -> SharedCacheGeneration
    {
        var found = SharedCacheGeneration(number: 0)
        try await waitUntil("a generation") {
            guard case .miss(let generation) = await store.get(key("nothing", in: namespace)) else { return false }
            found = generation
            return generation.number != 0
        }
        return found
    }

    @Test(
        "Values are found by everybody, byte for byte, until they are removed or their time is over",
        arguments: Kind.allCases)
    func values(_ kind: Kind) async throws {
        try await run(kind) { (first, second) async throws in
            let generation = try await generation(first)
            #expect(await second.get(key("a")) == .miss(generation))
            let large = (0..<SharedCacheKey.maximumValueBytes).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            for (name, value) in [("a", [UInt8]()), ("b", [0, 13, 10, 255]), ("large", large)] {
                first.set(key(name), value, ttlMilliseconds: 3_600_000, generation: generation)
                try await waitUntil(name) { await second.get(key(name)) == .hit(value) }
            }
            // Replaced.
            second.set(key("b"), [1], ttlMilliseconds: 3_600_000, generation: generation)
            try await waitUntil("another value") { await first.get(key("b")) == .hit([1]) }
            first.remove(key("b"))
            try await waitUntil("no value") { await second.get(key("b")) == .miss(generation) }
            first.set(key("short"), [1], ttlMilliseconds: 3_600_000, generation: generation)
            try await waitUntil("the value") { await second.get(key("short")) == .hit([1]) }
            first.set(key("short"), [1], ttlMilliseconds: 200, generation: generation)
            try await waitUntil("the end of the value") { await second.get(key("short")) == .miss(generation) }
            // Beyond a limit, without time, or without a generation, nothing is kept.
            first.set(key("a"), large + [0], ttlMilliseconds: 3_600_000, generation: generation)
            first.set(key("no time"), [1], ttlMilliseconds: 0, generation: generation)
            first.set(key("nobody"), [1], ttlMilliseconds: 1000, generation: SharedCacheGeneration(number: 0))
            first.set(key("last"), [1], ttlMilliseconds: 3_600_000, generation: generation)
            try await waitUntil("the last") { await first.get(key("last")) == .hit([1]) }
            #expect(await first.get(key("a")) == .hit([]))
            #expect(await first.get(key("no time")) == .miss(generation))
            #expect(await first.get(key("nobody")) == .miss(generation))
        }
    }

    @Test(
        "A flush is seen by the next look-up of everybody, in its namespace alone, and outdates values under way",
        arguments: Kind.allCases)
    func flushes(_ kind: Kind) async throws {
        try await run(kind) { (first, second) async throws in
            let (one, other) = (try await generation(first), try await generation(first, "other"))
            for store in [first, second] {
                store.set(key("a"), [1], ttlMilliseconds: 60_000, generation: one)
                store.set(key("a", in: "other"), [2], ttlMilliseconds: 60_000, generation: other)
                try await waitUntil("a value") { await store.get(key("a")) == .hit([1]) }
                try await waitUntil("a value") { await store.get(key("a", in: "other")) == .hit([2]) }
            }
            try await first.flush("api/stage")
            guard case .miss(let next) = await second.get(key("a")) else {
                Issue.record("a value outlives a flush")
                return
            }
            #expect(next != one && next.number != 0)
            #expect(await second.get(key("a", in: "other")) == .hit([2]))
            // Computed before the flush, kept after it.
            second.set(key("b"), [3], ttlMilliseconds: 60_000, generation: one)
            second.set(key("c"), [4], ttlMilliseconds: 60_000, generation: next)
            try await waitUntil("a value of now") { await first.get(key("c")) == .hit([4]) }
            try await waitUntil("an answer") { await second.get(key("c")) == .hit([4]) }
            #expect(await second.get(key("b")) == .miss(next))
            #expect(await first.get(key("b")) == .miss(next))
        }
    }

    @Test("Names that meet end to end are not confused", arguments: Kind.allCases)
    func names(_ kind: Kind) async throws {
        try await run(kind) { (first, _) async throws in
            let one = try await generation(first, "a:b")
            _ = try await generation(first, "a")
            first.set(key("c", in: "a:b"), [1], ttlMilliseconds: 60_000, generation: one)
            try await waitUntil("a value") { await first.get(key("c", in: "a:b")) == .hit([1]) }
            guard case .miss = await first.get(key("b:c", in: "a")) else {
                Issue.record("found under another name")
                return
            }
        }
    }

    @Test("What the embedded store keeps of answers has a limit, and the oldest go")
    func embeddedBound() async throws {
        let store = EmbeddedSharedStore(cacheBytes: 100_000) { 0 }
        let generation = try await generation(store)
        for number in 0..<1000 {
            store.set(
                key("\(number)"), [UInt8](repeating: 1, count: 1000), ttlMilliseconds: 1000, generation: generation)
        }
        var found = 0
        for number in 0..<1000 {
            if case .hit = await store.get(key("\(number)")) { found += 1 }
        }
        #expect((50...100).contains(found))
        #expect(await store.get(key("999")) == .hit([UInt8](repeating: 1, count: 1000)))
        #expect(await store.get(key("0")) == .miss(generation))
    }

    @Test("A store says that it is connected", arguments: Kind.allCases)
    func status(_ kind: Kind) async throws {
        try await run(kind) { (first, _) async throws in
            #expect(!first.statuses.isEmpty)
            for status in first.statuses {
                #expect(status.isConnected && status.reconnects == 0 && status.failures.load(ordering: .relaxed) == 0)
                #expect(status.lastError == nil)
            }
        }
    }
}

/// Runs completions where they come up.
struct DirectLoop: CompletionLoop {
    func execute(_ task: @escaping @Sendable () -> Void) { task() }
}

extension SharedCacheStore {
    func get(_ key: SharedCacheKey) async -> SharedCacheAnswer {
        await withCheckedContinuation { continuation in
            get(key, on: DirectLoop()) { continuation.resume(returning: $0) }
        }
    }
}
