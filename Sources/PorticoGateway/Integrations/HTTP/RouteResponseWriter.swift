// Hot: once per answer of a backend behind a route of an HTTP API. Allocates: nothing once the worker's buffers have grown.

internal import PorticoIR
internal import PorticoPrograms

/// What an HTTP backend behind a route of an HTTP API says, passed on: status, fields and body as they are.
///
/// Source: reference, "HTTP_PROXY request and response" (1.6) and "CORS" (1.8).
enum RouteResponseWriter {
    static func passOn(_ exchange: Exchange, _ response: ResponseView) -> PhaseOutcome {
        let output = exchange.worker.output
        let body = response.body
        ResponseWriter.begin(exchange, status: response.status)
        passOnFields(response, replacesCORS: exchange.stage?.cors != nil, into: output)
        var length = body.count
        // The answer to a HEAD has the length that a GET would have, and none where nobody knows it.
        if exchange.head.method == .head, body.isEmpty {
            length = response.declaredLength ?? ResponseWriter.unknownLength
        }
        ResponseWriter.finishHead(exchange, status: response.status, bodyLength: length)
        if ResponseWriter.sendsBody(exchange, response.status) { output.append(body) }
        return .answered
    }

    /// Writes a backend's fields but for those of one hop and, with CORS, those that the gateway writes itself.
    @inline(__always)
    private static func passOnFields(_ response: ResponseView, replacesCORS: Bool, into output: OutputBuffer) {
        let connection = response.header(.connection)
        for span in response.headers.spans {
            if span.known != .other {
                if HeaderRules.routeResponseDropped & span.known.bit != 0 { continue }
            } else if HeaderRules.isOwnOfRoutes(response.name(of: span))
                || HeaderRules.isNominated(response.name(of: span), by: connection)
            {
                continue
            } else if replacesCORS, CORSFilter.replaces(response.name(of: span)) {
                continue
            }
            guard response.isPlain(span) else {
                ResponseWriter.header(output, response.name(of: span), response.value(of: span))
                continue
            }
            output.append(response.line(of: span))
            if !response.lineEndsWithValue(span) { output.append("\r\n") }
        }
    }
}
