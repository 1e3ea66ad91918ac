// Hot: once per stream. Allocates: the stream's channel; handlers are used again.

internal import NIOCore
internal import NIOHPACK
internal import NIOHTTP2
internal import NIOSSL

/// One client connection that speaks HTTP/2: a ``Connection`` for each of its streams, so that requests go through the
/// same phases however they came.
///
/// Lives on its worker's event loop, which sweeps, drains and ends it.
final class HTTP2Session: ChannelInboundHandler, Registered {
    typealias InboundIn = HTTP2Frame
    typealias OutboundOut = HTTP2Frame

    /// Streams that a client may have at the same time. *Source:* Application Load Balancer, which allows 128.
    static let maximumStreams = 128
    /// Header fields of one request, each with 32 bytes for itself (RFC 9113, section 6.5.2): more than ``HTTPLimits`` has,
    /// so that a request that goes over those is answered with 431; beyond this the session ends.
    static let maximumHeaderListBytes = 32 << 10
    /// Bodies of requests under way, in bodies of the greatest length.
    static let maximumBodies = 16
    /// Malformed requests of a session.
    static let maximumMalformed = 200
    /// Streams that a client may reset within half a minute. *Source:* CVE-2023-44487.
    static let maximumResets = 200
    private static let streamWindowBytes = 256 << 10
    private static let sessionWindowBytes = 1 << 20
    /// How long a client may take to end its side once it has everything.
    private static let lingeringMilliseconds = 2_000
    private static let drainPing = HTTP2PingData(withInteger: 0x506F_7274_6963_6F21)

    private enum State {
        case open
        /// The client was told that the session ends, and streams are under way.
        case draining
        /// The last frame is written.
        case ending
        case closed
    }

    /// Position in the worker's list; -1 when it is in none.
    var index = -1
    let codec: HTTP2Codec
    // The worker outlives its sessions: it goes with its loop.
    private unowned(unsafe) let worker: Worker
    private let makeConnection: () -> Connection
    private let wire: HTTP2Wire
    private var context: ChannelHandlerContext?
    private var state = State.open
    /// Streams that are not closed.
    private var activeStreams = 0
    /// Streams whose channels exist, which is a moment longer.
    private var openStreams = 0
    private var lastStreamID = HTTP2StreamID.rootStream
    private var idle: [HTTP2Stream] = []
    /// Knows the addresses, which all streams share.
    private var firstConnection: Connection?
    private var bodyBytes = 0
    private var malformed = 0
    /// The client has ended its side, or said that it will.
    private var isClientLeaving = false
    private var sawEnd = false
    /// Whether a drained session goes on until its client has answered the ping.
    private var awaitsAnswer = false
    /// When the wait for the next stream, or for the client's end, is over, on the worker's clock.
    private var deadlineMilliseconds = Int.max

    private init(worker: Worker, wire: HTTP2Wire, makeConnection: @escaping () -> Connection) {
        self.worker = worker
        self.wire = wire
        self.makeConnection = makeConnection
        codec = worker.http2
    }

    /// Makes `channel`, on whose loop this is called, speak HTTP/2 from its next byte on, the client's preface.
    ///
    /// - Parameter makeConnection: makes what serves a stream; called for as many as there are at the same time.
    static func configure(
        _ channel: any Channel, worker: Worker, makeConnection: @escaping () -> Connection
    ) throws {
        let wire = HTTP2Wire()
        let session = HTTP2Session(worker: worker, wire: wire, makeConnection: makeConnection)
        let bound = NIOLoopBound(session, eventLoop: channel.eventLoop)
        let handler = NIOHTTP2Handler(
            mode: .server, eventLoop: channel.eventLoop, connectionConfiguration: connectionConfiguration,
            streamConfiguration: streamConfiguration
        ) { stream in bound.value.begin(stream) }
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(wire)
        try pipeline.addHandler(handler)
        try pipeline.addHandler(session)
    }

    private static let connectionConfiguration: NIOHTTP2Handler.ConnectionConfiguration = {
        var configuration = NIOHTTP2Handler.ConnectionConfiguration()
        configuration.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: maximumStreams),
            HTTP2Setting(parameter: .maxHeaderListSize, value: maximumHeaderListBytes),
            HTTP2Setting(parameter: .initialWindowSize, value: streamWindowBytes),
        ]
        // HTTP2RequestHead and HTTP2Stream see to both, on bytes.
        configuration.headerBlockValidation = .disabled
        configuration.contentLengthValidation = .disabled
        configuration.maximumBufferedControlFrames = 1000
        configuration.targetWindowSize = sessionWindowBytes
        return configuration
    }()

    private static let streamConfiguration: NIOHTTP2Handler.StreamConfiguration = {
        var configuration = NIOHTTP2Handler.StreamConfiguration()
        configuration.targetWindowSize = streamWindowBytes
        configuration.outboundBufferSizeHighWatermark = 64 << 10
        configuration.outboundBufferSizeLowWatermark = 32 << 10
        configuration.streamResetFrameRateLimit.maximumCount = maximumResets
        configuration.streamResetFrameRateLimit.windowLength = .seconds(30)
        return configuration
    }()

    // MARK: - Streams

    private func begin(_ channel: any Channel) -> EventLoopFuture<Void> {
        // Until the client has confirmed the settings, the library allows what RFC 9113 allows by default.
        guard activeStreams < HTTP2Session.maximumStreams, state == .open || state == .draining else {
            return channel.eventLoop.makeFailedFuture(ChannelError.operationUnsupported)
        }
        let stream: HTTP2Stream
        if let used = idle.popLast() {
            stream = used
            stream.reopen()
            stream.connection.reopen()
        } else {
            stream = HTTP2Stream(session: self, connection: makeConnection())
            if let firstConnection {
                stream.connection.shareAddresses(of: firstConnection)
            } else {
                firstConnection = stream.connection
            }
        }
        stream.connection.stream = stream
        if let id = try? channel.syncOptions?.getOption(HTTP2StreamChannelOptions.streamID), id > lastStreamID {
            lastStreamID = id
        }
        openStreams += 1
        activeStreams += 1
        do {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(stream)
            try pipeline.addHandler(stream.connection)
            return channel.eventLoop.makeSucceededVoidFuture()
        } catch {
            return channel.eventLoop.makeFailedFuture(error)
        }
    }

    /// The stream is closed; its channel will be gone in a moment.
    func streamClosed() { activeStreams -= 1 }

    /// The stream's channel is gone, and what its answer needed is sent or never will be.
    func streamEnded(_ stream: HTTP2Stream) {
        openStreams -= 1
        bodyBytes -= stream.bodyBytes
        stream.connection.stream = nil
        if state != .closed, !stream.isWatching, stream.connection.canReopen { idle.append(stream) }
        guard openStreams == 0, state == .open || state == .draining else { return }
        deadlineMilliseconds = worker.nowMilliseconds + worker.idleMilliseconds
        if state == .draining && !awaitsAnswer || isClientLeaving { end() }
    }

    /// Whether that much more of a body may be kept.
    func takesBody(_ count: Int) -> Bool {
        bodyBytes += count
        return bodyBytes <= HTTP2Session.maximumBodies * worker.maximumBodyBytes
    }

    /// Ends the session if its client does not learn.
    func noteMalformed() {
        worker.counters.rejectedRequests &+= 1
        malformed += 1
        guard malformed > HTTP2Session.maximumMalformed, state != .ending, state != .closed else { return }
        end(.enhanceYourCalm)
    }

    // MARK: - Channel events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        worker.add(self)
        deadlineMilliseconds = worker.nowMilliseconds + worker.idleMilliseconds
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        forget()
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        forget()
        context.fireChannelInactive()
    }

    private func forget() {
        guard state != .closed else { return }
        state = .closed
        idle = []
        worker.remove(self)
    }

    /// Frames that concern no stream.
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data).payload {
        case .ping(HTTP2Session.drainPing, ack: true):
            // What the client sent before it knew has come by now.
            guard state == .draining else { break }
            awaitsAnswer = false
            if openStreams == 0 { end() } else { writeGoAway(lastStreamID, context) }
        case .goAway:
            isClientLeaving = true
            if openStreams == 0 { end() }
        default: break
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? ChannelEvent, event == .inputClosed else {
            context.fireUserInboundEventTriggered(event)
            return
        }
        sawEnd = true
        isClientLeaving = true
        if state == .ending {
            context.close(promise: nil)
        } else if openStreams == 0 {
            end()
        }
    }

    /// Errors of streams come here too; they are the streams' own.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A client that ends TCP without a word of TLS may wait for its answers as another does.
        if case NIOSSLError.uncleanShutdown = error { return }
        if wire.hasFailed {
            closeAfterFlush(context)
        } else if !(error is any NIOHTTP2Error || error is NIOHTTP2Errors.StreamError) {
            context.close(promise: nil)
        }
    }

    // MARK: - Ends

    private func writeGoAway(
        _ last: HTTP2StreamID, _ context: ChannelHandlerContext, _ code: HTTP2ErrorCode = .noError
    ) {
        let frame = HTTP2Frame(
            streamID: .rootStream, payload: .goAway(lastStreamID: last, errorCode: code, opaqueData: nil))
        context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
    }

    private func end(_ code: HTTP2ErrorCode = .noError) {
        guard state == .open || state == .draining, let context else { return }
        writeGoAway(lastStreamID, context, code)
        closeAfterFlush(context)
    }

    /// Ends our side once the client has everything; what it sends until it ends its own is read, or it would see a reset
    /// instead.
    private func closeAfterFlush(_ context: ChannelHandlerContext) {
        guard state == .open || state == .draining else { return }
        state = .ending
        deadlineMilliseconds = worker.nowMilliseconds + worker.idleMilliseconds
        let written = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        written.futureResult.whenComplete { _ in bound.value.closeOutput() }
        wire.flush(with: written)
    }

    private func closeOutput() {
        guard let context else { return }
        deadlineMilliseconds = monotonicMilliseconds() + HTTP2Session.lingeringMilliseconds
        if sawEnd { context.close(promise: nil) } else { context.close(mode: .output, promise: nil) }
    }

    /// Ends a session that waits too long for its next stream. Streams have their own time.
    func sweep(now: Int) {
        guard now >= deadlineMilliseconds else { return }
        switch state {
        case .open where openStreams == 0: end()
        case .ending: context?.close(promise: nil)
        case .open, .draining, .closed: break
        }
    }

    /// Ends the session now if there is no stream, else with the last one. Requests that are on their way when the client
    /// is told are answered.
    ///
    /// *Source:* RFC 9113, section 6.8.
    ///
    /// - Parameter isPatient: whether the session goes on until its client has learnt it, because a request may be on
    ///   its way.
    func drain(isPatient: Bool = false) {
        if !isPatient { awaitsAnswer = false }
        if state == .draining, openStreams == 0, !isPatient { return end() }
        guard state == .open, let context else { return }
        guard openStreams > 0 || isPatient else { return end() }
        state = .draining
        awaitsAnswer = isPatient
        // Not by the library, which refuses all new streams from the first GOAWAY on.
        wire.writeGoAway()
        let ping = HTTP2Frame(streamID: .rootStream, payload: .ping(HTTP2Session.drainPing, ack: false))
        context.writeAndFlush(wrapOutboundOut(ping), promise: nil)
    }

    func abort() { context?.close(promise: nil) }
}
