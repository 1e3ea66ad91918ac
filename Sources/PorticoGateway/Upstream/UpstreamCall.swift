// Hot: once per call. Allocates: the call.
import NIOCore

/// One request on its way to an upstream server. Belongs to the loop of its pool.
final class UpstreamCall {
    /// The whole request; kept until the call ends, for the one retry.
    let bytes: ByteBuffer
    /// No body follows the response's head.
    let isHead: Bool
    let canRetry: Bool
    /// When it fails as ``UpstreamFailure/timeout``.
    var deadline: NIODeadline
    let pool: UpstreamPool
    fileprivate(set) var receiver: (any UpstreamReceiver)?
    /// The receiver, if the response is handed on as it arrives.
    let stream: UpstreamStream?
    /// Where the call is being sent; nil while it waits and after it ended.
    var connection: UpstreamConnection?
    var hasRetried = false
    /// `send` is not back yet, so its caller knows no call that could end.
    var isStarting = true
    /// It is in its pool's queue.
    var isWaiting = false
    /// Place in `UpstreamPools.active`; -1 when not there.
    var activeIndex = -1

    init(
        bytes: ByteBuffer, isHead: Bool, canRetry: Bool, deadline: NIODeadline, pool: UpstreamPool,
        receiver: any UpstreamReceiver, stream: UpstreamStream? = nil
    ) {
        self.bytes = bytes
        self.isHead = isHead
        self.canRetry = canRetry
        self.deadline = deadline
        self.pool = pool
        self.receiver = receiver
        self.stream = stream
    }

    /// The call was answered, failed, or was cancelled.
    var hasEnded: Bool { receiver == nil }

    /// Gives the call up, for instance because the client went away. The receiver hears nothing any more.
    func cancel() {
        guard !hasEnded else { return }
        _ = end()
    }

    /// Ends the call with a failure.
    func fail(_ failure: UpstreamFailure) {
        guard !hasEnded else { return }
        if isStarting {
            // The receiver is promised that `send` returns first. The call goes on until then, so that the receiver can
            // still cancel it: it may be at work for somebody else by the next turn of the loop.
            let deferred = NIOLoopBound(self, eventLoop: pool.loop)
            pool.loop.execute { deferred.value.fail(failure) }
        } else {
            end()?.upstreamDidFail(failure)
        }
    }

    /// Takes the call off its connection, when that has answered it.
    @inline(__always)
    func succeed() -> (any UpstreamReceiver)? {
        connection = nil
        pool.pools.remove(self)
        let receiver = self.receiver
        self.receiver = nil
        return receiver
    }

    private func end() -> (any UpstreamReceiver)? {
        let connection = self.connection
        let receiver = succeed()
        if let connection {
            connection.abandon()
        } else if isWaiting {
            isWaiting = false
            pool.waitingCallDidEnd()
        }
        return receiver
    }
}
