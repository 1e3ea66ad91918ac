// Hot: once per call of a backend behind a route of an HTTP API. Allocates: nothing once the worker's buffers have grown.

internal import PorticoIR
internal import PorticoPrograms

/// Header fields that a backend behind a route of an HTTP API is sent.
///
/// Source: reference, "HTTP_PROXY request and response" (1.6). Unconfirmed: which fields are added.
extension HTTPRequestWriter {
    /// Writes the client's fields but for those of one hop, and what the gateway says of itself.
    func forwardRoute(_ written: UInt64, _ mapped: UInt64) {
        let skipped =
            HeaderRules.routeNotForwarded | written | KnownHeader.amznTraceID.bit | KnownHeader.forwarded.bit
            | KnownHeader.via.bit
        let connection = exchange.headerValue(.connection)
        for span in exchange.headers.spans {
            if span.known != .other {
                if skipped & span.known.bit != 0 { continue }
                // Source: reference 3.1 (8): a signature is for the gateway alone.
                if span.known == .authorization, isSignature(exchange.value(of: span)) { continue }
            } else if mapped != 0, isMapped(exchange.name(of: span), mapped) {
                continue
            } else if HeaderRules.isNominated(exchange.name(of: span), by: connection) {
                continue
            } else if exchange.trace.isOn,
                bytesEqualIgnoringCase(exchange.name(of: span), ("traceparent" as StaticString).signedBytes)
            {
                continue
            }
            let length = Int(span.valueOffset) &+ Int(span.valueLength) &- Int(span.nameOffset)
            output.append(exchange.slice(Int(span.nameOffset), length))
            output.append("\r\n")
        }
        writeForwardedElement()
        // Source: RFC 9110, section 7.6.3: who passes a message on adds itself at the end.
        output.append("Via: ")
        if let chain = exchange.headerValue(.via), !chain.isEmpty {
            output.append(chain)
            output.append(", ")
        }
        output.append("HTTP/1.1 AmazonAPIGateway\r\n")
        exchange.traceID = TraceID.makeRoute(exchange)
        output.append("X-Amzn-Trace-Id: ")
        output.append(exchange.arenaBytes(exchange.traceID))
        output.append("\r\n")
        if exchange.trace.isOn { writeTraceparent() }
    }

    /// Source: RFC 7239, section 4: `by=`, `for=`, `host=`, `proto=`, behind what came.
    private func writeForwardedElement() {
        output.append("Forwarded: ")
        if let chain = exchange.headerValue(.forwarded), !chain.isEmpty {
            output.append(chain)
            output.append(", ")
        }
        output.append("by=")
        if exchange.localAddress.isEmpty {
            output.append("_gateway")
        } else {
            writeNode(exchange.localAddress.bytes)
        }
        output.append(";for=")
        writeNode(exchange.sourceAddress.bytes)
        output.append(";host=")
        let host = exchange.slice(exchange.head.hostOffset, exchange.head.hostLength)
        // A name with a port is no token, and neither is one with signs that would begin another parameter.
        if !host.allSatisfy({ HeaderTables.shared.isOf(HeaderTables.tokenClass, $0) }) {
            output.append(0x22)
            output.append(host)
            output.append(0x22)
        } else {
            output.append(host)
        }
        output.append(exchange.isTLS ? ";proto=https\r\n" : ";proto=http\r\n")
    }

    /// Source: RFC 7239, section 6: an address of IPv6 stands in brackets and quotes.
    private func writeNode(_ address: UnsafeRawBufferPointer) {
        guard address.contains(0x3A) else {
            output.append(address)
            return
        }
        output.append("\"[")
        output.append(address)
        output.append("]\"")
    }
}
