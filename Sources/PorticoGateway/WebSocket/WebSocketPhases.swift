// Hot: once per event of a connection. Allocates: the events.

internal import NIOCore
internal import NIOWebSocket
internal import PorticoIR
internal import PorticoPrograms

/// What is different in the phases of a WebSocket API: which method it is, and what becomes of the answer.
///
/// Source: reference, "WebSocket APIs" (2).
enum WebSocketPhases {
    // MARK: - Requests of HTTP

    /// A request to a stage: a client that wants to connect, or a call of a connection.
    static func match(_ exchange: Exchange, _ stage: StageProgram, _ webSocket: ServingWebSocket) -> PhaseOutcome {
        let rest = pathBehindStage(exchange)
        if ConnectionCalls.isCall(rest) {
            exchange.webSocket = WebSocketEvent(.call, peer: nil)
            return ConnectionCalls.authorize(exchange, ConnectionCalls.id(of: rest))
        }
        if !exchange.head.hasUpgrade, ConnectionCalls.isMisplaced(rest) { return ConnectionCalls.refuseRoute(exchange) }
        if let fault = WebSocketHandshake.refusal(of: exchange) {
            exchange.fault = fault
            return .fault
        }
        // Unconfirmed: what comes of a path behind the stage.
        guard rest.isEmpty, webSocket.connect >= 0 else {
            exchange.fault = forbidden("the path goes on behind the stage")
            return .fault
        }
        let worker = exchange.worker
        let id = ConnectionID(worker: worker.number, &worker.identifiers)
        exchange.webSocket = WebSocketEvent(.connect, peer: WebSocketPeer(id: id, now: worker.clock.milliseconds))
        return take(stage.methods[webSocket.connect], exchange)
    }

    /// The path behind the stage, without slashes before it.
    static func pathBehindStage(_ exchange: Exchange) -> UnsafeRawBufferPointer {
        let end = Int(exchange.head.pathOffset) &+ Int(exchange.head.pathLength)
        var start = exchange.routeOffset
        while start < end, exchange.bytes[start] == 0x2F { start &+= 1 }
        return exchange.slice(start, end &- start)
    }

    private static func take(_ method: ServingMethod, _ exchange: Exchange) -> PhaseOutcome {
        exchange.method = method
        if method.logging.level != .off { Phases.beginLog(exchange, method.logging) }
        return .next
    }

    static func forbidden(_ log: String) -> GatewayFault {
        GatewayFault(.default4XX, status: 403, message: "Forbidden", errorType: "ForbiddenException", log: log)
    }

    /// The integration of `$connect` has answered: the client is let in, or is told the status.
    static func admit(_ exchange: Exchange, _ event: WebSocketEvent) {
        let status = WebSocketHandshake.status(exchange)
        if (200..<300).contains(status) {
            event.peer?.adopt(exchange)
            WebSocketHandshake.accept(exchange)
            event.isAccepted = true
            return
        }
        guard status != exchange.answerStatus else { return }
        // The answer of an integration response has the status of a success.
        let output = exchange.worker.output
        let body = Array(output.bytes(from: min(exchange.bodyStart, output.count)))
        output.truncate(to: exchange.answerStart)
        ResponseWriter.begin(exchange, status: status)
        output.append("Content-Type: application/json\r\n")
        body.withUnsafeBytes { ResponseWriter.finish(exchange, status: status, body: $0) }
    }

    // MARK: - Events of a connection

    /// Finds the method of a message, or of the end.
    static func route(_ exchange: Exchange) -> PhaseOutcome {
        guard let stage = exchange.stage, let webSocket = stage.webSocket, let event = exchange.webSocket else {
            return .fault
        }
        if let tracing = stage.observation.tracing { exchange.trace.begin(exchange, tracing.sampling) }
        if event.kind == .disconnect { return take(stage.methods[webSocket.disconnect], exchange) }
        let position: Int
        if webSocket.selection.readsRequestBody, event.isBinary || !exchange.worker.parse(exchange.body) {
            // Source: reference, "Route selection" (2.2): what is no JSON takes `$default`.
            position = webSocket.fallback
        } else {
            position = webSocket.position(ofMessage: exchange.selected(by: webSocket.selection))
        }
        guard position >= 0 else {
            if stage.defaultLogging.level != .off { Phases.beginLog(exchange, stage.defaultLogging) }
            exchange.fault = forbidden("no route for the message, and no $default")
            return .fault
        }
        return take(stage.methods[position], exchange)
    }

    /// Checks a message against the model of its route.
    static func validate(_ exchange: Exchange) -> PhaseOutcome {
        guard exchange.webSocket?.kind == .message, let route = exchange.method?.route, !route.models.isEmpty else {
            return .next
        }
        exchange.executionLog?.start(exchange)
        return MessageValidation.run(exchange, route)
    }

    /// An answer without anything, which integrations of messages may give: their clients hear nothing anyway.
    static func writeNothing(_ exchange: Exchange) -> PhaseOutcome {
        ResponseWriter.begin(exchange, status: 200)
        ResponseWriter.finish(exchange, status: 200, body: StaticBytes.empty.bytes)
        return .answered
    }
}

extension Phases {
    /// Runs an event of a connection. Gives ``PhaseOutcome/answered`` or ``PhaseOutcome/suspended``.
    static func runEvent(_ exchange: Exchange) -> PhaseOutcome {
        exchange.worker.forgetParsedBody()
        exchange.answerStart = exchange.worker.output.count
        exchange.marks.end(.receive, at: monotonicNanoseconds())
        var outcome = WebSocketPhases.route(exchange)
        exchange.marks.end(.match, at: monotonicNanoseconds())
        if case .next = outcome { outcome = filter(exchange) }
        if case .next = outcome { outcome = WebSocketPhases.validate(exchange) }
        if case .next = outcome { outcome = integrate(exchange) }
        return conclude(exchange, outcome)
    }
}

extension WebSocketEvent {
    /// The connection that begins with the answer of this request.
    func makeConnection(_ worker: Worker, _ exchange: Exchange) -> WebSocketConnection? {
        guard let peer, let stage = exchange.stage, stage.webSocket != nil else { return nil }
        return WebSocketConnection(worker: worker, peer: peer, stage: stage)
    }
}

extension WebSocketConnection {
    /// Puts the connection, with the frames of its channel, behind a handler that goes.
    static func install(
        _ connection: WebSocketConnection, in context: ChannelHandlerContext, behind handler: Connection
    ) throws {
        let pipeline = context.pipeline.syncOperations
        let decoder = ByteToMessageHandler(ClientFrameDecoder(takesBinary: connection.takesBinary))
        let encoder = WebSocketFrameEncoder()
        // The connection comes last: it may send its last frame at once.
        try pipeline.addHandler(decoder, position: .after(handler))
        try pipeline.addHandler(encoder, position: .after(decoder))
        try pipeline.addHandler(connection, position: .after(encoder))
    }
}

// MARK: - Faults

/// What a client hears when its message could not be handled.
///
/// Source: reference, "Route selection" (2.2) and "Integrations and two-way" (2.3).
enum MessageFaultWriter {
    static func write(_ fault: GatewayFault, _ exchange: Exchange, _ event: WebSocketEvent) {
        let worker = exchange.worker
        let output = worker.output
        let status = fault.status != 0 ? fault.status : fault.type.defaultStatus ?? 500
        event.isError = true
        output.truncate(to: min(exchange.answerStart, output.count))
        exchange.bodyStart = output.count
        output.append("{\"message\": ")
        JSONText.appendQuoted(message(fault, status), into: output)
        output.append(", \"connectionId\":\"")
        event.peer?.id.append(to: output)
        if fault.type == .badRequestBody {
            output.append("\", \"messageId\":\"")
            output.append(exchange.arenaBytes(event.messageID))
        } else {
            output.append("\", \"requestId\":\"")
            output.append(exchange.requestID)
        }
        output.append("\"}")
        exchange.headEnd = exchange.bodyStart
        exchange.answerStatus = status
        exchange.answerLength = output.count &- exchange.bodyStart
        worker.count(status: status, exchange)
    }

    private static func message(_ fault: GatewayFault, _ status: Int) -> String {
        switch fault.type {
        case .badRequestBody: return "Bad request body"
        // Unconfirmed: these two.
        case .throttled: return "Too Many Requests"
        case .integrationTimeout: return "Endpoint request timed out"
        default: break
        }
        // Observed: whatever is wrong behind a route is this.
        guard status < 500 else { return "Internal server error" }
        return fault.message ?? fault.type.defaultMessage ?? "Bad Request"
    }
}

// MARK: - $context

extension Exchange {
    /// Value of a `$context` variable that only WebSocket APIs have.
    func webSocketValue(_ variable: ContextVariable) -> UnsafeRawBufferPointer? {
        guard let webSocket, let peer = webSocket.peer else { return nil }
        let start = arena.count
        switch variable {
        case .connectionId: peer.id.append(to: arena)
        case .connectedAt: arena.append(decimal: peer.connectedMilliseconds)
        case .eventType: return webSocket.type?.signedBytes
        case .messageDirection: return ("IN" as StaticString).signedBytes
        case .messageId: return webSocket.messageID.isEmpty ? nil : arenaBytes(webSocket.messageID)
        case .routeKey: return method?.route?.key.bytes
        case .disconnectStatusCode where webSocket.kind == .disconnect: arena.append(decimal: webSocket.ending.code)
        case .disconnectReason where webSocket.kind == .disconnect: webSocket.ending.append(to: arena)
        default: return nil
        }
        return arenaBytes(start..<arena.count)
    }
}

extension WebSocketEnding {
    /// Appends the reason in words.
    func append(to output: OutputBuffer) {
        if reason.isEmpty { output.append(text) } else { output.append(reason) }
    }
}
