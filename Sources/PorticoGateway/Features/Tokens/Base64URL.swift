// Hot: once per token that is not known yet. Allocates: the decoded bytes.

/// Base64 with the alphabet of URLs and without padding, as JOSE has it.
///
/// Each value has one spelling here: other alphabets, padding, blanks and bits that belong to no byte are refused, so that
/// two different texts never are the same token.
///
/// *Source:* RFC 7515, 2 and appendix C; RFC 4648, 3.5 and 5.
enum Base64URL {
    /// The bytes; `nil` if `text` is none of their spellings.
    static func decoded(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
        let tail = text.count & 3
        guard tail != 1 else { return nil }
        let size = text.count / 4 * 3 + (tail == 0 ? 0 : tail - 1)
        var isValid = true
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { output, count in
            var word: UInt32 = 0
            var bits: UInt32 = 0
            var place = 0
            for character in text {
                let value = value(of: character)
                guard value < 64 else {
                    isValid = false
                    break
                }
                word = word &<< 6 | UInt32(value)
                bits &+= 6
                if bits >= 8 {
                    bits &-= 8
                    output[place] = UInt8(truncatingIfNeeded: word &>> bits)
                    place &+= 1
                }
            }
            if word & (1 &<< bits &- 1) != 0 { isValid = false }
            count = place
        }
        return isValid ? bytes : nil
    }

    @inline(__always)
    private static func value(of character: UInt8) -> UInt8 {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): character &- 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): character &- 71
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character &+ 4
        case UInt8(ascii: "-"): 62
        case UInt8(ascii: "_"): 63
        default: 255
        }
    }
}
