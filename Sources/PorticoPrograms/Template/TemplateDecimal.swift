// Hot: once per fraction that `format` writes. Allocates: the digits.

/// The shortest decimal digits of a finite `Double`, rounded half up to a number of places as Java's formatter does.
struct TemplateDecimal {
    private var digits: [UInt8] = []
    /// Digits before the point.
    private var point = 0

    init(_ value: Double) { (digits, point) = JavaNumber.digits(value) }

    /// Digits kept up to `count` of them, rounded half up.
    private func rounded(to count: Int) -> (digits: [UInt8], point: Int) {
        guard count < digits.count else { return (digits, point) }
        guard count >= 0 else { return ([48], point) }
        var kept = Array(digits[..<count])
        guard digits[count] >= 53 else { return (kept, point) }
        var place = count - 1
        while place >= 0 {
            if kept[place] < 57 {
                kept[place] += 1
                return (kept, point)
            }
            kept[place] = 48
            place -= 1
        }
        return ([49] + kept, point + 1)
    }

    /// `%g`: plain or scientific, with a number of significant digits.
    func general(_ precision: Int) -> [UInt8] {
        if digits == [48] { return plain(precision - 1) }
        let exponent = rounded(to: precision).point
        return exponent < -3 || exponent > precision ? scientific(precision - 1) : plain(precision - exponent)
    }

    func plain(_ precision: Int) -> [UInt8] {
        let (digits, point) = rounded(to: point + precision)
        var result: [UInt8] = []
        func digit(_ place: Int) -> UInt8 { digits.indices.contains(place) ? digits[place] : 48 }
        if point <= 0 { result.append(48) }
        for place in 0..<max(point, 0) { result.append(digit(place)) }
        while result.count > 1 && result[0] == 48 { result.removeFirst() }
        if precision > 0 {
            result.append(UInt8(ascii: "."))
            for place in 0..<precision { result.append(digit(point + place)) }
        }
        return result
    }

    func scientific(_ precision: Int) -> [UInt8] {
        var shifted = self
        var exponent = point - 1
        while shifted.digits.count > 1 && shifted.digits[0] == 48 {
            shifted.digits.removeFirst()
            exponent -= 1
        }
        if shifted.digits == [48] { exponent = 0 }
        shifted.point = 1
        let (digits, point) = shifted.rounded(to: 1 + precision)
        exponent += point - 1
        var result: [UInt8] = [digits.first ?? 48]
        if precision > 0 {
            result.append(UInt8(ascii: "."))
            for place in 1...precision { result.append(digits.indices.contains(place) ? digits[place] : 48) }
        }
        let size = abs(exponent)
        return result + Array("e\(exponent < 0 ? "-" : "+")\(size < 10 ? "0" : "")\(size)".utf8)
    }
}
