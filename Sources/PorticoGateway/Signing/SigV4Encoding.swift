// Hot: several times per signed request. Allocates: nothing.

internal import Crypto
internal import PorticoPrograms

/// The encodings that Signature Version 4 is made of.
///
/// Source: IAM User Guide, "Create a signed AWS API request", `UriEncode()` and `Hex()`.
enum SigV4Encoding {
    /// Whether a byte stays as it is: `A-Z a-z 0-9 - . _ ~`. Two words are the whole table.
    @inline(__always)
    static func isUnreserved(_ byte: UInt8) -> Bool {
        let bits: UInt64 = byte & 0x40 == 0 ? 0x03FF_6000_0000_0000 : 0x47FF_FFFE_87FF_FFFE
        return byte < 0x80 && (bits &>> UInt64(byte & 0x3F)) & 1 != 0
    }

    /// Appends bytes, percent-encoded in capitals, but for unreserved ones and, if wanted, `/`.
    static func appendEncoded(_ bytes: UnsafeRawBufferPointer, to output: OutputBuffer, keepingSlash: Bool) {
        // A request's path is shorter than any limit that this could overflow.
        output.reserve(bytes.count &* 3)
        let target = output.base + output.count
        var length = 0
        for byte in bytes {
            put(byte, target, &length, asItIs: isUnreserved(byte) || (keepingSlash && byte == 0x2F))
        }
        output.advance(by: length)
    }

    /// Appends bytes decoded and encoded anew, so that all ways to write the same text give one.
    ///
    /// `+` is a plus sign, and a `%` that begins no escape is a percent sign.
    static func appendReencoded(_ bytes: UnsafeRawBufferPointer, to output: OutputBuffer, keepingSlash: Bool) {
        output.reserve(bytes.count &* 3)
        let target = output.base + output.count
        var length = 0
        var index = 0
        while index < bytes.count {
            let byte = unescaped(bytes, &index)
            put(byte, target, &length, asItIs: isUnreserved(byte) || (keepingSlash && byte == 0x2F))
        }
        output.advance(by: length)
    }

    /// Appends bytes with their percent escapes decoded.
    static func appendDecoded(_ bytes: UnsafeRawBufferPointer, to output: OutputBuffer) {
        output.reserve(bytes.count)
        let target = output.base + output.count
        var length = 0
        var index = 0
        while index < bytes.count {
            target.storeBytes(of: unescaped(bytes, &index), toByteOffset: length, as: UInt8.self)
            length &+= 1
        }
        output.advance(by: length)
    }

    /// The byte at `index`, or the one that an escape there stands for. Moves `index` behind it.
    @inline(__always)
    private static func unescaped(_ bytes: UnsafeRawBufferPointer, _ index: inout Int) -> UInt8 {
        let byte = bytes[index]
        index &+= 1
        guard byte == 0x25, bytes.count &- index >= 2 else { return byte }
        guard let high = hexValue(bytes[index]), let low = hexValue(bytes[index &+ 1]) else { return byte }
        index &+= 2
        return high &<< 4 | low
    }

    @inline(__always)
    private static func put(
        _ byte: UInt8, _ target: UnsafeMutableRawPointer, _ length: inout Int, asItIs: Bool
    ) {
        if asItIs {
            target.storeBytes(of: byte, toByteOffset: length, as: UInt8.self)
            length &+= 1
        } else {
            target.storeBytes(of: 0x25, toByteOffset: length, as: UInt8.self)
            target.storeBytes(of: capitalHex(byte &>> 4), toByteOffset: length &+ 1, as: UInt8.self)
            target.storeBytes(of: capitalHex(byte & 0x0F), toByteOffset: length &+ 2, as: UInt8.self)
            length &+= 3
        }
    }

    @inline(__always)
    private static func capitalHex(_ value: UInt8) -> UInt8 { value &+ (value > 9 ? 55 : 48) }

    @inline(__always)
    private static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte &- 0x30
        case 0x41...0x46: byte &- 0x37
        case 0x61...0x66: byte &- 0x57
        default: nil
        }
    }

    /// Appends a hash in small hexadecimal.
    static func appendHex(_ digest: SHA256Digest, to output: OutputBuffer) {
        output.appendUninitialized(SigV4.hashCharacters) { target in
            digest.withUnsafeBytes { bytes in
                // A digest of SHA-256 is eight words of four bytes, each of which becomes eight characters.
                for index in 0..<8 {
                    let word = bytes.loadUnaligned(fromByteOffset: index &* 4, as: UInt32.self).bigEndian
                    target.storeBytes(of: hex(word).bigEndian, toByteOffset: index &* 8, as: UInt64.self)
                }
            }
        }
    }

    /// The characters of eight nibbles, the highest first, all at once: each nibble gets a byte of its own, and those
    /// above nine are moved on to the letters.
    @inline(__always)
    private static func hex(_ word: UInt32) -> UInt64 {
        var nibbles = UInt64(word)
        nibbles = (nibbles &<< 16 | nibbles) & 0x0000_FFFF_0000_FFFF
        nibbles = (nibbles &<< 8 | nibbles) & 0x00FF_00FF_00FF_00FF
        nibbles = (nibbles &<< 4 | nibbles) & 0x0F0F_0F0F_0F0F_0F0F
        let aboveNine = (nibbles &+ 0x0606_0606_0606_0606) &>> 4 & 0x0101_0101_0101_0101
        return nibbles &+ 0x3030_3030_3030_3030 &+ aboveNine &* 0x27
    }

    /// SHA-256 of bytes.
    @inline(__always)
    static func hash(_ bytes: UnsafeRawBufferPointer) -> SHA256Digest {
        var hash = SHA256()
        hash.update(bufferPointer: bytes)
        return hash.finalize()
    }

    /// Whether both are the same, in a time that does not tell where they differ.
    static func areSame(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for index in 0..<left.count { difference |= left[index] ^ right[index] }
        return difference == 0
    }
}
