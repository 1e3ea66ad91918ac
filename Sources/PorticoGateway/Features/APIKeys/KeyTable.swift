// Hot: once per request of a method with an API key. Allocates: when a table is made.

internal import PorticoIR

/// The API keys of one stage: from the SHA-256 of a value to a key. Immutable; any thread.
///
/// Open addressing with linear probing, half of the slots empty. What a look-up costs tells nothing of the values of
/// keys: the value of a request is hashed whole; which slots are looked at depends on its digest and on a number that is
/// drawn for each table; and each slot is compared whole, without a branch before its end. So neither a prefix of a value
/// nor one of its digest can be found by measuring.
final class KeyTable: Sendable {
    private struct Slot: Sendable {
        var digest: APIKeyDigest
        /// Position in `keys`; -1 for an empty slot.
        var key: Int
    }

    private let slots: ContiguousArray<Slot>
    private let keys: ContiguousArray<ServingAPIKey>
    /// Odd, so that multiplying loses nothing.
    private let factor: UInt64
    private let mask: UInt64
    /// Bits of a product that lie beside the slot's number.
    private let shift: UInt64

    /// - Parameters:
    ///   - keys: digests differ; of two that do not, the first one counts.
    ///   - seed: says where digests lie; drawn at random outside of tests.
    init(_ keys: [(digest: APIKeyDigest, key: ServingAPIKey)], seed: UInt64 = .random(in: 0 ... .max)) {
        var bits: UInt64 = 1
        while 1 << bits < keys.count * 2 + 2 { bits += 1 }
        let mask: UInt64 = (1 << bits) - 1
        let empty = Slot(digest: APIKeyDigest(first: 0, second: 0, third: 0, fourth: 0), key: -1)
        var slots = ContiguousArray(repeating: empty, count: 1 << Int(bits))
        factor = seed | 1
        self.mask = mask
        shift = 64 - bits
        for (index, entry) in keys.enumerated() {
            var place = (entry.digest.first &* factor) &>> shift
            while slots[Int(place)].key >= 0, slots[Int(place)].digest != entry.digest { place = (place + 1) & mask }
            if slots[Int(place)].key < 0 { slots[Int(place)] = Slot(digest: entry.digest, key: index) }
        }
        self.slots = slots
        self.keys = ContiguousArray(keys.map(\.key))
    }

    /// The key of that value; `nil` if there is none.
    func key(of value: UnsafeRawBufferPointer) -> ServingAPIKey? {
        // How long a value may be is no secret.
        guard APIKeyValue.lengths.contains(value.count) else { return nil }
        let digest = APIKeyDigest(of: value)
        var place = (digest.first &* factor) &>> shift
        var found = -1
        // Half of the slots are empty, so that this ends.
        while true {
            let slot = slots[Int(truncatingIfNeeded: place)]
            guard slot.key >= 0 else { break }
            if slot.digest.isSame(as: digest) { found = slot.key }
            place = (place &+ 1) & mask
        }
        return found < 0 ? nil : keys[found]
    }
}

/// An API key at one stage. Immutable; any thread.
final class ServingAPIKey: Sendable {
    /// Whether it opens the stage.
    enum State: Sendable {
        case opens(ServingUsagePlan)
        /// It is disabled.
        case disabled
        /// It is in no usage plan of the stage, or in more than one.
        case noPlan
    }

    // What every request reads comes first.
    let state: State
    private let heldUsage: HeldReference<KeyUsage>?
    private let heldPlan: HeldReference<ServingUsagePlan>?
    /// What its holder has used of the plan; `nil` for a key that opens nothing.
    var usage: KeyUsage? { heldUsage?.object }
    /// The plan by which it opens the stage.
    var plan: ServingUsagePlan? { heldPlan?.object }
    let id: StaticBytes
    let name: String
    /// Buckets of the plan's throttles of single methods, in their order.
    let methodBuckets: [TokenBucket]
    /// Keeps ``id``.
    private let pool: BytePool

    init(
        id: String, name: String, state: State, usage: KeyUsage? = nil, methodBuckets: [TokenBucket] = [],
        pool: BytePool
    ) {
        self.id = pool.add(id)
        self.name = name
        self.state = state
        heldUsage = usage.map(HeldReference.init)
        if case .opens(let plan) = state { heldPlan = HeldReference(plan) } else { heldPlan = nil }
        self.methodBuckets = methodBuckets
        self.pool = pool
    }
}

/// A usage plan at one stage. Immutable; any thread.
final class ServingUsagePlan: Sendable {
    /// A throttle of one method.
    struct Method: Sendable {
        let path: StaticBytes
        let verb: StaticBytes
        let limit: RateLimit
    }

    let id: String
    let name: String
    /// For each key, over all stages of the plan.
    let limit: RateLimit?
    /// For each key.
    let quota: Quota?
    /// For each key and method of this stage; those that limit something.
    let methods: [Method]
    private let pool: BytePool

    init(_ entry: UsagePlanEntry, stage: UsagePlanStageEntry, pool: BytePool) {
        self.pool = pool
        id = entry.id
        name = entry.name
        limit = entry.throttle.flatMap(RateLimit.init)
        quota = entry.quota
        methods = stage.methods.compactMap { method in
            RateLimit(method.throttle).map {
                Method(path: pool.add(method.path), verb: pool.add(method.verb), limit: $0)
            }
        }
    }
}

/// The API keys of a snapshot, by stage. Each worker holds one; it is replaced as a whole when keys change, also while
/// the snapshot stays.
final class KeyTables: Sendable {
    private let stages: [(name: [UInt8], table: KeyTable)]

    init(_ stages: [(name: String, table: KeyTable)]) {
        self.stages = stages.map { (Array($0.name.utf8), $0.table) }
    }

    /// No keys.
    static let none = KeyTables([])

    /// The keys of the stage of that name. Stages are few, so they are compared one by one: a request that waited for its
    /// authorizer meets the tables of now, whose stages may be others than its own snapshot's.
    @inline(__always)
    func table(ofStage name: UnsafeRawBufferPointer) -> KeyTable? {
        for stage in stages {
            let isSame = stage.name.withUnsafeBytes { bytesEqual($0, name) }
            if isSame { return stage.table }
        }
        return nil
    }
}
