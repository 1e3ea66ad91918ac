// Hot: once per call of a function. Allocates: for functions that Portico hosts, the payload.

internal import NIOCore
internal import PorticoIR
internal import PorticoPrograms

/// AWS_PROXY and AWS integrations of Lambda functions: makes the payload, calls the function where it runs, and makes
/// the answer of what comes back.
///
/// Source: reference, "Lambda proxy, payload 1.0" (5), "Choosing the integration response" (4.5), "Failures" (4.1).
enum LambdaIntegration {
    // MARK: - To the function

    static func send(
        _ exchange: Exchange, _ integration: ServingIntegration, _ function: ServingFunction
    ) -> PhaseOutcome {
        guard exchange.requireMappedBody(integration) else { return .fault }
        var payload = StaticBytes.empty.bytes
        if integration.kind == .awsProxy {
            // Source: reference 4.1: parameters are ignored, but those that may not be set still fail.
            if integration.hasFailingMapping, RefusedMappings.apply(exchange, integration) { return .fault }
            let worker = exchange.worker
            worker.body.reset()
            if let socket = exchange.webSocket {
                worker.proxyEvents.write(exchange, webSocket: socket, into: worker.body)
            } else if integration.isRoute {
                guard let event = exchange.method?.routeEvent else { return .fault }
                worker.proxyEvents.writeRoute(exchange, event, into: worker.body)
            } else {
                guard let event = exchange.method?.proxyEvent else { return .fault }
                worker.proxyEvents.write(exchange, event, into: worker.body)
            }
            payload = worker.body.bytes
        } else {
            guard preparePayload(exchange, integration, &payload) else { return .fault }
            if integration.hasFailingMapping, RefusedMappings.apply(exchange, integration) { return .fault }
        }
        return FunctionCaller.call(exchange, integration, function, payload)
    }

    /// The payload that templates make, or the body as it is; `false` after setting a fault.
    private static func preparePayload(
        _ exchange: Exchange, _ integration: ServingIntegration, _ payload: inout UnsafeRawBufferPointer
    ) -> Bool {
        guard HTTPIntegration.prepareBody(exchange, integration, &payload) else { return false }
        if payload.isEmpty {
            // Source: Lambda API, Invoke: without a payload the event is an empty object, as the value of a body that is
            // empty is everywhere (reference 4.2).
            let nothing: StaticString = "{}"
            payload = UnsafeRawBufferPointer(start: nothing.utf8Start, count: nothing.utf8CodeUnitCount)
        }
        return true
    }

    // MARK: - From the function

    /// The answer of an endpoint or a server.
    static func respond(
        _ exchange: Exchange, _ view: ResponseView, _ function: ServingFunction
    ) -> PhaseOutcome {
        // Only failures tell it; a text on the way of every answer would cost an allocation.
        var requestID: String { view.header(.amznRequestID).map { String(decoding: $0, as: UTF8.self) } ?? "" }
        if case .server = function.home { return respond(exchange, server: view) }
        switch view.status {
        case 200:
            if FunctionHeaders.isError(view) {
                return failed(exchange, view.body, requestID: requestID)
            }
            return returned(exchange, view.body)
        case 202, 204:
            // An event was taken over, or a dry run went well.
            return accepted(exchange)
        default:
            let refusal = FunctionHeaders.refusal(view, exchange.worker)
            exchange.fault = LambdaFaults.refused(
                status: view.status, type: refusal.type, message: refusal.message, requestID: requestID, exchange)
            return .fault
        }
    }

    /// A plain server: 200 has the result, any other status is a failure of the function. Its body is the error object,
    /// or, where it is none, the message of one.
    private static func respond(_ exchange: Exchange, server view: ResponseView) -> PhaseOutcome {
        guard view.status != 200 else { return returned(exchange, view.body) }
        let worker = exchange.worker
        let requestID = String(decoding: exchange.requestID, as: UTF8.self)
        if worker.parse(view.body), worker.tape.member(worker.tape.root, named: Array("errorMessage".utf8)) != nil {
            return failed(exchange, view.body, requestID: requestID)
        }
        let error = worker.message
        error.reset()
        error.append("{\"errorMessage\":")
        EventText.appendQuoted(view.body, into: error)
        error.append(",\"errorType\":\"HTTP ")
        error.append(decimal: view.status)
        error.append("\"}")
        exchange.response = ResponseView(status: 200, headers: view.headers, head: view.head, body: error.bytes)
        return failed(exchange, error.bytes, requestID: requestID)
    }

    /// The outcome of a function that Portico hosts.
    static func respond(_ exchange: Exchange, _ outcome: FunctionOutcome) -> PhaseOutcome {
        let requestID = exchange.functionCall?.requestID ?? ""
        switch outcome {
        case .returned(let payload):
            return view(payload, exchange) { returned(exchange, $0) }
        case .failed(let payload):
            return view(payload, exchange) { failed(exchange, $0, requestID: requestID) }
        case .accepted:
            return accepted(exchange)
        case .refused(let status, let type, let message):
            exchange.fault = LambdaFaults.refused(
                status: status, type: type, message: message, requestID: requestID, exchange)
            return .fault
        case .streaming:
            exchange.fault = .internalError("a result came as a stream that was not asked for")
            return .fault
        }
    }

    /// Shows a payload as what the Invoke API would have answered.
    private static func view(
        _ payload: ByteBuffer, _ exchange: Exchange, _ run: (UnsafeRawBufferPointer) -> PhaseOutcome
    ) -> PhaseOutcome {
        payload.withUnsafeReadableBytes { bytes in
            let view = ResponseView(
                status: 200, headers: exchange.worker.noHeaders, head: StaticBytes.empty.bytes, body: bytes)
            exchange.response = view
            exchange.executionLog?.endpointResponse(exchange, view)
            defer { exchange.response = nil }
            return run(bytes)
        }
    }

    /// The function returned.
    static func returned(_ exchange: Exchange, _ result: UnsafeRawBufferPointer) -> PhaseOutcome {
        guard let integration = exchange.method?.integration else { return .fault }
        guard result.count <= LambdaFaults.longestResult else {
            // Source: Lambda's own error for results over its quota.
            let error: StaticString =
                "{\"errorType\":\"Function.ResponseSizeTooLarge\",\"errorMessage\":\"Response payload size exceeded maximum allowed payload size (6291556 bytes).\"}"
            let bytes = UnsafeRawBufferPointer(start: error.utf8Start, count: error.utf8CodeUnitCount)
            return failed(exchange, bytes, requestID: "")
        }
        if integration.isRoute {
            return exchange.worker.proxyResponses.writeRoute(exchange, result, integration.payloadFormat)
        }
        if integration.kind == .awsProxy { return exchange.worker.proxyResponses.write(exchange, result) }
        return select(exchange, integration, result)
    }

    /// The function failed.
    static func failed(
        _ exchange: Exchange, _ error: UnsafeRawBufferPointer, requestID: String
    ) -> PhaseOutcome {
        guard let integration = exchange.method?.integration else { return .fault }
        if integration.kind == .awsProxy || failsEvent(exchange, integration) {
            exchange.fault = LambdaFaults.functionError(error, requestID: requestID, exchange)
            return .fault
        }
        exchange.executionLog?.note(LambdaFaults.failureLine(error, requestID: requestID, exchange.worker))
        return select(exchange, integration, error)
    }

    /// Whether an error of the function is one of the event, although the integration is no proxy: nobody is let in by a
    /// function that fails, and a route without responses has nothing else to say.
    ///
    /// Source: reference, "Integrations and two-way" (2.3): errors are sent in any case.
    private static func failsEvent(_ exchange: Exchange, _ integration: ServingIntegration) -> Bool {
        guard let event = exchange.webSocket else { return false }
        return event.kind == .connect || integration.responses.isEmpty
    }

    /// There is no result to come.
    static func accepted(_ exchange: Exchange) -> PhaseOutcome {
        guard let integration = exchange.method?.integration else { return .fault }
        if integration.kind == .awsProxy {
            exchange.fault = LambdaFaults.malformed("there is no result", exchange)
            return .fault
        }
        return select(exchange, integration, StaticBytes.empty.bytes)
    }

    /// An integration that is no proxy: the response whose pattern matches `errorMessage`, else the default.
    private static func select(
        _ exchange: Exchange, _ integration: ServingIntegration, _ payload: UnsafeRawBufferPointer
    ) -> PhaseOutcome {
        // A default alone needs no text.
        let isOpen = integration.responses.count > 1 || integration.defaultResponse == nil
        let message = isOpen ? errorMessage(payload, exchange) : StaticBytes.empty.bytes
        guard let chosen = IntegrationResponseSelection.choose(integration, text: message, exchange) else {
            if exchange.webSocket != nil, integration.responses.isEmpty {
                return WebSocketPhases.writeNothing(exchange)
            }
            exchange.fault = .configuration(
                "No match for output mapping and no default output mapping configured. "
                    + "Endpoint Response Status Code: \(exchange.response?.status ?? 200)")
            return .fault
        }
        let type = exchange.response?.header(.contentType) ?? json
        exchange.showsTraceID = true
        let outcome = MethodResponseWriter.write(
            exchange, integration.responses[chosen], body: payload, contentType: type)
        if case .fault = outcome { exchange.showsTraceID = false }
        return outcome
    }

    private static var json: UnsafeRawBufferPointer {
        let text: StaticString = "application/json"
        return UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    }

    /// What patterns are tested against. Source: reference 4.5.1.
    private static func errorMessage(
        _ payload: UnsafeRawBufferPointer, _ exchange: Exchange
    ) -> UnsafeRawBufferPointer {
        let worker = exchange.worker
        let name: StaticString = "errorMessage"
        guard !payload.isEmpty, worker.parse(payload),
            let node = worker.tape.member(
                worker.tape.root,
                named: UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)),
            worker.tape.kind(node) != .null
        else { return StaticBytes.empty.bytes }
        if worker.tape.kind(node) == .string { return worker.tape.rawText(node) }
        let start = exchange.arena.count
        if worker.tape.kind(node).isContainer {
            worker.tape.emit(node, into: exchange.arena)
        } else {
            worker.tape.appendString(node, into: exchange.arena)
        }
        return exchange.arenaBytes(start..<exchange.arena.count)
    }
}
