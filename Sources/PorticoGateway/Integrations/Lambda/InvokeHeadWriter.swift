// Hot: once per call of a function by an integration that is no proxy. Allocates: nothing.

internal import PorticoPrograms

/// Writes the head of an Invoke call with what the integration maps.
///
/// Source: reference, 4.1 (what is sent), 4.2 (mapping), 4.6 (headers).
enum InvokeHeadWriter {
    /// Writes request line and headers up to those that every call has; `false` after setting a fault.
    static func write(
        _ exchange: Exchange, _ integration: ServingIntegration, _ address: EndpointAddress, into output: OutputBuffer
    ) -> Bool {
        guard isPost(exchange, integration) else { return false }
        output.append("POST ")
        output.append(address.requestTarget.bytes)
        guard writeQuery(exchange, integration, hasQuery: address.requestTarget.bytes.contains(0x3F), into: output)
        else { return false }
        output.append(" HTTP/1.1\r\n")
        var written: UInt64 = 0
        guard writeMapped(exchange, integration, &written, into: output) else { return false }
        if written & KnownHeader.host.bit == 0 { output.append(address.hostLine.bytes) }
        if written & KnownHeader.accept.bit == 0 { output.append("Accept: application/json\r\n") }
        if let stage = exchange.stage {
            if written & KnownHeader.userAgent.bit == 0 { output.append(stage.userAgent.bytes) }
            output.append(stage.apiIDHeader.bytes)
        }
        if written & KnownHeader.contentType.bit == 0, let type = exchange.headerValue(.contentType) {
            output.append("Content-Type: ")
            output.append(type)
            output.append("\r\n")
        }
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

    private static func writeMapped(
        _ exchange: Exchange, _ integration: ServingIntegration, _ written: inout UInt64, into output: OutputBuffer
    ) -> Bool {
        for mapping in integration.requestMappings where mapping.target == .header && mapping.effect == .set {
            if exchange.overrides.overridesRequestHeader(mapping.name.bytes) { continue }
            guard let value = exchange.value(of: mapping.source), !value.isEmpty else {
                if exchange.fault != nil { return false }
                continue
            }
            if mapping.known != .other { written |= mapping.known.bit }
            ResponseWriter.header(output, mapping.name.bytes, value)
        }
        guard !exchange.overrides.isEmpty else { return true }
        for header in exchange.overrides.requestHeaders {
            let isName = header.name.withUnsafeBytes { bytes in
                !bytes.isEmpty && bytes.allSatisfy { HeaderTables.shared.isOf(HeaderTables.tokenClass, $0) }
            }
            guard isName else { continue }
            let known = KnownHeader.named(String(decoding: header.name, as: UTF8.self))
            if known != .other {
                if HeaderRules.mappingFails(isAWS: true) & known.bit != 0 {
                    exchange.fault = header.name.withUnsafeBytes(RefusedMappings.fault)
                    return false
                }
                if HeaderRules.mappingDropped(isAWS: true) & known.bit != 0 { continue }
                written |= known.bit
            }
            for value in header.values {
                header.name.withUnsafeBytes { name in
                    value.withUnsafeBytes { ResponseWriter.header(output, name, $0) }
                }
            }
        }
        return true
    }

    /// Mapped parameters, such as `Qualifier`.
    private static func writeQuery(
        _ exchange: Exchange, _ integration: ServingIntegration, hasQuery: Bool, into output: OutputBuffer
    ) -> Bool {
        var separator: UInt8 = hasQuery ? 0x26 : 0x3F
        func write(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
            output.append(separator)
            separator = 0x26
            PercentText.appendEncoded(name, .component, into: output)
            output.append(0x3D)
            PercentText.appendEncoded(value, .component, into: output)
        }
        for mapping in integration.requestMappings where mapping.target == .querystring {
            if exchange.overrides.overridesRequestQuery(mapping.name.bytes) { continue }
            guard let value = exchange.value(of: mapping.source), !value.isEmpty else {
                if exchange.fault != nil { return false }
                continue
            }
            write(mapping.name.bytes, value)
        }
        guard !exchange.overrides.isEmpty else { return true }
        for parameter in exchange.overrides.requestQuery {
            for value in parameter.values {
                parameter.name.withUnsafeBytes { name in value.withUnsafeBytes { write(name, $0) } }
            }
        }
        return true
    }
}
