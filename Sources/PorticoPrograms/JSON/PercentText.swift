// Hot: once per parameter. Allocates: nothing.

/// Percent-encoding of URLs and forms.
public enum PercentText {
    /// What stays as it is when text is encoded.
    public enum Rule: Sendable {
        /// A part of a path or query by RFC 3986: letters, digits and `-._~`.
        case component
        /// A form, as `java.net.URLEncoder` writes it: letters, digits and `-._*`; a blank becomes `+`.
        case form
        /// A path whose slashes stand for themselves.
        case path
    }

    private static let hexDigits: StaticString = "0123456789ABCDEF"

    /// Appends the text with everything encoded that the rule does not let through.
    public static func appendEncoded(_ text: UnsafeRawBufferPointer, _ rule: Rule, into output: OutputBuffer) {
        for byte in text {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: output.append(byte)
            case 0x7E where rule != .form: output.append(byte)
            case 0x2A where rule == .form: output.append(byte)
            case 0x2F where rule == .path: output.append(byte)
            case 0x20 where rule == .form: output.append(0x2B)
            default:
                output.append(0x25)
                output.append(hexDigits.utf8Start[Int(byte &>> 4)])
                output.append(hexDigits.utf8Start[Int(byte & 15)])
            }
        }
    }

    /// Appends the text with `%XX` decoded and, in a form or query, `+` as a blank. A `%` that begins no code stays.
    /// Answers whether there was none of those, since Java's decoder refuses them.
    @discardableResult
    public static func appendDecoded(
        _ text: UnsafeRawBufferPointer, plusIsBlank: Bool, into output: OutputBuffer
    ) -> Bool {
        var isWellFormed = true
        var start = 0
        var at = 0
        while at < text.count {
            let byte = text[at]
            guard byte == 0x25 || (byte == 0x2B && plusIsBlank) else {
                at &+= 1
                continue
            }
            output.append(UnsafeRawBufferPointer(rebasing: text[start..<at]))
            if byte == 0x2B {
                output.append(0x20)
                at &+= 1
            } else if text.count &- at >= 3, hexValue(text[at &+ 1]) < 16, hexValue(text[at &+ 2]) < 16 {
                output.append(hexValue(text[at &+ 1]) &<< 4 | hexValue(text[at &+ 2]))
                at &+= 3
            } else {
                output.append(byte)
                isWellFormed = false
                at &+= 1
            }
            start = at
        }
        output.append(UnsafeRawBufferPointer(rebasing: text[start...]))
        return isWellFormed
    }

    /// Whether decoding would change the text, so that a caller can keep the bytes where they are.
    public static func needsDecoding(_ text: UnsafeRawBufferPointer, plusIsBlank: Bool) -> Bool {
        text.contains { $0 == 0x25 || ($0 == 0x2B && plusIsBlank) }
    }
}
