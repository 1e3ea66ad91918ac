/// Sizes and times of a stage's cache.
enum CacheLimits {
    /// Most bytes of an answer, head and body together, that is kept.
    ///
    /// *Source:* reference, 8.1: items of up to 1,048,576 bytes. Unconfirmed: that head and body count together, and that
    /// an encrypted answer counts as what it was before.
    static let answerBytes = 1_048_576
    /// Most bytes of a key. A request with a longer one is not cached. Heads of requests are shorter, so that only a
    /// method with one long parameter in many key parameters can come here.
    static let keyBytes = 65_536
    /// What an answer costs beside its key and its bytes: the object, the allocator's words, its places in the index, the
    /// queues and the ghost queue, and in the tables of two workers. `portico-cache` measures it.
    static let overheadBytes = 320
    /// Most fetches at a time that others may wait for. Requests beyond it fetch without storing.
    static let flights = 4_096
    /// Most requests that wait for one fetch. Those beyond it fetch without storing.
    static let waiters = 1_024
    /// How long nobody waits for a fetch of a key after one whose answer could not be stored, in milliseconds: the next
    /// one is likely to be the same, and waiting for it is waiting for nothing.
    static let declinedMilliseconds = 10_000
    /// Least bytes of a shard. A cache has as many shards as fit, up to ``shards``, so that the largest answer stays a
    /// small part of one.
    static let shardBytes = 32 << 20
    /// Most shards of a cache; a power of two.
    static let shards = 256
    /// Most answers of which one worker keeps a reference; a power of two. Others are found in the shared cache.
    static let workerPlaces = 1 << 17
}
