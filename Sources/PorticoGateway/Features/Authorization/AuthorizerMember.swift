// Hot: once per call of a function behind a route of an HTTP API. Allocates: nothing once the worker's buffers have grown.

internal import PorticoPrograms

/// `requestContext.authorizer` in events of HTTP APIs: who is calling, as the route's authorizer has found out.
///
/// Source: reference, 1.3 and 1.4.
enum AuthorizerMember {
    /// Whether an event of format 2.0 has the member.
    static func exists(_ exchange: Exchange) -> Bool {
        exchange.access.isAuthorized || exchange.access.caller != nil
    }

    /// Appends the value of the member in format 2.0: by kind of authorizer.
    static func writeFormat2(_ exchange: Exchange, into output: OutputBuffer) {
        if exchange.access.hasClaims {
            output.append("{\"jwt\":{\"claims\":{")
            writeClaims(exchange, into: output)
            output.append("},\"scopes\":")
            writeScopes(exchange, into: output)
            output.append("}}")
        } else if let caller = exchange.access.caller {
            output.append("{\"iam\":{\"accessKey\":")
            EventText.appendQuoted(caller.accessKeyID.bytes, into: output)
            output.append(",\"accountId\":")
            EventText.appendQuoted(caller.account.bytes, into: output)
            output.append(",\"callerId\":")
            EventText.appendQuoted(caller.userID.bytes, into: output)
            output.append(",\"cognitoIdentity\":null,\"principalOrgId\":null,\"userArn\":")
            EventText.appendQuoted(caller.arn.bytes, into: output)
            output.append(",\"userId\":")
            EventText.appendQuoted(caller.userID.bytes, into: output)
            output.append("}}")
        } else {
            output.append("{\"lambda\":")
            if exchange.access.contextJSON.isEmpty {
                writeTexts(exchange, into: output)
            } else {
                output.append(exchange.arenaBytes(exchange.access.contextJSON))
            }
            output.append("}")
        }
    }

    /// Appends the value of the member in format 1.0: claims and scopes, or what the function said.
    static func writeFormat1(_ exchange: Exchange, into output: OutputBuffer) {
        if exchange.access.hasClaims {
            output.append("{\"claims\":{")
            writeClaims(exchange, into: output)
            output.append("},\"scopes\":")
            writeScopes(exchange, into: output)
            output.append("}")
            return
        }
        guard exchange.access.isAuthorized else {
            output.append("{\"claims\":null,\"scopes\":null}")
            return
        }
        output.append("{")
        for entry in exchange.access.values {
            EventText.appendQuoted(exchange.arenaBytes(entry.name), into: output)
            output.append(0x3A)
            EventText.appendQuoted(exchange.arenaBytes(entry.value), into: output)
            output.append(0x2C)
        }
        output.append("\"integrationLatency\":")
        output.append(decimal: exchange.access.latencyMilliseconds)
        output.append("}")
    }

    /// Values of an authorizer that is passed over. Unconfirmed: `null` for one that gives no context.
    private static func writeTexts(_ exchange: Exchange, into output: OutputBuffer) {
        var isFirst = true
        for entry in exchange.access.values {
            let name = exchange.arenaBytes(entry.name)
            if bytesEqual(name, ("principalId" as StaticString).signedBytes) { continue }
            output.append(isFirst ? "{" : ",")
            isFirst = false
            EventText.appendQuoted(name, into: output)
            output.append(0x3A)
            EventText.appendQuoted(exchange.arenaBytes(entry.value), into: output)
        }
        output.append(isFirst ? "null" : "}")
    }

    /// Every claim is text. Source: reference, 1.3.
    private static func writeClaims(_ exchange: Exchange, into output: OutputBuffer) {
        let prefix: StaticString = "claims."
        var isFirst = true
        for entry in exchange.access.values {
            let name = exchange.arenaBytes(entry.name)
            guard name.count > prefix.utf8CodeUnitCount else { continue }
            if !isFirst { output.append(0x2C) }
            isFirst = false
            EventText.appendQuoted(UnsafeRawBufferPointer(rebasing: name[prefix.utf8CodeUnitCount...]), into: output)
            output.append(0x3A)
            EventText.appendQuoted(exchange.arenaBytes(entry.value), into: output)
        }
    }

    private static func writeScopes(_ exchange: Exchange, into output: OutputBuffer) {
        if exchange.access.scopes.isEmpty {
            output.append("null")
        } else {
            output.append(exchange.arenaBytes(exchange.access.scopes))
        }
    }
}
