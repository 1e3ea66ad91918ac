// Hot: once per read. Allocates: nothing.

/// Whether a message is UTF-8, by its masked bytes as they come: text that cannot be any more ends at once, and a character
/// may stand in two fragments.
///
/// Source: RFC 6455, section 8.1; The Unicode Standard, table 3-7.
struct MaskedText {
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    /// Bytes that the last character lacks.
    private var missing = 0
    /// What the next of them may be.
    private var bounds: ClosedRange<UInt8> = 0x80...0xBF

    /// Whether no character is cut.
    var isWhole: Bool { missing == 0 }

    /// Takes the next bytes of a payload, the first of which stands at `offset`; `false` if they are no text.
    mutating func take(_ bytes: UnsafeRawBufferPointer, key: UInt32, offset: Int) -> Bool {
        let key = MaskKey(key, offset: offset)
        var at = 0
        while at < bytes.count {
            // Almost all text is ASCII, and then this is all that runs.
            while missing == 0, bytes.count &- at >= 8,
                (bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self) ^ key.word) & Self.highBits == 0
            {
                at &+= 8
            }
            // Words begin where the key does.
            let end = min(bytes.count, at &+ 8)
            while at < end {
                guard take(bytes[at] ^ key[at]) else { return false }
                at &+= 1
            }
        }
        return true
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard missing == 0 else {
            guard bounds.contains(byte) else { return false }
            missing &-= 1
            bounds = 0x80...0xBF
            return true
        }
        switch byte {
        case 0x00...0x7F: return true
        case 0xC2...0xDF: missing = 1
        case 0xE0: (missing, bounds) = (2, 0xA0...0xBF)
        case 0xED: (missing, bounds) = (2, 0x80...0x9F)
        case 0xE1...0xEF: missing = 2
        case 0xF0: (missing, bounds) = (3, 0x90...0xBF)
        case 0xF1...0xF3: missing = 3
        case 0xF4: (missing, bounds) = (3, 0x80...0x8F)
        default: return false
        }
        return true
    }
}
