// Hot: once per request that a Lambda authorizer decides on. Allocates: for answers that are not kept yet.

internal import PorticoIR
internal import PorticoPrograms

/// Asks the functions of authorizers, and reads their answers.
///
/// Source: reference, "Lambda authorizers (REST)" (3.4) and "Lambda authorizer (HTTP API)" (1.10).
enum LambdaAuthorizer {
    /// What a function said.
    final class Answer {
        /// Who is let in or not.
        enum Ruling {
            /// Whom the policy lets in.
            case policy(PolicyProgram)
            /// Everybody or nobody.
            case verdict(Bool)
        }

        /// Whose policy it is; empty with a verdict.
        let principal: [UInt8]
        let ruling: Ruling
        /// Names and values of `context`, values as text.
        let context: [(name: [UInt8], value: [UInt8])]
        /// The same as JSON, for events of HTTP APIs; empty for none.
        let contextJSON: [UInt8]
        let usageIdentifierKey: [UInt8]?

        init(
            principal: [UInt8], ruling: Ruling, context: [(name: [UInt8], value: [UInt8])], contextJSON: [UInt8] = [],
            usageIdentifierKey: [UInt8]?
        ) {
            self.principal = principal
            self.ruling = ruling
            self.context = context
            self.contextJSON = contextJSON
            self.usageIdentifierKey = usageIdentifierKey
        }
    }

    // MARK: - Asking

    /// Gives the answer that is kept, or sets out to get one.
    static func ask(_ exchange: Exchange, _ authorizer: ServingAuthorizer) -> Result {
        let worker = exchange.worker
        let key = worker.authorizerKey
        key.reset()
        key.append(authorizer.keyPrefix.bytes)
        var isMissing = false
        var token = StaticBytes.empty.bytes
        for source in authorizer.sources {
            guard let value = value(of: source, exchange), !value.isEmpty else {
                isMissing = true
                key.append(0)
                continue
            }
            // Its length before each value: two values cannot be read as one.
            key.append(decimal: value.count)
            key.append(0)
            key.append(value)
            token = value
        }
        // Source: reference, 1.10: in an HTTP API all of them must be there, whether results are kept or not.
        let needsAll = authorizer.kind == .token || authorizer.ttlMilliseconds > 0 || authorizer.isHTTP
        if isMissing, needsAll || exchange.webSocket != nil {
            return .refused(unauthorized("the value that identifies the caller is missing"))
        }
        if authorizer.validation >= 0, let stage = exchange.stage {
            let pattern = stage.snapshot.patterns[authorizer.validation]
            guard case .match = worker.matcher.fullMatch(pattern, token) else {
                return .refused(unauthorized("the token does not match identityValidationExpression"))
            }
        }
        let keeps = authorizer.ttlMilliseconds > 0 && !authorizer.sources.isEmpty
        if keeps, let answer = worker.authorizerAnswers.answer(key.bytes, now: worker.nowMilliseconds) {
            return .answered(answer)
        }
        let result = call(exchange, authorizer, token)
        if keeps, case .suspended = result {
            let start = exchange.arena.count
            exchange.arena.append(key.bytes)
            exchange.access.key = start..<exchange.arena.count
        }
        return result
    }

    /// What came of asking.
    enum Result {
        case answered(Answer)
        case refused(GatewayFault)
        /// The function was called; the exchange goes on with its answer.
        case suspended
    }

    /// The value of a source; `nil` if there is none, or if it is not clear which.
    static func value(
        of source: ServingAuthorizer.Source, _ exchange: Exchange
    ) -> UnsafeRawBufferPointer? {
        switch source {
        case .header(let name):
            var found: UnsafeRawBufferPointer?
            for span in exchange.headers.spans where bytesEqualIgnoringCase(exchange.name(of: span), name.bytes) {
                // Which of two tokens counts is for nobody to guess.
                if found != nil { return nil }
                found = exchange.value(of: span)
            }
            return found
        case .query(let name):
            exchange.parseQuery()
            let found = exchange.query.last { bytesEqual(exchange.arenaBytes($0.name), name.bytes) }
            return found.map { exchange.arenaBytes($0.value) }
        case .value(let source):
            return exchange.value(of: source)
        }
    }

    private static func call(
        _ exchange: Exchange, _ authorizer: ServingAuthorizer, _ token: UnsafeRawBufferPointer
    ) -> Result {
        guard let integration = authorizer.integration else {
            return .refused(
                misconfigured("authorizer '\(String(decoding: authorizer.name.bytes, as: UTF8.self))' has no function"))
        }
        let worker = exchange.worker
        worker.body.reset()
        if authorizer.kind == .token {
            worker.body.append("{\"type\":\"TOKEN\",\"methodArn\":")
            exchange.appendMethodARN(quotedInto: worker.body)
            worker.body.append(",\"authorizationToken\":")
            // A header of the request, which the arena's growth below does not move.
            EventText.appendQuoted(token, into: worker.body)
            worker.body.append("}")
            exchange.traceID = TraceID.make(exchange)
        } else if authorizer.isHTTP {
            guard AuthorizerEvent.write(exchange, authorizer, into: worker.body) else {
                return .refused(misconfigured("the route has no event for its authorizer"))
            }
        } else {
            guard let event = exchange.method?.proxyEvent else {
                return .refused(misconfigured("the method has no event for its authorizer"))
            }
            worker.body.append("{\"type\":\"REQUEST\",\"methodArn\":")
            exchange.appendMethodARN(quotedInto: worker.body)
            if let socket = exchange.webSocket {
                worker.proxyEvents.writeRequest(exchange, webSocket: socket, into: worker.body)
            } else {
                worker.proxyEvents.writeRequest(exchange, event, into: worker.body)
            }
        }
        exchange.access.waitsFor = authorizer
        exchange.access.askedMilliseconds = worker.nowMilliseconds
        let outcome: PhaseOutcome
        switch integration.backend {
        case .function(let function):
            outcome = FunctionCaller.call(exchange, integration, function, worker.body.bytes)
        case .invalid(let reason):
            exchange.fault = .configuration(reason)
            outcome = .fault
        case .none, .service:
            exchange.fault = .configuration("Invalid function ARN")
            outcome = .fault
        }
        if case .suspended = outcome { return .suspended }
        exchange.access.waitsFor = nil
        let fault = exchange.fault
        exchange.fault = nil
        return .refused(misconfigured(fault?.cause ?? fault?.log ?? "the function cannot be called"))
    }

    // MARK: - Answers

    /// Reads what came of the call; keeps a good answer.
    static func read(_ reply: FunctionReply, _ exchange: Exchange, _ authorizer: ServingAuthorizer) -> Result {
        let worker = exchange.worker
        exchange.access.latencyMilliseconds = max(worker.nowMilliseconds &- exchange.access.askedMilliseconds, 0)
        switch reply {
        case .failed(let error):
            if isUnauthorized(error, worker) { return .refused(unauthorized("the authorizer said Unauthorized")) }
            return .refused(
                GatewayFault(
                    .authorizerFailure, log: "Execution failed due to an authorizer error: the function failed"))
        case .unavailable(let reason):
            return .refused(misconfigured(reason))
        case .returned(let result):
            switch AuthorizerAnswerReader.read(result, worker.tape, authorizer.format) {
            case .failure(let problem):
                return .refused(misconfigured("the authorizer's answer: " + problem.reason))
            case .success(let answer):
                if !exchange.access.key.isEmpty {
                    worker.authorizerAnswers.keep(
                        answer, by: exchange.arenaBytes(exchange.access.key),
                        until: worker.nowMilliseconds &+ authorizer.ttlMilliseconds, now: worker.nowMilliseconds)
                }
                return .answered(answer)
            }
        }
    }

    /// Puts the answer where templates, events and API keys read it.
    static func apply(_ answer: Answer, _ exchange: Exchange) {
        for entry in answer.context {
            entry.name.withUnsafeBytes { name in
                entry.value.withUnsafeBytes { exchange.addAuthorizerValue(name, $0) }
            }
        }
        if !answer.principal.isEmpty {
            answer.principal.withUnsafeBytes { principal in
                exchange.addAuthorizerValue(("principalId" as StaticString).signedBytes, principal)
            }
        }
        if !answer.contextJSON.isEmpty {
            let start = exchange.arena.count
            answer.contextJSON.withUnsafeBytes { exchange.arena.append($0) }
            exchange.access.contextJSON = start..<exchange.arena.count
        }
        if let key = answer.usageIdentifierKey {
            let start = exchange.arena.count
            key.withUnsafeBytes { exchange.arena.append($0) }
            exchange.access.usageIdentifierKey = start..<exchange.arena.count
        }
        exchange.access.isAuthorized = true
    }

    /// Source: reference 3.4: an error whose message is exactly `Unauthorized`.
    private static func isUnauthorized(_ error: UnsafeRawBufferPointer, _ worker: Worker) -> Bool {
        guard worker.parse(error),
            let message = worker.tape.member(
                worker.tape.root, named: ("errorMessage" as StaticString).signedBytes),
            worker.tape.kind(message).isString
        else { return false }
        return worker.tape.text(message) == "Unauthorized"
    }

    static func unauthorized(_ log: String) -> GatewayFault { GatewayFault(.unauthorized, log: log) }

    static func misconfigured(_ log: String) -> GatewayFault {
        GatewayFault(
            .authorizerConfigurationError, log: "Execution failed due to configuration error: Authorizer error: " + log)
    }
}

/// What came of calling a function, wherever it runs.
enum FunctionReply {
    case returned(UnsafeRawBufferPointer)
    /// The function raised; the payload is the error object.
    case failed(UnsafeRawBufferPointer)
    /// It could not be called, or did not answer in time.
    case unavailable(String)

    /// What an endpoint or a server answered.
    init(_ view: ResponseView, _ authorizer: ServingAuthorizer, _ exchange: Exchange) {
        guard case .function(let function) = authorizer.integration?.backend else {
            self = .unavailable("there is no function")
            return
        }
        if case .server = function.home {
            self = view.status == 200 ? .returned(view.body) : .failed(view.body)
            return
        }
        if view.status == 200 {
            self = FunctionHeaders.isError(view) ? .failed(view.body) : .returned(view.body)
        } else {
            let refusal = FunctionHeaders.refusal(view, exchange.worker)
            self = .unavailable("Lambda answered \(view.status) \(refusal.type): \(refusal.message)")
        }
    }
}
