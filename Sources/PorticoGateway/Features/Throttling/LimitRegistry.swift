internal import PorticoIR
internal import Synchronization

/// Buckets and counters by stable names, so that they survive reloads, deployments and changes of keys. Any thread; never
/// asked on the way of a request.
///
/// A new table is made while the old one is still there; what neither has is gone before long.
final class LimitRegistry: Sendable {
    private struct State {
        var buckets = HeldTable<String, TokenBucket>()
        var usages = HeldTable<UsageName, KeyUsage>()
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
        state.withLock { $0.buckets.objects().map { (name: $0.name, bucket: $0.object) } }
    }

    /// All counts with a quota that somebody holds, in no order.
    func quotas() -> [(period: Quota.Period, usage: KeyUsage)] {
        state.withLock { state in
            state.usages.objects().compactMap { entry in
                entry.name.period.map { (period: $0, usage: entry.object) }
            }
        }
    }
}

/// Objects by name as long as somebody else holds them; what nobody holds goes at the next sweep.
///
/// Not weak references: those give an object a second place in memory, where each count of its references would look.
private struct HeldTable<Name: Hashable & Sendable, Object: AnyObject & Sendable>: Sendable {
    private var entries: [Name: Object] = [:]
    /// Entries at which those that nobody else holds are taken out.
    private var sweepCount = 64

    /// What somebody else holds.
    mutating func objects() -> [(name: Name, object: Object)] {
        sweep()
        return entries.map { (name: $0.key, object: $0.value) }
    }

    mutating func object(of name: Name, orElse make: () -> Object) -> Object {
        if let object = entries[name] { return object }
        if entries.count >= sweepCount { sweep() }
        let object = make()
        entries[name] = object
        return object
    }

    private mutating func sweep() {
        var index = entries.values.startIndex
        var unheld: [Name] = []
        while index != entries.values.endIndex {
            if isKnownUniquelyReferenced(&entries.values[index]) { unheld.append(entries[index].key) }
            entries.values.formIndex(after: &index)
        }
        for name in unheld { entries[name] = nil }
        sweepCount = max(entries.count * 2, 64)
    }
}

/// A key in a plan, by their ids.
struct UsageKey: Sendable, Hashable {
    var plan: String
    var key: String
}
