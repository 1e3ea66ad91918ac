import Logging
import NIOCore
import NIOPosix
import PorticoPrograms
import PorticoTestSupport
import Synchronization

@testable import PorticoGateway

/// Accepts connections of the gateway that are taken to have sent one request already, and gives it to a function.
final class FunctionServer: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let channel: any Channel
    private let worker: NIOLoopBound<Worker>

    init(
        _ request: String, idleMilliseconds: Int64, run: @escaping @Sendable (Exchange) -> PhaseOutcome
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        self.group = group
        let loop = group.next()
        let snapshot = try TestGateway.compile(spec([SpecOperation("GET /x", mock("never called"))]))
        worker = try await loop.submit {
            var upstream = UpstreamConfiguration()
            upstream.streamIdleMilliseconds = idleMilliseconds
            let worker = Worker(
                loop: loop, settings: ServerConfiguration(), upstream: upstream,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                executionLog: ExecutionLogWriter { _ in })
            worker.install(ServingTable(snapshot, generation: 1))
            return NIOLoopBound(worker, eventLoop: loop)
        }.get()
        let bound = worker
        channel = try await ServerBootstrap(group: group)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let connection = Connection(worker: bound.value)
                    try channel.pipeline.syncOperations.addHandler(connection)
                    let bound = NIOLoopBound(connection, eventLoop: channel.eventLoop)
                    // Once the connection is active.
                    channel.eventLoop.execute { FunctionServer.begin(bound.value, request, run) }
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    var port: Int { channel.localAddress?.port ?? 0 }

    func stop() async {
        try? await channel.close()
        let worker = self.worker
        try? await worker.eventLoop.submit { worker.value.shutDown() }.get()
        try? await group.shutdownGracefully()
    }

    private static func begin(_ connection: Connection, _ request: String, _ run: (Exchange) -> PhaseOutcome) {
        let exchange = connection.worker.takeExchange()
        exchange.kept.reset()
        Array(request.utf8).withUnsafeBytes { exchange.kept.append($0) }
        var progress = HeadProgress()
        guard case .head(let head) = exchange.parser.parse(exchange.kept.bytes, progress: &progress) else { return }
        exchange.bytes = exchange.kept.bytes
        exchange.begin(head)
        exchange.stage = connection.worker.table?.stages.first
        guard case .suspended = run(exchange) else { return }
        exchange.connection = connection
        connection.exchange = exchange
        connection.state = .waiting
        connection.deadlineMilliseconds = .max
    }
}

/// A function that does what the test says: on a server, or as one that runs in the gateway.
final class FunctionFeed: FunctionInvoker {
    /// What the server sends.
    let pieces = PieceFeed()
    private let kind: StreamedFunctionTests.Kind
    private let state = Mutex(State())

    private struct State {
        var calls: [@Sendable () -> Void] = []
        var bound: NIOLoopBound<FunctionCall>?
        var isPaused = false
        var isCancelled = false
    }

    init(_ kind: StreamedFunctionTests.Kind) {
        self.kind = kind
    }

    var isPaused: Bool { state.withLock { $0.isPaused } }
    var isCancelled: Bool { state.withLock { $0.isCancelled } }

    func invoke(
        _ invocation: FunctionInvocation, on loop: any EventLoop, receiver: any FunctionReceiver
    ) -> FunctionCall {
        precondition(invocation.streams)
        let call = FunctionCall(
            requestID: "r", receiver: receiver,
            onCancel: { [self] in state.withLock { $0.isCancelled = true } },
            onPause: { [self] isPaused in state.withLock { $0.isPaused = isPaused } })
        let bound = NIOLoopBound(call, eventLoop: loop)
        state.withLock { $0.bound = bound }
        return call
    }

    /// Runs on the loop once the function was invoked.
    func tell(_ action: @escaping @Sendable (FunctionCall, any EventLoop) -> Void) {
        var bound: NIOLoopBound<FunctionCall>?
        let deadline = Deadline()
        try? deadline.wait(for: "the invocation") {
            bound = state.withLock { $0.bound }
            return bound != nil
        }
        guard let bound else { return }
        bound.eventLoop.execute { action(bound.value, bound.eventLoop) }
    }

    /// The function begins to write.
    func begin() {
        switch kind {
        case .local: tell { call, _ in call.answer(.streaming) }
        case .events, .server: pieces.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        }
    }

    func write(_ text: String) {
        guard !text.isEmpty else { return }
        switch kind {
        case .local: tell { call, _ in call.stream(ByteBuffer(string: text)) }
        case .server: pieces.chunk(text)
        case .events: chunk(EventStreamText.event("PayloadChunk", text))
        }
    }

    /// The function returns.
    func end() {
        switch kind {
        case .local: return tell { call, _ in call.endStream(error: nil) }
        case .events: chunk(EventStreamText.event("InvokeComplete", "{}"))
        case .server: break
        }
        pieces.send("0\r\n\r\n")
        pieces.finish()
    }

    /// The function fails.
    func fail() {
        switch kind {
        case .local: tell { call, _ in call.endStream(error: ByteBuffer(string: #"{"errorMessage":"boom"}"#)) }
        case .events:
            chunk(EventStreamText.event("InvokeComplete", #"{"ErrorCode":"E","ErrorDetails":"boom"}"#))
        case .server: pieces.close()
        }
    }

    func refuse(_ status: Int, _ type: String, _ message: String) {
        if kind == .local {
            return tell { call, _ in call.answer(.refused(status: status, type: type, message: message)) }
        }
        let body = "{\"Message\":\"\(message)\"}"
        pieces.send(
            "HTTP/1.1 \(status) No\r\nx-amzn-ErrorType: \(type):http://x\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
                + body)
        pieces.finish()
    }

    private func chunk(_ bytes: [UInt8]) {
        pieces.send(Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + [0x0D, 0x0A])
    }
}
