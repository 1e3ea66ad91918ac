// Hot: no, once per upgrade. Allocates: freely.

internal import Glibc

/// The process that is to take a server's listening sockets over.
///
/// It gets the sockets as descriptors from 3 on, named in the variable ``variable``:
/// `data:3,4;tls:5,6;admin:7;ready:8`. `ready` is a stream of both directions with a byte for each step: it says that it
/// could serve, is told that it is its turn, and says that it serves. So the two never accept from a socket at the same
/// time, which the library does not expect; clients wait in the sockets for the moment in between. The end of the stream
/// means that the other process is gone.
public struct SuccessorProcess: Sendable {
    /// Name of the environment variable.
    public static let variable = "PORTICO_LISTENERS"

    /// Its process id.
    public let id: Int32
    /// This end of the stream; reading does not wait.
    private let stream: Int32

    /// The steps as bytes.
    private enum Step {
        static let ready = UInt8(ascii: "r")
        static let turn = UInt8(ascii: "t")
        static let serving = UInt8(ascii: "s")
    }

    /// Starts `program`. The descriptors of `listeners` are the caller's before and after.
    ///
    /// - Parameters:
    ///   - name: what it sees as its own name.
    ///   - arguments: without the program's name.
    ///   - environment: `NAME=value`, without ``variable``.
    ///   - signals: what it starts with blocked, so that none is lost before it waits for them.
    /// - Returns: the process, or the system's words why there is none.
    public static func start(
        _ program: String, name: String, arguments: [String], environment: [String], listeners: InheritedListeners,
        blocking signals: [Int32]
    ) -> Result<SuccessorProcess, SuccessorError> {
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { return .failure(SuccessorError(errno)) }
        defer { close(ends[1]) }

        // Their numbers in the new process may be those of other things here, so that copies beyond them are passed on.
        let passed = listeners.all + [ends[1]]
        var copies: [Int32] = []
        defer { for copy in copies { close(copy) } }
        for descriptor in passed {
            let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, Int32(3 + passed.count))
            guard copy >= 0 else {
                let code = errno
                close(ends[0])
                return .failure(SuccessorError(code))
            }
            copies.append(copy)
        }
        var spawn = SupervisorSpawn(
            command: [program] + arguments,
            environment: environment + ["\(variable)=\(text(listeners))"], input: STDIN_FILENO)
        spawn.name = name
        spawn.hasOwnGroup = false
        spawn.blockedSignals = signals
        spawn.passed = copies
        switch spawn.start() {
        case .success(let id):
            return .success(SuccessorProcess(id: id, stream: ends[0]))
        case .failure(let error):
            close(ends[0])
            return .failure(SuccessorError(error.code))
        }
    }

    /// `data:3,4;admin:5;ready:6`: kinds in their order, numbers from 3 on.
    static func text(_ listeners: InheritedListeners) -> String {
        var number = 3
        var parts: [String] = []
        for kind in ListenerKind.allCases where !listeners[kind].isEmpty {
            let numbers = listeners[kind].indices.map { "\(number + $0)" }
            parts.append("\(kind.rawValue):\(numbers.joined(separator: ","))")
            number += numbers.count
        }
        return (parts + ["ready:\(number)"]).joined(separator: ";")
    }

    /// What ``text(_:)`` says; `nil` if it is no such text.
    public static func parse(_ text: String) -> (listeners: InheritedListeners, readiness: Int32)? {
        var listeners = InheritedListeners()
        listeners.isHandover = true
        var readiness: Int32?
        var seen: Set<Int32> = []
        for part in text.split(separator: ";", omittingEmptySubsequences: false) {
            let words = part.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard words.count == 2 else { return nil }
            var numbers: [Int32] = []
            for word in words[1].split(separator: ",", omittingEmptySubsequences: false) {
                guard let number = Int32(word), number > 2, seen.insert(number).inserted else { return nil }
                numbers.append(number)
            }
            if let kind = ListenerKind(rawValue: String(words[0])), listeners[kind].isEmpty {
                listeners[kind] = numbers
            } else if words[0] == "ready", readiness == nil, numbers.count == 1 {
                readiness = numbers.first
            } else {
                return nil
            }
        }
        return readiness.map { (listeners, $0) }
    }

    // MARK: - In the new process

    /// How long the new process waits for its turn at most.
    private static let turnLimit = Duration.seconds(30)
    /// How often a process looks whether the other one has said something.
    private static let pollInterval = Duration.milliseconds(2)

    /// Tells the process that started this one that this one could serve, and waits for its turn. One that is gone, or
    /// does not answer, has no turn any more.
    public static func waitForTurn(_ stream: Int32) async {
        write(Step.ready, to: stream)
        let deadline = ContinuousClock.now + turnLimit
        while ContinuousClock.now < deadline, next(stream) == .nothing {
            try? await Task.sleep(for: pollInterval)
        }
    }

    /// Tells the process that started this one that this one serves.
    public static func tellServing(_ stream: Int32) {
        write(Step.serving, to: stream)
        close(stream)
    }

    // MARK: - In the old process

    /// How far it is.
    public enum Progress: Sendable, Hashable {
        /// It has not said anything new.
        case nothing
        /// It could serve.
        case ready
        /// It serves.
        case serving
        /// It has ended, or makes no sense.
        case failed
    }

    /// Waits until it has said `step`; `false` if it says something else, ends, or lets `limit` pass. Throws when
    /// cancelled.
    public func wait(for step: Progress, within limit: Duration) async throws -> Bool {
        let deadline = ContinuousClock.now + limit
        while true {
            let progress = Self.next(stream)
            if progress == step { return true }
            if progress != .nothing || ContinuousClock.now >= deadline { return false }
            try await Task.sleep(for: Self.pollInterval)
        }
    }

    /// Lets it accept connections. This process must not accept any from then on.
    public func giveTurn() { Self.write(Step.turn, to: stream) }

    /// Its exit status, or 128 and the signal that ended it; `nil` while it runs.
    public func endStatus() -> Int32? {
        var status: Int32 = 0
        guard waitpid(id, &status, WNOHANG) == id else { return nil }
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + status & 0x7F
    }

    /// Sends a signal to it.
    public func signal(_ number: Int32) { kill(id, number) }

    /// Lets go of it, whatever becomes of it.
    public func release() { close(stream) }

    // MARK: - The stream

    /// One that is gone is noticed by reading.
    private static func write(_ step: UInt8, to stream: Int32) {
        var byte = step
        while send(stream, &byte, 1, Int32(MSG_NOSIGNAL)) < 0, errno == EINTR {}
    }

    private static func next(_ stream: Int32) -> Progress {
        var byte: UInt8 = 0
        let count = read(stream, &byte, 1)
        guard count == 1 else { return count < 0 && (errno == EAGAIN || errno == EINTR) ? .nothing : .failed }
        switch byte {
        case Step.ready: return .ready
        case Step.serving: return .serving
        default: return .failed
        }
    }
}

/// Why a process was not started, in the system's words.
public struct SuccessorError: Error, Sendable, CustomStringConvertible {
    /// The words.
    public let description: String

    init(_ code: Int32) { description = SystemError(code: code).description }
}
