// Hot: no, protocols. Allocates: nothing.

internal import NIOCore

/// Starts processes and ends their groups; ``FunctionSupervisor`` does. What becomes of them is told to its delegate.
protocol HostProcessStarting: AnyObject, Sendable {
    /// Starts a process. Ids are never used again.
    func start(_ id: UInt32, _ launch: FunctionLaunch)
    /// Ends a process and its group at once.
    func kill(_ id: UInt32)
    /// Ends all processes and the supervisor.
    func shutDown() async
}

/// Finds out how the processes of a function are started; ``FunctionLauncher`` does. It may take seconds, because it
/// makes a virtual environment first. The text of what it throws names cause and fix.
protocol HostLaunching: Sendable {
    /// `runtimeAPI` is `host:port`; `logStream` is the process's log stream name.
    func launch(
        for function: FunctionSpecification, runtimeAPI: String, logStream: String
    ) async throws -> FunctionLaunch
}

/// All that ``HostCore`` asks of the world, on the host's loop. Tests have one that is no more than a list.
protocol HostWorld: AnyObject {
    var now: NIODeadline { get }
    /// Milliseconds since 1970.
    var wallMilliseconds: Int { get }
    /// Calls `body` later, unless the timer is cancelled.
    func schedule(at time: NIODeadline, _ body: @escaping () -> Void) -> any HostTimer
    /// Opens the Runtime API for a process and finds its command; ``HostCore/processDidPrepare(_:_:)`` follows, later.
    func prepare(_ process: UInt32, for function: FunctionSpecification)
    /// Starts a process that was prepared.
    func start(_ process: UInt32, _ launch: FunctionLaunch)
    /// Ends a process; the supervisor tells when it is gone.
    func kill(_ process: UInt32)
    /// Closes the Runtime API of a process, and its connections.
    func release(_ process: UInt32)
    /// Takes whole lines for the functions' log.
    func log(_ lines: [UInt8])
    /// Tells the operator of something that stopped working.
    func warn(_ text: String)
}

/// Something that is going to happen.
protocol HostTimer: AnyObject {
    func cancel()
}

/// Why a process could not even be started, in words that name cause and fix.
struct HostPreparationError: Error {
    var text: String
}
