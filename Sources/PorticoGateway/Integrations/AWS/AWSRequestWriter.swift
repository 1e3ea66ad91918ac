// Hot: once per call of an AWS service. Allocates: nothing once the worker's buffers have grown.

internal import PorticoPrograms

/// Writes the signed request for an AWS service into the worker's message buffer.
///
/// Source: reference, 4.1 (what is sent), 4.2 (mapping), 4.6 (headers), 4.8 (services).
enum AWSRequestWriter {
    /// Writes head and body; `false` after setting a fault.
    static func write(
        _ exchange: Exchange, _ integration: ServingIntegration, _ call: ServingServiceCall,
        credentials: SigningCredentials, body: UnsafeRawBufferPointer
    ) -> Bool {
        let worker = exchange.worker
        let output = worker.message
        let writer = HTTPRequestWriter(exchange, integration)
        output.reset()
        let method = writer.writeVerb()
        guard writer.writeTarget(call.target, encoding: .reencoded) != nil, writer.writeQuery(call.hasQuery) else {
            return false
        }
        // Unconfirmed: that a call whose author names a target, and so speaks JSON, has nothing of the Query protocol.
        if !call.parameters.isEmpty, !setsTarget(exchange, integration) { appendParameters(call, output) }
        output.append(" HTTP/1.1\r\n")
        // Source: reference 4.1: no body goes with these verbs.
        let hasBody = method != .get && method != .head && method != .options
        var written: UInt64 = 0
        var mapped: UInt64 = 0
        guard writer.writeMapped(&written, &mapped) else { return false }
        if written & KnownHeader.host.bit == 0 { output.append(call.address.hostLine.bytes) }
        if written & KnownHeader.amzTarget.bit == 0 { output.append(call.targetLine.bytes) }
        if !call.contentTypeLine.isEmpty, hasBody, written & KnownHeader.contentType.bit == 0 {
            output.append(call.contentTypeLine.bytes)
            written |= KnownHeader.contentType.bit
        }
        writer.writeDefaults(written, hasBody: hasBody)
        writer.writeGatewayIDs(written)
        if hasBody {
            output.append("Content-Length: ")
            output.append(decimal: body.count)
            output.append("\r\n")
        }
        let payload = hasBody ? body : UnsafeRawBufferPointer(start: nil, count: 0)
        guard
            worker.signer.sign(
                output, from: 0, payload: .body(payload), scope: call.scope, credentials: credentials,
                epochMilliseconds: worker.clock.milliseconds, style: call.pathStyle)
        else {
            exchange.fault = .configuration("the call of \(call.name) cannot be signed")
            return false
        }
        output.append("\r\n")
        output.append(payload)
        return true
    }

    /// Whether the author sets `X-Amz-Target`.
    private static func setsTarget(_ exchange: Exchange, _ integration: ServingIntegration) -> Bool {
        for mapping in integration.requestMappings where mapping.known == .amzTarget && mapping.target == .header {
            return true
        }
        return exchange.overrides.requestHeaders.contains {
            KnownHeader.named(String(decoding: $0.name, as: UTF8.self)) == .amzTarget
        }
    }

    /// Adds the call's own parameters that neither the URI nor a mapping nor a template has set.
    private static func appendParameters(_ call: ServingServiceCall, _ output: OutputBuffer) {
        for parameter in call.parameters {
            let line = output.bytes
            let mark = line.firstIndex(of: 0x3F)
            if let mark, has(parameter.name.bytes, UnsafeRawBufferPointer(rebasing: line[(mark &+ 1)...])) { continue }
            output.append(mark == nil ? 0x3F : 0x26)
            output.append(parameter.whole.bytes)
        }
    }

    /// Whether a query has a parameter whose name with `=` that is.
    private static func has(_ name: UnsafeRawBufferPointer, _ query: UnsafeRawBufferPointer) -> Bool {
        var start = 0
        while start < query.count {
            let rest = UnsafeRawBufferPointer(rebasing: query[start...])
            if rest.starts(with: name) { return true }
            guard let next = rest.firstIndex(of: 0x26) else { return false }
            start &+= next &+ 1
        }
        return false
    }
}
