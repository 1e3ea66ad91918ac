internal import Synchronization

/// The right and the duty to fetch an answer, for all who wait for it. One request has it. Any thread.
///
/// When it is released without ``finish(with:now:)``, because the client went away or a fault ended the request, exactly
/// one of those who wait gets it in its place.
final class CacheFlight: Sendable {
    private let cache: ResponseCache
    private let record: CacheFlightRecord
    private let isFinished = Atomic<Bool>(false)

    init(cache: ResponseCache, record: CacheFlightRecord) {
        self.cache = cache
        self.record = record
    }

    deinit {
        if !isFinished.load(ordering: .relaxed) { cache.giveUp(record) }
    }

    /// All bytes of the cache key.
    var key: [UInt8] { record.key }

    /// Makes what can be kept of an answer. `nil` if it is too large, which is counted; finish with `nil` then.
    ///
    /// - Parameters:
    ///   - head: status and header fields, in whatever form the wiring reads again.
    ///   - cipher: seals head and body.
    ///   - timeToLiveMilliseconds: the method's `cacheTtlInSeconds`; 0 is not kept.
    func response(
        status: UInt16, head: UnsafeRawBufferPointer, body: UnsafeRawBufferPointer, sealedBy cipher: CacheCipher? = nil,
        now: Int, timeToLiveMilliseconds: Int
    ) -> CachedResponse? {
        guard body.count <= CacheLimits.answerBytes, head.count <= CacheLimits.answerBytes - body.count else {
            cache.counters.refused.add(1, ordering: .relaxed)
            return nil
        }
        let end = now &+ max(0, timeToLiveMilliseconds)
        return record.key.withUnsafeBytes { key in
            guard let cipher else {
                return CachedResponse(
                    key: key, hash: record.hash, status: status, headCount: head.count, head, body, isEncrypted: false,
                    createdMilliseconds: now, expiryMilliseconds: end, counters: cache.counters)
            }
            guard let sealed = cipher.seal(status: status, head: head, body: body, key: key) else { return nil }
            return sealed.withUnsafeBytes { sealed in
                CachedResponse(
                    key: key, hash: record.hash, status: status, headCount: head.count, sealed,
                    UnsafeRawBufferPointer(start: nil, count: 0), isEncrypted: true, createdMilliseconds: now,
                    expiryMilliseconds: end, counters: cache.counters)
            }
        }
    }

    /// Ends the fetch. Those who wait get the answer, also when it is not stored.
    ///
    /// - Parameter response: made by this flight; `nil` if the answer cannot be kept, or is no answer. Those who wait then
    ///   fetch for themselves, all at once: one after the other they would wait for as many fetches as there are of them.
    /// - Returns: whether it was stored. It is not if the cache was flushed or the key invalidated since the flight began.
    @discardableResult
    func finish(with response: CachedResponse?, now: Int) -> Bool {
        guard !isFinished.exchange(true, ordering: .relaxed) else { return false }
        return cache.finish(record, with: response, now: now)
    }
}
