public import PorticoIR
internal import Synchronization

/// WebSocket connections of several gateways in one process, in memory: what ``RedisConnectionRegistry`` does for many,
/// without a server. Each gateway has a registry of its own; the second one is made from the first.
public final class EmbeddedConnectionRegistry: ConnectionRegistry {
    private final class Members: Sendable {
        typealias Run = @Sendable (ConnectionCommand, @escaping @Sendable (ConnectionAnswer) -> Void) -> Void

        struct State {
            var runs: [ObjectIdentifier: Run] = [:]
            var owners: [ConnectionAddress: ObjectIdentifier] = [:]
        }

        let state = Mutex(State())
    }

    private let members: Members

    /// A registry of one gateway.
    public init() {
        members = Members()
    }

    /// That of another gateway of this process.
    public init(besides other: EmbeddedConnectionRegistry) {
        members = other.members
    }

    deinit { end() }

    /// Tells who runs calls of connections that this gateway has.
    public func begin(
        _ run: @escaping @Sendable (ConnectionCommand, @escaping @Sendable (ConnectionAnswer) -> Void) -> Void
    ) { members.state.withLock { $0.runs[ObjectIdentifier(self)] = run } }

    /// Nothing to get ready.
    public func connect() async {}

    /// This gateway has that connection from now on.
    public func add(_ connection: ConnectionAddress) {
        members.state.withLock { $0.owners[connection] = ObjectIdentifier(self) }
    }

    /// This gateway has that connection no longer.
    public func remove(_ connection: ConnectionAddress) {
        members.state.withLock { $0.owners[connection] = nil }
    }

    /// Hands a call to the gateway that has the connection.
    public func call(
        _ command: ConnectionCommand, on loop: any CompletionLoop,
        _ completion: @escaping @Sendable (ConnectionAnswer) -> Void
    ) {
        let run = members.state.withLock { state in state.owners[command.address].flatMap { state.runs[$0] } }
        guard let run else { return loop.execute { completion(.gone) } }
        run(command) { answer in loop.execute { completion(answer) } }
    }

    /// Nothing is ever out of reach.
    public func news() -> String? { nil }

    /// This gateway has no connections any more.
    public func end() {
        let member = ObjectIdentifier(self)
        members.state.withLock { state in
            state.runs[member] = nil
            state.owners = state.owners.filter { $0.value != member }
        }
    }
}
