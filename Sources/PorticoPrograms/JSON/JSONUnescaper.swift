// Hot: once per byte of an escaped string. Allocates: nothing.

/// Walks the text of a JSON string as code points, with its escapes undone. The text must have passed ``JSONTape``.
struct JSONUnescaper {
    private let bytes: UnsafeRawBufferPointer
    private(set) var at = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// The next piece.
    enum Piece {
        /// Bytes that stand for themselves, without backslash.
        case plain(UnsafeRawBufferPointer)
        /// What an escape spells; a lone surrogate stays one.
        case scalar(UInt32)
    }

    /// Takes the next run of plain bytes, or one escape.
    mutating func next() -> Piece? {
        guard at < bytes.count else { return nil }
        let start = at
        while at < bytes.count, bytes[at] != 0x5C { at &+= 1 }
        if at > start { return .plain(UnsafeRawBufferPointer(rebasing: bytes[start..<at])) }
        guard bytes.count &- at >= 2 else {
            at = bytes.count
            return nil
        }
        let letter = bytes[at &+ 1]
        at &+= 2
        switch letter {
        case 0x62: return .scalar(0x08)
        case 0x66: return .scalar(0x0C)
        case 0x6E: return .scalar(0x0A)
        case 0x72: return .scalar(0x0D)
        case 0x74: return .scalar(0x09)
        case 0x75:
            let high = unit(at)
            at = min(at &+ 4, bytes.count)
            // A pair of surrogates is one character.
            guard high & 0xFC00 == 0xD800, bytes.count &- at >= 6, bytes[at] == 0x5C, bytes[at &+ 1] == 0x75 else {
                return .scalar(high)
            }
            let low = unit(at &+ 2)
            guard low & 0xFC00 == 0xDC00 else { return .scalar(high) }
            at &+= 6
            return .scalar(0x10000 &+ (high & 0x3FF) &<< 10 &+ (low & 0x3FF))
        default: return .scalar(UInt32(letter))
        }
    }

    /// Whether a text with escapes spells `bytes`.
    static func spells(_ text: UnsafeRawBufferPointer, _ bytes: UnsafeRawBufferPointer) -> Bool {
        // An escape is never shorter than what it spells.
        guard text.count >= bytes.count else { return false }
        var rest = bytes
        var pieces = JSONUnescaper(text)
        while let piece = pieces.next() {
            switch piece {
            case .plain(let plain):
                guard rest.count >= plain.count,
                    bytesEqual(plain, UnsafeRawBufferPointer(rebasing: rest[..<plain.count]))
                else { return false }
                rest = UnsafeRawBufferPointer(rebasing: rest[plain.count...])
            case .scalar(let scalar):
                let spelt = SpeltScalar(scalar)
                guard rest.count >= spelt.count else { return false }
                for position in 0..<spelt.count where rest[position] != spelt[position] { return false }
                rest = UnsafeRawBufferPointer(rebasing: rest[spelt.count...])
            }
        }
        return rest.isEmpty
    }

    private func unit(_ start: Int) -> UInt32 {
        guard bytes.count &- start >= 4 else { return 0xFFFD }
        var value: UInt32 = 0
        for index in start..<start &+ 4 { value = value &<< 4 | UInt32(hexValue(bytes[index]) & 15) }
        return value
    }
}
