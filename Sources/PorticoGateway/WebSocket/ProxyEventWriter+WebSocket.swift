// Hot: once per call of a Lambda proxy of a WebSocket API. Allocates: nothing once its lists have grown.

internal import PorticoPrograms

/// Events of WebSocket APIs.
///
/// Source: reference, "Events (proxy)" (2.4), recorded events.
extension ProxyEventWriter {
    /// Appends the event; makes the exchange's trace id.
    func write(_ exchange: Exchange, webSocket event: WebSocketEvent, into output: OutputBuffer) {
        // Everything that is made in the arena comes before pointers into it are taken.
        exchange.parseQuery()
        exchange.traceID = TraceID.make(exchange)
        output.reserve(2048)
        output.append("{")
        switch event.kind {
        case .connect: writeConnectHeaders(exchange, output)
        case .disconnect: writeDisconnectHeaders(exchange, output)
        case .message, .call: break
        }
        writeStageVariables(exchange, output)
        output.append("\"requestContext\":{")
        writeContext(exchange, event, output)
        output.append("}")
        if event.kind == .message {
            output.append(",\"body\":")
            if event.isBinary {
                output.append(0x22)
                Base64Text.appendEncoded(exchange.body, into: output)
                output.append(0x22)
            } else {
                EventText.appendQuoted(exchange.body, into: output)
            }
        }
        output.append(event.isBinary ? ",\"isBase64Encoded\":true}" : ",\"isBase64Encoded\":false}")
    }

    /// Appends what an authorizer's function is told of a client that connects, and ends the object that was begun.
    func writeRequest(_ exchange: Exchange, webSocket event: WebSocketEvent, into output: OutputBuffer) {
        exchange.parseQuery()
        exchange.traceID = TraceID.make(exchange)
        output.reserve(2048)
        output.append(",\"headers\":{")
        // Source: reference 2.4: with `Connection`, `Upgrade` and `content-length`.
        writeHeaders(exchange, output, leaving: Self.own, hasLength: true)
        output.append(",\"queryStringParameters\":")
        if exchange.query.isEmpty {
            output.append("{},\"multiValueQueryStringParameters\":{}")
        } else {
            writeQuery(exchange, output)
        }
        output.append(",")
        if !writeStageVariables(exchange, output) { output.append("\"stageVariables\":{},") }
        output.append("\"requestContext\":{")
        writeContext(exchange, event, output)
        output.append("}}")
    }

    private func writeConnectHeaders(_ exchange: Exchange, _ output: OutputBuffer) {
        output.append("\"headers\":{")
        writeHeaders(exchange, output)
        output.append(",")
        guard !exchange.query.isEmpty else { return }
        output.append("\"queryStringParameters\":")
        writeQuery(exchange, output)
        output.append(",")
    }

    private func writeDisconnectHeaders(_ exchange: Exchange, _ output: OutputBuffer) {
        output.append("\"headers\":{\"Host\":")
        append(.domainName, exchange, output)
        output.append(",\"x-api-key\":\"\",\"X-Forwarded-For\":\"\",\"x-restapi\":\"\"},")
        output.append("\"multiValueHeaders\":{\"Host\":[")
        append(.domainName, exchange, output)
        output.append("],\"x-api-key\":[\"\"],\"X-Forwarded-For\":[\"\"],\"x-restapi\":[\"\"]},")
    }

    /// Unconfirmed: that the stage's variables are there, as in the types of AWS's libraries. Recorded events are of stages
    /// without any, and have no such member.
    @discardableResult
    private func writeStageVariables(_ exchange: Exchange, _ output: OutputBuffer) -> Bool {
        guard let stage = exchange.stage else { return false }
        var isFirst = true
        for (name, value) in zip(stage.snapshot.symbols.stageVariables, stage.stageVariables)
        where value.bytes.baseAddress != nil {
            output.append(isFirst ? "\"stageVariables\":{" : ",")
            isFirst = false
            JSONText.appendQuoted(name, into: output)
            output.append(":")
            EventText.appendQuoted(value.bytes, into: output)
        }
        if !isFirst { output.append("},") }
        return !isFirst
    }

    /// The members in the order of the recorded events.
    private func writeContext(_ exchange: Exchange, _ event: WebSocketEvent, _ output: OutputBuffer) {
        output.append("\"routeKey\":")
        EventText.appendQuoted(exchange.method?.route?.key.bytes ?? StaticBytes.empty.bytes, into: output)
        if event.kind == .message {
            output.append(",\"messageId\":\"")
            output.append(exchange.arenaBytes(event.messageID))
            output.append("\"")
        }
        if event.kind == .disconnect {
            output.append(",\"disconnectStatusCode\":")
            output.append(decimal: event.ending.code)
        }
        output.append(",\"eventType\":\"")
        output.append(event.type ?? "")
        output.append("\",\"extendedRequestId\":\"")
        output.append(exchange.extendedID)
        output.append("\",\"requestTime\":\"")
        output.append(exchange.worker.clock.commonLogTime)
        output.append("\",\"messageDirection\":\"IN\"")
        if event.kind == .disconnect {
            output.append(",\"disconnectReason\":")
            if event.ending.reason.isEmpty {
                EventText.appendQuoted(event.ending.text.signedBytes, into: output)
            } else {
                event.ending.reason.withUnsafeBytes { EventText.appendQuoted($0, into: output) }
            }
        }
        output.append(",\"stage\":")
        append(.stage, exchange, output)
        output.append(",\"connectedAt\":")
        output.append(decimal: event.peer?.connectedMilliseconds ?? 0)
        output.append(",\"requestTimeEpoch\":")
        output.append(decimal: exchange.startMilliseconds)
        output.append(",\"identity\":{")
        writeIdentity(exchange, output)
        output.append("},\"requestId\":\"")
        output.append(exchange.requestID)
        output.append("\",\"domainName\":")
        append(.domainName, exchange, output)
        output.append(",\"connectionId\":\"")
        event.peer?.id.append(to: output)
        output.append("\",\"apiId\":")
        append(.apiId, exchange, output)
        if exchange.access.isAuthorized { writeAuthorizer(exchange, output) }
    }

    /// What is known of the caller; nothing is `null` here.
    private func writeIdentity(_ exchange: Exchange, _ output: OutputBuffer) {
        func member(_ name: StaticString, _ value: UnsafeRawBufferPointer?) {
            guard let value else { return }
            output.append(name)
            EventText.appendQuoted(value, into: output)
        }
        if let caller = exchange.access.caller {
            member("\"accessKey\":", caller.accessKeyID.bytes)
            member(",\"accountId\":", caller.account.bytes)
            member(",\"caller\":", caller.userID.bytes)
            member(",\"user\":", caller.userID.bytes)
            member(",\"userArn\":", caller.arn.bytes)
            output.append(",")
        }
        if exchange.apiKey != nil {
            member("\"apiKey\":", exchange.apiKeyValue)
            member(",\"apiKeyId\":", exchange.apiKey?.key.id.bytes)
            output.append(",")
        }
        if let agent = exchange.headerValue(.userAgent) {
            member("\"userAgent\":", agent)
            output.append(",")
        }
        member("\"sourceIp\":", exchange.sourceAddress.bytes)
        if let client = exchange.facts?.client { output.append(client.event.bytes) }
    }

    private func append(_ variable: ContextVariable, _ exchange: Exchange, _ output: OutputBuffer) {
        EventText.appendQuoted(
            exchange.contextValue(Int(variable.rawValue)) ?? StaticBytes.empty.bytes, into: output)
    }
}
