// Hot: once per number with a limit that is not plain. Allocates: nothing.

/// A JSON number read digit by digit, so that limits and divisors are exact whatever the size: 0.DIGITS times ten to
/// the `exponent`, without zeros at either end.
struct SchemaDecimal {
    /// Exponents beyond this are as good as infinite: no text is that long.
    private static let exponentLimit = 1 << 40

    private let bytes: UnsafeRawBufferPointer
    let isNegative: Bool
    /// Digits from the first to the last that is not zero; 0 for zero.
    let digitCount: Int
    let exponent: Int
    /// The byte of the first digit that is not zero.
    private let first: Int

    /// Reads a number, which must be of JSON's grammar.
    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        var at = 0
        isNegative = !bytes.isEmpty && bytes[0] == 0x2D
        if isNegative { at = 1 }
        var digits = 0
        var whole = -1
        var first = -1
        var firstDigit = 0
        var lastDigit = -1
        while at < bytes.count {
            let byte = bytes[at]
            if byte == 0x2E {
                whole = digits
            } else if byte | 0x20 == 0x65 {
                break
            } else {
                if byte != 0x30 {
                    if first < 0 {
                        first = at
                        firstDigit = digits
                    }
                    lastDigit = digits
                }
                digits &+= 1
            }
            at &+= 1
        }
        if whole < 0 { whole = digits }
        self.first = first
        digitCount = first < 0 ? 0 : lastDigit &- firstDigit &+ 1
        exponent = first < 0 ? 0 : whole &- firstDigit &+ Self.scale(bytes, at)
    }

    /// The number after `e`.
    private static func scale(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Int {
        var at = start &+ 1
        guard at < bytes.count else { return 0 }
        let negative = bytes[at] == 0x2D
        if negative || bytes[at] == 0x2B { at &+= 1 }
        var value = 0
        while at < bytes.count {
            value = min(value &* 10 &+ Int(bytes[at] &- 0x30), exponentLimit)
            at &+= 1
        }
        return negative ? 0 &- value : value
    }

    /// Below zero, zero or above zero, as `left` is less than, equal to or greater than `right`.
    static func compare(_ left: SchemaDecimal, _ right: SchemaDecimal) -> Int {
        if left.digitCount == 0 || right.digitCount == 0 {
            let leftSign = left.digitCount == 0 ? 0 : left.isNegative ? -1 : 1
            let rightSign = right.digitCount == 0 ? 0 : right.isNegative ? -1 : 1
            return leftSign &- rightSign
        }
        if left.isNegative != right.isNegative { return left.isNegative ? -1 : 1 }
        let size = compareSizes(left, right)
        return left.isNegative ? 0 &- size : size
    }

    private static func compareSizes(_ left: SchemaDecimal, _ right: SchemaDecimal) -> Int {
        if left.exponent != right.exponent { return left.exponent < right.exponent ? -1 : 1 }
        var leftAt = left.first
        var rightAt = right.first
        for _ in 0..<min(left.digitCount, right.digitCount) {
            let leftDigit = left.takeDigit(&leftAt)
            let rightDigit = right.takeDigit(&rightAt)
            if leftDigit != rightDigit { return leftDigit < rightDigit ? -1 : 1 }
        }
        // The longer one goes on with a digit that is not zero somewhere.
        return left.digitCount == right.digitCount ? 0 : left.digitCount < right.digitCount ? -1 : 1
    }

    /// The digits from the first to the last that is not zero.
    func forEachDigit(_ body: (UInt8) -> Void) {
        var at = first
        for _ in 0..<digitCount { body(takeDigit(&at)) }
    }

    @inline(__always)
    private func takeDigit(_ at: inout Int) -> UInt8 {
        if bytes[at] == 0x2E { at &+= 1 }
        defer { at &+= 1 }
        return bytes[at] &- 0x30
    }

    /// Equal numbers have equal hashes, however they are spelt.
    func hash(_ seed: UInt64) -> UInt64 {
        guard digitCount > 0 else { return SchemaHash.mix(seed, 0) }
        var hash = SchemaHash.mix(seed &+ (isNegative ? 1 : 2), UInt64(bitPattern: Int64(exponent)))
        var at = first
        for _ in 0..<digitCount { hash = SchemaHash.mix(hash, UInt64(takeDigit(&at))) }
        return hash
    }

    /// Whether the number is a whole multiple of `mantissa` times ten to the `scale`. `mantissa` is positive, below
    /// 10^18 and does not end in a zero.
    func isMultiple(ofMantissa mantissa: UInt64, scale: Int) -> Bool {
        guard digitCount > 0 else { return true }
        let shift = exponent &- digitCount &- scale
        // The digits, which do not end in a zero, would have to be divisible by a power of ten.
        if shift < 0 { return false }
        var rest: UInt64 = 0
        var at = first
        for _ in 0..<digitCount { rest = (rest &* 10 &+ UInt64(takeDigit(&at))) % mantissa }
        return Self.multiply(rest, Self.powerOfTen(shift, mantissa), mantissa) == 0
    }

    /// The digits as a whole number and its power of ten; `nil` beyond 18 digits.
    var mantissa: (value: UInt64, scale: Int)? {
        guard digitCount > 0 && digitCount <= 18 else { return nil }
        var value: UInt64 = 0
        var at = first
        for _ in 0..<digitCount { value = value &* 10 &+ UInt64(takeDigit(&at)) }
        return (value, exponent &- digitCount)
    }

    private static func multiply(_ left: UInt64, _ right: UInt64, _ modulus: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        // Both factors are below the modulus, hence so is the high word.
        return modulus.dividingFullWidth(product).remainder
    }

    private static func powerOfTen(_ exponent: Int, _ modulus: UInt64) -> UInt64 {
        var result = 1 % modulus
        var base = 10 % modulus
        var left = exponent
        while left > 0 {
            if left & 1 == 1 { result = multiply(result, base, modulus) }
            base = multiply(base, base, modulus)
            left &>>= 1
        }
        return result
    }
}
