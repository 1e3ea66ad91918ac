// Hot: once per operator on whole numbers beyond 64 bits, which is rare. Allocates: the result.

/// A whole number of any size, as Java's `BigInteger`: what Velocity makes of sums and products that overflow `Long`.
struct TemplateBigInteger: Equatable {
    private var isNegative = false
    /// 32-bit words, lowest first, without zeros at the end.
    private var words: [UInt32] = []

    private init(_ isNegative: Bool, _ words: [UInt32]) {
        self.words = words
        while self.words.last == 0 { self.words.removeLast() }
        self.isNegative = isNegative && !self.words.isEmpty
    }

    init(_ value: Int64) {
        let magnitude = value.magnitude
        self.init(value < 0, [UInt32(truncatingIfNeeded: magnitude), UInt32(truncatingIfNeeded: magnitude >> 32)])
    }

    /// Reads decimal digits, perhaps after a minus; at most 10,000 of them count.
    init(decimal: UnsafeRawBufferPointer) {
        var words: [UInt32] = []
        var isNegative = false
        for byte in decimal.prefix(10_000) {
            if byte == UInt8(ascii: "-") {
                isNegative = true
                continue
            }
            var carry = UInt64(byte &- 48)
            for place in words.indices {
                let product = UInt64(words[place]) * 10 + carry
                words[place] = UInt32(truncatingIfNeeded: product)
                carry = product >> 32
            }
            if carry > 0 { words.append(UInt32(carry)) }
        }
        self.init(isNegative, words)
    }

    init(_ number: TemplateNumber) {
        switch number {
        case .big(let digits): self.init(decimal: digits)
        default: self.init(number.truncated)
        }
    }

    var isZero: Bool { words.isEmpty }
    var wordCount: Int { words.count }

    /// Steps that an operation takes, reading and printing included.
    func cost(with other: TemplateBigInteger) -> Int {
        let both = words.count + other.words.count
        return both * both + 16
    }

    /// Java's `hashCode()`.
    var hashCode: Int32 {
        var hash: UInt32 = 0
        for word in words.reversed() { hash = hash &* 31 &+ word }
        return Int32(bitPattern: isNegative ? 0 &- hash : hash)
    }

    /// The lowest 64 bits, as Java's `longValue()`.
    var low64: Int64 {
        let low = UInt64(words.first ?? 0) | UInt64(words.count > 1 ? words[1] : 0) << 32
        return Int64(bitPattern: isNegative ? 0 &- low : low)
    }

    // MARK: Arithmetic

    func adding(_ other: TemplateBigInteger) -> TemplateBigInteger {
        if isNegative == other.isNegative { return TemplateBigInteger(isNegative, Self.sum(words, other.words)) }
        if Self.order(words, other.words) >= 0 {
            return TemplateBigInteger(isNegative, Self.difference(words, other.words))
        }
        return TemplateBigInteger(other.isNegative, Self.difference(other.words, words))
    }

    func subtracting(_ other: TemplateBigInteger) -> TemplateBigInteger {
        adding(TemplateBigInteger(!other.isNegative, other.words))
    }

    func multiplied(by other: TemplateBigInteger) -> TemplateBigInteger {
        var product = [UInt32](repeating: 0, count: words.count + other.words.count)
        for (i, left) in words.enumerated() {
            var carry: UInt64 = 0
            for (j, right) in other.words.enumerated() {
                let value = UInt64(left) * UInt64(right) + UInt64(product[i + j]) + carry
                product[i + j] = UInt32(truncatingIfNeeded: value)
                carry = value >> 32
            }
            if !other.words.isEmpty { product[i + other.words.count] = UInt32(carry) }
        }
        return TemplateBigInteger(isNegative != other.isNegative, product)
    }

    /// Truncated towards zero; `nil` by zero.
    func divided(by other: TemplateBigInteger) -> (quotient: TemplateBigInteger, remainder: TemplateBigInteger)? {
        guard !other.isZero else { return nil }
        var quotient = [UInt32](repeating: 0, count: words.count)
        var remainder: [UInt32] = []
        // Bit by bit: such numbers are short.
        for place in words.indices.reversed() {
            for bit in (0..<32).reversed() {
                Self.shiftIn(words[place] >> UInt32(bit) & 1, &remainder)
                if Self.order(remainder, other.words) >= 0 {
                    remainder = Self.difference(remainder, other.words)
                    while remainder.last == 0 { remainder.removeLast() }
                    quotient[place] |= 1 << UInt32(bit)
                }
            }
        }
        return (
            TemplateBigInteger(isNegative != other.isNegative, quotient), TemplateBigInteger(isNegative, remainder)
        )
    }

    /// Java's `mod`: never negative, and only by what is positive.
    func modulo(_ other: TemplateBigInteger) -> TemplateBigInteger? {
        guard !other.isNegative, let remainder = divided(by: other)?.remainder else { return nil }
        return remainder.isNegative ? remainder.adding(other) : remainder
    }

    func compare(_ other: TemplateBigInteger) -> Int {
        if isNegative != other.isNegative { return isNegative ? -1 : 1 }
        let order = Self.order(words, other.words)
        return isNegative ? -order : order
    }

    private static func shiftIn(_ bit: UInt32, _ words: inout [UInt32]) {
        var carry = bit
        for place in words.indices {
            let next = words[place] >> 31
            words[place] = words[place] << 1 | carry
            carry = next
        }
        if carry > 0 { words.append(carry) }
    }

    private static func sum(_ left: [UInt32], _ right: [UInt32]) -> [UInt32] {
        var result: [UInt32] = []
        var carry: UInt64 = 0
        for place in 0..<max(left.count, right.count) {
            let value =
                (place < left.count ? UInt64(left[place]) : 0) + (place < right.count ? UInt64(right[place]) : 0)
                + carry
            result.append(UInt32(truncatingIfNeeded: value))
            carry = value >> 32
        }
        if carry > 0 { result.append(UInt32(carry)) }
        return result
    }

    /// `left` must not be less than `right`.
    private static func difference(_ left: [UInt32], _ right: [UInt32]) -> [UInt32] {
        var result: [UInt32] = []
        var borrow: Int64 = 0
        for place in left.indices {
            var value = Int64(left[place]) - (place < right.count ? Int64(right[place]) : 0) - borrow
            borrow = value < 0 ? 1 : 0
            if value < 0 { value += 1 << 32 }
            result.append(UInt32(truncatingIfNeeded: value))
        }
        return result
    }

    private static func order(_ left: [UInt32], _ right: [UInt32]) -> Int {
        if left.count != right.count { return left.count < right.count ? -1 : 1 }
        for place in left.indices.reversed() where left[place] != right[place] {
            return left[place] < right[place] ? -1 : 1
        }
        return 0
    }

    // MARK: Text

    /// Digits of a radix of at most 16, perhaps after a minus.
    func digits(radix: Int) -> [UInt8] {
        if words.isEmpty { return [UInt8(ascii: "0")] }
        let names = Array("0123456789abcdef".utf8)
        var digits: [UInt8] = []
        var rest = words
        while !rest.isEmpty {
            var remainder: UInt64 = 0
            for place in rest.indices.reversed() {
                let value = remainder << 32 | UInt64(rest[place])
                rest[place] = UInt32(value / UInt64(radix))
                remainder = value % UInt64(radix)
            }
            while rest.last == 0 { rest.removeLast() }
            digits.append(names[Int(remainder)])
        }
        if isNegative { digits.append(UInt8(ascii: "-")) }
        return digits.reversed()
    }

    /// Decimal digits.
    var decimal: [UInt8] {
        if words.isEmpty { return [UInt8(ascii: "0")] }
        var digits: [UInt8] = []
        var rest = words
        while !rest.isEmpty {
            var remainder: UInt64 = 0
            for place in rest.indices.reversed() {
                let value = remainder << 32 | UInt64(rest[place])
                rest[place] = UInt32(value / 1_000_000_000)
                remainder = value % 1_000_000_000
            }
            while rest.last == 0 { rest.removeLast() }
            for _ in 0..<9 {
                digits.append(UInt8(48 + remainder % 10))
                remainder /= 10
                if rest.isEmpty && remainder == 0 { break }
            }
        }
        if isNegative { digits.append(UInt8(ascii: "-")) }
        return digits.reversed()
    }
}
