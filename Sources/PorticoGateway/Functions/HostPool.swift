// Hot: a few times per invocation. Allocates: the queue, up to the function's concurrency.

/// Which process of a function takes which invocation. Pure; processes and invocations are ids.
///
/// An invocation waits only for a process that is about to be ready: one that starts, one that has answered and has not
/// asked for the next event yet, or, where there is no room, the one that takes the place of one that ends. So the queue
/// is never longer than the function's concurrency, and what comes beyond that is throttled as on Lambda.
struct HostPool {
    /// What a process is doing, as far as the pool minds.
    private enum Member {
        case starting
        case idle
        case busy
        case returning
        case ending
    }

    enum Placement: Equatable {
        /// This idle process takes it.
        case give(UInt32)
        /// It waits, and another process must be started: ``add(_:)``.
        case start
        /// It waits for a process that will be ready soon.
        case wait
        /// All processes are at work.
        case refuse
    }

    let concurrency: Int
    private var members: [UInt32: Member] = [:]
    /// Idle processes, the one used last at the end: others get old and end.
    private var idle: [UInt32] = []
    private var waiting: [String] = []
    private var starting = 0
    private var returning = 0
    private var ending = 0

    init(concurrency: Int) {
        self.concurrency = max(1, concurrency)
    }

    /// Processes, those that end included.
    var count: Int { members.count }
    /// Invocations that wait.
    var waitingCount: Int { waiting.count }
    /// Ids of all processes.
    var processes: [UInt32] { members.keys.sorted() }

    /// Finds a process for an invocation.
    mutating func place(_ invocation: String) -> Placement {
        if let process = idle.popLast() {
            members[process] = .busy
            return .give(process)
        }
        if waiting.count < starting + returning {
            waiting.append(invocation)
            return .wait
        }
        if members.count < concurrency {
            waiting.append(invocation)
            return .start
        }
        guard waiting.count < starting + returning + ending else { return .refuse }
        waiting.append(invocation)
        return .wait
    }

    /// Whether an invocation would get a process of its own now. Queued events do not wait for others' processes.
    var hasRoom: Bool { !idle.isEmpty || members.count < concurrency }

    /// A process is being started.
    mutating func add(_ process: UInt32) {
        members[process] = .starting
        starting += 1
    }

    /// A process asks for work: the oldest waiting invocation, or `nil`, and then it is idle.
    mutating func becomeReady(_ process: UInt32) -> String? {
        leave(process)
        if waiting.isEmpty {
            members[process] = .idle
            idle.append(process)
            return nil
        }
        members[process] = .busy
        return waiting.removeFirst()
    }

    /// A process has answered, or has gone away without; it will ask for work.
    mutating func becomeReturning(_ process: UInt32) {
        leave(process)
        members[process] = .returning
        returning += 1
    }

    /// An event did not reach its process: its invocation is the next that is served. Whether a process must be started.
    mutating func giveBack(_ invocation: String) {
        waiting.insert(invocation, at: 0)
    }

    /// A process takes no more work and still counts. The result is the invocation that has no process to wait for,
    /// when the process was one that started: its failure is that invocation's failure.
    mutating func becomeEnding(_ process: UInt32) -> String? {
        let wasStarting = members[process] == .starting
        leave(process)
        members[process] = .ending
        ending += 1
        guard wasStarting, waiting.count > starting + returning else { return nil }
        return waiting.removeFirst()
    }

    /// A process is no more; the result is as for ``becomeEnding(_:)``.
    mutating func remove(_ process: UInt32) -> String? {
        guard members[process] != nil else { return nil }
        let failed = becomeEnding(process)
        leave(process)
        members[process] = nil
        return failed
    }

    /// How many processes must be started because invocations wait for processes that will not come.
    var missing: Int { min(max(0, waiting.count - starting - returning), room) }

    /// As ``missing``, when processes that have answered take too long to ask for work.
    var missingWithoutReturning: Int { min(max(0, waiting.count - starting), room) }

    /// Takes all waiting invocations out.
    mutating func takeWaiting() -> [String] {
        defer { waiting = [] }
        return waiting
    }

    /// Takes out the invocations for which there is neither a process to wait for nor room to start one.
    mutating func takeStranded() -> [String] {
        let served = starting + returning + ending + room
        guard waiting.count > served else { return [] }
        defer { waiting.removeSubrange(served...) }
        return Array(waiting[served...])
    }

    private var room: Int { max(0, concurrency - members.count) }

    private mutating func leave(_ process: UInt32) {
        switch members[process] {
        case .starting: starting -= 1
        case .returning: returning -= 1
        case .idle: idle.removeAll { $0 == process }
        case .ending: ending -= 1
        case .busy, nil: break
        }
    }
}
