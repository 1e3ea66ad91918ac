// Hot: once per call of `@connections`. Allocates: calls of other workers' connections.

internal import NIOCore
internal import PorticoIR
internal import PorticoPrograms

/// `@connections`: backends send messages to clients, ask for them, and end their connections.
///
/// Source: reference, "@connections" (2.5); ApiGatewayManagementApi's service model.
enum ConnectionCalls {
    /// Source: API Gateway quotas: a message of a backend is as long as one of a client.
    static let longestMessage = ClientFrameRules.longestMessage

    /// Whether a path behind the stage is one of these calls.
    static func isCall(_ path: UnsafeRawBufferPointer) -> Bool { prefix(of: path) != nil }

    /// Whether a path behind the stage has the name of these calls where it leads nowhere, such as behind a second stage.
    static func isMisplaced(_ path: UnsafeRawBufferPointer) -> Bool {
        var rest = path
        while let slash = rest.firstIndex(of: 0x2F) {
            rest = UnsafeRawBufferPointer(rebasing: rest[(slash &+ 1)...])
            if isCall(rest) { return true }
        }
        return false
    }

    /// What a call gets that is none of a connection.
    static func refuseRoute(_ exchange: Exchange) -> PhaseOutcome {
        let verb = String(decoding: exchange.verbText, as: UTF8.self)
        let path = String(decoding: exchange.contextPath.dropFirst(), as: UTF8.self)
        // Observed for a wrong path. Unconfirmed: the status.
        exchange.fault = GatewayFault(
            .default4XX, status: 403, message: "No method found matching route \(path) for http method \(verb).",
            errorType: "ForbiddenException", log: "no call of a connection")
        return .fault
    }

    /// The id as it stands in the path, still encoded.
    static func id(of path: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: path[(prefix(of: path) ?? path.count)...])
    }

    private static func prefix(of path: UnsafeRawBufferPointer) -> Int? {
        for prefix in ["@connections/", "%40connections/"] as [StaticString]
        where path.count > prefix.utf8CodeUnitCount
            && bytesEqualIgnoringCase(
                UnsafeRawBufferPointer(rebasing: path[..<prefix.utf8CodeUnitCount]), prefix.signedBytes)
        { return prefix.utf8CodeUnitCount }
        return nil
    }

    /// Who calls must have signed, whatever the call is.
    static func authorize(_ exchange: Exchange, _ id: UnsafeRawBufferPointer) -> PhaseOutcome {
        if let logging = exchange.stage?.defaultLogging, logging.level != .off { Phases.beginLog(exchange, logging) }
        guard !id.contains(0x2F), [.get, .post, .delete].contains(exchange.head.method) else {
            return refuseRoute(exchange)
        }
        return SignatureFilter.run(exchange)
    }

    /// Unconfirmed: the text.
    static func tooLarge(log: String) -> GatewayFault {
        GatewayFault(
            .requestTooLarge, status: 413, message: "Message too long", errorType: "PayloadTooLargeException", log: log)
    }

    // MARK: - Running

    /// Runs a call whose caller may call.
    static func run(_ exchange: Exchange) -> PhaseOutcome {
        guard exchange.webSocket?.kind == .call else { return .fault }
        let worker = exchange.worker
        // Source: reference, "Limits and close codes" (2.6): messages and calls share the account's throttle.
        if let limits = exchange.stage?.webSocket?.limits, limits.account != nil,
            case .fault = ThrottleFilter.run(limits, exchange)
        {
            let retry = exchange.fault?.retryAfterSeconds ?? 0
            let outcome = refuse(exchange, 429, "LimitExceededException", "Rate exceeded")
            exchange.fault?.retryAfterSeconds = retry
            return outcome
        }
        let start = exchange.arena.count
        PercentText.appendDecoded(
            id(of: WebSocketPhases.pathBehindStage(exchange)), plusIsBlank: false, into: exchange.arena)
        let text = exchange.arenaBytes(start..<exchange.arena.count)
        guard let id = ConnectionID(text) else {
            // Observed.
            return refuse(
                exchange, 400, "BadRequestException",
                "Invalid connectionId: \(String(decoding: text.prefix(200), as: UTF8.self))")
        }
        if exchange.head.method == .post, exchange.bodyLength > longestMessage {
            exchange.fault = tooLarge(log: "Message too long")
            return .fault
        }
        guard let stage = exchange.stage else { return .fault }
        let address = ConnectionAddress(
            apiID: stage.snapshot.identity.apiID, stage: stage.name.text, connectionID: id.text)
        let call = ConnectionCall(id: id, kind: ConnectionCall.Kind(exchange.head.method), stage: address.stage)
        let owner = id.worker
        if owner == worker.number {
            let answer = perform(call, at: worker, body: exchange.body)
            guard case .gone = answer, let registry = worker.sockets.registry else {
                return self.answer(answer, exchange)
            }
            return ask(registry, call.command(to: address, exchange.body), exchange)
        }
        if worker.peers.indices.contains(owner) { return send(call, to: worker.peers[owner], address, exchange) }
        guard let registry = worker.sockets.registry else { return answer(.gone, exchange) }
        return ask(registry, call.command(to: address, exchange.body), exchange)
    }

    /// Hands a call to the worker that has the connection, if one has; else to other processes.
    private static func send(
        _ call: ConnectionCall, to peer: WorkerHandle, _ address: ConnectionAddress, _ exchange: Exchange
    ) -> PhaseOutcome {
        let worker = exchange.worker
        let wait = ConnectionWait(exchange)
        exchange.connectionWait = wait
        let origin = worker.loop
        let bound = NIOLoopBound(wait, eventLoop: origin)
        let body = ByteBuffer(bytes: exchange.body)
        let registry = worker.sockets.registry
        peer.loop.execute {
            let worker = peer.bound.value
            worker.tick()
            let answer = body.withUnsafeReadableBytes { perform(call, at: worker, body: $0) }
            guard case .gone = answer, let registry else {
                origin.execute { bound.value.finish(answer) }
                return
            }
            let command = body.withUnsafeReadableBytes { call.command(to: address, $0) }
            registry.call(command, on: LoopOfCompletions(loop: origin)) { bound.value.finish($0) }
        }
        return .suspended
    }

    /// Asks other processes for the connection.
    private static func ask(
        _ registry: any ConnectionRegistry, _ command: ConnectionCommand, _ exchange: Exchange
    ) -> PhaseOutcome {
        let wait = ConnectionWait(exchange)
        exchange.connectionWait = wait
        let bound = NIOLoopBound(wait, eventLoop: exchange.worker.loop)
        registry.call(command, on: LoopOfCompletions(loop: exchange.worker.loop)) { bound.value.finish($0) }
        return .suspended
    }

    /// Runs a call of another process.
    static func run(
        _ command: ConnectionCommand, at workers: [WorkerHandle],
        _ completion: @escaping @Sendable (ConnectionAnswer) -> Void
    ) {
        var text = command.address.connectionID
        let id = text.withUTF8 { ConnectionID(UnsafeRawBufferPointer($0)) }
        guard let id, workers.indices.contains(id.worker) else { return completion(.gone) }
        let peer = workers[id.worker]
        peer.loop.execute {
            let worker = peer.bound.value
            worker.tick()
            let call = ConnectionCall(id: id, kind: ConnectionCall.Kind(command.action), stage: command.address.stage)
            var body: [UInt8] = []
            if case .post(let bytes) = command.action { body = bytes }
            completion(body.withUnsafeBytes { perform(call, at: worker, body: $0) })
        }
    }

    /// Does what is asked of a connection of this worker.
    static func perform(
        _ call: ConnectionCall, at worker: Worker, body: UnsafeRawBufferPointer
    ) -> ConnectionAnswer {
        guard let connection = worker.sockets.connection(call.id), connection.state == .open,
            // A stage has connections of its own.
            connection.isOf(stage: call.stage)
        else { return .gone }
        switch call.kind {
        case .get:
            return .connection(ConnectionReport(connection.peer))
        case .post:
            guard !connection.isBackedUp else { return .limited }
            connection.post(body)
            return .sent
        case .delete:
            connection.close(.normal)
            return .closed
        }
    }

    // MARK: - Answers

    static func answer(_ result: ConnectionAnswer, _ exchange: Exchange) -> PhaseOutcome {
        exchange.connectionWait = nil
        let output = exchange.worker.output
        switch result {
        case .sent:
            ResponseWriter.begin(exchange, status: 200)
            ResponseWriter.finish(exchange, status: 200, body: StaticBytes.empty.bytes)
        case .closed:
            ResponseWriter.begin(exchange, status: 204)
            ResponseWriter.finish(exchange, status: 204, body: StaticBytes.empty.bytes)
        case .connection(let report):
            let body = exchange.worker.body
            body.reset()
            report.write(into: body)
            ResponseWriter.begin(exchange, status: 200)
            output.append("Content-Type: application/json\r\n")
            ResponseWriter.finish(exchange, status: 200, body: body.bytes)
        case .gone:
            // Observed: SDKs find no message in the body.
            ResponseWriter.begin(exchange, status: 410)
            output.append("Content-Type: application/json\r\nx-amzn-ErrorType: GoneException\r\n")
            ResponseWriter.finish(exchange, status: 410, body: StaticBytes.empty.bytes)
        case .limited:
            // Unconfirmed: the text.
            return refuse(exchange, 429, "LimitExceededException", "Limit exceeded")
        case .unavailable:
            // Unconfirmed: API Gateway has no answer for this.
            return refuse(exchange, 500, "InternalServerError", "Internal server error")
        }
        return .answered
    }

    private static func refuse(
        _ exchange: Exchange, _ status: Int, _ type: String, _ message: String
    ) -> PhaseOutcome {
        exchange.fault = GatewayFault(.default4XX, status: status, message: message, errorType: type, log: message)
        return .fault
    }
}

/// A call on its way to a connection, without its body.
struct ConnectionCall: Sendable {
    enum Kind: Sendable {
        case get
        case post
        case delete

        init(_ method: HTTPMethod) {
            switch method {
            case .post: self = .post
            case .delete: self = .delete
            default: self = .get
            }
        }

        init(_ action: ConnectionCommand.Action) {
            switch action {
            case .post: self = .post
            case .delete: self = .delete
            case .get: self = .get
            }
        }
    }

    let id: ConnectionID
    let kind: Kind
    /// Name of the stage that is called.
    let stage: String

    /// The call for another process.
    func command(to address: ConnectionAddress, _ body: UnsafeRawBufferPointer) -> ConnectionCommand {
        switch kind {
        case .get: ConnectionCommand(.get, of: address)
        case .post: ConnectionCommand(.post(Array(body)), of: address)
        case .delete: ConnectionCommand(.delete, of: address)
        }
    }
}

extension ConnectionReport {
    init(_ peer: WebSocketPeer) {
        self.init(
            connectedMilliseconds: peer.connectedMilliseconds, activeMilliseconds: peer.activeMilliseconds,
            sourceAddress: peer.sourceAddress.text, userAgent: peer.userAgent)
    }

    /// The answer of a GET.
    func write(into output: OutputBuffer) {
        output.append("{\"connectedAt\":\"")
        output.append(CivilDate.timestamp(milliseconds: connectedMilliseconds, hasFraction: true))
        output.append("\",\"identity\":{\"sourceIp\":")
        JSONText.appendQuoted(sourceAddress, into: output)
        if let userAgent {
            output.append(",\"userAgent\":")
            JSONText.appendQuoted(userAgent, into: output)
        }
        output.append("},\"lastActiveAt\":\"")
        output.append(CivilDate.timestamp(milliseconds: activeMilliseconds, hasFraction: true))
        output.append("\"}")
    }
}

/// The wait of an exchange for a connection of another worker.
final class ConnectionWait {
    // Set back before the exchange is used for another request.
    private unowned var exchange: Exchange?

    init(_ exchange: Exchange) { self.exchange = exchange }

    /// Called on the loop of the exchange.
    func finish(_ result: ConnectionAnswer) {
        guard let exchange else { return }
        self.exchange = nil
        exchange.finish(.called(result))
    }

    /// The exchange waits no longer.
    func cancel() { exchange = nil }
}
