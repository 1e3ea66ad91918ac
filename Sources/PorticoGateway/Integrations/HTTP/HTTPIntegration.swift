// Hot: once per request of an HTTP method. Allocates: nothing once the worker's buffers have grown.

internal import NIOCore
internal import PorticoIR
internal import PorticoPrograms

/// HTTP and HTTP_PROXY integrations: makes the request for the backend, and the answer from what it says.
///
/// Source: reference, "Integrations" (4.1, 4.2, 4.6, 4.7).
enum HTTPIntegration {
    // MARK: - To the backend

    static func send(_ exchange: Exchange, _ integration: ServingIntegration) -> PhaseOutcome {
        guard exchange.requireMappedBody(integration) else { return .fault }
        var body = StaticBytes.empty.bytes
        guard prepareBody(exchange, integration, &body) else { return .fault }
        if integration.hasFailingMapping, RefusedMappings.apply(exchange, integration) { return .fault }
        guard let destination = HTTPRequestWriter.write(exchange, integration, body: body) else { return .fault }
        let worker = exchange.worker
        exchange.executionLog?.endpointRequest(exchange, worker.message.bytes, to: destination.target)
        let message = worker.takeMessage()
        let isHead = worker.wroteHead
        let isIdempotent = worker.wroteIdempotent
        if integration.streams {
            return HTTPProxyStream.send(
                exchange, message, by: destination, isHead: isHead, canRetry: isIdempotent,
                timeoutMilliseconds: integration.timeoutMilliseconds)
        }
        exchange.call = destination.send(
            message, isHead: isHead, canRetry: isIdempotent,
            timeoutMilliseconds: integration.timeoutMilliseconds, receiver: exchange)
        return .suspended
    }

    /// The body that goes to the backend; `false` after setting a fault.
    static func prepareBody(
        _ exchange: Exchange, _ integration: ServingIntegration, _ body: inout UnsafeRawBufferPointer
    ) -> Bool {
        body = exchange.body
        if integration.isRoute { return true }
        var isRaw = false
        if exchange.bodyLength > 0 || integration.mayBeBinary {
            switch BodyConversion.request(exchange, integration.contentHandling) {
            case .unchanged: break
            case .raw: isRaw = true
            case .converted(let bytes): body = bytes
            case .failed:
                exchange.fault = .configuration("Unable to base64 decode the body.")
                return false
            }
        }
        guard integration.kind != .httpProxy else { return true }
        switch TemplateSelection.request(exchange, integration) {
        case .passthrough:
            return true
        case .unsupportedMediaType:
            exchange.fault = GatewayFault(.unsupportedMediaType, log: "no template for the content type")
            return false
        case .template(let template):
            if isRaw, !template.isPassthrough {
                exchange.fault = BodyConversion.untransformable
                return false
            }
            switch template.render(body: body, exchange) {
            case .passthrough: return true
            case .constant(let bytes, _):
                body = bytes
                return true
            case .rendered:
                body = exchange.worker.body.bytes
                return true
            case .failed: return false
            }
        }
    }

    // MARK: - From the backend

    static func respond(_ exchange: Exchange, _ response: ResponseView) -> PhaseOutcome {
        guard let integration = exchange.method?.integration else { return .fault }
        if integration.isRoute { return RouteResponseWriter.passOn(exchange, response) }
        if integration.kind == .httpProxy { return passOn(exchange, response, integration) }
        exchange.showsTraceID = true
        guard let chosen = IntegrationResponseSelection.choose(integration, status: response.status, exchange) else {
            exchange.showsTraceID = false
            if exchange.webSocket != nil, integration.responses.isEmpty {
                return WebSocketPhases.writeNothing(exchange)
            }
            exchange.fault = .configuration(
                "No match for output mapping and no default output mapping configured. "
                    + "Endpoint Response Status Code: \(response.status)")
            return .fault
        }
        let outcome = MethodResponseWriter.write(
            exchange, integration.responses[chosen], body: response.body,
            contentType: response.header(.contentType) ?? StaticBytes.empty.bytes)
        if case .fault = outcome { exchange.showsTraceID = false }
        return outcome
    }

    /// HTTP_PROXY: status, headers and body pass.
    private static func passOn(
        _ exchange: Exchange, _ response: ResponseView, _ integration: ServingIntegration
    ) -> PhaseOutcome {
        let output = exchange.worker.output
        var answer = response.body
        var dropped = HeaderRules.proxyDropped
        let hasCoding = response.headers.contains(.contentEncoding)
        var isCoded = false
        if hasCoding {
            switch CompressionFilter.backendBody(
                exchange, response, minimum: integration.minimumCompressionSize)
            {
            case .plain(let bytes): answer = bytes
            case .coded:
                isCoded = true
                dropped &= ~KnownHeader.contentEncoding.bit
            case .tooLarge:
                exchange.fault = HTTPIntegration.fault(of: .tooLarge)
                return .fault
            }
        }
        // A coded body is no text that could be mended.
        if !answer.isEmpty, !isCoded {
            let type = response.header(.contentType) ?? StaticBytes.empty.bytes
            switch BodyConversion.response(exchange, answer, contentType: type, nil) {
            case .unchanged, .raw: break
            case .converted(let bytes): answer = bytes
            case .failed:
                exchange.fault = .configuration("the response body is no base64 text")
                return .fault
            }
        }
        ResponseWriter.begin(exchange, status: response.status)
        passOnFields(response, dropped: dropped, into: output)
        if answer.count >= integration.minimumCompressionSize {
            answer = CompressionFilter.compress(exchange, answer, status: response.status)
        }
        // The answer to a HEAD has the length that a GET would have, and none where nobody knows it.
        var length = answer.count
        if exchange.head.method == .head, answer.isEmpty {
            length =
                hasCoding && !isCoded
                ? ResponseWriter.unknownLength
                : response.declaredLength ?? ResponseWriter.unknownLength
        }
        ResponseWriter.finishHead(exchange, status: response.status, bodyLength: length)
        if ResponseWriter.sendsBody(exchange, response.status) { output.append(answer) }
        return .answered
    }

    /// Writes a backend's fields but for those in `dropped`.
    @inline(__always)
    static func passOnFields(_ response: ResponseView, dropped: UInt64, into output: OutputBuffer) {
        for span in response.headers.spans {
            if span.known != .other {
                if dropped & span.known.bit != 0 { continue }
                if HeaderRules.proxyRemapped & span.known.bit != 0 { output.append(HeaderRules.remappedPrefix) }
            }
            // Name, colon, blanks and value stand together in the answer, mostly with their line end.
            guard response.isPlain(span) else {
                ResponseWriter.header(output, response.name(of: span), response.value(of: span))
                continue
            }
            output.append(response.line(of: span))
            if !response.lineEndsWithValue(span) { output.append("\r\n") }
        }
        if !response.headers.contains(.contentType) { output.append("Content-Type: application/json\r\n") }
    }

    /// The answer for a call of a backend behind a route of an HTTP API that failed. Source: reference 1.12.
    ///
    /// Unconfirmed: 502 for what is no HTTP, 500 for what is too large.
    static func routeFault(of failure: UpstreamFailure) -> GatewayFault {
        switch failure {
        case .timeout:
            GatewayFault(.integrationTimeout, status: 503, log: "Endpoint request timed out")
        case .tooLarge:
            .internalError("Integration response is larger than allowed maximum of 10485760 bytes")
        case .malformed, .closedEarly:
            GatewayFault(
                .integrationFailure, status: 502, log: "Network error communicating with endpoint: \(failure)")
        case .connectFailed, .tlsFailed, .saturated:
            GatewayFault(
                .integrationFailure, status: 503, log: "Network error communicating with endpoint: \(failure)")
        }
    }

    /// The answer for a call that failed. Source: reference 4.1 "Failures"; DESIGN "Limits and the answer beyond them".
    static func fault(of failure: UpstreamFailure) -> GatewayFault {
        switch failure {
        case .timeout:
            GatewayFault(.integrationTimeout, log: "Execution failed due to a timeout error")
        case .tooLarge:
            .configuration("Integration response is larger than allowed maximum of 10485760 bytes")
        default:
            GatewayFault(.integrationFailure, log: "Network error communicating with endpoint: \(failure)")
        }
    }
}
