// Hot: once per piece of a streamed answer. Allocates: one object per call, and the metadata.

internal import NIOCore
internal import PorticoIR
internal import PorticoPrograms

/// Why a function gives no streamed answer.
enum StreamedFunctionFailure {
    /// Its output is not of the form that STREAM needs. The text goes to the log.
    case malformed(String)
    /// The function failed, or the service refused to call it.
    case outcome(FunctionOutcome)
    /// The server could not be reached, or was silent.
    case upstream(UpstreamFailure)
}

/// The answer of a function that is sent as it comes: metadata and delimiter become the head, all else is the body.
///
/// There are two ways in, both of which give ``PhaseOutcome/suspended`` and do everything until the answer has ended:
/// ``send(_:_:by:format:timeoutMilliseconds:fault:)`` for a server and
/// ``invoke(_:_:by:timeoutMilliseconds:fault:)`` for a function that runs here.
///
/// A function that writes a whole proxy response (an object with `body`, without delimiter) gets the answer of a
/// malformed one. Source: API Gateway guide, "Lambda proxy integration format for response streaming", which lists that
/// combination as unsupported; unconfirmed: the status, which is that of malformed proxy responses.
///
/// Source: reference, "Response streaming" (4.9), "Headers" (4.6), "Response" (5.2).
final class StreamedFunctionResponse: ResponseStreamSource {
    /// How a server's response holds what the function writes.
    enum Format {
        /// As InvokeWithResponseStream does, in events.
        case events
        /// As it is.
        case bytes
    }

    private enum Phase {
        /// The server has not answered.
        case waiting
        case prelude
        case body
        /// The server has refused; its reasons are collected.
        case refusal(status: Int, type: String)
        case ended
    }

    /// Bytes of a refusal that are kept.
    private static let longestRefusal = 64 << 10

    private let format: Format
    private let fault: (StreamedFunctionFailure) -> GatewayFault
    private let worker: Worker
    private var stream: ResponseStream?
    private var upstreamCall: UpstreamCall?
    private var functionCall: FunctionCall?
    private var timer: StreamTimer?
    private var phase = Phase.waiting
    private var prelude = LambdaStreamPrelude()
    private var decoder = EventStreamDecoder()
    private var refusal = ByteBuffer()
    /// The service has said that the function returned.
    private var isComplete = false

    private init(_ exchange: Exchange, format: Format, fault: @escaping (StreamedFunctionFailure) -> GatewayFault) {
        self.format = format
        self.fault = fault
        worker = exchange.worker
        stream = ResponseStream(exchange, source: self)
    }

    // MARK: - Calls

    /// Sends `message`, a whole request, to a server and answers with what it gives.
    ///
    /// - Parameter fault: chooses the gateway's own answer when there is no head to send.
    static func send(
        _ exchange: Exchange, _ message: ByteBuffer, by pool: UpstreamPool, format: Format, timeoutMilliseconds: Int,
        fault: @escaping (StreamedFunctionFailure) -> GatewayFault = StreamedFunctionResponse.fault
    ) -> PhaseOutcome {
        let response = StreamedFunctionResponse(exchange, format: format, fault: fault)
        // A function is called with POST, which is not sent twice.
        response.upstreamCall = pool.stream(
            message, isHead: false, canRetry: false, timeoutMilliseconds: timeoutMilliseconds, receiver: response)
        return .suspended
    }

    /// Invokes a function that runs here and answers with what it gives.
    ///
    /// - Parameter fault: chooses the gateway's own answer when there is no head to send.
    static func invoke(
        _ exchange: Exchange, _ invocation: FunctionInvocation, by invoker: any FunctionInvoker,
        timeoutMilliseconds: Int,
        fault: @escaping (StreamedFunctionFailure) -> GatewayFault = StreamedFunctionResponse.fault
    ) -> PhaseOutcome {
        let response = StreamedFunctionResponse(exchange, format: .bytes, fault: fault)
        let loop = exchange.worker.loop
        let idle = TimeAmount.milliseconds(exchange.worker.pools.configuration.streamIdleMilliseconds)
        response.timer = StreamTimer(loop, end: .now() + .milliseconds(Int64(timeoutMilliseconds)), idle: idle) {
            [weak response] in response?.fail(.upstream(.timeout))
        }
        var invocation = invocation
        invocation.streams = true
        response.functionCall = invoker.invoke(invocation, on: loop, receiver: response)
        return .suspended
    }

    /// The answer for a failure, unless the caller knows better.
    static func fault(of failure: StreamedFunctionFailure) -> GatewayFault {
        switch failure {
        case .malformed(let reason):
            return badGateway(
                "Execution failed due to configuration error: Malformed Lambda proxy response: \(reason)")
        case .outcome(.failed(let payload)):
            return badGateway(
                "Lambda execution failed with status 200 due to customer function error: "
                    + LambdaStreamEvent.text(of: payload))
        case .outcome(.refused(let status, let type, let message)):
            return badGateway("Execution failed due to configuration error: \(status) \(type): \(message)")
        case .outcome:
            return badGateway("Execution failed due to configuration error: the function gave no answer")
        case .upstream(let failure):
            return HTTPIntegration.fault(of: failure)
        }
    }

    private static func badGateway(_ log: String) -> GatewayFault {
        var fault = GatewayFault(
            .default5XX, status: 502, message: "Internal server error", errorType: "InternalServerErrorException",
            log: log)
        fault.isSpaced = true
        return fault
    }

    // MARK: - What the function writes

    private func read(_ bytes: ByteBuffer) {
        switch phase {
        case .prelude:
            var bytes = bytes
            switch prelude.read(&bytes) {
            case .needMore: return
            case .malformed(let problem): fail(.malformed(problem.rawValue))
            case .metadata(let metadata):
                guard begin(metadata) else { return }
                stream?.write(bytes)
            }
        case .body:
            stream?.write(bytes)
        case .waiting, .refusal, .ended:
            return
        }
    }

    private func begin(_ metadata: ByteBuffer) -> Bool {
        // The tape is the worker's, and whatever it held is parsed again if it is wanted.
        worker.forgetParsedBody()
        let head: LambdaStreamHead
        do {
            head = try metadata.withUnsafeReadableBytes { bytes throws(LambdaStreamHead.Problem) in
                try LambdaStreamHead(bytes, tape: worker.tape)
            }
        } catch {
            fail(.malformed(error.reason))
            return false
        }
        phase = .body
        stream?.begin(status: head.status, body: .chunked) { exchange in
            exchange.showsTraceID = !exchange.traceID.isEmpty
            StreamedFunctionResponse.write(head, into: exchange.worker.output)
        }
        return true
    }

    private static func write(_ head: LambdaStreamHead, into output: OutputBuffer) {
        for field in head.fields {
            field.name.withUnsafeBytes { name in
                let known = name.baseAddress.map {
                    HeaderTables.shared.recognise($0, length: name.count, readable: name.count)
                }
                if let known, known != .other {
                    if (HeaderRules.responseDropped | KnownHeader.amznTraceID.bit) & known.bit != 0 { return }
                    if HeaderRules.responseRemapped & known.bit != 0 { output.append(HeaderRules.remappedPrefix) }
                }
                field.value.withUnsafeBytes { ResponseWriter.header(output, name, $0) }
            }
        }
        // Unconfirmed: that streamed answers have it too.
        if !head.hasContentType { output.append("Content-Type: application/json\r\n") }
    }

    /// The function has written everything.
    private func finish() {
        switch phase {
        case .body:
            let stream = self.stream
            close()
            stream?.end()
        case .waiting, .prelude:
            fail(.malformed(LambdaStreamPrelude.Problem.noDelimiter.rawValue))
        case .refusal, .ended:
            return
        }
    }

    private func fail(_ failure: StreamedFunctionFailure) {
        if case .ended = phase { return }
        let (stream, upstreamCall, functionCall) = (self.stream, self.upstreamCall, self.functionCall)
        close()
        upstreamCall?.cancel()
        functionCall?.cancel()
        // No phase runs: what was parsed last is another exchange's.
        worker.forgetParsedBody()
        let answer = fault(failure)
        worker.forgetParsedBody()
        stream?.fail(answer)
    }

    /// Lets go of everything, since all know each other.
    private func close() {
        phase = .ended
        stream = nil
        upstreamCall = nil
        functionCall = nil
        timer?.cancel()
        timer = nil
    }

    // MARK: - ResponseStreamSource

    func setPaused(_ isPaused: Bool) {
        upstreamCall?.setPaused(isPaused)
        functionCall?.setPaused(isPaused)
        timer?.setPaused(isPaused)
    }

    func cancel() {
        let (upstreamCall, functionCall) = (self.upstreamCall, self.functionCall)
        close()
        upstreamCall?.cancel()
        functionCall?.cancel()
    }
}

// MARK: - Servers

extension StreamedFunctionResponse: UpstreamStreamReceiver {
    func upstreamDidReceiveHead(_ response: UpstreamResponse, _ framing: ResponseFraming) {
        guard case .waiting = phase else { return }
        response.withView { view in
            if view.status == 200, functionError(view) == nil {
                phase = .prelude
                return
            }
            // `ResourceNotFoundException:http://internal...`
            let type = view.header(.amznErrorType).map { LogText.text($0) } ?? ""
            phase = .refusal(status: view.status, type: String(type.prefix { $0 != ":" }))
        }
    }

    /// Value of `X-Amz-Function-Error`. Source: Lambda API, Invoke.
    private func functionError(_ view: ResponseView) -> UnsafeRawBufferPointer? {
        let name: StaticString = "x-amz-function-error"
        let bytes = UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        for span in view.headers.spans
        where span.known == .other && bytesEqualIgnoringCase(view.name(of: span), bytes) {
            return view.value(of: span)
        }
        return nil
    }

    func upstreamDidReceivePiece(_ bytes: ByteBuffer) {
        if case .refusal = phase {
            let room = Self.longestRefusal - refusal.readableBytes
            if let part = bytes.getSlice(at: bytes.readerIndex, length: min(room, bytes.readableBytes)) {
                refusal.writeImmutableBuffer(part)
            }
            if refusal.readableBytes == Self.longestRefusal { refuse() }
            return
        }
        guard format == .events else { return read(bytes) }
        decoder.append(bytes)
        while true {
            // What an event says may end it all.
            if case .ended = phase { return }
            switch decoder.next() {
            case .needMore: return
            case .malformed(let problem): return fail(.malformed(problem.rawValue))
            case .message(let message): take(LambdaStreamEvent(message))
            }
        }
    }

    private func take(_ event: LambdaStreamEvent) {
        guard !isComplete else { return }
        switch event {
        case .payload(let bytes): if bytes.readableBytes > 0 { read(bytes) }
        case .complete: isComplete = true
        case .failed(let payload): fail(.outcome(.failed(payload: payload)))
        case .exception(let type, let message):
            // Source: Lambda API: the exceptions of a stream are faults of the service.
            fail(.outcome(.refused(status: 500, type: type, message: message)))
        case .other: return
        }
    }

    func upstreamDidEnd() {
        upstreamCall = nil
        if case .refusal = phase { return refuse() }
        // An event stream that ends without saying so was cut off, even if its HTTP framing was not.
        if format == .events, !isComplete, case .body = phase { return fail(.upstream(.closedEarly)) }
        if format == .events, !isComplete, !decoder.isBetweenMessages { return fail(.upstream(.closedEarly)) }
        finish()
    }

    private func refuse() {
        guard case .refusal(let status, let type) = phase else { return }
        if status == 200 { return fail(.outcome(.failed(payload: refusal))) }
        fail(.outcome(.refused(status: status, type: type, message: LambdaStreamEvent.text(of: refusal))))
    }

    func upstreamDidFail(_ failure: UpstreamFailure) {
        upstreamCall = nil
        // Once the function has said that it is done, how the connection ends is nobody's concern.
        if isComplete { finish() } else { fail(.upstream(failure)) }
    }
}

// MARK: - Functions that run here

extension StreamedFunctionResponse: FunctionReceiver {
    func functionDidAnswer(_ call: FunctionCall, _ outcome: FunctionOutcome) {
        guard case .waiting = phase else { return }
        switch outcome {
        case .streaming:
            timer?.touch()
            phase = .prelude
        case .returned(let payload):
            // A function need not stream; what it returns has to be of the same form.
            phase = .prelude
            read(payload)
            finish()
        case .failed, .refused, .accepted:
            fail(.outcome(outcome))
        }
    }

    func functionDidStream(_ call: FunctionCall, _ bytes: ByteBuffer) {
        guard bytes.readableBytes > 0 else { return }
        timer?.touch()
        read(bytes)
    }

    func functionDidEndStream(_ call: FunctionCall, error: ByteBuffer?) {
        functionCall = nil
        if let error { fail(.outcome(.failed(payload: error))) } else { finish() }
    }
}

/// Ends a local function's stream that takes too long as a whole or is silent for too long.
private final class StreamTimer {
    private let loop: any EventLoop
    private let end: NIODeadline
    private let idle: TimeAmount
    private let onEnd: () -> Void
    private var task: Scheduled<Void>?
    /// When the last byte came, or the function said that it begins.
    private var lastByte: NIODeadline?
    private var isPaused = false

    init(_ loop: any EventLoop, end: NIODeadline, idle: TimeAmount, onEnd: @escaping () -> Void) {
        self.loop = loop
        self.end = end
        self.idle = idle
        self.onEnd = onEnd
        schedule()
    }

    /// Bytes came.
    func touch() { lastByte = .now() }

    /// While we do not read, silence is nobody's fault.
    func setPaused(_ isPaused: Bool) {
        self.isPaused = isPaused
        touch()
    }

    func cancel() { task?.cancel() }

    private var deadline: NIODeadline {
        guard !isPaused, let lastByte else { return end }
        return min(end, lastByte + idle)
    }

    private func schedule() {
        // At most one task per idle time: bytes only move the deadline.
        task = loop.assumeIsolated().scheduleTask(deadline: min(deadline, .now() + idle)) { [weak self] in
            guard let self else { return }
            if NIODeadline.now() >= self.deadline { self.onEnd() } else { self.schedule() }
        }
    }
}
