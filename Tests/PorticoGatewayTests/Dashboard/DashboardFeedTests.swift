import Testing

@testable import PorticoGateway

@Suite("Dashboard: feed")
struct DashboardFeedTests {
    private typealias Contract = DashboardContractTests

    private static func totals(_ id: Int, _ requests: UInt64, latency: [Int: UInt64] = [:]) -> DashboardTotals {
        var buckets = [UInt64](repeating: 0, count: DashboardBuckets.count)
        for (index, count) in latency { buckets[index] = count }
        return DashboardTotals(id: id, counts: DashboardCounts(requests: requests), latency: buckets)
    }

    // MARK: - Ticks

    @Test("a tick has what came since the one before, of what changed")
    func differences() throws {
        var ticker = DashboardTicker()
        #expect(ticker.tick(at: 1000, stages: [Self.totals(0, 100)], routes: []) == nil)
        let first = ticker.tick(
            at: 2000, stages: [Self.totals(0, 103, latency: [5: 2, 9: 1]), Self.totals(1, 0)],
            routes: [Self.totals(7, 3, latency: [5: 2, 9: 1]), Self.totals(8, 0)])
        let tick = try #require(first)
        #expect(tick.stages.map(\.id) == [0] && tick.stages.map(\.counts.requests) == [3])
        #expect(tick.routes.map(\.id) == [7])
        #expect(tick.routes.first?.latency == [.init(index: 5, count: 2), .init(index: 9, count: 1)])
        let second = ticker.tick(at: 3000, stages: [Self.totals(0, 103, latency: [5: 2, 9: 1])], routes: [])
        let next = try #require(second)
        #expect(next.stages.isEmpty && next.seconds == 1)
    }

    @Test("a late tick says so, and one after a gap only takes note")
    func gaps() {
        var ticker = DashboardTicker()
        _ = ticker.tick(at: 0, stages: [], routes: [])
        #expect(ticker.tick(at: 2100, stages: [Self.totals(0, 5)], routes: [])?.seconds == 2)
        #expect(
            ticker.tick(at: 2100 + DashboardTicker.longestGap + 1, stages: [Self.totals(0, 900)], routes: []) == nil)
        let tick = ticker.tick(at: 6700, stages: [Self.totals(0, 901)], routes: [])
        #expect(tick?.stages.first?.counts.requests == 1)
    }

    @Test("a clock that goes back makes no tick")
    func clock() {
        var ticker = DashboardTicker()
        _ = ticker.tick(at: 5000, stages: [], routes: [])
        #expect(ticker.tick(at: 4000, stages: [Self.totals(0, 5)], routes: []) == nil)
        #expect(ticker.tick(at: 5000, stages: [Self.totals(0, 6)], routes: [])?.stages.first?.counts.requests == 1)
    }

    @Test("counters that begin anew are not taken for less than nothing")
    func restart() {
        var ticker = DashboardTicker()
        _ = ticker.tick(at: 1000, stages: [Self.totals(0, 50, latency: [3: 50])], routes: [])
        let tick = ticker.tick(at: 2000, stages: [Self.totals(0, 4, latency: [3: 4])], routes: [])
        #expect(tick?.stages.first?.counts.requests == 4)
        #expect(tick?.stages.first?.latency == [.init(index: 3, count: 4)])
    }

    @Test("more buckets than there are do not come through")
    func buckets() {
        var ticker = DashboardTicker()
        _ = ticker.tick(at: 1000, stages: [], routes: [])
        var totals = Self.totals(0, 1)
        totals.latency = [UInt64](repeating: 1, count: DashboardBuckets.count + 5)
        let tick = ticker.tick(at: 2000, stages: [totals], routes: [])
        #expect(tick?.stages.first?.latency.count == DashboardBuckets.count)
    }

    // MARK: - Histories

    private static func tick(_ second: Int, routes: Int = 1) -> DashboardTick {
        DashboardTick(
            time: second * 1000, stages: [DashboardNumbers(id: 0, counts: DashboardCounts(requests: 1))],
            routes: (0..<routes).map { DashboardNumbers(id: $0, counts: DashboardCounts(requests: 1)) })
    }

    @Test("ticks are kept for 15 minutes, and fewer of them when they are large")
    func ticks() {
        var history = TickHistory()
        for second in 1...1000 { history.add(Self.tick(second)) }
        #expect(history.ticks.count == TickHistory.seconds)
        #expect(history.ticks.first?.time == 101_000)
        var small = TickHistory(limit: 100)
        for second in 1...50 { small.add(Self.tick(second, routes: 8)) }
        #expect(small.ticks.count == 10)
        small.add(Self.tick(51, routes: 500))
        #expect(small.ticks.map(\.time) == [51_000])
    }

    @Test("a new deployment numbers stages and routes anew; what is gone goes")
    func renumber() {
        func hello(_ stages: [String], _ routes: [(stage: Int, path: String)]) -> DashboardHello {
            var hello = Contract.hello
            hello.stages = stages.map { DashboardStage(name: $0, deployment: "") }
            hello.routes = routes.enumerated().map {
                DashboardRoute(
                    id: $0 + 10, stage: $1.stage, method: "GET", path: $1.path, integration: "MOCK",
                    authorization: "NONE")
            }
            return hello
        }
        let old = hello(["a", "b"], [(0, "/x"), (1, "/x"), (1, "/y")])
        let new = hello(["b", "c"], [(0, "/y"), (0, "/x"), (1, "/x")])
        var history = TickHistory()
        history.add(
            DashboardTick(
                time: 1,
                stages: (0...1).map { DashboardNumbers(id: $0, counts: DashboardCounts(requests: UInt64($0) + 1)) },
                routes: (10...12).map { DashboardNumbers(id: $0, counts: DashboardCounts(requests: UInt64($0))) }))
        history.renumber(from: old, to: new)
        #expect(history.ticks.first?.stages.map { [UInt64($0.id), $0.counts.requests] } == [[0, 2]])
        #expect(history.ticks.first?.routes.map { [UInt64($0.id), $0.counts.requests] } == [[10, 12], [11, 11]])
    }

    @Test("so many requests of each kind are kept, the last ones")
    func requests() {
        var history = RequestHistory(limit: 3)
        for number in 0..<20 {
            var request = Contract.timedOut
            request.id = String(number)
            request.time = number
            request.status = number == 0 ? 500 : 200
            history.add(request)
            history.add(request)
        }
        #expect(history.count == 4)
        #expect(history.all.map(\.id) == ["0", "17", "18", "19"])
        #expect(history.request("16") == nil && history.request("17")?.id == "17")
    }

    // MARK: - Frames

    @Test("who connects is told what there is, what was, and the requests that are kept")
    func opening() throws {
        let recorder = RequestRecorder(worker: 0, watch: DashboardWatch(), slots: 4, logBytes: 64)
        var feed = DashboardFeed(Contract.hello, recorders: [recorder])
        #expect(feed.takeRequests() == nil)
        let none = UnsafeRawBufferPointer(start: nil, count: 0)
        recorder.record(
            FinishedRequest(
                time: 9, durationMicroseconds: 1, status: 200, generation: 3, stage: 0, route: 0, requestID: none,
                verb: none, path: none))
        let taken = feed.takeRequests()
        let frame = try #require(taken).text
        #expect(frame.hasPrefix("event: requests\ndata: {\"skipped\":0,\"requests\":[{\"id\":\"0-0\","))
        _ = feed.tick(at: 1000, stages: [], routes: [])
        let ticked = feed.tick(at: 2000, stages: [Self.totals(0, 1)], routes: [])
        let tick = try #require(ticked).text
        #expect(
            tick.hasPrefix("event: tick\ndata: {\"time\":2000,\"seconds\":1,\"stages\":[{\"stage\":0,\"requests\":1}]"))
        let opening = feed.opening(at: 3000).text
        #expect(opening.hasPrefix("retry: 2000\n\nevent: hello\ndata: {\"version\":\"0.9.0\","))
        #expect(opening.contains("\"history\":[{\"time\":2000,"))
        #expect(opening.contains("event: requests\ndata: {\"skipped\":0,\"requests\":[{\"id\":\"0-0\","))
        #expect(opening.hasSuffix("\n\n"))
        #expect(feed.request("0-0") != nil && feed.request("0-1") == nil && feed.request("") == nil)
    }

    @Test("a deployment is told with a new hello, and its counters are not compared with older ones")
    func install() {
        var feed = DashboardFeed(Contract.hello, recorders: [])
        _ = feed.tick(at: 1000, stages: [Self.totals(0, 10)], routes: [])
        var next = Contract.hello
        next.generation = 4
        #expect(feed.install(next, at: 1500).text.contains("\"generation\":4,"))
        #expect(feed.tick(at: 2000, stages: [Self.totals(0, 500)], routes: []) == nil)
    }

    @Test("alarms are told when one changes")
    func alarms() {
        var feed = DashboardFeed(Contract.hello, recorders: [])
        let alarm = DashboardAlarm(name: "a", state: .alarm)
        #expect(feed.take([]) == nil)
        #expect(feed.take([alarm]) != nil)
        #expect(feed.take([alarm]) == nil)
        #expect(feed.take([]) != nil)
    }
}

@Suite("Dashboard: access")
struct DashboardAccessTests {
    @Test(
        "this machine may",
        arguments: [
            ("127.0.0.1:8081", nil, nil), ("localhost:8081", nil, "same-origin"), ("LOCALHOST", nil, "none"),
            ("[::1]:8081", "http://[::1]:8081", "same-origin"), ("[::1]", nil, nil),
        ] as [(String, String?, String?)])
    func allowed(_ host: String, _ origin: String?, _ site: String?) {
        #expect(DashboardAccess.isAllowed(host: host, origin: origin, site: site))
    }

    @Test(
        "others may not",
        arguments: [
            (nil, nil, nil), ("", nil, nil), ("evil.example:8081", nil, nil), ("localhost.evil.example", nil, nil),
            ("127.0.0.1.evil.example:8081", nil, nil), ("127.0.0.1:80x", nil, nil), ("127.0.0.1:", nil, nil),
            ("127.0.0.1:8081", "http://evil.example", nil), ("127.0.0.1:8081", "null", nil),
            ("127.0.0.1:8081", "http://127.0.0.1:9000", "same-site"), ("127.0.0.1:8081", nil, "cross-site"),
            ("127.0.0.1:8081", nil, "same-site"), ("::1", nil, nil),
        ] as [(String?, String?, String?)])
    func refused(_ host: String?, _ origin: String?, _ site: String?) {
        #expect(!DashboardAccess.isAllowed(host: host, origin: origin, site: site))
    }
}

extension [UInt8] {
    fileprivate var text: String { String(decoding: self, as: UTF8.self) }
}
