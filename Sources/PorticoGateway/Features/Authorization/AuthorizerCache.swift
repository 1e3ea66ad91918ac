// Hot: once per request that an authorizer decides on. Allocates: when an answer is kept.

internal import PorticoPrograms

/// Answers of authorizers, by who asked: API, deployment, stage, authorizer and the values that identify the caller.
///
/// One worker owns it. It is bounded; when it is full, answers that were not used for the longest time make room.
final class AuthorizerCache<Answer> {
    private struct Entry {
        var hash: UInt64
        var key: [UInt8]
        var answer: Answer
        var endMilliseconds: Int
        /// Used since the hand went by last.
        var isUsed: Bool
        /// Next entry of its bucket; -1 at the end.
        var next: Int32
    }

    /// Most answers that are kept.
    let capacity: Int
    /// Most bytes of keys that are kept: headers may be long.
    private static var longestKeys: Int { 16 << 20 }
    private var keyBytes = 0
    private let seed: UInt64
    private var buckets: ContiguousArray<Int32>
    private var entries = ContiguousArray<Entry>()
    /// Where room is looked for next.
    private var hand = 0

    /// - Parameter seed: nobody outside knows it, so that keys cannot be chosen to meet in one bucket.
    init(capacity: Int = 8192, seed: UInt64) {
        self.capacity = capacity
        self.seed = seed
        buckets = ContiguousArray(repeating: -1, count: 1024)
    }

    /// Number of answers that are kept.
    var count: Int { entries.count }

    /// The answer that is kept by `key`, unless its time is over.
    func answer(_ key: UnsafeRawBufferPointer, now: Int) -> Answer? {
        let hash = self.hash(key)
        var index = Int(buckets[bucket(hash)])
        while index >= 0 {
            if entries[index].hash == hash, isSame(entries[index].key, key) {
                guard entries[index].endMilliseconds > now else { return nil }
                entries[index].isUsed = true
                return entries[index].answer
            }
            index = Int(entries[index].next)
        }
        return nil
    }

    /// Keeps an answer until `end`.
    func keep(_ answer: Answer, by key: UnsafeRawBufferPointer, until end: Int, now: Int) {
        let hash = self.hash(key)
        var index = Int(buckets[bucket(hash)])
        while index >= 0 {
            if entries[index].hash == hash, isSame(entries[index].key, key) {
                entries[index].answer = answer
                entries[index].endMilliseconds = end
                entries[index].isUsed = true
                return
            }
            index = Int(entries[index].next)
        }
        let entry = Entry(hash: hash, key: Array(key), answer: answer, endMilliseconds: end, isUsed: false, next: -1)
        keyBytes &+= key.count
        if keyBytes > Self.longestKeys, !entries.isEmpty {
            // Long keys of many callers: what is there now is not worth a list of its own.
            entries.removeAll()
            for index in buckets.indices { buckets[index] = -1 }
            hand = 0
            keyBytes = key.count
        }
        if entries.count < capacity {
            entries.append(entry)
            if entries.count > buckets.count { grow() } else { link(entries.count - 1) }
        } else {
            let place = room(now)
            unlink(place)
            keyBytes &-= entries[place].key.count
            entries[place] = entry
            link(place)
        }
    }

    private func room(_ now: Int) -> Int {
        // Twice round at most: the first time takes the marks of use away.
        for _ in 0..<entries.count &* 2 {
            let place = hand
            hand = hand &+ 1 < entries.count ? hand &+ 1 : 0
            if entries[place].endMilliseconds <= now || !entries[place].isUsed { return place }
            entries[place].isUsed = false
        }
        return hand
    }

    private func link(_ place: Int) {
        let bucket = bucket(entries[place].hash)
        entries[place].next = buckets[bucket]
        buckets[bucket] = Int32(truncatingIfNeeded: place)
    }

    private func unlink(_ place: Int) {
        let bucket = bucket(entries[place].hash)
        var index = Int(buckets[bucket])
        if index == place {
            buckets[bucket] = entries[place].next
            return
        }
        while index >= 0 {
            if Int(entries[index].next) == place {
                entries[index].next = entries[place].next
                return
            }
            index = Int(entries[index].next)
        }
    }

    private func grow() {
        buckets = ContiguousArray(repeating: -1, count: buckets.count &* 4)
        for place in entries.indices { link(place) }
    }

    private func bucket(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash & UInt64(buckets.count &- 1)) }

    private func hash(_ key: UnsafeRawBufferPointer) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(seed)
        hasher.combine(bytes: key)
        return UInt64(truncatingIfNeeded: hasher.finalize())
    }

    private func isSame(_ left: [UInt8], _ right: UnsafeRawBufferPointer) -> Bool {
        left.withUnsafeBytes { bytesEqual($0, right) }
    }
}
