import Measurement
import Synchronization

@testable import PorticoGateway

/// CPU time of one hit: the key built of a parameter of 12 bytes, the look-up, and one byte of the body read.
enum CacheHits {
    static let lookups = 4_000_000
    static let runs = 5
    private static let prefix = CacheKeyPrefix(namespace: "abc123", verb: "GET", parameters: ["method.request.path.id"])

    static func run() -> Bool {
        var isFast = true
        for count in [100, 10_000] {
            for threads in [1, 2] {
                let time = measure(entries: count, threads: threads)
                isFast =
                    Measurement.report("hit among \(count), \(threads) threads", time, "ns", limit: 100) && isFast
            }
        }
        print("  of which the key: \((keyTime() * 10).rounded() / 10) ns")
        let shared = measureShared(entries: 10_000)
        return Measurement.report("hit in the shared cache, among 10000", shared, "ns", limit: 500) && isFast
    }

    static func value(_ number: Int) -> [UInt8] {
        let digits = String(number)
        return Array((String(repeating: "0", count: 12 - digits.utf8.count) + digits).utf8)
    }

    static func set(_ key: CacheKey, _ value: [UInt8]) {
        key.start(prefix)
        value.withUnsafeBytes { key.add($0) }
        _ = key.end()
    }

    static func fill(_ worker: WorkerCache, _ key: CacheKey, body: [UInt8], now: Int) {
        guard case .turn(.fetch(let flight)) = worker.begin(key, now: now, { _ in }) else { return }
        let response = body.withUnsafeBytes {
            flight.response(
                status: 200, head: UnsafeRawBufferPointer(rebasing: $0[..<min(64, $0.count)]), body: $0, now: now,
                timeToLiveMilliseconds: 1 << 40)
        }
        worker.finish(flight, with: response, now: now)
    }

    private static func measure(entries: Int, threads: Int) -> Double {
        let cache = ResponseCache(capacityBytes: 256 << 20)
        let body = [UInt8](repeating: 0x61, count: 1_000)
        let values = (0..<4_096).map { value($0 * 7_919 % entries) }
        var times: [Double] = []
        for _ in 0..<runs {
            let spent = Spent()
            let first = WorkerCache(cache)
            let key = CacheKey()
            for number in 0..<entries {
                set(key, value(number))
                fill(first, key, body: body, now: 0)
            }
            Threads.run(threads) { _ in
                let worker = WorkerCache(cache)
                let key = CacheKey()
                for number in 0..<entries {
                    set(key, value(number))
                    _ = worker.begin(key, now: 0) { _ in }
                }
                var found = 0
                let begin = Threads.nanoseconds
                for index in 0..<lookups {
                    set(key, values[index & 4_095])
                    if let byte = worker.withHit(key, now: 1, { Int($0.body[0]) }) {
                        found &+= byte
                    } else if case .turn(.hit(let response)) = worker.begin(key, now: 1, { _ in }) {
                        // A set of eight places has more answers than that now and then.
                        found &+= Int(response.body[0])
                    }
                }
                spent.nanoseconds.add(Threads.nanoseconds - begin, ordering: .relaxed)
                if found != 0x61 * lookups { print("hits are missing: \(found / 0x61) of \(lookups)") }
            }
            times.append(Double(spent.nanoseconds.load(ordering: .relaxed)) / Double(lookups * threads))
        }
        return times.sorted()[runs / 2]
    }

    private static func keyTime() -> Double {
        let values = (0..<4_096).map { value($0) }
        let key = CacheKey()
        var sum: UInt64 = 0
        let time = Measurement.median(runs: runs) {
            for index in 0..<lookups {
                set(key, values[index & 4_095])
                sum &+= key.hash
            }
        }
        return sum == 1 ? 0 : time / Double(lookups)
    }

    private static func measureShared(entries: Int) -> Double {
        let cache = ResponseCache(capacityBytes: 256 << 20)
        let worker = WorkerCache(cache)
        let body = [UInt8](repeating: 0x61, count: 1_000)
        let key = CacheKey()
        for number in 0..<entries {
            set(key, value(number))
            fill(worker, key, body: body, now: 0)
        }
        let values = (0..<4_096).map { value($0 * 7_919 % entries) }
        let time = Measurement.median(runs: runs) {
            for index in 0..<lookups / 10 {
                set(key, values[index & 4_095])
                guard case .turn(.hit) = cache.begin(key, now: 1, { _ in }) else { continue }
            }
        }
        return time / Double(lookups / 10)
    }

    private final class Spent: Sendable {
        let nanoseconds = Atomic<Int>(0)
    }
}
