// Hot: no, made once per process. Allocates: an event loop with its thread.

internal import Logging
internal import NIOCore
internal import NIOPosix
internal import PorticoIR

/// The function host with all that it needs: an event loop of its own, so that what functions say and send does not hold
/// up requests of other APIs, the supervisor, and the watch on their code.
final class HostedFunctions: Sendable {
    let host: FunctionHost
    private let group: MultiThreadedEventLoopGroup
    private let watcher: CodeWatcher?

    init(_ configuration: FunctionHostConfiguration, of snapshot: DeploymentSnapshot, logger: Logger) {
        var configuration = configuration
        configuration.region = snapshot.identity.region
        configuration.accountID = snapshot.identity.accountID
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let supervisor = configuration.supervisor
        host = FunctionHost(
            configuration: configuration, loop: group.next(), logger: logger,
            launcher: FunctionLauncher(configuration: configuration, logger: logger)
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
    func apply(_ functions: [FunctionSpecification]) {
        host.apply(functions)
        watcher?.watch(functions)
    }

    /// Ends all functions and their supervisor.
    func shutDown() async {
        watcher?.stop()
        await host.shutDown()
        try? await group.shutdownGracefully()
    }
}

extension DeploymentSnapshot {
    /// Functions that run as processes here.
    var hostedFunctions: [FunctionSpecification] {
        functions.compactMap { entry in
            guard case .process(let process) = entry.home else { return nil }
            return FunctionSpecification(name: entry.name, process: process)
        }
    }
}

extension FunctionHost: FunctionInvoker {}
extension FunctionSupervisor: HostProcessStarting {}
extension FunctionLauncher: HostLaunching {}
