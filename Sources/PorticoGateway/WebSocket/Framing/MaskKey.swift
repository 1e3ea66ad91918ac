// Hot: once per read and per frame. Allocates: nothing.

/// The key of a frame's mask, as it lies over the payload from some place on. Source: RFC 6455, section 5.3.
struct MaskKey {
    /// Four bytes, of which the first is the highest.
    private let bytes: UInt32
    /// What lies over eight bytes, as they are in memory.
    let word: UInt64

    /// - Parameter offset: Bytes of the payload before that place.
    init(_ key: UInt32, offset: Int = 0) {
        let turn = UInt32(offset & 3) &* 8
        bytes = turn == 0 ? key : key &<< turn | key &>> (32 &- turn)
        word = (UInt64(bytes) &<< 32 | UInt64(bytes)).bigEndian
    }

    /// What lies over a byte.
    @inline(__always)
    subscript(_ place: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: bytes &>> (24 &- UInt32(truncatingIfNeeded: place & 3) &* 8))
    }

    /// Takes the mask off `source`, into as many bytes of `target`.
    func unmask(_ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) {
        let count = min(source.count, target.count)
        var at = 0
        while at &+ 8 <= count {
            let masked = source.loadUnaligned(fromByteOffset: at, as: UInt64.self)
            target.storeBytes(of: masked ^ word, toByteOffset: at, as: UInt64.self)
            at &+= 8
        }
        while at < count {
            target[at] = source[at] ^ self[at]
            at &+= 1
        }
    }
}
