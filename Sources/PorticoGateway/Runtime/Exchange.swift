// Hot: once per request. Allocates: nothing once the worker's pool of exchanges has grown.

internal import NIOCore
internal import PorticoIR
internal import PorticoPrograms

/// One request under way, from its head to its answer.
///
/// A worker keeps a pool of them. Most live within one read: ``bytes`` then points into the connection's buffer. One
/// that waits for a backend keeps the request in ``retained`` and gets its pointer anew when it goes on.
final class Exchange {
    // The worker outlives its exchanges: it owns them.
    unowned(unsafe) let worker: Worker
    /// Header fields of the request.
    let headers: HTTPHeaderTable
    /// Reads heads into ``headers``.
    var parser: HTTPRequestParser
    /// Values of path parameters, relative to ``routeOffset``.
    let parameters = RouteParameters()
    /// Values that are made for this request: ids, decoded query, `$context` values. Offsets into it stay valid, pointers
    /// only until the next append.
    let arena = OutputBuffer(capacity: 1024)
    /// Decoded query parameters, as offsets into ``arena``.
    var query = ContiguousArray<QueryParameter>()

    var head = RequestHead()
    /// The request: head and, decoded from chunks, body. Valid while the exchange runs.
    var bytes = UnsafeRawBufferPointer(start: nil, count: 0)
    /// Keeps ``bytes`` alive while the exchange waits, if it is long.
    var retained: ByteBuffer?
    /// Holds a short request while the exchange waits: a copy costs less than the read buffer that it would hold up.
    let kept = OutputBuffer(capacity: 1024)
    /// Body within ``bytes``.
    var bodyOffset = 0
    var bodyLength = 0
    /// The body as it came where it had a content coding; valid as long as the request's own bytes.
    var codedBody: UnsafeRawBufferPointer?
    /// Where the part of the path after the stage begins within ``bytes``.
    var routeOffset = 0
    /// The verb that counts, after `X-HTTP-Method-Override`.
    var verb: UInt8 = 0

    private var heldStage: HeldReference<StageProgram>?
    private var heldMethod: HeldReference<ServingMethod>?
    var stage: StageProgram? {
        @inline(__always) get { heldStage?.object }
        set { heldStage = newValue.map(HeldReference.init) }
    }
    var method: ServingMethod? {
        @inline(__always) get { heldMethod?.object }
        set { heldMethod = newValue.map(HeldReference.init) }
    }
    /// Address of the caller, as text.
    var sourceAddress = StaticBytes.empty
    /// Address that the request came to, as text; of HTTP APIs only.
    var localAddress = StaticBytes.empty
    /// What TLS told of the connection; `nil` without TLS.
    var facts: ConnectionFacts?
    /// Whether the request came over TLS.
    var isTLS = false
    /// The custom domain that the request came by; `nil` for the default endpoint.
    var domain: ServingDomain?
    /// The base path of that domain's mapping that applied.
    var basePath = StaticBytes.empty
    /// Port that the request came to.
    var localPort = 0

    /// What templates set on `$context.requestOverride` and `responseOverride`.
    var overrides = TemplateOverrides()
    /// Position in the method's steps of the next one; steps may wait for somebody.
    var nextStep = 0
    /// Who is calling, and what the authorizer said of it.
    var access = ExchangeAccess()
    /// The key that the request was let through with, if its method needs one.
    var apiKey: ExchangeAPIKey?
    /// Whose limit the request went over.
    var throttle = ThrottleLevel.none
    /// Whether the stage's canary serves the request.
    var isCanary = false
    /// The fault to answer, once there is one.
    var fault: GatewayFault?
    /// The waiting call to a backend.
    var call: UpstreamCall?
    /// The wait for the keys of a token's issuer.
    var tokenWait: TokenWait?
    /// The wait for the identity of an access key.
    var identityWait: IdentityWait?
    /// What the cache has to do with the request.
    var cacheResult = CacheResult.none
    /// Whether the answer warns that the caller's `Cache-Control` was ignored.
    var showsCacheWarning = false
    /// The duty to fetch an answer for others, too.
    var cacheFlight: CacheFlight?
    /// What other processes' cache said when it had no answer.
    var cacheGeneration: SharedCacheGeneration?
    /// The wait for another request's answer.
    var cachePause: CachePause?
    /// Where the answer stands in the worker's output: its first byte, the end of what it has of its own in the head, its
    /// body.
    var answerStart = 0
    var headEnd = 0
    var bodyStart = 0
    /// Status and bytes of the body, once the head is written.
    var answerStatus = 0
    var answerLength = 0
    /// The clock when the request had come whole, and when its backend was called; nanoseconds.
    var startNanoseconds: UInt64 = 0
    var integrationStart: UInt64 = 0
    /// How long the backend took; -1 when none was called.
    var integrationMicroseconds = -1
    /// What the backend answered; 0 for nothing.
    var integrationStatus = 0
    /// From the request to the end of its answer.
    var latencyMicroseconds = 0
    /// Whether metrics and logs have it.
    var isObserved = false
    /// Whether the request is to no stage: ``stage`` only says how it is refused.
    var hasForeignStage = false
    var trace = RequestTrace()
    /// When its phases ended, if a dashboard looks.
    var marks = PhaseMarks()
    /// The waiting call of a function that Portico hosts, and what ends it when the integration's time is over.
    var functionCall: FunctionCall?
    var functionDeadline: Scheduled<Void>?
    /// The answer that is sent as it comes, if this is one.
    var stream: ResponseStream?
    /// The connection to answer on while the exchange waits.
    var connection: Connection?
    /// The call without a connection that the exchange belongs to.
    var invocation: TestInvocationRun?
    /// The request's execution log, if it has one.
    var executionLog: ExecutionLog?
    /// The backend's answer while the exchange maps it.
    var response: ResponseView?
    /// What the exchange is in a WebSocket API; `nil` in others.
    var webSocket: WebSocketEvent?
    /// The wait for a connection of another worker.
    var connectionWait: ConnectionWait?
    /// Keeps the pieces of an address that was made for this request.
    var addressPool: BytePool?
    /// Whether `query` holds the parameters.
    var hasQuery = false
    /// `X-Amzn-Trace-Id` as it went to the backend, in ``arena``; empty when there is none.
    var traceID = 0..<0
    /// Whether the answer shows ``traceID``.
    var showsTraceID = false
    /// Milliseconds since 1970 at which the request had come whole.
    var startMilliseconds = 0

    init(worker: Worker) {
        self.worker = worker
        headers = HTTPHeaderTable()
        parser = HTTPRequestParser(headers: headers)
    }

    /// Where the ids stand in ``arena``.
    static let requestIDRange = 0..<36
    static let extendedIDRange = 36..<52

    /// Makes it ready for a request whose head was parsed into ``headers``.
    func begin(_ head: RequestHead) {
        self.head = head
        verb = head.method.rawValue
        arena.reset(keeping: 64 << 10)
        arena.reserve(64)
        hasQuery = false
        nextStep = 0
        throttle = .none
        isCanary = false
        cacheResult = .none
        showsCacheWarning = false
        headEnd = 0
        answerStatus = 0
        answerLength = 0
        integrationStart = 0
        integrationMicroseconds = -1
        integrationStatus = 0
        isObserved = false
        hasForeignStage = false
        trace.reset()
        startNanoseconds = monotonicNanoseconds()
        if worker.recorder?.isOn == true { marks.begin(at: startNanoseconds) } else { marks.skip() }
        codedBody = nil
        access.reset()
        traceID = 0..<0
        showsTraceID = false
        startMilliseconds = worker.clock.milliseconds
        // Ids first, at their fixed places.
        arena.appendUninitialized(52) { target in
            worker.identifiers.writeUUID(to: target)
            worker.identifiers.writeExtendedID(to: target + 36)
        }
        if headers.contains(.amznRequestID) { adoptRequestID() }
    }

    /// Gives up everything that it holds.
    func end() {
        stage = nil
        method = nil
        retained = nil
        connection = nil
        call = nil
        if functionCall != nil { cancelFunction() }
        if response != nil { response = nil }
        if stream != nil { stream = nil }
        if fault != nil { fault = nil }
        access.end()
        if let wait = tokenWait {
            wait.cancel()
            tokenWait = nil
        }
        if let wait = identityWait {
            wait.cancel()
            identityWait = nil
        }
        if let pause = cachePause {
            pause.cancel()
            cachePause = nil
        }
        // Whoever waits for the answer is told that it does not come.
        if cacheFlight != nil { cacheFlight = nil }
        if cacheGeneration != nil { cacheGeneration = nil }
        if apiKey != nil { apiKey = nil }
        if executionLog != nil { executionLog = nil }
        if invocation != nil { invocation = nil }
        if webSocket != nil { webSocket = nil }
        if let wait = connectionWait {
            wait.cancel()
            connectionWait = nil
        }
        if addressPool != nil { addressPool = nil }
        if facts != nil { facts = nil }
        if domain != nil {
            domain = nil
            basePath = .empty
        }
        if !overrides.isEmpty { overrides.reset() }
        bytes = UnsafeRawBufferPointer(start: nil, count: 0)
        // Spans of these fields mean nothing within the next request, which may be refused before it has any.
        headers.clear()
    }

    /// A client's `x-amzn-RequestId` is taken over if it is a UUID.
    /// Source: API Gateway guide, `$context.requestId`.
    @inline(never)
    private func adoptRequestID() {
        guard let span = headers.first(.amznRequestID) else { return }
        let value = self.value(of: span)
        guard value.count == 36 else { return }
        for (index, byte) in value.enumerated() {
            switch index {
            case 8, 13, 18, 23: guard byte == 0x2D else { return }
            default:
                switch byte {
                case 0x30...0x39, 0x41...0x46, 0x61...0x66: break
                default: return
                }
            }
        }
        arena.overwrite(at: 0, with: value)
    }

    /// Runs `body` with the bytes of the request, which were kept while the backend worked.
    func withKeptRequest(_ body: () -> Void) {
        if let retained {
            retained.withUnsafeReadableBytes {
                bytes = $0
                body()
            }
        } else {
            if connection != nil || webSocket?.connection != nil { bytes = kept.bytes }
            body()
        }
    }

    // MARK: - The request's parts

    /// Source: reference, "Life of a connection" (2.1): both ids of a WebSocket API's requests are the same.
    var requestID: UnsafeRawBufferPointer {
        arenaBytes(webSocket == nil ? Exchange.requestIDRange : Exchange.extendedIDRange)
    }

    var extendedID: UnsafeRawBufferPointer { arenaBytes(Exchange.extendedIDRange) }
    /// The id that the client is told and logs have: HTTP APIs have one only, in the form of the extended one.
    var shownRequestID: UnsafeRawBufferPointer { worker.isHTTPAPI ? extendedID : requestID }

    @inline(__always)
    func arenaBytes(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: arena.bytes[range])
    }

    @inline(__always)
    func slice(_ offset: Int, _ length: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[offset..<offset &+ length])
    }

    func name(of span: HeaderSpan) -> UnsafeRawBufferPointer { slice(Int(span.nameOffset), Int(span.nameLength)) }

    func value(of span: HeaderSpan) -> UnsafeRawBufferPointer { slice(Int(span.valueOffset), Int(span.valueLength)) }

    /// Value of the last field of that name; empty without a base if there is none.
    func headerValue(_ known: KnownHeader) -> UnsafeRawBufferPointer? {
        guard headers.contains(known) else { return nil }
        var found: UnsafeRawBufferPointer?
        for span in headers.spans where span.known == known { found = value(of: span) }
        return found
    }

    /// Body as it came; without a base when there is none.
    var body: UnsafeRawBufferPointer {
        bodyLength == 0 ? UnsafeRawBufferPointer(start: nil, count: 0) : slice(bodyOffset, bodyLength)
    }

    /// What CloudWatch calls the amount of data processed, of logs and metrics: bytes of the request's head and body, and
    /// of the answer's body.
    ///
    /// Unconfirmed: that heads count on the way in and not on the way out.
    var dataProcessed: Int { head.headLength &+ bodyLength &+ answerLength }

    /// Path with stage, raw.
    var path: UnsafeRawBufferPointer { slice(Int(head.pathOffset), Int(head.pathLength)) }

    /// Query without `?`, raw.
    var rawQuery: UnsafeRawBufferPointer { slice(Int(head.queryOffset), Int(head.queryLength)) }

    /// Raw value of the path parameter at that position of the path.
    func pathParameter(_ index: Int) -> UnsafeRawBufferPointer {
        let span = parameters[index]
        return slice(routeOffset &+ Int(span.start), Int(span.count))
    }

    /// The verb that counts, as text.
    var verbText: UnsafeRawBufferPointer {
        if verb == head.method.rawValue { return slice(Int(head.methodOffset), Int(head.methodLength)) }
        return HTTPMethod.text(verb)
    }

    /// Decodes the query once. Source: reference, "Route matching" 7: decoded, `+` is a blank.
    func parseQuery() {
        guard !hasQuery else { return }
        hasQuery = true
        query.removeAll(keepingCapacity: true)
        let raw = rawQuery
        var start = 0
        while start < raw.count {
            var end = start
            var equals = -1
            // Source: API Gateway guide, "Important notes": a semicolon splits the data as `&` does.
            while end < raw.count, raw[end] != 0x26, raw[end] != 0x3B {
                if raw[end] == 0x3D, equals < 0 { equals = end }
                end &+= 1
            }
            if end > start {
                let nameEnd = equals < 0 ? end : equals
                let name = decode(raw, start, nameEnd)
                let value = equals < 0 ? arena.count..<arena.count : decode(raw, equals &+ 1, end)
                query.append(QueryParameter(name: name, value: value))
            }
            start = end &+ 1
        }
    }

    private func decode(_ raw: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Range<Int> {
        let from = arena.count
        PercentText.appendDecoded(UnsafeRawBufferPointer(rebasing: raw[start..<end]), plusIsBlank: true, into: arena)
        return from..<arena.count
    }
}

/// A decoded query parameter: ranges of the exchange's arena.
struct QueryParameter {
    var name: Range<Int>
    var value: Range<Int>
}
