internal import FoundationEssentials
internal import Logging
internal import NIOPosix
internal import PorticoIR
internal import PorticoSyntax

#if canImport(Glibc)
    internal import Glibc
#endif

/// Does what alarms ask for when their state changes. Never on the way of a request.
///
/// *Source:* CloudWatch API reference, "PutMetricAlarm", actions; the message has the members of CloudWatch's.
struct AlarmActions: Sendable {
    /// How long a webhook or a command may take.
    static let timeoutMilliseconds = 10_000

    let logger: Logger
    let configuration: ServerConfiguration

    /// Does one of them.
    func perform(_ action: AlarmAction, _ event: AlarmEvent, _ identity: APIIdentity, by worker: WorkerHandle?) async {
        let message = Array(
            JSONWriter.compact(event.message(region: identity.region, accountID: identity.accountID)).utf8)
        let name = event.alarm.name.value
        switch action {
        case .log, .arn:
            logger.warning(
                "alarm '\(name)' is \(event.newState.rawValue): \(event.reason)",
                metadata: ["action": "\(action.text)", "was": "\(event.oldState.rawValue)"])
        case .webhook(let url):
            guard let worker, let destination = Self.destination(url) else {
                return logger.error("alarm '\(name)': '\(url)' is no address")
            }
            if let problem = await post(message, to: destination, by: worker) {
                // Without its path, which is a secret at many who take events.
                logger.error("alarm '\(name)': \(destination.host) was not told: \(problem)")
            }
        case .command(let words):
            let problem = try? await NIOThreadPool.singleton.runIfActive {
                AlarmCommand.run(words, input: message, environment: configuration.environment)
            }
            if let problem = problem ?? nil { logger.error("alarm '\(name)': \(words[0]) \(problem)") }
        }
    }

    /// What a webhook's URL leads to: with its query, and with a slash at the end of its path if it has one.
    static func destination(_ url: String) -> CollectorCall.Destination? {
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), let scheme = url.firstIndex(of: ":") else { return nil }
        let end = url[scheme...].dropFirst(3).firstIndex { "/?#".contains($0) } ?? url.endIndex
        guard let address = CollectorAddress(String(url[..<end])) else { return nil }
        var path = String(url[end...].prefix { $0 != "#" })
        if !path.hasPrefix("/") { path = "/" + path }
        return CollectorCall.Destination(
            target: UpstreamTarget(host: address.host, port: address.port, isTLS: address.isSecure), path: path)
    }

    private func post(
        _ message: [UInt8], to destination: CollectorCall.Destination, by worker: WorkerHandle
    ) async -> String? {
        let response = await withCheckedContinuation { continuation in
            CollectorCall.transport(to: destination, by: worker)(
                DeliveryRequest(
                    headers: [("Content-Type", "application/json")], body: message,
                    timeoutMilliseconds: AlarmActions.timeoutMilliseconds)
            ) { continuation.resume(returning: $0) }
        }
        switch response {
        case .answer(let status, _, _) where (200..<300).contains(status): return nil
        case .answer(let status, _, _): return "it answers \(status)"
        case .failure(let reason): return reason
        }
    }
}

/// A command of an alarm: no shell, the event on its input, a time after which it is killed.
enum AlarmCommand {
    /// Runs it; gives what went wrong. Waits for its end, so that it is no work for an event loop.
    static func run(_ words: [String], input: [UInt8], environment: [String: String]) -> String? {
        guard let program = words.first else { return "is no command" }
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return "cannot be started: \(reason())" }
        // Another process that is started meanwhile must not keep this one's input open.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { if ends[1] >= 0 { close(ends[1]) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        // A group of its own, so that all of it can be killed; and signals as a new process expects them.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var ignored = sigset_t()
        sigemptyset(&ignored)
        sigaddset(&ignored, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &ignored)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for pointer in arguments + variables { free(pointer) } }
        var process: pid_t = 0
        let result = posix_spawn(&process, program, &actions, &attributes, &arguments, &variables)
        close(ends[0])
        guard result == 0 else { return "cannot be started: \(String(cString: strerror(result)))" }
        let deadline = monotonicMilliseconds() + AlarmActions.timeoutMilliseconds
        _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
        var sent = 0
        var status: Int32 = 0
        while true {
            if ends[1] >= 0 {
                let count = input[sent...].withUnsafeBytes { write(ends[1], $0.baseAddress, $0.count) }
                if count > 0 { sent += count }
                if sent == input.count || count < 0 && errno != EAGAIN && errno != EINTR {
                    close(ends[1])
                    ends[1] = -1
                }
            }
            if waitpid(process, &status, WNOHANG) == process { break }
            guard monotonicMilliseconds() < deadline else {
                kill(-process, SIGKILL)
                waitpid(process, &status, 0)
                return "took longer than \(AlarmActions.timeoutMilliseconds / 1000) s and was killed"
            }
            usleep(10_000)
        }
        let code = status >> 8 & 0xFF
        if status & 0x7F != 0 { return "was ended by signal \(status & 0x7F)" }
        return code == 0 ? nil : "ended with \(code)"
    }

    private static func reason() -> String { String(cString: strerror(errno)) }
}
