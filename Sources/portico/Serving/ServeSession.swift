import Glibc
import Logging
import PorticoGateway
import PorticoIR

/// One serving process: loads, serves, reloads when a file changes or on SIGHUP, drains on SIGTERM, and hands over to a new
/// process on SIGUSR2.
struct ServeSession: Sendable {
    let source: any SnapshotSource
    var configuration: ServerConfiguration
    /// Whether changes of the files reload; SIGHUP always does.
    let watchesFiles: Bool
    /// Where metrics are written; opened anew on SIGHUP.
    let metricsLog: LineLog?
    /// How long a process that is to take over may take until it serves.
    let upgradeLimit: Duration

    private let service = ServiceEnvironment.current
    private var notifier: ServiceNotifier { ServiceNotifier(path: service.notifySocket) }

    init(
        source: any SnapshotSource, configuration: ServerConfiguration, watchesFiles: Bool, metricsLog: LineLog?,
        upgradeLimit: Duration
    ) {
        self.source = source
        self.configuration = configuration
        self.watchesFiles = watchesFiles
        self.metricsLog = metricsLog
        self.upgradeLimit = upgradeLimit
    }

    /// Time that requests under way have to end once the process was asked to stop. The process promises to end
    /// within five seconds.
    static let drainTime = Duration.seconds(4)

    /// Time that connections have to end once another process has taken over: longer than the longest request.
    /// *Source:* API Gateway quotas, integration timeout of 29 seconds.
    static let retireTime = Duration.seconds(30)

    /// Serves until a signal ends it.
    func run() async throws {
        // Fingerprints are taken before the files are read: a save in between is then seen as a change.
        var fingerprints = FileWatcher.fingerprints(source.initialFiles)
        let loaded = source.load()
        let snapshot = try loaded.result.get()
        for (path, fingerprint) in FileWatcher.fingerprints(loaded.files) where fingerprints[path] == nil {
            fingerprints[path] = fingerprint
        }

        let server = GatewayServer(configuration: configuration, logger: Logger(label: "portico"))
        let addresses = try await start(server, snapshot)
        announce(snapshot, addresses)
        tellReady(server, addresses)

        let (reasons, reload) = AsyncStream<ReloadReason>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let reloading = Task.detached { [fingerprints] in
            await follow(server, from: fingerprints, reasons: reasons, reload: reload)
        }
        let end = await waitForEnd(server, reload)
        reloading.cancel()
        switch end {
        case .stopped:
            let seconds = ServeSession.drainTime.components.seconds
            Console.say("portico: stopping; requests under way have \(seconds) s")
            notifier.send(.stopping(status: "requests under way have \(seconds) s to end"))
            await server.drain(within: ServeSession.drainTime)
        case .replaced(let id):
            notifier.send(.replaced(by: id, status: "serving \(source.path) as process \(id), after an upgrade"))
            Console.say(
                "portico: process \(id) has taken over; connections of this one have "
                    + "\(ServeSession.retireTime.components.seconds) s to end")
            await server.retire(within: ServeSession.retireTime, thenDraining: ServeSession.drainTime)
        }
        await metricsLog?.close()
    }

    /// How a session ends.
    private enum End: Sendable {
        case stopped
        case replaced(by: pid_t)
    }

    /// What a session waits for.
    private enum Event: Sendable {
        case signal(SignalMonitor.Event)
        case upgraded(Result<pid_t, Upgrade.Failure>)
    }

    /// Passes signals on until one of them ends the session.
    private func waitForEnd(
        _ server: GatewayServer, _ reload: AsyncStream<ReloadReason>.Continuation
    ) async -> End {
        let (events, inbox) = AsyncStream<Event>.makeStream()
        // Until the process ends: a stop that comes after another process has taken over shortens the end.
        Task.detached {
            for await signal in SignalMonitor.shared.events {
                if signal == .stop { server.hurry() }
                inbox.yield(.signal(signal))
            }
        }
        var upgrade: Task<Result<pid_t, Upgrade.Failure>, Never>?
        for await event in events {
            switch event {
            case .signal(.reload):
                server.reopenLogs()
                metricsLog?.reopen()
                reload.yield(.signal)
            case .signal(.upgrade):
                guard upgrade == nil else {
                    Console.say("portico: an upgrade is under way already")
                    continue
                }
                Console.say("portico: starting \(ProgramFile.path) to take over")
                let attempt = Upgrade(server: server, service: service, limit: upgradeLimit)
                upgrade = Task.detached {
                    let result = await attempt.run()
                    inbox.yield(.upgraded(result))
                    return result
                }
            case .upgraded(.success(let id)):
                return .replaced(by: id)
            case .upgraded(.failure(let failure)):
                upgrade = nil
                Console.say("portico: the upgrade failed: \(failure.message); this process goes on serving")
                notifier.send(.status("serving \(source.path); an upgrade failed: \(failure.message)"))
            case .signal(.stop):
                upgrade?.cancel()
                // Whoever stops the service means the process too that has just taken over.
                if case .success(let id) = await upgrade?.value { kill(id, SIGTERM) }
                return .stopped
            }
        }
        return .stopped
    }

    /// Tells those who wait for it that the process serves.
    private func tellReady(_ server: GatewayServer, _ addresses: ServerAddresses) {
        if let readiness = service.readiness {
            // The process that hands over tells the service manager, which may not listen to this one yet.
            SuccessorProcess.tellServing(readiness)
        } else {
            notifier.send(.ready(status: "serving \(source.path) on port \(addresses.port)"))
        }
        guard let watchdog = service.watchdog else { return }
        // Twice as often as it must be, as sd_watchdog_enabled(3) says; an answer has as long again to come.
        server.startHeartbeat(every: watchdog / 2, within: watchdog / 4) { [notifier] in notifier.send(.alive) }
    }

    private func start(
        _ server: GatewayServer, _ snapshot: DeploymentSnapshot
    ) async throws -> ServerAddresses {
        do {
            return try await server.start(snapshot)
        } catch let error as ServerError {
            if case .addressInUse(_, let port) = error {
                let flag =
                    port == configuration.adminPort
                    ? "--admin-port" : port == configuration.tlsPort ? "--tls-port" : "--port"
                throw CommandFailure(
                    .unavailable, "port \(port) is in use; stop the other process or choose a port with \(flag)")
            }
            throw CommandFailure(.unavailable, "cannot serve: \(error)")
        }
    }

    private func announce(_ snapshot: DeploymentSnapshot, _ addresses: ServerAddresses) {
        let host = Self.urlHost(configuration.host)
        Console.say(RouteListing.table(snapshot, indentation: "  "))
        var table = TextTable()
        table.indentation = "  "
        for stage in snapshot.stageNames {
            // The `$default` stage of an HTTP API has no segment of its own.
            table.add(
                "stage \(stage)", "http://\(host):\(addresses.port)/\(stage == Stage.defaultName ? "" : stage)")
        }
        if let port = addresses.tlsPort {
            for name in snapshot.domainNames { table.add("domain \(name)", "https://\(name):\(port)/") }
        }
        if let admin = addresses.adminPort {
            table.add("admin", "http://127.0.0.1:\(admin)/readyz")
            table.add("dashboard", "http://127.0.0.1:\(admin)/dashboard")
        }
        Console.say("portico: serving \(source.path)\(watchesFiles ? ", following its changes" : "")\n\(table.text)")
    }

    /// An address that a browser on this machine can open.
    private static func urlHost(_ host: String) -> String {
        switch host {
        case "0.0.0.0", "": "127.0.0.1"
        case "::": "[::1]"
        default: host.contains(":") ? "[\(host)]" : host
        }
    }
}

/// Why a snapshot is loaded again.
private enum ReloadReason: Sendable {
    case files
    case signal
}

extension ServeSession {
    /// Reloads one at a time, for every change that comes while nothing is being compiled and once more for all that
    /// come meanwhile.
    private func follow(
        _ server: GatewayServer, from fingerprints: FileWatcher.Fingerprints, reasons: AsyncStream<ReloadReason>,
        reload: AsyncStream<ReloadReason>.Continuation
    ) async {
        var known = fingerprints
        var watching = watch(known, reload)
        for await reason in reasons {
            watching?.cancel()
            if Task.isCancelled { return }
            if reason == .signal { notifier.send(.reloading) }
            var current = FileWatcher.fingerprints(Array(known.keys))
            let loaded = source.load()
            if Task.isCancelled { return }
            switch loaded.result {
            case .success(let snapshot):
                await server.install(snapshot)
                let cause = reason == .signal ? "SIGHUP" : "its files changed"
                Console.say("portico: now serving the new \(source.path) (\(cause))")
                notifier.send(.ready(status: "serving the new \(source.path)"))
            case .failure(let failure):
                if let message = failure.message { Console.say("portico: \(message)") }
                Console.say("portico: \(source.path) was not reloaded; the previous version keeps serving")
                notifier.send(.ready(status: "serving the previous \(source.path); the new one was not loaded"))
            }
            // Files that only the previous text named stay followed: a broken text may have lost its references.
            for (path, fingerprint) in FileWatcher.fingerprints(loaded.files) where current[path] == nil {
                current[path] = fingerprint
            }
            known = current
            watching = watch(known, reload)
        }
        watching?.cancel()
    }

    private func watch(
        _ known: FileWatcher.Fingerprints, _ reload: AsyncStream<ReloadReason>.Continuation
    ) -> Task<Void, Never>? {
        guard watchesFiles else { return nil }
        return Task.detached {
            do {
                try await FileWatcher.waitForChange(from: known)
                reload.yield(.files)
            } catch {
                // Cancelled: somebody else asked for the reload.
            }
        }
    }
}
