import NIOCore

@testable import PorticoGateway

/// What a streamed call tells its receiver.
enum StreamEvent: Sendable, Equatable {
    case head(Int, ResponseFraming)
    case piece(String)
    case end
    case failure(UpstreamFailure)
}

/// A streamed call, as a test sees it. Its state belongs to the loop.
final class StreamedCall: UpstreamStreamReceiver, @unchecked Sendable {
    private let loop: any EventLoop
    private let continuation: AsyncStream<StreamEvent>.Continuation
    private var events: AsyncStream<StreamEvent>.Iterator
    private let pausesAtHead: Bool
    private var call: UpstreamCall?
    private var hasReturned = false
    private var hasEnded = false
    private var received = 0

    init(loop: any EventLoop, pausesAtHead: Bool) {
        self.loop = loop
        self.pausesAtHead = pausesAtHead
        let (events, continuation) = AsyncStream.makeStream(of: StreamEvent.self)
        self.events = events.makeAsyncIterator()
        self.continuation = continuation
    }

    func start(_ pool: UpstreamPool, _ text: String, _ timeoutMilliseconds: Int) {
        call = pool.stream(
            ByteBuffer(string: text), isHead: false, canRetry: true, timeoutMilliseconds: timeoutMilliseconds,
            receiver: self)
        hasReturned = true
    }

    /// The next event.
    func next() async -> StreamEvent? { await events.next(isolation: nil) }

    /// Head, whole body and end.
    func collect() async -> (head: StreamEvent?, body: String, end: StreamEvent?) {
        var head: StreamEvent?
        var body = ""
        while let event = await next() {
            switch event {
            case .head: head = event
            case .piece(let text): body += text
            case .end, .failure: return (head, body, event)
            }
        }
        return (head, body, nil)
    }

    /// Bytes of the body, and the end.
    func count() async -> (Int, StreamEvent?) {
        var end: StreamEvent?
        while let event = await next() {
            if event == .end { end = event }
            if case .failure = event { end = event }
            if end != nil { break }
        }
        return (await receivedBytes(), end)
    }

    func receivedBytes() async -> Int { await onLoop { self.received } }

    func resume() async { await onLoop { self.call?.setPaused(false) } }

    func cancel() {
        loop.execute {
            self.call?.cancel()
            self.hasEnded = true
        }
    }

    private func onLoop<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in loop.execute { continuation.resume(returning: body()) } }
    }

    private func tell(_ event: StreamEvent) {
        precondition(hasReturned, "called back before `stream` returned")
        precondition(!hasEnded, "called back after the end")
        continuation.yield(event)
    }

    func upstreamDidReceiveHead(_ response: UpstreamResponse, _ framing: ResponseFraming) {
        precondition(response.body.readableBytes == 0)
        tell(.head(response.status, framing))
        if pausesAtHead { call?.setPaused(true) }
    }

    func upstreamDidReceivePiece(_ bytes: ByteBuffer) {
        precondition(bytes.readableBytes > 0)
        received += bytes.readableBytes
        tell(.piece(received > 1 << 20 ? "" : String(buffer: bytes)))
    }

    func upstreamDidEnd() {
        tell(.end)
        hasEnded = true
    }

    func upstreamDidFail(_ failure: UpstreamFailure) {
        tell(.failure(failure))
        hasEnded = true
    }
}

extension UpstreamClient {
    /// Sends a request whose response is handed on as it comes.
    func stream(
        _ target: UpstreamTarget, _ text: String = "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        timeoutMilliseconds: Int = 10_000, pausesAtHead: Bool = false
    ) -> StreamedCall {
        let call = StreamedCall(loop: loop, pausesAtHead: pausesAtHead)
        loop.execute { call.start(self.pools.value.pool(for: target), text, timeoutMilliseconds) }
        return call
    }
}
