import ArgumentParser
import PorticoGateway
import PorticoStores

/// What several processes share limits, quotas, caches and WebSocket connections by.
struct SharedStoreOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Redis or Valkey server by which several processes share throttles, quotas, usage, caches and WebSocket connections: "
                + "redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE], or rediss:// with TLS. [PORTICO_SHARED_STORE]",
            valueName: "url"))
    var sharedStore: String?

    /// Connects, and has the server use it; `nil` if none is named. A store that cannot be reached is told of, and tried
    /// again: limits hold for each process alone until then.
    func open(
        _ configuration: inout ServerConfiguration, _ environment: Environment = Environment()
    ) async throws -> RedisSharedStore? {
        guard let url = sharedStore ?? environment["PORTICO_SHARED_STORE"] else { return nil }
        let address: RedisAddress
        do throws(RedisAddressProblem) {
            address = try RedisAddress(url: url)
        } catch {
            throw CommandFailure(.usage, "--shared-store: \(error)")
        }
        let store = RedisSharedStore(address)
        if let problem = await store.connect() {
            Console.say(
                "portico: \(problem); limits, quotas, caches and connections are this process's own until it can be reached"
            )
        }
        configuration.sharedStore = store
        configuration.usageStore = RedisUsageStore(store)
        configuration.connectionRegistry = store.connections
        return store
    }
}
