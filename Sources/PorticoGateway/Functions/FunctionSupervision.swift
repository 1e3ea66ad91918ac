// Hot: no, once per process of a function. Allocates: freely.

/// How a process of a function is started.
struct FunctionLaunch: Sendable, Hashable {
    /// Program and arguments; the program is an absolute path or found in `PATH`.
    var command: [String]
    /// The whole environment, `NAME=value`.
    var environment: [String]
    /// Working directory.
    var directory: String
    /// Bytes of resident memory of its process group at most; `nil` for no limit.
    var maximumResidentBytes: Int?
}

/// Why a process of a function is no more.
enum FunctionExit: Sendable, Hashable {
    /// It ended by itself.
    case exited(status: Int)
    /// A signal ended it.
    case signaled(Int)
    /// The supervisor ended it because it used more memory than it may.
    case outOfMemory(residentBytes: Int)
    /// It could not be started; the text says why and what to do.
    case notStarted(String)
}

/// Takes what the supervisor tells, on the loop that the supervisor was made with.
protocol FunctionSupervisionDelegate: AnyObject, Sendable {
    /// Bytes that a process wrote to standard output or standard error.
    func process(_ id: UInt32, wrote bytes: [UInt8])
    /// A process is no more; its process group was ended, too.
    func process(_ id: UInt32, ended exit: FunctionExit)
    /// The supervisor itself is gone; all its processes are.
    func supervisorEnded(_ reason: String)
}
