// Hot: once per call of an HTTP backend. Allocates: nothing once the worker's buffers have grown.

internal import PorticoIR
internal import PorticoPrograms

/// Writes the request for an HTTP backend into the worker's message buffer.
///
/// Source: reference, 4.1 (what is sent), 4.2 (mapping), 4.6 (headers).
struct HTTPRequestWriter {
    let exchange: Exchange
    let integration: ServingIntegration
    let worker: Worker
    let output: OutputBuffer
    private var isProxy: Bool { integration.kind == .httpProxy }

    init(_ exchange: Exchange, _ integration: ServingIntegration) {
        self.exchange = exchange
        self.integration = integration
        worker = exchange.worker
        output = exchange.worker.message
    }

    /// Writes head and body; gives the pool to send them by, or `nil` after setting a fault.
    static func write(
        _ exchange: Exchange, _ integration: ServingIntegration, body: UnsafeRawBufferPointer
    ) -> UpstreamPool? {
        HTTPRequestWriter(exchange, integration).write(body)
    }

    private func write(_ body: UnsafeRawBufferPointer) -> UpstreamPool? {
        output.reset()
        let method = writeVerb()
        let pool: UpstreamPool
        let hostLine: StaticBytes
        switch integration.endpoint {
        case .fixed(let address):
            pool = worker.pool(for: address)
            hostLine = address.hostLine
            output.append(address.requestTarget.bytes)
            guard writeQuery(address.requestTarget.bytes.contains(0x3F)) else { return nil }
        case .pathTemplate(let address, let segments):
            pool = worker.pool(for: address)
            hostLine = address.hostLine
            guard let hasQuery = writeTarget(segments), writeQuery(hasQuery) else { return nil }
        case .template(let segments):
            guard let address = resolve(segments), mayCall(address.target) else { return nil }
            pool = worker.uncachedPool(for: address.target)
            hostLine = address.hostLine
            output.append(address.requestTarget.bytes)
            guard writeQuery(address.requestTarget.bytes.contains(0x3F)) else { return nil }
        case .linked(let linked):
            guard let chosen = writeLinked(linked) else { return nil }
            (pool, hostLine) = chosen
        case .unusable(let reason):
            exchange.fault = .configuration(reason)
            return nil
        case .invalid, .none:
            // Recorded: 500 Internal server error, the text only in the execution log.
            exchange.fault = .configuration("Invalid endpoint address")
            return nil
        }
        output.append(" HTTP/1.1\r\n")
        // Source: reference 4.1: no body goes with these verbs.
        var hasBody = method != .get && method != .head && method != .options
        // Unconfirmed: HTTP APIs pass a body with any verb.
        if integration.isRoute, !body.isEmpty { hasBody = true }
        guard writeHeaders(hostLine: hostLine, hasBody: hasBody) else { return nil }
        if let parameters = integration.parameters { RequestParameterFilter.apply(parameters, exchange, to: output) }
        if !hasBody {
            output.append("\r\n")
        } else {
            output.append("Content-Length: ")
            output.append(decimal: body.count)
            output.append("\r\n\r\n")
            output.append(body)
        }
        return pool
    }

    // MARK: - VPC links

    /// Writes the target that the address gives, and gives the host whose turn it is.
    @inline(never)
    private func writeLinked(_ linked: LinkedEndpoint) -> (pool: UpstreamPool, hostLine: StaticBytes)? {
        let uri: EndpointAddress
        switch linked.uri {
        case .fixed(let address):
            uri = address
            output.append(address.requestTarget.bytes)
            guard writeQuery(address.requestTarget.bytes.contains(0x3F)) else { return nil }
        case .pathTemplate(let address, let segments):
            uri = address
            guard let hasQuery = writeTarget(segments), writeQuery(hasQuery) else { return nil }
        case .template(let segments):
            guard let address = resolve(segments) else { return nil }
            uri = address
            output.append(address.requestTarget.bytes)
            guard writeQuery(address.requestTarget.bytes.contains(0x3F)) else { return nil }
        case .none, .invalid, .unusable, .linked:
            exchange.fault = .configuration("Invalid endpoint address")
            return nil
        }
        let state = worker.vpcLinks.state(of: linked.link)
        let host = state.choose(for: uri.target)
        if host < linked.addresses.count {
            return (state.watch(worker.pool(for: linked.addresses[host]), of: host), uri.hostLine)
        }
        let target = ServingVPCLink.target(of: linked.link.hosts[host], for: uri.target)
        guard mayCall(target) else { return nil }
        return (state.watch(worker.uncachedPool(for: target), of: host), uri.hostLine)
    }

    /// Whether a backend whose address a request made can be shown what the stage wants to show; sets the fault if not.
    private func mayCall(_ target: UpstreamTarget) -> Bool {
        guard target.isTLS, case .missing(let reason) = integration.clientIdentity else { return true }
        exchange.fault = .configuration(reason)
        return false
    }

    // MARK: - Target

    /// Writes the verb and a blank.
    func writeVerb() -> HTTPMethod {
        let isCallers = integration.httpMethod.isEmpty
        let verb = isCallers ? exchange.verbText : integration.httpMethod.bytes
        let method = isCallers ? HTTPMethod(rawValue: exchange.verb) ?? .other : integration.method
        worker.wroteHead = method == .head
        worker.wroteIdempotent = method != .post && method != .patch
        output.append(verb)
        output.append(0x20)
        return method
    }

    /// How the value of a placeholder is written.
    enum ValueEncoding {
        /// As it came, but for what would end the path.
        case raw
        /// Decoded and encoded anew, so that there is one way to write it, which is the one that is signed.
        case reencoded
    }

    /// Writes path segments with their placeholders filled; gives whether a `?` was among them.
    func writeTarget(_ segments: [EndpointSegment], encoding: ValueEncoding = .raw) -> Bool? {
        let start = output.count
        for segment in segments {
            switch segment {
            case .literal(let text): output.append(text.bytes)
            case .placeholder(let name, let text):
                switch pathValue(name) {
                case .value(let value): writeValue(value, encoding)
                // Source: reference 4.2: an unresolved {name} stays as it is; braces are encoded on the wire.
                case .absent: writeValue(text.bytes, encoding)
                case .fault: return nil
                }
            case .requestPath: RawPath.append(exchange.contextPath, into: output)
            }
        }
        return output.bytes(from: start).contains(0x3F)
    }

    private func writeValue(_ value: UnsafeRawBufferPointer, _ encoding: ValueEncoding) {
        switch encoding {
        case .raw: RawPath.append(value, into: output)
        case .reencoded: SigV4Encoding.appendReencoded(value, to: output, keepingSlash: true)
        }
    }

    private enum PathValue {
        case value(UnsafeRawBufferPointer)
        case absent
        case fault
    }

    /// Value of a path placeholder: a template's override, else the mapping.
    private func pathValue(_ name: StaticBytes) -> PathValue {
        if !exchange.overrides.isEmpty, let value = exchange.overrides.requestPath(named: name.bytes) {
            let start = exchange.arena.count
            exchange.arena.append(value)
            return .value(exchange.arenaBytes(start..<exchange.arena.count))
        }
        for mapping in integration.requestMappings
        where mapping.target == .path && bytesEqual(mapping.name.bytes, name.bytes) {
            if let value = exchange.value(of: mapping.source), !value.isEmpty { return .value(value) }
            if exchange.fault != nil { return .fault }
        }
        return .absent
    }

    /// The whole address of an endpoint whose host is mapped.
    @inline(never)
    private func resolve(_ segments: [EndpointSegment]) -> EndpointAddress? {
        var text: [UInt8] = []
        for segment in segments {
            switch segment {
            case .literal(let literal): text.append(contentsOf: literal.bytes)
            case .placeholder(let name, let literal):
                switch pathValue(name) {
                case .value(let value): text.append(contentsOf: value)
                case .absent: text.append(contentsOf: literal.bytes)
                case .fault: return nil
                }
            case .requestPath: text.append(contentsOf: exchange.contextPath)
            }
        }
        let addressPool = BytePool()
        exchange.addressPool = addressPool
        guard
            let address = EndpointAddress.parse(
                String(decoding: text, as: UTF8.self), skipsAuthority: integration.skipsCertificateAuthority,
                pool: addressPool, identity: integration.clientIdentity)
        else {
            exchange.fault = .configuration("Invalid endpoint address")
            return nil
        }
        return address
    }

    // MARK: - Query

    /// Writes the client's query (proxies), mapped parameters and a template's overrides; `false` after a fault.
    func writeQuery(_ hasQuery: Bool) -> Bool {
        var separator: UInt8 = hasQuery ? 0x26 : 0x3F
        if isProxy, exchange.head.queryLength > 0 {
            output.append(separator)
            output.append(exchange.rawQuery)
            separator = 0x26
        }
        for mapping in integration.requestMappings where mapping.target == .querystring {
            if exchange.overrides.overridesRequestQuery(mapping.name.bytes) { continue }
            if case .requestQueryAll(let name) = mapping.source {
                // An only value that is empty is left out, as every empty value is.
                if exchange.value(of: mapping.source)?.isEmpty ?? true { continue }
                for parameter in exchange.query where bytesEqual(exchange.arenaBytes(parameter.name), name.bytes) {
                    writeParameter(mapping.name.bytes, exchange.arenaBytes(parameter.value), &separator)
                }
                continue
            }
            guard let value = exchange.value(of: mapping.source), !value.isEmpty else {
                if exchange.fault != nil { return false }
                continue
            }
            writeParameter(mapping.name.bytes, value, &separator)
        }
        if !exchange.overrides.isEmpty {
            for parameter in exchange.overrides.requestQuery {
                for value in parameter.values {
                    parameter.name.withUnsafeBytes { name in
                        value.withUnsafeBytes { writeParameter(name, $0, &separator) }
                    }
                }
            }
        }
        return true
    }

    private func writeParameter(
        _ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, _ separator: inout UInt8
    ) {
        output.append(separator)
        separator = 0x26
        PercentText.appendEncoded(name, .component, into: output)
        output.append(0x3D)
        PercentText.appendEncoded(value, .component, into: output)
    }

    // MARK: - Headers

    /// Writes all header lines but `Content-Length`; `false` after a fault.
    private func writeHeaders(hostLine: StaticBytes, hasBody: Bool) -> Bool {
        var written: UInt64 = 0
        var mapped: UInt64 = 0
        guard writeMapped(&written, &mapped) else { return false }
        if written & KnownHeader.host.bit == 0 { output.append(hostLine.bytes) }
        if integration.isRoute {
            forwardRoute(written, mapped)
            return true
        }
        if isProxy {
            forward(written, mapped)
            writeForwarded(written)
        } else {
            writeDefaults(written, hasBody: hasBody)
        }
        writeGatewayIDs(written)
        return true
    }

    /// Writes what backends other than proxied ones are sent if no mapping says otherwise.
    func writeDefaults(_ written: UInt64, hasBody: Bool) {
        if written & KnownHeader.accept.bit == 0 { output.append("Accept: application/json\r\n") }
        if written & KnownHeader.userAgent.bit == 0, let stage = exchange.stage {
            output.append(stage.userAgent.bytes)
        }
        if hasBody, written & KnownHeader.contentType.bit == 0, let type = exchange.headerValue(.contentType) {
            output.append("Content-Type: ")
            output.append(type)
            output.append("\r\n")
        }
    }

    /// Writes what every backend is sent.
    func writeGatewayIDs(_ written: UInt64) {
        if let stage = exchange.stage { output.append(stage.apiIDHeader.bytes) }
        if written & KnownHeader.amznTraceID.bit == 0 {
            exchange.traceID = TraceID.make(exchange)
            output.append("X-Amzn-Trace-Id: ")
            output.append(exchange.arenaBytes(exchange.traceID))
            output.append("\r\n")
        }
        if exchange.trace.isOn { writeTraceparent() }
    }

    /// Writes the trace as W3C Trace Context has it, unless a mapping does.
    func writeTraceparent() {
        let name = ("traceparent" as StaticString).signedBytes
        for mapping in integration.requestMappings
        where mapping.target == .header && bytesEqualIgnoringCase(mapping.name.bytes, name) { return }
        output.append("traceparent: ")
        output.appendUninitialized(Traceparent.length) { exchange.trace.traceparent.write(to: $0) }
        output.append("\r\n")
    }

    /// Writes the mapped headers that have a value: notes known ones in `written` by their bit, and the first 64
    /// mappings in `mapped` by their position.
    func writeMapped(_ written: inout UInt64, _ mapped: inout UInt64) -> Bool {
        for (position, mapping) in integration.requestMappings.enumerated()
        where mapping.target == .header && mapping.effect == .set {
            if exchange.overrides.overridesRequestHeader(mapping.name.bytes) { continue }
            guard let value = exchange.value(of: mapping.source), !value.isEmpty else {
                if exchange.fault != nil { return false }
                continue
            }
            if mapping.known != .other { written |= mapping.known.bit }
            if position < 64 { mapped |= 1 << UInt64(position) }
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
                if HeaderRules.mappingFails(isAWS: integration.isAWS) & known.bit != 0 {
                    exchange.fault = header.name.withUnsafeBytes(RefusedMappings.fault)
                    return false
                }
                if HeaderRules.mappingDropped(isAWS: integration.isAWS) & known.bit != 0 { continue }
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

    /// Writes the client's fields that a proxy forwards.
    private func forward(_ written: UInt64, _ mapped: UInt64) {
        let skipped =
            HeaderRules.notForwarded | written | KnownHeader.amznTraceID.bit | KnownHeader.forwardedFor.bit
            | KnownHeader.forwardedPort.bit | KnownHeader.forwardedProto.bit
        for span in exchange.headers.spans {
            if span.known != .other {
                if skipped & span.known.bit != 0 { continue }
                if span.known == .authorization, isSignature(exchange.value(of: span)) { continue }
            } else if isMapped(exchange.name(of: span), mapped) {
                continue
            } else if exchange.trace.isOn,
                bytesEqualIgnoringCase(exchange.name(of: span), ("traceparent" as StaticString).signedBytes)
            {
                // Ours goes on with it.
                continue
            }
            let length = Int(span.valueOffset) &+ Int(span.valueLength) &- Int(span.nameOffset)
            // Name, colon, blanks and value stand together in the request.
            output.append(exchange.slice(Int(span.nameOffset), length))
            output.append("\r\n")
        }
    }

    /// Source: reference 4.6: `Authorization` is dropped if it is a SigV4 signature.
    func isSignature(_ value: UnsafeRawBufferPointer) -> Bool {
        value.starts(with: "AWS4-HMAC-SHA256".utf8)
    }

    /// Whether a mapping has written that header. One without a value leaves the client's alone; beyond the first 64
    /// mappings, whose values are not noted, every one counts.
    func isMapped(_ name: UnsafeRawBufferPointer, _ mapped: UInt64) -> Bool {
        for (position, mapping) in integration.requestMappings.enumerated()
        where mapping.target == .header && mapping.known == .other && mapping.effect == .set
            && (position >= 64 || mapped & 1 << UInt64(position) != 0)
            && bytesEqualIgnoringCase(mapping.name.bytes, name)
        {
            return true
        }
        return false
    }

    private func writeForwarded(_ written: UInt64) {
        if written & KnownHeader.forwardedFor.bit == 0 {
            output.append("X-Forwarded-For: ")
            if let chain = exchange.headerValue(.forwardedFor), !chain.isEmpty {
                output.append(chain)
                output.append(", ")
            }
            output.append(exchange.sourceAddress.bytes)
            output.append("\r\n")
        }
        if written & KnownHeader.forwardedPort.bit == 0 {
            output.append("X-Forwarded-Port: ")
            output.append(decimal: exchange.localPort)
            output.append("\r\n")
        }
        if written & KnownHeader.forwardedProto.bit == 0 {
            output.append(exchange.isTLS ? "X-Forwarded-Proto: https\r\n" : "X-Forwarded-Proto: http\r\n")
        }
    }
}
