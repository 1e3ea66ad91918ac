// Hot: once per member name of a validated body. Allocates: nothing.

/// Hashes of names and values. They only choose a place; equality is always checked.
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
}
