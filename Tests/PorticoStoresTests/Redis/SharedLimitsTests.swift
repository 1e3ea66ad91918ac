import Glibc
import NIOPosix
import PorticoIR
import PorticoTestSupport
import Synchronization
import Testing

@testable import PorticoGateway
@testable import PorticoStores

/// Buckets and quotas of several gateways over one store.
@Suite("Limits that processes share", .timeLimit(.minutes(5)))
struct SharedLimitsTests {
    private let perMillisecond: LimitTicks = 16_000_000

    private func limit(_ rate: Double, _ burst: Int) throws -> RateLimit {
        try #require(RateLimit(Throttle(rateLimit: rate, burstLimit: burst)))
    }

    // MARK: - One bucket

    @Test("A bucket of this process alone counts nothing for others; a shared one counts what it gave and took back")
    func unsettled() throws {
        let limit = try limit(1000, 5)
        let alone = TokenBucket()
        #expect(alone.take(limit, now: 0) == 0)
        #expect(alone.takeUnsettled() == nil)
        let shared = TokenBucket(isShared: true)
        for _ in 0..<7 { _ = shared.take(limit, now: 0) }
        shared.giveBack(limit)
        #expect(shared.takeUnsettled().map { [$0.taken, $0.capacity] } == [4 * perMillisecond, 5 * perMillisecond])
        #expect(shared.takeUnsettled() == nil)
        // Of what piles up, no more than the bucket holds.
        shared.putBack(3 * perMillisecond)
        shared.putBack(1_000_000 * perMillisecond)
        #expect(shared.takeUnsettled()?.taken == 8 * perMillisecond)
        shared.putBack(8 * perMillisecond)
        #expect(shared.takeUnsettled()?.taken == 5 * perMillisecond)
    }

    @Test("A debt keeps requests out until it is paid; a smaller one than is known changes nothing")
    func raising() throws {
        let limit = try limit(1000, 5)
        let bucket = TokenBucket(isShared: true)
        bucket.raise(to: 100 * perMillisecond)
        #expect(bucket.take(limit, now: 0) == 96 * perMillisecond)
        bucket.raise(to: 50 * perMillisecond)
        #expect(bucket.take(limit, now: 0) == 96 * perMillisecond)
        #expect(bucket.take(limit, now: 96 * perMillisecond) == 0)
        // What was taken and not settled comes on top of it.
        bucket.raise(to: 200 * perMillisecond)
        #expect(bucket.take(limit, now: 196 * perMillisecond) == perMillisecond)
        bucket.raise(to: .max)
        #expect(bucket.take(limit, now: 197 * perMillisecond) == 0)
    }

    // MARK: - Throttles

    /// One gateway: its registry, its bucket and its settling.
    private final class Gateway: Sendable {
        let registry = LimitRegistry(isShared: true)
        let limits: SharedLimits
        let bucket: TokenBucket
        let admitted = Atomic<Int>(0)
        /// The longest time between two settlings, in ticks.
        let longestGap = Atomic<Int64>(0)
        /// Time in which requests did not come that should have, in ticks.
        let pauses = Atomic<Int64>(0)

        init(
            _ store: any SharedLimitStore & SharedCounterStore,
            now: @escaping @Sendable () -> LimitTicks = { LimitTicks.now(ahead: 0) }
        ) {
            limits = SharedLimits(store: store, registry: registry, now: now)
            bucket = registry.bucket("stage/x")
        }
    }

    private static let rate = 2000.0
    private static let burst = 300
    private static let allowed = rate * 3 + Double(burst)

    @Test("Three gateways that get ten times what a limit lets in let in what it does", arguments: [1, 25, 50])
    func overload(_ settlingMilliseconds: Int) async throws {
        let clock = Count()
        let store = EmbeddedSharedStore { Int64(clock.value.load(ordering: .relaxed)) }
        let gateways = (0..<3).map { _ in Gateway(store) { LimitTicks(clock.value.load(ordering: .relaxed)) } }
        let limit = try limit(Self.rate, Self.burst)
        // A request every 50 us of three seconds, in turn; gateways do not settle at the same time.
        for number in 0..<60_000 {
            let now = LimitTicks(number) * perMillisecond / 20
            clock.value.store(Int(now), ordering: .relaxed)
            let gateway = gateways[number % 3]
            if gateway.bucket.take(limit, now: now) == 0 { gateway.admitted.add(1, ordering: .relaxed) }
            for (index, gateway) in gateways.enumerated()
            where (number + index * 7) % (settlingMilliseconds * 20) == 0 {
                #expect(await gateway.limits.settleBuckets() == nil)
            }
        }
        let admitted = gateways.map { Double($0.admitted.load(ordering: .relaxed)) }
        let sum = admitted.reduce(0, +)
        #expect(sum <= Self.allowed * 1.05 && sum >= Self.allowed * 0.95, "\(sum)")
        // Nobody is kept out by the others.
        for part in admitted { #expect(part > sum / 3 * 0.8, "\(admitted)") }
    }

    @Test("Three gateways over one server, with ten times what a limit lets in, let in what it does")
    func overloadOverRedis() async throws {
        let server = try await RedisServer()
        var stores: [RedisSharedStore] = []
        for _ in 0..<3 { stores.append(try await server.store()) }
        let gateways = stores.map { Gateway($0) }
        let limit = try limit(Self.rate, Self.burst)
        let start = LimitTicks.now(ahead: 0)
        let end = start + 3 * LimitTicks.perSecond
        // Threads of their own: other tests hold up those of tasks.
        let threads = NIOThreadPool(numberOfThreads: 3)
        threads.start()
        await withTaskGroup(of: Void.self) { group in
            for gateway in gateways {
                group.addTask {
                    try? await threads.runIfActive {
                        var next = start
                        var last = start
                        while next < end {
                            let now = LimitTicks.now(ahead: 0)
                            gateway.pauses.add(max(now - last - 160_000_000, 0), ordering: .relaxed)
                            last = now
                            while next < min(now, end) {
                                if gateway.bucket.take(limit, now: now) == 0 {
                                    gateway.admitted.add(1, ordering: .relaxed)
                                }
                                next += LimitTicks.perSecond * 3 / 20_000
                            }
                            usleep(1000)
                        }
                    }
                }
                group.addTask {
                    var last = start
                    while LimitTicks.now(ahead: 0) < end {
                        try? await Task.sleep(for: SharedLimits.bucketInterval)
                        #expect(await gateway.limits.settleBuckets() == nil)
                        let now = LimitTicks.now(ahead: 0)
                        gateway.longestGap.max(now - last, ordering: .relaxed)
                        last = now
                    }
                }
            }
        }
        try await threads.shutdownGracefully()
        func seconds(_ value: Int64?) -> Double { Double(value ?? 0) / Double(LimitTicks.perSecond) }
        let admitted = Double(gateways.reduce(0) { $0 + $1.admitted.load(ordering: .relaxed) })
        // A machine that is busy with other things settles late, and what was let in until then beyond the limit is not
        // paid back at the end; or sends too little.
        let gap = seconds(gateways.map { $0.longestGap.load(ordering: .relaxed) }.max())
        let pause = seconds(gateways.map { $0.pauses.load(ordering: .relaxed) }.max())
        let late = max(gap - 0.05, 0)
        #expect(admitted <= Self.allowed * 1.05 + late * Self.rate * 3, "gap \(gap) s")
        #expect(admitted >= Self.allowed * 0.95 - (pause + late) * Self.rate, "gap \(gap) s, pauses \(pause) s")
        for store in stores { await store.shutDown() }
    }

    @Test("Without the store a gateway limits alone, says so once, and settles at most a bucket full when it is back")
    func outage() async throws {
        let store = FlakyStore()
        let (first, second) = (Gateway(store), Gateway(store))
        let limit = try limit(0.01, 100)
        store.mode.store(.away)
        for _ in 0..<80 { #expect(first.bucket.take(limit, now: LimitTicks.now(ahead: 0)) == 0) }
        let news = await first.limits.settleBuckets()
        #expect(news == "the shared store cannot be reached; throttles count for this process alone")
        #expect(await first.limits.settleBuckets() == nil)
        store.mode.store(.well)
        #expect(await first.limits.settleBuckets() == "throttles are shared again")
        _ = second.bucket.take(limit, now: LimitTicks.now(ahead: 0))
        #expect(await second.limits.settleBuckets() == nil)
        var left = 0
        while second.bucket.take(limit, now: LimitTicks.now(ahead: 0)) == 0 { left += 1 }
        // A hundred less the eighty and one, and what came back meanwhile.
        #expect((19...25).contains(left), "\(left)")
        // What was done, but not answered, is not done again.
        store.mode.store(.lossy)
        _ = first.bucket.take(limit, now: LimitTicks.now(ahead: 0) + 10_000 * LimitTicks.perSecond)
        #expect(await first.limits.settleBuckets()?.contains("no answer in time") == true)
        store.mode.store(.well)
        #expect(first.bucket.takeUnsettled() == nil)
    }

    @Test("More buckets than one call takes are settled all")
    func many() async throws {
        let store = EmbeddedSharedStore()
        let registry = LimitRegistry(isShared: true)
        let limits = SharedLimits(store: store, registry: registry)
        let limit = try limit(1, 1000)
        let buckets = (0..<700).map { registry.bucket("b\($0)") }
        for bucket in buckets { _ = bucket.take(limit, now: LimitTicks.now(ahead: 0)) }
        #expect(await limits.settleBuckets() == nil)
        for start in stride(from: 0, to: 700, by: 100) {
            let asked = (start..<start + 100).map { BucketTaking(name: "b\($0)", takenTicks: 0, capacityTicks: 1) }
            #expect(try await store.settle(asked).allSatisfy { $0.ticks > 0 })
        }
    }

    // MARK: - Quotas

    private let quota = Quota(limit: 1000, period: .day)

    /// A gateway's counts of one key.
    private func usage(_ registry: LimitRegistry, day: Int, history: [DailyUsage] = []) -> KeyUsage {
        let key = UsageKey(plan: "p", key: "k")
        return registry.usage(key, .day) { KeyUsage(key, quota: quota, today: day, history: history) }
    }

    private func count(_ usage: KeyUsage, _ times: Int, day: Int) -> Int {
        (0..<times).reduce(0) { sum, _ in
            if case .counted = usage.count(quota, day: day, rolled: { _ in }) { sum + 1 } else { sum }
        }
    }

    @Test("A quota is that of all gateways, from day to day", arguments: SharedStoreTests.Kind.allCases)
    func quotas(_ kind: SharedStoreTests.Kind) async throws {
        let server = kind == .redis ? try await RedisServer() : nil
        let embedded = EmbeddedSharedStore()
        let stores: [any SharedStore] = [try await server?.store() ?? embedded, try await server?.store() ?? embedded]
        let registries = [LimitRegistry(isShared: true), LimitRegistry(isShared: true)]
        let limits = zip(stores, registries).map { SharedLimits(store: $0, registry: $1) }
        let usages = registries.map { usage($0, day: 100) }
        #expect(count(usages[0], 400, day: 100) == 400)
        #expect(count(usages[1], 500, day: 100) == 500)
        for index in [0, 1, 0] { #expect(await limits[index].settleQuotas() == nil) }
        #expect(usages.map { $0.remaining(quota, day: 100) } == [100, 100])
        #expect(count(usages[0], 200, day: 100) == 100)
        for index in [0, 1] { #expect(await limits[index].settleQuotas() == nil) }
        #expect(usages[1].isExhausted(quota, day: 100))
        // Settling without news changes nothing.
        for index in [0, 1, 0, 1] { #expect(await limits[index].settleQuotas() == nil) }
        #expect(usages.map { $0.remaining(quota, day: 100) } == [0, 0])
        // What an administrator gives back, all get.
        usages[0].adjust(quota, day: 100, by: -300)
        for index in [0, 1] { #expect(await limits[index].settleQuotas() == nil) }
        #expect(usages.map { $0.remaining(quota, day: 100) } == [300, 300])
        // The next day begins at nothing, for the one that sees it first and for the other.
        #expect(count(usages[0], 1, day: 101) == 1)
        for index in [0, 1] { #expect(await limits[index].settleQuotas() == nil) }
        #expect(count(usages[1], 10, day: 101) == 10)
        for index in [1, 0] { #expect(await limits[index].settleQuotas() == nil) }
        #expect(usages.map { $0.remaining(quota, day: 101) } == [989, 989])
        // A process that starts with what all have counted adds nothing by that.
        let late = LimitRegistry(isShared: true)
        let third = usage(late, day: 101, history: [DailyUsage(day: 101, used: 11)])
        let its = SharedLimits(store: stores[0], registry: late)
        #expect(await its.settleQuotas() == nil)
        #expect(third.remaining(quota, day: 101) == 989)
        // A server that has lost all learns it from those who know.
        if let server, let store = stores[0] as? RedisSharedStore {
            try server.kill()
            try await server.start()
            try await waitUntil("a connection") { store.control.isAvailable }
            #expect(count(third, 1, day: 101) == 1)
            _ = await its.settleQuotas()
            #expect(third.remaining(quota, day: 101) == 988)
        }
        for store in stores { await store.shutDown() }
    }

    @Test("What was added without an answer is added once, and what was not sent is added later")
    func doubt() async throws {
        let store = FlakyStore()
        let registry = LimitRegistry(isShared: true)
        let limits = SharedLimits(store: store, registry: registry)
        let usage = usage(registry, day: 100)
        #expect(count(usage, 10, day: 100) == 10)
        store.mode.store(.lossy)
        #expect(
            await limits.settleQuotas()
                == "the shared store gave no answer in time; quotas count for this process alone")
        #expect(count(usage, 5, day: 100) == 5)
        store.mode.store(.away)
        #expect(await limits.settleQuotas() == nil)
        store.mode.store(.lossy)
        #expect(await limits.settleQuotas() == nil)
        store.mode.store(.well)
        #expect(await limits.settleQuotas() == "quotas are shared again")
        #expect(await limits.settleQuotas() == nil)
        #expect(usage.remaining(quota, day: 100) == 985)
        let total = try await store.inner.add(
            [CounterChange(name: "p/k/DAY", period: 100, delta: 0, lifetimeSeconds: 9)],
            batch: CounterBatch(source: "x", number: 1))
        #expect(total == [CounterTotal(value: 15)])
    }

    @Test("Of thousands of quotas all are told, and those at rest take turns")
    func turns() async throws {
        let store = EmbeddedSharedStore()
        let (one, two) = (LimitRegistry(isShared: true), LimitRegistry(isShared: true))
        func usages(_ registry: LimitRegistry) -> [KeyUsage] {
            (0..<2500).map { number in
                let key = UsageKey(plan: "p", key: "\(number)")
                return registry.usage(key, .day) { KeyUsage(key, quota: quota, today: 100, history: []) }
            }
        }
        let (first, second) = (usages(one), usages(two))
        let (ones, twos) = (SharedLimits(store: store, registry: one), SharedLimits(store: store, registry: two))
        #expect(await twos.settleQuotas() == nil)
        for usage in first { _ = count(usage, 1, day: 100) }
        #expect(await ones.settleQuotas() == nil)
        for _ in 0..<(2500 / SharedLimits.idleQuotas + 1) { #expect(await twos.settleQuotas() == nil) }
        #expect(second.allSatisfy { $0.remaining(quota, day: 100) == 999 })
    }
}

/// A store that is away, or does what it should and does not say so.
private final class FlakyStore: SharedLimitStore, SharedCounterStore {
    enum Mode { case well, away, lossy }

    let inner = EmbeddedSharedStore()
    let mode = Setting(Mode.well)

    func settle(_ takings: [BucketTaking]) async throws(SharedStoreError) -> [BucketDebt] {
        let mode = mode.load()
        if mode == .away { throw .unavailable }
        let debts = try await inner.settle(takings)
        if mode == .lossy { throw .timedOut }
        return debts
    }

    func add(_ changes: [CounterChange], batch: CounterBatch) async throws(SharedStoreError) -> [CounterTotal] {
        let mode = mode.load()
        if mode == .away { throw .unavailable }
        let totals = try await inner.add(changes, batch: batch)
        if mode == .lossy { throw .timedOut }
        return totals
    }
}
