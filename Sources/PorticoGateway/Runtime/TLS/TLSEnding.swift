// Hot: passes on what goes by. Acts once, at the end of a TLS connection. Allocates: nothing.

internal import NIOCore
internal import NIOSSL

/// Ends a connection when there is nobody left to hear of it: a client that has ended TCP without a word of TLS, as many
/// do behind our own last word, sends no `close_notify` any more. The handler of TLS would wait two seconds for it, and
/// with it the `$disconnect` of a WebSocket connection and the end of a process that drains.
///
/// Stands right behind the handler of TLS, and before that is there behind the one that waits for its first message.
/// Source: RFC 8446, section 6.1: nobody need wait for the other side's alert.
final class TLSEnding: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var hasClientEnded = false
    private var isClosing = false

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed { hasClientEnded = true }
        context.fireUserInboundEventTriggered(event)
        endIfAlone(context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if case .uncleanShutdown? = error as? NIOSSLError { hasClientEnded = true }
        context.fireErrorCaught(error)
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        context.close(mode: mode, promise: promise)
        guard mode == .all else { return }
        isClosing = true
        endIfAlone(context)
    }

    /// Closes TCP, past the handler of TLS, which has written its own alert; there is none if the client never began.
    private func endIfAlone(_ context: ChannelHandlerContext) {
        guard hasClientEnded, context.channel.isActive else { return }
        let tls = try? context.pipeline.syncOperations.context(handlerType: NIOSSLServerHandler.self)
        if isClosing || tls == nil { (tls ?? context).close(promise: nil) }
    }
}
