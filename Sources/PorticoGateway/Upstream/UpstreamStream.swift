// Hot: once per piece of a streamed response. Allocates: one object per streamed call.
import NIOCore

/// Takes a response as it arrives, on the loop, and never before `stream` has returned: the head once, pieces, then the
/// end or a failure. A failure may come at any place. Nothing is called after `cancel`, but for the end that follows a
/// head with `.none`.
protocol UpstreamStreamReceiver: AnyObject {
    /// The head is whole. The response's own body is empty; `framing` says what follows, and after `.none` the end
    /// comes next.
    func upstreamDidReceiveHead(_ response: UpstreamResponse, _ framing: ResponseFraming)
    /// A piece of the body without chunk framing, never empty.
    func upstreamDidReceivePiece(_ bytes: ByteBuffer)
    func upstreamDidEnd()
    func upstreamDidFail(_ failure: UpstreamFailure)
}

/// What a call has that hands its response on as it arrives.
final class UpstreamStream: UpstreamReceiver {
    private let receiver: any UpstreamStreamReceiver
    /// When the response must have ended.
    private let end: NIODeadline
    fileprivate(set) var isPaused = false
    /// Whether a byte has come after which the next one is waited for.
    private var hasBegun = false

    init(receiver: any UpstreamStreamReceiver, end: NIODeadline) {
        self.receiver = receiver
        self.end = end
    }

    /// When the next byte must have come. Before the head, and while we do not read, only the whole time counts.
    func deadline(after now: NIODeadline, idle: TimeAmount) -> NIODeadline {
        isPaused || !hasBegun ? end : min(end, now + idle)
    }

    func receive(_ response: UpstreamResponse, _ framing: ResponseFraming) {
        hasBegun = true
        receiver.upstreamDidReceiveHead(response, framing)
    }

    func receive(_ bytes: ByteBuffer) { receiver.upstreamDidReceivePiece(bytes) }

    func finish() { receiver.upstreamDidEnd() }

    // MARK: - UpstreamReceiver

    /// A response without a body is delivered as any other.
    func upstreamDidReceive(_ response: UpstreamResponse) {
        receiver.upstreamDidReceiveHead(response, .none)
        receiver.upstreamDidEnd()
    }

    func upstreamDidFail(_ failure: UpstreamFailure) { receiver.upstreamDidFail(failure) }
}

extension UpstreamCall {
    /// Holds the server back, or lets it go on: what it sends meanwhile waits in the sockets' buffers. For streamed
    /// calls only.
    func setPaused(_ isPaused: Bool) {
        guard let stream, !hasEnded, stream.isPaused != isPaused else { return }
        stream.isPaused = isPaused
        connection?.setReading(!isPaused)
        touch()
    }

    /// Bytes came, or the call goes on: the time for the next byte begins anew.
    func touch() {
        guard let stream else { return }
        deadline = stream.deadline(
            after: pool.pools.coarseNow, idle: .milliseconds(pool.pools.configuration.streamIdleMilliseconds))
    }
}
