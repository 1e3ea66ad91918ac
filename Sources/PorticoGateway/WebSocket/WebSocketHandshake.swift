// Hot: once per client that connects. Allocates: the digest.

internal import Crypto
internal import PorticoIR
internal import PorticoPrograms

/// The handshake of RFC 6455, section 4.2, from the side of the server.
enum WebSocketHandshake {
    private static let version: StaticString = "13"
    /// Source: API Gateway quotas, WebSocket connection URL.
    private static let longestURL = 4096
    /// Source: RFC 6455, section 1.3.
    private static let guid: StaticString = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

    /// Why a request cannot become a connection; `nil` if it can.
    static func refusal(of exchange: Exchange) -> GatewayFault? {
        let head = exchange.head
        guard head.method == .get, head.minorVersion == 1, head.hasUpgrade, asksForWebSocket(exchange) else {
            // Observed: a plain request to the endpoint is answered 426.
            return upgradeRequired("the request asks for no WebSocket connection")
        }
        guard head.targetLength <= longestURL else {
            return GatewayFault(
                .default4XX, status: 414, message: "URI Too Long", log: "the URL is over \(longestURL) bytes")
        }
        guard !head.hasBody else { return badRequest("a request to connect has no body") }
        // Source: RFC 6455, section 4.4.
        guard only("sec-websocket-version", exchange).map({ bytesEqual($0, version.signedBytes) }) == true else {
            return upgradeRequired("Sec-WebSocket-Version is not 13")
        }
        guard let key = only("sec-websocket-key", exchange), isKey(key, exchange.worker) else {
            return badRequest("Sec-WebSocket-Key is not 16 bytes in base64")
        }
        return nil
    }

    /// Whether `Upgrade`, which may stand in several fields, names the protocol.
    private static func asksForWebSocket(_ exchange: Exchange) -> Bool {
        for span in exchange.headers.spans
        where span.known == .upgrade && names(exchange.value(of: span), "websocket") {
            return true
        }
        return false
    }

    private static func upgradeRequired(_ log: String) -> GatewayFault {
        var fault = GatewayFault(.default4XX, status: 426, message: "Upgrade Required", log: log)
        fault.headers = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        return fault
    }

    private static func badRequest(_ log: String) -> GatewayFault {
        GatewayFault(.default4XX, status: 400, message: "Bad Request", errorType: "BadRequestException", log: log)
    }

    /// The value of a field that stands in the request once.
    private static func only(_ name: StaticString, _ exchange: Exchange) -> UnsafeRawBufferPointer? {
        var found: UnsafeRawBufferPointer?
        for span in exchange.headers.spans where bytesEqualIgnoringCase(exchange.name(of: span), name.signedBytes) {
            if found != nil { return nil }
            found = exchange.value(of: span)
        }
        return found
    }

    private static func isKey(_ key: UnsafeRawBufferPointer, _ worker: Worker) -> Bool {
        guard key.count == 24 else { return false }
        worker.selection.reset()
        return Base64Text.appendDecoded(key, into: worker.selection) && worker.selection.count == 16
    }

    /// Whether a list has that word, whatever its case.
    private static func names(_ list: UnsafeRawBufferPointer, _ word: StaticString) -> Bool {
        eachItem(of: list) { bytesEqualIgnoringCase($0, word.signedBytes) }
    }

    private static func eachItem(
        of list: UnsafeRawBufferPointer, _ isWanted: (UnsafeRawBufferPointer) -> Bool
    ) -> Bool {
        var start = 0
        while start <= list.count {
            let rest = UnsafeRawBufferPointer(rebasing: list[start...])
            let end = rest.firstIndex(of: 0x2C) ?? rest.count
            if isWanted(trimmingBlanks(UnsafeRawBufferPointer(rebasing: rest[..<end]))) { return true }
            start &+= end &+ 1
        }
        return false
    }

    /// Writes the answer that turns the connection over, instead of the one that stands in the output from
    /// ``Exchange/answerStart`` on. Of that answer the subprotocol counts, if the client has offered it.
    static func accept(_ exchange: Exchange) {
        let worker = exchange.worker
        let output = worker.output
        let protocolName = subprotocol(exchange)
        worker.selection.reset()
        if let protocolName { worker.selection.append(protocolName) }
        output.truncate(to: exchange.answerStart)
        output.append(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Accept: ")
        var digest = Insecure.SHA1()
        if let key = only("sec-websocket-key", exchange) { digest.update(bufferPointer: key) }
        digest.update(bufferPointer: guid.signedBytes)
        digest.finalize().withUnsafeBytes { Base64Text.appendEncoded($0, into: output) }
        if protocolName != nil {
            output.append("\r\nSec-WebSocket-Protocol: ")
            output.append(worker.selection.bytes)
        }
        output.append("\r\n")
        output.append(worker.clock.dateLine)
        output.append(exchange.requestID)
        output.append("\r\n\r\n")
    }

    /// What the integration's answer says of the protocol.
    /// Source: reference, "Events" (2.4): only if the integration gives it. Unconfirmed: that one which the client has not
    /// offered is left out, which would end the connection at the client.
    private static func subprotocol(_ exchange: Exchange) -> UnsafeRawBufferPointer? {
        let answer = exchange.worker.output.bytes
        let end = min(exchange.headEnd, answer.count)
        guard exchange.answerStart < end else { return nil }
        var rest = UnsafeRawBufferPointer(rebasing: answer[exchange.answerStart..<end])
        let name = ("sec-websocket-protocol:" as StaticString).signedBytes
        while let lineEnd = rest.firstIndex(of: 0x0A) {
            let line = UnsafeRawBufferPointer(rebasing: rest[..<lineEnd])
            if line.count > name.count,
                bytesEqualIgnoringCase(UnsafeRawBufferPointer(rebasing: line[..<name.count]), name)
            {
                var value = UnsafeRawBufferPointer(rebasing: line[name.count...])
                if value.last == 0x0D { value = UnsafeRawBufferPointer(rebasing: value.dropLast()) }
                value = trimmingBlanks(value)
                return isOffered(value, exchange) ? value : nil
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[(lineEnd &+ 1)...])
        }
        return nil
    }

    private static func isOffered(_ name: UnsafeRawBufferPointer, _ exchange: Exchange) -> Bool {
        guard !name.isEmpty else { return false }
        let field = ("sec-websocket-protocol" as StaticString).signedBytes
        for span in exchange.headers.spans where bytesEqualIgnoringCase(exchange.name(of: span), field) {
            if eachItem(of: exchange.value(of: span), { bytesEqual($0, name) }) { return true }
        }
        return false
    }

    // MARK: - Refused by the integration

    /// The status that the integration of `$connect` gives a client: below 300 it is let in.
    ///
    /// Source: reference, "Life of a connection" (2.1): of a proxy, what it answers. Unconfirmed: of others, the status of
    /// the backend, as integration responses have none of their own.
    static func status(_ exchange: Exchange) -> Int {
        guard exchange.fault == nil, let integration = exchange.method?.integration else {
            return exchange.answerStatus
        }
        switch integration.kind {
        case .http, .aws, .mock:
            return exchange.integrationStatus > 0 ? exchange.integrationStatus : exchange.answerStatus
        case .httpProxy, .awsProxy, .unsupported: return exchange.answerStatus
        }
    }
}
