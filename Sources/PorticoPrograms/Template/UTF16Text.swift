// Hot: once per method that counts characters. Allocates: nothing.

/// UTF-8 read as the UTF-16 code units that Java counts. What is not UTF-8 counts as one unit a byte.
struct UTF16Text: Sequence, IteratorProtocol {
    private let bytes: UnsafeRawBufferPointer
    private var place = 0
    private var low: UInt16?

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    mutating func next() -> UInt16? {
        if let unit = low {
            low = nil
            return unit
        }
        guard place < bytes.count else { return nil }
        let (scalar, length) = Self.scalar(bytes, at: place)
        place += length
        guard scalar > 0xFFFF else { return UInt16(scalar) }
        low = UInt16(0xDC00 + (scalar - 0x10000) & 0x3FF)
        return UInt16(0xD800 + (scalar - 0x10000) >> 10)
    }

    /// The code point at a byte, and its bytes.
    static func scalar(_ bytes: UnsafeRawBufferPointer, at place: Int) -> (scalar: UInt32, length: Int) {
        let first = UInt32(bytes[place])
        if first < 0x80 { return (first, 1) }
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        guard first >= 0xC2, first < 0xF5, place + length <= bytes.count else { return (0xFFFD, 1) }
        var scalar = length == 2 ? first & 0x1F : length == 3 ? first & 0x0F : first & 0x07
        for offset in 1..<length {
            let next = UInt32(bytes[place + offset])
            guard next & 0xC0 == 0x80 else { return (0xFFFD, 1) }
            scalar = scalar << 6 | next & 0x3F
        }
        return (scalar, length)
    }

    static func isASCII(_ bytes: UnsafeRawBufferPointer) -> Bool { !bytes.contains { $0 >= 0x80 } }

    /// `length()`
    static func count(_ bytes: UnsafeRawBufferPointer) -> Int {
        if isASCII(bytes) { return bytes.count }
        var count = 0
        var place = 0
        while place < bytes.count {
            let (scalar, length) = scalar(bytes, at: place)
            count += scalar > 0xFFFF ? 2 : 1
            place += length
        }
        return count
    }

    /// The byte where the code unit begins. Within a surrogate pair it is that of the pair, and `isSplit` is true.
    static func byte(_ bytes: UnsafeRawBufferPointer, of unit: Int) -> (place: Int, isSplit: Bool) {
        if isASCII(bytes) { return (Swift.min(unit, bytes.count), false) }
        var count = 0
        var place = 0
        while place < bytes.count && count < unit {
            let (scalar, length) = scalar(bytes, at: place)
            if scalar > 0xFFFF {
                if count + 1 == unit { return (place, true) }
                count += 2
            } else {
                count += 1
            }
            place += length
        }
        return (place, false)
    }

    /// The code unit at a byte.
    static func unit(_ bytes: UnsafeRawBufferPointer, of byte: Int) -> Int {
        count(UnsafeRawBufferPointer(rebasing: bytes[..<Swift.min(byte, bytes.count)]))
    }
}
