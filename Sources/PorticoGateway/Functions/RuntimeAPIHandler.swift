// Hot: a few times per invocation. Allocates: heads, as NIO's codec does.

internal import NIOCore
internal import NIOHTTP1
internal import PorticoPrograms

/// One connection of a process to its Runtime API. Belongs to the host's loop, as ``HostCore`` does.
///
/// A process has its connections to itself, because each has a port of its own: runtimes take no more than `host:port`
/// to find the API, and send nothing that would tell one process from another.
final class RuntimeAPIHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// Bytes of a body that is of no use which are read before the connection is closed instead.
    private static let maximumWaste = 64 << 20

    private enum State {
        /// Waits for a request.
        case idle
        /// The request has no use for its body; this is the answer.
        case answers(RuntimeAPIAnswer)
        /// The body is a result.
        case result(request: String)
        /// The body is collected for what `purpose` says.
        case collects(Purpose, ByteBuffer)
        /// Waits for an event, or for the end of an invocation.
        case waits
    }

    private enum Purpose {
        case error(request: String, type: String?)
        case initError(type: String?)
        case invoke(HostInvokeRequest)
        case next
    }

    private let process: UInt32
    private let core: HostCore
    private var state = State.idle
    private var keepsAlive = true
    private var bodyBytes = 0
    private var context: ChannelHandlerContext?
    /// The invocation whose event was written last.
    private var delivered: String?

    init(process: UInt32, core: HostCore) {
        self.process = process
        self.core = core
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): begin(head, context)
        case .body(let bytes): receive(bytes, context)
        case .end(let trailers): end(trailers, context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        switch state {
        case .waits: core.abandonNext(process, self)
        case .result(let request): core.loseResponse(process, request)
        case .idle, .answers, .collects: break
        }
        state = .idle
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    // MARK: Requests

    /// Another name that leads here is that of a web page (DNS rebinding).
    private static func isLoopback(_ host: String) -> Bool {
        let name = host.prefix { $0 != ":" }.lowercased()
        return name == "127.0.0.1" || name == "localhost"
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard case .idle = state else {
            // A request before the last one was answered: no runtime does that.
            return context.close(promise: nil)
        }
        keepsAlive = head.isKeepAlive
        bodyBytes = 0
        // Functions are no browsers; a page that a browser shows must not get at events.
        if head.headers.contains(name: "Origin") || head.headers.contains(name: "Sec-Fetch-Site")
            || !head.headers["Host"].allSatisfy(Self.isLoopback)
        {
            state = .answers(.foreign)
            return
        }
        let errorType = head.headers.first(name: "Lambda-Runtime-Function-Error-Type")
        switch RuntimeAPIRoute(method: head.method, target: head.uri) {
        case .next: state = .collects(.next, ByteBuffer())
        case .response(let request):
            let mode = head.headers.first(name: "Lambda-Runtime-Function-Response-Mode") ?? "buffered"
            switch mode.lowercased() {
            case "streaming", "buffered", "":
                if let refusal = core.beginResponse(
                    process, request, streams: mode.lowercased() == "streaming", self)
                {
                    state = .answers(refusal)
                } else {
                    state = .result(request: request)
                }
            default:
                state = .answers(.badMode)
            }
        case .error(let request): state = .collects(.error(request: request, type: errorType), ByteBuffer())
        case .initError: state = .collects(.initError(type: errorType), ByteBuffer())
        case .invoke(let function):
            state = .collects(.invoke(HostInvokeRequest(function: function, headers: head.headers)), ByteBuffer())
        case .unknown: state = .answers(.notFound)
        case .wrongMethod: state = .answers(.wrongMethod)
        }
        // curl waits for this before it sends a long body.
        if head.headers.first(name: "Expect")?.lowercased() == "100-continue" {
            context.writeAndFlush(
                wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
        }
    }

    private func receive(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        bodyBytes += bytes.readableBytes
        switch state {
        case .result(let request):
            core.receive(process, request, bytes)
        case .collects(let purpose, var buffer):
            // One byte more than allowed says that there was too much.
            guard buffer.readableBytes <= HostFailure.maximumResponse else { return limitWaste(context) }
            state = .idle
            if buffer.readableBytes == 0 {
                buffer = bytes
            } else {
                var bytes = bytes
                buffer.writeBuffer(&bytes)
            }
            state = .collects(purpose, buffer)
        case .answers:
            limitWaste(context)
        case .idle, .waits:
            break
        }
    }

    private func limitWaste(_ context: ChannelHandlerContext) {
        if bodyBytes > RuntimeAPIHandler.maximumWaste { context.close(promise: nil) }
    }

    private func end(_ trailers: HTTPHeaders?, _ context: ChannelHandlerContext) {
        switch state {
        case .idle, .waits:
            break
        case .answers(let answer):
            write(answer, context)
        case .result(let request):
            // What becomes of the process may close this connection, and must not find a result under way then.
            state = .answers(.accepted)
            write(core.endResponse(process, request, error: RuntimeAPIHandler.error(in: trailers)), context)
        case .collects(let purpose, let body):
            finish(purpose, body, context)
        }
    }

    private func finish(_ purpose: Purpose, _ body: ByteBuffer, _ context: ChannelHandlerContext) {
        switch purpose {
        case .next:
            state = .waits
            if let refusal = core.next(process, self) { write(refusal, context) }
        case .error(let request, let type):
            write(core.invocationFailed(process, request, body, type: type), context)
        case .initError(let type):
            write(core.initFailed(process, body, type: type), context)
        case .invoke(let request):
            state = .waits
            core.invoke(request, body) { [weak self] answer in self?.answer(answer) }
        }
    }

    /// The failure that the trailers of a streamed result tell, as a payload.
    ///
    /// Source: Lambda developer guide, "Building a custom runtime", error handling in streamed responses: the body is
    /// base64 of an object with `errorMessage` and `errorType`.
    static func error(in trailers: HTTPHeaders?) -> ByteBuffer? {
        guard let trailers, let type = trailers.first(name: "Lambda-Runtime-Function-Error-Type") else { return nil }
        if let body = trailers.first(name: "Lambda-Runtime-Function-Error-Body"), let bytes = base64Decoded(body) {
            return bytes
        }
        return HostFailure.payload([("errorMessage", ""), ("errorType", type)])
    }

    // MARK: Answers

    private func write(_ answer: RuntimeAPIAnswer, _ context: ChannelHandlerContext) {
        var headers = HTTPHeaders()
        headers.reserveCapacity(answer.headers.count + 3)
        headers.add(name: "Content-Type", value: "application/json")
        for (name, value) in answer.headers { headers.add(name: name, value: value) }
        headers.add(name: "Content-Length", value: String(answer.body.readableBytes))
        write(answer.status, headers, answer.body, context)
    }

    @discardableResult
    private func write(
        _ status: HTTPResponseStatus, _ headers: HTTPHeaders, _ body: ByteBuffer, _ context: ChannelHandlerContext
    ) -> EventLoopFuture<Void> {
        state = .idle
        var headers = headers
        if !keepsAlive { headers.add(name: "Connection", value: "close") }
        context.write(
            wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))), promise: nil)
        if body.readableBytes > 0 {
            context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        }
        let written = context.eventLoop.makePromise(of: Void.self)
        if !keepsAlive {
            written.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
        return written.futureResult
    }

    /// Answers a request of Lambda's Invoke API.
    func answer(_ answer: RuntimeAPIAnswer) {
        guard let context, case .waits = state else { return }
        write(answer, context)
    }
}

extension RuntimeAPIHandler: RuntimeAPIPoll {
    func deliver(_ event: RuntimeAPIEvent) {
        guard let context else {
            // Never from within `handOut`, which is not done yet.
            return
        }
        let written = write(.ok, event.headers, event.payload, context)
        written.assumeIsolated().whenFailure { [core, process] _ in core.deliveryFailed(process, event.requestID) }
    }

    func drop() {
        guard case .waits = state else { return }
        context?.close(promise: nil)
    }
}

extension RuntimeAPIHandler: RuntimeAPISource {
    func setPaused(_ isPaused: Bool) {
        _ = context?.channel.setOption(.autoRead, value: !isPaused)
    }
}
