// Hot: no, when a process cannot be started. Allocates: freely.

/// Why a process of a function cannot be started, and what to do.
struct FunctionLaunchError: Error, Hashable, CustomStringConvertible {
    /// Cause and fix in one line.
    var message: String

    init(_ message: String) { self.message = message }

    var description: String { message }
}
