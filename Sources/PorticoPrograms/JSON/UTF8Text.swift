// Hot: once per byte beyond ASCII. Allocates: nothing.

/// Checks and mends UTF-8.
public enum UTF8Text {
    /// U+FFFD, which stands for what is not UTF-8.
    static let replacement: StaticString = "\u{FFFD}"

    /// Bytes of the well-formed character at `at`, whose first byte is not ASCII; 0 when there is none.
    /// *Source:* The Unicode Standard, table 3-7.
    @inline(__always)
    static func characterLength(_ base: UnsafePointer<UInt8>, _ at: Int, _ end: Int) -> Int {
        let lead = base[at]
        if lead < 0xC2 || lead > 0xF4 { return 0 }
        guard end &- at >= 2 else { return 0 }
        let second = base[at &+ 1]
        if lead < 0xE0 { return second & 0xC0 == 0x80 ? 2 : 0 }
        let low: UInt8
        let high: UInt8
        switch lead {
        case 0xE0: (low, high) = (0xA0, 0xBF)
        case 0xED: (low, high) = (0x80, 0x9F)
        case 0xF0: (low, high) = (0x90, 0xBF)
        case 0xF4: (low, high) = (0x80, 0x8F)
        default: (low, high) = (0x80, 0xBF)
        }
        guard second >= low, second <= high, end &- at >= 3, base[at &+ 2] & 0xC0 == 0x80 else { return 0 }
        if lead < 0xF0 { return 3 }
        return end &- at >= 4 && base[at &+ 3] & 0xC0 == 0x80 ? 4 : 0
    }

    /// The first byte after `at` that is ASCII or belongs to no well-formed character; `end` when there is none.
    @inline(__always)
    static func endOfMultibyte(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int {
        var at = start
        while at < end, base[at] >= 0x80 {
            let length = characterLength(base, at, end)
            if length == 0 { return at }
            at &+= length
        }
        return at
    }

    /// The first byte that belongs to no well-formed character, or `nil`.
    public static func firstInvalid(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard let start = bytes.baseAddress else { return nil }
        let base = start.assumingMemoryBound(to: UInt8.self)
        let end = bytes.count
        var at = 0
        while at < end {
            // Four words at a time: almost all text is ASCII, and then this is all that runs.
            while end &- at >= 32 {
                let place = UnsafeRawPointer(base + at)
                let words =
                    place.loadUnaligned(as: UInt64.self) | place.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
                    | place.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
                    | place.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
                if words & 0x8080_8080_8080_8080 != 0 { break }
                at &+= 32
            }
            while end &- at >= 8,
                UnsafeRawPointer(base + at).loadUnaligned(as: UInt64.self) & 0x8080_8080_8080_8080 == 0
            {
                at &+= 8
            }
            while at < end, base[at] < 0x80 { at &+= 1 }
            at = endOfMultibyte(base, at, end)
            if at < end, base[at] >= 0x80 { return at }
        }
        return nil
    }

    /// Whether the bytes are UTF-8.
    public static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool { firstInvalid(bytes) == nil }

    /// Appends the bytes, with U+FFFD for each maximal part of a character that was cut short and for each byte that
    /// begins none, as Java's decoder does.
    public static func appendRepaired(_ bytes: UnsafeRawBufferPointer, into output: OutputBuffer) {
        var rest = bytes
        while let bad = firstInvalid(rest) {
            output.append(UnsafeRawBufferPointer(rebasing: rest[..<bad]))
            output.append(replacement)
            rest = UnsafeRawBufferPointer(rebasing: rest[(bad + malformedLength(rest, bad))...])
        }
        output.append(rest)
    }

    /// Bytes that one replacement character stands for.
    private static func malformedLength(_ bytes: UnsafeRawBufferPointer, _ at: Int) -> Int {
        let lead = bytes[at]
        guard lead >= 0xC2, lead <= 0xF4, at + 1 < bytes.count else { return 1 }
        let second = bytes[at + 1]
        let wanted = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        let range: ClosedRange<UInt8> =
            switch lead {
            case 0xE0: 0xA0...0xBF
            case 0xED: 0x80...0x9F
            case 0xF0: 0x90...0xBF
            case 0xF4: 0x80...0x8F
            default: 0x80...0xBF
            }
        guard wanted > 2, range.contains(second) else { return 1 }
        guard wanted == 4, at + 2 < bytes.count, bytes[at + 2] & 0xC0 == 0x80 else { return 2 }
        return 3
    }

    /// Appends a code point in UTF-8; a lone surrogate becomes `?`, as Java writes it.
    @inline(__always)
    static func append(_ scalar: UInt32, into output: OutputBuffer) {
        if scalar < 0x80 {
            output.append(UInt8(truncatingIfNeeded: scalar))
        } else if scalar < 0x800 {
            output.append(UInt8(truncatingIfNeeded: 0xC0 | scalar &>> 6))
            output.append(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F))
        } else if scalar >= 0xD800 && scalar < 0xE000 {
            output.append(0x3F)
        } else if scalar < 0x10000 {
            output.append(UInt8(truncatingIfNeeded: 0xE0 | scalar &>> 12))
            output.append(UInt8(truncatingIfNeeded: 0x80 | scalar &>> 6 & 0x3F))
            output.append(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F))
        } else {
            output.append(UInt8(truncatingIfNeeded: 0xF0 | scalar &>> 18))
            output.append(UInt8(truncatingIfNeeded: 0x80 | scalar &>> 12 & 0x3F))
            output.append(UInt8(truncatingIfNeeded: 0x80 | scalar &>> 6 & 0x3F))
            output.append(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F))
        }
    }
}
