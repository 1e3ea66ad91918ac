import FoundationEssentials
public import Glibc

/// A program run as its own process, with its output in files.
public final class ChildProcess {
    /// Process id.
    public let id: pid_t
    private let folder: TemporaryFolder
    private var status: Int32?

    /// Starts `path` with `arguments`. `environment` is added to this process's own, without any `PORTICO_*`.
    /// `descriptors` become 3, 4 and so on.
    public init(
        _ path: String, _ arguments: [String], environment: [String: String] = [:], in workingFolder: String? = nil,
        descriptors: [Int32] = []
    ) throws {
        folder = try TemporaryFolder()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, folder.path + "/out", O_WRONLY | O_CREAT, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, folder.path + "/err", O_WRONLY | O_CREAT, 0o600)

        // Beyond the numbers that they get.
        let copies = descriptors.map { fcntl($0, F_DUPFD_CLOEXEC, Int32(3 + descriptors.count)) }
        defer { for copy in copies { close(copy) } }
        for (index, copy) in copies.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, copy, Int32(3 + index))
        }

        // The test runner may have signals blocked or ignored; the program starts as from a shell.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        var variables: [String] = []
        for (name, value) in ProcessInfo.processInfo.environment
        where !name.hasPrefix("PORTICO_") && environment[name] == nil {
            variables.append("\(name)=\(value)")
        }
        variables += environment.map { "\($0.key)=\($0.value)" }

        // `env -C` changes the folder: the C library's own way is not visible from Swift.
        let program = workingFolder == nil ? path : "/usr/bin/env"
        let words = workingFolder.map { ["env", "-C", $0, path] } ?? [path]
        let result = withCStrings(words + arguments) { argumentPointers in
            withCStrings(variables) { variablePointers in
                var id = pid_t()
                let code = posix_spawn(&id, program, &actions, &attributes, argumentPointers, variablePointers)
                return code == 0
                    ? .success(id)
                    : Result<pid_t, TestSupportError>.failure(
                        TestSupportError("cannot start \(path): \(String(cString: strerror(code)))"))
            }
        }
        id = try result.get()
    }

    deinit {
        if status == nil {
            kill(id, SIGKILL)
            waitpid(id, nil, 0)
        }
    }

    /// The folder that SwiftPM builds into, which is where the test bundle and the command are.
    public static let buildFolder: String = {
        var buffer = [CChar](repeating: 0, count: 4096)
        let length = readlink("/proc/self/exe", &buffer, buffer.count)
        let path = String(decoding: buffer.prefix(max(length, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    }()

    /// What it wrote to standard output so far.
    public var output: String { folder.read("out") }

    /// What it wrote to standard error so far.
    public var errors: String { folder.read("err") }

    /// Whether it has not ended.
    public var isRunning: Bool { poll() == nil }

    /// Sends a signal.
    public func signal(_ signal: Int32) { if status == nil { kill(id, signal) } }

    /// Waits for its end; returns its exit status, or 128 + the signal that killed it.
    @discardableResult
    public func wait(_ deadline: Deadline = Deadline(after: .seconds(60))) throws -> Int32 {
        var exit: Int32 = 0
        try deadline.wait(for: "the end of process \(id); it said: \(errors)") {
            guard let status = poll() else { return false }
            exit = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + status & 0x7F
            return true
        }
        return exit
    }

    private func poll() -> Int32? {
        if status == nil {
            var value: Int32 = 0
            if waitpid(id, &value, WNOHANG) == id { status = value }
        }
        return status
    }
}

private func withCStrings<Value>(_ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Value) -> Value {
    let pointers = strings.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    return body(pointers)
}
