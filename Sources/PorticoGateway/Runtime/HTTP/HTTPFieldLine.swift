// Hot: once per header field. Allocates: nothing.

/// Finds bytes eight at a time. Each mask has bit 7 of a byte set where the condition holds; a bit above the lowest one
/// set may be false (a borrow), so only the lowest counts.
enum WordScan {
    @inline(__always)
    static func repeated(_ byte: UInt8) -> UInt64 { 0x0101_0101_0101_0101 &* UInt64(byte) }

    /// Bytes below `limit` (at most 0x80).
    @inline(__always)
    static func below(_ word: UInt64, _ limit: UInt8) -> UInt64 {
        (word &- repeated(limit)) & ~word & 0x8080_8080_8080_8080
    }

    /// Bytes equal to `byte`.
    @inline(__always)
    static func equal(_ word: UInt64, _ byte: UInt8) -> UInt64 {
        let difference = word ^ repeated(byte)
        return (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080
    }

    /// Bytes from 0x80 on.
    @inline(__always)
    static func high(_ word: UInt64) -> UInt64 { word & 0x8080_8080_8080_8080 }

    /// The place of the lowest byte that a mask marks.
    @inline(__always)
    static func first(_ mask: UInt64) -> Int { mask.trailingZeroBitCount &>> 3 }
}

/// What became of one field line.
enum FieldLineOutcome {
    case field
    case needMore
    case malformed
}

/// Reads one header field line in place (RFC 9112, 5): shared by requests, which are read strictly, and responses.
struct FieldLine {
    var nameOffset = 0
    var nameLength = 0
    var valueOffset = 0
    var valueLength = 0
    var known = KnownHeader.other
    /// First byte after the line end.
    var next = 0

    /// Reads the line that begins at `start`, which must be below `count`.
    ///
    /// - Parameter lenient: what a client has to stand from servers: blanks before the colon, a bare line feed.
    @inline(__always)
    mutating func read(
        _ base: UnsafeRawPointer, count: Int, from start: Int, tables: HeaderTables, lenient: Bool
    ) -> FieldLineOutcome {
        var place = start
        // The name ends at the first byte that is a colon, a blank or a control character.
        name: while true {
            if place &+ 8 <= count {
                let word = base.loadUnaligned(fromByteOffset: place, as: UInt64.self)
                let hits = WordScan.below(word, 0x21) | WordScan.equal(word, 0x3A)
                if hits == 0 {
                    place &+= 8
                    continue
                }
                place &+= WordScan.first(hits)
                break name
            }
            while place < count {
                let byte = base.load(fromByteOffset: place, as: UInt8.self)
                if byte <= 0x20 || byte == 0x3A { break name }
                place &+= 1
            }
            return checkName(base, start, place, count, tables) ? .needMore : .malformed
        }
        nameOffset = start
        nameLength = place &- start
        if nameLength == 0 { return .malformed }
        if base.load(fromByteOffset: place, as: UInt8.self) != 0x3A {
            if !lenient { return .malformed }
            while place < count, Self.isBlank(base.load(fromByteOffset: place, as: UInt8.self)) { place &+= 1 }
            if place == count {
                return checkName(base, start, start &+ nameLength, count, tables) ? .needMore : .malformed
            }
            if base.load(fromByteOffset: place, as: UInt8.self) != 0x3A { return .malformed }
        }
        known = tables.recognise(base + start, length: nameLength, readable: count &- start)
        if known == .other, !checkName(base, start, start &+ nameLength, count, tables) { return .malformed }
        place &+= 1
        while place < count, Self.isBlank(base.load(fromByteOffset: place, as: UInt8.self)) { place &+= 1 }
        valueOffset = place
        return readValue(base, count: count, from: place, lenient: lenient)
    }

    /// The value ends at the line end; of the control characters only the tab may stand in it.
    @inline(__always)
    private mutating func readValue(
        _ base: UnsafeRawPointer, count: Int, from start: Int, lenient: Bool
    ) -> FieldLineOutcome {
        var place = start
        while true {
            var byte: UInt8 = 0
            if place &+ 8 <= count {
                let word = base.loadUnaligned(fromByteOffset: place, as: UInt64.self)
                let hits = WordScan.below(word, 0x20) | WordScan.equal(word, 0x7F)
                if hits == 0 {
                    place &+= 8
                    continue
                }
                place &+= WordScan.first(hits)
                byte = base.load(fromByteOffset: place, as: UInt8.self)
            } else {
                if place >= count { return .needMore }
                byte = base.load(fromByteOffset: place, as: UInt8.self)
                if byte >= 0x20 && byte != 0x7F {
                    place &+= 1
                    continue
                }
            }
            if byte == 0x09 {
                place &+= 1
                continue
            }
            var end = place
            if byte == 0x0D {
                if place &+ 1 >= count { return .needMore }
                if base.load(fromByteOffset: place &+ 1, as: UInt8.self) != 0x0A { return .malformed }
                next = place &+ 2
            } else if byte == 0x0A && lenient {
                next = place &+ 1
            } else {
                return .malformed
            }
            while end > start, Self.isBlank(base.load(fromByteOffset: end &- 1, as: UInt8.self)) { end &-= 1 }
            valueLength = end &- start
            return .field
        }
    }

    @inline(__always)
    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    @inline(never)
    private func checkName(
        _ base: UnsafeRawPointer, _ start: Int, _ end: Int, _ count: Int, _ tables: HeaderTables
    ) -> Bool {
        var place = start
        while place < end {
            if !tables.isOf(HeaderTables.tokenClass, base.load(fromByteOffset: place, as: UInt8.self)) { return false }
            place &+= 1
        }
        return true
    }
}

/// Reads field values that are comma-separated lists or one token.
enum FieldValue {
    /// Whether the bytes are `lowercase`, in any case.
    static func equals(_ base: UnsafeRawPointer, _ length: Int, _ lowercase: StaticString) -> Bool {
        if length != lowercase.utf8CodeUnitCount { return false }
        for place in 0..<length {
            var byte = base.load(fromByteOffset: place, as: UInt8.self)
            if byte >= 0x41 && byte <= 0x5A { byte |= 0x20 }
            if byte != lowercase.utf8Start[place] { return false }
        }
        return true
    }

    /// Calls `element` with each non-empty member of a comma-separated list, without the blanks around it.
    @inline(__always)
    static func forEachElement(
        _ base: UnsafeRawPointer, _ length: Int, _ element: (UnsafeRawPointer, Int) -> Void
    ) {
        var start = 0
        while start < length {
            var end = start
            while end < length, base.load(fromByteOffset: end, as: UInt8.self) != 0x2C { end &+= 1 }
            var first = start
            var last = end
            while first < last, isBlank(base, first) { first &+= 1 }
            while last > first, isBlank(base, last &- 1) { last &-= 1 }
            if last > first { element(base + first, last &- first) }
            start = end &+ 1
        }
    }

    /// The digits' value; nil when empty, with another character, or above 18 digits' reach.
    static func decimal(_ base: UnsafeRawPointer, _ length: Int) -> Int? {
        if length == 0 { return nil }
        var value = 0
        for place in 0..<length {
            let digit = base.load(fromByteOffset: place, as: UInt8.self) &- 0x30
            if digit > 9 || value > 99_999_999_999_999_999 { return nil }
            value = value &* 10 &+ Int(digit)
        }
        return value
    }

    @inline(__always)
    private static func isBlank(_ base: UnsafeRawPointer, _ place: Int) -> Bool {
        let byte = base.load(fromByteOffset: place, as: UInt8.self)
        return byte == 0x20 || byte == 0x09
    }
}
