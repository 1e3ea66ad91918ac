// Hot: no, once per request of an operator. Allocates: freely.

internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// A request of an operator.
struct AdminRequest: Sendable {
    /// Whether it deletes something; otherwise it asks.
    var isDeletion = false
    /// Without query.
    var path: String
    var host: String?
    var origin: String?
    /// `Sec-Fetch-Site`
    var site: String?
}

/// What the admin listener answers.
struct AdminAnswer: Sendable {
    var status: HTTPResponseStatus
    var body: [UInt8]
    var headers: [(name: String, value: String)]
    /// Whether the connection ends with it, because another process may answer the next request.
    var endsConnection = false
    /// Where the body goes on from; `nil` when it is whole.
    var stream: DashboardServer?

    init(status: HTTPResponseStatus, text: String, contentType: String = "text/plain; charset=utf-8") {
        self.init(status: status, body: Array(text.utf8), headers: [("Content-Type", contentType)])
    }

    init(status: HTTPResponseStatus, body: [UInt8], headers: [(name: String, value: String)]) {
        self.status = status
        self.body = body
        self.headers = headers
    }
}

/// The listener for probes, metrics and the dashboard, on the library's own HTTP codec.
enum AdminListener {
    typealias Answer = @Sendable (_ request: AdminRequest) async -> AdminAnswer

    static func bootstrap(group: any EventLoopGroup, answer: @escaping Answer) -> ServerBootstrap {
        ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
                    try channel.pipeline.syncOperations.addHandler(AdminHandler(answer: answer))
                }
            }
    }
}

private final class AdminHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let answer: AdminListener.Answer
    private var head: HTTPRequestHead?
    /// The stream of events that the connection is used for.
    private var stream: (server: DashboardServer, number: Int)?

    init(answer: @escaping AdminListener.Answer) {
        self.answer = answer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
        case .body:
            break
        case .end:
            guard let head else { return }
            self.head = nil
            let request = AdminRequest(
                isDeletion: head.method == .DELETE, path: String(head.uri.prefix { $0 != "?" }),
                host: head.headers.first(name: "Host"),
                origin: head.headers.first(name: "Origin"), site: head.headers.first(name: "Sec-Fetch-Site"))
            let promise = context.eventLoop.makePromise(of: AdminAnswer.self)
            let answer = self.answer
            promise.completeWithTask {
                head.method == .GET || head.method == .HEAD || head.method == .DELETE
                    ? await answer(request) : AdminAnswer(status: .methodNotAllowed, text: "use GET\n")
            }
            let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
            promise.futureResult.whenSuccess { answer in
                let (handler, context) = bound.value
                if let server = answer.stream, head.method == .GET {
                    handler.begin(answer, server, context)
                } else {
                    handler.write(answer, to: head, context)
                }
            }
        }
    }

    private func write(_ answer: AdminAnswer, to request: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        var headers = HTTPHeaders(answer.headers.map { ($0.name, $0.value) })
        headers.add(name: "Content-Length", value: String(answer.body.count))
        let keepAlive = request.isKeepAlive && !answer.endsConnection
        if !keepAlive { headers.add(name: "Connection", value: "close") }
        context.write(
            wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: answer.status, headers: headers))),
            promise: nil)
        if request.method != .HEAD {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: answer.body)))), promise: nil)
        }
        let written = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        written.futureResult.whenComplete { _ in
            if !keepAlive { bound.value.close(promise: nil) }
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    }

    // MARK: - Streams

    /// Begins a stream of events, which ends with the connection.
    private func begin(_ answer: AdminAnswer, _ server: DashboardServer, _ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        let loop = context.eventLoop
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: loop)
        let sender: DashboardServer.Sender = { frame in
            loop.execute { bound.value.handler.send(frame, bound.value.context) }
        }
        var headers = HTTPHeaders(answer.headers.map { ($0.name, $0.value) })
        headers.add(name: "Connection", value: "close")
        context.write(
            wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: answer.status, headers: headers))),
            promise: nil)
        context.flush()
        guard let number = server.open(sender) else {
            context.close(promise: nil)
            return
        }
        stream = (server, number)
    }

    private func send(_ frame: [UInt8], _ context: ChannelHandlerContext) {
        guard stream != nil, context.channel.isActive else { return }
        // Who does not read has an old picture anyway: the page comes back and is told everything anew.
        guard context.channel.isWritable else {
            context.close(promise: nil)
            return
        }
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: frame)))), promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let stream { stream.server.close(stream.number) }
        stream = nil
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}

/// Counters in Prometheus text format (version 0.0.4).
enum MetricsText {
    static func render(
        _ counters: WorkerCounters, generation: Int, workers: Int, functions: FunctionHostCounters?
    ) -> String {
        var text = ""
        func metric(_ name: String, _ type: String, _ help: String, _ value: Int) {
            text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n\(name) \(value)\n"
        }
        metric("portico_requests_total", "counter", "Requests answered.", counters.requests)
        metric("portico_client_errors_total", "counter", "Answers with a 4xx status.", counters.clientErrors)
        metric("portico_server_errors_total", "counter", "Answers with a 5xx status.", counters.serverErrors)
        metric(
            "portico_request_latency_milliseconds_total", "counter", "Sum of the time from request to answer.",
            counters.latencyMilliseconds)
        metric(
            "portico_rejected_requests_total", "counter", "Requests that were no valid HTTP or over a limit.",
            counters.rejectedRequests)
        metric(
            "portico_pattern_limits_total", "counter", "Selection patterns that went over their match limit.",
            counters.patternLimits)
        metric("portico_upstream_calls_total", "counter", "Calls of backends.", counters.upstreamCalls)
        metric(
            "portico_upstream_failures_total", "counter", "Calls of backends that failed.", counters.upstreamFailures)
        metric(
            "portico_connections_accepted_total", "counter", "Client connections accepted.",
            counters.connectionsAccepted)
        metric("portico_tls_handshakes_total", "counter", "TLS handshakes completed.", counters.tlsHandshakes)
        metric(
            "portico_tls_failures_total", "counter", "TLS connections that failed, most of them in the handshake.",
            counters.tlsFailures)
        metric("portico_connections_open", "gauge", "Client connections open.", counters.connectionsOpen)
        metric("portico_deployment_generation", "gauge", "Snapshots put into service since start.", generation)
        metric("portico_workers", "gauge", "Event loops.", workers)
        guard let functions else { return text }
        metric(
            "portico_function_invocations_total", "counter", "Invocations of functions that run here.",
            functions.invocations)
        metric("portico_function_errors_total", "counter", "Invocations that failed.", functions.errors)
        metric("portico_function_throttles_total", "counter", "Invocations that were refused.", functions.throttles)
        metric("portico_function_timeouts_total", "counter", "Invocations that took too long.", functions.timeouts)
        metric(
            "portico_function_processes_started_total", "counter", "Processes of functions started.",
            functions.processesStarted)
        metric(
            "portico_function_processes_killed_total", "counter", "Processes of functions ended by Portico.",
            functions.processesKilled)
        metric(
            "portico_function_processes_out_of_memory_total", "counter", "Processes ended for the memory they used.",
            functions.processesOutOfMemory)
        metric("portico_function_processes", "gauge", "Processes of functions.", functions.processes)
        metric("portico_function_events_queued", "gauge", "Asynchronous events that wait.", functions.queuedEvents)
        return text
    }
}
