// Hot: once per request. Allocates: nothing of its own.

internal import NIOCore
internal import PorticoIR
internal import PorticoPrograms

/// How a phase leaves the exchange.
enum PhaseOutcome {
    /// On to the next phase.
    case next
    /// ``Exchange/fault`` says what to answer.
    case fault
    /// The answer is in the worker's output.
    case answered
    /// A backend was called; the exchange goes on when it answers.
    case suspended
}

/// The phases of a REST request, in this order. `docs/life-of-a-request.md` tells them in words.
///
/// receive (stage, canary) → match → filters of the method (resource policy, authorization, API key, limits, validation)
/// → integrate
/// (map request, call) → respond (map response, method response).
///
/// Source: reference, "Request pipeline".
enum Phases {
    /// Runs a request whose head and body are whole. Gives ``PhaseOutcome/answered`` or ``PhaseOutcome/suspended``.
    static func run(_ exchange: Exchange) -> PhaseOutcome {
        exchange.worker.forgetParsedBody()
        exchange.answerStart = exchange.worker.output.count
        var outcome = receive(exchange)
        exchange.marks.end(.receive, at: monotonicNanoseconds())
        if case .next = outcome {
            outcome = match(exchange)
            exchange.marks.end(.match, at: monotonicNanoseconds())
        }
        if case .next = outcome { outcome = filter(exchange) }
        if case .next = outcome { outcome = integrate(exchange) }
        return conclude(exchange, outcome)
    }

    /// Goes on when what the exchange has waited for is there, or is known not to come.
    static func resume(_ exchange: Exchange, _ outcome: UpstreamOutcome) -> PhaseOutcome {
        switch outcome {
        case .response(let response):
            return resume(exchange, with: response)
        case .failure(let failure):
            exchange.worker.counters.upstreamFailures &+= 1
            return resume(exchange, with: failure)
        case .function(let outcome):
            return resume(exchange, with: outcome)
        case .fault(let fault):
            exchange.worker.counters.upstreamFailures &+= 1
            return resume(exchange, with: fault)
        case .verdict(let verdict):
            return resume(exchange, with: verdict)
        case .identity(let answer):
            return resume(exchange, with: answer)
        case .cached(let turn):
            return resume(exchange, with: turn)
        case .shared(let answer):
            return resume(exchange, with: answer)
        case .called(let result):
            exchange.answerStart = exchange.worker.output.count
            return conclude(exchange, ConnectionCalls.answer(result, exchange))
        }
    }

    /// Goes on when the function of an authorizer has answered: the rest of the filters, then the integration.
    @inline(never)
    private static func resume(_ exchange: Exchange, with reply: FunctionReply) -> PhaseOutcome {
        exchange.worker.forgetParsedBody()
        return goOn(exchange, AccessFilter.resume(exchange, reply))
    }

    private static func goOn(_ exchange: Exchange, _ accessOutcome: PhaseOutcome) -> PhaseOutcome {
        exchange.answerStart = exchange.worker.output.count
        var outcome = accessOutcome
        if case .next = outcome { outcome = restoreBody(exchange) }
        if case .next = outcome { outcome = filter(exchange) }
        if case .next = outcome { outcome = integrate(exchange) }
        return conclude(exchange, outcome)
    }

    /// Goes on when it is known what a token is worth.
    static func resume(_ exchange: Exchange, with verdict: TokenVerdict) -> PhaseOutcome {
        exchange.worker.forgetParsedBody()
        return goOn(exchange, TokenFilter.conclude(verdict, exchange))
    }

    /// Goes on when it is known whose access key a request is signed with.
    static func resume(_ exchange: Exchange, with answer: IdentityLookup.Answer) -> PhaseOutcome {
        exchange.worker.forgetParsedBody()
        return goOn(exchange, SignatureFilter.resume(exchange, answer))
    }

    /// Goes on when another request has fetched the answer, or this one is to.
    static func resume(_ exchange: Exchange, with turn: CacheTurn) -> PhaseOutcome {
        exchange.worker.forgetParsedBody()
        exchange.answerStart = exchange.worker.output.count
        var outcome = CacheFilter.resume(exchange, turn)
        if case .next = outcome { outcome = restoreBody(exchange) }
        if case .next = outcome { outcome = integrate(exchange) }
        return conclude(exchange, outcome)
    }

    /// Goes on when other processes' cache has answered.
    static func resume(_ exchange: Exchange, with answer: SharedCacheAnswer) -> PhaseOutcome {
        exchange.worker.forgetParsedBody()
        exchange.answerStart = exchange.worker.output.count
        var outcome = CacheFilter.resume(exchange, answer)
        exchange.marks.end(.cache, at: monotonicNanoseconds())
        if case .next = outcome { outcome = restoreBody(exchange) }
        if case .next = outcome { outcome = integrate(exchange) }
        return conclude(exchange, outcome)
    }

    /// Decompresses the body again: what an exchange keeps while it waits is the request as it came.
    private static func restoreBody(_ exchange: Exchange) -> PhaseOutcome {
        exchange.bodyLength = exchange.bytes.count &- exchange.bodyOffset
        guard !exchange.worker.isHTTPAPI, exchange.headers.contains(.contentEncoding), exchange.bodyLength > 0 else {
            return .next
        }
        return CompressionFilter.decompress(exchange)
    }

    /// Goes on when the backend has answered. Gives ``PhaseOutcome/answered``.
    static func resume(_ exchange: Exchange, with response: UpstreamResponse) -> PhaseOutcome {
        if let authorizer = exchange.access.waitsFor {
            return response.withView { resume(exchange, with: FunctionReply($0, authorizer, exchange)) }
        }
        exchange.worker.forgetParsedBody()
        exchange.answerStart = exchange.worker.output.count
        integrationEnded(exchange, status: response.status)
        return response.withView { view in
            exchange.response = view
            exchange.executionLog?.endpointResponse(exchange, view)
            defer { exchange.response = nil }
            if case .function(let function) = exchange.method?.integration.backend {
                return conclude(exchange, mapped(exchange, LambdaIntegration.respond(exchange, view, function)))
            }
            return conclude(exchange, mapped(exchange, HTTPIntegration.respond(exchange, view)))
        }
    }

    /// Changes the answer of a backend where an HTTP API says so.
    @inline(__always)
    private static func mapped(_ exchange: Exchange, _ outcome: PhaseOutcome) -> PhaseOutcome {
        if case .answered = outcome, let mapping = exchange.method?.integration.parameters {
            ResponseParameterFilter.apply(mapping, exchange)
        }
        return outcome
    }

    /// Goes on when a function that Portico hosts has ended. Gives ``PhaseOutcome/answered``.
    static func resume(_ exchange: Exchange, with outcome: FunctionOutcome) -> PhaseOutcome {
        if exchange.access.waitsFor != nil { return resumeAuthorizer(exchange, outcome) }
        exchange.worker.forgetParsedBody()
        exchange.answerStart = exchange.worker.output.count
        integrationEnded(exchange, status: outcome.status)
        return conclude(exchange, mapped(exchange, LambdaIntegration.respond(exchange, outcome)))
    }

    private static func resumeAuthorizer(_ exchange: Exchange, _ outcome: FunctionOutcome) -> PhaseOutcome {
        exchange.functionCall = nil
        switch outcome {
        case .returned(let payload):
            return payload.withUnsafeReadableBytes { resume(exchange, with: .returned($0)) }
        case .failed(let payload):
            return payload.withUnsafeReadableBytes { resume(exchange, with: .failed($0)) }
        case .accepted, .streaming:
            return resume(exchange, with: .unavailable("the function gave no result"))
        case .refused(_, let type, let message):
            return resume(exchange, with: .unavailable("\(type): \(message)"))
        }
    }

    /// Goes on when the backend has failed. Gives ``PhaseOutcome/answered``.
    static func resume(_ exchange: Exchange, with failure: UpstreamFailure) -> PhaseOutcome {
        if exchange.access.waitsFor != nil {
            return resume(exchange, with: .unavailable("the function could not be called: \(failure)"))
        }
        exchange.worker.forgetParsedBody()
        exchange.answerStart = exchange.worker.output.count
        integrationEnded(exchange, status: 0)
        if case .function(let function) = exchange.method?.integration.backend {
            exchange.fault = LambdaFaults.failed(failure, function, exchange)
        } else {
            exchange.fault =
                AWSIntegration.fault(of: failure, exchange)
                ?? (exchange.worker.isHTTPAPI
                    ? HTTPIntegration.routeFault(of: failure) : HTTPIntegration.fault(of: failure))
        }
        return conclude(exchange, .fault)
    }

    /// Goes on when the backend's answer can be none. Gives ``PhaseOutcome/answered``.
    static func resume(_ exchange: Exchange, with fault: GatewayFault) -> PhaseOutcome {
        if exchange.access.waitsFor != nil {
            return resume(exchange, with: .unavailable(fault.cause ?? fault.log))
        }
        exchange.worker.forgetParsedBody()
        exchange.answerStart = exchange.worker.output.count
        exchange.fault = fault
        return conclude(exchange, .fault)
    }

    /// Ends the log of an answer whose head and body were sent as they came; `reason` says why it is not whole.
    static func concludeStream(_ exchange: Exchange, bodyBytes: Int, brokenOff reason: String?) {
        exchange.answerLength = bodyBytes
        if exchange.integrationMicroseconds < 0 { integrationEnded(exchange, status: exchange.answerStatus) }
        defer { exchange.withKeptRequest { RequestObservation.end(exchange) } }
        guard let log = exchange.executionLog else { return }
        log.streamDidEnd(exchange, bodyBytes: bodyBytes, brokenOff: reason)
        if !log.isTestInvocation { exchange.worker.executionLog.write(log.text) }
    }

    /// Answers a request that is not run, as its body is over a limit or none: its stage has a word in how, and tells
    /// of it as of any other.
    static func refuse(_ exchange: Exchange, _ fault: GatewayFault) {
        exchange.answerStart = exchange.worker.output.count
        // Nobody reads a body that is refused.
        exchange.bodyLength = 0
        if let table = exchange.worker.table {
            // The service's own paths are answered whatever comes after their head.
            if case .answered = DomainFilter.run(exchange, table) { return }
            if exchange.stage == nil { exchange.stage = table.stages.first }
        }
        exchange.fault = fault
        GatewayResponseWriter.write(fault, exchange)
        RequestObservation.end(exchange)
    }

    /// Tells of a request whose client has gone before there was an answer.
    ///
    /// Unconfirmed: 499, as nginx has it.
    static func abandon(_ exchange: Exchange) {
        guard exchange.answerStatus == 0 else { return }
        exchange.answerStatus = 499
        exchange.withKeptRequest { RequestObservation.end(exchange) }
    }

    /// Ends an exchange that is answered or failed.
    static func conclude(_ exchange: Exchange, _ outcome: PhaseOutcome) -> PhaseOutcome {
        switch outcome {
        case .suspended:
            return outcome
        case .answered:
            if let event = exchange.webSocket, event.kind == .connect { WebSocketPhases.admit(exchange, event) }
            if let flight = exchange.cacheFlight { CacheFilter.store(exchange, flight) }
        case .fault, .next:
            // What the gateway says itself is not kept; who waits for it fetches for itself.
            if exchange.cacheFlight != nil { exchange.cacheFlight = nil }
            let fault = exchange.fault ?? .internalError("a phase ended without an answer")
            GatewayResponseWriter.write(fault, exchange)
        }
        if exchange.executionLog != nil { concludeLog(exchange) }
        // An answer that is sent as it comes ends later.
        if exchange.stream?.isOpen != true { RequestObservation.end(exchange) }
        return .answered
    }

    // MARK: - Execution log

    @inline(never)
    static func beginLog(_ exchange: Exchange, _ setting: LogSetting) {
        // A test invocation brings its own.
        guard exchange.executionLog == nil else { return }
        let log = ExecutionLog(setting, form: .stage)
        exchange.executionLog = log
        log.begin(exchange)
    }

    @inline(never)
    private static func concludeLog(_ exchange: Exchange) {
        guard let log = exchange.executionLog else { return }
        log.conclude(exchange)
        if !log.isTestInvocation { exchange.worker.executionLog.write(log.text) }
    }

    // MARK: - Receive: stage, method override, content coding

    private static func receive(_ exchange: Exchange) -> PhaseOutcome {
        guard let table = exchange.worker.table else { return .fault }
        // A test invocation comes by no host.
        let outcome =
            table.domains.isTrivial || exchange.invocation != nil
            ? DomainFilter.begin(exchange, table, at: 0) : DomainFilter.run(exchange, table)
        guard case .next = outcome else { return outcome }
        if let canary = exchange.stage?.canary, canary.share.takes(exchange.worker.identifiers.next()) {
            exchange.stage = canary.program
            exchange.isCanary = true
        }
        if let tracing = exchange.stage?.observation.tracing { exchange.trace.begin(exchange, tracing.sampling) }
        // HTTP APIs take verb and body as they come.
        if exchange.worker.isHTTPAPI { return .next }
        if exchange.headers.contains(.methodOverride), let text = exchange.headerValue(.methodOverride), !text.isEmpty {
            // Unconfirmed: that the case of the verb does not count, and that an empty header does nothing.
            exchange.verb = HTTPMethod.parse(text, ignoresCase: true).rawValue
        }
        if exchange.headers.contains(.contentEncoding), exchange.bodyLength > 0 {
            return CompressionFilter.decompress(exchange)
        }
        return .next
    }

    // MARK: - Match

    private static func match(_ exchange: Exchange) -> PhaseOutcome {
        guard let stage = exchange.stage else { return .fault }
        if let webSocket = stage.webSocket { return WebSocketPhases.match(exchange, stage, webSocket) }
        let end = Int(exchange.head.pathOffset) &+ Int(exchange.head.pathLength)
        let rest = exchange.slice(exchange.routeOffset, end &- exchange.routeOffset)
        if stage.isHTTPAPI { return RouteSelection.run(exchange, stage, rest) }
        guard
            let match = stage.snapshot.routes.match(rest, verb: exchange.verb, parameters: exchange.parameters)
        else {
            if stage.defaultLogging.level != .off { beginLog(exchange, stage.defaultLogging) }
            exchange.fault = SignatureFilter.missedRoute(exchange)
            return .fault
        }
        let method = stage.methods[Int(match.method)]
        exchange.method = method
        if method.logging.level != .off { beginLog(exchange, method.logging) }
        return .next
    }

    // MARK: - Filters

    static func filter(_ exchange: Exchange) -> PhaseOutcome {
        guard let method = exchange.method else { return exchange.webSocket?.kind == .call ? .next : .fault }
        while exchange.nextStep < method.steps.count {
            let step = method.steps[exchange.nextStep]
            exchange.nextStep &+= 1
            let outcome: PhaseOutcome
            switch step {
            case .access(let access):
                outcome = AccessFilter.run(access, exchange)
            case .deny(let type, let reason):
                if isPassedOver(type, exchange) { continue }
                exchange.fault = GatewayFault(type, log: reason)
                outcome = .fault
            case .requireAPIKey(let source):
                if isPassedOver(.invalidAPIKey, exchange) { continue }
                outcome = APIKeyFilter.run(source, exchange)
            case .throttle(let limits):
                if exchange.executionLog?.isTestInvocation == true { continue }
                outcome = ThrottleFilter.run(limits, exchange)
            case .cache(let cache):
                if exchange.executionLog?.isTestInvocation == true { continue }
                outcome = CacheFilter.run(cache, exchange)
            case .requireParameters(let parameters):
                exchange.executionLog?.start(exchange)
                outcome = ValidationFilter.requireParameters(parameters, exchange)
            case .validateBody(let models):
                exchange.executionLog?.start(exchange)
                outcome = ValidationFilter.validateBody(models, exchange)
            }
            if exchange.marks.isOn { mark(step, exchange) }
            guard case .next = outcome else { return outcome }
        }
        return .next
    }

    @inline(never)
    private static func mark(_ step: ServingStep, _ exchange: Exchange) {
        let phase: RequestPhase =
            switch step {
            case .access, .deny: .authorize
            case .requireAPIKey, .throttle: .throttle
            case .requireParameters, .validateBody: .validate
            case .cache: .cache
            }
        exchange.marks.end(phase, at: monotonicNanoseconds())
    }

    /// Whether a test invocation goes on where others are denied: it skips who may call, not what is broken.
    private static func isPassedOver(_ type: GatewayResponseType, _ exchange: Exchange) -> Bool {
        guard let log = exchange.executionLog, log.isTestInvocation else { return false }
        switch type {
        case .accessDenied, .unauthorized, .missingAuthenticationToken, .invalidAPIKey, .wafFiltered: return true
        default: return false
        }
    }

    // MARK: - Integrate

    static func integrate(_ exchange: Exchange) -> PhaseOutcome {
        guard let method = exchange.method else { return ConnectionCalls.run(exchange) }
        exchange.executionLog?.start(exchange)
        let integration = method.integration
        let outcome = call(exchange, integration)
        exchange.marks.end(.mapRequest, at: monotonicNanoseconds())
        if case .suspended = outcome { exchange.integrationStart = monotonicNanoseconds() }
        return outcome
    }

    /// The backend has answered, or will not.
    @inline(__always)
    private static func integrationEnded(_ exchange: Exchange, status: Int) {
        let now = monotonicNanoseconds()
        exchange.integrationMicroseconds = Int(truncatingIfNeeded: (now &- exchange.integrationStart) / 1000)
        exchange.integrationStatus = status
        exchange.marks.end(.integrate, at: now)
    }

    private static func call(_ exchange: Exchange, _ integration: ServingIntegration) -> PhaseOutcome {
        switch integration.kind {
        case .mock:
            return MockIntegration.run(exchange, integration)
        case .http, .httpProxy:
            return HTTPIntegration.send(exchange, integration)
        case .aws, .awsProxy:
            switch integration.backend {
            case .function(let function): return LambdaIntegration.send(exchange, integration, function)
            case .service(let call): return AWSIntegration.send(exchange, integration, call)
            case .invalid(let reason): exchange.fault = .configuration(reason)
            case .none: exchange.fault = .configuration("Invalid endpoint address")
            }
            return .fault
        case .unsupported:
            exchange.fault = .configuration(integration.reason)
            return .fault
        }
    }
}
