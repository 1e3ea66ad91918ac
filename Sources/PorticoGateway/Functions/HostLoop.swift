// Hot: no, timers, processes and logs of functions. Allocates: timers.

internal import Logging
internal import NIOCore

#if canImport(Glibc)
    internal import Glibc
#endif

/// The world of a ``HostCore`` that is not a test: an event loop, sockets, the launcher and the supervisor.
/// Belongs to the loop.
final class HostLoop: HostWorld {
    private let loop: any EventLoop
    private let launcher: any HostLaunching
    /// Makes a supervisor. It is called when the first process starts, and again when a supervisor has ended.
    private let makeSupervisor: () -> any HostProcessStarting
    private let output: ([UInt8]) -> Void
    private let logger: Logger
    private var supervisor: (any HostProcessStarting)?
    private var listeners: [UInt32: RuntimeAPIListener] = [:]
    /// Processes that were asked for and not released, whether or not they listen yet.
    private var wanted: Set<UInt32> = []
    private var launches: [UInt32: Task<Void, Never>] = [:]
    /// Set once, right after the core was made.
    weak var core: HostCore?

    init(
        loop: any EventLoop, launcher: any HostLaunching, output: @escaping ([UInt8]) -> Void, logger: Logger,
        makeSupervisor: @escaping () -> any HostProcessStarting
    ) {
        self.loop = loop
        self.launcher = launcher
        self.output = output
        self.logger = logger
        self.makeSupervisor = makeSupervisor
    }

    var now: NIODeadline { loop.now }

    var wallMilliseconds: Int {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }

    private final class Timer: HostTimer {
        var task: Scheduled<Void>?

        func cancel() { task?.cancel() }
    }

    func schedule(at time: NIODeadline, _ body: @escaping () -> Void) -> any HostTimer {
        let timer = Timer()
        timer.task = loop.assumeIsolated().scheduleTask(deadline: time) { body() }
        return timer
    }

    func prepare(_ process: UInt32, for function: FunctionSpecification) {
        guard let core else { return }
        wanted.insert(process)
        RuntimeAPIListener.open(process: process, core: core, loop: loop) { [self] result in
            switch result {
            case .failure(let error):
                core.processDidPrepare(
                    process,
                    .failure(
                        HostPreparationError(
                            text: "no port on 127.0.0.1 could be opened for its Runtime API: \(error); "
                                + "close programs that hold many ports or raise the limit of open files")))
            case .success(let listener):
                guard wanted.contains(process) else { return listener.close() }
                listeners[process] = listener
                launch(process, function, "127.0.0.1:\(listener.port)", core)
            }
        }
    }

    private func launch(_ process: UInt32, _ function: FunctionSpecification, _ address: String, _ core: HostCore) {
        let promise = loop.makePromise(of: FunctionLaunch.self)
        let stream = "portico/[$LATEST]\(process)"
        launches[process] = promise.completeWithTask { [launcher] in
            try await launcher.launch(for: function, runtimeAPI: address, logStream: stream)
        }
        promise.futureResult.assumeIsolated().whenComplete { [self] result in
            launches[process] = nil
            core.processDidPrepare(
                process,
                result.map { HostLoop.adding(address, to: $0) }.mapError { HostPreparationError(text: "\($0)") })
        }
    }

    /// Lets the function find the others, unless it says itself where Lambda is.
    static func adding(_ address: String, to launch: FunctionLaunch) -> FunctionLaunch {
        let names = ["AWS_ENDPOINT_URL=", "AWS_ENDPOINT_URL_LAMBDA="]
        if launch.environment.contains(where: { variable in names.contains { variable.hasPrefix($0) } }) {
            return launch
        }
        var launch = launch
        launch.environment.append("AWS_ENDPOINT_URL_LAMBDA=http://\(address)")
        return launch
    }

    func start(_ process: UInt32, _ launch: FunctionLaunch) {
        let supervisor = self.supervisor ?? makeSupervisor()
        self.supervisor = supervisor
        supervisor.start(process, launch)
    }

    func kill(_ process: UInt32) { supervisor?.kill(process) }

    func release(_ process: UInt32) {
        wanted.remove(process)
        listeners.removeValue(forKey: process)?.close()
    }

    func log(_ lines: [UInt8]) { output(lines) }

    func warn(_ text: String) { logger.warning("\(text)") }

    /// Launches under way, which the end waits for.
    func takeLaunches() -> [Task<Void, Never>] {
        defer { launches = [:] }
        return Array(launches.values)
    }

    /// The supervisor is gone; the next process gets another.
    func forgetSupervisor() -> (any HostProcessStarting)? {
        defer { supervisor = nil }
        return supervisor
    }
}
