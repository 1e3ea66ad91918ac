// Hot: once per number whose `multipleOf` has more than 18 digits. Allocates: the remainder.

extension SchemaDecimal {
    /// The most digits that a divisor may have, zeros at its ends not counted.
    static let maximumDivisorDigits = 500

    /// What ``isMultiple(of:)`` costs, in additions of words.
    func divisionSteps(by divisor: SchemaDecimal) -> Int {
        let words = divisor.digitCount / 9 &+ 1
        return (digitCount &+ divisor.digitCount &* 4) &* words
    }

    /// Whether the number is a whole multiple of another one, which is positive and of any length: school division,
    /// digit by digit, with a remainder in words of 32 bits.
    func isMultiple(of divisor: SchemaDecimal) -> Bool {
        guard digitCount > 0 else { return true }
        let shift = exponent &- digitCount &- (divisor.exponent &- divisor.digitCount)
        // The digits, which do not end in a zero, would have to be divisible by a power of ten.
        if shift < 0 { return false }
        var modulus: [UInt32] = []
        divisor.forEachDigit { Self.append($0, to: &modulus) }
        var rest = [UInt32](repeating: 0, count: modulus.count &+ 1)
        modulus.append(0)
        forEachDigit { Self.append($0, to: &rest, modulus) }
        // No more factors of ten than the divisor could have twos or fives.
        for _ in 0..<min(shift, divisor.digitCount &* 4) { Self.append(0, to: &rest, modulus) }
        return rest.allSatisfy { $0 == 0 }
    }

    /// Ten times the number and a digit, low word first; it grows.
    private static func append(_ digit: UInt8, to number: inout [UInt32]) {
        var carry = UInt64(digit)
        for index in number.indices {
            carry &+= UInt64(number[index]) &* 10
            number[index] = UInt32(truncatingIfNeeded: carry)
            carry &>>= 32
        }
        if carry > 0 { number.append(UInt32(truncatingIfNeeded: carry)) }
    }

    /// Ten times the remainder and a digit, less the modulus as often as it goes.
    private static func append(_ digit: UInt8, to rest: inout [UInt32], _ modulus: [UInt32]) {
        var carry = UInt64(digit)
        for index in rest.indices {
            carry &+= UInt64(rest[index]) &* 10
            rest[index] = UInt32(truncatingIfNeeded: carry)
            carry &>>= 32
        }
        while !precedes(rest, modulus) {
            var borrow: Int64 = 0
            for index in rest.indices {
                let difference = Int64(rest[index]) &- Int64(modulus[index]) &+ borrow
                rest[index] = UInt32(truncatingIfNeeded: difference)
                borrow = difference < 0 ? -1 : 0
            }
        }
    }

    private static func precedes(_ left: [UInt32], _ right: [UInt32]) -> Bool {
        for index in left.indices.reversed() where left[index] != right[index] { return left[index] < right[index] }
        return false
    }
}
