// Hot: once per piece of a streamed answer. Allocates: one object per call.

internal import NIOCore
internal import PorticoPrograms

/// The answer of an HTTP_PROXY backend that is sent as it comes.
///
/// Status and header fields follow the rules of every HTTP_PROXY answer. The body is no business of ours: content codings
/// pass with their header, and there is neither conversion nor compression.
///
/// Source: reference, "Response streaming" (4.9), "Headers" (4.6).
final class HTTPProxyStream: UpstreamStreamReceiver, ResponseStreamSource {
    private var stream: ResponseStream?
    private var call: UpstreamCall?

    /// A coded body passes as it is, so its header does too.
    private static let dropped = HeaderRules.proxyDropped & ~KnownHeader.contentEncoding.bit

    /// Calls the backend.
    static func send(
        _ exchange: Exchange, _ message: ByteBuffer, by pool: UpstreamPool, isHead: Bool, canRetry: Bool,
        timeoutMilliseconds: Int
    ) -> PhaseOutcome {
        let source = HTTPProxyStream()
        source.stream = ResponseStream(exchange, source: source)
        source.call = pool.stream(
            message, isHead: isHead, canRetry: canRetry, timeoutMilliseconds: timeoutMilliseconds, receiver: source)
        return .suspended
    }

    // MARK: - From the backend

    func upstreamDidReceiveHead(_ response: UpstreamResponse, _ framing: ResponseFraming) {
        guard let stream else { return }
        response.withView { view in
            stream.begin(
                status: view.status, body: framing, declaredLength: view.declaredLength, response: view
            ) { exchange in
                HTTPIntegration.passOnFields(view, dropped: HTTPProxyStream.dropped, into: exchange.worker.output)
            }
        }
    }

    func upstreamDidReceivePiece(_ bytes: ByteBuffer) { stream?.write(bytes) }

    func upstreamDidEnd() { take()?.end() }

    func upstreamDidFail(_ failure: UpstreamFailure) { take()?.fail(failure) }

    // MARK: - ResponseStreamSource

    func setPaused(_ isPaused: Bool) { call?.setPaused(isPaused) }

    func cancel() {
        let call = self.call
        _ = take()
        call?.cancel()
    }

    /// Lets go of both sides, which know each other.
    private func take() -> ResponseStream? {
        defer {
            stream = nil
            call = nil
        }
        return stream
    }
}
