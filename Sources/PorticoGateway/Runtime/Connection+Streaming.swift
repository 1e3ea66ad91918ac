// Hot: once per piece of a streamed answer. Allocates: the buffers of the chunk framing.

internal import NIOCore
internal import PorticoPrograms

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Answers that are sent as they come. ``ResponseStream`` calls all of it.
extension Connection {
    /// A chunk up to this size is copied into one buffer with its framing; a larger one is written as it is.
    private static let longestCopiedPiece = 4096

    /// Whether this connection waits for the answer of that exchange.
    func waits(for exchange: Exchange) -> Bool {
        guard case .waiting = state else { return false }
        return self.exchange === exchange
    }

    /// The head is in the worker's output.
    func streamDidBegin() {
        state = .streaming
        deadlineMilliseconds = isWritable ? .max : worker.nowMilliseconds + worker.idleMilliseconds
        flush()
    }

    func streamDidReceive(_ bytes: ByteBuffer, isChunked: Bool) {
        guard case .streaming = state, let context else { return }
        guard isChunked else {
            context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
            return
        }
        let count = bytes.readableBytes
        let isCopied = count <= Connection.longestCopiedPiece
        // A buffer of its own size: thousands of small pieces may wait for a slow client.
        var framed = context.channel.allocator.buffer(capacity: isCopied ? count + 24 : 24)
        framed.writeString(String(count, radix: 16))
        framed.writeStaticString("\r\n")
        if isCopied {
            framed.writeImmutableBuffer(bytes)
            framed.writeStaticString("\r\n")
            context.writeAndFlush(wrapOutboundOut(framed), promise: nil)
        } else {
            context.write(wrapOutboundOut(framed), promise: nil)
            context.write(wrapOutboundOut(bytes), promise: nil)
            framed.clear()
            framed.writeStaticString("\r\n")
            context.writeAndFlush(wrapOutboundOut(framed), promise: nil)
        }
    }

    func streamDidEnd(_ exchange: Exchange, isChunked: Bool) {
        guard case .streaming = state, self.exchange === exchange else { return }
        worker.tick()
        if isChunked { worker.output.append("0\r\n\r\n") }
        advance(concludeAnswer(exchange))
        resumeReading()
    }

    /// The client gets what has come and then the end of the connection, which no whole body has there.
    func streamDidBreakOff(_ exchange: Exchange, resets: Bool) {
        guard case .streaming = state, self.exchange === exchange else { return }
        worker.tick()
        exchange.head.keepAlive = false
        endsWithReset = resets
        advance(concludeAnswer(exchange))
    }

    /// A slow client holds the backend back, and has so much time to take some of what it is sent.
    func streamWritabilityChanged() {
        deadlineMilliseconds = isWritable ? .max : monotonicMilliseconds() + worker.idleMilliseconds
        exchange?.stream?.setPaused(!isWritable)
    }

    /// Makes closing send a reset instead of an end.
    func resetOnClose() {
        guard let options = context?.channel as? any SocketOptionProvider else { return }
        _ = options.setSoLinger(linger(l_onoff: 1, l_linger: 0))
    }
}
