/// The core schema of YAML 1.2: which plain text is null, a boolean or a number.
///
/// Source: YAML 1.2.2, section 10.3.2. `yes`, `on`, `12:30:45` and dates are text, and `010` is ten.
enum CoreSchema {
    /// The type of plain, untagged text.
    static func resolve(_ text: UnsafeBufferPointer<UInt8>) -> Scalar.Kind {
        guard let first = text.first else { return .null }
        switch first {
        case UInt8(ascii: "~"):
            return text.count == 1 ? .null : .string
        case UInt8(ascii: "n"), UInt8(ascii: "N"):
            return matches(text, "null", "Null", "NULL") ? .null : .string
        case UInt8(ascii: "t"), UInt8(ascii: "T"):
            return matches(text, "true", "True", "TRUE") ? .boolean(true) : .string
        case UInt8(ascii: "f"), UInt8(ascii: "F"):
            return matches(text, "false", "False", "FALSE") ? .boolean(false) : .string
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            return number(text)
        default:
            return .string
        }
    }

    private static func matches(
        _ text: UnsafeBufferPointer<UInt8>, _ first: StaticString, _ second: StaticString, _ third: StaticString
    ) -> Bool {
        equals(text, first) || equals(text, second) || equals(text, third)
    }

    /// Whether the bytes are those of `word`.
    static func equals(_ text: UnsafeBufferPointer<UInt8>, _ word: StaticString) -> Bool {
        text.count == word.utf8CodeUnitCount
            && text.elementsEqual(UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
    }

    static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

    private static func number(_ text: UnsafeBufferPointer<UInt8>) -> Scalar.Kind {
        if text.count > 2, text[0] == UInt8(ascii: "0"), text[1] == UInt8(ascii: "x") || text[1] == UInt8(ascii: "o") {
            return radixNumber(text, radix: text[1] == UInt8(ascii: "x") ? 16 : 8)
        }
        var index = 0
        let isNegative = text[0] == UInt8(ascii: "-")
        if isNegative || text[0] == UInt8(ascii: "+") { index = 1 }
        let digits = index
        while index < text.count, isDigit(text[index]) { index += 1 }
        let wholeDigits = index - digits
        if index == text.count {
            return wholeDigits > 0 ? integer(text, from: digits, isNegative: isNegative) : .string
        }
        if text[index] == UInt8(ascii: ".") {
            index += 1
            if wholeDigits == 0, let special = special(text, from: index, isSigned: digits > 0, isNegative: isNegative)
            {
                return special
            }
            let fraction = index
            while index < text.count, isDigit(text[index]) { index += 1 }
            if wholeDigits == 0, index == fraction { return .string }
        } else if wholeDigits == 0 {
            return .string
        }
        if index < text.count, text[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < text.count, text[index] == UInt8(ascii: "+") || text[index] == UInt8(ascii: "-") { index += 1 }
            let exponent = index
            while index < text.count, isDigit(text[index]) { index += 1 }
            if index == exponent { return .string }
        }
        guard index == text.count else { return .string }
        return double(text)
    }

    private static func integer(_ text: UnsafeBufferPointer<UInt8>, from digits: Int, isNegative: Bool) -> Scalar.Kind {
        var value: Int64 = 0
        for index in digits..<text.count {
            let digit = Int64(text[index] - UInt8(ascii: "0"))
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) =
                isNegative
                ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
            if overflow || carry { return double(text) }
            value = sum
        }
        return .integer(value)
    }

    private static func radixNumber(_ text: UnsafeBufferPointer<UInt8>, radix: Int) -> Scalar.Kind {
        let digits = String(decoding: UnsafeBufferPointer(rebasing: text[2...]), as: UTF8.self)
        guard let first = digits.utf8.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "-") else {
            return .string
        }
        if let value = Int64(digits, radix: radix) { return .integer(value) }
        var value = 0.0
        for byte in digits.utf8 {
            guard let digit = hexadecimalDigit(byte), digit < radix else { return .string }
            value = value * Double(radix) + Double(digit)
        }
        return .number(value)
    }

    /// The value of one digit in base 16.
    static func hexadecimalDigit(_ byte: UInt8) -> Int? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(byte - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(byte - UInt8(ascii: "A")) + 10
        default: nil
        }
    }

    private static func special(
        _ text: UnsafeBufferPointer<UInt8>, from index: Int, isSigned: Bool, isNegative: Bool
    ) -> Scalar.Kind? {
        let word = UnsafeBufferPointer(rebasing: text[index...])
        if matches(word, "inf", "Inf", "INF") { return .number(isNegative ? -.infinity : .infinity) }
        if !isSigned, matches(word, "nan", "NaN", "NAN") { return .number(.nan) }
        return nil
    }

    private static func double(_ text: UnsafeBufferPointer<UInt8>) -> Scalar.Kind {
        .number(Double(String(decoding: text, as: UTF8.self)) ?? .nan)
    }
}

extension CoreSchema {
    /// How a reader of YAML 1.1 would take plain text that means something else in YAML 1.2; `nil` when they agree, or
    /// when hardly any reader of 1.1 differs in practice (`y`, `n` and dates).
    ///
    /// Source: the YAML 1.1 type repository: bool, int and float.
    static func olderReading(_ text: UnsafeBufferPointer<UInt8>) -> String? {
        guard let first = text.first else { return nil }
        switch first {
        case UInt8(ascii: "y"), UInt8(ascii: "Y"):
            return matches(text, "yes", "Yes", "YES") ? "true" : nil
        case UInt8(ascii: "n"), UInt8(ascii: "N"):
            return matches(text, "no", "No", "NO") ? "false" : nil
        case UInt8(ascii: "o"), UInt8(ascii: "O"):
            if matches(text, "on", "On", "ON") { return "true" }
            return matches(text, "off", "Off", "OFF") ? "false" : nil
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"):
            return olderNumber(text)
        default:
            return nil
        }
    }

    private static func olderNumber(_ text: UnsafeBufferPointer<UInt8>) -> String? {
        let isSigned = !isDigit(text[0])
        let digits = UnsafeBufferPointer(rebasing: text[(isSigned ? 1 : 0)...])
        guard digits.count > 1, isDigit(digits[0]) else { return nil }
        if digits[0] == UInt8(ascii: "0") {
            if digits[1] == UInt8(ascii: "o") {
                if case .string = resolve(text) { return nil }
                return "text"
            }
            if digits[1] == UInt8(ascii: "b") {
                let isBinary = digits.count > 2 && digits[2...].allSatisfy { $0 | 1 == UInt8(ascii: "1") }
                return isBinary ? "a binary number" : nil
            }
            if digits.allSatisfy(isDigit) {
                guard digits.allSatisfy({ $0 < UInt8(ascii: "8") }) else { return "text" }
                guard let value = Int(String(decoding: digits, as: UTF8.self), radix: 8) else {
                    return "an octal number"
                }
                return value < 8 && digits.count < 3
                    ? nil : "the octal number \(isSigned && text[0] == UInt8(ascii: "-") ? "-" : "")\(value)"
            }
        }
        return isSexagesimal(digits) ? "a number that counts sixties" : isGrouped(digits) ? "a number" : nil
    }

    /// `[1-9][0-9_]*(:[0-5]?[0-9])+(.[0-9_]*)?`
    private static func isSexagesimal(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard text[0] != UInt8(ascii: "0") || text[1] == UInt8(ascii: ":") else { return false }
        var index = 0
        while index < text.count, isDigit(text[index]) || text[index] == UInt8(ascii: "_") { index += 1 }
        var groups = 0
        while index < text.count, text[index] == UInt8(ascii: ":") {
            let start = index + 1
            index = start
            while index < text.count, isDigit(text[index]) { index += 1 }
            guard index - start == 1 || (index - start == 2 && text[start] < UInt8(ascii: "6")) else { return false }
            groups += 1
        }
        if groups > 0, index < text.count, text[index] == UInt8(ascii: ".") {
            index += 1
            while index < text.count, isDigit(text[index]) || text[index] == UInt8(ascii: "_") { index += 1 }
        }
        return groups > 0 && index == text.count
    }

    /// Digits in groups: `1_000`.
    private static func isGrouped(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        text.contains(UInt8(ascii: "_")) && text.allSatisfy { isDigit($0) || $0 == UInt8(ascii: "_") }
    }
}
