// Hot: once per fault. Allocates: the texts of the fault.

internal import PorticoIR
internal import PorticoPrograms

/// Answers that the gateway makes itself, through their gateway response.
///
/// Source: reference, "Gateway responses": own definition of the type, else the DEFAULT definition of its class, else
/// the built-in one; passes have already chosen, so that there is one for each type.
enum GatewayResponseWriter {
    static func write(_ fault: GatewayFault, _ exchange: Exchange) {
        exchange.fault = fault
        let worker = exchange.worker
        exchange.executionLog?.fault(fault)
        if exchange.executionLog == nil || fault.cause != nil { worker.log(fault, exchange) }
        if worker.isHTTPAPI {
            RouteFaultWriter.write(fault, exchange)
            return
        }
        guard let stage = exchange.stage else {
            plain(fault, exchange)
            return
        }
        if let event = exchange.webSocket, event.connection != nil {
            MessageFaultWriter.write(fault, exchange, event)
            return
        }
        let response = stage.gatewayResponses[fault.type.position]
        let own = fault.status != 0 ? fault.status : fault.type.defaultStatus ?? 500
        let status = response.statusCode >= 200 ? response.statusCode : own
        worker.body.reset()
        let template = choose(response, exchange)
        if fault.isSpaced, !response.isCustomized {
            worker.body.append("{\"message\": ")
            let message = fault.message ?? fault.type.defaultMessage ?? "Internal server error"
            JSONText.appendQuoted(message, into: worker.body)
            worker.body.append("}")
        } else if let template {
            for segment in template.segments {
                switch segment {
                case .literal(let text): worker.body.append(text.bytes)
                case .value(let source):
                    if let value = exchange.value(of: source) { worker.body.append(value) }
                }
            }
        }
        ResponseWriter.begin(exchange, status: status)
        let output = worker.output
        var hasContentType = false
        var hasErrorType = false
        for header in response.headers {
            if let value = exchange.value(of: header.source), !value.isEmpty {
                ResponseWriter.header(output, header.name.bytes, value)
                if header.isContentType { hasContentType = true }
                if header.isErrorType { hasErrorType = true }
            }
        }
        // Unconfirmed: that a mapped header stands instead of the gateway's own. Two of them would mean nothing.
        if !hasContentType {
            output.append("Content-Type: ")
            ResponseWriter.appendFieldValue(template?.mediaType.bytes ?? StaticBytes.empty.bytes, into: output)
            output.append("\r\n")
        }
        if !hasErrorType {
            output.append("x-amzn-ErrorType: ")
            output.append(fault.errorType ?? fault.type.errorType)
            output.append("\r\n")
        }
        if let headers = fault.headers { output.append(headers) }
        if fault.retryAfterSeconds > 0 {
            output.append("Retry-After: ")
            output.append(decimal: fault.retryAfterSeconds)
            output.append("\r\n")
        }
        ResponseWriter.finish(exchange, status: status, body: worker.body.bytes)
    }

    /// The template for the request's `Accept`, else `application/json`, else the first.
    private static func choose(
        _ response: ServingGatewayResponse, _ exchange: Exchange
    ) -> ServingGatewayTemplate? {
        guard response.templates.count > 1 else { return response.templates.first }
        let accept = MediaTypes.essence(exchange.headerValue(.accept) ?? StaticBytes.empty.bytes)
        var json: Int?
        for (index, template) in response.templates.enumerated() {
            if bytesEqualIgnoringCase(template.essence.bytes, accept) { return template }
            if template.essence.bytes.elementsEqual("application/json".utf8) { json = index }
        }
        return response.templates[json ?? 0]
    }

    /// Before anything is served there is no API whose gateway responses could apply.
    private static func plain(_ fault: GatewayFault, _ exchange: Exchange) {
        let status = fault.status != 0 ? fault.status : fault.type.defaultStatus ?? 500
        ResponseWriter.begin(exchange, status: status)
        exchange.worker.output.append("Content-Type: application/json\r\n")
        exchange.worker.body.reset()
        exchange.worker.body.append("{\"message\":")
        JSONText.appendQuoted(fault.message ?? "Internal server error", into: exchange.worker.body)
        exchange.worker.body.append("}")
        ResponseWriter.finish(exchange, status: status, body: exchange.worker.body.bytes)
    }
}
