// Hot: once per fault of an HTTP API. Allocates: the texts of the fault.

internal import PorticoIR
internal import PorticoPrograms

/// Answers that the gateway makes itself in an HTTP API: fixed bodies that tell the status, and nothing that a document
/// could change.
///
/// Source: reference, "Error bodies of HTTP APIs" (1.12).
enum RouteFaultWriter {
    static func write(_ fault: GatewayFault, _ exchange: Exchange) {
        let status = status(of: fault)
        let message = message(of: status)
        // What `$context.error.message` shows.
        exchange.fault?.message = message
        let worker = exchange.worker
        worker.body.reset()
        worker.body.append("{\"message\":\"")
        worker.body.append(message)
        worker.body.append("\"}")
        ResponseWriter.begin(exchange, status: status)
        let output = worker.output
        output.append("content-type: application/json\r\n")
        if let challenge = fault.challenge {
            output.append("www-authenticate: ")
            output.append(challenge)
            output.append("\r\n")
        }
        if fault.retryAfterSeconds > 0 {
            output.append("Retry-After: ")
            output.append(decimal: fault.retryAfterSeconds)
            output.append("\r\n")
        }
        ResponseWriter.finish(exchange, status: status, body: worker.body.bytes)
    }

    /// The status of a fault. What REST APIs answer with 504 is a 503 here.
    static func status(of fault: GatewayFault) -> Int {
        if fault.status != 0 { return fault.status }
        switch fault.type {
        case .integrationTimeout, .integrationFailure: return 503
        default: return fault.type.defaultStatus ?? 500
        }
    }

    /// The text that goes with a status: its reason phrase, as the HTTP/1.1 of 1999 has it.
    static func message(of status: Int) -> String {
        switch status {
        case 413: "Request Entity Too Large"
        default: HTTPStatus.reason(status)
        }
    }
}
