// Hot: once per read. Allocates: a body that comes in more than one read.
import NIOCore
import NIOTLS

/// One kept-alive HTTP/1.1 connection: writes a call's bytes, and collects the response until it is whole.
final class UpstreamConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum State {
        /// No socket yet, or no TLS session.
        case connecting
        case idle
        case busy
        /// Closed by us or the server, and given back to the pool.
        case ended
    }

    private enum Reading {
        case head
        case length(remaining: Int)
        case chunked
        case untilClose
        /// The body is handed on as it comes.
        case streamed(Streaming)
    }

    /// How the body that is handed on ends.
    enum Streaming {
        case length(remaining: Int)
        case chunked
        case untilClose
    }

    private let pool: UpstreamPool
    private var state = State.connecting
    private var reading = Reading.head
    /// Whether the server allows another request after the body that is handed on.
    private var keepsAfterStream = false
    private var context: ChannelHandlerContext?
    private var call: UpstreamCall?
    /// When it was last put back to the idle ones.
    var idleSince = NIODeadline.now()

    /// It has answered before: the server may have closed it unseen.
    private var hasServed = false
    private var hasReceived = false
    /// The end of the connection is not the end of a body.
    private var hasFailed = false
    private var connectTimeout: Scheduled<Void>?

    /// The head as far as it came, then all of it while the body is under way.
    private var head = ByteBuffer()
    private var body = ByteBuffer()
    private var progress = HeadProgress()
    private var chunks = ChunkedDecoder(maximumBytes: 0)
    private var interimResponses = 0

    private static let maximumInterimResponses = 32
    /// A server's word on the length of a body buys it this much memory before the bytes come.
    private static let maximumReservedBytes = 1 << 18

    init(pool: UpstreamPool) {
        self.pool = pool
    }

    /// Sends `call` on an idle connection.
    @inline(__always)
    func begin(_ call: UpstreamCall) {
        self.call = call
        call.connection = self
        state = .busy
        reading = .head
        hasReceived = false
        interimResponses = 0
        guard let context else {
            // Cannot be: a connection without a channel has ended, and an ended one is in no list.
            return end(.closedEarly)
        }
        context.writeAndFlush(wrapOutboundOut(call.bytes), promise: nil)
    }

    /// The call was given up: nobody waits for the response any more.
    func abandon() {
        call = nil
        if state == .connecting {
            // The next call is glad of it.
            pool.connectionIsUnclaimed(self)
        } else {
            close()
        }
    }

    func close() {
        end(.closedEarly)
    }
}

// MARK: - Making the connection

extension UpstreamConnection {
    /// Binds a call to a connection that is being made.
    func claim(_ call: UpstreamCall) {
        self.call = call
        call.connection = self
    }

    func armConnectTimeout(_ timeout: TimeAmount) {
        connectTimeout = pool.loop.assumeIsolated().scheduleTask(in: timeout) {
            guard self.state == .connecting else { return }
            self.end(self.pool.target.isTLS && self.context != nil ? .tlsFailed : .connectFailed)
        }
    }

    func didConnect(_ channel: any Channel) {
        guard state == .connecting, !pool.pools.isShutDown else {
            channel.close(promise: nil)
            return end(.closedEarly)
        }
        do {
            if pool.target.isTLS {
                let tls = try pool.pools.configuration.tls.makeHandler(for: pool.target)
                try channel.pipeline.syncOperations.addHandlers(tls, self)
            } else {
                try channel.pipeline.syncOperations.addHandler(self)
                didBecomeReady()
            }
        } catch {
            channel.close(promise: nil)
            end(pool.target.isTLS ? .tlsFailed : .connectFailed)
        }
    }

    func didFailToConnect(_ failure: UpstreamFailure) {
        end(failure)
    }

    private func didBecomeReady() {
        guard state == .connecting else { return }
        connectTimeout?.cancel()
        connectTimeout = nil
        if let call {
            begin(call)
        } else {
            state = .idle
            pool.unclaimedConnectionIsReady(self)
        }
    }
}

// MARK: - Channel events

extension UpstreamConnection {
    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        end(.closedEarly)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? TLSUserEvent, case .handshakeCompleted = event { didBecomeReady() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        switch reading {
        case .untilClose where state == .busy && !hasFailed:
            deliverKeptHead(mayKeep: false)
        case .streamed(.untilClose) where state == .busy && !hasFailed:
            finishStream(mayKeep: false)
        default:
            end(state == .connecting ? .tlsFailed : .closedEarly)
        }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        hasFailed = true
        end(state == .connecting ? .tlsFailed : .closedEarly)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        guard state == .busy, let call else {
            // A server that speaks unasked would answer the next request with this.
            return end(.malformed)
        }
        hasReceived = true
        switch reading {
        case .head:
            if head.readableBytes > 0 {
                head.writeBuffer(&bytes)
                bytes = head
                head = ByteBuffer()
            }
            readHead(bytes, isHead: call.isHead)
        case .length(let remaining):
            let count = bytes.readableBytes
            if count > remaining { return end(.malformed) }
            body.writeBuffer(&bytes)
            if count == remaining {
                deliverKeptHead(mayKeep: true)
            } else {
                reading = .length(remaining: remaining &- count)
            }
        case .chunked:
            readChunks(bytes)
        case .untilClose:
            if body.readableBytes &+ bytes.readableBytes > maximumBodyBytes { return end(.tooLarge) }
            body.writeBuffer(&bytes)
        case .streamed(let streaming):
            readStream(bytes, streaming)
        }
    }
}

// MARK: - The response

extension UpstreamConnection {
    private var maximumBodyBytes: Int { pool.pools.configuration.maximumBodyBytes }

    @inline(__always)
    private func readHead(_ bytes: ByteBuffer, isHead: Bool) {
        var bytes = bytes
        while true {
            let step = bytes.withUnsafeReadableBytes {
                pool.pools.parser.parse($0, isHead: isHead, progress: &progress)
            }
            switch step {
            case .needMore:
                head = bytes
                return
            case .malformed: return end(.malformed)
            case .tooLarge: return end(.tooLarge)
            case .head(let response):
                if response.status < 200 {
                    // Nobody asked for another protocol.
                    interimResponses += 1
                    if !response.isInterim || interimResponses > Self.maximumInterimResponses { return end(.malformed) }
                    bytes.moveReaderIndex(forwardBy: response.headLength)
                    if bytes.readableBytes == 0 { return }
                    continue
                }
                return readBody(after: response, bytes)
            }
        }
    }

    @inline(__always)
    private func readBody(after response: ResponseHead, _ bytes: ByteBuffer) {
        if let call, call.stream != nil, response.framing != .none { return beginStream(response, bytes, call) }
        let available = bytes.readableBytes &- response.headLength
        switch response.framing {
        case .none:
            deliver(response, bytes, body: ByteBuffer(), mayKeep: available == 0)
        case .length(let length):
            if length > maximumBodyBytes { return end(.tooLarge) }
            if available >= length {
                let start = bytes.readerIndex &+ response.headLength
                guard let body = bytes.getSlice(at: start, length: length) else { return end(.malformed) }
                return deliver(response, bytes, body: body, mayKeep: available == length)
            }
            keepHead(response, bytes, reserving: min(length, Self.maximumReservedBytes))
            reading = .length(remaining: length &- available)
        case .chunked:
            var rest = bytes
            rest.moveReaderIndex(forwardBy: response.headLength)
            chunks = ChunkedDecoder(maximumBytes: maximumBodyBytes)
            var body = ByteBuffer()
            switch chunks.decode(&rest, into: &body) {
            case .finished: deliver(response, bytes, body: body, mayKeep: rest.readableBytes == 0)
            case .malformed: end(.malformed)
            case .tooLarge: end(.tooLarge)
            case .needMore:
                head = bytes
                self.body = body
                reading = .chunked
            }
        case .untilClose:
            if available > maximumBodyBytes { return end(.tooLarge) }
            keepHead(response, bytes, reserving: available)
            reading = .untilClose
        }
    }

    /// Sets the head aside and begins the body with what came behind it.
    private func keepHead(_ response: ResponseHead, _ bytes: ByteBuffer, reserving capacity: Int) {
        var bytes = bytes
        head = bytes
        bytes.moveReaderIndex(forwardBy: response.headLength)
        body = ByteBuffer()
        body.reserveCapacity(max(capacity, bytes.readableBytes))
        body.writeBuffer(&bytes)
    }

    private func readChunks(_ bytes: ByteBuffer) {
        var bytes = bytes
        switch chunks.decode(&bytes, into: &body) {
        case .needMore: return
        case .malformed: end(.malformed)
        case .tooLarge: end(.tooLarge)
        case .finished: deliverKeptHead(mayKeep: bytes.readableBytes == 0)
        }
    }

    /// Delivers a response whose body ended after its head's read: the worker's table has other fields by now, so the
    /// head is parsed again.
    private func deliverKeptHead(mayKeep: Bool) {
        let bytes = head
        let body = self.body
        head = ByteBuffer()
        self.body = ByteBuffer()
        let isHead = call?.isHead ?? false
        let step = bytes.withUnsafeReadableBytes { pool.pools.parser.parse($0, isHead: isHead, progress: &progress) }
        guard case .head(let response) = step else { return end(.malformed) }
        deliver(response, bytes, body: body, mayKeep: mayKeep)
    }

    /// Gives the response to the call's receiver, after the connection, so that the receiver can use it again.
    private func deliver(_ response: ResponseHead, _ bytes: ByteBuffer, body: ByteBuffer, mayKeep: Bool) {
        let receiver = call?.succeed()
        call = nil
        hasServed = true
        if mayKeep && response.keepAlive {
            state = .idle
            pool.release(self)
        } else {
            end(.closedEarly)
        }
        receiver?.upstreamDidReceive(
            response.view(bytes, headers: pool.pools.parser.headers, body: body))
    }

    // MARK: - Streams

    /// Stops or goes on taking what the server sends. What is read already still comes.
    ///
    /// A server that has closed is read to its end nevertheless, as the library does with every closed socket: that is
    /// at most what the kernel's buffer holds.
    @inline(never)
    func setReading(_ reads: Bool) {
        guard state == .busy, let context else { return }
        try? context.channel.syncOptions?.setOption(.autoRead, value: reads)
    }

    @inline(never)
    private func beginStream(_ response: ResponseHead, _ bytes: ByteBuffer, _ call: UpstreamCall) {
        guard let stream = call.stream else { return end(.malformed) }
        keepsAfterStream = response.keepAlive
        let streaming: Streaming
        switch response.framing {
        case .none, .length(0):
            // Delivered like any other.
            return deliver(
                response, bytes, body: ByteBuffer(), mayKeep: bytes.readableBytes == response.headLength)
        case .length(let length):
            streaming = .length(remaining: length)
        case .chunked:
            streaming = .chunked
            chunks = ChunkedDecoder(maximumBytes: ChunkedDecoder.unlimited, keepsPieces: false)
        case .untilClose:
            streaming = .untilClose
        }
        reading = .streamed(streaming)
        var rest = bytes
        rest.moveReaderIndex(forwardBy: response.headLength)
        stream.receive(
            response.view(bytes, headers: pool.pools.parser.headers, body: ByteBuffer()), response.framing)
        call.touch()
        // The receiver may have given the call up.
        guard self.call === call, rest.readableBytes > 0 else { return }
        readStream(rest, streaming)
    }

    @inline(never)
    private func readStream(_ bytes: ByteBuffer, _ streaming: Streaming) {
        guard let call, let stream = call.stream else { return end(.malformed) }
        call.touch()
        let count = bytes.readableBytes
        switch streaming {
        case .length(let remaining):
            var piece = bytes
            // What follows the body, nobody asked for.
            if count > remaining { piece.moveWriterIndex(to: piece.readerIndex &+ remaining) }
            reading = .streamed(.length(remaining: remaining &- piece.readableBytes))
            stream.receive(piece)
            if count >= remaining, self.call === call { finishStream(mayKeep: count == remaining) }
        case .untilClose:
            stream.receive(bytes)
        case .chunked:
            var bytes = bytes
            var piece = ByteBuffer()
            let outcome = chunks.decode(&bytes, into: &piece)
            if piece.readableBytes > 0 { stream.receive(piece) }
            guard self.call === call else { return }
            switch outcome {
            case .needMore: return
            case .malformed: end(.malformed)
            case .tooLarge: end(.tooLarge)
            case .finished: finishStream(mayKeep: bytes.readableBytes == 0)
            }
        }
    }

    private func finishStream(mayKeep: Bool) {
        guard let call, let stream = call.stream else { return end(.malformed) }
        if stream.isPaused { setReading(true) }
        _ = call.succeed()
        self.call = nil
        hasServed = true
        if mayKeep && keepsAfterStream {
            state = .idle
            pool.release(self)
        } else {
            end(.closedEarly)
        }
        stream.finish()
    }

    /// Closes, gives the connection's place back, and fails or retries the call, once.
    @inline(never)
    private func end(_ failure: UpstreamFailure) {
        guard state != .ended else { return }
        let wasIdle = state == .idle
        state = .ended
        connectTimeout?.cancel()
        connectTimeout = nil
        head = ByteBuffer()
        body = ByteBuffer()
        let call = self.call
        self.call = nil
        context?.close(promise: nil)
        if failure == .connectFailed || failure == .tlsFailed { pool.couldNotConnect(failure) }
        pool.connectionDidEnd(self, wasIdle: wasIdle)
        guard let call else { return }
        if failure == .closedEarly && hasServed && !hasReceived && call.canRetry && !call.hasRetried {
            pool.retry(call)
        } else {
            call.fail(failure)
        }
    }
}

extension ResponseHead {
    /// The head with what it stands in, as receivers get it.
    @inline(__always)
    fileprivate func view(_ bytes: ByteBuffer, headers: HTTPHeaderTable, body: ByteBuffer) -> UpstreamResponse {
        UpstreamResponse(
            status: status, minorVersion: minorVersion, reasonOffset: reasonOffset, reasonLength: reasonLength,
            headLength: headLength, head: bytes, headers: headers, body: body)
    }
}
