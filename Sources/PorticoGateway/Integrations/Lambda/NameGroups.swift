// Hot: once per list of names in an event or a result. Allocates: nothing once its lists have grown.

/// Which items of a list have the same name: headers, or parameters of a query, that come more than once.
///
/// Links each item to the next one of its name. Long lists are grouped by a hash with a seed of the worker's own, so that
/// nobody can choose names that take the square of their number.
struct NameGroups {
    /// For the first item of a name the position of its last one; -1 for the items between.
    private(set) var last = ContiguousArray<Int32>()
    /// The next item of the same name; -1 for none.
    private(set) var next = ContiguousArray<Int32>()
    private var slots = ContiguousArray<Int32>()
    private let seed: UInt64

    /// Lists up to here are compared item by item.
    private static let shortList = 12

    init(seed: UInt64) {
        self.seed = seed | 1
    }

    /// Groups `count` names.
    ///
    /// - Parameter ignoresCase: whether names are the same that differ in the case of ASCII letters.
    @inline(__always)
    mutating func group(_ count: Int, ignoresCase: Bool, _ name: (Int) -> UnsafeRawBufferPointer) {
        last.removeAll(keepingCapacity: true)
        next.removeAll(keepingCapacity: true)
        if count > Self.shortList { clearSlots(for: count) }
        for index in 0..<count {
            let first =
                count > Self.shortList
                ? hashed(index, ignoresCase, name) : compared(index, ignoresCase, name)
            next.append(-1)
            if first < 0 {
                last.append(Int32(truncatingIfNeeded: index))
            } else {
                next[Int(last[first])] = Int32(truncatingIfNeeded: index)
                last[first] = Int32(truncatingIfNeeded: index)
                last.append(-1)
            }
        }
    }

    /// Whether the item is the first of its name.
    @inline(__always)
    func isFirst(_ index: Int) -> Bool { last[index] >= 0 }

    /// The first item of the name of `index` before it; -1 for none.
    @inline(__always)
    private func compared(_ index: Int, _ ignoresCase: Bool, _ name: (Int) -> UnsafeRawBufferPointer) -> Int {
        let wanted = name(index)
        for other in 0..<index where last[other] >= 0 && Self.isSame(wanted, name(other), ignoresCase) { return other }
        return -1
    }

    @inline(__always)
    private mutating func hashed(_ index: Int, _ ignoresCase: Bool, _ name: (Int) -> UnsafeRawBufferPointer) -> Int {
        let wanted = name(index)
        let mask = slots.count &- 1
        var slot = Int(truncatingIfNeeded: hash(wanted, ignoresCase)) & mask
        while true {
            let other = Int(slots[slot])
            if other < 0 {
                slots[slot] = Int32(truncatingIfNeeded: index)
                return -1
            }
            if Self.isSame(wanted, name(other), ignoresCase) { return other }
            slot = (slot &+ 1) & mask
        }
    }

    private mutating func clearSlots(for count: Int) {
        var size = 64
        while size < count &* 2 { size &*= 2 }
        slots.removeAll(keepingCapacity: true)
        slots.append(contentsOf: repeatElement(-1, count: size))
    }

    private func hash(_ name: UnsafeRawBufferPointer, _ ignoresCase: Bool) -> UInt64 {
        var hash = seed
        for byte in name {
            let folded = ignoresCase && byte &- 0x41 < 26 ? byte | 0x20 : byte
            hash = (hash ^ UInt64(folded)) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash &>> 29
        }
        return hash
    }

    @inline(__always)
    private static func isSame(
        _ one: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer, _ ignoresCase: Bool
    ) -> Bool {
        ignoresCase ? bytesEqualIgnoringCase(one, other) : bytesEqual(one, other)
    }
}
