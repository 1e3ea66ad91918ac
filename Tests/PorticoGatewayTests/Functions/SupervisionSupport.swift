import Glibc
import Logging
import NIOCore
import NIOPosix
import PorticoIR
import PorticoTestSupport
import Synchronization
import Testing

@testable import PorticoGateway

/// Waits without holding a thread, since what is waited for may need one.
func eventually(
    _ what: String, within limit: Duration = .seconds(100), _ condition: () throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while try !condition() {
        if ContinuousClock.now > end { throw TestSupportError("timed out waiting for \(what)") }
        try await Task.sleep(for: .milliseconds(5))
    }
}

/// What a supervisor told.
final class SupervisionRecord: FunctionSupervisionDelegate {
    private struct State {
        var output: [UInt32: [UInt8]] = [:]
        var exits: [UInt32: [FunctionExit]] = [:]
        var ends: [String] = []
        var largestOutput = 0
    }

    private let state = Mutex(State())

    func process(_ id: UInt32, wrote bytes: [UInt8]) {
        state.withLock { state in
            // Only the beginning: one test prints without end.
            if state.output[id, default: []].count < 1 << 20 { state.output[id, default: []] += bytes }
            state.largestOutput = max(state.largestOutput, bytes.count)
        }
    }

    func process(_ id: UInt32, ended exit: FunctionExit) {
        state.withLock { $0.exits[id, default: []].append(exit) }
    }

    func supervisorEnded(_ reason: String) { state.withLock { $0.ends.append(reason) } }

    func output(_ id: UInt32) -> String {
        state.withLock { String(decoding: $0.output[id] ?? [], as: UTF8.self) }
    }

    func exits(_ id: UInt32) -> [FunctionExit] { state.withLock { $0.exits[id] ?? [] } }

    var ends: [String] { state.withLock { $0.ends } }

    func exit(_ id: UInt32) async throws -> FunctionExit {
        try await eventually("the end of process \(id); it wrote: \(output(id))") { !exits(id).isEmpty }
        return try #require(exits(id).first)
    }
}

/// A real supervisor, and what it told.
struct Supervision {
    let supervisor: FunctionSupervisor
    let record = SupervisionRecord()
    let loop: any EventLoop

    /// The built command, which is beside the test bundle.
    static let executable: String = {
        var buffer = [CChar](repeating: 0, count: 4096)
        let length = readlink("/proc/self/exe", &buffer, buffer.count)
        let path = String(decoding: buffer.prefix(max(length, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return StatePath.parent(path) + "/portico"
    }()

    static func with<Value>(
        _ command: [String] = [executable, SupervisorProcess.subcommand],
        _ body: (Supervision) async throws -> Value
    ) async throws -> Value {
        let supervision = Supervision(command)
        do {
            let value = try await body(supervision)
            await supervision.supervisor.shutDown()
            return value
        } catch {
            await supervision.supervisor.shutDown()
            throw error
        }
    }

    init(_ command: [String]) {
        loop = MultiThreadedEventLoopGroup.singleton.next()
        supervisor = FunctionSupervisor(
            command: command, loop: loop, delegate: record,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    func start(_ id: UInt32, _ launch: FunctionLaunch) async throws {
        try await loop.submit { supervisor.start(id, launch) }.get()
    }

    /// Starts a shell that runs `script`.
    func start(
        _ id: UInt32, script: String, in directory: String = "/", environment: [String] = [], bytes: Int? = nil
    ) async throws {
        let launch = FunctionLaunch(
            command: ["/bin/sh", "-c", script], environment: ["PATH=/usr/local/bin:/usr/bin:/bin"] + environment,
            directory: directory, maximumResidentBytes: bytes)
        try await start(id, launch)
    }

    func kill(_ id: UInt32) async throws { try await loop.submit { supervisor.kill(id) }.get() }

    /// Process id of the supervisor.
    func processID() async throws -> pid_t {
        let ids = try await loop.submit { supervisor.processIDs?.supervisor }.get()
        return try #require(ids)
    }
}

/// Whether a process runs: one that has ended and whose status nobody has fetched does not.
func isRunning(_ id: pid_t) -> Bool {
    SupervisorSystem.read("/proc/\(id)/stat", limit: 4096).flatMap { SupervisorTree.row($0) } != nil
}

/// Process ids in a file, one a line.
func processIDs(_ text: String) -> [pid_t] { text.split(separator: "\n").compactMap { pid_t($0) } }

/// Writes a program. Not as other files: a process that is just being started must not hold it open for writing.
func writeProgram(_ path: String, _ text: String, mode: mode_t = 0o755) throws {
    try StatePath.replace(path, text)
    chmod(path, mode)
}
