// Hot: once per text of an event. Allocates: only for texts that are not UTF-8.

internal import PorticoPrograms

/// Writes texts of requests as JSON strings, eight bytes at a time.
///
/// What is not UTF-8 becomes U+FFFD. Escapes are those of Jackson, which writes the events of API Gateway.
enum EventText {
    /// Bytes that are looked at with one reservation of memory.
    private static let pieceBytes = 4096
    /// A control character becomes `\u00XX`.
    private static let longestEscape = 6

    /// Appends the text with quotes.
    @inline(__always)
    static func appendQuoted(_ text: UnsafeRawBufferPointer, into output: OutputBuffer) {
        output.append(0x22)
        appendEscaped(text, into: output)
        output.append(0x22)
    }

    /// Appends what stands between the quotes.
    static func appendEscaped(_ text: UnsafeRawBufferPointer, into output: OutputBuffer) {
        guard let source = text.baseAddress else { return }
        let start = output.count
        var high: UInt64 = 0
        var place = 0
        while place < text.count {
            let end = min(place &+ pieceBytes, text.count)
            output.reserve((end &- place) &* longestEscape &+ 8)
            let target = output.base + output.count
            var written = 0
            while place < end {
                if place &+ 8 <= end {
                    let word = source.loadUnaligned(fromByteOffset: place, as: UInt64.self)
                    // Stored whole, even where only its first bytes count: there is room.
                    target.storeBytes(of: word, toByteOffset: written, as: UInt64.self)
                    high |= word
                    let hits = WordScan.below(word, 0x20) | WordScan.equal(word, 0x22) | WordScan.equal(word, 0x5C)
                    if hits == 0 {
                        place &+= 8
                        written &+= 8
                        continue
                    }
                    let plain = WordScan.first(hits)
                    place &+= plain
                    written &+= plain
                }
                let byte = source.load(fromByteOffset: place, as: UInt8.self)
                place &+= 1
                if byte >= 0x20 && byte != 0x22 && byte != 0x5C {
                    high |= UInt64(byte)
                    target.storeBytes(of: byte, toByteOffset: written, as: UInt8.self)
                    written &+= 1
                } else {
                    written &+= storeEscape(byte, to: target + written)
                }
            }
            output.advance(by: written)
        }
        if WordScan.high(high) != 0, !UTF8Text.isValid(text) {
            output.truncate(to: start)
            appendRepaired(text, into: output)
        }
    }

    @inline(never)
    private static func appendRepaired(_ text: UnsafeRawBufferPointer, into output: OutputBuffer) {
        let repaired = OutputBuffer(capacity: text.count &+ 64)
        UTF8Text.appendRepaired(text, into: repaired)
        appendEscaped(repaired.bytes, into: output)
    }

    /// Stores the escape of a byte that cannot stand in a string; gives its length.
    private static func storeEscape(_ byte: UInt8, to target: UnsafeMutableRawPointer) -> Int {
        let letter: UInt8
        switch byte {
        case 0x22, 0x5C: letter = byte
        case 0x08: letter = UInt8(ascii: "b")
        case 0x09: letter = UInt8(ascii: "t")
        case 0x0A: letter = UInt8(ascii: "n")
        case 0x0C: letter = UInt8(ascii: "f")
        case 0x0D: letter = UInt8(ascii: "r")
        default:
            // \u00, then two digits.
            target.storeBytes(of: UInt32(0x3030_755C).littleEndian, as: UInt32.self)
            let low = byte & 15
            target.storeBytes(of: 0x30 &+ byte &>> 4, toByteOffset: 4, as: UInt8.self)
            target.storeBytes(of: low < 10 ? 0x30 &+ low : 0x37 &+ low, toByteOffset: 5, as: UInt8.self)
            return 6
        }
        target.storeBytes(of: 0x5C, as: UInt8.self)
        target.storeBytes(of: letter, toByteOffset: 1, as: UInt8.self)
        return 2
    }
}
