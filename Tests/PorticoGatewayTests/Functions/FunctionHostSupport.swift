import Logging
import NIOCore
import NIOPosix
import PorticoIR
import PorticoTestSupport
import Synchronization

@testable import PorticoGateway

/// Finds a command for every function, which is never run: the test is the process.
struct FakeLauncher: HostLaunching {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    var failure: String?

    func launch(
        for function: FunctionSpecification, runtimeAPI: String, logStream: String
    ) async throws -> FunctionLaunch {
        if let failure { throw Failure(description: failure) }
        return FunctionLaunch(
            command: [function.process.handler], environment: ["AWS_LAMBDA_RUNTIME_API=\(runtimeAPI)"], directory: "/")
    }
}

/// Writes down what is started and ended.
final class FakeSupervisor: HostProcessStarting {
    struct State {
        var started: [(id: UInt32, launch: FunctionLaunch)] = []
        var killed: [UInt32] = []
        var isShutDown = false
    }

    let state = Mutex(State())
    let delegate: any FunctionSupervisionDelegate
    let loop: any EventLoop

    init(delegate: any FunctionSupervisionDelegate, loop: any EventLoop) {
        self.delegate = delegate
        self.loop = loop
    }

    func start(_ id: UInt32, _ launch: FunctionLaunch) {
        state.withLock { $0.started.append((id, launch)) }
    }

    func kill(_ id: UInt32) {
        state.withLock { $0.killed.append(id) }
        loop.execute { [delegate] in delegate.process(id, ended: .signaled(9)) }
    }

    func shutDown() async { state.withLock { $0.isShutDown = true } }

    func end(_ id: UInt32, _ exit: FunctionExit) {
        loop.execute { [delegate] in delegate.process(id, ended: exit) }
    }

    func write(_ id: UInt32, _ text: String) {
        loop.execute { [delegate] in delegate.process(id, wrote: Array(text.utf8)) }
    }
}

/// A host whose processes are played by the test over real sockets.
final class PlayedFunctions: Sendable {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    let host: FunctionHost
    let worker: any EventLoop
    private let lines = Mutex("")

    init(
        functions: [FunctionSpecification] = [HostScene.function()], failure: String? = nil,
        idleMilliseconds: Int = 300_000
    ) {
        let loop = group.next()
        worker = group.next()
        var configuration = FunctionHostConfiguration(
            baseDirectory: "/", stateDirectory: "/", supervisor: [])
        configuration.region = "eu-west-1"
        configuration.accountID = "123456789012"
        configuration.idleMilliseconds = idleMilliseconds
        let box = SinkBox()
        configuration.logOutput = { bytes in box.call(bytes) }
        let made = SupervisorBox()
        host = FunctionHost(
            configuration: configuration, loop: loop, logger: Logger(label: "test"),
            launcher: FakeLauncher(failure: failure),
            makeSupervisor: { delegate, loop in
                let supervisor = FakeSupervisor(delegate: delegate, loop: loop)
                made.add(supervisor)
                return supervisor
            })
        self.made = made
        box.set { [self] bytes in lines.withLock { $0 += String(decoding: bytes, as: UTF8.self) } }
        host.apply(functions)
    }

    private let made: SupervisorBox

    final class SupervisorBox: Sendable {
        private let list = Mutex<[FakeSupervisor]>([])
        func add(_ supervisor: FakeSupervisor) { list.withLock { $0.append(supervisor) } }
        var last: FakeSupervisor? { list.withLock { $0.last } }
        var count: Int { list.withLock { $0.count } }
    }

    final class SinkBox: Sendable {
        private let sink = Mutex<(@Sendable ([UInt8]) -> Void)?>(nil)
        func set(_ body: @escaping @Sendable ([UInt8]) -> Void) { sink.withLock { $0 = body } }
        func call(_ bytes: [UInt8]) { sink.withLock { $0 }?(bytes) }
    }

    var supervisor: FakeSupervisor? { made.last }
    var supervisorCount: Int { made.count }
    var log: String { lines.withLock { $0 } }

    /// The process that was started as the `index`th: its id, its Runtime API's port and its environment.
    func process(_ index: Int) async throws -> (id: UInt32, port: Int, environment: [String]) {
        try await eventuallyHolds("process \(index)") {
            self.supervisor?.state.withLock { $0.started.count > index } ?? false
        }
        let started = supervisor?.state.withLock { $0.started[index] }
        let prefix = "AWS_LAMBDA_RUNTIME_API=127.0.0.1:"
        guard let started,
            let port = started.launch.environment.first(where: { $0.hasPrefix(prefix) })
                .flatMap({ Int($0.dropFirst(prefix.count)) })
        else { throw TestSupportError("no Runtime API in the environment") }
        return (started.id, port, started.launch.environment)
    }

    /// Invokes a function from a worker's loop.
    func invoke(
        _ payload: String = "{}", function: String = "f",
        change: @Sendable (inout FunctionInvocation) -> Void = { _ in }
    ) -> HeardOutcome {
        var invocation = FunctionInvocation(
            function: function, payload: ByteBuffer(string: payload),
            invokedARN: "arn:aws:lambda:eu-west-1:123456789012:function:f", traceID: "Root=1-2-3")
        change(&invocation)
        let heard = HeardOutcome(worker)
        worker.execute { [host, worker, invocation] in heard.begin(host.invoke(invocation, on: worker, receiver: heard))
        }
        return heard
    }

    /// Ends everything.
    func close() async {
        await host.shutDown()
        try? await group.shutdownGracefully()
    }
}

/// A receiver that writes down what it hears; the test reads from its own thread.
final class HeardOutcome: FunctionReceiver, @unchecked Sendable {
    // `call` belongs to the loop; what was heard is behind a lock.
    private let loop: any EventLoop
    private var call: FunctionCall?
    private let state = Mutex<(requestID: String, heard: [String], hasBegun: Bool)>(("", [], false))

    init(_ loop: any EventLoop) { self.loop = loop }

    func begin(_ call: FunctionCall) {
        self.call = call
        state.withLock {
            $0.requestID = call.requestID
            $0.hasBegun = true
        }
    }

    func cancel() { loop.execute { self.call?.cancel() } }

    func setPaused(_ isPaused: Bool) { loop.execute { self.call?.setPaused(isPaused) } }

    func functionDidAnswer(_ call: FunctionCall, _ outcome: FunctionOutcome) { add(FakeCaller.text(outcome)) }

    func functionDidStream(_ call: FunctionCall, _ bytes: ByteBuffer) { add("piece \(String(buffer: bytes))") }

    func functionDidEndStream(_ call: FunctionCall, error: ByteBuffer?) {
        add("end \(error.map { String(buffer: $0) } ?? "-")")
    }

    private func add(_ text: String) {
        loop.preconditionInEventLoop()
        state.withLock {
            // The contract: never before `invoke` has returned.
            $0.heard.append($0.hasBegun ? text : "too early: \(text)")
        }
    }

    var requestID: String { state.withLock { $0.requestID } }
    var heard: [String] { state.withLock { $0.heard } }

    /// Waits until that many things were heard.
    func wait(_ count: Int = 1) async throws -> [String] {
        try await eventuallyHolds("an outcome") { self.heard.count >= count }
        return heard
    }
}

/// Waits for a condition without holding up a thread, since the launcher of the host needs one, too.
func eventuallyHolds(_ what: String, _ condition: () -> Bool) async throws {
    let deadline = Deadline()
    while !condition() {
        if deadline.hasPassed { throw TestSupportError("timed out waiting for \(what)") }
        try await Task.sleep(for: .milliseconds(2))
    }
}
