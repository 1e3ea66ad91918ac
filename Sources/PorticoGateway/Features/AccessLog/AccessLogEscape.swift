// Hot: once per value of an access log. Allocates: nothing once the output has grown.

internal import PorticoPrograms

/// Writes values into access logs so that they stay within their place.
enum AccessLogEscape {
    static func append(
        _ value: UnsafeRawBufferPointer, _ escaping: AccessLogFormat.Escaping, into output: OutputBuffer
    ) {
        var start = 0
        var at = 0
        while at < value.count {
            if at &+ 8 <= value.count, escaping != .xml,
                passes(word: value.loadUnaligned(fromByteOffset: at, as: UInt64.self), escaping)
            {
                at &+= 8
                continue
            }
            let byte = value[at]
            if byte < 0x80 {
                if passes(byte, escaping) {
                    at &+= 1
                    continue
                }
                output.append(UnsafeRawBufferPointer(rebasing: value[start..<at]))
                escape(byte, escaping, into: output)
                at &+= 1
                start = at
                continue
            }
            let length = characterLength(value, at)
            let isControl = length > 0 && isControl(value, at)
            if length > 0, !isControl {
                at &+= length
                continue
            }
            output.append(UnsafeRawBufferPointer(rebasing: value[start..<at]))
            output.append("\u{FFFD}")
            at &+= max(length, 1)
            start = at
        }
        output.append(UnsafeRawBufferPointer(rebasing: value[start...]))
    }

    /// Whether eight bytes pass as they are; `false` when some may not. Not for XML.
    ///
    /// *Source:* H. Warren, "Hacker's Delight", "Find First 0-Byte", of the word with the byte looked for taken out.
    @inline(__always)
    private static func passes(word: UInt64, _ escaping: AccessLogFormat.Escaping) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        func has(_ byte: UInt64) -> UInt64 {
            let rest = word ^ (ones &* byte)
            return (rest &- ones) & ~rest
        }
        // Beyond ASCII, control characters, DEL.
        var found = word | (word &- ones &* 0x20) & ~word | has(0x7F)
        if escaping != .string { found |= has(0x22) | has(0x5C) }
        if escaping == .plain { found |= has(0x20) }
        return found & highs == 0
    }

    @inline(__always)
    private static func passes(_ byte: UInt8, _ escaping: AccessLogFormat.Escaping) -> Bool {
        guard byte >= 0x20, byte != 0x7F else { return false }
        switch escaping {
        case .json: return byte != 0x22 && byte != 0x5C
        case .xml: return byte != 0x22 && byte != 0x26 && byte != 0x27 && byte != 0x3C && byte != 0x3E
        case .plain: return byte != 0x20 && byte != 0x22 && byte != 0x5C
        case .words: return byte != 0x22 && byte != 0x5C
        case .string: return true
        }
    }

    private static func escape(_ byte: UInt8, _ escaping: AccessLogFormat.Escaping, into output: OutputBuffer) {
        switch escaping {
        case .json:
            output.append(0x5C)
            switch byte {
            case 0x22, 0x5C: output.append(byte)
            case 0x08: output.append(0x62)
            case 0x09: output.append(0x74)
            case 0x0A: output.append(0x6E)
            case 0x0C: output.append(0x66)
            case 0x0D: output.append(0x72)
            default:
                output.append("u00")
                hexadecimal(byte, into: output)
            }
        case .xml:
            switch byte {
            case 0x22: output.append("&quot;")
            case 0x26: output.append("&amp;")
            case 0x27: output.append("&#39;")
            case 0x3C: output.append("&lt;")
            case 0x3E: output.append("&gt;")
            // XML 1.0 has no way to write most of them.
            default: output.append("\u{FFFD}")
            }
        case .plain, .words:
            output.append(0x25)
            hexadecimal(byte, into: output)
        case .string: output.append(0x20)
        }
    }

    private static func hexadecimal(_ byte: UInt8, into output: OutputBuffer) {
        func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 &+ value : 0x37 &+ value }
        output.append(digit(byte &>> 4))
        output.append(digit(byte & 0x0F))
    }

    /// Whether the well-formed character is a control character beyond ASCII (U+0080 to U+009F) or one that some readers
    /// take for the end of a line (U+2028, U+2029).
    @inline(__always)
    private static func isControl(_ value: UnsafeRawBufferPointer, _ at: Int) -> Bool {
        if value[at] == 0xC2 { return value[at &+ 1] < 0xA0 }
        return value[at] == 0xE2 && value[at &+ 1] == 0x80 && value[at &+ 2] & 0xFE == 0xA8
    }

    /// Bytes of the well-formed character that begins at `at` and is not ASCII; 0 if there is none.
    /// *Source:* The Unicode Standard, table 3-7.
    private static func characterLength(_ value: UnsafeRawBufferPointer, _ at: Int) -> Int {
        let lead = value[at]
        let length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0
        guard length > 0, value.count &- at >= length else { return 0 }
        let second = value[at &+ 1]
        let lowest: UInt8 = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80
        let highest: UInt8 = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF
        guard second >= lowest, second <= highest else { return 0 }
        var index = 2
        while index < length {
            guard value[at &+ index] & 0xC0 == 0x80 else { return 0 }
            index &+= 1
        }
        return length
    }
}
