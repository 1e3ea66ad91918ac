// Hot: once per query parameter. Allocates: nothing but what the output grows.

internal import PorticoPrograms

/// `application/x-www-form-urlencoded` text, as it stands in query strings.
enum FormCoding {
    /// Appends `text` with `%XX` decoded and `+` as a blank; a `%` without two digits stays as it is.
    static func appendDecoded(_ text: UnsafeRawBufferPointer, into output: OutputBuffer) {
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte == 0x2B {
                output.append(0x20)
            } else if byte == 0x25, index &+ 2 < text.count, let high = digit(text[index &+ 1]),
                let low = digit(text[index &+ 2])
            {
                output.append(high &<< 4 | low)
                index &+= 2
            } else {
                output.append(byte)
            }
            index &+= 1
        }
    }

    /// Appends `text` percent-encoded for a query: everything but unreserved characters.
    static func appendEncoded(_ text: UnsafeRawBufferPointer, into output: OutputBuffer) {
        for byte in text {
            if isUnreserved(byte) {
                output.append(byte)
            } else {
                output.append(0x25)
                output.append(upperDigit(byte &>> 4))
                output.append(upperDigit(byte & 15))
            }
        }
    }

    /// Appends `text` for a path: what may stand in one stays, slashes and percent signs included; the rest is encoded.
    static func appendPath(_ text: UnsafeRawBufferPointer, into output: OutputBuffer) {
        for byte in text {
            if byte > 0x20, byte < 0x7F, byte != 0x3F, byte != 0x23, byte != 0x22, byte != 0x3C, byte != 0x3E {
                output.append(byte)
            } else {
                output.append(0x25)
                output.append(upperDigit(byte &>> 4))
                output.append(upperDigit(byte & 15))
            }
        }
    }

    @inline(__always)
    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte &- 0x30
        case 0x41...0x46: byte &- 0x37
        case 0x61...0x66: byte &- 0x57
        default: nil
        }
    }

    @inline(__always)
    private static func upperDigit(_ value: UInt8) -> UInt8 { value < 10 ? value &+ 0x30 : value &+ 0x37 }

    @inline(__always)
    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
        default: false
        }
    }
}
