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
            // Unconfirmed: the blanks around a body are no part of its value.
            return bodyLength == 0 ? literal("{}") : trimmingSpace(body)
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
            // Source: reference 4.2: names compare in their own case on this side too.
            for span in response.headers.spans where bytesEqual(response.name(of: span), name.bytes) {
                found = response.value(of: span)
            }
            return found
        case .responseHeaderAll(let name):
            guard let response else { return nil }
            let start = arena.count
            var isFirst = true
            for span in response.headers.spans where bytesEqual(response.name(of: span), name.bytes) {
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
            return body.isEmpty ? literal("{}") : trimmingSpace(body)
        case .responseBodyPath(let path, let nested):
            let body = response?.body ?? StaticBytes.empty.bytes
            let outcome = bodyPath(path, body)
            if outcome.isInvalid { fault = .internalError("Invalid JSON in integration response body") }
            if outcome.value == nil, let nested, fault == nil { return errorPath(nested, body) }
            return outcome.value
        case .context(let slot):
            return contextValue(slot)
        case .authorizer(let name):
            return authorizerValue(name.bytes)
        case .anyCaseHeader, .plainBody, .plainBodyPath, .routePath, .decodedPath, .answerHeader, .answerBody,
            .answerBodyPath:
            return mappedValue(of: source)
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

    /// The text without blanks and line ends around it.
    private func trimmingSpace(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte >= 0x09 && byte <= 0x0D }
        var start = 0
        var end = text.count
        while start < end, isSpace(text[start]) { start &+= 1 }
        while end > start, isSpace(text[end &- 1]) { end &-= 1 }
        return UnsafeRawBufferPointer(rebasing: text[start..<end])
    }

    /// A body that some mapping reads must be JSON if it begins as JSON, before templates run and even for a mock,
    /// whose mappings go nowhere. `false` after setting the fault. Source: reference, 4.1 and 4.2.
    func requireMappedBody(_ integration: ServingIntegration) -> Bool {
        guard integration.mapsBody, !isReadableJSON(body) else { return true }
        fault = GatewayFault(
            .default4XX, status: 400, message: "Invalid JSON in request body", log: "request body is no JSON")
        return false
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
        return (value(at: stage.snapshot.paths[path], worker.tape), false)
    }

    /// The value at a JSONPath of a parsed text; `nil` for none, for `null` and for an empty list of hits.
    func value(at path: JSONPath, _ tape: JSONTape) -> UnsafeRawBufferPointer? {
        let start = arena.count
        switch path.answer(tape, from: tape.root) {
        case .none:
            return nil
        case .node(let node) where tape.kind(node) == .null:
            return nil
        case .node(let node) where tape.kind(node).isString:
            tape.appendString(node, into: arena)
        case .list(let nodes) where nodes.isEmpty:
            return nil
        default:
            guard path.emit(tape, from: tape.root, into: arena) else { return nil }
        }
        return arenaBytes(start..<arena.count)
    }

    /// The value at a path below `errorMessage` when that is a text that holds JSON, as functions raise it.
    /// Source: API Gateway guide, "Handle custom Lambda errors": `integration.response.body.errorMessage.x` parses the
    /// text first. Unconfirmed: for other backends than functions.
    @inline(never)
    private func errorPath(_ nested: JSONPath, _ body: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard !body.isEmpty, worker.parse(body) else { return nil }
        let tape = worker.tape
        guard let message = tape.member(tape.root, named: Array("errorMessage".utf8)), tape.kind(message).isString
        else { return nil }
        let text = OutputBuffer(capacity: 256)
        tape.appendString(message, into: text)
        let inner = JSONTape()
        return withExtendedLifetime(text) {
            guard case .ok = inner.parse(text.bytes) else { return nil }
            return value(at: nested, inner)
        }
    }

    // MARK: - $context

    /// Value of a `$context` variable; `nil` when it is absent.
    func contextValue(_ slot: Int) -> UnsafeRawBufferPointer? {
        guard let stage else { return nil }
        if domain != nil, let value = domainValue(slot) { return value }
        let constant = stage.contextConstants[slot].bytes
        if constant.baseAddress != nil { return constant }
        guard let variable = ContextVariable(rawValue: UInt16(truncatingIfNeeded: slot)) else { return nil }
        switch variable {
        case .resourceId: return method?.resourceID.bytes
        case .resourcePath: return method?.resourcePath.bytes
        case .httpMethod: return verbText
        case .requestId: return shownRequestID
        case .extendedRequestId: return extendedID
        case .path:
            // Source: reference 2.1: slashes before the stage are ignored; those after it stay (2.2).
            var start = 0
            while start &+ 1 < path.count, path[start &+ 1] == 0x2F { start &+= 1 }
            return UnsafeRawBufferPointer(rebasing: path[start...])
        case .identitySourceIp: return sourceAddress.bytes
        case .identityApiKey: return apiKeyValue
        case .identityApiKeyId: return apiKey?.key.id.bytes
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
        case .awsEndpointRequestId: return method?.integration.isAWS == true ? response?.header(.amznRequestID) : nil
        case .identityAccountId: return access.caller?.account.bytes
        case .identityCaller, .identityUser: return access.caller?.userID.bytes
        case .identityUserArn: return access.caller?.arn.bytes
        case .identityAccessKey: return access.caller?.accessKeyID.bytes
        case .clientCertPem: return facts?.client?.pem.bytes
        case .clientCertSubjectDN: return facts?.client?.subject.bytes
        case .clientCertIssuerDN: return facts?.client?.issuer.bytes
        case .clientCertSerialNumber: return facts?.client?.serialNumber.bytes
        case .clientCertNotBefore: return facts?.client?.notBefore.bytes
        case .clientCertNotAfter: return facts?.client?.notAfter.bytes
        case .routeKey where worker.isHTTPAPI: return method?.routeKey.bytes
        case .authorizerPrincipalId: return authorizerValue(("principalId" as StaticString).signedBytes)
        case .connectionId, .connectedAt, .eventType, .messageDirection, .messageId, .routeKey, .disconnectStatusCode,
            .disconnectReason:
            return webSocketValue(variable)
        default: return nil
        }
    }

    /// Name and prefix of the custom domain that the request came by; of one with a star, as the request has it.
    private func domainValue(_ slot: Int) -> UnsafeRawBufferPointer? {
        let isPrefix = slot == Int(ContextVariable.domainPrefix.rawValue)
        guard let domain, isPrefix || slot == Int(ContextVariable.domainName.rawValue) else { return nil }
        guard domain.isWildcard else { return (isPrefix ? domain.contextPrefix : domain.contextName).bytes }
        let start = arena.count
        for byte in host {
            if isPrefix, byte == 0x2E { break }
            arena.append(byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte)
        }
        return arenaBytes(start..<arena.count)
    }

    private func appendText(_ text: String) -> UnsafeRawBufferPointer {
        let start = arena.count
        arena.append(text)
        return arenaBytes(start..<arena.count)
    }
}
