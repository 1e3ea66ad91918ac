/// What all cache keys of one method begin with. Made at load; immutable.
///
/// Each part has its length before it, so that no two lists of parts make the same bytes.
///
/// *Source:* reference, 8.1: the cache namespace (the resource's id unless the spec names one), the verb and the values of
/// the cache key parameters; what is not declared does not split the cache.
/// Unconfirmed: the names of the parameters are part of the key, too. Methods that share a namespace share entries when
/// they have the same parameters, and a value of `id` is never taken for one of `owner`.
struct CacheKeyPrefix: Sendable {
    /// The bytes that keys begin with.
    let bytes: [UInt8]
    /// Has taken up the seed and ``bytes``, so that requests do not do it again.
    let hasher: Hasher
    /// How many values a whole key has.
    let parameterCount: Int

    /// - Parameters:
    ///   - deployment: keeps the entries of deployments apart in a cache that a canary and its stage share; empty for none.
    ///   - namespace: the cache namespace.
    ///   - verb: the method's verb as the request has it: `ANY` methods keep verbs apart.
    ///   - parameters: names as the spec has them, in their order there.
    ///   - seed: the same for all keys of a process.
    init(
        deployment: String = "", namespace: String, verb: String, parameters: [String], seed: CacheKeySeed = .process
    ) {
        var bytes: [UInt8] = []
        for part in [deployment, namespace, verb] { Self.append(part, to: &bytes) }
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: parameters.count).littleEndian) { bytes += $0 }
        for name in parameters { Self.append(name, to: &bytes) }
        var hasher = Hasher()
        hasher.combine(seed.first)
        hasher.combine(seed.second)
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
        self.bytes = bytes
        self.hasher = hasher
        parameterCount = parameters.count
    }

    private static func append(_ part: String, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: part.utf8.count).littleEndian) { bytes += $0 }
        bytes += part.utf8
    }
}

/// What is mixed into each hash of a key.
struct CacheKeySeed: Sendable {
    let first: UInt64
    let second: UInt64

    /// The seed of this process. The standard library's own can be fixed from the environment.
    static let process = CacheKeySeed(first: .random(in: 0 ... .max), second: .random(in: 0 ... .max))
}
