// Hot: no, read by the admin listener. Allocates: nothing.

/// What the function host has done since its start.
public struct FunctionHostCounters: Sendable, Equatable {
    /// Invocations that arrived.
    public var invocations = 0
    /// Invocations that ended with an error of the function, timeouts and exits included.
    public var errors = 0
    /// Invocations that were refused because all processes were at work or the queue of events was full.
    public var throttles = 0
    /// Invocations that took longer than the function's timeout.
    public var timeouts = 0
    /// Processes started.
    public var processesStarted = 0
    /// Processes that the host ended, for whatever reason.
    public var processesKilled = 0
    /// Processes that ended because they used more memory than they may.
    public var processesOutOfMemory = 0
    /// Processes there are.
    public var processes = 0
    /// Asynchronous events that wait.
    public var queuedEvents = 0

    /// Makes counters that are zero.
    public init() {}
}
