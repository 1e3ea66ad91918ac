// Hot: once per request of a method with a request validator. Allocates: the message of a refusal.

internal import PorticoIR
internal import PorticoPrograms

/// Request validation: required parameters, then the body against its model.
///
/// Source: reference, "Request validation" (3.1).
enum ValidationFilter {
    /// A parameter is missing when it is absent or blank.
    static func requireParameters(_ parameters: [ServingParameter], _ exchange: Exchange) -> PhaseOutcome {
        var missing: [String] = []
        for parameter in parameters {
            let source: ServingSource
            switch parameter.location {
            case .path: source = .requestPath(parameter.name)
            case .querystring: source = .requestQuery(parameter.name)
            case .header: source = .requestHeader(parameter.name)
            }
            let value = exchange.value(of: source)
            if value.map({ trimmingBlanks($0).isEmpty }) ?? true {
                missing.append(String(decoding: parameter.name.bytes, as: UTF8.self))
            }
        }
        guard !missing.isEmpty else { return .next }
        let message = "Missing required request parameters: [\(missing.joined(separator: ", "))]"
        exchange.fault = GatewayFault(.badRequestParameters, message: message, log: message)
        return .fault
    }

    /// The body must be JSON that its model allows; an absent body is checked as `{}`.
    static func validateBody(_ models: [BodyModel], _ exchange: Exchange) -> PhaseOutcome {
        guard let stage = exchange.stage, let model = choose(models, exchange) else { return .next }
        let worker = exchange.worker
        let empty: StaticString = "{}"
        let body =
            exchange.bodyLength > 0
            ? exchange.body : UnsafeRawBufferPointer(start: empty.utf8Start, count: empty.utf8CodeUnitCount)
        guard worker.parse(body) else {
            refuse(exchange, "[invalid JSON]")
            return .fault
        }
        switch worker.validator.validate(stage.snapshot.schemas[model.schema].program, worker.tape) {
        case .valid:
            return .next
        case .invalid(let detail):
            refuse(exchange, detail)
            return .fault
        }
    }

    /// The model for the content type, else the one for `$default`.
    private static func choose(_ models: [BodyModel], _ exchange: Exchange) -> BodyModel? {
        let header = exchange.headerValue(.contentType).map(MediaTypes.essence)
        var fallback: BodyModel?
        for model in models {
            if model.mediaType == "$default" { fallback = model }
            var type = model.mediaType
            let isMatch = type.withUTF8 { bytes in
                if let header, !header.isEmpty {
                    return bytesEqualIgnoringCase(UnsafeRawBufferPointer(bytes), header)
                }
                return UnsafeRawBufferPointer(bytes).elementsEqual("application/json".utf8)
            }
            if isMatch { return model }
        }
        return fallback
    }

    private static func refuse(_ exchange: Exchange, _ detail: String) {
        exchange.fault = GatewayFault(
            .badRequestBody, validationError: detail, log: "Request body does not match model schema: \(detail)")
    }
}
