// Hot: no, made once per process. Allocates: an event loop with its thread.

internal import Logging
internal import NIOCore
internal import NIOPosix

/// The function host with an event loop of its own, so that what functions say and send does not hold up requests of
/// other APIs.
final class HostedFunctions: Sendable {
    let host: FunctionHost
    private let group: MultiThreadedEventLoopGroup

    init(_ configuration: FunctionHostConfiguration, of snapshot: DeploymentSnapshot, logger: Logger) {
        var configuration = configuration
        configuration.region = snapshot.identity.region
        configuration.accountID = snapshot.identity.accountID
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        host = FunctionHost(configuration: configuration, loop: group.next(), logger: logger)
    }

    /// Ends all functions and their supervisor.
    func shutDown() async {
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
