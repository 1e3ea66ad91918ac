internal import NIOCore
internal import NIOPosix
public import PorticoIR

/// Limits, quotas and cached answers of several processes in one Redis or Valkey server, version 5 or newer. No cluster:
/// one script changes many keys.
///
/// It has one event loop and two connections: a long value that is on its way holds up no limit.
public final class RedisSharedStore: SharedStore {
    /// How long limits and quotas wait for an answer; nobody's request does.
    static let settleTimeout = TimeAmount.seconds(1)
    /// How long a request may wait for the cache.
    static let cacheTimeout = TimeAmount.milliseconds(250)

    /// Where the server is.
    public let address: RedisAddress
    private let group: MultiThreadedEventLoopGroup
    let control: RedisClient
    let cache: RedisClient
    /// WebSocket connections of all processes. It connects when the first one is told of.
    public let connections: RedisConnectionRegistry

    /// Connects, and connects anew whenever the connection ends, until ``shutDown()``.
    public init(_ address: RedisAddress) {
        self.address = address
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        control = RedisClient(address, name: "limits", loop: group.next())
        cache = RedisClient(address, name: "cache", loop: group.next())
        connections = RedisConnectionRegistry(address, loop: group.next())
    }

    /// Waits for the first attempt to connect, which takes two seconds at most; gives why it failed. Attempts go on.
    public func connect() async -> String? {
        let problem = await control.waitForFirstAttempt()
        let other = await cache.waitForFirstAttempt()
        return problem ?? other
    }

    /// Of the connection for limits and quotas, of that for the cache, and of those for WebSocket connections, once there
    /// are any.
    public var statuses: [SharedStoreStatus] { [control.status, cache.status] + connections.statuses }

    /// Ends all connections and the thread.
    public func shutDown() async {
        await connections.shutDown()
        await control.shutDown()
        await cache.shutDown()
        try? await group.shutdownGracefully()
    }

    /// Name of a key in the server.
    func key(_ kind: String, _ name: String) -> String { "\(address.prefix):\(kind):\(name)" }

    // MARK: - Limits

    /// Adds what was taken since the last settling; gives the debts.
    public func settle(_ takings: [BucketTaking]) async throws(SharedStoreError) -> [BucketDebt] {
        guard takings.count <= BucketTaking.maximumCount else { throw .tooLarge }
        guard !takings.isEmpty else { return [] }
        var arguments: [RedisWord] = []
        arguments.reserveCapacity(takings.count * 3)
        for taking in takings {
            arguments.append(.text("\(RedisSharedStore.microseconds(taking.takenTicks))"))
            let age = min(max(taking.ageTicks, 0), BucketTaking.longestAgeTicks)
            arguments.append(.text("\(RedisSharedStore.microseconds(age))"))
            arguments.append(.text("\(RedisSharedStore.microseconds(taking.largestDebtTicks))"))
        }
        let value = try await control.run(
            .settle, keys: takings.map { key("b", $0.name) }, arguments, timeout: RedisSharedStore.settleTimeout)
        return try RedisSharedStore.texts(value, count: takings.count).map { text throws(SharedStoreError) in
            guard let microseconds = Double(text), microseconds >= 0, microseconds < 1e14 else {
                throw .malformed("a debt of '\(RedisPipeline.printable(text))'")
            }
            return BucketDebt(ticks: Int64(microseconds * 16_000))
        }
    }

    private static func microseconds(_ ticks: Int64) -> Double { Double(ticks) / 16_000 }

    // MARK: - Quotas

    /// Adds all changes, or none; gives the totals.
    public func add(
        _ changes: [CounterChange], batch: CounterBatch
    ) async throws(SharedStoreError) -> [CounterTotal] {
        guard changes.count <= CounterBatch.maximumChanges else { throw .tooLarge }
        guard !changes.isEmpty else { return [] }
        var keys = [key("n", batch.source)]
        var arguments: [RedisWord] = [RedisWord(batch.number)]
        for change in changes {
            keys.append(key("q", "\(change.name):\(change.period)"))
            arguments.append(RedisWord(change.delta))
            arguments.append(RedisWord(max(change.known, 0)))
            arguments.append(RedisWord(min(max(change.lifetimeSeconds, 1), 10 * 366 * 86_400)))
        }
        let value = try await control.run(.count, keys: keys, arguments, timeout: RedisSharedStore.settleTimeout)
        return try RedisSharedStore.texts(value, count: changes.count).map { text throws(SharedStoreError) in
            guard let total = Int(text), total >= 0 else {
                throw .malformed("a total of '\(RedisPipeline.printable(text))'")
            }
            return CounterTotal(value: total)
        }
    }

    private static func texts(_ value: RESPValue, count: Int) throws(SharedStoreError) -> [String] {
        guard case .array(let values) = value, values.count == count else { throw .malformed("no list of \(count)") }
        return try values.map { value throws(SharedStoreError) in
            guard case .bulk(let bytes) = value else { throw .malformed("no text in a list") }
            return String(decoding: bytes, as: UTF8.self)
        }
    }
}
