// Hot: once per invocation of a function that Portico hosts. Allocates: the call.

internal import NIOCore

/// One invocation of a function that ``FunctionHost`` runs.
struct FunctionInvocation: Sendable {
    /// Name as `x-portico-functions` or `--lambda` has it.
    var function: String
    /// The event.
    var payload: ByteBuffer
    /// ARN with which the function was invoked, alias or version included.
    var invokedARN: String
    /// `X-Amzn-Trace-Id`; empty for none.
    var traceID: String
    /// `true` for `X-Amz-Invocation-Type: Event`: the outcome comes at once, and nobody hears of the result.
    var isEvent = false
    /// Whether the result is wanted as it is made (`response-streaming-invocations`).
    var streams = false
    /// `X-Amz-Client-Context`, base64 decoded, or none.
    var clientContext: String?
}

/// How an invocation ended, in the terms of Lambda's Invoke API.
enum FunctionOutcome: Sendable {
    /// The function's result.
    case returned(payload: ByteBuffer)
    /// The function failed: an object with `errorMessage` and `errorType`. Source: Lambda API, `X-Amz-Function-Error`.
    case failed(payload: ByteBuffer)
    /// An event was taken over.
    case accepted
    /// The service refused: `status` and exception name as Lambda's Invoke API has them (429
    /// `TooManyRequestsException`, 404 `ResourceNotFoundException`, 500 `ServiceException`, 413
    /// `RequestTooLargeException`); `message` names cause and fix, for the log.
    case refused(status: Int, type: String, message: String)
    /// Streaming: the result has begun; ``FunctionReceiver/functionDidStream(_:_:)`` and then
    /// ``FunctionReceiver/functionDidEndStream(_:error:)`` follow.
    case streaming

    /// What Lambda's Invoke API would answer. Source: Lambda API reference, "Invoke".
    var status: Int {
        switch self {
        case .returned, .failed, .streaming: 200
        case .accepted: 202
        case .refused(let status, _, _): status
        }
    }
}

/// Runs functions: ``FunctionHost``, or a fake of it in tests.
protocol FunctionInvoker: AnyObject, Sendable {
    /// Invokes a function; called on `loop`, on which the receiver hears of the outcome.
    func invoke(
        _ invocation: FunctionInvocation, on loop: any EventLoop, receiver: any FunctionReceiver
    ) -> FunctionCall
}

/// Takes what comes of an invocation, on the loop that asked for it, never before `invoke` has returned, and nothing
/// after ``FunctionCall/cancel()``.
protocol FunctionReceiver: AnyObject {
    /// Called once.
    func functionDidAnswer(_ call: FunctionCall, _ outcome: FunctionOutcome)
    /// A piece of a streamed result.
    func functionDidStream(_ call: FunctionCall, _ bytes: ByteBuffer)
    /// The end of a streamed result; `error` is the payload of a failure amid it.
    func functionDidEndStream(_ call: FunctionCall, error: ByteBuffer?)
}

/// An invocation under way, as the loop that asked for it sees it. Belongs to that loop.
final class FunctionCall {
    /// Identifies the invocation; the function sees it as `aws_request_id`.
    let requestID: String
    private(set) var receiver: (any FunctionReceiver)?
    /// Tells the host, once, that nobody waits for the result any more.
    private let onCancel: () -> Void
    /// Asks the host to hold back or go on with a streamed result.
    private let onPause: (Bool) -> Void

    init(
        requestID: String, receiver: any FunctionReceiver, onCancel: @escaping () -> Void,
        onPause: @escaping (Bool) -> Void
    ) {
        self.requestID = requestID
        self.receiver = receiver
        self.onCancel = onCancel
        self.onPause = onPause
    }

    /// Nobody waits any more. As on Lambda, the invocation runs on to its end; its result is dropped.
    func cancel() {
        guard receiver != nil else { return }
        receiver = nil
        onCancel()
    }

    /// Holds back a streamed result while the client does not take it.
    func setPaused(_ isPaused: Bool) { onPause(isPaused) }

    /// For the host: hands the outcome on, and forgets the receiver unless a stream follows.
    func answer(_ outcome: FunctionOutcome) {
        guard let receiver else { return }
        if case .streaming = outcome {} else { self.receiver = nil }
        receiver.functionDidAnswer(self, outcome)
    }

    /// For the host: hands a piece on.
    func stream(_ bytes: ByteBuffer) { receiver?.functionDidStream(self, bytes) }

    /// For the host: hands the end on.
    func endStream(error: ByteBuffer?) {
        guard let receiver else { return }
        self.receiver = nil
        receiver.functionDidEndStream(self, error: error)
    }
}
