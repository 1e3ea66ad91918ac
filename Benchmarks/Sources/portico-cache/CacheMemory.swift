import Glibc
import Measurement

@testable import PorticoGateway

/// Memory of the process while far more is stored than the cache holds.
enum CacheMemory {
    static func run() -> Bool {
        // Few large answers, and many small ones; each asked for once. 64 MB, offered 10 GB, then a million keys of 100 bytes.
        let isFlooded = flood("10 GB in answers of 10 KB", answers: 1_048_576, body: 10_240, capacity: 64 << 20)
        let isLarge = flood("10 GB in answers of 1 MB", answers: 10_240, body: 1_000_000, capacity: 64 << 20)
        let isSmall = flood("1,000,000 keys of 100 bytes", answers: 1_000_000, body: 100, capacity: 512 << 20)
        return isFlooded && isLarge && isSmall
    }

    /// Two workers store in turn; one of them rests for a while now and then, as an idle loop does, and its timer sweeps.
    private static func flood(_ name: String, answers: Int, body size: Int, capacity: Int) -> Bool {
        let before = residentBytes
        let cache = ResponseCache(capacityBytes: capacity)
        let workers = [WorkerCache(cache), WorkerCache(cache)]
        let body = [UInt8](repeating: 0x62, count: size)
        let key = CacheKey()
        var mostHeld = 0
        var mostResident = 0
        var mostBytes = 0
        for number in 0..<answers {
            CacheHits.set(key, CacheHits.value(number))
            CacheHits.fill(workers[number >> 10 & 1], key, body: body, now: number)
            if number & 1_023 == 0 { for worker in workers { while worker.sweep(now: number) {} } }
            if number & 255 == 0 {
                let counts = cache.counts
                mostHeld = max(mostHeld, counts.heldBytes)
                mostBytes = max(mostBytes, counts.bytes)
                mostResident = max(mostResident, residentBytes - before)
            }
        }
        let counts = cache.counts
        let megabytes = { (bytes: Int) in Double(bytes) / 1_048_576 }
        print(
            "\(name): \(counts.entries) entries, \(counts.bytes) bytes by account, resident \(residentBytes - before)")
        let isWithin = Measurement.report("  in the cache", megabytes(mostBytes), "MB", limit: megabytes(capacity))
        let isHeld = Measurement.report("  referred to", megabytes(mostHeld), "MB", limit: megabytes(capacity) * 1.5)
        let isResident = Measurement.report(
            "  resident, at most", megabytes(mostResident), "MB", limit: megabytes(capacity) * 1.75)
        return isWithin && isHeld && isResident && counts.stores == answers
    }

    /// Bytes of memory that the process has.
    private static var residentBytes: Int {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard fgets(&line, 128, file) != nil else { return 0 }
        let words = line.prefix { $0 != 0 }.split(separator: 32)
        guard words.count > 1 else { return 0 }
        return (Int(String(decoding: words[1].map { UInt8(bitPattern: $0) }, as: UTF8.self)) ?? 0) * 4_096
    }
}
