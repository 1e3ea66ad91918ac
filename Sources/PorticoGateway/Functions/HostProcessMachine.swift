// Hot: a few times per invocation. Allocates: nothing.

/// What one process of a function is doing, and so which of its requests are in order. Pure: what follows from a change
/// is done by ``HostCore``.
///
/// ```
/// preparing ─▶ initializing ─▶ idle ─▶ invoking ─▶ receiving ─▶ returning ─▶ idle
///                  (no `next` yet)  (waits in `next`)  (event out)  (result's body comes)  (answered; `next` to come)
/// ```
/// From everywhere to `ending` (was told to end, or said that it ends) and `ended`.
struct HostProcessMachine {
    enum State: Equatable {
        case preparing
        case initializing
        case idle
        case invoking(String)
        case receiving(String)
        case returning
        case ending
        case ended
    }

    /// A request that the state does not allow. Source: reference, section 5: 403 for a wrong id or state.
    enum Refusal: Equatable {
        case wrongRequestID
        /// Names of states as the runtime interface emulator of AWS prints them.
        case wrongState(from: String, to: String)
    }

    private(set) var state = State.preparing
    /// Whether the process ends as soon as it has answered.
    private(set) var isRetired = false

    /// Whether there is a process that must be told to end.
    var isRunning: Bool {
        switch state {
        case .preparing, .ended: false
        default: true
        }
    }

    /// The invocation whose event is out and whose result is not whole.
    var request: String? {
        switch state {
        case .invoking(let request), .receiving(let request): request
        default: nil
        }
    }

    /// The command is known; `false` when nobody wants the process any more.
    mutating func prepare() -> Bool {
        guard state == .preparing else { return false }
        state = .initializing
        return true
    }

    enum NextDecision: Equatable {
        /// The process has no work and its request waits; the flag says whether this was its first request.
        case isReady(isFirst: Bool)
        /// A further connection asks while one waits already: the newer one is what the process listens to.
        case replacesPoll
        /// The process is retired and idle: it ends.
        case ends
        case refused(Refusal)
    }

    /// The process asks for an event.
    mutating func askNext() -> NextDecision {
        switch state {
        case .initializing, .returning:
            let isFirst = state == .initializing
            if isRetired {
                state = .ending
                return .ends
            }
            state = .idle
            return .isReady(isFirst: isFirst)
        case .idle:
            return .replacesPoll
        case .preparing, .invoking, .receiving, .ending, .ended:
            return .refused(.wrongState(from: name, to: "Ready"))
        }
    }

    /// The request for an event was given up; `false` if it was not waiting any more.
    mutating func abandonNext() -> Bool {
        guard state == .idle else { return false }
        state = .returning
        return true
    }

    /// An event goes out. The process must be idle.
    mutating func handOut(_ request: String) {
        precondition(state == .idle)
        state = .invoking(request)
    }

    /// The event could not be written; `false` if the invocation is over for another reason.
    mutating func takeBack(_ request: String) -> Bool {
        guard state == .invoking(request) else { return false }
        state = .returning
        return true
    }

    /// A result or an error begins to come in; `nil` when it is in order.
    mutating func beginAnswer(_ request: String, to name: String) -> Refusal? {
        switch state {
        case .invoking(let current):
            guard current == request else { return .wrongRequestID }
            state = .receiving(request)
            return nil
        case .receiving(let current) where current != request:
            return .wrongRequestID
        default:
            return .wrongState(from: self.name, to: name)
        }
    }

    /// The result or error is whole, or of no use.
    mutating func endAnswer() {
        guard case .receiving = state else { return }
        state = .returning
    }

    /// The connection broke amid the result: the process may send it again.
    mutating func restartAnswer() {
        guard case .receiving(let request) = state else { return }
        state = .invoking(request)
    }

    /// The process says that its initialization failed; `nil` when that is in order.
    mutating func failInit() -> Refusal? {
        guard state == .initializing else { return .wrongState(from: name, to: "InitError") }
        state = .ending
        return nil
    }

    /// What the end of the time for a state is.
    enum TimeUp: Equatable {
        case initTimeout
        case invocationTimeout(String)
        /// It was idle for long, or did not come back after its answer.
        case ends
        /// It was to end and did not.
        case killAgain
        case nothing
    }

    /// The time for the present state is over. Everything but `nothing` asks for a kill.
    mutating func timeUp() -> TimeUp {
        switch state {
        case .initializing:
            state = .ending
            return .initTimeout
        case .invoking(let request), .receiving(let request):
            state = .ending
            return .invocationTimeout(request)
        case .idle, .returning:
            state = .ending
            return .ends
        case .ending:
            return .killAgain
        case .preparing, .ended:
            return .nothing
        }
    }

    /// The process is not to take further work; `true` when it can end at once.
    mutating func retire() -> Bool {
        isRetired = true
        switch state {
        case .preparing, .initializing, .idle:
            state = state == .preparing ? .ended : .ending
            return true
        default:
            return false
        }
    }

    /// What the end of a process was the end of.
    enum End: Equatable {
        /// It never asked for an event.
        case beforeReady
        case during(String)
        /// It had nothing to do.
        case whileIdle
        /// It was expected.
        case expected
    }

    /// The process is no more.
    mutating func end() -> End {
        defer { state = .ended }
        switch state {
        case .preparing, .initializing: return .beforeReady
        case .invoking(let request), .receiving(let request): return .during(request)
        case .idle, .returning: return .whileIdle
        case .ending, .ended: return .expected
        }
    }

    /// The state's name in messages to the process. Source: AWS's runtime interface emulator.
    var name: String {
        switch state {
        case .preparing, .initializing: "Started"
        case .idle: "Ready"
        case .invoking: "Running"
        case .receiving: "InvocationResponse"
        case .returning: "ResponseSent"
        case .ending, .ended: "Exited"
        }
    }
}
