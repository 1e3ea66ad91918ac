// Hot: once per call of an authorizer's function of an HTTP API. Allocates: nothing once the worker's buffers have grown.

internal import PorticoPrograms

/// What the function of an authorizer of an HTTP API is told: the event of the route without its body, and who is calling by
/// the identity sources.
///
/// Source: reference, 1.10.
enum AuthorizerEvent {
    /// Appends the event; `false` if the route has none.
    static func write(_ exchange: Exchange, _ authorizer: ServingAuthorizer, into output: OutputBuffer) -> Bool {
        guard let event = exchange.method?.authorizerEvent else { return false }
        let writer = exchange.worker.proxyEvents
        // Everything that is made in the arena comes before pointers into it are taken.
        exchange.parseQuery()
        exchange.traceID = TraceID.makeRoute(exchange)
        if event.format == .http1 {
            output.append("{\"version\":\"1.0\",\"type\":\"REQUEST\",\"methodArn\":")
            exchange.appendMethodARN(quotedInto: output)
            for name in [",\"identitySource\":", ",\"authorizationToken\":"] as [StaticString] {
                output.append(name)
                writeJoinedSources(exchange, authorizer, output)
            }
            output.append(0x2C)
            writer.writeRequest1(exchange, event, into: output)
        } else {
            output.append("{\"version\":\"2.0\",\"type\":\"REQUEST\",\"routeArn\":")
            exchange.appendMethodARN(quotedInto: output)
            output.append(",\"identitySource\":")
            writeSources(exchange, authorizer, output)
            output.append(0x2C)
            writer.writePayload2(exchange, event, into: output)
        }
        output.append(0x7D)
        return true
    }

    /// `["v1","v2"]`. Unconfirmed: `null` without sources.
    private static func writeSources(
        _ exchange: Exchange, _ authorizer: ServingAuthorizer, _ output: OutputBuffer
    ) {
        var isFirst = true
        for source in authorizer.sources {
            output.append(isFirst ? 0x5B : 0x2C)
            isFirst = false
            let value = LambdaAuthorizer.value(of: source, exchange)
            EventText.appendQuoted(value ?? StaticBytes.empty.bytes, into: output)
        }
        output.append(isFirst ? "null" : "]")
    }

    /// `"v1,v2"`. Unconfirmed: `null` without sources.
    private static func writeJoinedSources(
        _ exchange: Exchange, _ authorizer: ServingAuthorizer, _ output: OutputBuffer
    ) {
        var isFirst = true
        for source in authorizer.sources {
            output.append(isFirst ? 0x22 : 0x2C)
            isFirst = false
            let value = LambdaAuthorizer.value(of: source, exchange)
            EventText.appendEscaped(value ?? StaticBytes.empty.bytes, into: output)
        }
        output.append(isFirst ? "null" : "\"")
    }
}
