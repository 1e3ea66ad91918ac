internal import PorticoSyntax

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// A program that prints credentials, as `credential_process` of a profile names it.
///
/// Source: AWS SDKs and Tools Reference Guide, "Process credential provider".
enum CredentialProcess {
    /// How long a program may take. Ours: the AWS tools wait without end.
    static let timeoutMilliseconds = 30_000
    /// How long it may take to end once it has closed its output.
    private static let closingMilliseconds = 5000
    /// Bytes that a program may print.
    static let outputBytes = 64 << 10

    /// The credentials that a program printed.
    static func credentials(from output: [UInt8]) throws(CredentialProblem) -> SigningCredentials {
        // What was printed is not repeated: it may be a secret.
        guard let text = String(validating: output, as: UTF8.self), case .object? = JSONValue(parsing: text),
            let answer = JSONValue(parsing: text)
        else { throw CredentialProblem("there is no JSON object") }
        guard case .number("1")? = answer["Version"] else {
            throw CredentialProblem("'Version' is not 1, which is the only one there is")
        }
        var end: Int?
        if case .string(let text)? = answer["Expiration"] {
            guard let time = CredentialTime.milliseconds(text) else {
                throw CredentialProblem("'Expiration' is no time such as 2030-01-31T12:00:00Z")
            }
            end = time
        }
        return try SigningCredentials(
            accessKeyID: try member("AccessKeyId", of: answer),
            secretAccessKey: try member("SecretAccessKey", of: answer),
            sessionToken: { if case .string(let token)? = answer["SessionToken"] { token } else { nil } }(),
            expiryMilliseconds: end)
    }

    private static func member(_ name: String, of answer: JSONValue) throws(CredentialProblem) -> String {
        guard case .string(let text)? = answer[name] else { throw CredentialProblem("'\(name)' is missing") }
        return text
    }

    /// Runs a program, which is found in `PATH`, and answers what it printed. Waits for it.
    static func run(_ words: [String], environment: [String: String]) throws(CredentialProblem) -> [UInt8] {
        guard let program = words.first else { throw CredentialProblem("there is no program") }
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw CredentialProblem("there is nothing: \(systemText(errno))") }
        defer { close(ends[0]) }
        _ = fcntl(ends[0], F_SETFD, FD_CLOEXEC)
        _ = fcntl(ends[1], F_SETFD, FD_CLOEXEC)
        let started = start(words, environment, output: ends[1])
        close(ends[1])
        guard case .success(let process) = started else {
            if case .failure(let problem) = started {
                throw CredentialProblem("there is nothing: '\(program)' cannot be started: \(systemText(problem.code))")
            }
            throw CredentialProblem("there is nothing")
        }
        var output = read(ends[0])
        var status: Int32 = 0
        // A program that has closed its output may still hang.
        var rest = closingMilliseconds
        while output != nil {
            let ended = waitpid(process, &status, WNOHANG)
            if ended > 0 || ended < 0 && errno != EINTR { break }
            if rest <= 0 { output = nil } else { usleep(5000) }
            rest -= 5
        }
        if output == nil {
            // The program leads its own group, so that what it started ends with it.
            kill(-process, SIGKILL)
            while waitpid(process, &status, 0) < 0, errno == EINTR {}
        }
        guard let output else {
            throw CredentialProblem(
                "there is nothing usable: '\(program)' took more than \(timeoutMilliseconds / 1000) seconds or printed more "
                    + "than \(outputBytes / 1024) KB")
        }
        guard status == 0 else {
            let code = status & 0x7F == 0 ? "status \(status >> 8 & 0xFF)" : "signal \(status & 0x7F)"
            throw CredentialProblem(
                "there is nothing: '\(program)' ended with \(code); what it says is in the server's log")
        }
        return output
    }

    private struct SystemProblem: Error { var code: Int32 }

    /// Starts a program without input; what it complains about goes where this process's own complaints go.
    private static func start(
        _ words: [String], _ environment: [String: String], output: Int32
    ) -> Result<pid_t, SystemProblem> {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var process: pid_t = 0
        let code = posix_spawnp(&process, words[0], &actions, &attributes, &arguments, &variables)
        return code == 0 ? .success(process) : .failure(SystemProblem(code: code))
    }

    /// Reads until the end; `nil` if it takes too long or is too much.
    private static func read(_ descriptor: Int32) -> [UInt8]? {
        let deadline = monotonic() + timeoutMilliseconds
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let left = deadline - monotonic()
            guard left > 0 else { return nil }
            var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let ready = systemPoll(&poll, Int32(left))
            if ready < 0, errno == EINTR { continue }
            guard ready > 0 else { return nil }
            let count = systemRead(descriptor, &chunk)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return count == 0 ? output : nil }
            output.append(contentsOf: chunk[..<count])
            guard output.count <= outputBytes else { return nil }
        }
    }

    private static func monotonic() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int(time.tv_sec) * 1000 + Int(time.tv_nsec) / 1_000_000
    }

    private static func systemText(_ code: Int32) -> String { String(cString: strerror(code)) }
}

private func systemPoll(_ entry: inout pollfd, _ milliseconds: Int32) -> Int32 { poll(&entry, 1, milliseconds) }

private func systemRead(_ descriptor: Int32, _ chunk: inout [UInt8]) -> Int {
    chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
}
