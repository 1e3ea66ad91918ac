// Hot: no, when a runtime is set up. Allocates: freely.

internal import Glibc

/// A program such as `pip`, run to its end without a thread that waits for it.
struct ToolProcess {
    /// Exit status; 128 + the signal that ended it.
    var status: Int
    /// What it wrote to standard output and standard error, the last 64 KB.
    var output: String

    private static let outputLimit = 64 << 10

    /// Runs `command`, whose program is an absolute path. A cancelled task and a passed `limit` end it.
    static func run(
        _ command: [String], environment: [String], directory: String? = nil, limit: Duration
    ) async throws(FunctionLaunchError) -> ToolProcess {
        let name = command.first ?? ""
        var ends: [Int32] = [0, 0]
        // Both ends are closed in other programs from the first; a pipe would be for a moment without it.
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw StatePath.failure("cannot run '\(name)'") }
        let reading = ends[0]
        defer { close(reading) }
        // The program itself expects writing to wait.
        _ = fcntl(ends[1], F_SETFL, fcntl(ends[1], F_GETFL) & ~O_NONBLOCK)

        // `env` changes the directory: this process has threads, which all share one.
        var words = command
        if let directory { words = ["/usr/bin/env", "-C", directory] + words }
        var spawn = SupervisorSpawn(command: words, environment: environment)
        spawn.output = ends[1]
        spawn.errors = ends[1]
        // In Portico's group, so that Ctrl-C ends it too.
        spawn.hasOwnGroup = false
        let started = spawn.start()
        close(ends[1])
        let processID: pid_t
        switch started {
        case .success(let id): processID = id
        case .failure(let error): throw FunctionLaunchError("cannot run '\(name)': \(error)")
        }

        let end = ContinuousClock.now + limit
        var output: [UInt8] = []
        var status: Int32 = 0
        var problem: String?
        var wait = Duration.milliseconds(1)
        while true {
            let result = waitpid(processID, &status, WNOHANG)
            collect(reading, &output)
            if result == processID { break }
            if result < 0, errno != EINTR { throw StatePath.failure("cannot wait for '\(name)'") }
            if problem == nil, ContinuousClock.now >= end {
                problem = "'\(command.joined(separator: " "))' did not end within \(limit.components.seconds) seconds"
                kill(processID, SIGKILL)
            }
            do { try await Task.sleep(for: wait) } catch {
                if problem == nil { kill(processID, SIGKILL) }
                problem = problem ?? "'\(name)' was cancelled"
                await Task.yield()
            }
            wait = min(wait * 2, .milliseconds(50))
        }
        if let problem { throw FunctionLaunchError(problem) }
        let signal = status & 0x7F
        return ToolProcess(
            status: signal == 0 ? Int(status >> 8) & 0xFF : 128 + Int(signal),
            output: String(decoding: output, as: UTF8.self))
    }

    private static func collect(_ descriptor: Int32, _ output: inout [UInt8]) {
        while true {
            let piece = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
                count = max(read(descriptor, buffer.baseAddress, buffer.count), 0)
            }
            if piece.isEmpty { return }
            output += piece
            if output.count > outputLimit { output.removeFirst(output.count - outputLimit) }
        }
    }

    /// Last line that says something, preferring one that names an error.
    var lastWords: String {
        let lines = output.split(whereSeparator: \.isNewline).map { line in
            String(line.drop { $0 == " " })
        }.filter { !$0.isEmpty }
        return lines.last { $0.hasPrefix("ERROR:") || $0.hasPrefix("Error:") } ?? lines.last
            ?? "exit status \(status)"
    }
}
