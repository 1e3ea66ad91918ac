// Hot: once per read. Allocates: nothing for requests that are answered at once.

internal import NIOCore
internal import NIOSSL
internal import PorticoIR
internal import PorticoPrograms

/// One client connection: finds requests in what arrives, runs them one after the other, and writes the answers of one
/// read as one buffer.
///
/// Lives on its worker's event loop.
final class Connection: ChannelDuplexHandler, RemovableChannelHandler, Registered {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum State {
        /// Waiting for, or amid, a head.
        case head
        /// The head is there; waiting for the rest of a body with a length.
        case body
        /// Waiting for the rest of a body in chunks.
        case chunkedBody
        /// A backend was called.
        case waiting
        /// The head of an answer is sent, and its body goes on as it comes.
        case streaming
        /// The client speaks the WebSocket protocol from the answer in the output on; others take the channel over.
        case switching
        /// The last answer is written; what still comes is read and dropped, so that the client sees the answer.
        case lingering
        case closed
    }

    // The worker outlives its connections: it goes with its loop.
    unowned(unsafe) let worker: Worker
    /// Longest request that is copied while its backend works.
    private static let longestKeptCopy = 4096
    /// Answers of pipelined requests are sent once they are this long together: a read full of small requests may ask
    /// for a thousand large answers.
    private static let longestUnsentOutput = 256 << 10
    /// How long the rest of a head may take once the server drains.
    private static let drainingHeadMilliseconds = 500
    /// How long a client may take to end its side once it has the last answer.
    private static let lingeringMilliseconds = 2_000

    /// Position in the worker's list; -1 when it is in none.
    var index = -1
    /// The stream that this connection serves, if the client speaks HTTP/2.
    var stream: HTTP2Stream?
    var context: ChannelHandlerContext?
    var state = State.head
    /// What arrived and is not yet used.
    private var incoming: ByteBuffer?
    /// A request whose body comes in chunks: head, then decoded body.
    private var assembled: ByteBuffer?
    private var decoder: ChunkedDecoder
    private var progress = HeadProgress()
    /// Whether bytes of a head are there that is not whole.
    private var hasBegunHead = false
    /// The request under way, from its head on.
    var exchange: Exchange?
    /// Whether requests run right now: writing may make the channel writable again, which must not begin another run.
    private var isRunning = false
    private var isReadSuppressed = false
    /// Whether the channel takes more, kept here because asking the channel costs a dozen calls.
    var isWritable = true
    /// Whether requests wait because the client has to take answers first.
    private var isHeldBack = false
    /// Whether the client has ended its side.
    private var sawEnd = false
    /// Whether the last answer is in the output, and the end of our side not yet ordered.
    private var hasLastAnswer = false
    /// Whether the last answer was ever in the output.
    private var hasLastAnswered = false
    /// Whether our side is closed.
    private var hasClosedOutput = false
    /// Bytes that the client had not taken when its time was last over.
    private var untakenBytes = 0
    /// When the current wait is over, on the worker's clock; `Int.max` for none.
    var deadlineMilliseconds = Int.max
    /// Whether the end of our side has to be seen as a failure by the client, which has no other way to tell.
    var endsWithReset = false
    private var lingeringBytes = 0
    private var sourceAddress = StaticBytes.empty
    /// Only HTTP APIs tell their backends.
    private var localAddress = StaticBytes.empty
    private var addressPool = BytePool(chunkBytes: 64)
    private var localPort = 0
    /// What TLS told; `nil` without TLS.
    private let facts: ConnectionFacts?
    /// Who takes the channel over.
    private var socket: WebSocketConnection?

    init(worker: Worker, facts: ConnectionFacts? = nil) {
        self.worker = worker
        self.facts = facts
        decoder = ChunkedDecoder(maximumBytes: worker.maximumBodyBytes)
    }

    // MARK: - Channel events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        worker.add(self)
        deadlineMilliseconds = worker.nowMilliseconds + worker.idleMilliseconds
        // After a handshake the channel is active already.
        if context.channel.isActive { noteAddresses(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        noteAddresses(context)
        context.fireChannelActive()
    }

    private func noteAddresses(_ context: ChannelHandlerContext) {
        // A stream's connection may have been that of another stream of the same client.
        guard sourceAddress.bytes.isEmpty else { return }
        sourceAddress = addressPool.add(context.channel.remoteAddress?.ipAddress ?? "127.0.0.1")
        localPort = context.channel.localAddress?.port ?? 0
        if worker.isHTTPAPI, let address = context.channel.localAddress?.ipAddress {
            localAddress = addressPool.add(address)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        forget()
    }

    func channelInactive(context: ChannelHandlerContext) {
        forget()
        context.fireChannelInactive()
    }

    /// A client that ends its side may still be waiting for an answer; without one there is nothing left to do.
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed {
            sawEnd = true
            if hasClosedOutput {
                context.close(promise: nil)
            } else {
                settle()
            }
            return
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A client that ends TCP without a word of TLS may wait for its answer as another does.
        if case NIOSSLError.uncleanShutdown = error { return }
        // A reset or a failed write: there is nobody to tell.
        context.close(promise: nil)
    }

    /// Whether a request waits for its backend, or for what comes before it.
    var isWaiting: Bool { if case .waiting = state { true } else { false } }

    /// Whether nothing that began here can come back, so that another stream of the client may be served.
    var canReopen: Bool { state == .closed && !hasLastAnswered }

    /// Takes the addresses of another stream of the same client.
    func shareAddresses(of other: Connection) {
        addressPool = other.addressPool
        sourceAddress = other.sourceAddress
        localPort = other.localPort
        localAddress = other.localAddress
    }

    /// Begins anew, for another stream. The connection is in no pipeline.
    func reopen() {
        state = .head
        progress.reset()
        hasBegunHead = false
        isRunning = false
        isReadSuppressed = false
        isWritable = true
        isHeldBack = false
        sawEnd = false
        untakenBytes = 0
        lingeringBytes = 0
    }

    private func forget() {
        guard state != .closed else { return }
        let wasWaiting = isWaiting
        state = .closed
        worker.remove(self)
        incoming = nil
        assembled = nil
        if let socket {
            // Let in, and gone before it knew.
            self.socket = nil
            socket.didEnd()
        }
        if let exchange {
            self.exchange = nil
            if wasWaiting { Phases.abandon(exchange) }
            exchange.call?.cancel()
            exchange.cancelFunction()
            exchange.stream?.cancel()
            worker.recycle(exchange)
        }
    }

    func read(context: ChannelHandlerContext) {
        if isReadPaused {
            isReadSuppressed = true
        } else {
            context.read()
        }
    }

    /// While a request waits for its backend, or the client does not take its answers, only so much is read ahead.
    private var isReadPaused: Bool {
        switch state {
        case .waiting, .streaming: (incoming?.readableBytes ?? 0) >= 64 << 10
        case .head: !isWritable && (incoming?.readableBytes ?? 0) >= 64 << 10
        default: false
        }
    }

    func resumeReading() {
        guard isReadSuppressed, !isReadPaused else { return }
        isReadSuppressed = false
        context?.read()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        isWritable = context.channel.isWritable
        if case .streaming = state {
            streamWritabilityChanged()
        } else if isWritable {
            worker.tick()
            pump()
            resumeReading()
        }
        context.fireChannelWritabilityChanged()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var received = unwrapInboundIn(data)
        if case .lingering = state {
            lingeringBytes += received.readableBytes
            // Source: none; enough for what was under way when the answer was written.
            if lingeringBytes > 64 << 20 { context.close(promise: nil) }
            return
        }
        if incoming == nil {
            incoming = received
        } else {
            incoming?.writeBuffer(&received)
        }
        switch state {
        case .waiting, .streaming: return
        default: break
        }
        worker.tick()
        pump()
    }

    // MARK: - Requests

    /// Runs every request that is whole, then writes all answers at once.
    private func pump() {
        guard !isRunning else { return }
        advance(true)
    }

    func advance(_ hasMore: Bool) {
        isRunning = true
        var goesOn = hasMore
        repeat {
            while goesOn { goesOn = step() }
            settle()
            // What was held back by the length of the output may go on if the client takes it at once.
            goesOn = isHeldBack && isWritable
        } while goesOn
        isRunning = false
        if case .switching = state { switchProtocols() }
    }

    /// Sends what there is, and ends the connection if its client has ended and nothing more can be answered.
    func settle() {
        if sawEnd {
            switch state {
            case .head where isHeldBack, .waiting, .streaming, .switching, .lingering, .closed:
                break
            case .head, .body, .chunkedBody:
                if let exchange {
                    self.exchange = nil
                    worker.recycle(exchange)
                }
                endAfterFlush()
            }
        }
        flush()
    }

    /// One step; `false` when nothing more can be done now.
    private func step() -> Bool {
        switch state {
        case .head:
            isHeldBack = incoming != nil && (!isWritable || worker.output.count > Connection.longestUnsentOutput)
            return isHeldBack ? false : readHead()
        case .body:
            guard let exchange, let incoming else { return false }
            let length = exchange.head.headLength + exchange.head.contentLength
            guard incoming.readableBytes >= length else {
                deadlineMilliseconds = worker.nowMilliseconds + worker.bodyMilliseconds
                return false
            }
            return run(exchange, length: length)
        case .chunkedBody:
            return readChunks()
        case .waiting, .streaming, .switching, .lingering, .closed:
            return false
        }
    }

    private func readHead() -> Bool {
        guard let bytes = incoming, bytes.readableBytes > 0 else {
            incoming = nil
            return false
        }
        let exchange = self.exchange ?? worker.takeExchange()
        self.exchange = exchange
        let outcome = bytes.withUnsafeReadableBytes { exchange.parser.parse($0, progress: &progress) }
        switch outcome {
        case .needMore:
            // The clock of a head runs from its first byte, however slowly the others come.
            if !hasBegunHead {
                hasBegunHead = true
                deadlineMilliseconds = worker.nowMilliseconds + worker.headMilliseconds
            }
            return false
        case .rejected(let rejection):
            exchange.head = RequestHead()
            bytes.withUnsafeReadableBytes { begin(exchange, $0) }
            reject(exchange, rejection)
            return false
        case .head(let head):
            progress.reset()
            hasBegunHead = false
            exchange.head = head
            if !head.hasBody { return run(exchange, length: head.headLength) }
            return beginBody(exchange, head)
        }
    }

    private func beginBody(_ exchange: Exchange, _ head: RequestHead) -> Bool {
        if head.contentLength > worker.maximumBodyBytes {
            incoming?.withUnsafeReadableBytes { begin(exchange, $0) }
            reject(exchange, .bodyTooLarge)
            return false
        }
        deadlineMilliseconds = worker.nowMilliseconds + worker.bodyMilliseconds
        let have = (incoming?.readableBytes ?? 0) - head.headLength
        if head.isChunked {
            guard let first = incoming?.readSlice(length: head.headLength) else { return false }
            var whole = ByteBufferAllocator().buffer(capacity: max(have, 1024) + head.headLength)
            whole.writeImmutableBuffer(first)
            assembled = whole
            decoder = ChunkedDecoder(maximumBytes: worker.maximumBodyBytes)
            state = .chunkedBody
            if head.expectContinue, have == 0 { worker.output.append("HTTP/1.1 100 Continue\r\n\r\n") }
            return true
        }
        state = .body
        if head.expectContinue, have <= 0 { worker.output.append("HTTP/1.1 100 Continue\r\n\r\n") }
        return true
    }

    private func readChunks() -> Bool {
        guard let exchange, var bytes = incoming, var whole = assembled else { return false }
        // Taken out, so that both buffers are this function's own while they change.
        incoming = nil
        assembled = nil
        let outcome = decoder.decode(&bytes, into: &whole)
        incoming = bytes.readableBytes > 0 ? bytes : nil
        assembled = whole
        switch outcome {
        case .needMore:
            deadlineMilliseconds = worker.nowMilliseconds + worker.bodyMilliseconds
            return false
        case .finished:
            return run(exchange, length: whole.readableBytes)
        case .malformed:
            whole.withUnsafeReadableBytes { begin(exchange, $0) }
            reject(exchange, .malformedChunk)
            return false
        case .tooLarge:
            whole.withUnsafeReadableBytes { begin(exchange, $0) }
            reject(exchange, .bodyTooLarge)
            return false
        }
    }

    private func begin(_ exchange: Exchange, _ bytes: UnsafeRawBufferPointer) {
        exchange.bytes = bytes
        exchange.sourceAddress = sourceAddress
        exchange.localPort = localPort
        exchange.localAddress = localAddress
        exchange.isTLS = facts != nil
        if let facts { exchange.facts = facts }
        exchange.begin(exchange.head)
    }

    /// Runs a request of `length` bytes; `true` if the next one may begin.
    private func run(_ exchange: Exchange, length: Int) -> Bool {
        let isAssembled = assembled != nil
        guard let bytes = isAssembled ? assembled : incoming else { return false }
        let outcome = bytes.withUnsafeReadableBytes { raw -> PhaseOutcome in
            exchange.bodyOffset = exchange.head.headLength
            exchange.bodyLength = length - exchange.head.headLength
            begin(exchange, UnsafeRawBufferPointer(rebasing: raw[0..<length]))
            return Phases.run(exchange)
        }
        if case .suspended = outcome {
            // A long request stays where it is while the backend works: a slice shares the memory.
            if length <= Connection.longestKeptCopy {
                exchange.kept.reset()
                bytes.withUnsafeReadableBytes { exchange.kept.append(UnsafeRawBufferPointer(rebasing: $0[0..<length])) }
            } else {
                exchange.retained = bytes.getSlice(at: bytes.readerIndex, length: length)
            }
            exchange.connection = self
            dropDecompressed(exchange)
        }
        if isAssembled {
            assembled = nil
        } else {
            incoming?.moveReaderIndex(forwardBy: length)
            if incoming?.readableBytes == 0 { incoming = nil }
        }
        if case .suspended = outcome {
            state = .waiting
            deadlineMilliseconds = .max
            worker.counters.upstreamCalls &+= 1
            return false
        }
        return concludeAnswer(exchange)
    }

    /// A decompressed body is gone when the exchange goes on. Nothing reads a request's body once its backend has answered,
    /// and what comes after an authorizer decompresses it again.
    private func dropDecompressed(_ exchange: Exchange) {
        guard exchange.codedBody != nil else { return }
        exchange.codedBody = nil
        exchange.bodyLength = 0
    }

    /// The answer is in the output: the next request, or the end.
    func concludeAnswer(_ exchange: Exchange) -> Bool {
        if let event = exchange.webSocket, event.isAccepted, let socket = event.makeConnection(worker, exchange) {
            self.exchange = nil
            worker.recycle(exchange)
            state = .switching
            deadlineMilliseconds = .max
            self.socket = socket
            return false
        }
        let keeps = exchange.head.keepAlive && !worker.isDraining
        self.exchange = nil
        worker.recycle(exchange)
        guard keeps else {
            endAfterFlush()
            return false
        }
        state = .head
        deadlineMilliseconds = worker.nowMilliseconds + worker.idleMilliseconds
        return incoming != nil
    }

    // MARK: - Backends

    /// Called by the exchange when its backend has answered or failed.
    func backendFinished(_ exchange: Exchange, _ outcome: UpstreamOutcome) {
        guard case .waiting = state, self.exchange === exchange else { return }
        worker.tick()
        advance(finish(exchange, outcome))
        resumeReading()
    }

    private func finish(_ exchange: Exchange, _ outcome: UpstreamOutcome) -> Bool {
        exchange.call = nil
        let result: PhaseOutcome
        if let request = exchange.retained {
            result = request.withUnsafeReadableBytes { resume(exchange, $0, outcome) }
        } else {
            result = resume(exchange, exchange.kept.bytes, outcome)
        }
        if case .suspended = result {
            // An authorizer has answered, and now the backend is at work.
            dropDecompressed(exchange)
            worker.counters.upstreamCalls &+= 1
            return false
        }
        return concludeAnswer(exchange)
    }

    private func resume(
        _ exchange: Exchange, _ request: UnsafeRawBufferPointer, _ outcome: UpstreamOutcome
    ) -> PhaseOutcome {
        exchange.bytes = request
        return Phases.resume(exchange, outcome)
    }

    // MARK: - WebSocket

    /// Gives the channel to the client's WebSocket connection, with what has come of its frames already. Nothing of this
    /// object stays.
    private func switchProtocols() {
        guard let context, let socket else { return }
        self.socket = nil
        let frames = incoming
        incoming = nil
        do {
            try WebSocketConnection.install(socket, in: context, behind: self)
        } catch {
            context.close(promise: nil)
            return
        }
        if let frames {
            context.fireChannelRead(wrapOutboundOut(frames))
            context.fireChannelReadComplete()
        }
        // The client may have ended its side while its request was at work.
        if sawEnd { context.fireUserInboundEventTriggered(ChannelEvent.inputClosed) }
        if isReadSuppressed {
            isReadSuppressed = false
            context.read()
        }
        _ = context.pipeline.syncOperations.removeHandler(context: context)
    }

    // MARK: - Refusals and ends

    /// Answers a request that is no valid HTTP, or goes over a limit, and ends the connection.
    private func reject(_ exchange: Exchange, _ rejection: HTTPRejection) {
        worker.counters.rejectedRequests &+= 1
        exchange.head.keepAlive = false
        if rejection == .bodyTooLarge {
            let log = "request body over \(worker.maximumBodyBytes) bytes"
            let isSocket = worker.table?.stages.first?.webSocket != nil
            Phases.refuse(
                exchange,
                isSocket ? ConnectionCalls.tooLarge(log: log) : GatewayFault(.requestTooLarge, log: log))
        } else {
            GatewayResponseWriter.write(
                GatewayFault(
                    .default4XX, status: rejection.status, message: HTTPStatus.reason(rejection.status),
                    log: "\(rejection.reason)"), exchange)
        }
        self.exchange = nil
        worker.recycle(exchange)
        endAfterFlush()
    }

    private func endAfterFlush() {
        state = .lingering
        hasLastAnswer = true
        hasLastAnswered = true
        isHeldBack = false
        incoming = nil
        assembled = nil
        // Until it has taken the answer; then a short while until it ends its side.
        deadlineMilliseconds = worker.nowMilliseconds + worker.idleMilliseconds
    }

    func flush() {
        guard let context else {
            worker.output.reset()
            return
        }
        let hasOutput = worker.output.count > 0
        guard hasLastAnswer else {
            if hasOutput { context.writeAndFlush(wrapOutboundOut(worker.takeWire()), promise: nil) }
            return
        }
        hasLastAnswer = false
        // The answer first, then our end; the client's bytes under way are read until its end, or it would see a
        // reset instead of the answer.
        let loop = context.eventLoop
        let written = loop.makePromise(of: Void.self)
        let bound = NIOLoopBound(self, eventLoop: loop)
        written.futureResult.whenComplete { _ in bound.value.closeOutput() }
        context.writeAndFlush(wrapOutboundOut(worker.takeWire()), promise: written)
    }

    private func closeOutput() {
        guard let context else { return }
        hasClosedOutput = true
        deadlineMilliseconds = monotonicMilliseconds() + Connection.lingeringMilliseconds
        if endsWithReset { resetOnClose() }
        if sawEnd || endsWithReset { context.close(promise: nil) } else { context.close(mode: .output, promise: nil) }
    }

    /// Whether the client has taken some of its answers since this was last asked, and has not all of them.
    private func isTakingAnswers() -> Bool {
        guard !hasClosedOutput,
            let left = stream?.untakenBytes
                ?? (try? context?.channel.syncOptions?.getOption(ChannelOptions.bufferedWritableBytes)), left > 0
        else { return false }
        defer { untakenBytes = left }
        return left != untakenBytes
    }

    /// Ends waits that took too long.
    func sweep(now: Int) {
        guard now >= deadlineMilliseconds else { return }
        if isTakingAnswers() {
            deadlineMilliseconds = now + worker.idleMilliseconds
            return
        }
        switch state {
        case .head where incoming == nil || isHeldBack, .streaming, .lingering:
            context?.close(promise: nil)
        case .head, .body, .chunkedBody:
            // Source: RFC 9110, section 15.5.9.
            guard let exchange else {
                context?.close(promise: nil)
                return
            }
            exchange.head = RequestHead()
            exchange.head.keepAlive = false
            (assembled ?? incoming)?.withUnsafeReadableBytes { begin(exchange, $0) }
            GatewayResponseWriter.write(
                GatewayFault(.default4XX, status: 408, message: "Request Timeout", log: "the request came too slowly"),
                exchange)
            self.exchange = nil
            worker.recycle(exchange)
            endAfterFlush()
            flush()
        case .waiting, .switching, .closed:
            break
        }
    }

    /// Ends the connection now if it is idle, else with its answer. A head that is not whole has little time left. A stream
    /// ends with its answer anyway.
    func drain() {
        guard stream == nil, case .head = state else { return }
        guard incoming == nil else {
            if hasBegunHead {
                deadlineMilliseconds = min(
                    deadlineMilliseconds, monotonicMilliseconds() + Connection.drainingHeadMilliseconds)
            }
            return
        }
        // Nothing is under way, so no reset can overtake an answer: both sides end at once.
        sawEnd = true
        settle()
    }

    func abort() { context?.close(promise: nil) }
}

/// How a call of a backend ended.
enum UpstreamOutcome {
    case response(UpstreamResponse)
    case failure(UpstreamFailure)
    /// A function that Portico hosts has ended.
    case function(FunctionOutcome)
    /// The gateway answers itself for another reason.
    case fault(GatewayFault)
    /// What became of a token whose issuer's keys were waited for.
    case verdict(TokenVerdict)
    /// Whose access key it is that was asked for.
    case identity(IdentityLookup.Answer)
    /// What another request has fetched, or that this one is to fetch.
    case cached(CacheTurn)
    /// What other processes' cache has.
    case shared(SharedCacheAnswer)
    /// What came of a call of `@connections` at another worker.
    case called(ConnectionAnswer)
}

extension Exchange: UpstreamReceiver {
    func upstreamDidReceive(_ response: UpstreamResponse) { finish(.response(response)) }

    func upstreamDidFail(_ failure: UpstreamFailure) { finish(.failure(failure)) }

    func finish(_ outcome: UpstreamOutcome) {
        // A call never ends before the phases have returned, so the connection is there.
        if let connection {
            connection.backendFinished(self, outcome)
        } else if let connection = webSocket?.connection {
            connection.backendFinished(self, outcome)
        } else {
            invocation?.backendFinished(self, outcome)
        }
    }
}

extension Duration {
    /// Whole milliseconds, saturating.
    var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        let (product, overflow) = Int(clamping: seconds).multipliedReportingOverflow(by: 1000)
        return overflow ? Int.max / 2 : product + Int(attoseconds / 1_000_000_000_000_000)
    }
}
