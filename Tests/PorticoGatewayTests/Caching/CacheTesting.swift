import Synchronization
import Testing

@testable import PorticoGateway

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Keys, answers and threads for tests of the cache.
enum CacheTesting {
    static let prefix = CacheKeyPrefix(namespace: "pets", verb: "GET", parameters: ["method.request.path.id"])

    /// The key of `/pets/{id}`.
    static func key(_ id: String) -> CacheKey {
        let key = CacheKey()
        key.start(prefix)
        add(id, to: key)
        #expect(key.end())
        return key
    }

    /// Adds a value; `nil` for a parameter that the request has not.
    static func add(_ value: String?, to key: CacheKey) {
        guard let value else { return key.add(nil) }
        Array(value.utf8).withUnsafeBytes { key.add($0) }
    }

    /// A key whose hash is given.
    static func key(_ bytes: String, hash: UInt64) -> CacheKey {
        CacheKey(bytes: Array(bytes.utf8), hash: hash)
    }

    /// An answer with that body, made by a flight.
    static func response(
        _ body: String, of flight: CacheFlight, now: Int = 0, timeToLive: Int = 1_000_000, head: String = "head"
    ) -> CachedResponse? {
        Array(head.utf8).withUnsafeBytes { head in
            Array(body.utf8).withUnsafeBytes { body in
                flight.response(status: 200, head: head, body: body, now: now, timeToLiveMilliseconds: timeToLive)
            }
        }
    }

    /// The flight that a look-up begins; `nil` if it does something else.
    static func flight(_ cache: ResponseCache, _ key: CacheKey, now: Int = 0) -> CacheFlight? {
        guard case .turn(.fetch(let flight)) = cache.begin(key, now: now, { _ in }) else { return nil }
        return flight
    }

    /// Fetches and stores an answer; `false` if it is there already, or is not stored.
    @discardableResult
    static func store(
        _ body: String, _ key: CacheKey, in cache: ResponseCache, now: Int = 0, timeToLive: Int = 1_000_000
    ) -> Bool {
        guard let flight = flight(cache, key, now: now) else { return false }
        return flight.finish(with: response(body, of: flight, now: now, timeToLive: timeToLive), now: now)
    }

    /// The body that the cache has for a key. A flight that this begins is given up at once.
    static func body(_ cache: ResponseCache, _ key: CacheKey, now: Int = 0) -> String? {
        guard case .turn(.hit(let response)) = cache.begin(key, now: now, { _ in }) else { return nil }
        return text(response.body)
    }

    /// The body that a worker's own table has.
    static func body(_ worker: WorkerCache, _ key: CacheKey, now: Int = 0) -> String? {
        worker.withHit(key, now: now) { text($0.body) }
    }

    static func text(_ bytes: UnsafeRawBufferPointer) -> String { String(decoding: bytes, as: UTF8.self) }

    /// An answer that no flight made, for tests of the store alone.
    static func response(
        _ key: String, hash: UInt64, size: Int, expiry: Int = .max, counters: CacheCounters = CacheCounters()
    ) -> CachedResponse {
        let body = [UInt8](repeating: 0x62, count: max(0, size - key.utf8.count - overhead))
        return Array(key.utf8).withUnsafeBytes { key in
            body.withUnsafeBytes { body in
                CachedResponse(
                    key: key, hash: hash, status: 200, headCount: 0, UnsafeRawBufferPointer(start: nil, count: 0), body,
                    isEncrypted: false, createdMilliseconds: 0, expiryMilliseconds: expiry, counters: counters)
            }
        }
    }

    /// What an answer takes beside key, head and body.
    static let overhead = CacheLimits.overheadBytes + CachedResponse.tagBytes

    /// Runs `body` on threads of their own that begin together, and waits for all.
    static func threads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        let ready = Count()
        var threads: [pthread_t] = []
        for number in 0..<count {
            let work = Work {
                ready.number.add(1, ordering: .relaxed)
                while ready.number.load(ordering: .acquiring) < count { sched_yield() }
                body(number)
            }
            var thread = pthread_t()
            let status = pthread_create(
                &thread, nil,
                { argument in
                    guard let argument else { return nil }
                    Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
                    return nil
                }, Unmanaged.passRetained(work).toOpaque())
            #expect(status == 0)
            threads.append(thread)
        }
        for thread in threads { pthread_join(thread, nil) }
    }

    /// Lets other threads go on.
    static func yield() { sched_yield() }

    private final class Work: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// A number that threads share.
    final class Count: Sendable {
        let number = Atomic<Int>(0)
        var value: Int { number.load(ordering: .acquiring) }
        func add() { number.add(1, ordering: .acquiringAndReleasing) }
    }

    /// Turns that waiters were given, in order.
    final class Turns: Sendable {
        private let turns = Mutex<[CacheTurn]>([])
        func append(_ turn: CacheTurn) { turns.withLock { $0.append(turn) } }
        /// What they were, in words; the flights among them stay held.
        var names: [String] {
            turns.withLock { turns in
                turns.map {
                    switch $0 {
                    case .hit(let response): "hit " + text(response.body)
                    case .fetch: "fetch"
                    case .fetchWithoutStoring: "fetch without storing"
                    }
                }
            }
        }
        /// Takes the flight that a waiter got.
        func takeFlight() -> CacheFlight? {
            turns.withLock { turns in
                for (index, turn) in turns.enumerated() {
                    if case .fetch(let flight) = turn {
                        turns.remove(at: index)
                        return flight
                    }
                }
                return nil
            }
        }
    }

    /// Random numbers that are the same in each run: SplitMix64.
    struct Random: RandomNumberGenerator {
        private var state: UInt64
        init(seed: UInt64) { state = seed }
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ value &>> 30) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ value &>> 27) &* 0x94D0_49BB_1331_11EB
            return value ^ value &>> 31
        }
    }
}
