// Hot: once per call of a function behind a route of an HTTP API. Allocates: nothing once its lists have grown.

internal import PorticoPrograms

/// The event of payload 2.0. What is empty is left out.
///
/// Source: reference, "Lambda payload 2.0" (1.3).
extension ProxyEventWriter {
    /// Appends the event of a route in its format.
    func writeRoute(_ exchange: Exchange, _ event: ServingRouteEvent, into output: OutputBuffer) {
        // Everything that is made in the arena comes before pointers into it are taken.
        exchange.parseQuery()
        exchange.traceID = TraceID.makeRoute(exchange)
        output.reserve(2048)
        if event.format == .http1 {
            output.append("{\"version\":\"1.0\",")
            writePayload1(exchange, event, into: output)
        } else {
            output.append("{\"version\":\"2.0\",")
            writePayload2(exchange, event, into: output)
            writeBody2(exchange, output)
        }
        output.append(0x7D)
    }

    /// Appends all members of the event but `version` and what tells of the body, without braces around them and with no
    /// comma behind the last one.
    func writePayload2(_ exchange: Exchange, _ event: ServingRouteEvent, into output: OutputBuffer) {
        output.append(event.route.bytes)
        // Source: reference, decision 8: with the stage, unless it is `$default`, whose path has none.
        EventText.appendQuoted(exchange.contextPath, into: output)
        output.append(",\"rawQueryString\":")
        EventText.appendQuoted(exchange.rawQuery, into: output)
        collectRouteFields(exchange, takesCookies: true)
        writeCookies(exchange, output)
        output.append(",\"headers\":{")
        writeJoinedHeaders(exchange, output)
        output.append(0x7D)
        writeJoinedQuery(exchange, output)
        output.append(",\"requestContext\":{")
        writeContext2(exchange, event, output)
        output.append(0x7D)
        writePathParameters2(exchange, event, output)
        if !event.stageVariables.isEmpty {
            output.append(",\"stageVariables\":")
            output.append(event.stageVariables.bytes)
        }
    }

    // MARK: - Headers

    /// Gathers the fields that functions see; without cookies, if they are told apart.
    func collectRouteFields(_ exchange: Exchange, takesCookies: Bool) {
        let left = takesCookies ? Self.left | KnownHeader.cookie.bit : Self.left
        fields.removeAll(keepingCapacity: true)
        for span in exchange.headers.spans {
            if span.known != .other {
                if left & span.known.bit != 0 { continue }
                // Source: reference 3.1 (8): a signature is for the gateway alone.
                if span.known == .authorization, exchange.value(of: span).starts(with: "AWS4-HMAC-SHA256".utf8) {
                    continue
                }
            }
            fields.append(span)
        }
    }

    /// `cookies`: what the `cookie` fields hold, cut at semicolons.
    private func writeCookies(_ exchange: Exchange, _ output: OutputBuffer) {
        guard exchange.headers.contains(.cookie) else { return }
        var isFirst = true
        for span in exchange.headers.spans where span.known == .cookie {
            let value = exchange.value(of: span)
            var start = 0
            while start < value.count {
                var end = start
                while end < value.count, value[end] != 0x3B { end &+= 1 }
                let cookie = trimmingBlanks(UnsafeRawBufferPointer(rebasing: value[start..<end]))
                start = end &+ 1
                guard !cookie.isEmpty else { continue }
                output.append(isFirst ? ",\"cookies\":[" : ",")
                isFirst = false
                EventText.appendQuoted(cookie, into: output)
            }
        }
        if !isFirst { output.append(0x5D) }
    }

    /// Writes the members of `headers`: lower case, values of one name joined by commas.
    private func writeJoinedHeaders(_ exchange: Exchange, _ output: OutputBuffer) {
        groups.group(fields.count, ignoresCase: true) { exchange.name(of: fields[$0]) }
        for index in fields.indices where groups.isFirst(index) {
            writeLowerName(exchange.name(of: fields[index]), output)
            output.append(0x22)
            var place = index
            while true {
                EventText.appendEscaped(exchange.value(of: fields[place]), into: output)
                place = Int(groups.next[place])
                if place < 0 { break }
                output.append(0x2C)
            }
            output.append("\",")
        }
        writeRouteOwnHeaders(exchange, output, isList: false)
    }

    /// Writes a name in lower case and its colon. A token has nothing that JSON escapes.
    func writeLowerName(_ name: UnsafeRawBufferPointer, _ output: OutputBuffer) {
        output.append(0x22)
        output.appendUninitialized(name.count) { target in
            for (index, byte) in name.enumerated() {
                let isUpper = byte &- 0x41 < 26
                target.storeBytes(of: isUpper ? byte | 0x20 : byte, toByteOffset: index, as: UInt8.self)
            }
        }
        output.append("\":")
    }

    /// Writes the gateway's own fields, without a comma behind them. Observed: `content-length` is among them.
    func writeRouteOwnHeaders(_ exchange: Exchange, _ output: OutputBuffer, isList: Bool) {
        output.append(isList ? "\"content-length\":[\"" : "\"content-length\":\"")
        output.append(decimal: exchange.bodyLength)
        output.append(isList ? "\"]," : "\",")
        writeOwnHeaders(exchange, output, isList: isList, names: .ofHTTPAPIs)
    }

    // MARK: - Parameters

    /// `queryStringParameters`: decoded, values of one name joined by commas.
    private func writeJoinedQuery(_ exchange: Exchange, _ output: OutputBuffer) {
        let query = exchange.query
        guard !query.isEmpty else { return }
        groups.group(query.count, ignoresCase: false) { exchange.arenaBytes(query[$0].name) }
        var isFirst = true
        for index in query.indices where groups.isFirst(index) {
            output.append(isFirst ? ",\"queryStringParameters\":{" : ",")
            isFirst = false
            EventText.appendQuoted(exchange.arenaBytes(query[index].name), into: output)
            output.append(":\"")
            var place = index
            while true {
                EventText.appendEscaped(exchange.arenaBytes(query[place].value), into: output)
                place = Int(groups.next[place])
                if place < 0 { break }
                output.append(0x2C)
            }
            output.append(0x22)
        }
        output.append(0x7D)
    }

    /// `pathParameters`, decoded.
    private func writePathParameters2(_ exchange: Exchange, _ event: ServingRouteEvent, _ output: OutputBuffer) {
        let count = min(event.parameterNames.count, exchange.parameters.count)
        guard count > 0 else { return }
        output.append(",\"pathParameters\":{")
        for index in 0..<count {
            if index > 0 { output.append(0x2C) }
            output.append(event.parameterNames[index].bytes)
            let start = exchange.arena.count
            PercentText.appendDecoded(exchange.pathParameter(index), plusIsBlank: false, into: exchange.arena)
            EventText.appendQuoted(exchange.arenaBytes(start..<exchange.arena.count), into: output)
        }
        output.append(0x7D)
    }

    // MARK: - Context

    private func writeContext2(_ exchange: Exchange, _ event: ServingRouteEvent, _ output: OutputBuffer) {
        output.append(event.api.bytes)
        if let client = exchange.facts?.client {
            // Kept as `,"clientCert":{...}`.
            output.append(",\"authentication\":{")
            output.append(UnsafeRawBufferPointer(rebasing: client.event.bytes.dropFirst()))
            output.append(0x7D)
        }
        writeRouteAuthorizer(exchange, event.format, output)
        output.append(",\"domainName\":")
        appendContext(.domainName, exchange, output)
        output.append(",\"domainPrefix\":")
        appendContext(.domainPrefix, exchange, output)
        output.append(",\"http\":{\"method\":\"")
        output.append(exchange.verbText)
        output.append("\",\"path\":")
        EventText.appendQuoted(exchange.contextPath, into: output)
        // Source: reference 1.3: also for clients of HTTP/2.
        output.append(",\"protocol\":\"HTTP/1.1\",\"sourceIp\":\"")
        output.append(exchange.sourceAddress.bytes)
        output.append("\",\"userAgent\":")
        EventText.appendQuoted(exchange.headerValue(.userAgent) ?? StaticBytes.empty.bytes, into: output)
        output.append("},\"requestId\":\"")
        output.append(exchange.extendedID)
        output.append("\",")
        output.append(event.stage.bytes)
        output.append(exchange.worker.clock.commonLogTime)
        output.append("\",\"timeEpoch\":")
        output.append(decimal: exchange.startMilliseconds)
    }

    /// `authorizer`: what an authorizer said. Nothing in 2.0 without one; in 1.0 there are two members that are null.
    func writeRouteAuthorizer(_ exchange: Exchange, _ format: PayloadFormat, _ output: OutputBuffer) {
        guard format == .http1 || AuthorizerMember.exists(exchange) else { return }
        output.append(",\"authorizer\":")
        if format == .http1 {
            AuthorizerMember.writeFormat1(exchange, into: output)
        } else {
            AuthorizerMember.writeFormat2(exchange, into: output)
        }
    }

    // MARK: - Body

    private func writeBody2(_ exchange: Exchange, _ output: OutputBuffer) {
        guard exchange.bodyLength > 0 else {
            output.append(",\"isBase64Encoded\":false")
            return
        }
        output.append(",\"body\":")
        writeRouteBody(exchange, output)
    }

    /// Writes the body as text, or as base64 what is none, and `isBase64Encoded`.
    func writeRouteBody(_ exchange: Exchange, _ output: OutputBuffer) {
        if RouteText.isText(exchange) {
            EventText.appendQuoted(exchange.body, into: output)
            output.append(",\"isBase64Encoded\":false")
        } else {
            output.append(0x22)
            Base64Text.appendEncoded(exchange.body, into: output)
            output.append("\",\"isBase64Encoded\":true")
        }
    }
}

/// Which bodies are text in events of HTTP APIs, which have no list of binary media types.
///
/// Source: reference 1.3. Unconfirmed: that forms are text, and that a content coding makes a body binary.
enum RouteText {
    /// Whether the body of a request is text.
    static func isText(_ exchange: Exchange) -> Bool {
        if exchange.headers.contains(.contentEncoding), let coding = exchange.headerValue(.contentEncoding),
            !coding.isEmpty, !bytesEqualIgnoringCase(coding, ("identity" as StaticString).signedBytes)
        {
            return false
        }
        // Unconfirmed: a body without a type is text.
        guard let type = exchange.headerValue(.contentType), !type.isEmpty else { return true }
        return isText(MediaTypes.essence(type))
    }

    /// Whether a media type without parameters is one of texts.
    static func isText(_ type: UnsafeRawBufferPointer) -> Bool {
        for known in exact where bytesEqualIgnoringCase(type, known.signedBytes) { return true }
        for suffix in suffixes where type.count > suffix.utf8CodeUnitCount {
            let end = UnsafeRawBufferPointer(rebasing: type[(type.count &- suffix.utf8CodeUnitCount)...])
            if bytesEqualIgnoringCase(end, suffix.signedBytes) { return true }
        }
        let text: StaticString = "text/"
        return type.count > 5
            && bytesEqualIgnoringCase(UnsafeRawBufferPointer(rebasing: type[..<5]), text.signedBytes)
    }

    private static let exact: [StaticString] = [
        "application/json", "application/javascript", "application/xml", "application/x-www-form-urlencoded",
    ]
    private static let suffixes: [StaticString] = ["+json", "+xml"]
}
