// Hot: once per text written. Allocates: nothing.

/// Writes JSON strings.
public enum JSONText {
    private static let hexDigits: StaticString = "0123456789ABCDEF"

    /// Appends `bytes` as a JSON string with quotes. The bytes should be UTF-8; what is not becomes U+FFFD.
    public static func appendQuoted(_ bytes: UnsafeRawBufferPointer, into output: OutputBuffer) {
        output.append(0x22)
        appendEscaped(bytes, into: output)
        output.append(0x22)
    }

    /// Appends the UTF-8 of `text` as a JSON string with quotes.
    public static func appendQuoted(_ text: String, into output: OutputBuffer) {
        var text = text
        text.withUTF8 { appendQuoted(UnsafeRawBufferPointer($0), into: output) }
    }

    /// Appends what stands between the quotes of a JSON string.
    public static func appendEscaped(_ bytes: UnsafeRawBufferPointer, into output: OutputBuffer) {
        if !UTF8Text.isValid(bytes) {
            let repaired = OutputBuffer(capacity: bytes.count &* 3 &+ 8)
            UTF8Text.appendRepaired(bytes, into: repaired)
            return appendEscapedValid(repaired.bytes, into: output)
        }
        appendEscapedValid(bytes, into: output)
    }

    private static func appendEscapedValid(_ bytes: UnsafeRawBufferPointer, into output: OutputBuffer) {
        var start = 0
        var at = 0
        while at < bytes.count {
            let byte = bytes[at]
            if byte >= 0x20 && byte != 0x22 && byte != 0x5C {
                at &+= 1
                continue
            }
            output.append(UnsafeRawBufferPointer(rebasing: bytes[start..<at]))
            appendEscaped(UInt32(byte), into: output)
            at &+= 1
            start = at
        }
        output.append(UnsafeRawBufferPointer(rebasing: bytes[start...]))
    }

    /// Appends one code point, escaped where JSON demands it.
    @inline(__always)
    static func appendEscaped(_ scalar: UInt32, into output: OutputBuffer) {
        switch scalar {
        case 0x22: output.append("\\\"")
        case 0x5C: output.append("\\\\")
        case 0x08: output.append("\\b")
        case 0x0C: output.append("\\f")
        case 0x0A: output.append("\\n")
        case 0x0D: output.append("\\r")
        case 0x09: output.append("\\t")
        case 0..<0x20:
            output.append("\\u00")
            output.append(hexDigits.utf8Start[Int(scalar &>> 4)])
            output.append(hexDigits.utf8Start[Int(scalar & 15)])
        default: UTF8Text.append(scalar, into: output)
        }
    }
}
