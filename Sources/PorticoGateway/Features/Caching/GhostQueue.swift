/// Hashes of answers that were evicted after little use, in the order of that: an answer that comes back soon is wanted.
///
/// It holds no answers. Two keys of one hash would be taken for each other, which does no more than to put an answer
/// into the other queue.
///
/// *Source:* Yang et al., SOSP 2023, the queue G.
struct GhostQueue {
    /// Hashes by their number, modulo the size.
    private var ring = ContiguousArray<UInt64>(repeating: 0, count: 16)
    /// Number of the entry of a hash in the ring. One that came back leaves its place in the ring behind.
    private var numbers: [UInt64: UInt32] = [:]
    private var first: UInt32 = 0
    private var next: UInt32 = 0

    /// Hashes that are remembered.
    var count: Int { numbers.count }

    /// Remembers a hash, and forgets the oldest ones beyond `limit`.
    mutating func insert(_ hash: UInt64, limit: Int) {
        while next &- first >= UInt32(clamping: max(limit, 1)) { removeFirst() }
        if Int(next &- first) == ring.count { grow() }
        ring[place(next)] = hash
        numbers[hash] = next
        next &+= 1
    }

    /// Forgets a hash. `true` if it was remembered.
    mutating func remove(_ hash: UInt64) -> Bool { numbers.removeValue(forKey: hash) != nil }

    private mutating func removeFirst() {
        let hash = ring[place(first)]
        if numbers[hash] == first { numbers[hash] = nil }
        first &+= 1
    }

    private func place(_ number: UInt32) -> Int { Int(number & UInt32(truncatingIfNeeded: ring.count &- 1)) }

    private mutating func grow() {
        var larger = ContiguousArray<UInt64>(repeating: 0, count: ring.count * 2)
        let mask = UInt32(truncatingIfNeeded: larger.count &- 1)
        var number = first
        while number != next {
            larger[Int(number & mask)] = ring[place(number)]
            number &+= 1
        }
        ring = larger
    }
}
