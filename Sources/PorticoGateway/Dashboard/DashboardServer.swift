internal import PorticoIR
internal import Synchronization

/// The dashboard of a server: what it is told, and who looks. Any thread; requests never come here.
final class DashboardServer: Sendable {
    /// Gets frames of one stream; must not wait.
    typealias Sender = @Sendable ([UInt8]) -> Void

    private struct State {
        var feed: DashboardFeed?
        var recorders: [RequestRecorder] = []
        var senders: [Int: Sender] = [:]
        var nextSender = 0
        /// Series of the metrics by the stage that they are of, and the route, if they are of one.
        var places: [Int: (stage: Int, route: Int?)] = [:]
        /// Positions of stages by their names.
        var stages: [String: Int] = [:]
        var reading: MetricReading?
        var started = wallClockMilliseconds()
    }

    private let watch: DashboardWatch
    private let version: String
    private let settings: [DashboardSetting]
    private let state = Mutex(State())

    /// - Parameters:
    ///   - version: of Portico.
    ///   - settings: of the server, for people.
    init(watch: DashboardWatch, version: String, settings: [DashboardSetting] = []) {
        self.watch = watch
        self.version = version
        self.settings = settings
    }

    /// Whether anybody looks.
    var isWatched: Bool { watch.isOn }

    /// Reads from this recorder. Before the first ``install(_:of:)``.
    func add(_ recorder: RequestRecorder) { state.withLock { $0.recorders.append(recorder) } }

    /// Takes what is served from now on.
    func install(_ table: ServingTable, of snapshot: DeploymentSnapshot) {
        let now = wallClockMilliseconds()
        state.withLock { state in
            var hello = DashboardHello(table, snapshot, version: version, started: state.started)
            hello.settings = settings
            state.places = [:]
            state.stages = Dictionary(
                hello.stages.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
            for (position, stage) in table.stages.enumerated() {
                for program in [stage, stage.canary?.program].compactMap({ $0 }) {
                    state.places[program.observation.series] = (position, nil)
                    for method in program.methods {
                        state.places[program.observation.series(ofMethod: method.index)] = (
                            position, DashboardNumbering.route(stage: position, method: method.index)
                        )
                    }
                }
            }
            if state.feed == nil {
                state.feed = DashboardFeed(hello, recorders: state.recorders)
            } else if let frame = state.feed?.install(hello, at: now) {
                for sender in state.senders.values { sender(frame) }
            }
        }
    }

    /// Begins a stream; `nil` when too many look already, or nothing is served yet.
    func open(_ sender: @escaping Sender) -> Int? {
        guard watch.begin(limit: DashboardFeed.mostWatchers) else { return nil }
        let number: Int? = state.withLock { state in
            guard let opening = state.feed?.opening(at: wallClockMilliseconds()) else { return nil }
            state.nextSender += 1
            state.senders[state.nextSender] = sender
            sender(opening)
            return state.nextSender
        }
        if number == nil { watch.end() }
        return number
    }

    /// Ends a stream.
    func close(_ number: Int) {
        let wasThere = state.withLock { $0.senders.removeValue(forKey: number) != nil }
        if wasThere { watch.end() }
    }

    /// The JSON of a request that was recorded; `nil` if it is not kept.
    func request(_ id: String) -> [UInt8]? { state.withLock { $0.feed?.request(id) } }

    /// Tells what came since the last time. Once a second while somebody looks.
    func tick(
        at now: Int, registry: MetricRegistry, gauges: DashboardGauges, alarms: [AlarmEngine.Status]
    ) {
        guard watch.isOn else { return }
        let previous = state.withLock { $0.reading }
        let reading = registry.read(after: previous)
        state.withLock { state in
            state.reading = reading
            var stages: [Int: DashboardTotals] = [:]
            var routes: [Int: DashboardTotals] = [:]
            for (series, place) in state.places {
                guard series < reading.totals.count, reading.totals[series].count > 0 else { continue }
                let totals = reading.totals[series]
                stages[place.stage, default: DashboardTotals(id: place.stage)].add(totals)
                if let route = place.route { routes[route, default: DashboardTotals(id: route)].add(totals) }
            }
            var frames: [[UInt8]] = []
            if let frame = state.feed?.tick(
                at: now, stages: Array(stages.values), routes: Array(routes.values), gauges: gauges)
            {
                frames.append(frame)
            }
            if let frame = state.feed?.takeRequests() { frames.append(frame) }
            let shown = alarms.map { DashboardAlarm($0, stages: state.stages) }
            if let frame = state.feed?.take(shown) { frames.append(frame) }
            for frame in frames { for sender in state.senders.values { sender(frame) } }
        }
    }

    /// Ends all streams.
    func close() {
        let count = state.withLock { state in
            defer { state.senders = [:] }
            return state.senders.count
        }
        for _ in 0..<count { watch.end() }
    }
}

extension DashboardTotals {
    /// Adds a series.
    fileprivate mutating func add(_ totals: MetricTotals) {
        counts.requests &+= totals.count
        counts.clientErrors &+= totals.clientErrors
        counts.serverErrors &+= totals.serverErrors
        counts.throttled &+= totals.throttledAtAll
        counts.cacheHits &+= totals.cacheHits
        counts.cacheMisses &+= totals.cacheMisses
        Self.add(totals.latency, to: &latency)
        Self.add(totals.integrationLatency, to: &integrationLatency)
    }

    private static func add(_ distribution: LatencyDistribution, to dense: inout [UInt64]) {
        guard !distribution.isEmpty else { return }
        if dense.isEmpty { dense = [UInt64](repeating: 0, count: DashboardBuckets.count) }
        for bucket in distribution.buckets {
            let middle = UInt64(LatencyBuckets.middle(Int(bucket.index)))
            dense[DashboardBuckets.bucket(of: middle)] &+= bucket.count
        }
    }
}

extension DashboardAlarm {
    fileprivate init(_ status: AlarmEngine.Status, stages: [String: Int]) {
        // One over several stages is over the API.
        var watched: Set<String?> = []
        for case .metric(let stat) in status.alarm.queries.map(\.source) { watched.insert(stat.dimensions?.stage) }
        self.init(
            name: status.alarm.name.value,
            stage: watched.count == 1 ? watched.first.flatMap { $0 }.flatMap { stages[$0] } : nil,
            state: State(rawValue: status.state.rawValue) ?? .insufficientData,
            since: status.changedSeconds.map { $0 * 1000 }, reason: status.reason)
    }
}

extension DashboardHello {
    /// What a table serves.
    fileprivate init(_ table: ServingTable, _ snapshot: DeploymentSnapshot, version: String, started: Int) {
        let identity = snapshot.identity
        self.init(
            version: version, generation: table.generation, started: started, apiName: identity.name,
            apiID: identity.apiID, region: identity.region, stages: table.stages.map(DashboardStage.init),
            routes: table.stages.enumerated().flatMap { DashboardRoute.all(of: $1, at: $0) })
    }
}

extension DashboardStage {
    fileprivate init(_ stage: StageProgram) {
        self.init(
            name: stage.name.text, deployment: stage.deploymentID,
            canary: stage.canary.map { DashboardCanary(percent: $0.percent, deployment: $0.program.deploymentID) },
            hasCache: stage.cache != nil, throttle: DashboardThrottle(stage),
            loggingLevel: stage.defaultLogging.level.rawValue)
    }
}

extension DashboardThrottle {
    /// The throttle that a stage has for each of its methods; `nil` without one.
    fileprivate init?(_ stage: StageProgram) {
        let entry = stage.snapshot.stages.first { $0.name == stage.name.text }
        guard let limit = entry.flatMap({ RateLimit($0.defaultSetting.throttle) }) else { return nil }
        self.init(rate: limit.rate, burst: limit.burst)
    }
}

extension DashboardRoute {
    fileprivate static func all(of stage: StageProgram, at position: Int) -> [DashboardRoute] {
        let snapshot = stage.snapshot
        return stage.methods.map { method in
            let program = snapshot.methods[method.index]
            let integration = snapshot.integrations[program.integration]
            let limits = method.steps.compactMap { step in
                if case .throttle(let limits) = step { limits.method } else { nil }
            }.first
            var route = DashboardRoute(
                id: DashboardNumbering.route(stage: position, method: method.index), stage: position,
                method: program.verb, path: snapshot.resources[program.resource].path, integration: integration.text,
                authorization: program.authorizationText)
            route.requiresAPIKey = program.steps.contains { if case .requireAPIKey = $0 { true } else { false } }
            route.cacheSeconds = method.cache?.setting.ttlSeconds
            route.throttle = limits.map { DashboardThrottle(rate: $0.limit.rate, burst: $0.limit.burst) }
            route.timeoutMilliseconds = integration.kind == .mock ? nil : integration.timeoutMilliseconds
            route.operation = program.operationName
            route.line = program.line
            return route
        }
    }
}
