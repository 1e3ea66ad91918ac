// Hot: once per invocation. Allocates: the call.

internal import Logging
internal import NIOCore

/// Runs Lambda functions as processes of this machine: starts them when they are needed, hands them events through the
/// Lambda Runtime API, and ends them when they hang, are idle or their code has changed.
///
/// All state is on one event loop; every entry point may be called from anywhere and hops there, and answers come back
/// on the loop that asked. As on Lambda:
/// - a process has one invocation at a time, and a function has `concurrency` processes at most; an invocation beyond
///   that is answered 429 `TooManyRequestsException`, unless it is an `Event`, which waits;
/// - an event whose function fails is tried twice more, after one and after two minutes;
/// - an invocation that nobody waits for any more runs on.
final class FunctionHost: Sendable {
    let loop: any EventLoop
    private let core: NIOLoopBoundBox<(core: HostCore, world: HostLoop)?>
    private let log: ExecutionLogWriter?

    /// What is told of processes that belong to the host, for the supervisor.
    typealias SupervisorFactory =
        @Sendable (_ delegate: any FunctionSupervisionDelegate, _ loop: any EventLoop) -> any HostProcessStarting

    /// Makes a host with other means of starting processes than the real ones.
    init(
        configuration: FunctionHostConfiguration, loop: any EventLoop, logger: Logger, launcher: any HostLaunching,
        makeSupervisor: @escaping SupervisorFactory
    ) {
        self.loop = loop
        let box = NIOLoopBoundBox.makeEmptyBox(
            valueType: (core: HostCore, world: HostLoop).self, eventLoop: loop)
        core = box
        let log =
            configuration.logOutput == nil
            ? ExecutionLogWriter(output: ExecutionLogWriter.standardError) : nil
        self.log = log
        let output = configuration.logOutput ?? { @Sendable bytes in log?.write(bytes) }
        loop.execute {
            let world = HostLoop(loop: loop, launcher: launcher, output: output, logger: logger) {
                makeSupervisor(self, loop)
            }
            let core = HostCore(
                world: world, idleMilliseconds: configuration.idleMilliseconds,
                arnPrefix: "arn:aws:lambda:\(configuration.region):\(configuration.accountID):function:")
            world.core = core
            box.value = (core, world)
        }
    }

    /// Takes the functions of a snapshot, at the start and with every reload. Unchanged ones keep their processes;
    /// those of changed and removed ones finish what they do and end.
    func apply(_ functions: [FunctionSpecification]) {
        onLoop { $0.apply(functions) }
    }

    /// Gives what comes for a function to new processes, because its code has changed.
    func replaceProcesses(of function: String) {
        onLoop { $0.replaceProcesses(of: function) }
    }

    /// Invokes a function. Must be called on `loop`, where the receiver hears of the outcome.
    func invoke(
        _ invocation: FunctionInvocation, on loop: any EventLoop, receiver: any FunctionReceiver
    ) -> FunctionCall {
        let id = HostRequestID.make()
        let call = FunctionCall(
            requestID: id, receiver: receiver,
            onCancel: { [self] in onLoop { $0.cancel(id) } },
            onPause: { [self] isPaused in onLoop { $0.setPaused(id, isPaused) } })
        let caller = HostRemoteCaller(loop: loop, call: NIOLoopBound(call, eventLoop: loop))
        self.loop.execute { [core] in
            guard let value = core.value else { return caller.answer(HostCore.shuttingDown) }
            value.core.invoke(invocation, id: id, caller: caller)
        }
        return call
    }

    /// What the host has done, for metrics.
    func counters() async -> FunctionHostCounters {
        let counters = try? await loop.submit { [core] in core.value?.core.countersNow ?? FunctionHostCounters() }.get()
        return counters ?? FunctionHostCounters()
    }

    /// Ends all processes; what is under way is answered with an error.
    func shutDown() async {
        let ended = try? await loop.submit {
            [core] () -> (supervisor: (any HostProcessStarting)?, launches: [Task<Void, Never>])? in
            guard let (hosted, world) = core.value else { return nil }
            let launches = world.takeLaunches()
            // The world knows the host, to make supervisors that tell it; here they let go of each other.
            core.value = nil
            hosted.shutDown()
            return (world.forgetSupervisor(), launches)
        }.get()
        // What prepares a runtime must not outlive the process, nor its answer the loop.
        for task in ended?.launches ?? [] { task.cancel() }
        for task in ended?.launches ?? [] { await task.value }
        await ended?.supervisor?.shutDown()
        await log?.close()
    }

    private func onLoop(_ body: @escaping @Sendable (HostCore) -> Void) {
        loop.execute { [core] in
            if let value = core.value { body(value.core) }
        }
    }
}

extension FunctionHost: FunctionSupervisionDelegate {
    func process(_ id: UInt32, wrote bytes: [UInt8]) { core.value?.core.process(id, wrote: bytes) }

    func process(_ id: UInt32, ended exit: FunctionExit) { core.value?.core.process(id, ended: exit) }

    func supervisorEnded(_ reason: String) {
        _ = core.value?.world.forgetSupervisor()
        core.value?.core.supervisorEnded(reason)
    }
}

/// Makes ids of invocations.
enum HostRequestID {
    /// A random UUID.
    static func make() -> String {
        var generator = IdentifierGenerator()
        return String(unsafeUninitializedCapacity: 36) { buffer in
            guard let base = buffer.baseAddress else { return 0 }
            generator.writeUUID(to: UnsafeMutableRawPointer(base))
            return 36
        }
    }
}
