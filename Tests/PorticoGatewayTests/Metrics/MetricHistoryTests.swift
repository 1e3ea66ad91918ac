import PorticoIR
import Testing

@testable import PorticoGateway

@Suite struct MetricHistoryTests {
    /// 2026-01-01T00:00:00Z
    private let start = 1_767_225_600
    private let registry = MetricRegistry()

    private func series(
        _ resource: String, stage: String = "dev", canary: Bool = false, detailed: Bool = false
    ) -> Int {
        registry.series(
            MetricSeriesKey(
                apiName: "Pets", apiID: "abc", stage: stage, method: "GET", resource: resource, isCanary: canary),
            isDetailed: detailed)
    }

    @Test("a minute has the sums of each dimension set that is published")
    func sets() throws {
        let shard = registry.makeShard()
        var history = MetricHistory(registry: registry)
        #expect(history.advance(to: start + 3).isEmpty)
        for (series, count) in [
            (series("/a", detailed: true), 1), (series("/a", canary: true, detailed: true), 2), (series("/b"), 4),
            (series("", stage: "prod"), 8), (series("", stage: ""), 16),
        ] {
            for _ in 0..<count { shard.record(series: series, status: 400, latencyMicroseconds: count * 1000) }
        }
        #expect(history.advance(to: start + 59).isEmpty)
        let minutes = history.advance(to: start + 60)
        #expect(minutes.map(\.startSeconds) == [start])
        let rows = try #require(minutes.first).rows
        #expect(
            rows.map { row in row.dimensions.pairs.map { "\($0.name)=\($0.value)" }.joined(separator: " ") } == [
                "ApiName=Pets", "ApiName=Pets Method=GET Resource=/a Stage=dev", "ApiName=Pets Stage=dev",
                "ApiName=Pets Stage=prod",
            ])
        #expect(rows.map(\.totals.count) == [31, 3, 7, 8] && rows.map(\.totals.clientErrors) == [31, 3, 7, 8])
        #expect(rows[1].totals.latency.minimum == 1000 && rows[1].totals.latency.maximum == 2000)
    }

    @Test(
        "each kind of API has dimensions of its own",
        arguments: [
            (
                APIProtocol.rest,
                ["ApiName=Pets", "ApiName=Pets Method=GET Resource=/a Stage=dev", "ApiName=Pets Stage=dev"]
            ),
            (.http, ["ApiId=abc", "ApiId=abc Method=GET Resource=/a Stage=dev", "ApiId=abc Stage=dev"]),
            (.webSocket, ["ApiId=abc", "ApiId=abc Stage=dev", "ApiId=abc Stage=dev Route=/a"]),
        ])
    func kinds(kind: APIProtocol, expected: [String]) throws {
        let shard = registry.makeShard()
        let key = MetricSeriesKey(
            apiName: "Pets", apiID: "abc", stage: "dev", method: "GET", resource: "/a", kind: kind)
        shard.record(series: registry.series(key, isDetailed: true), status: 200, latencyMicroseconds: 1)
        #expect(Set(registry.minute().keys) == Set(expected))
        for set in key.dimensionSets(isDetailed: true) {
            #expect(MetricDimensions(pairs: set.pairs, of: kind) == set)
            var pairs = set.pairs
            pairs[0].name = "Other"
            #expect(MetricDimensions(pairs: pairs, of: kind) == nil)
        }
        #expect(key.dimensionSets(isDetailed: false).count == 2)
        #expect(key.ofStage.dimensionSets(isDetailed: true).count == 2)
    }

    @Test("minutes without requests have no rows, and are missing in the history")
    func gaps() {
        let shard = registry.makeShard()
        var history = MetricHistory(registry: registry)
        let series = series("/a")
        var ended: [Int] = []
        for second in stride(from: start, through: start + 300, by: 5) {
            if [start + 5, start + 125, start + 185].contains(second) {
                shard.record(series: series, status: 200, latencyMicroseconds: 1)
            }
            ended += history.advance(to: second).map { $0.startSeconds - start }
        }
        #expect(ended == [0, 120, 180])
        let dimensions = MetricDimensions(apiName: "Pets")
        let minutes = history.periods(6, of: dimensions, periodSeconds: 60, endingBy: start + 301)
        #expect(minutes.map { $0.start - start } == [-60, 0, 60, 120, 180, 240])
        #expect(minutes.map { $0.totals?.count } == [nil, 1, nil, 1, 1, nil])
        let longer = history.periods(2, of: dimensions, periodSeconds: 180, endingBy: start + 360)
        #expect(longer.map { $0.totals?.count } == [2, 1])
        let other = history.periods(2, of: MetricDimensions(apiName: "Other"), periodSeconds: 60, endingBy: start)
        #expect(other.map { $0.totals?.count } == [nil, nil])
    }

    @Test("only so many minutes are kept")
    func bound() {
        let shard = registry.makeShard()
        var history = MetricHistory(registry: registry)
        let series = series("/a")
        let minutes = MetricHistory.coarseMinutes + 50
        for minute in 0...minutes {
            _ = history.advance(to: start + minute * 60)
            shard.record(series: series, status: 200, latencyMicroseconds: 1)
        }
        let kept = history.periods(
            minutes, of: MetricDimensions(apiName: "Pets", stage: "dev"), periodSeconds: 60,
            endingBy: start + minutes * 60)
        #expect(kept.filter { $0.totals != nil }.count == MetricHistory.coarseMinutes)
        #expect(kept.last?.totals?.count == 1 && kept.first?.totals == nil)
    }

    @Test("only so many sets have minutes")
    func setBound() {
        let shard = registry.makeShard()
        var history = MetricHistory(registry: registry)
        _ = history.advance(to: start)
        for number in 0..<MetricHistory.mostCoarseSets {
            shard.record(series: series("/a", stage: "s\(number)"), status: 200, latencyMicroseconds: 1)
        }
        let rows = history.advance(to: start + 60).flatMap(\.rows)
        #expect(rows.count == MetricHistory.mostCoarseSets + 1)
        let kept = rows.filter {
            history.periods(1, of: $0.dimensions, periodSeconds: 60, endingBy: start + 60)[0].totals != nil
        }
        #expect(kept.count == MetricHistory.mostCoarseSets)
    }

    @Test("a clock that is set back neither stops the minutes nor makes any twice")
    func clock() {
        let shard = registry.makeShard()
        var history = MetricHistory(registry: registry)
        let series = series("/a")
        var counted: UInt64 = 0
        for second in [3600, 3660, 3720, 60, 120, 180] {
            let rows = history.advance(to: start + second).flatMap(\.rows)
            counted += rows.first { $0.dimensions.stage == nil }?.totals.count ?? 0
            shard.record(series: series, status: 200, latencyMicroseconds: 1)
        }
        // The last one is not over yet, all others are counted once.
        #expect(counted == 5)
        let minutes = history.periods(
            3, of: MetricDimensions(apiName: "Pets"), periodSeconds: 60, endingBy: start + 180)
        #expect(minutes.map { $0.totals?.count } == [nil, 2, 1])
    }

    @Test("what an alarm watches is kept in its periods")
    func watched() {
        let shard = registry.makeShard()
        var history = MetricHistory(registry: registry)
        let sets = [
            MetricDimensions(apiName: "Pets", stage: "dev", method: "GET", resource: "/a"),
            MetricDimensions(apiName: "Pets", stage: "dev"), MetricDimensions(apiName: "Pets"),
        ]
        let periods = [10, 30, 3600]
        let alarms = zip(sets, periods).map { set, period in
            var alarm = AlarmDefinition(
                name: Located("a"),
                queries: [
                    MetricQuery(
                        id: "m1", source: .metric(MetricStat(.count, of: set, statistic: .sum, periodSeconds: period)))
                ])
            alarm.evaluationPeriods = 4
            return alarm
        }
        history.watch(alarms)
        let series = series("/a", detailed: true)
        for second in stride(from: start, through: start + 7200, by: 10) {
            _ = history.advance(to: second)
            if second % 20 == 0 { shard.record(series: series, status: 200, latencyMicroseconds: 1) }
        }
        func counts(_ index: Int, _ count: Int) -> [UInt64?] {
            history.periods(count, of: sets[index], periodSeconds: periods[index], endingBy: start + 7200)
                .map { $0.totals?.count }
        }
        // One more than is looked at is kept.
        #expect(counts(0, 10) == [nil, nil, nil, nil, 1, nil, 1, nil, 1, nil])
        #expect(counts(1, 3) == [2, 1, 2] || counts(1, 3) == [1, 2, 1])
        #expect(counts(2, 3) == [nil, 180, 180])
        history.watch([])
        #expect(counts(0, 2) == [nil, nil])
    }
}
