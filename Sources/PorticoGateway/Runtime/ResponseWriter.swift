// Hot: once per response. Allocates: nothing once the worker's output has grown.

internal import PorticoPrograms

/// Writes answers into the worker's output. One answer is: head, ids, framing, blank line, body.
///
/// Everything between ``begin(_:_:)`` and ``finish(_:_:body:)`` appends header lines.
enum ResponseWriter {
    /// Writes the status line.
    @inline(__always)
    static func begin(_ exchange: Exchange, status: Int) {
        exchange.worker.output.append(HTTPStatus.lineBytes(status))
    }

    /// Writes one header line. Line breaks within a value would split the answer, so they become blanks.
    static func header(_ output: OutputBuffer, _ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        output.reserve(name.count &+ value.count &+ 4)
        output.append(name)
        output.append(": ")
        appendFieldValue(value, into: output)
        output.append("\r\n")
    }

    /// Appends a value with control characters replaced by blanks. Source: RFC 9110, section 5.5.
    static func appendFieldValue(_ value: UnsafeRawBufferPointer, into output: OutputBuffer) {
        let start = output.count
        output.append(value)
        var index = 0
        while index < value.count {
            if value[index] < 0x20 && value[index] != 0x09 || value[index] == 0x7F {
                output.set(0x20, at: start &+ index)
            }
            index &+= 1
        }
    }

    /// Writes date, ids, framing and body, and counts the answer.
    static func finish(_ exchange: Exchange, status: Int, body: UnsafeRawBufferPointer) {
        finishHead(exchange, status: status, bodyLength: body.count)
        if sendsBody(exchange, status) { exchange.worker.output.append(body) }
    }

    /// Writes a whole answer of plain text with status 200.
    static func writePlain(_ exchange: Exchange, _ text: StaticString) {
        begin(exchange, status: 200)
        exchange.worker.output.append("Content-Type: text/plain\r\n")
        finish(exchange, status: 200, body: text.signedBytes)
    }

    /// Whether an answer of that status to this request carries its body.
    @inline(__always)
    static func sendsBody(_ exchange: Exchange, _ status: Int) -> Bool {
        exchange.head.method != .head && !HTTPStatus.hasNoBody(status)
    }

    /// Length of a body that is not sent and whose length nobody knows: no line tells it.
    static let unknownLength = -1

    /// Length of a body that is sent in chunks as it comes.
    static let chunkedLength = -2

    /// Writes date, ids, framing and the blank line; the caller appends the body if ``sendsBody(_:_:)``.
    static func finishHead(_ exchange: Exchange, status: Int, bodyLength: Int) {
        let worker = exchange.worker
        let output = worker.output
        exchange.headEnd = output.count
        exchange.answerStatus = status
        exchange.answerLength = max(bodyLength, 0)
        output.reserve(256)
        if exchange.showsCacheWarning {
            // Unconfirmed: the text.
            output.append(
                "Warning: 199 Cache-control headers were ignored because the caller was unauthorized.\r\n")
        }
        if worker.isHTTPAPI {
            if let cors = exchange.stage?.cors { CORSFilter.writeHeaders(cors, exchange, into: output) }
            output.append(worker.clock.routeDateLine)
            output.append(exchange.extendedID)
        } else {
            output.append(worker.clock.dateLine)
            output.append(exchange.requestID)
            output.append("\r\nx-amz-apigw-id: ")
            output.append(exchange.extendedID)
        }
        if let table = worker.table, !table.bypassHeader.isEmpty { output.append(table.bypassHeader.bytes) }
        if exchange.showsTraceID, !worker.isHTTPAPI {
            output.append("\r\nX-Amzn-Trace-Id: ")
            output.append(exchange.arenaBytes(exchange.traceID))
        }
        if HTTPStatus.hasNoBody(status) || bodyLength < 0 {
            // RFC 9110, section 8.6: no Content-Length with 1xx and 204; a 304's would be that of the 200.
            output.append(bodyLength == chunkedLength ? "\r\nTransfer-Encoding: chunked\r\n" : "\r\n")
        } else {
            output.append("\r\nContent-Length: ")
            output.append(decimal: bodyLength)
            output.append("\r\n")
        }
        if exchange.head.keepAlive && !worker.isDraining {
            if exchange.head.minorVersion == 0 { output.append("Connection: keep-alive\r\n") }
        } else {
            output.append("Connection: close\r\n")
        }
        output.append("\r\n")
        exchange.bodyStart = output.count
        worker.count(status: status, exchange)
    }
}
