// Hot: once per member name of a validated body. Allocates: nothing.

/// Hashes and comparisons of names and values. They only choose a place; equality is always checked.
enum SchemaHash {
    @inline(__always)
    static func mix(_ hash: UInt64, _ word: UInt64) -> UInt64 {
        let product = (hash ^ word ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        return product.low ^ product.high
    }

    /// Hashes bytes, eight at a time.
    @inline(__always)
    static func bytes(_ start: UnsafePointer<UInt8>, _ count: Int, _ seed: UInt64 = 0) -> UInt64 {
        let raw = UnsafeRawPointer(start)
        let hash = seed ^ UInt64(truncatingIfNeeded: count)
        if count >= 8 {
            var at = 0
            var result = hash
            while at &+ 8 < count {
                result = mix(result, raw.loadUnaligned(fromByteOffset: at, as: UInt64.self))
                at &+= 8
            }
            return mix(result, raw.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self))
        }
        if count >= 4 {
            let low = UInt64(raw.loadUnaligned(as: UInt32.self))
            let high = UInt64(raw.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self))
            return mix(hash, high &<< 32 | low)
        }
        if count == 0 { return mix(hash, 0) }
        let word = UInt64(start[0]) | UInt64(start[count &>> 1]) &<< 8 | UInt64(start[count &- 1]) &<< 16
        return mix(hash, word)
    }

    /// Whether two names of the same length are equal: without a call up to 16 bytes, which nearly all names have.
    @inline(__always)
    static func areEqual(_ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        let a = UnsafeRawPointer(left)
        let b = UnsafeRawPointer(right)
        if count >= 8 {
            if a.loadUnaligned(as: UInt64.self) != b.loadUnaligned(as: UInt64.self) { return false }
            if count > 16 {
                return bytesEqual(
                    UnsafeRawBufferPointer(start: a, count: count), UnsafeRawBufferPointer(start: b, count: count))
            }
            return a.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
                == b.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
        }
        if count >= 4 {
            return a.loadUnaligned(as: UInt32.self) == b.loadUnaligned(as: UInt32.self)
                && a.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)
                    == b.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)
        }
        if count == 0 { return true }
        return left[0] == right[0] && left[count &>> 1] == right[count &>> 1] && left[count &- 1] == right[count &- 1]
    }
}
