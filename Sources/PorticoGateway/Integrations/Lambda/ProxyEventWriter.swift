// Hot: once per call of a Lambda proxy. Allocates: nothing once its lists have grown.

internal import PorticoPrograms

/// Writes the event of payload 1.0 straight from the request. One worker owns it.
///
/// Source: reference, "Event" (5.1) and "Headers" (4.6). Unconfirmed: that fields stand in the order of the request,
/// those of the gateway after them.
final class ProxyEventWriter {
    var groups: NameGroups
    var fields = ContiguousArray<HeaderSpan>()

    init(seed: UInt64) {
        groups = NameGroups(seed: seed)
    }

    /// Appends the event; makes the exchange's trace id.
    func write(_ exchange: Exchange, _ event: ServingProxyEvent, into output: OutputBuffer) {
        // Everything that is made in the arena comes before pointers into it are taken.
        exchange.parseQuery()
        exchange.traceID = TraceID.make(exchange)
        output.reserve(2048)
        output.append(event.opening.bytes)
        writeParts(exchange, event, into: output)
        output.append(",\"body\":")
        writeBody(exchange, output)
    }

    /// Appends what an authorizer's function is told of a request, and ends the object that was begun.
    /// Source: reference, "Lambda authorizers (REST)" (3.4): all but the body.
    func writeRequest(_ exchange: Exchange, _ event: ServingProxyEvent, into output: OutputBuffer) {
        exchange.parseQuery()
        exchange.traceID = TraceID.make(exchange)
        output.reserve(2048)
        output.append(event.requestOpening.bytes)
        writeParts(exchange, event, into: output)
        output.append("}")
    }

    private func writeParts(_ exchange: Exchange, _ event: ServingProxyEvent, into output: OutputBuffer) {
        // Source: reference, "Custom domains" (4.5): by a custom domain the path is the one that came.
        EventText.appendQuoted(exchange.domain == nil ? exchange.routePath : exchange.contextPath, into: output)
        output.append(",\"httpMethod\":\"")
        output.append(exchange.verbText)
        output.append("\",\"headers\":{")
        writeHeaders(exchange, output)
        output.append(",\"queryStringParameters\":")
        writeQuery(exchange, output)
        output.append(",\"pathParameters\":")
        writePathParameters(exchange, names: event.parameterNames, output)
        writeRequestContext(exchange, event, output)
    }

    // MARK: - Headers

    /// Writes both maps; the brace of the first one is written already. Fields in `leaving` are left out.
    func writeHeaders(
        _ exchange: Exchange, _ output: OutputBuffer, leaving: UInt64 = left, hasLength: Bool = false
    ) {
        collectFields(exchange, leaving)
        groups.group(fields.count, ignoresCase: true) { exchange.name(of: fields[$0]) }
        for index in fields.indices where groups.isFirst(index) {
            writeName(exchange, fields[index], output)
            EventText.appendQuoted(exchange.value(of: fields[Int(groups.last[index])]), into: output)
            output.append(0x2C)
        }
        if hasLength { output.append("\"content-length\":\"0\",") }
        writeOwnHeaders(exchange, output, isList: false)
        output.append("},\"multiValueHeaders\":{")
        for index in fields.indices where groups.isFirst(index) {
            writeName(exchange, fields[index], output)
            output.append(0x5B)
            var place = index
            while true {
                EventText.appendQuoted(exchange.value(of: fields[place]), into: output)
                place = Int(groups.next[place])
                if place < 0 { break }
                output.append(0x2C)
            }
            output.append("],")
        }
        if hasLength { output.append("\"content-length\":[\"0\"],") }
        writeOwnHeaders(exchange, output, isList: true)
        output.append(0x7D)
    }

    /// Fields that the gateway writes itself.
    static let own =
        KnownHeader.amznTraceID.bit | KnownHeader.forwardedFor.bit | KnownHeader.forwardedPort.bit
        | KnownHeader.forwardedProto.bit

    /// Fields that functions do not see, and those that the gateway writes itself.
    static let left = HeaderRules.hidden | own

    private func collectFields(_ exchange: Exchange, _ leaving: UInt64) {
        fields.removeAll(keepingCapacity: true)
        for span in exchange.headers.spans {
            if span.known != .other {
                if leaving & span.known.bit != 0 { continue }
                // Source: reference 4.6: a SigV4 signature is for the gateway alone.
                if span.known == .authorization, exchange.value(of: span).starts(with: "AWS4-HMAC-SHA256".utf8) {
                    continue
                }
            }
            fields.append(span)
        }
    }

    /// Writes a name and its colon: in the client's casing, but for two. Source: reference 5.1, `headers`.
    @inline(__always)
    private func writeName(_ exchange: Exchange, _ span: HeaderSpan, _ output: OutputBuffer) {
        switch span.known {
        case .authorization: output.append("\"Authorization\":")
        case .userAgent: output.append("\"User-Agent\":")
        default:
            // A token has nothing that JSON escapes.
            output.append(0x22)
            output.append(exchange.name(of: span))
            output.append("\":")
        }
    }

    /// Writes the gateway's own fields, without a comma behind them.
    func writeOwnHeaders(
        _ exchange: Exchange, _ output: OutputBuffer, isList: Bool, names: OwnFieldNames = .ofRESTAPIs
    ) {
        let opening: StaticString = isList ? "[\"" : "\""
        let closing: StaticString = isList ? "\"]," : "\","
        output.append(names.traceID)
        output.append(opening)
        // Only what `TraceID` lets through: nothing to escape.
        output.append(exchange.arenaBytes(exchange.traceID))
        output.append(closing)
        output.append(names.forwardedFor)
        output.append(opening)
        if let chain = exchange.headerValue(.forwardedFor), !chain.isEmpty {
            EventText.appendEscaped(chain, into: output)
            output.append(", ")
        }
        output.append(exchange.sourceAddress.bytes)
        output.append(closing)
        output.append(names.forwardedPort)
        output.append(opening)
        output.append(decimal: exchange.localPort)
        output.append(closing)
        output.append(names.forwardedProto)
        output.append(opening)
        output.append(exchange.isTLS ? "https" : "http")
        output.append(isList ? "\"]" : "\"")
    }

    // MARK: - Parameters

    /// Writes both maps of the query, `null` when it is empty. Source: reference 5.1: decoded, the last value counts.
    func writeQuery(_ exchange: Exchange, _ output: OutputBuffer) {
        let query = exchange.query
        guard !query.isEmpty else {
            output.append("null,\"multiValueQueryStringParameters\":null")
            return
        }
        groups.group(query.count, ignoresCase: false) { exchange.arenaBytes(query[$0].name) }
        var isFirst = true
        for index in query.indices where groups.isFirst(index) {
            output.append(isFirst ? 0x7B : 0x2C)
            isFirst = false
            EventText.appendQuoted(exchange.arenaBytes(query[index].name), into: output)
            output.append(0x3A)
            EventText.appendQuoted(exchange.arenaBytes(query[Int(groups.last[index])].value), into: output)
        }
        output.append("},\"multiValueQueryStringParameters\":")
        isFirst = true
        for index in query.indices where groups.isFirst(index) {
            output.append(isFirst ? 0x7B : 0x2C)
            isFirst = false
            EventText.appendQuoted(exchange.arenaBytes(query[index].name), into: output)
            output.append(":[")
            var place = index
            while true {
                EventText.appendQuoted(exchange.arenaBytes(query[place].value), into: output)
                place = Int(groups.next[place])
                if place < 0 { break }
                output.append(0x2C)
            }
            output.append(0x5D)
        }
        output.append(0x7D)
    }

    /// Source: reference 5.1 and 2.7: raw as the path has them.
    func writePathParameters(_ exchange: Exchange, names: [StaticBytes], _ output: OutputBuffer) {
        let count = min(names.count, exchange.parameters.count)
        guard count > 0 else {
            output.append("null")
            return
        }
        for index in 0..<count {
            output.append(index == 0 ? 0x7B : 0x2C)
            output.append(names[index].bytes)
            EventText.appendQuoted(exchange.pathParameter(index), into: output)
        }
        output.append(0x7D)
    }

    // MARK: - Context

    private func writeRequestContext(_ exchange: Exchange, _ event: ServingProxyEvent, _ output: OutputBuffer) {
        output.append(event.requestContext.bytes)
        output.append(0x22)
        output.append(exchange.verbText)
        output.append("\",\"extendedRequestId\":\"")
        output.append(exchange.extendedID)
        output.append("\",\"requestTime\":\"")
        output.append(exchange.worker.clock.commonLogTime)
        output.append("\",\"path\":")
        EventText.appendQuoted(exchange.contextPath, into: output)
        if exchange.domain == nil {
            output.append(event.stage.bytes)
        } else {
            output.append(event.domainOpening.bytes)
            appendContext(.domainPrefix, exchange, output)
            output.append(",\"requestTimeEpoch\":")
        }
        output.append(decimal: exchange.startMilliseconds)
        output.append(",\"requestId\":\"")
        output.append(exchange.requestID)
        output.append("\",\"identity\":{")
        for member in event.needsAPIKey ? Self.identityWithKey : Self.identity {
            output.append(member.text)
            guard let variable = member.variable, let value = exchange.contextValue(Int(variable.rawValue)) else {
                output.append("null")
                continue
            }
            EventText.appendQuoted(value, into: output)
        }
        if let client = exchange.facts?.client { output.append(client.event.bytes) }
        output.append("}")
        if exchange.access.isAuthorized { writeAuthorizer(exchange, output) }
        if exchange.domain == nil {
            output.append(event.closing.bytes)
        } else {
            output.append(",\"domainName\":")
            appendContext(.domainName, exchange, output)
            output.append(event.domainClosing.bytes)
        }
    }

    func appendContext(_ variable: ContextVariable, _ exchange: Exchange, _ output: OutputBuffer) {
        let value = exchange.contextValue(Int(variable.rawValue)) ?? StaticBytes.empty.bytes
        EventText.appendQuoted(value, into: output)
    }

    /// Source: reference 5.1, `requestContext.authorizer`: every value a text, but for the latency; claims in a map of their
    /// own.
    func writeAuthorizer(_ exchange: Exchange, _ output: OutputBuffer) {
        let hasClaims = exchange.access.hasClaims
        output.append(hasClaims ? ",\"authorizer\":{\"claims\":{" : ",\"authorizer\":{")
        var isFirst = true
        let claims: StaticString = "claims."
        for entry in exchange.access.values {
            var name = exchange.arenaBytes(entry.name)
            if hasClaims {
                guard name.count > claims.utf8CodeUnitCount else { continue }
                name = UnsafeRawBufferPointer(rebasing: name[claims.utf8CodeUnitCount...])
            }
            if !isFirst { output.append(0x2C) }
            isFirst = false
            EventText.appendQuoted(name, into: output)
            output.append(0x3A)
            EventText.appendQuoted(exchange.arenaBytes(entry.value), into: output)
        }
        if hasClaims {
            output.append("}}")
            return
        }
        output.append(",\"integrationLatency\":")
        output.append(decimal: exchange.access.latencyMilliseconds)
        output.append("}")
    }

    /// A member of `requestContext.identity`; `nil` is not known to anybody and always `null`.
    private struct IdentityMember {
        let text: StaticString
        let variable: ContextVariable?
    }

    /// Source: reference 5.1: these are always there, in this order.
    private static let identity: [IdentityMember] = [
        IdentityMember(text: "\"cognitoIdentityPoolId\":", variable: .identityCognitoIdentityPoolId),
        IdentityMember(text: ",\"accountId\":", variable: .identityAccountId),
        IdentityMember(text: ",\"cognitoIdentityId\":", variable: .identityCognitoIdentityId),
        IdentityMember(text: ",\"caller\":", variable: .identityCaller),
        IdentityMember(text: ",\"sourceIp\":", variable: .identitySourceIp),
        IdentityMember(text: ",\"principalOrgId\":", variable: .identityPrincipalOrgId),
        IdentityMember(text: ",\"accessKey\":", variable: .identityAccessKey),
        IdentityMember(text: ",\"cognitoAuthenticationType\":", variable: .identityCognitoAuthenticationType),
        IdentityMember(text: ",\"cognitoAuthenticationProvider\":", variable: .identityCognitoAuthenticationProvider),
        IdentityMember(text: ",\"userArn\":", variable: .identityUserArn),
        IdentityMember(text: ",\"userAgent\":", variable: .identityUserAgent),
        IdentityMember(text: ",\"user\":", variable: .identityUser),
    ]

    /// Unconfirmed: where the members of a key stand.
    private static let identityWithKey =
        identity + [
            IdentityMember(text: ",\"apiKey\":", variable: .identityApiKey),
            IdentityMember(text: ",\"apiKeyId\":", variable: .identityApiKeyId),
        ]

    // MARK: - Body

    private func writeBody(_ exchange: Exchange, _ output: OutputBuffer) {
        guard exchange.bodyLength > 0 else {
            output.append("null,\"isBase64Encoded\":false}")
            return
        }
        if MediaTypes.isBinary(exchange.headerValue(.contentType), exchange.stage?.binaryMediaTypes ?? []) {
            output.append(0x22)
            Base64Text.appendEncoded(exchange.body, into: output)
            output.append("\",\"isBase64Encoded\":true}")
        } else {
            EventText.appendQuoted(exchange.body, into: output)
            output.append(",\"isBase64Encoded\":false}")
        }
    }
}

extension Exchange {
    /// `path` of an event: the path after the stage, with one slash at its beginning.
    /// Source: reference 2.2 and 2.3: slashes within it, and one at its end, stay.
    var routePath: UnsafeRawBufferPointer {
        let end = Int(head.pathOffset) &+ Int(head.pathLength)
        var start = routeOffset
        while start &+ 1 < end, bytes[start] == 0x2F, bytes[start &+ 1] == 0x2F { start &+= 1 }
        guard start < end else {
            let slash: StaticString = "/"
            return UnsafeRawBufferPointer(start: slash.utf8Start, count: 1)
        }
        return slice(start, end &- start)
    }

    /// `requestContext.path`: slashes before the stage are ignored, those after it stay. Source: reference 2.1, 2.2.
    var contextPath: UnsafeRawBufferPointer {
        let path = self.path
        var start = 0
        while start &+ 1 < path.count, path[start &+ 1] == 0x2F { start &+= 1 }
        return UnsafeRawBufferPointer(rebasing: path[start...])
    }
}

/// Names of the fields that the gateway adds to an event, with quotes and colon.
struct OwnFieldNames {
    let traceID: StaticString
    let forwardedFor: StaticString
    let forwardedPort: StaticString
    let forwardedProto: StaticString

    static let ofRESTAPIs = OwnFieldNames(
        traceID: "\"X-Amzn-Trace-Id\":", forwardedFor: "\"X-Forwarded-For\":",
        forwardedPort: "\"X-Forwarded-Port\":", forwardedProto: "\"X-Forwarded-Proto\":")
    static let ofHTTPAPIs = OwnFieldNames(
        traceID: "\"x-amzn-trace-id\":", forwardedFor: "\"x-forwarded-for\":",
        forwardedPort: "\"x-forwarded-port\":", forwardedProto: "\"x-forwarded-proto\":")
}
