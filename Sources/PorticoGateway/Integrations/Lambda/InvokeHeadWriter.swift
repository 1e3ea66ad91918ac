// Hot: once per call of a function by an integration that is no proxy. Allocates: nothing.

internal import PorticoPrograms

/// Writes the head of an Invoke call with what the integration maps.
///
/// Source: reference, 4.1 (what is sent), 4.2 (mapping), 4.6 (headers).
enum InvokeHeadWriter {
    /// Writes request line and headers up to those that every call has into the worker's message; `false` after setting
    /// a fault.
    static func write(_ exchange: Exchange, _ integration: ServingIntegration, _ address: EndpointAddress) -> Bool {
        guard isPost(exchange, integration) else { return false }
        let output = exchange.worker.message
        let writer = HTTPRequestWriter(exchange, integration)
        output.append("POST ")
        output.append(address.requestTarget.bytes)
        // Mapped parameters, such as `Qualifier`.
        guard writer.writeQuery(address.requestTarget.bytes.contains(0x3F)) else { return false }
        output.append(" HTTP/1.1\r\n")
        var written: UInt64 = 0
        var mapped: UInt64 = 0
        guard writer.writeMapped(&written, &mapped) else { return false }
        if written & KnownHeader.host.bit == 0 { output.append(address.hostLine.bytes) }
        writer.writeDefaults(written, hasBody: true)
        if let stage = exchange.stage { output.append(stage.apiIDHeader.bytes) }
        output.append("x-amzn-lambda-integration-tag: ")
        output.append(exchange.requestID)
        output.append("\r\n")
        return true
    }

    /// Whether the integration calls with POST, as Invoke wants it; sets the fault if not.
    static func isPost(_ exchange: Exchange, _ integration: ServingIntegration) -> Bool {
        let verb = integration.httpMethod.isEmpty ? exchange.verbText : integration.httpMethod.bytes
        guard !verb.elementsEqual("POST".utf8) else { return true }
        var fault = GatewayFault.configuration("Invalid permissions on Lambda function")
        fault.cause =
            "a function is invoked with POST, not \(String(decoding: verb, as: UTF8.self)); set httpMethod of the "
            + "integration to POST"
        exchange.fault = fault
        return false
    }

    /// Value of a header that a template or a mapping sets. The name compares without case.
    static func header(
        _ name: StaticString, _ exchange: Exchange, _ integration: ServingIntegration
    ) -> UnsafeRawBufferPointer? {
        let wanted = UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        if !exchange.overrides.isEmpty {
            for header in exchange.overrides.requestHeaders {
                let isWanted = header.name.withUnsafeBytes { bytesEqualIgnoringCase($0, wanted) }
                guard isWanted, let value = header.values.last else { continue }
                let start = exchange.arena.count
                exchange.arena.append(value)
                return exchange.arenaBytes(start..<exchange.arena.count)
            }
        }
        for mapping in integration.requestMappings
        where mapping.target == .header && mapping.effect == .set
            && bytesEqualIgnoringCase(mapping.name.bytes, wanted)
        {
            return exchange.value(of: mapping.source)
        }
        return nil
    }
}
