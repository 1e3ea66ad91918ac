// Hot: once per read and once per frame of a session. Allocates: nothing once its buffer has grown.

internal import NIOCore

/// Stands between the network, or TLS, and HTTP/2: gathers the frames of one flush into one buffer, and notes when the
/// library ends the session because of what the client did.
///
/// The library writes each frame as a buffer of its own, and does not close after the GOAWAY of an error.
final class HTTP2Wire: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = IOData
    typealias OutboundOut = ByteBuffer

    /// Frames are gathered up to this length; a longer one is written as it is.
    private static let longestGatheredFrame = 4096
    private static let longestGathering = 64 << 10
    private static let frameHeaderBytes = 9
    private static let dataType: UInt8 = 0
    private static let goAwayType: UInt8 = 7

    /// Whether a GOAWAY with an error was written: nothing of this client counts any more.
    private(set) var hasFailed = false
    private var gathered = ByteBuffer()
    private var isGatheredSent = false
    private var promises: [EventLoopPromise<Void>] = []
    private var context: ChannelHandlerContext?
    /// Whether the next buffer is the content of a DATA frame whose header came by itself.
    private var isContentNext = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if !hasFailed { context.fireChannelRead(data) }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .byteBuffer(var bytes) = unwrapOutboundIn(data) else {
            promise?.fail(ChannelError.operationUnsupported)
            return
        }
        look(at: bytes)
        if isGatheredSent {
            isGatheredSent = false
            gathered.clear()
        }
        if bytes.readableBytes > HTTP2Wire.longestGatheredFrame {
            writeGathered(context)
            context.write(wrapOutboundOut(bytes), promise: promise)
            return
        }
        gathered.writeBuffer(&bytes)
        if let promise { promises.append(promise) }
        if gathered.readableBytes > HTTP2Wire.longestGathering { writeGathered(context) }
    }

    func flush(context: ChannelHandlerContext) {
        writeGathered(context)
        context.flush()
    }

    private func writeGathered(_ context: ChannelHandlerContext) {
        guard !isGatheredSent, gathered.readableBytes > 0 || !promises.isEmpty else { return }
        isGatheredSent = true
        guard !promises.isEmpty else {
            context.write(wrapOutboundOut(gathered), promise: nil)
            return
        }
        let written = context.eventLoop.makePromise(of: Void.self)
        for promise in promises { written.futureResult.cascade(to: promise) }
        promises.removeAll()
        context.write(wrapOutboundOut(gathered), promise: written)
    }

    /// Writes a GOAWAY for streams that are not there yet, as the first of two.
    ///
    /// *Source:* RFC 9113, section 6.8.
    func writeGoAway() {
        guard let context else { return }
        var frame = context.channel.allocator.buffer(capacity: HTTP2Wire.frameHeaderBytes + 8)
        frame.writeMultipleIntegers(UInt16(0), UInt8(8), HTTP2Wire.goAwayType, UInt8(0), UInt32(0))
        frame.writeMultipleIntegers(UInt32(Int32.max), UInt32(0))
        write(context: context, data: NIOAny(IOData.byteBuffer(frame)), promise: nil)
    }

    /// Sends everything, and tells when the network has it.
    func flush(with promise: EventLoopPromise<Void>) {
        guard let context else { return promise.fail(ChannelError.ioOnClosedChannel) }
        writeGathered(context)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: promise)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        for promise in promises { promise.fail(ChannelError.ioOnClosedChannel) }
        promises.removeAll()
    }

    /// Looks for a GOAWAY with another code than 0.
    private func look(at bytes: ByteBuffer) {
        if isContentNext {
            isContentNext = false
            return
        }
        let start = bytes.readerIndex
        guard bytes.readableBytes >= HTTP2Wire.frameHeaderBytes,
            let type = bytes.getInteger(at: start + 3, as: UInt8.self)
        else { return }
        if type == HTTP2Wire.dataType {
            let length = bytes.getInteger(at: start, as: UInt32.self) ?? 0
            isContentNext = length >> 8 > 0 && bytes.readableBytes == HTTP2Wire.frameHeaderBytes
        } else if type == HTTP2Wire.goAwayType {
            let code = bytes.getInteger(at: start + HTTP2Wire.frameHeaderBytes + 4, as: UInt32.self) ?? 0
            if code != 0 { hasFailed = true }
        }
    }
}
