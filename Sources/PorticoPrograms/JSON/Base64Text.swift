// Hot: once per converted body. Allocates: nothing.

/// Base64 with the standard alphabet, as `java.util.Base64` reads and writes it.
public enum Base64Text {
    private static let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

    /// Appends the Base64 of the bytes, with padding and without line breaks.
    public static func appendEncoded(_ bytes: UnsafeRawBufferPointer, into output: OutputBuffer) {
        let letters = alphabet.utf8Start
        output.reserve((bytes.count &+ 2) / 3 &* 4)
        var at = 0
        while bytes.count &- at >= 3 {
            let group = UInt32(bytes[at]) &<< 16 | UInt32(bytes[at &+ 1]) &<< 8 | UInt32(bytes[at &+ 2])
            output.append(letters[Int(group &>> 18)])
            output.append(letters[Int(group &>> 12 & 63)])
            output.append(letters[Int(group &>> 6 & 63)])
            output.append(letters[Int(group & 63)])
            at &+= 3
        }
        switch bytes.count &- at {
        case 1:
            output.append(letters[Int(bytes[at] &>> 2)])
            output.append(letters[Int(bytes[at] & 3) &<< 4])
            output.append("==")
        case 2:
            let group = UInt32(bytes[at]) &<< 8 | UInt32(bytes[at &+ 1])
            output.append(letters[Int(group &>> 10)])
            output.append(letters[Int(group &>> 4 & 63)])
            output.append(letters[Int(group & 15) &<< 2])
            output.append("=")
        default: break
        }
    }

    /// Appends the bytes that the Base64 text stands for. Padding may be missing, but must be right when it is there.
    /// Answers `false`, and leaves the output as it was, when the text is not Base64.
    public static func appendDecoded(_ text: UnsafeRawBufferPointer, into output: OutputBuffer) -> Bool {
        let start = output.count
        output.reserve(text.count / 4 &* 3 &+ 3)
        var group: UInt32 = 0
        var letters = 0
        var at = 0
        while at < text.count, text[at] != 0x3D {
            guard let value = value(text[at]) else {
                output.truncate(to: start)
                return false
            }
            group = group &<< 6 | value
            letters &+= 1
            at &+= 1
            if letters == 4 {
                output.append(UInt8(truncatingIfNeeded: group &>> 16))
                output.append(UInt8(truncatingIfNeeded: group &>> 8))
                output.append(UInt8(truncatingIfNeeded: group))
                (group, letters) = (0, 0)
            }
        }
        let padding = text.count &- at
        let isPaddingOnly = text[at...].allSatisfy { $0 == 0x3D }
        guard isPaddingOnly, letters != 1, padding == 0 || (letters >= 2 && padding == 4 &- letters) else {
            output.truncate(to: start)
            return false
        }
        if letters >= 2 {
            group = group &<< (letters == 2 ? 12 : 6)
            output.append(UInt8(truncatingIfNeeded: group &>> 16))
            if letters == 3 { output.append(UInt8(truncatingIfNeeded: group &>> 8)) }
        }
        return true
    }

    @inline(__always)
    private static func value(_ letter: UInt8) -> UInt32? {
        switch letter {
        case 0x41...0x5A: UInt32(letter &- 0x41)
        case 0x61...0x7A: UInt32(letter &- 0x47)
        case 0x30...0x39: UInt32(letter &+ 4)
        case 0x2B: 62
        case 0x2F: 63
        default: nil
        }
    }
}
