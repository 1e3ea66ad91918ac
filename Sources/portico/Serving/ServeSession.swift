import Logging
import PorticoGateway

/// One serving process: loads, serves, reloads when a file changes or on SIGHUP, drains on SIGTERM.
struct ServeSession: Sendable {
    let source: any SnapshotSource
    let configuration: ServerConfiguration
    /// Whether changes of the files reload; SIGHUP always does.
    let watchesFiles: Bool

    /// Time that requests under way have to end once the process was asked to stop. The process promises to end
    /// within five seconds.
    static let drainTime = Duration.seconds(4)

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

        let (reasons, reload) = AsyncStream<ReloadReason>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let reloading = Task.detached { [fingerprints] in
            await follow(server, from: fingerprints, reasons: reasons, reload: reload)
        }
        for await event in SignalMonitor.shared.events {
            guard case .stop = event else {
                reload.yield(.signal)
                continue
            }
            break
        }
        reloading.cancel()
        Console.say("portico: stopping; requests under way have \(ServeSession.drainTime.components.seconds) s")
        await server.drain(within: ServeSession.drainTime)
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
        for stage in snapshot.stageNames { table.add("stage \(stage)", "http://\(host):\(addresses.port)/\(stage)") }
        if let port = addresses.tlsPort {
            for name in snapshot.domainNames { table.add("domain \(name)", "https://\(name):\(port)/") }
        }
        if let admin = addresses.adminPort { table.add("admin", "http://127.0.0.1:\(admin)/readyz") }
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
            var current = FileWatcher.fingerprints(Array(known.keys))
            let loaded = source.load()
            if Task.isCancelled { return }
            switch loaded.result {
            case .success(let snapshot):
                await server.install(snapshot)
                let cause = reason == .signal ? "SIGHUP" : "its files changed"
                Console.say("portico: now serving the new \(source.path) (\(cause))")
            case .failure(let failure):
                if let message = failure.message { Console.say("portico: \(message)") }
                Console.say("portico: \(source.path) was not reloaded; the previous version keeps serving")
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
