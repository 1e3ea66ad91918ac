// Hot: no, once per request of an operator. Allocates: freely.

internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// What the admin listener answers.
struct AdminAnswer: Sendable {
    var status: HTTPResponseStatus
    var text: String
    var contentType = "text/plain; charset=utf-8"
}

/// The listener for probes and metrics, on the library's own HTTP codec.
enum AdminListener {
    typealias Answer = @Sendable (_ path: String) async -> AdminAnswer

    static func bootstrap(group: any EventLoopGroup, answer: @escaping Answer) -> ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 64)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
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
            let path = String(head.uri.prefix { $0 != "?" })
            let promise = context.eventLoop.makePromise(of: AdminAnswer.self)
            let answer = self.answer
            promise.completeWithTask {
                head.method == .GET || head.method == .HEAD
                    ? await answer(path) : AdminAnswer(status: .methodNotAllowed, text: "use GET\n")
            }
            let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
            promise.futureResult.whenSuccess { answer in
                let (handler, context) = bound.value
                handler.write(answer, to: head, context)
            }
        }
    }

    private func write(_ answer: AdminAnswer, to request: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        var headers = HTTPHeaders()
        headers.add(name: "Content-Type", value: answer.contentType)
        headers.add(name: "Content-Length", value: String(answer.text.utf8.count))
        if !request.isKeepAlive { headers.add(name: "Connection", value: "close") }
        context.write(
            wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: answer.status, headers: headers))),
            promise: nil)
        if request.method != .HEAD {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: answer.text)))), promise: nil)
        }
        let keepAlive = request.isKeepAlive
        let written = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        written.futureResult.whenComplete { _ in
            if !keepAlive { bound.value.close(promise: nil) }
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
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
