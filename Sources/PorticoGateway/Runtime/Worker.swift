// Hot: once per read of a connection. Allocates: nothing once its buffers and pools have grown.

internal import Logging
internal import NIOCore
internal import PorticoIR
internal import PorticoPrograms

/// State of one event loop: its table, buffers, machines, upstream pools, connections and counters.
///
/// Made on, used from and ended on its loop only.
final class Worker {
    let loop: any EventLoop
    let settings: ServerConfiguration
    let logger: Logger
    // Time-outs in the unit of the clock.
    let idleMilliseconds: Int
    /// Largest request body in bytes; here, because a look into the settings copies them.
    let maximumBodyBytes: Int
    let headMilliseconds: Int
    let bodyMilliseconds: Int
    private var heldTable: HeldReference<ServingTable>?
    private(set) var table: ServingTable? {
        @inline(__always) get { heldTable?.object }
        set { heldTable = newValue.map(HeldReference.init) }
    }
    /// Whether the table is that of an HTTP API, kept here because every answer asks.
    private(set) var isHTTPAPI = false
    /// Certificates of custom domains; `nil` when none has one.
    private(set) var tls: TLSTable?
    private(set) var isDraining = false

    /// Answers of the read under way.
    let output = OutputBuffer(capacity: 16 << 10)
    /// Rendered bodies.
    let body = OutputBuffer(capacity: 4096)
    /// Converted bodies.
    let converted = OutputBuffer(capacity: 256)
    /// Bodies on their way into and out of content codings.
    let compression = CompressionState()
    /// What an answer is kept by.
    let cacheKey = CacheKey()
    /// An answer that was kept encrypted.
    var opened: [UInt8] = []
    /// This worker's tables of answers, by the stage's cache.
    private var caches: [WorkerCache] = []
    /// The request to a backend.
    let message = OutputBuffer(capacity: 4096)
    /// Values of mappings of HTTP APIs.
    let mapping = MappingScratch()
    let tape = JSONTape()
    /// The body that ``tape`` holds, as long as the exchange runs that had it parsed.
    private var parsed: (start: UnsafeRawPointer?, count: Int, isJSON: Bool)?
    let validator = SchemaValidator()
    let matcher = PatternMatcher(clock: monotonicNanoseconds)
    var identifiers = IdentifierGenerator()
    var clock = WallClock()
    private let serverClock: ServerClock
    /// Milliseconds of a clock that never goes back, read once per read or tick.
    private(set) var nowMilliseconds: Int = 0
    /// How far both clocks are ahead: tests let time pass.
    var aheadMilliseconds = 0
    var counters = WorkerCounters()
    let pools: UpstreamPools
    /// Runs functions that Portico hosts; `nil` when there are none.
    var functions: (any FunctionInvoker)?
    /// Hosts of VPC links.
    let vpcLinks: VPCLinkStates
    /// What outgoing calls are signed with.
    private(set) var credentials = CredentialTable(
        fallback: .unavailable(CredentialProblem("no integration of the API was known to be signed")))
    private var credentialNumber = 0
    /// The API keys of the stages.
    private(set) var keys = KeyTables.none
    private var keysNumber = 0
    /// Lines of access logs that are not handed over yet.
    var accessLogs = WorkerAccessLogs()
    /// Counters by series; `nil` where nobody reads them.
    private let heldMetrics: HeldReference<MetricShard>?
    var metrics: MetricShard? { heldMetrics?.object }
    /// Takes requests for the dashboard.
    private let heldRecorder: HeldReference<RequestRecorder>?
    var recorder: RequestRecorder? { heldRecorder?.object }
    /// What requests with API keys have used and is to be written.
    var usage = WorkerUsage()
    /// Keys of token issuers, shared by all workers.
    private let tokenKeys: KeySetStore
    private var hasTokens = false
    /// Verifies tokens; made with the first.
    private(set) lazy var tokens = TokenVerification(
        pools: pools, store: tokenKeys, matcher: matcher, logger: logger,
        wallMilliseconds: { [unowned self] in clock.milliseconds },
        monotonicMilliseconds: { [unowned self] in nowMilliseconds })
    /// Signs outgoing calls.
    let signer = RequestSigner()
    /// Reads and checks signatures of requests.
    let claims = SigV4ClaimReader()
    let verifier = SigV4Verifier()
    /// Identities that endpoints were asked for: one endpoint for each API.
    private var identityLookups: [IdentityLookup] = []
    /// What policies are asked about.
    let policyRequest = PolicyRequest()
    let policies = PolicyMachine()
    let policyText = OutputBuffer(capacity: 512)
    /// What an authorizer's answer is looked for by.
    let authorizerKey = OutputBuffer(capacity: 512)
    /// Answers of authorizers that are kept.
    let authorizerAnswers: AuthorizerCache<LambdaAuthorizer.Answer>
    /// Events and results of proxied functions.
    let proxyEvents: ProxyEventWriter
    let proxyResponses: ProxyResponseReader
    /// Stands for the headers of answers that have none.
    let noHeaders = HTTPHeaderTable()
    /// Takes the logs of requests that have one.
    let executionLog: ExecutionLogWriter

    // Scratch arrays for template inputs.
    let namedPath = ScratchList<NamedBytes>()
    let namedQuery = ScratchList<NamedBytes>()
    let namedHeaders = ScratchList<NamedBytes>()
    let namedExtra = ScratchList<NamedBytes>()
    /// By slot of `$context`; freed with the worker.
    private let contextBytes = UnsafeMutableBufferPointer<UnsafeRawBufferPointer>.allocate(
        capacity: ContextVariable.allCases.count)
    private let contextRanges = ScratchList<ContextRange>()

    /// Where the value of a `$context` variable stands in the arena.
    private struct ContextRange: BitwiseCopyable {
        var slot: Int
        var start: Int
        var end: Int
    }

    /// Facts about the message that was written last into ``message``.
    var wroteHead = false
    var wroteIdempotent = false

    private var exchanges: [Exchange] = []
    private var machines: [(snapshot: DeploymentSnapshot, machine: TemplateMachine)] = []
    private var poolCache: [ObjectIdentifier: (address: EndpointAddress, pool: UpstreamPool)] = [:]
    /// One for each connection of HTTP/1.1 and each stream of HTTP/2.
    private(set) var connections = Registry<Connection>()
    private var sessions = Registry<HTTP2Session>()
    /// WebSocket connections.
    let sockets = WorkerSockets()
    /// Who else may call connections, and the keys of local functions.
    let management = ManagementAccess()
    var functionKeys: FunctionKeys?
    /// Text of selection expressions.
    let selection = OutputBuffer(capacity: 256)
    /// The workers of the server in their order, this one among them, and its place there.
    private(set) var peers: [WorkerHandle] = []
    private(set) var number = 0
    /// What sessions of HTTP/2 share; made with the first.
    private(set) lazy var http2 = HTTP2Codec()
    private var wire: ByteBuffer
    private var messageBuffer: ByteBuffer
    private var sweepTask: RepeatedTask?
    private var lastPatternWarning = -60_000
    /// Lines about failed requests that one worker writes in a second.
    private static let linesPerSecond = 20
    private var logWindowStart = 0
    private var linesInWindow = 0
    private var unsaid = 0

    init(
        loop: any EventLoop, settings: ServerConfiguration, upstream: UpstreamConfiguration, logger: Logger,
        executionLog: ExecutionLogWriter, tokenKeys: KeySetStore = KeySetStore(), metrics: MetricShard? = nil,
        recorder: RequestRecorder? = nil
    ) {
        heldMetrics = metrics.map(HeldReference.init)
        heldRecorder = recorder.map(HeldReference.init)
        self.loop = loop
        self.tokenKeys = tokenKeys
        self.executionLog = executionLog
        self.settings = settings
        maximumBodyBytes = settings.maximumBodyBytes
        serverClock = ServerClock(speed: settings.clockSpeed)
        idleMilliseconds = settings.idleTimeout.wholeMilliseconds
        headMilliseconds = settings.headTimeout.wholeMilliseconds
        bodyMilliseconds = settings.bodyTimeout.wholeMilliseconds
        self.logger = logger
        let allocator = ByteBufferAllocator()
        wire = allocator.buffer(capacity: 16 << 10)
        messageBuffer = allocator.buffer(capacity: 4096)
        authorizerAnswers = AuthorizerCache(seed: identifiers.next())
        proxyEvents = ProxyEventWriter(seed: identifiers.next())
        proxyResponses = ProxyResponseReader(seed: identifiers.next())
        pools = UpstreamPools(loop: loop, configuration: upstream)
        vpcLinks = VPCLinkStates(pools: pools, logger: logger)
        contextBytes.initialize(repeating: UnsafeRawBufferPointer(start: nil, count: 0))
        tick()
    }

    deinit { contextBytes.deallocate() }

    /// Starts the sweep for idle and slow connections.
    func start() {
        let bound = NIOLoopBound(self, eventLoop: loop)
        sweepTask = loop.scheduleRepeatedTask(initialDelay: .milliseconds(250), delay: .milliseconds(250)) { _ in
            bound.value.sweep()
        }
    }

    // MARK: - Clock

    /// Reads the clocks.
    @inline(__always)
    func tick() {
        nowMilliseconds = monotonicMilliseconds() &+ aheadMilliseconds
        clock.set(milliseconds: serverClock.milliseconds &+ aheadMilliseconds)
    }

    private func sweep() {
        tick()
        // Closing changes the list, so a copy is walked.
        for connection in connections.elements { connection.sweep(now: nowMilliseconds) }
        for session in sessions.elements { session.sweep(now: nowMilliseconds) }
        sockets.sweep(now: nowMilliseconds)
        for cache in caches { cache.sweep(now: nowMilliseconds) }
        accessLogs.flush()
    }

    // MARK: - Table

    /// Puts a table into service; exchanges under way keep the one that they began with.
    func install(_ table: ServingTable, tls: TLSTable? = nil) {
        // Of two that are made at the same time the later one counts, whichever is ready first.
        if let current = self.table, current.generation > table.generation { return }
        self.table = table
        isHTTPAPI = table.isHTTPAPI
        self.tls = tls
        poolCache.removeAll()
        let trusts = table.trusts
        // Verified tokens of authorizers that are gone go with them; nothing is made for an API without any.
        if !trusts.isEmpty || hasTokens {
            hasTokens = true
            tokens.install(trusts)
        }
        // What an endpoint said that is asked in another way now is asked anew.
        let endpoints = table.identityEndpoints
        identityLookups.removeAll { !endpoints.contains($0.client) }
        vpcLinks.keep(table.stages.first?.snapshot.vpcLinks ?? [])
        let sinks = table.accessLogSinks
        accessLogs.keep { sink in sinks.contains { $0 === sink } }
        let stores = table.caches
        caches.removeAll { cache in !stores.contains { $0 === cache.cache } }
        machines.removeAll { entry in
            !table.stages.contains { $0.snapshot === entry.snapshot || $0.canary?.program.snapshot === entry.snapshot }
        }
    }

    /// The identities that this endpoint was asked for.
    func identities(of client: IdentityEndpointClient) -> IdentityLookup {
        for lookup in identityLookups where lookup.client == client { return lookup }
        let lookup = IdentityLookup(
            client, pools: pools, logger: logger, seed: identifiers.next(),
            // An answer may be read when the worker has ended.
            now: { [weak self] in self?.nowMilliseconds ?? 0 })
        identityLookups.append(lookup)
        return lookup
    }

    /// Signs with these from now on, unless newer ones came before them.
    func use(_ update: CredentialKeeper.Update) {
        guard update.number > credentialNumber else { return }
        credentialNumber = update.number
        credentials = update.table
    }

    /// Lets these API keys in from now on, unless newer tables came before them.
    func use(_ update: APIKeyKeeper.Update) {
        guard update.number > keysNumber else { return }
        keysNumber = update.number
        keys = update.tables
    }

    /// Tells which workers there are: calls of connections go to the one that has them.
    func join(_ workers: [WorkerHandle], at number: Int) {
        peers = workers
        self.number = number
    }

    /// This worker's table of a stage's answers. Stages with a cache are few.
    @inline(__always)
    func cache(of store: ResponseCache) -> WorkerCache {
        for cache in caches where cache.cache === store { return cache }
        return makeCache(of: store)
    }

    @inline(never)
    private func makeCache(of store: ResponseCache) -> WorkerCache {
        let cache = WorkerCache(store)
        caches.append(cache)
        return cache
    }

    // MARK: - Exchanges

    func takeExchange() -> Exchange {
        let exchange = exchanges.popLast() ?? Exchange(worker: self)
        exchange.parser.limits.requestLineBytes =
            isHTTPAPI ? HTTPLimits.longestRouteHead : HTTPLimits.longestRequestLine
        return exchange
    }

    func recycle(_ exchange: Exchange) {
        exchange.end()
        // As many as could be needed again at once; the rest is freed.
        if exchanges.count < 1024 { exchanges.append(exchange) }
    }

    /// Parses a body into ``tape``; a body that this exchange has just had parsed is not parsed again.
    func parse(_ body: UnsafeRawBufferPointer) -> Bool {
        if let parsed, parsed.start == body.baseAddress, parsed.count == body.count { return parsed.isJSON }
        var isJSON = false
        if case .ok = tape.parse(body) { isJSON = true }
        parsed = (body.baseAddress, body.count, isJSON)
        return isJSON
    }

    /// ``tape``, if this exchange has had that body parsed.
    func parsedTape(of body: UnsafeRawBufferPointer) -> JSONTape? {
        guard let parsed, parsed.isJSON, parsed.start == body.baseAddress, parsed.count == body.count else {
            return nil
        }
        return tape
    }

    /// Forgets which body ``tape`` holds: another exchange runs, and may have other bytes at the same place.
    @inline(__always)
    func forgetParsedBody() { parsed = nil }

    func machine(for snapshot: DeploymentSnapshot) -> TemplateMachine {
        for entry in machines where entry.snapshot === snapshot { return entry.machine }
        let machine = TemplateMachine(symbols: snapshot.symbols)
        machines.append((snapshot, machine))
        // A request of an old snapshot may still come back from its backend; more than a few are not kept for that.
        if machines.count > 4 { machines.removeFirst() }
        return machine
    }

    // MARK: - Template input

    /// What the authorizer said, by dotted names.
    func collectAuthorizer(_ exchange: Exchange) {
        namedExtra.removeAll()
        for entry in exchange.access.values {
            namedExtra.append(
                NamedBytes(
                    name: exchange.arenaBytes(entry.dottedName), value: exchange.arenaBytes(entry.value)))
        }
    }

    func collectPathParameters(_ exchange: Exchange) {
        namedPath.removeAll()
        guard let names = exchange.method?.parameterNames else { return }
        for (index, name) in names.enumerated() where index < exchange.parameters.count {
            namedPath.append(NamedBytes(name: name.bytes, value: exchange.pathParameter(index)))
        }
    }

    func collectQuery(_ exchange: Exchange) {
        namedQuery.removeAll()
        for parameter in exchange.query {
            namedQuery.append(
                NamedBytes(name: exchange.arenaBytes(parameter.name), value: exchange.arenaBytes(parameter.value)))
        }
    }

    func collectHeaders(_ exchange: Exchange) {
        namedHeaders.removeAll()
        for span in exchange.headers.spans where exchange.isVisible(span) {
            namedHeaders.append(NamedBytes(name: exchange.name(of: span), value: exchange.value(of: span)))
        }
    }

    /// Fills the `$context` slots that the program reads.
    func collectContext(
        _ slots: [UInt16], _ exchange: Exchange
    ) -> UnsafeBufferPointer<UnsafeRawBufferPointer> {
        guard !slots.isEmpty else { return UnsafeBufferPointer(contextBytes) }
        let arenaStart = exchange.arena.count
        contextRanges.removeAll()
        for slot in slots {
            let index = Int(slot)
            guard let value = exchange.contextValue(index) else {
                contextBytes[index] = UnsafeRawBufferPointer(start: nil, count: 0)
                continue
            }
            contextBytes[index] = value
            // What was made in the arena may move with the next value: its place is noted and looked up at the end.
            if let base = value.baseAddress, exchange.arena.count > 0 {
                let offset = base - UnsafeRawPointer(exchange.arena.base)
                if offset >= 0, offset + value.count <= exchange.arena.count {
                    contextRanges.append(ContextRange(slot: index, start: offset, end: offset + value.count))
                }
            }
        }
        if exchange.arena.count > arenaStart {
            for place in contextRanges.view { contextBytes[place.slot] = exchange.arenaBytes(place.start..<place.end) }
        }
        return UnsafeBufferPointer(contextBytes)
    }

    // MARK: - Upstream

    func pool(for address: EndpointAddress) -> UpstreamPool {
        let key = ObjectIdentifier(address)
        if let entry = poolCache[key] { return entry.pool }
        let pool = pools.pool(for: address.target)
        // The entry keeps the address alive, so that the key stays its own.
        poolCache[key] = (address, pool)
        return pool
    }

    func uncachedPool(for target: UpstreamTarget) -> UpstreamPool { pools.pool(for: target) }

    /// The message that was written, as a buffer; its memory is used again once it was sent.
    func takeMessage() -> ByteBuffer {
        messageBuffer.clear()
        messageBuffer.writeBytes(message.bytes)
        return messageBuffer
    }

    /// The answers of this read, as a buffer; its memory is used again once it was sent.
    func takeWire() -> ByteBuffer {
        wire.clear()
        wire.writeBytes(output.bytes)
        output.reset()
        return wire
    }

    // MARK: - Connections

    func add(_ connection: Connection) {
        connections.add(connection)
        // A stream is no connection of its own.
        if connection.stream == nil { counters.connectionsAccepted += 1 }
    }

    func remove(_ connection: Connection) { connections.remove(connection) }

    func add(_ session: HTTP2Session) {
        sessions.add(session)
        counters.connectionsAccepted += 1
    }

    func remove(_ session: HTTP2Session) { sessions.remove(session) }

    /// TLS handshakes under way.
    var handshakes = 0

    /// Requests that wait for somebody.
    var waitingRequests: Int { connections.elements.count { $0.isWaiting } }

    /// Connections that are open, whatever they speak.
    var openConnections: Int {
        sessions.count + sockets.busy + connections.elements.count { $0.stream == nil }
    }

    /// Ends idle connections now, and busy ones with their answer.
    func drain() {
        isDraining = true
        for connection in connections.elements { connection.drain() }
        for session in sessions.elements { session.drain() }
        for socket in sockets.all { socket.close(.goingAway) }
    }

    /// Ends all connections, and hands over what is told of their requests.
    func endConnections() {
        for connection in connections.elements { connection.abort() }
        for session in sessions.elements { session.abort() }
        sockets.shutDown(self)
        accessLogs.flush()
    }

    /// Ends each connection with its next answer. Connections wait for their next request as before: none of those that
    /// are on their way is lost.
    func retire() {
        isDraining = true
        for session in sessions.elements { session.drain(isPatient: true) }
        // Clients come back at once, to the process that listens now.
        for socket in sockets.all { socket.close(.goingAway) }
    }

    /// Ends everything.
    func shutDown() {
        sweepTask?.cancel()
        sweepTask = nil
        endConnections()
        // Each of them knows all of them.
        peers = []
        vpcLinks.keep([])
        pools.shutdown()
    }

    // MARK: - Counting and logging

    @inline(__always)
    func count(status: Int, _ exchange: Exchange) {
        counters.requests &+= 1
        if status >= 500 {
            counters.serverErrors &+= 1
        } else if status >= 400 {
            counters.clientErrors &+= 1
        }
        let took = clock.milliseconds &- exchange.startMilliseconds
        counters.latencyMilliseconds &+= took > 0 ? took : 0
    }

    /// Counts an answer anew whose status a mapping has changed.
    func recount(from old: Int, to status: Int) {
        if old >= 500 {
            counters.serverErrors &-= 1
        } else if old >= 400 {
            counters.clientErrors &-= 1
        }
        if status >= 500 {
            counters.serverErrors &+= 1
        } else if status >= 400 {
            counters.clientErrors &+= 1
        }
    }

    func log(_ fault: GatewayFault, _ exchange: Exchange) {
        // Faults that say something about the API or its backends; what a client did wrong is its own business.
        let status = fault.status != 0 ? fault.status : fault.type.defaultStatus ?? 500
        let level: Logger.Level = status >= 500 ? .warning : .debug
        guard logger.logLevel <= level, maySay(level) else { return }
        logger.log(
            level: level, "\(fault.cause ?? fault.log)",
            metadata: [
                "requestId": "\(String(decoding: exchange.shownRequestID, as: UTF8.self))",
                "path": "\(String(decoding: exchange.path, as: UTF8.self))",
                "responseType": "\(fault.type.rawValue)",
            ])
    }

    /// Whether one more line may be written: anybody can repeat a request that fails, and lines are written on the loop.
    /// What was left out is told with the next line that is let through.
    private func maySay(_ level: Logger.Level) -> Bool {
        if nowMilliseconds - logWindowStart >= 1000 {
            if unsaid > 0 {
                logger.warning("\(unsaid) more requests failed without a line of their own")
                unsaid = 0
            }
            logWindowStart = nowMilliseconds
            linesInWindow = 0
        }
        guard linesInWindow < Worker.linesPerSecond || level <= .debug else {
            unsaid += 1
            return false
        }
        linesInWindow += 1
        return true
    }

    func logPatternLimit(_ exchange: Exchange) {
        counters.patternLimits &+= 1
        // A request can be repeated at will, a log line should not be.
        guard nowMilliseconds - lastPatternWarning >= 60_000 else { return }
        lastPatternWarning = nowMilliseconds
        logger.warning(
            "a selection pattern went over its match limit and counts as no match",
            metadata: ["path": "\(String(decoding: exchange.path, as: UTF8.self))"])
    }
}

/// Numbers of one worker; the admin listener adds those of all workers up.
struct WorkerCounters: Sendable {
    var requests = 0
    var clientErrors = 0
    var serverErrors = 0
    var latencyMilliseconds = 0
    var connectionsAccepted = 0
    var connectionsOpen = 0
    var rejectedRequests = 0
    var patternLimits = 0
    var upstreamCalls = 0
    var upstreamFailures = 0
    var tlsHandshakes = 0
    var tlsFailures = 0

    mutating func add(_ other: WorkerCounters) {
        requests += other.requests
        clientErrors += other.clientErrors
        serverErrors += other.serverErrors
        latencyMilliseconds += other.latencyMilliseconds
        connectionsAccepted += other.connectionsAccepted
        connectionsOpen += other.connectionsOpen
        rejectedRequests += other.rejectedRequests
        patternLimits += other.patternLimits
        upstreamCalls += other.upstreamCalls
        upstreamFailures += other.upstreamFailures
        tlsHandshakes += other.tlsHandshakes
        tlsFailures += other.tlsFailures
    }
}
