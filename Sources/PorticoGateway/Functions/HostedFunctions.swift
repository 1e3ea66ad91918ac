// Hot: no, made once per process. Allocates: an event loop with its thread.

internal import Logging
internal import NIOCore
internal import NIOPosix
internal import PorticoIR
internal import Synchronization

/// The function host with all that it needs: an event loop of its own, so that what functions say and send does not hold
/// up requests of other APIs, the supervisor, and the watch on their code.
final class HostedFunctions: Sendable {
    let host: FunctionHost
    private let group: MultiThreadedEventLoopGroup
    private let watcher: CodeWatcher?
    private let launcher: FunctionLauncher
    private let logger: Logger
    private let preparation = Mutex<Task<Void, Never>?>(nil)

    init(_ configuration: FunctionHostConfiguration, of snapshot: DeploymentSnapshot, logger: Logger) {
        var configuration = configuration
        configuration.region = snapshot.identity.region
        configuration.accountID = snapshot.identity.accountID
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let supervisor = configuration.supervisor
        let launcher = FunctionLauncher(configuration: configuration, logger: logger)
        self.launcher = launcher
        self.logger = logger
        host = FunctionHost(
            configuration: configuration, loop: group.next(), logger: logger,
            launcher: launcher
        ) { delegate, loop in
            FunctionSupervisor(command: supervisor, loop: loop, delegate: delegate, logger: logger)
        }
        watcher =
            configuration.reloadsCode
            ? CodeWatcher(configuration: configuration, logger: logger) { [host] name in
                host.replaceProcesses(of: name)
                logger.info("the code of function '\(name)' changed; its next invocation runs the new one")
            } : nil
    }

    /// Takes the functions of a snapshot, at the start and with every reload.
    ///
    /// - Parameter prepares: whether what runtimes need is made at once, so that no request waits for it.
    func apply(_ functions: [FunctionSpecification], prepares: Bool) {
        host.apply(functions)
        watcher?.watch(functions)
        guard prepares else { return }
        let task = Task { [launcher, logger] in
            for function in functions where !Task.isCancelled {
                do throws(FunctionLaunchError) {
                    _ = try await launcher.launch(for: function, runtimeAPI: "127.0.0.1:0", logStream: "")
                } catch {
                    guard !Task.isCancelled else { return }
                    logger.warning("function '\(function.name)' cannot be started as things are: \(error)")
                }
            }
        }
        preparation.withLock { running in
            running?.cancel()
            running = task
        }
    }

    /// Ends all functions and their supervisor.
    func shutDown() async {
        watcher?.stop()
        let preparing = preparation.withLock { $0 }
        preparing?.cancel()
        await preparing?.value
        await host.shutDown()
        try? await group.shutdownGracefully()
    }
}

extension DeploymentSnapshot {
    /// Functions that run as processes here. They find AWS services where integrations find them, unless their own
    /// environment says otherwise. Source: AWS SDKs and Tools Reference Guide, "Service-specific endpoints".
    var hostedFunctions: [FunctionSpecification] { hostedFunctions(adding: []) }

    /// The same with further variables for all of them.
    func hostedFunctions(adding more: [EnvironmentVariable]) -> [FunctionSpecification] {
        let addresses = endpoints.compactMap { endpoint -> EnvironmentVariable? in
            guard let name = AWSService.find(endpoint.service)?.service.environmentName, !name.isEmpty else {
                return nil
            }
            return EnvironmentVariable(name: "AWS_ENDPOINT_URL_" + name, value: endpoint.url)
        }
        return functions.compactMap { entry in
            guard case .process(var process) = entry.home else { return nil }
            let own = Set(process.environment.map(\.name))
            process.environment = (addresses + more).filter { !own.contains($0.name) } + process.environment
            return FunctionSpecification(name: entry.name, process: process)
        }
    }
}

extension FunctionHost: FunctionInvoker {}
extension FunctionSupervisor: HostProcessStarting {}
extension FunctionLauncher: HostLaunching {}
