// Hot: once per frame of a stream. Allocates: the frames of the answer, which the library takes boxed.

internal import NIOCore
internal import NIOHPACK
internal import NIOHTTP2

/// One request of an HTTP/2 session: turns its frames into the HTTP/1.1 that ``Connection`` reads, and the answer that
/// ``Connection`` writes into frames.
///
/// Stands before its connection in the pipeline of the stream's channel. A session uses both again for later streams.
///
/// *Source:* RFC 9113, section 8.
final class HTTP2Stream: ChannelDuplexHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = HTTP2Frame.FramePayload

    /// More of a body at once is written in pieces, whose way to the client is watched.
    private static let longestUnwatchedPiece = 64 << 10
    private static let watchedPiece = 32 << 10

    let session: HTTP2Session
    let connection: Connection
    /// Bytes of answers that the client has not taken, as far as they are watched.
    private(set) var untakenBytes = 0
    /// Bytes of the request's body that have come.
    private(set) var bodyBytes = 0
    /// Whether something may still come back to this object when its stream is gone.
    private(set) var isWatching = false

    private var context: ChannelHandlerContext?
    private var reader = HTTP2AnswerReader()
    private var body = HTTP2RequestBody.none
    private var hasHead = false
    private var hasRequestEnd = false
    /// The stream is reset or closed: nothing more can be sent.
    private var isOver = false
    private var isClosed = false
    /// The last part of a body whose length was told, until the stream has ended too.
    private var held: ByteBuffer?

    init(session: HTTP2Session, connection: Connection) {
        self.session = session
        self.connection = connection
    }

    /// Forgets the last stream.
    func reopen() {
        reader = HTTP2AnswerReader()
        untakenBytes = 0
        bodyBytes = 0
        body = .none
        hasHead = false
        hasRequestEnd = false
        isOver = false
        isClosed = false
        held = nil
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        close()
        held = nil
        session.streamEnded(self)
    }

    func channelInactive(context: ChannelHandlerContext) {
        close()
        context.fireChannelInactive()
    }

    /// The client has reset the stream, or the library refuses what we write.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is NIOHTTP2Errors.StreamClosed {
            isOver = true
        } else {
            reset(.internalError)
        }
    }

    private func close() {
        isOver = true
        guard !isClosed else { return }
        isClosed = true
        session.streamClosed()
    }

    // MARK: - The request

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver, !hasRequestEnd else { return }
        switch unwrapInboundIn(data) {
        case .headers(let content): receive(content.headers, endStream: content.endStream, context)
        case .data(let content):
            if case .byteBuffer(let bytes) = content.data { receive(bytes, endStream: content.endStream, context) }
        default: break
        }
    }

    private func receive(_ headers: HPACKHeaders, endStream: Bool, _ context: ChannelHandlerContext) {
        guard !hasHead else {
            // Trailers: nothing here has a place for them.
            endStream ? receive(ByteBuffer(), endStream: true, context) : refuse()
            return
        }
        hasHead = true
        let codec = session.codec
        codec.request.clear()
        switch HTTP2RequestHead.write(headers, endStream: endStream, into: &codec.request) {
        case .malformed:
            refuse()
        case .head(let body, let isHead):
            self.body = body
            reader.isHead = isHead
            hasRequestEnd = endStream
            context.fireChannelRead(wrapInboundOut(codec.request))
        }
    }

    private func receive(_ bytes: ByteBuffer, endStream: Bool, _ context: ChannelHandlerContext) {
        guard hasHead else { return }
        let count = bytes.readableBytes
        bodyBytes += count
        guard session.takesBody(count) else {
            reset(.enhanceYourCalm)
            return
        }
        hasRequestEnd = endStream
        switch body {
        case .none: break
        case .length(let length):
            // More or less than what was told would be another request than the one that was judged by its length.
            if bodyBytes > length || endStream && bodyBytes < length { return refuse() }
            if bodyBytes == length, !endStream {
                if count > 0 { held = bytes }
                return
            }
            if let last = held {
                held = nil
                context.fireChannelRead(wrapInboundOut(last))
            }
            if count > 0 { context.fireChannelRead(wrapInboundOut(bytes)) }
        case .chunked:
            guard count > 0 || endStream else { return }
            let codec = session.codec
            codec.request.clear()
            if count > 0 {
                codec.request.writeString(String(count, radix: 16))
                codec.request.writeStaticString("\r\n")
                codec.request.writeImmutableBuffer(bytes)
                codec.request.writeStaticString("\r\n")
            }
            if endStream { codec.request.writeStaticString("0\r\n\r\n") }
            context.fireChannelRead(wrapInboundOut(codec.request))
        }
    }

    /// Ends a malformed request. *Source:* RFC 9113, section 8.1.1.
    private func refuse() {
        reset(.protocolError)
        session.noteMalformed()
    }

    // MARK: - The answer

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        var bytes = unwrapOutboundIn(data)
        // The last frame so far: the end of the answer may have to be told with it.
        var last: HTTP2Frame.FramePayload?
        while !isOver, let event = reader.next(&bytes, session.codec) {
            let next: HTTP2Frame.FramePayload
            switch event {
            case .head(let headers, let isLast): next = .headers(.init(headers: headers, endStream: isLast))
            case .interim(let headers): next = .headers(.init(headers: headers))
            case .data(let piece, let isLast): next = .data(.init(data: .byteBuffer(piece), endStream: isLast))
            case .end:
                if case .data(var content) = last {
                    content.endStream = true
                    last = .data(content)
                    continue
                }
                next = .data(.init(data: .byteBuffer(ByteBuffer()), endStream: true))
            case .broken:
                reset(.internalError)
                continue
            }
            if let last { send(last, nil, context) }
            last = next
        }
        guard !isOver else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        if let last {
            send(last, promise, context)
        } else if let promise {
            // Waits for what was written before.
            if hasHead, !reader.isDone {
                send(.data(.init(data: .byteBuffer(ByteBuffer()))), promise, context)
            } else {
                promise.succeed()
            }
        }
    }

    private func send(
        _ frame: HTTP2Frame.FramePayload, _ promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext
    ) {
        if case .data(let content) = frame, case .byteBuffer(let bytes) = content.data,
            bytes.readableBytes > HTTP2Stream.longestUnwatchedPiece
        {
            sendInPieces(bytes, endStream: content.endStream, promise, context)
            return
        }
        var promise = promise
        if isEnd(frame), !hasRequestEnd { promise = watchEnd(promise, context) }
        context.write(wrapOutboundOut(frame), promise: promise)
    }

    private func isEnd(_ frame: HTTP2Frame.FramePayload) -> Bool {
        switch frame {
        case .headers(let content): content.endStream
        case .data(let content): content.endStream
        default: false
        }
    }

    private func sendInPieces(
        _ bytes: ByteBuffer, endStream: Bool, _ promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext
    ) {
        var bytes = bytes
        isWatching = true
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        while let piece = bytes.readSlice(length: min(bytes.readableBytes, HTTP2Stream.watchedPiece)) {
            let isLast = bytes.readableBytes == 0
            let count = piece.readableBytes
            untakenBytes += count
            var written = isLast ? promise ?? context.eventLoop.makePromise() : context.eventLoop.makePromise()
            written.futureResult.whenComplete { _ in bound.value.untakenBytes -= count }
            if isLast, endStream, !hasRequestEnd { written = watchEnd(written, context) }
            let content = HTTP2Frame.FramePayload.Data(data: .byteBuffer(piece), endStream: isLast && endStream)
            context.write(wrapOutboundOut(.data(content)), promise: written)
            if isLast { return }
        }
    }

    /// The client need not send the rest of its request once it has the answer.
    ///
    /// *Source:* RFC 9113, section 8.1.
    private func watchEnd(
        _ promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext
    ) -> EventLoopPromise<Void> {
        isWatching = true
        let written = promise ?? context.eventLoop.makePromise()
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        written.futureResult.whenComplete { _ in
            if !bound.value.hasRequestEnd { bound.value.reset(.noError) }
        }
        return written
    }

    /// What closing a connection means to a stream: nothing once the answer is whole, else that it never will be.
    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        defer { promise?.succeed() }
        if case .output = mode {
            if reader.endsWithConnection {
                let end = HTTP2Frame.FramePayload.Data(data: .byteBuffer(ByteBuffer()), endStream: true)
                context.writeAndFlush(wrapOutboundOut(.data(end)), promise: nil)
            } else if !reader.isDone {
                reset(.internalError)
            }
            return
        }
        reset(reader.isDone ? hasRequestEnd ? .cancel : .noError : .internalError)
    }

    private func reset(_ code: HTTP2ErrorCode) {
        guard !isOver, let context else { return }
        isOver = true
        context.writeAndFlush(wrapOutboundOut(.rstStream(code)), promise: nil)
    }
}
