import Glibc
import PorticoGateway

/// What the process was started with by a service manager, or by the Portico that it replaces.
///
/// The variables are taken out of the environment, so that functions and other programs that are started do not take
/// them for theirs.
///
/// *Source:* sd_listen_fds(3), sd_notify(3) and sd_watchdog_enabled(3) of systemd.
struct ServiceEnvironment: Sendable {
    /// Sockets to listen on.
    var listeners = InheritedListeners()
    /// Where the process that this one replaces waits to be told that this one serves.
    var readiness: Int32?
    /// `NOTIFY_SOCKET`: where the service manager is told how it goes.
    var notifySocket: String?
    /// `WATCHDOG_USEC`: how long the service manager waits for a sign of life.
    var watchdog: Duration?
    /// What was wrong with the variables, in words for the user.
    var problem: String?

    /// Of this process. Read for the first time on the main thread while it is the only one.
    static let current = take()

    private static func take() -> ServiceEnvironment {
        var environment = ServiceEnvironment { name in getenv(name).map { String(cString: $0) } }
        let names = [
            SuccessorProcess.variable, "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "LISTEN_PIDFDID", "NOTIFY_SOCKET",
            "WATCHDOG_USEC", "WATCHDOG_PID",
        ]
        for name in names { unsetenv(name) }
        if environment.problem == nil, let readiness = environment.readiness {
            // Connections of the process that is replaced would stay open for their clients as long as they are open here.
            InheritedListeners.closeDescriptors(but: environment.listeners.all + [readiness])
            _ = fcntl(readiness, F_SETFD, FD_CLOEXEC)
        }
        environment.listeners.hide()
        if environment.problem != nil { environment.listeners = InheritedListeners() }
        return environment
    }

    /// Reads the variables; `value` gives one of them.
    init(processID: pid_t = getpid(), _ value: (String) -> String?) {
        if let path = value("NOTIFY_SOCKET"), !path.isEmpty { notifySocket = path }
        // A process that was started by the one that is watched takes no part.
        let watched = value("WATCHDOG_PID")
        if let text = value("WATCHDOG_USEC"), let microseconds = Int64(text), microseconds > 0,
            watched == nil || watched == "\(processID)"
        {
            watchdog = .microseconds(microseconds)
        }
        if let text = value(SuccessorProcess.variable), !text.isEmpty {
            guard let (listeners, readiness) = SuccessorProcess.parse(text) else {
                problem = "environment variable \(SuccessorProcess.variable) is '\(text)'; only Portico itself sets it"
                return
            }
            self.listeners = listeners
            self.readiness = readiness
            return
        }
        guard let count = value("LISTEN_FDS"), value("LISTEN_PID") == "\(processID)" else { return }
        readSockets(count, names: value("LISTEN_FDNAMES"))
    }

    /// Sockets that a service manager may pass; more would be a mistake.
    private static let mostSockets = 1024

    /// Descriptors from 3 on. Names are `data`, `tls` and `admin`; a socket without a name of ours is for data if it is
    /// the first one (systemd names sockets after their unit), and a mistake otherwise.
    private mutating func readSockets(_ text: String, names: String?) {
        guard let count = Int(text), (0...Self.mostSockets).contains(count) else {
            problem = "environment variable LISTEN_FDS is '\(text)'; expected 0 to \(Self.mostSockets)"
            return
        }
        let names = (names ?? "").split(separator: ":", omittingEmptySubsequences: false)
        for index in 0..<count {
            let name = index < names.count ? String(names[index]) : ""
            guard let kind = ListenerKind(rawValue: name) ?? (index == 0 ? .data : nil) else {
                problem =
                    "the service manager passes socket \(index + 1) as '\(name)'; name it 'data', 'tls' or 'admin' "
                    + "(FileDescriptorName= of a systemd socket unit)"
                return
            }
            listeners[kind].append(Int32(3 + index))
        }
    }
}
