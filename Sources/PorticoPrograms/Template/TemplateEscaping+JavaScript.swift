// Hot: once per use of `$util.escapeJavaScript`. Allocates: nothing.

extension TemplateEscaping {
    /// Escapes as commons-lang 2 does: quotes of both kinds, backslash, slash, control characters, and all beyond ASCII.
    /// Unconfirmed: the slash and what is beyond ASCII, on API Gateway.
    ///
    /// With `hasEscapes` the text is that of a JSON string that a tape has checked. Its escapes, but for `\\u`, are
    /// JavaScript's as well.
    static func appendJavaScript(_ text: UnsafeRawBufferPointer, hasEscapes: Bool, into output: OutputBuffer) {
        guard var at = text.baseAddress else { return }
        let end = at + text.count
        output.reserve(text.count &+ Self.room)
        var target = output.base + output.count
        var limit = output.base + (output.capacity &- Self.room)
        while at < end {
            if target > limit {
                output.advance(by: target - (output.base + output.count))
                output.reserve(end - at &+ Self.room)
                target = output.base + output.count
                limit = output.base + (output.capacity &- Self.room)
            }
            let left = end - at
            let word = left >= 8 ? UInt64(littleEndian: at.loadUnaligned(as: UInt64.self)) : lastWord(at, left)
            // What is too much is written over.
            target.storeBytes(of: word.littleEndian, as: UInt64.self)
            let marks = marks(word)
            if marks == 0 {
                let plain = min(left, 8)
                at += plain
                target += plain
                continue
            }
            let plain = marks.trailingZeroBitCount &>> 3
            at += plain
            target += plain
            let byte = at.load(as: UInt8.self)
            if byte == 0x5C, hasEscapes, end - at >= 2 {
                let letter = at.load(fromByteOffset: 1, as: UInt8.self)
                if letter != 0x75 {
                    target.storeBytes(of: byte, as: UInt8.self)
                    target.storeBytes(of: letter, toByteOffset: 1, as: UInt8.self)
                    at += 2
                    target += 2
                    continue
                }
            } else if byte == 0x22 || byte == 0x27 || byte == 0x2F || byte == 0x5C {
                target.storeBytes(of: 0x5C, as: UInt8.self)
                target.storeBytes(of: byte, toByteOffset: 1, as: UInt8.self)
                at += 1
                target += 2
                continue
            }
            output.advance(by: target - (output.base + output.count))
            at += appendRare(UnsafeRawBufferPointer(start: at, count: end - at), hasEscapes, output)
            output.reserve(end - at &+ Self.room)
            target = output.base + output.count
            limit = output.base + (output.capacity &- Self.room)
        }
        output.advance(by: target - (output.base + output.count))
    }

    /// What one round writes at most, and more.
    private static var room: Int { 16 }

    /// The high bits of the bytes that do not stand for themselves; only the first one is sure.
    @inline(__always)
    private static func marks(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quotes = ((word ^ (ones &* 0x22)) &- ones) | ((word ^ (ones &* 0x27)) &- ones)
        let slashes = ((word ^ (ones &* 0x2F)) &- ones) | ((word ^ (ones &* 0x5C)) &- ones)
        return (quotes | slashes | (word &- ones &* 0x20) | word) & (ones &* 0x80)
    }

    /// One to seven bytes, and blanks above them.
    @inline(__always)
    private static func lastWord(_ at: UnsafeRawPointer, _ count: Int) -> UInt64 {
        let blanks: UInt64 = 0x2020_2020_2020_2020 &<< UInt64(truncatingIfNeeded: count &* 8)
        func bits(_ place: Int) -> UInt64 { UInt64(truncatingIfNeeded: place &* 8) }
        if count >= 4 {
            let low = UInt64(UInt32(littleEndian: at.loadUnaligned(as: UInt32.self)))
            let high = UInt64(UInt32(littleEndian: at.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)))
            // Where the two overlap they are the same.
            return low | high &<< bits(count &- 4) | blanks
        }
        let first = UInt64(at.load(as: UInt8.self))
        let middle = UInt64(at.load(fromByteOffset: count &>> 1, as: UInt8.self))
        let last = UInt64(at.load(fromByteOffset: count &- 1, as: UInt8.self))
        return first | middle &<< bits(count &>> 1) | last &<< bits(count &- 1) | blanks
    }

    /// Escapes the character that the text begins with: a control character, one beyond ASCII, or `\\u`. Answers how
    /// many bytes it took.
    @inline(never)
    private static func appendRare(_ text: UnsafeRawBufferPointer, _ hasEscapes: Bool, _ output: OutputBuffer) -> Int {
        if text[0] == 0x5C, hasEscapes {
            var pieces = JSONUnescaper(text)
            if case .scalar(let scalar)? = pieces.next() { appendJavaScript(scalar, into: output) }
            return max(pieces.at, 1)
        }
        guard text[0] >= 0x80 else {
            appendJavaScript(UInt32(text[0]), into: output)
            return 1
        }
        let (scalar, length) = UTF16Text.scalar(text, at: 0)
        appendUnits(scalar, into: output)
        return length
    }

    /// Escapes one code point; a lone surrogate becomes a question mark, as text that holds one would.
    private static func appendJavaScript(_ scalar: UInt32, into output: OutputBuffer) {
        if scalar >= 0x80 {
            return scalar & 0xFFFF_F800 == 0xD800 ? output.append(0x3F) : appendUnits(scalar, into: output)
        }
        let letter: UInt8
        switch scalar {
        case 0x22, 0x27, 0x2F, 0x5C: letter = UInt8(scalar)
        case 0x08: letter = UInt8(ascii: "b")
        case 0x09: letter = UInt8(ascii: "t")
        case 0x0A: letter = UInt8(ascii: "n")
        case 0x0C: letter = UInt8(ascii: "f")
        case 0x0D: letter = UInt8(ascii: "r")
        case 0x20...0x7F: return output.append(UInt8(scalar))
        default: return appendUnit(scalar, into: output)
        }
        output.append(UInt8(ascii: "\\"))
        output.append(letter)
    }

    private static func appendUnits(_ scalar: UInt32, into output: OutputBuffer) {
        guard scalar > 0xFFFF else { return appendUnit(scalar, into: output) }
        appendUnit(0xD800 + (scalar - 0x10000) >> 10, into: output)
        appendUnit(0xDC00 + (scalar - 0x10000) & 0x3FF, into: output)
    }

    private static func appendUnit(_ unit: UInt32, into output: OutputBuffer) {
        output.append(UInt8(ascii: "\\"))
        output.append(UInt8(ascii: "u"))
        for shift: UInt32 in [12, 8, 4, 0] { output.append(hexadecimal[Int(unit >> shift & 15)]) }
    }
}
