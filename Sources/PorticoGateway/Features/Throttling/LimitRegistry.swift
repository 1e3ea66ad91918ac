internal import PorticoIR
internal import Synchronization

/// Buckets and counters by stable names, so that they survive reloads, deployments and changes of keys. Any thread; never
/// asked on the way of a request.
///
/// It holds none of them: a new table is made while the old one is still there, and what neither has is gone.
final class LimitRegistry: Sendable {
    private struct State {
        var buckets = WeakTable<String, TokenBucket>()
        var usages = WeakTable<UsageName, KeyUsage>()
    }

    /// A quota of another period counts in other units.
    private struct UsageName: Hashable {
        var key: UsageKey
        var period: Quota.Period?
    }

    private let state = Mutex(State())
    /// Whether other processes keep the same buckets and counts.
    let isShared: Bool
    /// Goes up with each bucket and count that is made.
    private let additions = Atomic<Int>(0)

    init(isShared: Bool = false) {
        self.isShared = isShared
    }

    /// The bucket of that name.
    func bucket(_ name: String) -> TokenBucket {
        state.withLock { state in
            state.buckets.object(of: name) {
                additions.add(1, ordering: .releasing)
                return TokenBucket(isShared: isShared)
            }
        }
    }

    /// The bucket of that name with a limit; `nil` when the setting limits nothing.
    func throttle(_ name: String, _ setting: Throttle) -> ServingThrottle? {
        RateLimit(setting).map { ServingThrottle(limit: $0, bucket: bucket(name)) }
    }

    /// What a key has used of a plan with a quota of that period, made by `make` if nobody has it.
    func usage(_ key: UsageKey, _ period: Quota.Period?, orElse make: () -> KeyUsage) -> KeyUsage {
        state.withLock { state in
            state.usages.object(of: UsageName(key: key, period: period)) {
                additions.add(1, ordering: .releasing)
                return make()
            }
        }
    }

    // MARK: - For those that settle

    /// How many buckets and counts were made until now.
    var additionCount: Int { additions.load(ordering: .acquiring) }

    /// All buckets that somebody holds, in no order.
    func namedBuckets() -> [(name: String, bucket: TokenBucket)] {
        state.withLock { $0.buckets.objects.map { (name: $0.name, bucket: $0.object) } }
    }

    /// All counts with a quota that somebody holds, in no order.
    func quotas() -> [(period: Quota.Period, usage: KeyUsage)] {
        state.withLock { state in
            state.usages.objects.compactMap { entry in
                entry.name.period.map { (period: $0, usage: entry.object) }
            }
        }
    }
}

/// Objects by name as long as somebody else holds them.
private struct WeakTable<Name: Hashable & Sendable, Object: AnyObject & Sendable>: Sendable {
    private struct Entry: Sendable {
        weak var object: Object?
    }

    private var entries: [Name: Entry] = [:]
    /// Entries at which those without object are taken out.
    private var sweepCount = 64

    var objects: [(name: Name, object: Object)] {
        entries.compactMap { entry in entry.value.object.map { (name: entry.key, object: $0) } }
    }

    mutating func object(of name: Name, orElse make: () -> Object) -> Object {
        if let object = entries[name]?.object { return object }
        let object = make()
        entries[name] = Entry(object: object)
        if entries.count >= sweepCount {
            entries = entries.filter { $0.value.object != nil }
            sweepCount = max(entries.count * 2, 64)
        }
        return object
    }
}

/// A key in a plan, by their ids.
struct UsageKey: Sendable, Hashable {
    var plan: String
    var key: String
}
