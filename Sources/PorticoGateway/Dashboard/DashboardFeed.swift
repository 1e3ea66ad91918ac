/// What dashboards are told: the state behind `/dashboard/events` and `/dashboard/requests/{id}`.
///
/// A value without clocks and sockets. The admin side owns it and sends each frame that it gives to all dashboards that
/// are connected.
struct DashboardFeed: Sendable {
    /// Dashboards that may be connected at once.
    static let mostWatchers = 16
    /// Requests of each ring in one event.
    static let requestsOfRing = 60

    private(set) var hello: DashboardHello
    private(set) var alarms: [DashboardAlarm] = []
    private var ticker = DashboardTicker()
    private var history: TickHistory
    private var requests: RequestHistory
    private var reader: RecordReader

    init(
        _ hello: DashboardHello, recorders: [RequestRecorder], history: TickHistory = TickHistory(),
        requests: RequestHistory = RequestHistory()
    ) {
        self.hello = hello
        self.history = history
        self.requests = requests
        reader = RecordReader(recorders)
    }

    /// What a dashboard that connects is sent; `time` is now, in milliseconds since 1970.
    func opening(at time: Int) -> [UInt8] {
        ServerSentEvent.opening
            + ServerSentEvent.frame("hello", hello.json(at: time, alarms: alarms, history: history.ticks))
            + requestsFrame(requests.all, skipped: 0)
    }

    /// Takes a new deployment; gives the frame that tells of it.
    mutating func install(_ hello: DashboardHello, at time: Int) -> [UInt8] {
        history.renumber(from: self.hello, to: hello)
        self.hello = hello
        ticker.reset()
        return ServerSentEvent.frame("hello", hello.json(at: time, alarms: alarms, history: []))
    }

    /// Takes counters, once a second while somebody looks; gives the frame of what came, if there is one.
    mutating func tick(
        at time: Int, stages: [DashboardTotals], routes: [DashboardTotals], gauges: DashboardGauges = DashboardGauges()
    ) -> [UInt8]? {
        guard let tick = ticker.tick(at: time, stages: stages, routes: routes, gauges: gauges) else { return nil }
        history.add(tick)
        return ServerSentEvent.frame("tick", tick.json)
    }

    /// Takes what workers recorded; gives the frame of what came, if there is something.
    mutating func takeRequests() -> [UInt8]? {
        let (new, skipped) = reader.read(limit: Self.requestsOfRing)
        guard !new.isEmpty || skipped > 0 else { return nil }
        for request in new { requests.add(request) }
        return requestsFrame(new, skipped: skipped)
    }

    /// Takes how all alarms stand; gives the frame that tells of it, if something changed.
    mutating func take(_ alarms: [DashboardAlarm]) -> [UInt8]? {
        guard alarms != self.alarms else { return nil }
        self.alarms = alarms
        var json = DashboardJSON()
        json.object { $0.array("alarms", alarms) { $1.write(to: &$0) } }
        return ServerSentEvent.frame("alarms", json.bytes)
    }

    /// The JSON of a request; `nil` when it is not kept, or never was.
    func request(_ id: String) -> [UInt8]? {
        requests.request(id)?.detailJSON(generation: hello.generation)
    }

    private func requestsFrame(_ list: [RecordedRequest], skipped: Int) -> [UInt8] {
        var json = DashboardJSON()
        json.object { json in
            json.integer("skipped", skipped)
            json.array("requests", list) { $1.writeSummary(to: &$0, generation: hello.generation) }
        }
        return ServerSentEvent.frame("requests", json.bytes)
    }
}
