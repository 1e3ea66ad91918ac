import PorticoIR
import Synchronization
import Testing

@testable import PorticoGateway

@Suite struct MetricRegistryTests {
    private func key(_ number: Int, canary: Bool = false) -> MetricSeriesKey {
        MetricSeriesKey(
            apiName: "Pets", apiID: "abc", stage: "dev", method: "GET", resource: "/\(number)", isCanary: canary)
    }

    @Test(
        "names of APIs lose what is not ASCII, and are the identifier if nothing is left",
        arguments: [("Pets", "Pets"), ("Zoë's Pets", "Zo's Pets"), ("動物", "abc"), ("", "abc"), ("e\u{301}", "e")])
    func names(name: String, expected: String) {
        #expect(MetricSeriesKey(apiName: name, apiID: "abc", stage: "dev").apiName == expected)
    }

    @Test("a request is counted once in all that it is")
    func record() {
        let registry = MetricRegistry()
        let series = registry.series(key(1))
        let shard = registry.makeShard()
        shard.record(
            series: series, status: 200, latencyMicroseconds: 1500, integrationLatencyMicroseconds: 1000, cache: .miss)
        shard.record(series: series, status: 404, latencyMicroseconds: 20, cache: .hit)
        for bytes in [10_000_000, 17, -1] { shard.record(series: series, dataProcessed: bytes) }
        for event in SocketCount.allCases {
            for _ in 0...event.rawValue { shard.record(series: series, event) }
        }
        shard.record(series: series, status: 504, latencyMicroseconds: 29_000_000, integrationLatencyMicroseconds: 0)
        for (index, level) in ThrottleLevel.refusing.enumerated() {
            for _ in 0...index { shard.record(series: series, status: 429, latencyMicroseconds: 7, throttle: level) }
        }
        let totals = registry.read().totals[series]
        #expect(totals.count == 18 && totals.clientErrors == 16 && totals.serverErrors == 1)
        #expect(totals.cacheHits == 1 && totals.cacheMisses == 1)
        #expect(ThrottleLevel.refusing.map { totals.throttled($0) } == [1, 2, 3, 4, 5])
        #expect(totals.throttledAtAll == 15 && totals.throttled(.none) == 0)
        #expect(totals.latency.count == 18 && totals.latency.sum == 29_001_520 + 15 * 7)
        #expect(totals.dataProcessed.count == 3 && totals.dataProcessed.sum == 10_000_017)
        #expect(SocketCount.allCases.map { totals.sockets($0) } == [1, 2, 3, 4, 5])
        #expect(totals.integrationLatency.count == 2 && totals.integrationLatency.sum == 1000)
    }

    @Test("shards are summed, and the same name keeps its number and its counters")
    func reload() {
        let registry = MetricRegistry()
        let first = registry.makeShard()
        let plain = registry.series(key(1))
        let canary = registry.series(key(1, canary: true), isDetailed: true)
        let second = registry.makeShard()
        #expect(plain != canary)
        first.record(series: plain, status: 200, latencyMicroseconds: 1)
        second.record(series: plain, status: 200, latencyMicroseconds: 2)
        second.record(series: canary, status: 200, latencyMicroseconds: 3)
        #expect(registry.series(key(1), isDetailed: true) == plain)
        let reading = registry.read()
        #expect(reading.totals[plain].latency == LatencyDistribution(microseconds: [1, 2]))
        #expect(reading.totals[canary].count == 1)
        #expect(reading.isDetailed == [false, true, true] && reading.keys[plain] == key(1))
    }

    @Test("beyond the limit, and for numbers that are none, there is one series more, and it is told of")
    func overflow() {
        let registry = MetricRegistry(limit: 100)
        let shard = registry.makeShard()
        let numbers = (0..<150).map { registry.series(key($0)) }
        #expect(Set(numbers.prefix(99)).count == 99 && !numbers.prefix(99).contains(MetricRegistry.overflow))
        #expect(numbers.dropFirst(99).allSatisfy { $0 == MetricRegistry.overflow })
        _ = registry.series(key(149))
        for series in numbers + [-1, 100, 128, 1 << 40, .min, .max] {
            shard.record(series: series, status: 200, latencyMicroseconds: 1)
        }
        let reading = registry.read()
        #expect(reading.keys.count == 100 && reading.refusedSeries == 51)
        // Number 100 has a chunk but no name; nobody reads it, as nobody is given it.
        #expect(reading.totals[MetricRegistry.overflow].count == 51 + 5)
        #expect(reading.totals.dropFirst().allSatisfy { $0.count == 1 })
    }

    @Test(
        "what finds no room is told by the names of its kind of API", arguments: [APIProtocol.rest, .http, .webSocket])
    func overflowKind(_ kind: APIProtocol) {
        let registry = MetricRegistry(limit: 2)
        for stage in ["a", "b"] {
            _ = registry.series(MetricSeriesKey(apiName: "pets", apiID: "abc", stage: stage, kind: kind))
        }
        let sets = registry.read().keys[MetricRegistry.overflow].dimensionSets(isDetailed: false)
        #expect(
            sets.map { $0.pairs.map { "\($0.name)=\($0.value)" } } == [
                [(kind == .rest ? "ApiName" : "ApiId") + "=__overflow__"]
            ])
    }

    @Test("an interval has its own extremes, those that come later have theirs")
    func extremes() {
        let registry = MetricRegistry()
        let series = registry.series(key(1))
        let shards = [registry.makeShard(), registry.makeShard()]
        var previous: MetricReading?
        var found: [[Int]] = []
        for times in [[500, 90], [], [1000], [7, 7000, 70]] {
            for (index, time) in times.enumerated() {
                shards[index % 2].record(
                    series: series, status: 200, latencyMicroseconds: time,
                    integrationLatencyMicroseconds: time > 100 ? time / 2 : -1)
            }
            let reading = registry.closeInterval(after: previous)
            found += reading.changes(since: previous).map { change in
                [
                    change.totals.latency.minimum, change.totals.latency.maximum,
                    change.totals.integrationLatency.minimum, change.totals.integrationLatency.maximum,
                ]
            }
            previous = reading
        }
        #expect(found == [[90, 500, 250, 250], [1000, 1000, 500, 500], [7, 7000, 3500, 3500]])
    }

    private final class End: Sendable {
        let isOver = Atomic(false)
    }

    @Test("loops write while others read and reloads make room; nothing is lost")
    func concurrency() async {
        let registry = MetricRegistry(limit: 2000)
        let series = registry.series(key(0))
        let end = End()
        let requests = 30_000
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<2 {
                let shard = registry.makeShard()
                group.addTask {
                    for number in 0..<requests {
                        // A series that the other task makes at the same time goes to the overflow until its chunk is there.
                        let other = number % 1500
                        shard.record(
                            series: number % 2 == 0 ? series : other, status: 200, latencyMicroseconds: number % 1000)
                    }
                }
            }
            group.addTask {
                for number in 1..<1500 { _ = registry.series(key(number)) }
            }
            group.addTask {
                var last: UInt64 = 0
                while !end.isOver.load(ordering: .relaxed) {
                    let totals = registry.read().totals[series]
                    #expect(totals.count >= last && totals.latency.count >= totals.count)
                    last = totals.count
                    await Task.yield()
                }
            }
            for _ in 0..<3 { await group.next() }
            end.isOver.store(true, ordering: .relaxed)
        }
        let totals = registry.read().totals
        #expect(totals.reduce(0) { $0 + $1.count } == UInt64(2 * requests))
        #expect(totals.reduce(0) { $0 + $1.latency.count } == UInt64(2 * requests))
    }

    @Test("a reading after another one takes over what did not change")
    func changes() {
        let registry = MetricRegistry()
        let shard = registry.makeShard()
        let numbers = (0..<200).map { registry.series(key($0)) }
        shard.record(series: numbers[3], status: 200, latencyMicroseconds: 5)
        let first = registry.read()
        shard.record(series: numbers[170], status: 500, latencyMicroseconds: 9)
        let second = registry.read(after: first)
        #expect(first.changed == [numbers[3]] && second.changed == [numbers[170]])
        #expect(second.totals[numbers[3]] == first.totals[numbers[3]])
        let change = second.changes(since: first)
        #expect(change.count == 1 && change[0].totals.serverErrors == 1)
    }
}
