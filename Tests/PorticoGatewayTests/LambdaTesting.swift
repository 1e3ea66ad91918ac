import Logging
import NIOCore
import NIOPosix
import PorticoTestSupport
import Synchronization
import Testing

@testable import PorticoGateway

/// Parts of specs whose backends are functions.
enum LambdaSpec {
    static let arn = "arn:aws:lambda:us-east-1:111111111111:function:F"

    /// An integration of a function: `aws_proxy`, or `aws` with its members.
    static func integration(
        _ type: String = "aws_proxy", function: String = arn, verb: String = "POST", _ members: String = ""
    ) -> String {
        let uri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/\(function)/invocations"
        return "{type: \(type), httpMethod: \(verb), uri: \(quoted(uri))\(members.isEmpty ? "" : ", " + members)}"
    }

    /// The Invoke API is at `backend`.
    static func endpoint(_ backend: Backend) -> String {
        "x-portico-endpoints: {lambda: \"http://\(backend.authority)\"}"
    }

    /// A plain server at `backend` is the function.
    static func server(_ backend: Backend, path: String = "") -> String {
        "x-portico-functions: {F: {url: \"http://\(backend.authority)\(path)\"}}"
    }

    /// What the calls of an endpoint are signed with.
    static let environment = ["AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "secret"]

    /// Portico runs the function.
    static let hosted = "x-portico-functions: {F: {runtime: python3.13, handler: a.b, codeUri: .}}"
}

extension Backend.Behavior {
    /// The function returned.
    static func returns(_ payload: String) -> Backend.Behavior {
        .respond(
            status: 200, headers: [("Content-Type", "application/json"), ("x-amzn-RequestId", "lambda-id")],
            body: payload)
    }

    /// The function failed.
    static func fails(_ payload: String) -> Backend.Behavior {
        .respond(
            status: 200, headers: [("X-Amz-Function-Error", "Unhandled"), ("x-amzn-RequestId", "lambda-id")],
            body: payload)
    }

    /// Lambda refuses the call.
    static func refuses(_ status: Int, _ type: String) -> Backend.Behavior {
        .respond(
            status: status,
            headers: [("x-amzn-ErrorType", type + ":http://internal"), ("x-amzn-RequestId", "lambda-id")],
            body: "{\"Message\":\"no\"}")
    }
}

/// Runs functions as a test says.
final class FakeInvoker: FunctionInvoker {
    typealias Script = @Sendable (FunctionInvocation) -> FunctionOutcome?

    private struct State {
        var script: Script
        var invocations: [FunctionInvocation] = []
        var cancelled = 0
    }

    private let state: Mutex<State>

    /// `nil` of the script is silence.
    init(_ script: @escaping Script = { _ in nil }) {
        state = Mutex(State(script: script))
    }

    var invocations: [FunctionInvocation] { state.withLock { $0.invocations } }
    var cancelled: Int { state.withLock { $0.cancelled } }

    func behave(_ script: @escaping Script) { state.withLock { $0.script = script } }

    func invoke(
        _ invocation: FunctionInvocation, on loop: any EventLoop, receiver: any FunctionReceiver
    ) -> FunctionCall {
        let script = state.withLock { state in
            state.invocations.append(invocation)
            return state.script
        }
        let call = FunctionCall(
            requestID: "hosted-id", receiver: receiver, onCancel: { self.state.withLock { $0.cancelled += 1 } },
            onPause: { _ in })
        if let outcome = script(invocation) { loop.assumeIsolated().execute { call.answer(outcome) } }
        return call
    }
}

/// A listener whose functions run in a ``FakeInvoker``.
final class HostedGateway: Sendable {
    let port: Int
    private let channel: any Channel
    private let handle: WorkerHandle

    init(
        _ spec: String, invoker: FakeInvoker?, logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    ) async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        var configuration = ServerConfiguration()
        // Tests let time pass.
        configuration.idleTimeout = .seconds(1_000_000)
        let handle = try await WorkerHandle.make(
            on: loop, configuration: configuration, upstream: UpstreamConfiguration(), logger: logger,
            executionLog: ExecutionLogWriter { _ in })
        let credentials = CredentialTable.Entry.available(
            try SigningCredentials(accessKeyID: "AKID", secretAccessKey: "secret"))
        let table = ServingTable(try TestGateway.compile(spec), generation: 1)
        await handle.run {
            $0.functions = invoker
            $0.use(CredentialKeeper.Update(table: CredentialTable(fallback: credentials), number: 1))
            $0.install(table)
        }
        self.handle = handle
        channel = try await ServerBootstrap(group: loop)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Connection(worker: handle.bound.value))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    func request(
        _ method: String, _ path: String, headers: [(String, String)] = [], body: String = ""
    ) throws -> RawResponse {
        try HTTP.request(method, path, port: port, headers: headers, body: body)
    }

    /// Lets time pass on the clocks of the worker.
    func pass(_ seconds: Int) async { await handle.run { $0.aheadMilliseconds += seconds * 1000 } }

    /// Serves another version from now on.
    func install(_ spec: String) async throws {
        let table = ServingTable(try TestGateway.compile(spec), generation: 2)
        await handle.run { $0.install(table) }
    }

    /// Connections that are open now.
    var connectionCount: Int { get async { await handle.run { $0.connections.count } } }

    func stop() async {
        try? await channel.close()
        await handle.run { $0.shutDown() }
    }
}

/// A gateway with hosted functions for the length of `body`.
func withHosted(
    _ spec: String, _ invoker: FakeInvoker?, logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
    _ body: (HostedGateway) async throws -> Void
) async throws {
    let gateway = try await HostedGateway(spec, invoker: invoker, logger: logger)
    do {
        try await body(gateway)
    } catch {
        await gateway.stop()
        throw error
    }
    await gateway.stop()
}

/// A gateway that signs, for the length of `body`.
func withLambda(_ spec: String, _ body: (TestGateway) async throws -> Void) async throws {
    try await withGateway(spec, configure: { $0.environment = LambdaSpec.environment }, body)
}

/// What the gateway answers for a function that failed. Source: reference 5.2, whose recorded body has this blank.
let functionFailure = "{\"message\": \"Internal server error\"}"

/// Keeps what is logged.
final class KeptLog: Sendable {
    private let kept = Mutex<[String]>([])

    var lines: [String] { kept.withLock { $0 } }
    var text: String { lines.joined(separator: "\n") }

    var logger: Logger { Logger(label: "kept") { _ in Handler(log: self) } }

    private struct Handler: LogHandler {
        let log: KeptLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.debug

        init(log: KeptLog) { self.log = log }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { log.kept.withLock { $0.append("\(event.level): \(event.message)") } }
    }
}
