/// Spellings of numbers in schemas and messages.
enum SchemaNumberText {
    /// Whether the text is a number by JSON's grammar.
    static func isNumber(_ text: String) -> Bool {
        var rest = Substring(text).utf8
        func digits() -> Int {
            let count = rest.prefix { $0 &- 0x30 < 10 }.count
            rest.removeFirst(count)
            return count
        }
        func take(_ bytes: UInt8...) -> Bool {
            guard let byte = rest.first, bytes.contains(byte) else { return false }
            rest.removeFirst()
            return true
        }
        _ = take(0x2D)
        if take(0x30) {
            if let byte = rest.first, byte &- 0x30 < 10 { return false }
        } else if digits() == 0 {
            return false
        }
        if take(0x2E), digits() == 0 { return false }
        if take(0x65, 0x45) {
            _ = take(0x2B, 0x2D)
            if digits() == 0 { return false }
        }
        return rest.isEmpty
    }

    /// Whether `multipleOf` can divide by it: above zero, and not more digits than the machine takes.
    static func isDivisor(_ text: String) -> Bool {
        withBytes(text) { bytes in
            let number = SchemaDecimal(bytes)
            return !number.isNegative && (1...SchemaDecimal.maximumDivisorDigits).contains(number.digitCount)
        }
    }

    /// The value as a count: whole, not negative, held within 32 bits.
    static func count(_ text: String) -> UInt32? {
        withBytes(text) { bytes in
            let number = SchemaDecimal(bytes)
            if number.digitCount == 0 { return 0 }
            if number.isNegative || number.exponent < number.digitCount { return nil }
            // Nothing is that long, so one limit is as good as another.
            guard number.exponent <= 9, let (value, scale) = number.mantissa else { return UInt32.max - 1 }
            return (0..<scale).reduce(UInt32(value)) { power, _ in power * 10 }
        }
    }

    static func compare(_ left: String, _ right: String) -> Int {
        withBytes(left) { left in
            withBytes(right) { right in SchemaDecimal.compare(SchemaDecimal(left), SchemaDecimal(right)) }
        }
    }

    private static func withBytes<Result>(_ text: String, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        Array(text.utf8).withUnsafeBytes(body)
    }

    /// The number as Java's `BigDecimal` prints it: as written unless it has an exponent.
    static func javaText(_ text: String) -> String {
        guard let mark = text.utf8.firstIndex(where: { $0 | 0x20 == 0x65 }) else { return text }
        let scaleText = text[text.utf8.index(after: mark)...]
        guard let power = Int(scaleText.first == "+" ? scaleText.dropFirst() : scaleText) else { return text }
        var mantissa = text[..<mark]
        let sign = mantissa.first == "-" ? "-" : ""
        if mantissa.first == "-" { mantissa.removeFirst() }
        let parts = mantissa.split(separator: ".", maxSplits: 1)
        let fraction = parts.count > 1 ? parts[1].utf8.count : 0
        var digits = String(parts.joined().drop { $0 == "0" })
        if digits.isEmpty { digits = "0" }
        let scale = fraction.subtractingReportingOverflow(power)
        guard !scale.overflow, abs(power) < 1 << 31 else { return text }
        let adjusted = digits.utf8.count - 1 - scale.partialValue
        if scale.partialValue >= 0, adjusted >= -6 {
            if scale.partialValue == 0 { return sign + digits }
            let missing = scale.partialValue - digits.utf8.count + 1
            let padded = missing > 0 ? String(repeating: "0", count: missing) + digits : digits
            return sign + padded.dropLast(scale.partialValue) + "." + padded.suffix(scale.partialValue)
        }
        let rest = digits.dropFirst()
        let head = digits.prefix(1) + (rest.isEmpty ? "" : "." + rest)
        return adjusted == 0 ? sign + head : "\(sign)\(head)E\(adjusted > 0 ? "+" : "")\(adjusted)"
    }
}
