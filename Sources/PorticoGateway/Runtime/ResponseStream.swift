// Hot: once per piece of a streamed answer. Allocates: one object per streamed answer.

internal import NIOCore
internal import PorticoPrograms

/// What feeds a streamed answer: a backend, or a function.
protocol ResponseStreamSource: AnyObject {
    /// The client takes nothing more for now, or goes on.
    func setPaused(_ isPaused: Bool)
    /// Nobody wants the rest.
    func cancel()
}

/// An answer whose head is sent at once and whose body goes on as it comes.
///
/// Made when the backend is called; its source then calls ``begin(status:body:declaredLength:response:_:)`` once,
/// ``write(_:)`` for each piece, and ``end()``; or ``fail(_:)`` before the beginning and ``breakOff(_:)`` after it. What
/// comes after the end, or after the client has gone, is dropped.
///
/// Source: reference, "Response streaming" (4.9).
final class ResponseStream {
    /// How the client sees the end of the body.
    enum Framing {
        /// It expects none.
        case none
        case length
        case chunked
        case untilClose
    }

    private enum State {
        case waiting
        case open
        case ended
    }

    private var exchange: Exchange?
    private var source: (any ResponseStreamSource)?
    private var state = State.waiting
    private var framing = Framing.none
    private var isPaused = false
    private var bodyBytes = 0

    /// Makes the stream of an exchange that is about to wait for `source`.
    init(_ exchange: Exchange, source: any ResponseStreamSource) {
        self.exchange = exchange
        self.source = source
        exchange.stream = self
    }

    /// Whether the head is sent and the end is not.
    var isOpen: Bool { state == .open }

    /// Whether the answer has ended or nobody waits for it.
    var hasEnded: Bool { state == .ended }

    // MARK: - For the source

    /// Sends the head.
    ///
    /// - Parameters:
    ///   - body: what will come; the client gets its length if it is known.
    ///   - declaredLength: length that the answer to a HEAD tells.
    ///   - response: the backend's head, for the log.
    ///   - writeFields: appends the header lines but for date, ids and framing to the worker's output.
    func begin(
        status: Int, body: ResponseFraming, declaredLength: Int? = nil, response: ResponseView? = nil,
        _ writeFields: (Exchange) -> Void
    ) {
        guard state == .waiting, let exchange, exchange.canBeginStream else { return }
        let worker = exchange.worker
        worker.tick()
        worker.forgetParsedBody()
        exchange.answerStart = worker.output.count
        exchange.withKeptRequest {
            ResponseWriter.begin(exchange, status: status)
            writeFields(exchange)
            let length = chooseFraming(exchange, status: status, body: body, declaredLength: declaredLength)
            ResponseWriter.finishHead(exchange, status: status, bodyLength: length)
            exchange.executionLog?.streamDidBegin(exchange, response, status: status)
        }
        state = .open
        exchange.connection?.streamDidBegin()
        exchange.invocation?.streamDidBegin()
        if framing == .none, body != .none {
            // The client has all it will get.
            source?.cancel()
            end()
        } else if let connection = exchange.connection, !connection.isWritable {
            setPaused(true)
        }
    }

    /// Sends a piece of the body.
    func write(_ bytes: ByteBuffer) {
        guard state == .open, framing != .none, bytes.readableBytes > 0, let exchange else { return }
        bodyBytes &+= bytes.readableBytes
        if let connection = exchange.connection {
            connection.streamDidReceive(bytes, isChunked: framing == .chunked)
        } else {
            exchange.invocation?.streamDidReceive(bytes)
        }
    }

    /// The body is whole.
    func end() {
        guard state == .open, let exchange = close() else { return }
        Phases.concludeStream(exchange, bodyBytes: bodyBytes, brokenOff: nil)
        exchange.connection?.streamDidEnd(exchange, isChunked: framing == .chunked)
        exchange.invocation?.streamDidEnd()
    }

    /// The body will never be whole: the client must not take it for one that is.
    func breakOff(_ reason: String) {
        guard state == .open, let source, let exchange = close() else { return }
        source.cancel()
        exchange.worker.counters.upstreamFailures &+= 1
        Phases.concludeStream(exchange, bodyBytes: bodyBytes, brokenOff: reason)
        exchange.connection?.streamDidBreakOff(exchange, resets: framing == .untilClose)
        exchange.invocation?.streamDidEnd()
    }

    /// There is no answer to hand on: the gateway answers itself. Before ``begin(status:body:declaredLength:response:_:)``
    /// only; afterwards the stream breaks off.
    func fail(_ fault: GatewayFault) {
        guard state == .waiting else {
            if isOpen, let exchange {
                // The client sees the stream break off; the cause stands in the log, as for any other fault.
                exchange.withKeptRequest { exchange.worker.log(fault, exchange) }
            }
            return breakOff(fault.log)
        }
        close()?.finish(.fault(fault))
    }

    /// As ``fail(_:)``, for a call that failed.
    func fail(_ failure: UpstreamFailure) {
        guard state == .waiting else { return breakOff("\(failure)") }
        close()?.finish(.failure(failure))
    }

    // MARK: - For the client's side

    /// The client has gone.
    func cancel() {
        let wasOpen = isOpen
        guard let source, let exchange = close() else { return }
        source.cancel()
        if wasOpen { Phases.concludeStream(exchange, bodyBytes: bodyBytes, brokenOff: "the client has gone") }
    }

    /// Holds the source back, or lets it go on.
    func setPaused(_ isPaused: Bool) {
        guard state == .open, self.isPaused != isPaused else { return }
        self.isPaused = isPaused
        source?.setPaused(isPaused)
    }

    /// Lets go of everything; gives the exchange, once.
    private func close() -> Exchange? {
        state = .ended
        source = nil
        defer { exchange = nil }
        return exchange
    }

    /// Sets ``framing`` and gives the length to write.
    private func chooseFraming(
        _ exchange: Exchange, status: Int, body: ResponseFraming, declaredLength: Int?
    ) -> Int {
        guard ResponseWriter.sendsBody(exchange, status) else {
            return declaredLength ?? ResponseWriter.unknownLength
        }
        switch body {
        case .none:
            return 0
        case .length(let length):
            framing = .length
            return length
        case .chunked, .untilClose:
            if exchange.head.minorVersion > 0 {
                framing = .chunked
                return ResponseWriter.chunkedLength
            }
            framing = .untilClose
            exchange.head.keepAlive = false
            return ResponseWriter.unknownLength
        }
    }
}

extension Exchange {
    /// Whether somebody waits for the head of a streamed answer.
    fileprivate var canBeginStream: Bool {
        if let connection { return connection.waits(for: self) }
        return invocation != nil
    }
}
