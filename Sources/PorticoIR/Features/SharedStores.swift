public import Synchronization

/// Where completions run: an event loop.
///
/// Loops of NIO have this function already; the gateway wraps them, so that this module does not know them.
public protocol CompletionLoop: Sendable {
    /// Runs `task` soon, behind what was handed over before.
    func execute(_ task: @escaping @Sendable () -> Void)
}

// MARK: - Limits

/// Keeps the token buckets that several processes fill together.
///
/// A process takes tokens from its own bucket without asking anybody, and settles what it has taken some forty times a
/// second. The store keeps each bucket's instant of being full on one clock, its own, so that the clocks of machines do
/// not matter. All processes together admit what one bucket would, and besides what they take between two settlings,
/// which they pay back.
public protocol SharedLimitStore: Sendable {
    /// Adds what was taken since the last settling; gives the debt of each bucket, in the order of `takings`.
    ///
    /// - Parameter takings: each name at most once; at most ``BucketTaking/maximumCount``. More of them make calls of
    ///   their own, which need not wait for each other.
    /// - Throws: when nothing was added, or when that is possible: see ``SharedStoreError/mayHaveHappened``.
    func settle(_ takings: [BucketTaking]) async throws(SharedStoreError) -> [BucketDebt]
}

/// What one process has taken from a bucket.
///
/// Tokens come as the time in which they come back, because a reload may change a limit between two settlings.
public struct BucketTaking: Sendable, Hashable {
    /// Takings of one call, for which a server is busy for about a millisecond.
    public static let maximumCount = 256
    /// A second; stores keep the instant of a full bucket for as long.
    public static let longestAgeTicks: Int64 = 16_000_000_000

    /// Name of the bucket, the same in all processes.
    public var name: String
    /// Tokens times the time in which one comes back, in sixteenths of a nanosecond. Negative for tokens given back.
    public var takenTicks: Int64
    /// How long ago the first of them may have been taken, in sixteenths of a nanosecond: since then the bucket has been
    /// filling again. At most ``longestAgeTicks`` count.
    public var ageTicks: Int64
    /// Time in which an empty bucket fills, in sixteenths of a nanosecond.
    public var capacityTicks: Int64

    /// Makes a taking.
    public init(name: String, takenTicks: Int64, ageTicks: Int64 = 0, capacityTicks: Int64) {
        self.name = name
        self.takenTicks = takenTicks
        self.ageTicks = ageTicks
        self.capacityTicks = capacityTicks
    }

    /// The largest debt that a store keeps of such a bucket, in ticks.
    ///
    /// Sixty processes that each empty a bucket at the same instant stay below it. It ends what a step of the store's
    /// clock would do, which looks like a debt.
    public var largestDebtTicks: Int64 {
        let largest: Int64 = 1 << 60
        let product = max(capacityTicks, 0).multipliedReportingOverflow(by: 64)
        let sum = product.partialValue.addingReportingOverflow(160_000_000_000)
        return product.overflow || sum.overflow ? largest : min(sum.partialValue, largest)
    }
}

/// How far in the future the instant is at which a bucket will be full.
public struct BucketDebt: Sendable, Hashable {
    /// Sixteenths of a nanosecond, 0 for a full bucket. More than the bucket's capacity when too much was taken.
    public var ticks: Int64

    /// Makes a debt.
    public init(ticks: Int64) {
        self.ticks = ticks
    }
}

// MARK: - Quotas

/// Counts what several processes count together, by name and period.
public protocol SharedCounterStore: Sendable {
    /// Adds all changes, or none; gives the totals of all processes, in the order of `changes`.
    ///
    /// - Parameters:
    ///   - changes: at most ``CounterBatch/maximumChanges``.
    ///   - batch: a batch that was added already is not added again, so that one whose fate is not known can be sent
    ///     once more, as it was.
    func add(_ changes: [CounterChange], batch: CounterBatch) async throws(SharedStoreError) -> [CounterTotal]
}

/// What one process has counted since it last said so.
public struct CounterChange: Sendable, Hashable {
    /// Name of the counter, the same in all processes.
    public var name: String
    /// Number of the period that is counted in.
    public var period: Int
    /// What is to be added; it may be negative, but no total is.
    public var delta: Int
    /// The total that this process knew, without `delta`: a counter that the store has lost begins with it.
    public var known: Int
    /// Seconds from now after which nobody asks for the counter any more.
    public var lifetimeSeconds: Int

    /// Makes a change.
    public init(name: String, period: Int, delta: Int, known: Int = 0, lifetimeSeconds: Int) {
        self.name = name
        self.period = period
        self.delta = delta
        self.known = known
        self.lifetimeSeconds = lifetimeSeconds
    }
}

/// Who adds, and the how-many-th time.
public struct CounterBatch: Sendable, Hashable {
    /// Changes that one batch may have.
    public static let maximumChanges = 1024

    /// A name that no other process has.
    public var source: String
    /// More than that of the batch before.
    public var number: Int

    /// Makes a batch.
    public init(source: String, number: Int) {
        self.source = source
        self.number = number
    }
}

/// What all processes have counted.
public struct CounterTotal: Sendable, Hashable {
    /// 0 or more.
    public var value: Int

    /// Makes a total.
    public init(value: Int) {
        self.value = value
    }
}

// MARK: - Cache

/// Keeps answers for several processes. A flush is seen by the next look-up of every process.
public protocol SharedCacheStore: Sendable {
    /// Looks a value up, and completes on `loop` within a quarter of a second and a little.
    func get(
        _ key: SharedCacheKey, on loop: any CompletionLoop,
        _ completion: @escaping @Sendable (SharedCacheAnswer) -> Void)
    /// Keeps a value, if the store can; whoever wants to know looks it up.
    ///
    /// - Parameters:
    ///   - value: at most ``SharedCacheKey/maximumValueBytes``; a longer one is not kept.
    ///   - generation: what the look-up that missed gave: a value that was computed before a flush is not found after it.
    func set(_ key: SharedCacheKey, _ value: [UInt8], ttlMilliseconds: Int, generation: SharedCacheGeneration)
    /// Forgets a value.
    func remove(_ key: SharedCacheKey)
    /// Forgets all values of a namespace. Takes as long for many values as for none.
    func flush(_ namespace: String) async throws(SharedStoreError)
}

/// Where a value is kept.
public struct SharedCacheKey: Sendable, Hashable {
    /// The largest value in bytes: a megabyte, which is API Gateway's largest answer in a cache, and its head.
    public static let maximumValueBytes = 1 << 20 + 1 << 16

    /// What is flushed together, such as a stage.
    public var namespace: String
    /// Any bytes; best a digest, so that the store does not see what was asked for.
    public var key: [UInt8]

    /// Makes a key.
    public init(namespace: String, key: [UInt8]) {
        self.namespace = namespace
        self.key = key
    }
}

/// What a namespace is between two flushes.
public struct SharedCacheGeneration: Sendable, Hashable {
    /// A number that means something to the store; 0 keeps nothing.
    public var number: UInt64

    /// Makes a generation.
    public init(number: UInt64) {
        self.number = number
    }
}

/// What a look-up found.
public enum SharedCacheAnswer: Sendable, Hashable {
    /// The value.
    case hit([UInt8])
    /// There is none; `set` wants the generation.
    case miss(SharedCacheGeneration)
    /// The store does not say. The owner answers without a cache.
    case failed(SharedStoreError)
}

// MARK: - Failures and state

/// Why a shared store did not do what it was asked.
public enum SharedStoreError: Error, Sendable, Hashable, CustomStringConvertible {
    /// There is no connection, and it is not yet time to try again. Nothing was sent.
    case unavailable
    /// So much is under way already that this was not sent.
    case overloaded
    /// No answer in time.
    case timedOut
    /// The connection ended before the answer.
    case connectionLost
    /// The store answered with an error.
    case refused(String)
    /// The answer makes no sense.
    case malformed(String)
    /// A value or a batch is beyond its limit. Nothing was sent.
    case tooLarge

    /// Whether the store may have done it nevertheless.
    public var mayHaveHappened: Bool {
        switch self {
        case .unavailable, .overloaded, .refused, .tooLarge: false
        case .timedOut, .connectionLost, .malformed: true
        }
    }

    /// What is wrong.
    public var description: String {
        switch self {
        case .unavailable: "the shared store cannot be reached"
        case .overloaded: "too much waits for the shared store"
        case .timedOut: "the shared store gave no answer in time"
        case .connectionLost: "the connection to the shared store ended"
        case .refused(let reason): "the shared store answered with an error: \(reason)"
        case .malformed(let reason): "the shared store gave an answer that makes no sense: \(reason)"
        case .tooLarge: "too large for the shared store"
        }
    }
}

/// How a connection to a shared store is. Any thread; whoever looks waits for nobody, but for ``lastError``.
public final class SharedStoreStatus: Sendable {
    /// What the connection is for, such as `limits`.
    public let name: String
    /// Commands that were sent.
    public let commands = Atomic<Int>(0)
    /// Commands that failed, in whatever way, those that were not sent included.
    public let failures = Atomic<Int>(0)
    /// Commands that had no answer in time.
    public let timeouts = Atomic<Int>(0)
    /// Attempts to connect.
    public let attempts = Atomic<Int>(0)
    /// Connections that were made; all but the first are reconnects.
    public let connections = Atomic<Int>(0)
    private let connectedSince = Atomic<Int>(0)
    private let error = Mutex<String?>(nil)

    /// Makes the status of something that has no connection yet.
    public init(name: String) {
        self.name = name
    }

    /// Milliseconds since 1970 at which the connection was made; `nil` while there is none.
    public var connectedSinceMilliseconds: Int? {
        let value = connectedSince.load(ordering: .acquiring)
        return value == 0 ? nil : value
    }

    /// Whether commands are sent.
    public var isConnected: Bool { connectedSinceMilliseconds != nil }

    /// Connections that were made after the first.
    public var reconnects: Int { max(connections.load(ordering: .relaxed) - 1, 0) }

    /// Why the connection last ended or was not made, without secrets; it stays when there is one again.
    public var lastError: String? { error.withLock { $0 } }

    /// There is a connection.
    public func connected(atMilliseconds now: Int) {
        connections.add(1, ordering: .relaxed)
        connectedSince.store(max(now, 1), ordering: .releasing)
    }

    /// The connection goes on that owed an answer.
    public func resumed(atMilliseconds now: Int) { connectedSince.store(max(now, 1), ordering: .releasing) }

    /// There is no connection any more, or none yet, or it owes an answer.
    public func disconnected(_ reason: String) {
        error.withLock { $0 = reason }
        connectedSince.store(0, ordering: .releasing)
    }
}

/// Everything that several processes share through one store.
public protocol SharedStore: SharedLimitStore, SharedCounterStore, SharedCacheStore {
    /// One of each connection; those that there were stay.
    var statuses: [SharedStoreStatus] { get }
    /// Ends the connections; what waits fails.
    func shutDown() async
}
