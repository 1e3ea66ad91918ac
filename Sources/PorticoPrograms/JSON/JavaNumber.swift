// Hot: once per fraction written. Allocates: the short text of a number that must be respelled.

/// Numbers as Java prints them.
public enum JavaNumber {
    /// Appends a `double` as `Double.toString` does: digits between 10^-3 and 10^7 plain with at least one decimal,
    /// others as `1.0E10`; the digits are those of Java up to 18, which are mostly the shortest that read back the same.
    public static func append(_ value: Double, into output: OutputBuffer) {
        if value.isNaN { return output.append("NaN") }
        if value < 0 || (value == 0 && value.sign == .minus) { output.append(0x2D) }
        let magnitude = value.magnitude
        if magnitude.isInfinite { return output.append("Infinity") }
        if magnitude == 0 { return output.append("0.0") }
        var digits: [UInt8] = []
        var exponent = 0
        split(magnitude, &digits, &exponent)
        if JavaDigits.mayDiffer(magnitude, digits: digits.count) { (digits, exponent) = JavaDigits.digits(magnitude) }
        // The value is 0.DIGITS * 10^exponent.
        if magnitude >= 1e-3 && magnitude < 1e7 {
            if exponent <= 0 {
                output.append("0.")
                for _ in exponent..<0 { output.append(0x30) }
                output.append(digits)
            } else {
                for position in 0..<exponent { output.append(position < digits.count ? digits[position] : 0x30) }
                output.append(0x2E)
                if digits.count > exponent {
                    output.append(Array(digits[exponent...]))
                } else {
                    output.append(0x30)
                }
            }
            return
        }
        output.append(digits[0])
        output.append(0x2E)
        if digits.count > 1 {
            output.append(Array(digits[1...]))
        } else {
            output.append(0x30)
        }
        output.append(0x45)
        output.append(decimal: exponent - 1)
    }

    /// Appends a JSON number that has a fraction or an exponent, or keeps its text when a `Double` cannot hold it.
    static func append(jsonText text: UnsafeRawBufferPointer, into output: OutputBuffer) {
        if isPrintedAsWritten(text) { return output.append(text) }
        var significant = 0
        var seenNonZero = false
        for byte in text {
            if byte | 0x20 == 0x65 { break }
            guard byte &- 0x30 < 10 else { continue }
            if byte != 0x30 { seenNonZero = true }
            if seenNonZero { significant += 1 }
        }
        guard significant <= 17, let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite,
            value != 0 || !seenNonZero
        else { return output.append(text) }
        append(value, into: output)
    }

    /// Recognises what prints as it is without conversion: at most 15 digits, no exponent, no surplus zero, at most
    /// seven digits before the point and a non-zero one there.
    private static func isPrintedAsWritten(_ text: UnsafeRawBufferPointer) -> Bool {
        var at = 0
        if text.count > 17 || text.isEmpty { return false }
        if text[0] == 0x2D { at = 1 }
        let whole = at
        while at < text.count, text[at] &- 0x30 < 10 { at += 1 }
        guard at - whole <= 7, at > whole, text[whole] != 0x30, at < text.count, text[at] == 0x2E else { return false }
        let fraction = at + 1
        at = fraction
        while at < text.count, text[at] &- 0x30 < 10 { at += 1 }
        guard at == text.count, at > fraction, at - whole <= 16 else { return false }
        return text[at - 1] != 0x30 || at - fraction == 1
    }

    /// Digits of a finite number as Java prints them, and how many stand before the point: the value is
    /// 0.DIGITS * 10^point.
    static func digits(_ value: Double) -> (digits: [UInt8], point: Int) {
        if value == 0 { return ([48], 1) }
        var digits: [UInt8] = []
        var point = 0
        split(value.magnitude, &digits, &point)
        return JavaDigits.mayDiffer(value.magnitude, digits: digits.count)
            ? JavaDigits.digits(value.magnitude) : (digits, point)
    }

    /// The `Double` that prints as the `Float` does.
    static func widened(_ value: Float) -> Double {
        guard value.isFinite, value != 0 else { return Double(value) }
        let (digits, point) = JavaDigits.digits(value.magnitude)
        let text = "\(value < 0 ? "-" : "")0.\(String(decoding: digits, as: UTF8.self))e\(point)"
        return Double(text) ?? Double(value)
    }

    /// Splits a positive finite number into its shortest digits and the exponent of 0.DIGITS.
    private static func split(_ value: Double, _ digits: inout [UInt8], _ exponent: inout Int) {
        // Swift prints the shortest digits, as `5e-324`, `0.001`, `1234.5` or `1e+16`.
        var point: Int?
        var scale = 0
        var negativeScale = false
        var inScale = false
        for byte in value.description.utf8 {
            switch byte {
            case 0x2E: point = digits.count
            case 0x65: inScale = true
            case 0x2D: negativeScale = true
            case 0x2B: break
            default:
                if inScale { scale = scale * 10 + Int(byte - 0x30) } else { digits.append(byte) }
            }
        }
        exponent = (point ?? digits.count) + (negativeScale ? -scale : scale)
        let leading = digits.prefix { $0 == 0x30 }.count
        digits.removeFirst(leading)
        exponent -= leading
        while digits.count > 1, digits.last == 0x30 { digits.removeLast() }
    }
}
