// Hot: once per fraction of 16 digits and more that is printed. Allocates: the digits.

/// The digits that `Double.toString` and `Float.toString` of Java up to 18 print.
///
/// They are not always the shortest ones: `2.2250738585072014E-308` has them, `2.0E17 + 3E1` prints
/// `2.00000000000000032E17`. API Gateway runs such a Java, and so did whoever recorded what its templates answer.
/// *Source:* the algorithm of Steele and White as `jdk.internal.math.FloatingDecimal` has it, with its two quirks: whole
/// numbers below 2^62 lose only digits that no bit stands for, and numbers that are printed with an exponent get
/// a second digit before it looks for the end.
enum JavaDigits {
    /// Whether Java's digits may be others than the shortest ones, of which there are `digits`.
    @inline(__always)
    static func mayDiffer(_ value: Double, digits: Int) -> Bool {
        digits > 15 || value >= 9_007_199_254_740_992 || value < 2.3e-308
    }

    /// Digits without zeros at the end; the value, which is positive and finite, is 0.DIGITS * 10^point.
    static func digits(_ value: Double) -> (digits: [UInt8], point: Int) {
        let fraction = value.significandBitPattern
        if value.isSubnormal {
            let shift = fraction.leadingZeroBitCount - 11
            return digits(exponent: 1 - shift - 1023, fraction << UInt64(shift), bits: 53 - shift)
        }
        return digits(exponent: Int(value.exponentBitPattern) - 1023, fraction | 1 << 52, bits: 53)
    }

    /// As for ``Double``.
    static func digits(_ value: Float) -> (digits: [UInt8], point: Int) {
        let fraction = UInt64(value.significandBitPattern)
        if value.isSubnormal {
            let shift = fraction.leadingZeroBitCount - 40
            return digits(exponent: 1 - shift - 127, fraction << UInt64(shift + 29), bits: 24 - shift)
        }
        return digits(exponent: Int(value.exponentBitPattern) - 127, (fraction | 1 << 23) << 29, bits: 24)
    }

    /// `fraction` has its highest bit at 2^52 and counts 2^exponent; `bits` of it are significant.
    private static func digits(exponent: Int, _ fraction: UInt64, bits: Int) -> (digits: [UInt8], point: Int) {
        let zeros = fraction.trailingZeroBitCount
        let fractionBits = 53 - zeros
        let tinyBits = max(0, fractionBits - exponent - 1)
        if tinyBits == 0 && exponent <= 62 {
            let whole = exponent >= 52 ? fraction << UInt64(exponent - 52) : fraction >> UInt64(52 - exponent)
            return Self.digits(whole: whole, droppedBits: exponent > bits ? exponent - bits - 1 : 0)
        }
        var scale = estimate(exponent, fraction)
        // value = B / S * 10^scale; M is half of the distance to the next number, scaled as B is.
        let fives = max(0, -scale)
        var twos = fives + tinyBits + exponent
        let divisorFives = max(0, scale)
        var divisorTwos = divisorFives + tinyBits
        var halfTwos = twos - bits
        twos -= fractionBits - 1
        let common = min(twos, divisorTwos)
        twos -= common
        divisorTwos -= common
        halfTwos -= common
        if fractionBits == 1 { halfTwos -= 1 }
        if halfTwos < 0 {
            twos -= halfTwos
            divisorTwos -= halfTwos
            halfTwos = 0
        }
        var rest = JavaNatural(fraction >> UInt64(zeros), fives: fives, twos: twos)
        let divisor = JavaNatural(1, fives: divisorFives, twos: divisorTwos)
        var half = JavaNatural(1, fives: fives, twos: halfTwos)
        let ten = divisor.timesTen()
        var digits: [UInt8] = []
        var isLow = false
        var isHigh = false
        // The small case compares with `>`, the large one with `>=`.
        let isSmall =
            fractionBits + twos + bitCount(ofFives: fives) < 64
            && divisorTwos + 1 + bitCount(ofFives: divisorFives + 1) < 64
        func step() -> UInt8 {
            let digit = rest.takeQuotient(divisor)
            rest = rest.timesTen()
            half = half.timesTen()
            isLow = rest.isLess(than: half)
            let sum = rest.adding(half)
            isHigh = isSmall ? ten.isLess(than: sum) : !sum.isLess(than: ten)
            return digit
        }
        let first = step()
        if first == 0 && !isHigh { scale -= 1 } else { digits.append(48 + first) }
        if scale < -3 || scale >= 8 {
            isLow = false
            isHigh = false
        }
        while !isLow && !isHigh { digits.append(48 + step()) }
        if isHigh {
            let twice = rest.adding(rest)
            let isTie = !twice.isLess(than: ten) && !ten.isLess(than: twice)
            let roundsUp = !isLow || (isTie ? (digits.last ?? 48) & 1 != 0 : ten.isLess(than: twice))
            if roundsUp, roundUp(&digits) { scale += 1 }
        }
        while digits.count > 1 && digits.last == 48 { digits.removeLast() }
        return (digits, scale + 1)
    }

    /// A whole number, without the digits that its low bits do not decide.
    private static func digits(whole: UInt64, droppedBits: Int) -> (digits: [UInt8], point: Int) {
        // floor(bits * log10(2)), but for the first two
        let dropped = droppedBits > 1 ? Int(Double(droppedBits) * 0.301029995663981) : 0
        var whole = whole
        var point = 0
        if dropped > 0 {
            let power = (0..<dropped).reduce(UInt64(1)) { product, _ in product * 10 }
            let residue = whole % power
            whole /= power
            point = dropped
            if residue >= power / 2 { whole += 1 }
        }
        var digits = Array(String(whole).utf8)
        point += digits.count
        while digits.count > 1 && digits.last == 48 { digits.removeLast() }
        return (digits, point)
    }

    /// Adds one to the last digit; true when that gave one digit more.
    private static func roundUp(_ digits: inout [UInt8]) -> Bool {
        var place = digits.count - 1
        while place >= 0 {
            if digits[place] < 57 {
                digits[place] += 1
                return false
            }
            digits[place] = 48
            place -= 1
        }
        digits.insert(49, at: 0)
        digits.removeLast()
        return true
    }

    /// floor(log10), sometimes one too many, as Java estimates it.
    private static func estimate(_ exponent: Int, _ fraction: UInt64) -> Int {
        let mantissa = Double(bitPattern: 1023 << 52 | fraction & (1 << 52 - 1))
        let estimate = (mantissa - 1.5) * 0.289529654 + 0.176091259 + Double(exponent) * 0.301029995663981
        return Int(estimate.rounded(.down))
    }

    /// Bits of a power of five, as Java counts them.
    private static func bitCount(ofFives power: Int) -> Int {
        power == 0 ? 0 : power < 27 ? Int(Double(power) * 2.321928094887362) + 1 : power * 3
    }
}

/// A natural number of any size with the few operations that ``JavaDigits`` needs.
private struct JavaNatural {
    /// Lowest first, without zeros at the end.
    private var words: [UInt32]

    private init(words: [UInt32]) { self.words = words }

    /// value * 5^fives * 2^twos
    init(_ value: UInt64, fives: Int, twos: Int) {
        words = [UInt32(truncatingIfNeeded: value), UInt32(truncatingIfNeeded: value >> 32)]
        var left = fives
        while left > 0 {
            let power = min(left, 13)
            multiply(by: (0..<power).reduce(UInt32(1)) { product, _ in product * 5 })
            left -= power
        }
        if twos >= 32 { words.insert(contentsOf: [UInt32](repeating: 0, count: twos / 32), at: 0) }
        if twos % 32 > 0 { multiply(by: 1 << UInt32(twos % 32)) }
        while words.last == 0 { words.removeLast() }
    }

    private mutating func multiply(by factor: UInt32) {
        var carry: UInt64 = 0
        for place in words.indices {
            let product = UInt64(words[place]) * UInt64(factor) + carry
            words[place] = UInt32(truncatingIfNeeded: product)
            carry = product >> 32
        }
        if carry > 0 { words.append(UInt32(carry)) }
    }

    func timesTen() -> JavaNatural {
        var result = self
        result.multiply(by: 10)
        return result
    }

    func isLess(than other: JavaNatural) -> Bool {
        if words.count != other.words.count { return words.count < other.words.count }
        for place in words.indices.reversed() where words[place] != other.words[place] {
            return words[place] < other.words[place]
        }
        return false
    }

    func adding(_ other: JavaNatural) -> JavaNatural {
        var sum: [UInt32] = []
        sum.reserveCapacity(max(words.count, other.words.count) + 1)
        var carry: UInt64 = 0
        for place in 0..<max(words.count, other.words.count) {
            if place < words.count { carry += UInt64(words[place]) }
            if place < other.words.count { carry += UInt64(other.words[place]) }
            sum.append(UInt32(truncatingIfNeeded: carry))
            carry >>= 32
        }
        if carry > 0 { sum.append(UInt32(carry)) }
        return JavaNatural(words: sum)
    }

    /// Divides by `divisor`, of which this is less than ten times as much; keeps the remainder.
    mutating func takeQuotient(_ divisor: JavaNatural) -> UInt8 {
        var quotient: UInt8 = 0
        while !isLess(than: divisor) && quotient < 10 {
            var borrow: Int64 = 0
            for place in words.indices {
                var value = Int64(words[place]) - borrow
                if place < divisor.words.count { value -= Int64(divisor.words[place]) }
                borrow = value < 0 ? 1 : 0
                words[place] = UInt32(truncatingIfNeeded: value)
            }
            while words.last == 0 { words.removeLast() }
            quotient += 1
        }
        return quotient
    }
}
