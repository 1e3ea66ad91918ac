// Hot: once per call of a function behind a route of an HTTP API. Allocates: nothing once its lists have grown.

internal import PorticoPrograms

/// The event of payload 1.0 as HTTP APIs have it: that of REST APIs with names in lower case, and `null` for what is empty.
///
/// Source: reference, "Lambda payload 1.0" (1.4).
extension ProxyEventWriter {
    /// Appends all members but `version`, without braces around them.
    func writePayload1(_ exchange: Exchange, _ event: ServingRouteEvent, into output: OutputBuffer) {
        writeRequest1(exchange, event, into: output)
        output.append(",\"body\":")
        guard exchange.bodyLength > 0 else {
            output.append("null,\"isBase64Encoded\":false")
            return
        }
        writeRouteBody(exchange, output)
    }

    /// The same without the body.
    func writeRequest1(_ exchange: Exchange, _ event: ServingRouteEvent, into output: OutputBuffer) {
        output.append(event.route.bytes)
        EventText.appendQuoted(exchange.contextPath, into: output)
        output.append(",\"httpMethod\":\"")
        output.append(exchange.verbText)
        output.append("\",\"headers\":{")
        collectRouteFields(exchange, takesCookies: false)
        writeHeaderMaps1(exchange, output)
        output.append(",\"queryStringParameters\":")
        writeQuery(exchange, output)
        output.append(",\"requestContext\":{")
        writeContext1(exchange, event, output)
        output.append("},\"pathParameters\":")
        writePathParameters(exchange, names: event.parameterNames, output)
        output.append(",\"stageVariables\":")
        if event.stageVariables.isEmpty {
            output.append("null")
        } else {
            output.append(event.stageVariables.bytes)
        }
    }

    /// Writes both maps; the brace of the first one is written already.
    private func writeHeaderMaps1(_ exchange: Exchange, _ output: OutputBuffer) {
        groups.group(fields.count, ignoresCase: true) { exchange.name(of: fields[$0]) }
        for index in fields.indices where groups.isFirst(index) {
            writeLowerName(exchange.name(of: fields[index]), output)
            EventText.appendQuoted(exchange.value(of: fields[Int(groups.last[index])]), into: output)
            output.append(0x2C)
        }
        writeRouteOwnHeaders(exchange, output, isList: false)
        output.append("},\"multiValueHeaders\":{")
        for index in fields.indices where groups.isFirst(index) {
            writeLowerName(exchange.name(of: fields[index]), output)
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
        writeRouteOwnHeaders(exchange, output, isList: true)
        output.append(0x7D)
    }

    private func writeContext1(_ exchange: Exchange, _ event: ServingRouteEvent, _ output: OutputBuffer) {
        output.append(event.api.bytes)
        writeRouteAuthorizer(exchange, event.format, output)
        output.append(",\"domainName\":")
        appendContext(.domainName, exchange, output)
        output.append(",\"domainPrefix\":")
        appendContext(.domainPrefix, exchange, output)
        output.append(",\"extendedRequestId\":\"")
        output.append(exchange.extendedID)
        output.append("\",\"httpMethod\":\"")
        output.append(exchange.verbText)
        output.append("\",\"identity\":{")
        for (index, member) in Self.routeIdentity.enumerated() {
            if index > 0 { output.append(0x2C) }
            output.append(member.name)
            guard let variable = member.variable, let value = exchange.contextValue(Int(variable.rawValue)) else {
                output.append("null")
                continue
            }
            EventText.appendQuoted(value, into: output)
        }
        if let client = exchange.facts?.client { output.append(client.event.bytes) }
        output.append("},\"path\":")
        EventText.appendQuoted(exchange.contextPath, into: output)
        output.append(",\"protocol\":\"HTTP/1.1\",\"requestId\":\"")
        output.append(exchange.extendedID)
        output.append("\",\"requestTime\":\"")
        output.append(exchange.worker.clock.commonLogTime)
        output.append("\",\"requestTimeEpoch\":")
        output.append(decimal: exchange.startMilliseconds)
        output.append(0x2C)
        output.append(event.stage.bytes)
    }

    /// Members of `requestContext.identity` in order; without variable nobody knows the value.
    private static let routeIdentity: [(name: StaticString, variable: ContextVariable?)] = [
        ("\"accessKey\":", .identityAccessKey),
        ("\"accountId\":", .identityAccountId),
        ("\"caller\":", .identityCaller),
        ("\"cognitoAmr\":", nil),
        ("\"cognitoAuthenticationProvider\":", .identityCognitoAuthenticationProvider),
        ("\"cognitoAuthenticationType\":", .identityCognitoAuthenticationType),
        ("\"cognitoIdentityId\":", .identityCognitoIdentityId),
        ("\"cognitoIdentityPoolId\":", .identityCognitoIdentityPoolId),
        ("\"principalOrgId\":", .identityPrincipalOrgId),
        ("\"sourceIp\":", .identitySourceIp),
        ("\"user\":", .identityUser),
        ("\"userAgent\":", .identityUserAgent),
        ("\"userArn\":", .identityUserArn),
    ]
}
