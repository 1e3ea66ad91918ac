// Hot: no, control of the server and once per connection. Allocates: the connection's handler and channel.

public import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import PorticoIR
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#endif

/// A gateway that serves a snapshot: one listener for each event loop, and an admin listener on loopback.
///
/// Control is asynchronous; requests never leave their event loop.
public final class GatewayServer: Sendable {
    private let configuration: ServerConfiguration
    private let logger: Logger
    private let group: MultiThreadedEventLoopGroup
    /// Shared by all workers: it holds the parsed trust roots.
    private let upstream = UpstreamConfiguration()
    private let executionLog: ExecutionLogWriter
    private let credentials: CredentialKeeper
    private let apiKeys: APIKeyKeeper
    /// Buckets and counts; they outlive reloads.
    private let limits: LimitRegistry
    private let caches: CacheRegistry
    /// Settles limits with other processes.
    private let sharedLimits: SharedLimits?
    private let usage: UsageKeeper
    private let deployments: DeploymentKeeper
    let observation: ObservationCenter
    private let watch = DashboardWatch()
    private let dashboard: DashboardServer
    /// Keys of token issuers; they outlive reloads.
    private let tokenKeys = KeySetStore()
    /// What functions sign calls of `@connections` with where there are no credentials.
    private let functionKeys = FunctionKeys()
    private let state = Mutex(State())

    private struct State {
        var listeners: [Listener] = []
        var workers: [WorkerHandle] = []
        var generation = 0
        /// Certificates of the snapshot in service.
        var tls: TLSTable?
        var tlsPort: Int?
        var isReady = false
        /// Whether another process has taken the ports over.
        var isRetired = false
        /// Whether what still waits for its end is to be ended soon.
        var hurries = false
        var heartbeat: RepeatedTask?
        /// What the file says.
        var snapshot: DeploymentSnapshot?
        /// Tasks that look for changes from time to time.
        var timers: [Task<Void, Never>] = []
        var functions: HostedFunctions?
        /// What calls are signed with that no identity is named for.
        var credentials: CredentialTable.Entry?
        /// The data port, once it is open.
        var port: Int?
    }

    private struct Listener {
        var kind: ListenerKind
        var channel: any Channel
    }

    /// Makes a server that does not listen yet.
    public init(configuration: ServerConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        credentials = CredentialKeeper(
            environment: configuration.environment, directory: configuration.baseDirectory)
        limits = LimitRegistry(isShared: configuration.sharedStore != nil)
        caches = CacheRegistry(store: configuration.sharedStore)
        sharedLimits = configuration.sharedStore.map { [limits] in SharedLimits(store: $0, registry: limits) }
        usage = UsageKeeper(store: configuration.usageStore)
        deployments = DeploymentKeeper(store: configuration.deploymentStore)
        observation = ObservationCenter(configuration: configuration, logger: logger)
        dashboard = DashboardServer(
            watch: watch, version: configuration.version, settings: Self.settings(configuration))
        let clock = ServerClock(speed: configuration.clockSpeed)
        apiKeys = APIKeyKeeper(
            store: configuration.apiKeyStore, environment: configuration.environment, limits: limits, usage: usage
        ) { QuotaCalendar.day(milliseconds: clock.milliseconds) }
        executionLog = ExecutionLogWriter(
            output: configuration.executionLogOutput ?? ExecutionLogWriter.standardError)
        group = MultiThreadedEventLoopGroup(numberOfThreads: max(configuration.workers ?? System.coreCount, 1))
    }

    /// What the dashboard tells of the configuration.
    private static func settings(_ configuration: ServerConfiguration) -> [DashboardSetting] {
        var settings = [
            DashboardSetting(name: "Event loops", value: "\(max(configuration.workers ?? System.coreCount, 1))"),
            DashboardSetting(name: "Largest body", value: "\(configuration.maximumBodyBytes) bytes"),
        ]
        if let level = configuration.loggingLevel {
            settings.append(DashboardSetting(name: "Execution log", value: level.rawValue))
        }
        return settings
    }

    /// Listens and serves `snapshot`.
    ///
    /// - Returns: the ports that are really bound.
    /// - Throws: ``ServerError`` if a port cannot be had; nothing listens then.
    public func start(_ snapshot: DeploymentSnapshot) async throws -> ServerAddresses {
        do {
            return try await listen(snapshot)
        } catch {
            await shutDown()
            throw error
        }
    }

    /// Whoever asks the admin port may see the start, unless another process answers there until this one serves.
    private func listen(_ snapshot: DeploymentSnapshot) async throws -> ServerAddresses {
        let early = configuration.listeners.isHandover ? nil : try await listenForAdmin(configuration.listeners.admin)
        var workers: [WorkerHandle] = []
        for loop in group.makeIterator() {
            let recorder = RequestRecorder(worker: workers.count, watch: watch)
            dashboard.add(recorder)
            workers.append(
                try await WorkerHandle.make(
                    on: loop, configuration: configuration, upstream: upstream, logger: logger,
                    executionLog: executionLog, tokenKeys: tokenKeys, metrics: observation.registry.makeShard(),
                    recorder: recorder))
        }
        let started = workers
        let registry = configuration.connectionRegistry
        for (number, worker) in started.enumerated() {
            await worker.run { worker in
                worker.join(started, at: number)
                worker.sockets.registry = registry
            }
        }
        registry?.begin { ConnectionCalls.run($0, at: started, $1) }
        state.withLock { $0.workers = started }
        let certificates = readCertificates(snapshot)
        // Whoever starts a server wants to know now; a reload goes on with what it has.
        if let problem = certificates.first { throw ServerError.certificate(problem) }
        // A stage that was pinned must not come up with the file, which may be anything by now.
        let deployed = await deployments.load(api: snapshot.identity.apiID)
        if let problem = deployed.problems.first { throw ServerError.deployment(problem) }
        await putIntoService(snapshot)
        startTimers()
        // A bad socket is noticed before another process lets go of the good ones.
        for kind in ListenerKind.allCases {
            for descriptor in configuration.listeners[kind] { _ = try ListeningSocket.port(of: descriptor, kind) }
        }
        await configuration.waitForTurn?()
        let port = try await listenForData(configuration.listeners.data)
        state.withLock { $0.port = port }
        // Functions are told where connections are called; of a port of the system's choice that is known only now.
        if port != configuration.port, snapshot.webSocket != nil { _ = hostedFunctions(snapshot) }
        try await listenForTLS(configuration.listeners.tls)
        state.withLock { $0.isReady = true }
        let adminPort =
            configuration.listeners.isHandover ? try await listenForAdmin(configuration.listeners.admin) : early
        return ServerAddresses(port: port, tlsPort: state.withLock { $0.tlsPort }, adminPort: adminPort)
    }

    private func listenForData(_ inherited: [Int32]) async throws -> Int {
        try await listenForRequests(.data, inherited, port: configuration.port) { channel, worker in
            try channel.pipeline.syncOperations.addHandler(Connection(worker: worker))
        }
    }

    /// Opens the admin port; gives its number.
    private func listenForAdmin(_ inherited: [Int32]) async throws -> Int? {
        let bootstrap = AdminListener.bootstrap(group: group) { [weak self] request in
            guard let self else { return AdminAnswer(status: .serviceUnavailable, text: "shutting down\n") }
            var answer = await admin(request)
            // The process that has taken over, or another one soon, answers the next request.
            answer.endsConnection = state.withLock { $0.isRetired || !$0.isReady }
            return answer
        }
        var first: Int?
        for descriptor in inherited {
            let port = try ListeningSocket.port(of: descriptor, .admin)
            keep([try await RequestListener.adopt(descriptor, .admin, bootstrap)], .admin)
            first = first ?? port
        }
        if first != nil { return first }
        guard let wanted = configuration.adminPort else { return nil }
        let channel = try await bind(
            bootstrap.serverChannelOption(.backlog, value: 64)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1), host: "127.0.0.1", port: wanted)
        keep([channel], .admin)
        return channel.localAddress?.port
    }

    private func keep(_ channels: [any Channel], _ kind: ListenerKind) {
        state.withLock { state in
            state.listeners += channels.map { Listener(kind: kind, channel: $0) }
        }
    }

    /// Opens the TLS port when there is a certificate to show and it is not open yet. Clients who wait in inherited
    /// sockets are turned away rather than left waiting when there is none.
    private func listenForTLS(_ inherited: [Int32] = []) async throws {
        let isInherited = !inherited.isEmpty
        guard let wanted = configuration.tlsPort ?? (isInherited ? 0 : nil),
            state.withLock({ ($0.tls != nil || isInherited) && $0.tlsPort == nil })
        else { return }
        let port = try await listenForRequests(.tls, inherited, port: wanted) { channel, worker in
            try TLSAcceptor.configure(channel, worker: worker)
        }
        state.withLock { $0.tlsPort = port }
    }

    /// Listens with the inherited sockets, or with one of its own for each worker; gives the port.
    private func listenForRequests(
        _ kind: ListenerKind, _ inherited: [Int32], port wanted: Int, _ configure: @escaping RequestListener.Configure
    ) async throws -> Int {
        let workers = state.withLock { $0.workers }
        if !inherited.isEmpty {
            let (port, channels) = try await RequestListener.adopt(
                inherited, kind, group: group, workers: workers, configure)
            keep(channels, kind)
            return port
        }
        var port = wanted
        // With SO_REUSEPORT a second server would silently share the port, so a bind without it tries first. A port of
        // the system's choice is free by itself.
        if port != 0 { try PortProbe.check(host: configuration.host, port: port) }
        for worker in workers {
            let bootstrap = RequestListener.bootstrap(
                on: worker.loop, children: worker.loop, workers: [worker], configure)
            let channel = try await bind(RequestListener.binding(bootstrap), port: port)
            if port == 0 { port = channel.localAddress?.port ?? 0 }
            keep([channel], kind)
        }
        return port
    }

    private func bind(_ bootstrap: ServerBootstrap, host: String? = nil, port: Int) async throws -> any Channel {
        let host = host ?? configuration.host
        do {
            return try await bootstrap.bind(host: host, port: port).get()
        } catch let error as IOError {
            if error.errnoCode == EADDRINUSE { throw ServerError.addressInUse(host: host, port: port) }
            throw ServerError.cannotBind(host: host, port: port, reason: String(cString: strerror(error.errnoCode)))
        } catch {
            throw ServerError.cannotBind(host: host, port: port, reason: "\(error)")
        }
    }

    /// Reads certificates of custom domains; gives why some cannot be used.
    private func readCertificates(_ snapshot: DeploymentSnapshot) -> [String] {
        let outcome = TLSTable.make(
            snapshot.hosts, in: configuration.baseDirectory, previous: state.withLock { $0.tls })
        for warning in outcome.warnings { logger.warning("\(warning)") }
        state.withLock { $0.tls = outcome.table }
        return outcome.problems
    }

    /// Serves `snapshot` from now on. Requests under way end with the one that they began with.
    public func install(_ snapshot: DeploymentSnapshot) async {
        for problem in readCertificates(snapshot) { logger.error("\(problem)") }
        await putIntoService(snapshot)
        do {
            try await listenForTLS()
        } catch {
            logger.error("\(error); custom domains are not served by TLS")
        }
    }

    private func putIntoService(_ snapshot: DeploymentSnapshot) async {
        let (workers, generation) = state.withLock { state in
            state.generation += 1
            state.snapshot = snapshot
            return (state.workers, state.generation)
        }
        let deployed = await deployments.load(api: snapshot.identity.apiID)
        for problem in deployed.problems { logger.error("\(problem)") }
        observation.prepare(snapshot, by: workers.first)
        let logging = configuration.loggingLevel.map { LogSetting(level: $0, tracesData: configuration.tracesData) }
        let identities = ClientIdentities(of: snapshot, in: configuration.baseDirectory)
        for failure in identities.failures { logger.error("\(failure); calls of HTTPS backends answer 500") }
        for name in identities.expired { logger.warning("client certificate '\(name)' has expired") }
        upstream.tls.keep(identities.identities)
        let table = ServingTable(
            snapshot, generation: generation, logging: logging, clientIdentities: identities,
            environment: configuration.environment, bypasses: configuration.bypasses,
            directory: configuration.baseDirectory, tls: state.withLock { $0.tls }, limits: limits,
            caches: caches,
            observe: { [observation] release in
                observation.observation(
                    of: release.stage, in: release.snapshot, isCanary: release.isCanary, by: workers.first)
            }, deployments: deployed.deployments)
        for problem in table.tokenProblems { logger.error("\(problem); its tokens are refused") }
        for name in table.bypassed {
            logger.warning("AUTHORIZER '\(name)' IS OFF: everybody gets in as the caller of --no-auth")
        }
        for bypass in configuration.bypasses where !table.bypassed.contains(bypass.name) {
            logger.warning("--no-auth names '\(bypass.name)', which is no authorizer of the API")
        }
        for problem in table.callers.problems { logger.warning("\(problem)") }
        prepareTLS(table)
        // Before there are connections, so that others hear of the first one.
        if snapshot.webSocket != nil { await configuration.connectionRegistry?.connect() }
        let update = await credentials.load(snapshot)
        let keys = await apiKeys.load(snapshot)
        for problem in keys?.problems ?? [] { logger.error("\(problem)") }
        if let update { state.withLock { $0.credentials = update.table.fallback } }
        let functions = hostedFunctions(snapshot)
        let keysOfFunctions = functionKeys
        let tls = state.withLock { $0.tls }
        dashboard.install(table, of: snapshot)
        for worker in workers {
            await worker.run { worker in
                if let update { worker.use(update) }
                if let keys { worker.use(keys) }
                worker.functions = functions?.host
                worker.functionKeys = keysOfFunctions
                worker.install(table, tls: tls)
            }
        }
        observation.keep(table)
    }

    /// Looks for changes of what the server reads beside the file, and writes what it counts, until it ends.
    private func startTimers() {
        every(CredentialKeeper.interval) { await $0.refreshCredentials() }
        if let sharedLimits {
            every(SharedLimits.bucketInterval) { server in
                if let news = await sharedLimits.settleBuckets() { server.logger.warning("\(news)") }
            }
            every(SharedLimits.quotaInterval) { server in
                if let news = await sharedLimits.settleQuotas() { server.logger.warning("\(news)") }
            }
        }
        if let registry = configuration.connectionRegistry {
            every(.seconds(1)) { if let news = registry.news() { $0.logger.warning("\(news)") } }
        }
        every(ObservationCenter.pollInterval) { $0.observation.poll() }
        let clock = ServerClock(speed: configuration.clockSpeed)
        every(.seconds(1)) { server in
            server.observation.roll(at: clock.milliseconds / 1000)
            await server.tickDashboard(at: wallClockMilliseconds())
        }
        let actions = AlarmActions(logger: logger, configuration: configuration)
        let alarms = observation.alarms
        let handle = state.withLock { $0.workers.first }
        let identity: @Sendable () -> APIIdentity = { [weak self] in
            self?.state.withLock { $0.snapshot?.identity } ?? APIIdentity()
        }
        let performer = Task {
            await alarms.performActions { await actions.perform($0, $1, identity(), by: handle) }
        }
        state.withLock { $0.timers.append(performer) }
        if configuration.apiKeyStore != nil { every(APIKeyKeeper.interval) { await $0.refreshAPIKeys() } }
        if configuration.usageStore != nil { every(UsageKeeper.interval) { await $0.writeUsage() } }
        if configuration.deploymentStore != nil { every(DeploymentKeeper.interval) { await $0.refreshDeployments() } }
    }

    private func every(_ interval: Duration, _ body: @escaping @Sendable (GatewayServer) async -> Void) {
        let timer = Task { [weak self] in
            while !Task.isCancelled {
                try? await Task.sleep(for: interval)
                guard let self, !Task.isCancelled else { return }
                await body(self)
            }
        }
        state.withLock { $0.timers.append(timer) }
    }

    /// Writes what was counted since the last time.
    func writeUsage() async {
        var changes: [WorkerUsage.Changes] = []
        for worker in state.withLock({ $0.workers }) { changes.append(await worker.run { $0.usage.take() }) }
        if let news = await usage.write(changes) { logger.error("\(news)") }
    }

    /// Serves what the store of deployments has now, if that is something else than before.
    func refreshDeployments() async {
        guard await deployments.hasChanged(), let snapshot = state.withLock({ $0.snapshot }) else { return }
        await putIntoService(snapshot)
        logger.info("deployments were read anew")
    }

    /// Signs with what files and processes give now, if that is something else than before.
    func refreshCredentials() async {
        guard let update = await credentials.reloadIfNeeded() else { return }
        let workers = state.withLock { $0.workers }
        for worker in workers { await worker.run { $0.use(update) } }
        logger.info("the credentials that calls of AWS are signed with were read anew")
    }

    /// Lets the keys in that the store has now, if those are others than before.
    func refreshAPIKeys() async {
        guard let update = await apiKeys.reloadIfNeeded() else { return }
        for problem in update.problems { logger.error("\(problem)") }
        let workers = state.withLock { $0.workers }
        for worker in workers { await worker.run { $0.use(update) } }
        logger.info("API keys were read anew")
    }

    /// The host of the snapshot's functions: made with the first function, kept from then on.
    private func hostedFunctions(_ snapshot: DeploymentSnapshot) -> HostedFunctions? {
        let port = state.withLock { $0.port } ?? configuration.port
        let hasCredentials = state.withLock { $0.credentials?.credentials != nil }
        let more = snapshot.connectionVariables(port: port, keys: hasCredentials ? nil : functionKeys)
            .filter { (configuration.environment[$0.name] ?? "").isEmpty }
        let wanted = snapshot.hostedFunctions(adding: more)
        guard let functions = configuration.functions else {
            if !wanted.isEmpty {
                logger.error("functions are not hosted by this process, so that their calls answer 500")
            }
            return nil
        }
        let hosted = state.withLock { state in
            if state.functions == nil, !wanted.isEmpty {
                state.functions = HostedFunctions(functions, of: snapshot, logger: logger)
            }
            return state.functions
        }
        hosted?.apply(wanted, prepares: true)
        return hosted
    }

    /// Reads trust roots here rather than on the loop of the first request that needs them.
    private func prepareTLS(_ table: ServingTable) {
        for verification in table.tlsVerifications {
            do {
                try upstream.tls.prepare(verification)
            } catch {
                logger.error(
                    "certificates of backends cannot be checked, so that their calls will fail: \(error); see SSL_CERT_FILE"
                )
            }
        }
    }

    // MARK: - The end

    /// Stops listening, lets requests under way end within `limit`, then closes everything.
    public func drain(within limit: Duration) async {
        state.withLock { $0.isReady = false }
        await closeListeners([.data, .tls])
        for worker in state.withLock({ $0.workers }) { await worker.run { $0.drain() } }
        await waitForConnections(until: .now + limit) { false }
        await shutDown()
    }

    /// Ends after another process has taken the ports over: stops listening, lets each connection end with its next
    /// answer, for at most `limit` or until ``hurry()``, and then drains within `rest`.
    ///
    /// Connections that wait for a request are not closed before, because a request may be on its way to them. The
    /// sockets are the other process's too: who waits in them is served by it.
    public func retire(within limit: Duration, thenDraining rest: Duration) async {
        state.withLock { $0.isRetired = true }
        await closeListeners([.admin, .data, .tls])
        for worker in state.withLock({ $0.workers }) { await worker.run { $0.retire() } }
        await waitForConnections(until: .now + limit) { self.state.withLock { $0.hurries } }
        await drain(within: rest)
    }

    /// Ends the patience of ``retire(within:thenDraining:)``.
    public func hurry() { state.withLock { $0.hurries = true } }

    private func closeListeners(_ kinds: [ListenerKind]) async {
        for kind in kinds {
            let channels = state.withLock { state in
                defer { state.listeners.removeAll { $0.kind == kind } }
                return state.listeners.filter { $0.kind == kind }.map(\.channel)
            }
            for channel in channels { await ListeningSocket.close(channel, servedBy: group) }
        }
    }

    private func waitForConnections(until deadline: ContinuousClock.Instant, orElse isOver: () -> Bool) async {
        let workers = state.withLock { $0.workers }
        while ContinuousClock.now < deadline, !isOver() {
            var open = 0
            for worker in workers { open += await worker.run { $0.openConnections + $0.handshakes } }
            if open == 0 { break }
            try? await Task.sleep(for: .milliseconds(20))
        }
    }

    private func shutDown() async {
        // Requests that have ended count, whatever ends the server.
        await writeUsage()
        state.withLock { $0.isReady = false }
        await closeListeners([.data, .tls, .admin])
        let (workers, functions) = state.withLock { state in
            defer {
                state.tlsPort = nil
                state.workers = []
                for timer in state.timers { timer.cancel() }
                state.timers = []
                state.heartbeat?.cancel()
                state.heartbeat = nil
                state.functions = nil
            }
            return (state.workers, state.functions)
        }
        // What is told of requests is sent by the workers, so that they end after it.
        for worker in workers { await worker.run { $0.endConnections() } }
        await observation.flush()
        for worker in workers { await worker.run { $0.shutDown() } }
        await functions?.shutDown()
        await observation.close()
        dashboard.close()
        await executionLog.close()
        try? await group.shutdownGracefully()
    }

    /// Runs `body` on the loop of each worker.
    func onEachWorker(_ body: @escaping @Sendable (Worker) -> Void) async {
        for worker in state.withLock({ $0.workers }) { await worker.run(body) }
    }

    // MARK: - Operations

    /// Copies of the listening sockets, for a process that is to take them over; the caller closes them.
    public func listeners() async throws -> InheritedListeners {
        var copies = InheritedListeners()
        do {
            for listener in state.withLock({ $0.listeners }) {
                copies[listener.kind].append(try await ListeningSocket.duplicate(listener.channel))
            }
        } catch {
            copies.close()
            throw error
        }
        return copies
    }

    /// Accepts no connections until ``listenAgain(_:)``, or ever. Clients wait in the sockets as long as somebody has them.
    public func stopListening() async { await closeListeners([.admin, .data, .tls]) }

    /// Accepts connections again from `listeners`, which are the server's then.
    ///
    /// - Throws: ``ServerError`` if one of them cannot be listened on.
    public func listenAgain(_ listeners: InheritedListeners) async throws {
        if !listeners.data.isEmpty { _ = try await listenForData(listeners.data) }
        state.withLock { $0.tlsPort = nil }
        try await listenForTLS(listeners.tls)
        if !listeners.admin.isEmpty { _ = try await listenForAdmin(listeners.admin) }
    }

    /// Opens the files of access logs anew, as after somebody has moved them.
    public func reopenLogs() { observation.reopen() }

    /// Calls `beat` every `interval` while all event loops answer within `limit`, until the server ends. It must not wait.
    public func startHeartbeat(every interval: Duration, within limit: Duration, _ beat: @escaping @Sendable () -> Void)
    {
        let heartbeat = Heartbeat(
            loops: state.withLock { $0.workers.map(\.loop) }, interval: interval, limit: limit, beat: beat)
        let task = heartbeat.start()
        state.withLock { state in
            state.heartbeat?.cancel()
            state.heartbeat = task
        }
    }

    // MARK: - Admin

    private func admin(_ request: AdminRequest) async -> AdminAnswer {
        let path = request.path
        if request.isDeletion { return await flushCache(request) }
        if path == "/dashboard" || path.hasPrefix("/dashboard/") { return dashboardAnswer(request) }
        switch path {
        case "/livez":
            return AdminAnswer(status: .ok, text: "ok\n")
        case "/readyz":
            let isReady = state.withLock { $0.isReady && $0.snapshot != nil }
            return isReady
                ? AdminAnswer(status: .ok, text: "ready\n")
                : AdminAnswer(status: .serviceUnavailable, text: "not ready\n")
        case "/metrics":
            let (workers, generation, functions) = state.withLock { ($0.workers, $0.generation, $0.functions) }
            var total = WorkerCounters()
            for worker in workers {
                total.add(
                    await worker.run { worker in
                        var counters = worker.counters
                        counters.connectionsOpen = worker.openConnections
                        return counters
                    })
            }
            var text = Array(
                MetricsText.render(
                    total, generation: generation, workers: workers.count, functions: await functions?.host.counters()
                ).utf8)
            PrometheusText.append(observation.registry.read(), limit: observation.registry.limit, to: &text)
            observation.appendFigures(to: &text)
            if let store = configuration.sharedStore { SharedStoreText.append(store.statuses, to: &text) }
            return AdminAnswer(
                status: .ok, text: String(decoding: text, as: UTF8.self), contentType: PrometheusText.contentType)
        default:
            return AdminAnswer(status: .notFound, text: "not found; try /livez, /readyz, /metrics or /dashboard\n")
        }
    }

    /// `DELETE /restapis/{id}/stages/{stage}/cache/data`, as API Gateway's management API has it. Source: API Gateway API
    /// reference, "FlushStageCache".
    private func flushCache(_ request: AdminRequest) async -> AdminAnswer {
        guard DashboardAccess.isAllowed(host: request.host, origin: request.origin, site: request.site) else {
            return AdminAnswer(status: .forbidden, text: "use the address of this machine\n")
        }
        let parts = request.path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 7, parts[1] == "restapis", parts[3] == "stages", parts[5] == "cache", parts[6] == "data"
        else { return AdminAnswer(status: .notFound, text: "not found\n") }
        let identity = state.withLock { $0.snapshot?.identity }
        guard let identity, parts[2] == identity.apiID || parts[2] == "-" else {
            return AdminAnswer(status: .notFound, text: "Invalid API identifier specified\n")
        }
        guard let cache = caches.known("\(identity.apiID)/\(parts[4])") else {
            return AdminAnswer(status: .notFound, text: "stage '\(parts[4])' has no cache\n")
        }
        try? await NIOThreadPool.singleton.runIfActive { cache.flush() }
        do throws(SharedStoreError) {
            try await caches.shared("\(identity.apiID)/\(parts[4])")?.flush()
        } catch {
            return AdminAnswer(status: .badGateway, text: "flushed here, but not in the shared store: \(error)\n")
        }
        logger.info("the cache of stage '\(parts[4])' was flushed")
        return AdminAnswer(status: .accepted, text: "")
    }

    private func dashboardAnswer(_ request: AdminRequest) -> AdminAnswer {
        guard DashboardAccess.isAllowed(host: request.host, origin: request.origin, site: request.site) else {
            return AdminAnswer(status: .forbidden, text: "open the dashboard by the address of this machine\n")
        }
        let json = [("Content-Type", "application/json")] + DashboardPage.commonHeaders
        switch request.path {
        case "/dashboard", "/dashboard/":
            let page = DashboardPage.embedded
            return AdminAnswer(status: .ok, body: page.html, headers: page.headers)
        case "/dashboard/events":
            guard watch.count < DashboardFeed.mostWatchers else {
                return AdminAnswer(status: .serviceUnavailable, text: "too many dashboards are open\n")
            }
            var answer = AdminAnswer(
                status: .ok, body: [],
                headers: [("Content-Type", "text/event-stream")] + DashboardPage.commonHeaders)
            answer.stream = dashboard
            return answer
        default:
            let prefix = "/dashboard/requests/"
            guard request.path.hasPrefix(prefix),
                let body = dashboard.request(String(request.path.dropFirst(prefix.count)))
            else { return AdminAnswer(status: .notFound, body: Array("{}".utf8), headers: json) }
            return AdminAnswer(status: .ok, body: body, headers: json)
        }
    }

    /// Tells dashboards what came, if any is open.
    func tickDashboard(at now: Int) async {
        guard dashboard.isWatched else { return }
        var gauges = DashboardGauges(connections: 0, underWay: 0)
        for worker in state.withLock({ $0.workers }) {
            let (connections, underWay) = await worker.run { ($0.openConnections, $0.waitingRequests) }
            gauges.connections = (gauges.connections ?? 0) + connections
            gauges.underWay = (gauges.underWay ?? 0) + underWay
        }
        gauges.memoryBytes = ProcessMemory.residentBytes
        dashboard.tick(at: now, registry: observation.registry, gauges: gauges, alarms: observation.alarms.statuses)
    }
}

/// A worker as the control side holds it.
struct WorkerHandle: Sendable {
    let loop: any EventLoop
    let bound: NIOLoopBound<Worker>

    /// Makes a worker on its loop.
    static func make(
        on loop: any EventLoop, configuration: ServerConfiguration, upstream: UpstreamConfiguration, logger: Logger,
        executionLog: ExecutionLogWriter, tokenKeys: KeySetStore = KeySetStore(), metrics: MetricShard? = nil,
        recorder: RequestRecorder? = nil
    ) async throws -> WorkerHandle {
        let bound = try await loop.submit {
            let worker = Worker(
                loop: loop, settings: configuration, upstream: upstream, logger: logger, executionLog: executionLog,
                tokenKeys: tokenKeys, metrics: metrics, recorder: recorder)
            worker.start()
            return NIOLoopBound(worker, eventLoop: loop)
        }.get()
        return WorkerHandle(loop: loop, bound: bound)
    }

    /// Runs `body` on the worker's loop.
    func run<Result: Sendable>(_ body: @escaping @Sendable (Worker) -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            loop.execute { continuation.resume(returning: body(bound.value)) }
        }
    }
}
