/// How the process ends. Scripts rely on these numbers; they never change.
enum ExitStatus: Int32, Sendable {
    case success = 0
    /// The command's own "no": warnings under `--strict`, a diagnostic that does not exist, a file that exists already.
    case negative = 1
    /// The command line is wrong. The argument parser calls it 64.
    case usage = 2
    /// The spec (or the compiled file) has an error.
    case specError = 3
    /// A file cannot be read or written, or a port cannot be bound.
    case unavailable = 4
    /// Our own mistake.
    case internalFault = 5
}

/// Ends the command with a status and, unless everything was said already, a message.
struct CommandFailure: Error {
    var status: ExitStatus
    var message: String?

    init(_ status: ExitStatus, _ message: String? = nil) {
        self.status = status
        self.message = message
    }
}
