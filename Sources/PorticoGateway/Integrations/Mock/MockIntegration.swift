// Hot: once per request of a mock method. Allocates: nothing for constant templates.

internal import PorticoIR
internal import PorticoPrograms

/// Mock integrations: the request template says the status, an integration response makes the answer.
///
/// Source: reference, "MOCK" (4.4).
enum MockIntegration {
    static func run(_ exchange: Exchange, _ integration: ServingIntegration) -> PhaseOutcome {
        guard exchange.requireMappedBody(integration) else { return .fault }
        if integration.hasFailingMapping, RefusedMappings.apply(exchange, integration) { return .fault }
        var body = StaticBytes.empty.bytes
        var isRaw = false
        if exchange.bodyLength > 0 || integration.mayBeBinary {
            body = exchange.body
            switch BodyConversion.request(exchange, integration.contentHandling) {
            case .unchanged: break
            case .raw: isRaw = true
            case .converted(let bytes): body = bytes
            case .failed:
                exchange.fault = .configuration("Unable to base64 decode the body.")
                return .fault
            }
        }
        let status: Int?
        switch TemplateSelection.request(exchange, integration) {
        case .unsupportedMediaType:
            exchange.fault = GatewayFault(.unsupportedMediaType, log: "no template for the content type")
            return .fault
        case .passthrough where exchange.webSocket != nil && integration.requestTemplates.isEmpty:
            // Unconfirmed: that a route needs no template for a mock that only takes messages.
            status = 200
        case .passthrough:
            guard !body.isEmpty else {
                // Source: reference 4.4: an empty body uses the default response.
                return respond(exchange, integration, chosen: integration.defaultResponse, status: nil)
            }
            status = self.status(of: body)
        case .template(let template):
            if isRaw, !template.isPassthrough {
                // Observed: also without a body, where `*/*` is binary and `contentHandling` does not make it text.
                exchange.fault = BodyConversion.untransformable
                return .fault
            }
            switch template.render(body: body, exchange) {
            case .passthrough:
                guard !body.isEmpty else {
                    return respond(exchange, integration, chosen: integration.defaultResponse, status: nil)
                }
                status = self.status(of: body)
            case .constant(_, let known): status = known >= 0 ? known : nil
            case .rendered: status = self.status(of: exchange.worker.body.bytes)
            case .failed: return .fault
            }
        }
        guard let status else {
            exchange.fault = .configuration("statusCode should be an integer which defined in request template")
            return .fault
        }
        let chosen = IntegrationResponseSelection.choose(integration, status: status, exchange)
        return respond(exchange, integration, chosen: chosen, status: status)
    }

    private static func respond(
        _ exchange: Exchange, _ integration: ServingIntegration, chosen: Int?, status: Int?
    ) -> PhaseOutcome {
        if exchange.webSocket != nil { exchange.integrationStatus = status ?? 200 }
        guard let chosen else {
            if exchange.webSocket != nil, integration.responses.isEmpty {
                return WebSocketPhases.writeNothing(exchange)
            }
            exchange.fault = .configuration(
                "No match for output mapping and no default output mapping configured. "
                    + "Endpoint Response Status Code: \(status.map(String.init) ?? "none")")
            return .fault
        }
        // Source: reference 4.4: response templates of a mock do not see the client's body.
        return MethodResponseWriter.write(
            exchange, integration.responses[chosen], body: StaticBytes.empty.bytes, contentType: StaticBytes.empty.bytes
        )
    }

    /// The integer `statusCode` of a rendered request template, read as leniently as API Gateway reads it.
    static func status(of rendered: UnsafeRawBufferPointer) -> Int? {
        if case .success(let status) = LenientJSON.statusCode(rendered) { return status }
        return nil
    }
}

/// Which integration response applies.
///
/// Source: reference, "Choosing the integration response" (4.5).
enum IntegrationResponseSelection {
    /// The first response whose pattern matches the whole status, else the default; `nil` when there is none.
    static func choose(_ integration: ServingIntegration, status: Int, _ exchange: Exchange) -> Int? {
        guard integration.responses.count > 1 || integration.defaultResponse == nil else {
            return integration.defaultResponse
        }
        return withDecimal(status) { choose(integration, text: $0, exchange) }
    }

    /// The first response whose pattern matches the whole text, else the default; `nil` when there is none.
    static func choose(
        _ integration: ServingIntegration, text: UnsafeRawBufferPointer, _ exchange: Exchange
    ) -> Int? {
        guard let stage = exchange.stage else { return integration.defaultResponse }
        for (index, response) in integration.responses.enumerated() where response.pattern >= 0 {
            let pattern = stage.snapshot.patterns[response.pattern]
            switch exchange.worker.matcher.fullMatch(pattern, text) {
            case .match: return index
            case .noMatch: continue
            case .limitExceeded: exchange.worker.logPatternLimit(exchange)
            }
        }
        return integration.defaultResponse
    }

    private static func withDecimal<Result>(
        _ value: Int, _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result {
        withUnsafeTemporaryAllocation(byteCount: 24, alignment: 8) { digits in
            var place = 24
            var rest = value.magnitude
            repeat {
                place &-= 1
                digits[place] = UInt8(truncatingIfNeeded: 48 &+ rest % 10)
                rest /= 10
            } while rest > 0
            if value < 0 {
                place &-= 1
                digits[place] = 0x2D
            }
            return body(UnsafeRawBufferPointer(rebasing: digits[place..<24]))
        }
    }
}
