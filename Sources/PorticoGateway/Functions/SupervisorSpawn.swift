// Hot: no, once per process. Allocates: freely.

internal import Glibc

/// Starts a process with `posix_spawn`: no fork of a program that has threads.
struct SupervisorSpawn {
    /// Program (an absolute path) and arguments.
    var command: [String]
    /// The whole environment, `NAME=value`.
    var environment: [String]
    /// Descriptors that become 0, 1 and 2; `nil` is `/dev/null` for 0 and this process's own for 1 and 2.
    var input: Int32?
    var output: Int32?
    var errors: Int32?
    /// Whether it gets a process group of its own, of which it is the leader.
    var hasOwnGroup = true
    /// Signals that it starts with blocked. All others are not blocked, and none is ignored: Portico blocks the signals
    /// that it waits for before it has threads, and ignores SIGPIPE.
    var blockedSignals: [Int32] = []
    /// Descriptors that become 3, 4 and so on; they must have numbers beyond those.
    var passed: [Int32] = []
    /// What it sees as its own name, if that is not the program's path.
    var name: String?

    /// Starts it; the error is the system's number.
    func start() -> Result<pid_t, SystemError> {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        if let output { posix_spawn_file_actions_adddup2(&actions, output, 1) }
        if let errors { posix_spawn_file_actions_adddup2(&actions, errors, 2) }
        for (index, descriptor) in passed.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(3 + index))
        }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        var signals = sigset_t()
        sigemptyset(&signals)
        for signal in blockedSignals { sigaddset(&signals, signal) }
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        if hasOwnGroup {
            posix_spawnattr_setpgroup(&attributes, 0)
            flags |= POSIX_SPAWN_SETPGROUP
        }
        posix_spawnattr_setflags(&attributes, Int16(flags))

        guard let program = command.first else { return .failure(SystemError(code: ENOENT)) }
        return Self.withCStrings([name ?? program] + command.dropFirst()) { arguments in
            Self.withCStrings(environment) { variables in
                var id = pid_t()
                let code = posix_spawn(&id, program, &actions, &attributes, arguments, variables)
                return code == 0 ? .success(id) : .failure(SystemError(code: code))
            }
        }
    }

    private static func withCStrings<Value>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Value
    ) -> Value {
        let pointers = strings.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        return body(pointers)
    }

    /// Path of a program: a name with a slash as it is, relative to `directory`; any other is looked for in the `PATH`
    /// of `environment`. `nil` if there is none that may be executed.
    static func find(_ program: String, directory: String, environment: [String]) -> String? {
        if program.utf8.contains(UInt8(ascii: "/")) {
            return program.hasPrefix("/") ? program : "\(directory)/\(program)"
        }
        let path = environment.last { $0.hasPrefix("PATH=") }?.dropFirst("PATH=".count) ?? ""
        return find(program, inPath: String(path))
    }

    /// The first executable file of that name in the directories of `path`.
    static func find(_ program: String, inPath path: String) -> String? {
        for directory in path.split(separator: ":") where directory.hasPrefix("/") {
            let candidate = "\(directory)/\(program)"
            if isExecutableFile(candidate) { return candidate }
        }
        return nil
    }

    /// Whether there is a regular file that this process may execute.
    static func isExecutableFile(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    }
}

/// An error number of the system.
struct SystemError: Error, Hashable, CustomStringConvertible {
    var code: Int32
    var description: String { String(cString: strerror(code)) }
}
