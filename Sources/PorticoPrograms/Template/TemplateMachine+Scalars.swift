// Hot: once per method of a fraction, a truth value or a character. Allocates: the result, if it is text.

/// Methods of `Double`, `BigInteger`, `Boolean` and `Character`.
extension TemplateMachine {
    // MARK: Double

    /// An argument where Java wants a `double`.
    private func fraction(_ value: TemplateValue) -> Double? {
        switch number(value) {
        case .int(let whole)?: Double(whole)
        case .long(let whole)?: Double(whole)
        case .double(let value)?: value
        default: nil
        }
    }

    func callDouble(
        _ method: TemplateMethod, _ value: Double, _ object: TemplateValue, _ arguments: TemplateArguments
    ) -> TemplateValue {
        let first = arguments.first ?? .null
        switch (method, arguments.count) {
        case (.isNaN, 0): return TemplateValue(value.isNaN)
        case (.isInfinite, 0): return TemplateValue(value.isInfinite)
        case (.parseDouble, 1), (.valueOf, 1):
            if method == .valueOf, let value = fraction(first) { return TemplateValue(value) }
            guard let text = stringBytes(first) else { return first.isNull ? nullArgument() : .null }
            return parsedDouble(text).map { TemplateValue($0) } ?? notANumber(text)
        case (.toHexString, 1):
            guard let value = fraction(first) else { return .null }
            return TemplateValue(
                text {
                    if value.sign == .minus { $0.append(UInt8(ascii: "-")) }
                    $0.append(Self.hexadecimal(abs(value)))
                })
        case (.isNaN, 1), (.isInfinite, 1), (.isFinite, 1), (.toString, 1), (.hashCode, 1), (.doubleToLongBits, 1):
            guard let value = fraction(first) else { return .null }
            switch method {
            case .isNaN: return TemplateValue(value.isNaN)
            case .isInfinite: return TemplateValue(value.isInfinite)
            case .isFinite: return TemplateValue(value.isFinite)
            case .toString: return TemplateValue(textBytes(TemplateValue(value)))
            case .hashCode: return TemplateValue(int: hashCode(TemplateValue(value)))
            default: return TemplateValue(long: Int64(bitPattern: value.bitPattern))
            }
        case (.max, 2), (.min, 2), (.sum, 2), (.compare, 2):
            guard let left = fraction(first), let right = fraction(arguments[1]) else { return .null }
            switch method {
            case .max: return TemplateValue(max(left, right))
            case .min: return TemplateValue(min(left, right))
            case .sum: return TemplateValue(left + right)
            default:
                return naturalOrder(TemplateValue(left), TemplateValue(right)).map { TemplateValue(count: $0) } ?? .null
            }
        default: return callAny(method, object, arguments)
        }
    }

    /// Java's grammar of `Double.parseDouble`, but for hexadecimal.
    private func parsedDouble(_ text: UnsafeRawBufferPointer) -> Double? {
        guard text.count <= 400 else { return nil }
        let trimmed = text.drop { $0 <= 0x20 }
        var string = String(decoding: trimmed, as: UTF8.self)
        while let last = string.utf8.last, last <= 0x20 { string.removeLast() }
        switch string {
        case "NaN", "+NaN", "-NaN": return .nan
        case "Infinity", "+Infinity": return .infinity
        case "-Infinity": return -.infinity
        default: break
        }
        if let suffix = string.last, "dDfF".contains(suffix),
            string.dropLast().last?.isNumber == true || string.dropLast().last == "."
        {
            string.removeLast()
        }
        guard string.contains(where: { $0.isNumber }), string.allSatisfy({ $0.isNumber || "+-.eE".contains($0) }) else {
            return nil
        }
        // Swift wants digits on both sides of the point.
        var sign = ""
        if let first = string.first, first == "-" || first == "+" {
            sign = first == "-" ? "-" : ""
            string.removeFirst()
        }
        if string.hasPrefix(".") { string = "0" + string }
        if let point = string.firstIndex(of: ".") {
            let next = string.index(after: point)
            if next == string.endIndex || string[next] == "e" || string[next] == "E" { string.insert("0", at: next) }
        }
        return Double(sign + string)
    }

    // MARK: BigInteger

    func callBig(
        _ method: TemplateMethod, _ digits: UnsafeRawBufferPointer, _ object: TemplateValue,
        _ arguments: TemplateArguments
    ) -> TemplateValue {
        switch (method, arguments.count) {
        case (.abs, 0), (.negate, 0):
            let isNegative = digits.first == UInt8(ascii: "-")
            let magnitude = isNegative ? UnsafeRawBufferPointer(rebasing: digits.dropFirst()) : digits
            if isNegative || method == .abs { return TemplateValue(bigInteger: magnitude) }
            return TemplateValue(
                bigInteger: text {
                    $0.append(UInt8(ascii: "-"))
                    $0.append(digits)
                })
        case (.signum, 0): return TemplateValue(int: digits.first == UInt8(ascii: "-") ? -1 : 1)
        case (.add, 1), (.subtract, 1), (.multiply, 1), (.divide, 1), (.mod, 1), (.max, 1), (.min, 1):
            guard case .big? = number(arguments[0]) else { return arguments[0].isNull ? nullArgument() : .null }
            switch method {
            case .add: return arithmetic(.add, object, arguments[0])
            case .subtract: return arithmetic(.subtract, object, arguments[0])
            case .multiply: return arithmetic(.multiply, object, arguments[0])
            case .divide: return arithmetic(.divide, object, arguments[0])
            case .mod: return arithmetic(.modulo, object, arguments[0])
            default:
                let isGreater = (compare(object, arguments[0]) ?? 0) > 0
                return isGreater == (method == .max) ? object : arguments[0]
            }
        default: return callAny(method, object, arguments)
        }
    }

    // MARK: Boolean and Character

    func callScalar(_ method: TemplateMethod, _ object: TemplateValue, _ arguments: TemplateArguments) -> TemplateValue
    {
        if object.tag == .character { return callCharacter(method, object, arguments) }
        guard object.tag == .bool else { return callAny(method, object, arguments) }
        let first = arguments.first ?? .null
        switch (method, arguments.count) {
        case (.booleanValue, 0): return object
        case (.compareTo, 1):
            if first.isNull { return nullArgument() }
            return naturalOrder(object, first).map { TemplateValue(count: $0) } ?? .null
        case (.parseBoolean, 1), (.valueOf, 1):
            if method == .valueOf && first.tag == .bool { return first }
            if first.isNull { return TemplateValue(false) }
            guard let text = stringBytes(first) else { return .null }
            return TemplateValue(String(decoding: text, as: UTF8.self).lowercased() == "true")
        case (.toString, 1), (.hashCode, 1):
            guard first.tag == .bool else { return .null }
            if method == .hashCode { return TemplateValue(int: hashCode(first)) }
            return TemplateValue(textBytes(first))
        case (.logicalAnd, 2), (.logicalOr, 2), (.logicalXor, 2), (.compare, 2):
            guard first.tag == .bool, arguments[1].tag == .bool else { return .null }
            switch method {
            case .logicalAnd: return TemplateValue(first.bool && arguments[1].bool)
            case .logicalOr: return TemplateValue(first.bool || arguments[1].bool)
            case .logicalXor: return TemplateValue(first.bool != arguments[1].bool)
            default: return TemplateValue(count: (first.bool ? 1 : 0) - (arguments[1].bool ? 1 : 0))
            }
        default: return callAny(method, object, arguments)
        }
    }

    /// The static methods of `Character` take a character or a code point.
    private func callCharacter(
        _ method: TemplateMethod, _ object: TemplateValue, _ arguments: TemplateArguments
    ) -> TemplateValue {
        let first = arguments.first ?? .null
        switch (method, arguments.count) {
        case (.charValue, 0): return object
        case (.compareTo, 1):
            if first.isNull { return nullArgument() }
            return naturalOrder(object, first).map { TemplateValue(count: $0) } ?? .null
        case (.compare, 2):
            return naturalOrder(first, arguments[1]).flatMap {
                first.tag == .character ? TemplateValue(count: $0) : nil
            }
                ?? .null
        case (.valueOf, 1): return first.tag == .character ? first : .null
        case (.hashCode, 1): return first.tag == .character ? TemplateValue(int: Int32(first.unit)) : .null
        case (_, 1):
            let code: UInt32
            if first.tag == .character {
                code = UInt32(first.unit)
            } else if let place = position(first), let scalar = UInt32(exactly: place) {
                code = scalar
            } else {
                return callAny(method, object, arguments)
            }
            return callCharacter(method, code, isCode: first.tag != .character) ?? callAny(method, object, arguments)
        default: return callAny(method, object, arguments)
        }
    }

    private func callCharacter(_ method: TemplateMethod, _ code: UInt32, isCode: Bool) -> TemplateValue? {
        guard let scalar = Unicode.Scalar(code) else { return nil }
        let properties = scalar.properties
        let isLetter: Bool
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: isLetter = true
        default: isLetter = false
        }
        let isDigit = properties.generalCategory == .decimalNumber
        let isSpace: Bool
        switch properties.generalCategory {
        case .spaceSeparator, .lineSeparator, .paragraphSeparator: isSpace = true
        default: isSpace = false
        }
        func made(_ mapped: String) -> TemplateValue {
            let units = Array(mapped.utf16)
            guard mapped.unicodeScalars.count == 1, let first = mapped.unicodeScalars.first else {
                return isCode
                    ? TemplateValue(int: Int32(code)) : TemplateValue(character: UInt16(truncatingIfNeeded: code))
            }
            return isCode ? TemplateValue(int: Int32(first.value)) : TemplateValue(character: units[0])
        }
        switch method {
        case .isDigit: return TemplateValue(isDigit)
        case .isLetter: return TemplateValue(isLetter)
        case .isLetterOrDigit: return TemplateValue(isLetter || isDigit)
        case .isAlphabetic: return isCode ? TemplateValue(properties.isAlphabetic) : nil
        case .isUpperCase: return TemplateValue(properties.isUppercase)
        case .isLowerCase: return TemplateValue(properties.isLowercase)
        case .isSpaceChar: return TemplateValue(isSpace)
        case .isWhitespace:
            let isFixed = code == 0xA0 || code == 0x2007 || code == 0x202F
            return TemplateValue(9...13 ~= code || 0x1C...0x1F ~= code || isSpace && !isFixed)
        case .toUpperCase: return made(properties.uppercaseMapping)
        case .toLowerCase: return made(properties.lowercaseMapping)
        case .getNumericValue:
            switch scalar {
            case "a"..."z": return TemplateValue(count: Int(code) - 87)
            case "A"..."Z": return TemplateValue(count: Int(code) - 55)
            default:
                guard let value = properties.numericValue else { return TemplateValue(int: -1) }
                return TemplateValue(int: Int32(exactly: value) ?? -2)
            }
        case .toString: return TemplateValue(text { UTF8Text.append(code, into: $0) })
        case .reverseBytes:
            return isCode ? nil : TemplateValue(character: UInt16(truncatingIfNeeded: code).byteSwapped)
        default: return nil
        }
    }
}
