// Hot: once per frame. Allocates: the frames that go out.

internal import NIOCore
internal import NIOSSL
internal import NIOWebSocket
internal import PorticoIR
internal import PorticoPrograms

/// One client that is connected: its messages become exchanges, and what they answer becomes frames.
///
/// Lives on its worker's event loop, in the place of the HTTP connection that it was. It has no timer of its own: the worker looks for
/// connections whose time is over.
final class WebSocketConnection: ChannelDuplexHandler, Registered {
    typealias InboundIn = WebSocketFrame
    typealias OutboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    enum State {
        case open
        /// The last frame is written; what still comes is dropped, so that the client sees it.
        case closing
        case closed
    }

    private enum End {
        /// A close frame of the client, with its payload.
        case byClient(ByteBuffer)
        /// The client did what it may not.
        case failure(Int)
        /// TCP has ended.
        case lost
    }

    /// Messages of one connection that are under way at once; further ones wait, and then the client.
    static let mostUnderWay = 16
    /// Messages that begin in one turn of the event loop: a read may hold ten thousand of them.
    private static let mostAtOnce = 64
    /// Bytes that a client has not taken, after which it is given up: eight of the longest messages.
    static let longestBacklog = 8 * ClientFrameRules.longestMessage
    /// How long a client may take to end its side once it has the last frame.
    private static let closingMilliseconds = 2_000
    /// Source: API Gateway quotas, idle connection timeout and connection duration.
    static let idleMilliseconds = 600_000
    static let longestMilliseconds = 7_200_000
    /// How long a client may take none of what it is sent.
    private static let stalledMilliseconds = 60_000

    // The worker outlives its connections: it goes with its loop.
    unowned(unsafe) let worker: Worker
    let peer: WebSocketPeer
    /// Position in the worker's list; -1 when it is in none.
    var index = -1
    private(set) var state = State.open
    private(set) var context: ChannelHandlerContext?
    private var stage: StageProgram
    private var generation: Int
    private var receiver = WebSocketReceiver()
    /// Messages that wait for their turn.
    private var waiting = WaitingMessages()
    /// Exchanges of messages that wait for their backends.
    private var underWay = 0
    private var isRunning = false
    private var isContinuing = false
    private var isReadSuppressed = false
    private var hasUnflushed = false
    /// The last ping that could not be answered because the client takes nothing.
    private var unansweredPing: ByteBuffer?
    /// What ends the connection once the messages that came before it have had their turn.
    private var end: End?
    /// Whether the client has ended its side of TCP.
    private var sawEnd = false
    private var ending = WebSocketEnding.abnormal
    private var isEndTold = false
    /// Clocks of the worker that never go back.
    private let begunMilliseconds: Int
    private var activeMilliseconds: Int
    private var deadlineMilliseconds = Int.max
    private var untakenBytes = 0

    init(worker: Worker, peer: WebSocketPeer, stage: StageProgram) {
        self.worker = worker
        self.peer = peer
        self.stage = stage
        generation = worker.table?.generation ?? 0
        begunMilliseconds = worker.nowMilliseconds
        activeMilliseconds = worker.nowMilliseconds
    }

    // MARK: - Channel events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        worker.sockets.add(self)
        if worker.isDraining { close(.goingAway) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        didEnd()
    }

    func channelInactive(context: ChannelHandlerContext) {
        didEnd()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? ChannelEvent, event == .inputClosed else {
            context.fireUserInboundEventTriggered(event)
            return
        }
        sawEnd = true
        guard state == .open else {
            // The client has seen the last frame.
            context.close(promise: nil)
            return
        }
        // TCP has ended without a word.
        worker.tick()
        if end == nil { end = .lost }
        runWaiting()
        flush()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case let violation as WebSocketViolation: take(.fail(violation.code))
        // What comes behind it.
        case is ByteToMessageDecoderError: break
        // The end of TCP itself comes next.
        case NIOSSLError.uncleanShutdown: break
        // A reset or a failed write: there is nobody to tell.
        default: context.close(promise: nil)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { take(receiver.take(unwrapInboundIn(data))) }

    private func take(_ action: WebSocketReceiver.Action) {
        guard state == .open else {
            // The client's close frame is what a closing connection waits for.
            if case .close = action { context?.close(promise: nil) }
            return
        }
        switch action {
        case .none: break
        case .message(let payload, let isBinary): take(payload, isBinary: isBinary)
        case .ping(let payload): answerPing(payload)
        case .close(let payload): end = end ?? .byClient(payload)
        case .fail(let code): end = end ?? .failure(code)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        worker.tick()
        runWaiting()
        flush()
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if state != .open {
            // The end has a time of its own.
            runWaiting()
        } else if context.channel.isWritable {
            deadlineMilliseconds = .max
            if let ping = unansweredPing {
                unansweredPing = nil
                answerPing(ping)
            }
            worker.tick()
            runWaiting()
            flush()
        } else {
            untakenBytes = Int.max
            deadlineMilliseconds = worker.nowMilliseconds &+ WebSocketConnection.stalledMilliseconds
        }
        context.fireChannelWritabilityChanged()
    }

    /// While messages wait, nothing more is read.
    func read(context: ChannelHandlerContext) {
        if waiting.isEmpty || state != .open {
            context.read()
        } else {
            isReadSuppressed = true
        }
    }

    private func flush() {
        guard hasUnflushed else { return }
        hasUnflushed = false
        context?.flush()
    }

    // MARK: - Messages

    private func take(_ payload: ByteBuffer, isBinary: Bool) {
        activeMilliseconds = worker.nowMilliseconds
        waiting.add(payload, isBinary: isBinary)
    }

    /// Whether another message may begin: a client that does not take its answers gets no further ones. What has come
    /// before the end of a connection counts, too.
    private var mayBegin: Bool {
        underWay < WebSocketConnection.mostUnderWay && !worker.sockets.hasEnded
            && (state != .open || context?.channel.isWritable == true)
    }

    /// Begins messages that wait, as far as there is room; reads on when none is left.
    private func runWaiting() {
        // Sending may make the channel writable, which leads here again.
        guard !isRunning else { return }
        isRunning = true
        var begun = 0
        repeat {
            while mayBegin, begun < WebSocketConnection.mostAtOnce, let (payload, isBinary) = waiting.next() {
                begun &+= 1
                run(payload, isBinary: isBinary)
            }
            flush()
        } while !waiting.isEmpty && mayBegin && begun < WebSocketConnection.mostAtOnce
        isRunning = false
        if let end, state == .open, waiting.isEmpty || !isWorthWaiting(before: end) { finish(end) }
        if waiting.isEmpty {
            if isReadSuppressed {
                isReadSuppressed = false
                context?.read()
            }
        } else if mayBegin, !isContinuing {
            // Others have their turn first.
            isContinuing = true
            let bound = NIOLoopBound(self, eventLoop: worker.loop)
            worker.loop.execute {
                let connection = bound.value
                connection.isContinuing = false
                connection.worker.tick()
                connection.runWaiting()
                connection.flush()
            }
        }
    }

    /// The stage as it is served now, or as it was before it went away.
    private func currentStage() -> StageProgram {
        guard let table = worker.table, table.generation != generation else { return stage }
        // One that is gone stays to be seen, and ends the connection.
        if let newer = table.stage(named: stage.name.bytes), newer.webSocket != nil {
            generation = table.generation
            stage = newer
        }
        return stage
    }

    /// Whether the stage is served no more, or not as one of a WebSocket API: nobody could call the client there.
    private var isStageGone: Bool {
        _ = currentStage()
        return worker.table.map { $0.generation != generation } ?? false
    }

    /// Makes an exchange of the peer's head and a payload.
    private func exchange(_ kind: WebSocketEvent.Kind, _ payload: ByteBuffer?) -> Exchange? {
        let exchange = worker.takeExchange()
        let length = peer.head.count &+ (payload?.readableBytes ?? 0)
        let isBegun: Bool
        if length <= WebSocketConnection.longestKept {
            exchange.kept.reset()
            exchange.kept.append(peer.head)
            payload?.withUnsafeReadableBytes { exchange.kept.append($0) }
            isBegun = begin(exchange, exchange.kept.bytes)
        } else {
            var whole = ByteBufferAllocator().buffer(capacity: length)
            whole.writeBytes(peer.head)
            if let payload { whole.writeImmutableBuffer(payload) }
            exchange.retained = whole
            isBegun = whole.withUnsafeReadableBytes { begin(exchange, $0) }
        }
        guard isBegun else {
            worker.recycle(exchange)
            return nil
        }
        exchange.webSocket = WebSocketEvent(kind, peer: peer, connection: self)
        peer.restoreAccess(to: exchange)
        exchange.stage = currentStage()
        return exchange
    }

    private func begin(_ exchange: Exchange, _ bytes: UnsafeRawBufferPointer) -> Bool {
        var progress = HeadProgress()
        guard case .head(let head) = exchange.parser.parse(bytes, progress: &progress) else { return false }
        exchange.head = head
        exchange.bytes = bytes
        exchange.bodyOffset = head.headLength
        exchange.bodyLength = bytes.count &- head.headLength
        peer.introduce(to: exchange)
        exchange.begin(head)
        return true
    }

    /// Runs phases of an exchange with the bytes of its event; `true` if it waits for somebody.
    private func suspends(_ exchange: Exchange, _ phases: () -> PhaseOutcome) -> Bool {
        var waits = false
        exchange.withKeptRequest {
            if case .suspended = phases() { waits = true }
        }
        if waits { worker.counters.upstreamCalls &+= 1 }
        return waits
    }

    /// Longest event that an exchange keeps in memory of its own.
    private static let longestKept = 4096

    private func run(_ payload: ByteBuffer, isBinary: Bool) {
        guard let exchange = exchange(.message, payload) else { return }
        exchange.webSocket?.isBinary = isBinary
        peer.activeMilliseconds = worker.clock.milliseconds
        let start = exchange.arena.count
        exchange.arena.appendUninitialized(ConnectionID.length) { worker.identifiers.writeExtendedID(to: $0) }
        exchange.webSocket?.messageID = start..<exchange.arena.count
        if suspends(exchange, { Phases.runEvent(exchange) }) {
            worker.sockets.willWait(exchange)
            underWay &+= 1
            return
        }
        conclude(exchange)
    }

    /// Called by the exchange when its backend has answered or failed.
    func backendFinished(_ exchange: Exchange, _ outcome: UpstreamOutcome) {
        worker.tick()
        exchange.call = nil
        if suspends(exchange, { Phases.resume(exchange, outcome) }) { return }
        worker.sockets.didWait(exchange)
        if exchange.webSocket?.kind == .message { underWay &-= 1 }
        conclude(exchange)
        runWaiting()
        flush()
    }

    /// The answer is in the output: sends what of it is for the client.
    private func conclude(_ exchange: Exchange) {
        let output = worker.output
        if let event = exchange.webSocket, event.kind == .message,
            event.isError || exchange.method?.route?.isTwoWay == true
        {
            var body = output.bytes(from: min(exchange.bodyStart, output.count))
            if body.count > ClientFrameRules.longestMessage {
                // Unconfirmed: what API Gateway makes of an answer that no message may be as long as.
                let fault = GatewayFault.internalError(
                    "the answer has more than \(ClientFrameRules.longestMessage) bytes")
                MessageFaultWriter.write(fault, exchange, event)
                exchange.withKeptRequest { worker.log(fault, exchange) }
                body = output.bytes(from: min(exchange.bodyStart, output.count))
            }
            if !body.isEmpty { send(body) }
        }
        output.truncate(to: min(exchange.answerStart, output.count))
        let isDisconnect = exchange.webSocket?.kind == .disconnect
        worker.recycle(exchange)
        if isDisconnect { worker.sockets.disconnectDidEnd() }
    }

    // MARK: - Frames that go out

    /// Bytes that the client has not taken.
    private var backlog: Int {
        (try? context?.channel.syncOptions?.getOption(ChannelOptions.bufferedWritableBytes)) ?? 0
    }

    /// Whether a client has left so much untaken that nothing more is sent to it.
    private var isSaturated: Bool {
        context?.channel.isWritable == false && backlog > WebSocketConnection.longestBacklog
    }

    /// Whether a client has left so much untaken that backends have to wait.
    var isBackedUp: Bool {
        context?.channel.isWritable == false && backlog > WebSocketConnection.longestBacklog / 2
    }

    /// Which connection it is, for other processes.
    var address: ConnectionAddress {
        ConnectionAddress(
            apiID: stage.snapshot.identity.apiID, stage: stage.name.text, connectionID: peer.id.text)
    }

    /// Whether binary frames are messages.
    var takesBinary: Bool { stage.webSocket?.takesBinary == true }

    /// Whether it is one of that stage.
    func isOf(stage name: String) -> Bool { stage.name.bytes.elementsEqual(name.utf8) }

    /// Sends a message: text if it is text, else bytes.
    func send(_ body: UnsafeRawBufferPointer) {
        guard state == .open else { return }
        guard !isSaturated else {
            // Source: RFC 6455, section 7.4.1. A client that takes nothing will not take the reason either.
            writeLast(WebSocketEnding(code: 1008), code: 1008, "", endsOutput: true)
            deadlineMilliseconds = worker.nowMilliseconds
            return
        }
        activeMilliseconds = worker.nowMilliseconds
        peer.activeMilliseconds = worker.clock.milliseconds
        write(UTF8Text.isValid(body) ? .text : .binary, body)
    }

    private func write(
        _ opcode: WebSocketOpcode, _ payload: UnsafeRawBufferPointer, _ promise: EventLoopPromise<Void>? = nil
    ) {
        guard let context else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        var data = context.channel.allocator.buffer(capacity: payload.count)
        data.writeBytes(payload)
        hasUnflushed = true
        context.write(wrapOutboundOut(WebSocketFrame(fin: true, opcode: opcode, data: data)), promise: promise)
    }

    /// Sends a message of another exchange, such as a call of `@connections`.
    func post(_ body: UnsafeRawBufferPointer) {
        send(body)
        flush()
    }

    private func answerPing(_ payload: ByteBuffer) {
        guard context?.channel.isWritable == true else {
            // Source: RFC 6455, section 5.5.3: only the last one has to be answered.
            unansweredPing = payload
            return
        }
        payload.withUnsafeReadableBytes { write(.pong, $0) }
    }

    // MARK: - The end

    /// Whether messages before the end will have their turn soon: a client that takes its answers slowly gets them, but
    /// backends are not waited for.
    private func isWorthWaiting(before end: End) -> Bool {
        if case .lost = end { return mayBegin }
        return underWay < WebSocketConnection.mostUnderWay && !worker.sockets.hasEnded
    }

    /// The messages before the end have begun, or have to wait so long that nobody will hear their answers.
    private func finish(_ end: End) {
        self.end = nil
        switch end {
        case .byClient(let payload):
            // Source: RFC 6455, section 5.5.1: the code goes back.
            let ending = WebSocketEnding(closePayload: payload)
            writeLast(ending, code: payload.readableBytes >= 2 ? ending.code : nil, "", endsOutput: true)
        case .failure(let code):
            writeLast(WebSocketEnding(code: code), code: code, "", endsOutput: true)
        case .lost:
            context?.close(promise: nil)
        }
    }

    /// Ends the connection from this side; the client has a moment to say that it has heard of it.
    func close(_ ending: WebSocketEnding) {
        guard state == .open else { return }
        let reason = ending.code == 1000 || ending.code == 1001 ? ending.text : ""
        writeLast(ending, code: ending.code, reason, endsOutput: sawEnd)
    }

    /// Writes the close frame. `endsOutput` ends this side of TCP behind it, and so tells a client that does not answer.
    ///
    /// Source: RFC 6455, section 7.1.1: the server ends TCP first. The client's side is read until it ends, or a reset
    /// could overtake the close frame.
    private func writeLast(_ ending: WebSocketEnding, code: Int?, _ reason: StaticString, endsOutput: Bool) {
        guard state == .open else { return }
        state = .closing
        self.ending = ending
        deadlineMilliseconds = worker.nowMilliseconds &+ WebSocketConnection.closingMilliseconds
        guard let context else { return }
        var written: EventLoopPromise<Void>?
        if endsOutput {
            let promise = context.eventLoop.makePromise(of: Void.self)
            let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
            promise.futureResult.whenComplete { _ in bound.value.closeOutput() }
            written = promise
        }
        var payload = ByteBuffer()
        if let code { payload.writeInteger(UInt16(truncatingIfNeeded: code)) }
        payload.writeStaticString(reason)
        payload.withUnsafeReadableBytes { write(.connectionClose, $0, written) }
        flush()
        if isReadSuppressed {
            isReadSuppressed = false
            context.read()
        }
    }

    private func closeOutput() {
        if waiting.isEmpty { tellEnd() }
        if sawEnd {
            context?.close(promise: nil)
        } else {
            context?.close(mode: .output, promise: nil)
        }
    }

    func abort() { context?.close(promise: nil) }

    /// Ends waits that took too long.
    func sweep(now: Int) {
        switch state {
        case .open where deadlineMilliseconds != .max:
            guard now >= deadlineMilliseconds else { return }
            let left = backlog
            if left < untakenBytes {
                untakenBytes = left
                deadlineMilliseconds = now &+ WebSocketConnection.stalledMilliseconds
            } else {
                // Nobody is there who takes anything.
                context?.close(promise: nil)
            }
        case .open:
            if isStageGone {
                close(.goingAway)
            } else if now &- activeMilliseconds >= WebSocketConnection.idleMilliseconds
                || now &- begunMilliseconds >= WebSocketConnection.longestMilliseconds
            {
                close(.goingAway)
            }
        case .closing:
            if now >= deadlineMilliseconds { context?.close(promise: nil) }
        case .closed:
            break
        }
    }

    /// The client is gone, or was never there. Once.
    func didEnd() {
        guard state != .closed else { return }
        state = .closed
        unansweredPing = nil
        worker.sockets.remove(self)
        // Messages under way, and those that wait, go on without anybody to answer to.
        runWaiting()
        tellEnd()
    }

    /// Runs `$disconnect`, once.
    private func tellEnd() {
        guard !isEndTold else { return }
        isEndTold = true
        worker.sockets.didEnd(self)
    }

    /// Runs `$disconnect`; `false` if the API has no such route.
    func runDisconnect() -> Bool {
        let stage = currentStage()
        guard let webSocket = stage.webSocket, webSocket.disconnect >= 0 else { return false }
        guard let exchange = exchange(.disconnect, nil) else { return false }
        exchange.webSocket?.ending = ending
        if suspends(exchange, { Phases.runEvent(exchange) }) {
            worker.sockets.willWait(exchange)
            return true
        }
        conclude(exchange)
        return true
    }
}

/// Messages that wait for their turn, one behind the other in one buffer: a read may hold ten thousand of them.
struct WaitingMessages {
    private var bytes: ByteBuffer?

    var isEmpty: Bool { bytes == nil }

    mutating func add(_ payload: ByteBuffer, isBinary: Bool) {
        var whole = bytes ?? ByteBuffer()
        bytes = nil
        whole.writeInteger(UInt32(payload.readableBytes) &<< 1 | (isBinary ? 1 : 0))
        whole.writeImmutableBuffer(payload)
        bytes = whole
    }

    mutating func next() -> (ByteBuffer, isBinary: Bool)? {
        guard var whole = bytes, let mark = whole.readInteger(as: UInt32.self),
            let payload = whole.readSlice(length: Int(mark &>> 1))
        else {
            bytes = nil
            return nil
        }
        bytes = whole.readableBytes > 0 ? whole : nil
        return (payload, mark & 1 == 1)
    }
}
