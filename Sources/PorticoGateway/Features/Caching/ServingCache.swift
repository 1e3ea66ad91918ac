internal import PorticoIR
internal import Synchronization

/// How answers of a method are kept at one stage. Immutable.
final class ServingCache: Sendable {
    let setting: CacheSetting
    /// The stage's.
    let store: ResponseCache
    let prefix: CacheKeyPrefix
    /// Where the values of the key come from, in the order of the parameters.
    let sources: [ServingSource]
    let cipher: CacheCipher?
    /// What other processes have; `nil` when nothing is shared.
    let shared: SharedCache?
    /// Whether answers are compressed, so that clients who take other codings have other entries.
    let varies: Bool

    init(
        _ setting: CacheSetting, store: ResponseCache, prefix: CacheKeyPrefix, sources: [ServingSource], varies: Bool,
        shared: SharedCache? = nil
    ) {
        self.shared = setting.isEncrypted ? nil : shared
        self.setting = setting
        self.store = store
        self.prefix = prefix
        self.sources = sources
        self.varies = varies
        cipher = setting.isEncrypted ? CacheCipher.process : nil
    }

    var ttlMilliseconds: Int { setting.ttlSeconds &* 1000 }
}

/// The caches of all stages by name: they survive reloads. Any thread; never asked on the way of a request.
final class CacheRegistry: Sendable {
    private struct Entry {
        weak var cache: ResponseCache?
    }

    private let entries = Mutex([String: Entry]())
    /// Shared with other processes; `nil` for a server of its own.
    let store: (any SharedCacheStore)?

    init(store: (any SharedCacheStore)? = nil) { self.store = store }

    /// The cache of that name, if some stage has it.
    func known(_ name: String) -> ResponseCache? { entries.withLock { $0[name]?.cache } }

    /// What other processes have of that cache.
    func shared(_ name: String) -> SharedCache? { store.map { SharedCache($0, namespace: name) } }

    /// The cache of that name and capacity. A cache of another capacity is another one, and empty, as on API Gateway.
    func cache(_ name: String, capacityBytes: Int) -> ResponseCache {
        entries.withLock { entries in
            entries = entries.filter { $0.value.cache != nil }
            if let cache = entries[name]?.cache, cache.capacityBytes == capacityBytes { return cache }
            let cache = ResponseCache(capacityBytes: capacityBytes)
            entries[name] = Entry(cache: cache)
            return cache
        }
    }
}
