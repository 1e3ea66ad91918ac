// Hot: no, one call of the command line or the management API. Allocates: a worker for it.

public import Logging
internal import NIOCore
internal import NIOPosix
internal import PorticoIR
internal import PorticoPrograms

/// One call of a method without a listener, as TestInvokeMethod makes it: the pipeline that serves runs the request, but
/// authorizers, API keys and policies are passed over, and the execution log comes back.
///
/// Source: API Gateway API reference, "TestInvokeMethod"; reference, "Execution logs" (9.2).
public struct TestInvocation: Sendable {
    /// Verb, such as `GET`.
    public var method: String
    /// Path with query, percent-encoded, with or without the stage before it.
    public var path: String
    /// Fields in order.
    public var headers: [(name: String, value: String)] = []
    /// Body; a `Content-Length` is made for it.
    public var body: [UInt8] = []
    /// Directory that paths of the snapshot are relative to.
    public var baseDirectory = "."
    /// Where credentials and addresses of AWS services are looked up.
    public var environment = ServerConfiguration().environment

    /// Makes an invocation without headers and body.
    public init(method: String, path: String) {
        self.method = method
        self.path = path
    }

    /// What came of it.
    public struct Answer: Sendable {
        /// Status code.
        public var status: Int
        /// Status line without CRLF.
        public var statusLine: String
        /// Fields in order.
        public var headers: [(name: String, value: String)]
        /// Body.
        public var body: [UInt8]
        /// Execution log, with data.
        public var log: String
        /// From the whole request to the whole answer.
        public var latencyMilliseconds: Int
    }

    /// Why there is no answer.
    public enum Failure: Error, Sendable, Hashable, CustomStringConvertible {
        /// The request cannot be written as HTTP/1.1, or goes over a limit.
        case notHTTP(String)

        /// What is wrong.
        public var description: String {
            switch self {
            case .notHTTP(let reason): "the request is no valid HTTP: \(reason)"
            }
        }
    }

    /// Calls the method.
    ///
    /// - Parameters:
    ///   - snapshot: what is called.
    ///   - logger: hears of faults that the execution log does not hold.
    /// - Throws: ``Failure`` for a request that no client could send.
    ///   - functions: where functions that Portico hosts find their code, and what starts them.
    public func run(
        on snapshot: DeploymentSnapshot, logger: Logger, functions: FunctionHostConfiguration? = nil
    ) async throws -> Answer {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        var hosted: HostedFunctions?
        if let functions, !snapshot.hostedFunctions.isEmpty {
            hosted = HostedFunctions(functions, of: snapshot, logger: logger)
            hosted?.apply(snapshot.hostedFunctions, prepares: false)
        }
        let outcome: Result<Answer, any Error>
        do {
            outcome = .success(
                try await run(on: snapshot, logger: logger, loop: group.next(), functions: hosted?.host))
        } catch {
            outcome = .failure(error)
        }
        await hosted?.shutDown()
        try? await group.shutdownGracefully()
        return try outcome.get()
    }

    private func run(
        on snapshot: DeploymentSnapshot, logger: Logger, loop: any EventLoop, functions: FunctionHost?
    ) async throws -> Answer {
        let configuration = ServerConfiguration()
        guard body.count <= configuration.maximumBodyBytes else {
            throw Failure.notHTTP("the body has more than \(configuration.maximumBodyBytes) bytes")
        }
        let request = text(stagePath(snapshot), host: snapshot.identity.domainName)
        let given = path
        let identities = ClientIdentities(of: snapshot, in: baseDirectory)
        for failure in identities.failures { logger.error("\(failure)") }
        let length = body.count
        let table = ServingTable(
            snapshot, generation: 1, clientIdentities: identities, environment: environment,
            directory: baseDirectory)
        let credentials = await CredentialKeeper(environment: environment, directory: baseDirectory).load(snapshot)
        return try await loop.flatSubmit {
            let worker = Worker(
                loop: loop, settings: configuration, upstream: UpstreamConfiguration(), logger: logger,
                executionLog: ExecutionLogWriter { _ in })
            if let credentials { worker.use(credentials) }
            worker.functions = functions
            worker.install(table)
            let run = TestInvocationRun(request, bodyLength: length, worker: worker, path: given)
            let bound = NIOLoopBound(worker, eventLoop: loop)
            return run.start().always { _ in bound.value.shutDown() }
        }.get()
    }

    /// The path with its stage: the first one, unless the path names one.
    private func stagePath(_ snapshot: DeploymentSnapshot) -> String {
        let slashed = path.hasPrefix("/") ? path : "/" + path
        let first = slashed.dropFirst().prefix { $0 != "/" && $0 != "?" }
        // The `$default` stage of an HTTP API has no segment of its own.
        if snapshot.stageNames.contains(String(first)) || snapshot.stageNames.contains(Stage.defaultName) {
            return slashed
        }
        return "/\(snapshot.stageNames.first ?? "")\(slashed)"
    }

    private func text(_ target: String, host: String) -> [UInt8] {
        var head = "\(method.uppercased()) \(target) HTTP/1.1\r\n"
        func has(_ name: String) -> Bool { headers.contains { $0.name.lowercased() == name } }
        if !has("host") { head += "Host: \(host)\r\n" }
        for header in headers where header.name.lowercased() != "content-length" {
            head += "\(header.name): \(header.value)\r\n"
        }
        if !body.isEmpty { head += "Content-Length: \(body.count)\r\n" }
        return Array(head.utf8) + [0x0D, 0x0A] + body
    }
}

/// The call under way, on its loop.
final class TestInvocationRun {
    private let request: UnsafeMutableRawBufferPointer
    private let bodyLength: Int
    private let worker: Worker
    private let path: String
    private let promise: EventLoopPromise<TestInvocation.Answer>
    private var exchange: Exchange?
    private let sourceAddress: BytePool
    /// The body of an answer that is sent as it comes.
    private var streamedBody: [UInt8]?
    private var streamLimit: Scheduled<Void>?

    init(_ request: [UInt8], bodyLength: Int, worker: Worker, path: String) {
        self.request = .allocate(byteCount: request.count, alignment: 16)
        self.request.copyBytes(from: request)
        self.bodyLength = bodyLength
        self.worker = worker
        self.path = path
        promise = worker.loop.makePromise()
        sourceAddress = BytePool()
    }

    deinit {
        request.deallocate()
    }

    func start() -> EventLoopFuture<TestInvocation.Answer> {
        worker.tick()
        let exchange = worker.takeExchange()
        self.exchange = exchange
        let bytes = UnsafeRawBufferPointer(request)
        var progress = HeadProgress()
        switch exchange.parser.parse(bytes, progress: &progress) {
        case .needMore:
            promise.fail(TestInvocation.Failure.notHTTP("a line break within the path or a field"))
        case .rejected(let rejection):
            promise.fail(TestInvocation.Failure.notHTTP("\(rejection.reason)"))
        case .head(let head):
            guard head.headLength + bodyLength == bytes.count, head.hasBody == (bodyLength > 0), !head.isChunked else {
                promise.fail(TestInvocation.Failure.notHTTP("a line break within the path or a field"))
                break
            }
            exchange.head = head
            exchange.bytes = bytes
            exchange.bodyOffset = head.headLength
            exchange.bodyLength = bodyLength
            // Source: recorded `$context.identity.sourceIp` of TestInvokeMethod.
            exchange.sourceAddress = sourceAddress.add("test-invoke-source-ip")
            exchange.localPort = 443
            exchange.invocation = self
            exchange.begin(head)
            let log = ExecutionLog(LogSetting(level: .info, tracesData: true), form: .testInvocation(path: path))
            exchange.executionLog = log
            log.begin(exchange)
            if case .suspended = Phases.run(exchange) {
                if exchange.stream != nil { limitStream() }
                break
            }
            finish()
        }
        return promise.futureResult
    }

    /// Called by the exchange when its backend has answered or failed.
    func backendFinished(_ exchange: Exchange, _ outcome: UpstreamOutcome) {
        worker.tick()
        exchange.call = nil
        switch outcome {
        case .response(let response): _ = Phases.resume(exchange, with: response)
        case .failure(let failure): _ = Phases.resume(exchange, with: failure)
        case .function(let outcome): _ = Phases.resume(exchange, with: outcome)
        case .fault(let fault): _ = Phases.resume(exchange, with: fault)
        // Test invocations pass authorizers and caches over.
        case .verdict, .identity, .cached, .shared, .called: break
        }
        finish()
    }

    // MARK: - Streams

    /// Bytes and seconds of a streamed answer after which what there is is the answer.
    /// Source: API Gateway guide, "Troubleshoot issues with response streaming".
    private static let longestStream = 1 << 20
    private static let longestStreamTime = TimeAmount.seconds(35)

    private func limitStream() {
        streamLimit = worker.loop.assumeIsolated().scheduleTask(in: TestInvocationRun.longestStreamTime) {
            [weak self] in
            guard let self else { return }
            self.worker.tick()
            if let stream = self.exchange?.stream, stream.isOpen {
                // What there is, is the answer.
                return stream.breakOff("a test invocation takes no longer than 35 seconds")
            }
            self.exchange?.stream?.cancel()
            self.finish()
        }
    }

    /// Called by the stream: its head is in the worker's output.
    func streamDidBegin() { streamedBody = [] }

    /// Called by the stream.
    func streamDidReceive(_ bytes: ByteBuffer) {
        streamedBody?.append(contentsOf: bytes.readableBytesView)
        guard let exchange, let count = streamedBody?.count, count > TestInvocationRun.longestStream else { return }
        exchange.stream?.breakOff("a test invocation keeps no more than \(TestInvocationRun.longestStream) bytes")
    }

    /// Called by the stream at its end, whole or not.
    func streamDidEnd() {
        worker.tick()
        finish()
    }

    private func finish() {
        guard let exchange else { return }
        self.exchange = nil
        streamLimit?.cancel()
        let output = worker.output.bytes
        let message = LogText.Message(output)
        let words = message.firstLine.split(separator: " ", maxSplits: 2)
        let length = message.fields.last { $0.0.lowercased() == "content-length" }.flatMap { Int($0.1) } ?? 0
        let hasBody = exchange.head.method != .head
        promise.succeed(
            TestInvocation.Answer(
                status: words.count > 1 ? Int(words[1]) ?? 0 : 0, statusLine: message.firstLine,
                headers: message.fields.map { (name: $0.0, value: $0.1) },
                body: streamedBody ?? (hasBody ? Array(output.suffix(min(length, output.count))) : []),
                log: String(decoding: exchange.executionLog?.text ?? [], as: UTF8.self),
                latencyMilliseconds: max(worker.clock.milliseconds - exchange.startMilliseconds, 0)))
        worker.recycle(exchange)
    }
}
