// Hot: once per mapped value. Allocates: text for values that only texts can make.

internal import PorticoIR
internal import PorticoPrograms

/// Values of mapping expressions and `$context` variables for one exchange.
///
/// Source: reference, "Parameter mapping expressions" (4.2) and "$context" (6.7).
extension Exchange {
    /// The bytes of `source`, valid until the next append to the arena; `nil` when there is no such value.
    func value(of source: ServingSource) -> UnsafeRawBufferPointer? {
        switch source {
        case .literal(let bytes):
            return bytes.bytes.baseAddress == nil ? nil : bytes.bytes
        case .requestPath(let name):
            guard let names = method?.parameterNames else { return nil }
            for (index, candidate) in names.enumerated() where bytesEqual(candidate.bytes, name.bytes) {
                return index < parameters.count ? pathParameter(index) : nil
            }
            return nil
        case .requestQuery(let name):
            parseQuery()
            guard let found = query.last(where: { bytesEqual(arenaBytes($0.name), name.bytes) }) else { return nil }
            return arenaBytes(found.value)
        case .requestQueryAll(let name):
            parseQuery()
            return joined(query.filter { bytesEqual(arenaBytes($0.name), name.bytes) }.map(\.value))
        case .requestHeader(let name):
            var found: UnsafeRawBufferPointer?
            for span in headers.spans where isVisible(span) && bytesEqual(self.name(of: span), name.bytes) {
                found = value(of: span)
            }
            return found
        case .requestHeaderAll(let name):
            let start = arena.count
            var isFirst = true
            for span in headers.spans where isVisible(span) && bytesEqual(self.name(of: span), name.bytes) {
                if !isFirst { arena.append(0x2C) }
                isFirst = false
                arena.append(value(of: span))
            }
            return isFirst ? nil : arenaBytes(start..<arena.count)
        case .requestBody:
            guard isReadableJSON(body) else {
                // Source: reference 4.2: a body that begins as JSON must be JSON.
                fault = GatewayFault(
                    .default4XX, status: 400, message: "Invalid JSON in request body", log: "request body is no JSON")
                return nil
            }
            return bodyLength == 0 ? literal("{}") : body
        case .requestBodyPath(let path):
            let outcome = bodyPath(path, body)
            if outcome.isInvalid {
                fault = GatewayFault(
                    .default4XX, status: 400, message: "Invalid JSON in request body", log: "request body is no JSON")
            }
            return outcome.value
        case .responseHeader(let name):
            guard let response else { return nil }
            var found: UnsafeRawBufferPointer?
            for span in response.headers.spans where bytesEqualIgnoringCase(response.name(of: span), name.bytes) {
                found = response.value(of: span)
            }
            return found
        case .responseHeaderAll(let name):
            guard let response else { return nil }
            let start = arena.count
            var isFirst = true
            for span in response.headers.spans where bytesEqualIgnoringCase(response.name(of: span), name.bytes) {
                if !isFirst { arena.append(0x2C) }
                isFirst = false
                arena.append(response.value(of: span))
            }
            return isFirst ? nil : arenaBytes(start..<arena.count)
        case .responseBody:
            let body = response?.body ?? StaticBytes.empty.bytes
            guard isReadableJSON(body) else {
                fault = .internalError("Invalid JSON in integration response body")
                return nil
            }
            return body.isEmpty ? literal("{}") : body
        case .responseBodyPath(let path):
            let outcome = bodyPath(path, response?.body ?? StaticBytes.empty.bytes)
            if outcome.isInvalid { fault = .internalError("Invalid JSON in integration response body") }
            return outcome.value
        case .context(let slot):
            return contextValue(slot)
        }
    }

    /// Whether templates and mappings see a header field of the client.
    @inline(__always)
    func isVisible(_ span: HeaderSpan) -> Bool { HeaderRules.hidden & span.known.bit == 0 || span.known == .other }

    private func literal(_ text: StaticString) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    }

    private func joined(_ values: [Range<Int>]) -> UnsafeRawBufferPointer? {
        guard let first = values.first else { return nil }
        if values.count == 1 { return arenaBytes(first) }
        let start = arena.count
        for (index, value) in values.enumerated() {
            if index > 0 { arena.append(0x2C) }
            // The arena may move while it grows, so each piece is taken by its offsets.
            arena.appendOwn(value)
        }
        return arenaBytes(start..<arena.count)
    }

    /// Whether a body that begins as JSON is JSON.
    private func isReadableJSON(_ body: UnsafeRawBufferPointer) -> Bool {
        guard let first = body.first(where: { !($0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09) }) else {
            return true
        }
        guard first == 0x7B || first == 0x5B || first == 0x22 || first == 0x27 else { return true }
        return worker.parse(body)
    }

    /// The value at a JSONPath of `body`; an object or list becomes its JSON text.
    private func bodyPath(
        _ path: Int, _ body: UnsafeRawBufferPointer
    ) -> (value: UnsafeRawBufferPointer?, isInvalid: Bool) {
        guard let stage, !body.isEmpty else { return (nil, false) }
        guard isReadableJSON(body) else { return (nil, true) }
        guard worker.parse(body) else { return (nil, false) }
        let tape = worker.tape
        worker.pathResults.removeAll(keepingCapacity: true)
        let jsonPath = stage.snapshot.paths[path]
        jsonPath.evaluate(tape, from: tape.root, into: &worker.pathResults)
        let start = arena.count
        if jsonPath.isDefinite {
            guard let node = worker.pathResults.first, tape.kind(node) != .null else { return (nil, false) }
            if tape.kind(node).isString { tape.appendString(node, into: arena) } else { tape.emit(node, into: arena) }
        } else {
            guard !worker.pathResults.isEmpty else { return (nil, false) }
            arena.append(0x5B)
            for (index, node) in worker.pathResults.enumerated() {
                if index > 0 { arena.append(0x2C) }
                tape.emit(node, into: arena)
            }
            arena.append(0x5D)
        }
        return (arenaBytes(start..<arena.count), false)
    }

    // MARK: - $context

    /// Value of a `$context` variable; `nil` when it is absent.
    func contextValue(_ slot: Int) -> UnsafeRawBufferPointer? {
        guard let stage else { return nil }
        let constant = stage.contextConstants[slot].bytes
        if constant.baseAddress != nil { return constant }
        guard let variable = ContextVariable(rawValue: UInt16(truncatingIfNeeded: slot)) else { return nil }
        switch variable {
        case .resourceId: return method?.resourceID.bytes
        case .resourcePath: return method?.resourcePath.bytes
        case .httpMethod: return verbText
        case .requestId: return requestID
        case .extendedRequestId: return extendedID
        case .path: return path
        case .identitySourceIp: return sourceAddress.bytes
        case .identityUserAgent: return headerValue(.userAgent)
        case .requestTime:
            let start = arena.count
            arena.append(worker.clock.commonLogTime)
            return arenaBytes(start..<arena.count)
        case .requestTimeEpoch:
            let start = arena.count
            arena.append(decimal: startMilliseconds)
            return arenaBytes(start..<arena.count)
        case .errorMessage:
            return fault.flatMap { fault in (fault.message ?? fault.type.defaultMessage).map(appendText) }
        case .errorMessageString:
            guard let fault else { return nil }
            let start = arena.count
            if let text = fault.message ?? fault.type.defaultMessage {
                JSONText.appendQuoted(text, into: arena)
            } else {
                arena.append("null")
            }
            return arenaBytes(start..<arena.count)
        case .errorResponseType: return fault.map { appendText($0.type.rawValue) }
        case .errorValidationErrorString: return fault?.validationError.map(appendText)
        default: return nil
        }
    }

    private func appendText(_ text: String) -> UnsafeRawBufferPointer {
        let start = arena.count
        arena.append(text)
        return arenaBytes(start..<arena.count)
    }
}
