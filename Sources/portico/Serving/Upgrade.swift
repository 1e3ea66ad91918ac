import FoundationEssentials
import Glibc
import PorticoGateway

/// Replaces the running process by one of the program's file as it is now, without a moment in which nobody listens.
///
/// The new process gets the listening sockets, and the arguments and environment of this one. When it could serve, this
/// one stops accepting connections and lets it begin; clients wait in the sockets for that moment. Whatever goes wrong
/// until the new one serves, this one goes on.
struct Upgrade: Sendable {
    let server: GatewayServer
    let service: ServiceEnvironment
    /// How long the new process may take until it serves.
    let limit: Duration

    /// Why nothing was replaced, in words that go on after "the upgrade failed: ".
    struct Failure: Error {
        var message: String
    }

    /// How long the new process may take from its turn until it serves: it only has to begin.
    private static let turnLimit = Duration.seconds(5)
    private static let pollInterval = Duration.milliseconds(20)

    /// Starts the new process and waits until it serves; gives its process id. Whatever else comes of it, no process is
    /// left behind.
    func run() async -> Result<pid_t, Failure> {
        do throws(Failure) {
            return .success(try await replace())
        } catch {
            return .failure(error)
        }
    }

    private func replace() async throws(Failure) -> pid_t {
        guard getpid() != 1 else {
            throw Failure(message: "this is process 1, with which its container ends; replace the container instead")
        }
        let listeners: InheritedListeners
        do {
            listeners = try await server.listeners()
        } catch {
            throw Failure(message: "the listening sockets cannot be shared: \(error)")
        }
        let started = SuccessorProcess.start(
            ProgramFile.path, name: CommandLine.arguments.first ?? ProgramFile.path,
            arguments: Array(CommandLine.arguments.dropFirst()), environment: environment, listeners: listeners,
            blocking: SignalMonitor.signals)
        switch started {
        case .failure(let error):
            listeners.close()
            throw Failure(message: "'\(ProgramFile.path)' cannot be started: \(error)")
        case .success(let process):
            defer { process.release() }
            do throws(Failure) {
                try await prepare(process)
            } catch {
                listeners.close()
                throw error
            }
            try await handOver(listeners, to: process)
            return process.id
        }
    }

    /// This process's, with what was taken out of it for the service manager.
    private var environment: [String] {
        var variables = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
        if let path = service.notifySocket { variables.append("NOTIFY_SOCKET=\(path)") }
        // Without WATCHDOG_PID, which would name this process.
        if let watchdog = service.watchdog {
            let (seconds, attoseconds) = watchdog.components
            variables.append("WATCHDOG_USEC=\(seconds * 1_000_000 + attoseconds / 1_000_000_000_000)")
        }
        return variables
    }

    /// Waits until the new process could serve.
    private func prepare(_ process: SuccessorProcess) async throws(Failure) {
        let isReady: Bool
        do {
            isReady = try await process.wait(for: .ready, within: limit)
        } catch {
            process.signal(SIGKILL)
            throw Failure(message: "this process was asked to stop")
        }
        if !isReady { throw await failure(of: process, within: limit) }
    }

    /// Stops accepting and lets the new process begin. Cannot be cancelled.
    private func handOver(_ listeners: InheritedListeners, to process: SuccessorProcess) async throws(Failure) {
        let isServing = await Task.detached { [server] in
            await server.stopListening()
            process.giveTurn()
            return (try? await process.wait(for: .serving, within: Self.turnLimit)) ?? false
        }.value
        if isServing {
            listeners.close()
            return
        }
        var failure = await failure(of: process, within: Self.turnLimit)
        do {
            try await server.listenAgain(listeners)
        } catch {
            failure.message += "; and this process cannot listen again: \(error)"
        }
        throw failure
    }

    /// Ends a process that is not to be, whatever it does: it has had no turn, or is of no use with it. Tells why.
    private func failure(of process: SuccessorProcess, within limit: Duration) async -> Failure {
        // One that has closed its end is ending, and has a status of its own in a moment.
        for _ in 0..<25 {
            if let status = process.endStatus() {
                return Failure(message: "process \(process.id) ended with status \(status) before it served")
            }
            try? await Task.sleep(for: Self.pollInterval)
        }
        process.signal(SIGKILL)
        while process.endStatus() == nil { try? await Task.sleep(for: Self.pollInterval) }
        return Failure(message: "process \(process.id) did not serve within \(limit.components.seconds) s")
    }
}
