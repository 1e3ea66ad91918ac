// Hot: once per path segment. Allocates: nothing.

/// Finds the end of a path segment and its hash in one pass over eight bytes at a time.
///
/// The hash folds the segment's little-endian words, the last one padded with zeros, and its length. It is never stored
/// in a file: tables are hashed anew when they are loaded, so the function may change freely. It is not keyed, since only
/// the author of an API chooses what the tables hold; what a client sends is looked up and never inserted.
enum SegmentScanner {
    static let slash: UInt8 = 0x2F

    private static let slashes: UInt64 = 0x2F2F_2F2F_2F2F_2F2F
    private static let lowBits: UInt64 = 0x0101_0101_0101_0101
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    /// A segment as the search compares it.
    struct Segment {
        /// One past its last byte.
        var end: Int
        var hash: UInt32
        /// What is left of it after whole words of eight bytes, padded with zeros: all of a short segment.
        var tail: UInt64
    }

    /// The segment that begins at `start`.
    @inline(__always)
    static func scan(_ path: UnsafeRawBufferPointer, from start: Int) -> Segment {
        let count = path.count
        var hash: UInt64 = 0
        var at = start
        while count &- at >= 8 {
            let word = UInt64(littleEndian: path.loadUnaligned(fromByteOffset: at, as: UInt64.self))
            let found = slashMask(word)
            if found != 0 {
                // The lowest set bit is exact; the ones above it may be false.
                let bytes = found.trailingZeroBitCount &>> 3
                let kept = word & ((1 &<< UInt64(truncatingIfNeeded: bytes &* 8)) &- 1)
                return Segment(end: at &+ bytes, hash: finish(hash, kept, at &+ bytes &- start), tail: kept)
            }
            hash = fold(hash, word)
            at &+= 8
        }
        // Fewer than eight bytes are left. The last eight of the path, shifted, are those bytes and zeros above.
        var word: UInt64 = 0
        let left = count &- at
        if count >= 8 {
            word = UInt64(littleEndian: path.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self))
            word = word >> UInt64(truncatingIfNeeded: (8 &- left) &* 8)
        } else {
            for index in 0..<left { word |= UInt64(path[at &+ index]) &<< UInt64(truncatingIfNeeded: index &* 8) }
        }
        let found = slashMask(word)
        let bytes = found == 0 ? left : found.trailingZeroBitCount &>> 3
        if found != 0 { word &= (1 &<< UInt64(truncatingIfNeeded: bytes &* 8)) &- 1 }
        return Segment(end: at &+ bytes, hash: finish(hash, word, at &+ bytes &- start), tail: word)
    }

    /// Whether the whole words of eight bytes are equal in `count` bytes of `left` from `leftStart` and of `right` from
    /// `rightStart`. What is left of the last word is compared as ``Segment/tail``.
    @inline(__always)
    static func equalWords(
        _ left: UnsafeRawBufferPointer, _ leftStart: Int, _ right: UnsafeRawBufferPointer, _ rightStart: Int,
        count: Int
    ) -> Bool {
        var at = 0
        while count &- at >= 8 {
            if left.loadUnaligned(fromByteOffset: leftStart &+ at, as: UInt64.self)
                != right.loadUnaligned(fromByteOffset: rightStart &+ at, as: UInt64.self)
            {
                return false
            }
            at &+= 8
        }
        return true
    }

    @inline(__always)
    private static func slashMask(_ word: UInt64) -> UInt64 {
        let zeroed = word ^ slashes
        return (zeroed &- lowBits) & ~zeroed & highBits
    }

    @inline(__always)
    private static func fold(_ hash: UInt64, _ word: UInt64) -> UInt64 {
        let mixed = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
        return mixed ^ (mixed &>> 32)
    }

    @inline(__always)
    private static func finish(_ hash: UInt64, _ word: UInt64, _ length: Int) -> UInt32 {
        let mixed = fold(hash &+ UInt64(truncatingIfNeeded: length), word) &* 0xC4CE_B9FE_1A85_EC53
        return UInt32(truncatingIfNeeded: mixed &>> 32)
    }
}
