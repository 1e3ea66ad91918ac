// Hot: once per method of a number, truth value or character. Allocates: the result, if it is text.

/// Methods of `Integer`, `Long`, `Double`, `BigInteger`, `Boolean` and `Character`, with the static ones, which templates
/// reach through any value of the type: `#set($Integer = 0)$Integer.parseInt("5")`.
extension TemplateMachine {
    func callNumber(_ method: TemplateMethod, _ object: TemplateValue, _ arguments: TemplateArguments) -> TemplateValue
    {
        guard let number = number(object) else { return callScalar(method, object, arguments) }
        switch (method, arguments.count) {
        case (.intValue, 0): return TemplateValue(int: Int32(truncatingIfNeeded: clampedToInt(number)))
        case (.longValue, 0): return TemplateValue(long: number.truncated)
        case (.doubleValue, 0): return TemplateValue(number.double)
        case (.floatValue, 0): return TemplateValue(JavaNumber.widened(Float(number.double)))
        case (.shortValue, 0): return TemplateValue(int: Int32(Int16(truncatingIfNeeded: clampedToInt(number))))
        case (.byteValue, 0): return TemplateValue(int: Int32(Int8(truncatingIfNeeded: clampedToInt(number))))
        case (.compareTo, 1):
            guard self.number(arguments[0]).map({ Self.sameType($0, number) }) == true else { return .null }
            return naturalOrder(object, arguments[0]).map { TemplateValue(count: $0) } ?? .null
        default: break
        }
        switch number {
        case .int: return callInteger(method, object, arguments, bits: 32)
        case .long: return callInteger(method, object, arguments, bits: 64)
        case .double(let value): return callDouble(method, value, object, arguments)
        case .big(let digits): return callBig(method, digits, object, arguments)
        }
    }

    private static func sameType(_ left: TemplateNumber, _ right: TemplateNumber) -> Bool {
        switch (left, right) {
        case (.int, .int), (.long, .long), (.double, .double), (.big, .big): true
        default: false
        }
    }

    /// Java's `compareTo` of two values of one type; `nil` when they cannot be compared.
    func naturalOrder(_ left: TemplateValue, _ right: TemplateValue) -> Int? {
        if let first = stringBytes(left), let second = stringBytes(right) {
            return Self.order(UTF16Text(first), UTF16Text(second))
        }
        if left.tag == .bool && right.tag == .bool { return (left.bool ? 1 : 0) - (right.bool ? 1 : 0) }
        if left.tag == .character && right.tag == .character { return Int(left.unit) - Int(right.unit) }
        guard let first = number(left), let second = number(right), Self.sameType(first, second) else { return nil }
        if case .double(let first) = first, case .double(let second) = second {
            if first.isNaN || second.isNaN { return (first.isNaN ? 1 : 0) - (second.isNaN ? 1 : 0) }
            if first == second { return (second.sign == .minus ? 1 : 0) - (first.sign == .minus ? 1 : 0) }
        }
        return compare(left, right)
    }

    // MARK: Integer and Long

    /// An argument where Java wants an `int` or a `long`.
    private func whole(_ value: TemplateValue, bits: Int) -> Int64? {
        switch number(value) {
        case .int(let whole)?: Int64(whole)
        case .long(let whole)? where bits == 64: whole
        default: nil
        }
    }

    private func made(_ value: Int64, bits: Int) -> TemplateValue {
        bits == 32 ? TemplateValue(int: Int32(truncatingIfNeeded: value)) : TemplateValue(long: value)
    }

    private func callInteger(
        _ method: TemplateMethod, _ object: TemplateValue, _ arguments: TemplateArguments, bits: Int
    ) -> TemplateValue {
        let first = arguments.first ?? .null
        switch (method, arguments.count) {
        case (.parseInt, 1) where bits == 32, (.parseLong, 1) where bits == 64, (.valueOf, 1), (.decode, 1):
            if method == .valueOf, let whole = whole(first, bits: bits) { return made(whole, bits: bits) }
            guard let text = stringBytes(first) else { return first.isNull ? nullArgument() : .null }
            return parsed(text, radix: method == .decode ? nil : 10, bits: bits)
        case (.parseInt, 2) where bits == 32, (.parseLong, 2) where bits == 64, (.valueOf, 2):
            guard let radix = position(arguments[1]) else { return .null }
            guard let text = stringBytes(first) else { return first.isNull ? nullArgument() : .null }
            return parsed(text, radix: radix, bits: bits)
        case (.parseUnsignedInt, 1) where bits == 32:
            guard let text = stringBytes(first) else { return first.isNull ? nullArgument() : .null }
            let digits = text.first == UInt8(ascii: "+") ? UnsafeRawBufferPointer(rebasing: text.dropFirst()) : text
            guard let value = UInt32(String(decoding: digits, as: UTF8.self)) else { return notANumber(text) }
            return TemplateValue(int: Int32(bitPattern: value))
        case (.toString, 1), (.toUnsignedString, 1), (.toHexString, 1), (.toBinaryString, 1), (.toOctalString, 1):
            guard let whole = whole(first, bits: bits) else { return .null }
            let unsigned = bits == 32 ? UInt64(UInt32(truncatingIfNeeded: whole)) : UInt64(bitPattern: whole)
            switch method {
            case .toString: return TemplateValue(text { $0.append(decimal: Int(whole)) })
            case .toHexString: return TemplateValue(text { $0.append(String(unsigned, radix: 16)) })
            case .toBinaryString: return TemplateValue(text { $0.append(String(unsigned, radix: 2)) })
            case .toOctalString: return TemplateValue(text { $0.append(String(unsigned, radix: 8)) })
            default: return TemplateValue(text { $0.append(String(unsigned)) })
            }
        case (.toString, 2):
            guard let whole = whole(first, bits: bits), let radix = position(arguments[1]) else { return .null }
            return TemplateValue(text { $0.append(String(whole, radix: 2...36 ~= radix ? radix : 10)) })
        case (.hashCode, 1):
            guard let whole = whole(first, bits: bits) else { return .null }
            return TemplateValue(int: hashCode(made(whole, bits: bits)))
        case (_, 1):
            guard let whole = whole(first, bits: bits) else { return callAny(method, object, arguments) }
            return bitwise(method, whole, bits) ?? callAny(method, object, arguments)
        case (_, 2): return callPair(method, first, arguments[1], bits: bits)
        default: return callAny(method, object, arguments)
        }
    }

    private func bitwise(_ method: TemplateMethod, _ value: Int64, _ bits: Int) -> TemplateValue? {
        func both(_ narrow: (UInt32) -> UInt32, _ wide: (UInt64) -> UInt64) -> TemplateValue {
            bits == 32
                ? TemplateValue(int: Int32(bitPattern: narrow(UInt32(truncatingIfNeeded: value))))
                : TemplateValue(long: Int64(bitPattern: wide(UInt64(bitPattern: value))))
        }
        func count(_ narrow: (UInt32) -> Int, _ wide: (UInt64) -> Int) -> TemplateValue {
            TemplateValue(
                count: bits == 32 ? narrow(UInt32(truncatingIfNeeded: value)) : wide(UInt64(bitPattern: value)))
        }
        switch method {
        case .signum: return TemplateValue(count: Int(value.signum()))
        case .bitCount: return count({ $0.nonzeroBitCount }, { $0.nonzeroBitCount })
        case .numberOfLeadingZeros: return count({ $0.leadingZeroBitCount }, { $0.leadingZeroBitCount })
        case .numberOfTrailingZeros: return count({ $0.trailingZeroBitCount }, { $0.trailingZeroBitCount })
        case .highestOneBit:
            return both(
                { $0 == 0 ? 0 : 1 << UInt32(31 - $0.leadingZeroBitCount) },
                { $0 == 0 ? 0 : 1 << UInt64(63 - $0.leadingZeroBitCount) })
        case .lowestOneBit: return both({ $0 & (0 &- $0) }, { $0 & (0 &- $0) })
        case .reverseBytes: return both({ $0.byteSwapped }, { $0.byteSwapped })
        case .reverse: return both(Self.reversed, Self.reversed)
        default: return nil
        }
    }

    private static func reversed<Word: FixedWidthInteger & UnsignedInteger>(_ word: Word) -> Word {
        var result: Word = 0
        for bit in 0..<Word.bitWidth where word >> bit & 1 == 1 { result |= 1 << (Word.bitWidth - 1 - bit) }
        return result
    }

    private func callPair(
        _ method: TemplateMethod, _ first: TemplateValue, _ second: TemplateValue, bits: Int
    ) -> TemplateValue {
        guard let left = whole(first, bits: bits), let right = whole(second, bits: bits) else { return .null }
        func unsigned(_ value: Int64) -> UInt64 {
            bits == 32 ? UInt64(UInt32(truncatingIfNeeded: value)) : UInt64(bitPattern: value)
        }
        switch method {
        case .max: return made(max(left, right), bits: bits)
        case .min: return made(min(left, right), bits: bits)
        case .sum: return made(left &+ right, bits: bits)
        case .compare: return TemplateValue(count: left < right ? -1 : left > right ? 1 : 0)
        case .compareUnsigned:
            let (left, right) = (unsigned(left), unsigned(right))
            return TemplateValue(count: left < right ? -1 : left > right ? 1 : 0)
        case .divideUnsigned, .remainderUnsigned:
            let (left, right) = (unsigned(left), unsigned(right))
            guard right != 0 else { return fail("ArithmeticException: / by zero") }
            return made(Int64(bitPattern: method == .divideUnsigned ? left / right : left % right), bits: bits)
        case .rotateLeft, .rotateRight:
            guard position(second) != nil else { return .null }
            let distance = Int(method == .rotateLeft ? right : 0 &- right) & (bits - 1)
            let value = unsigned(left)
            let turned = distance == 0 ? value : value << UInt64(distance) | value >> UInt64(bits - distance)
            return made(Int64(bitPattern: turned), bits: bits)
        default: return .null
        }
    }

    /// `parseInt` and `parseLong`; without a radix as `decode` reads: `0x1F`, `#1F`, `017`.
    private func parsed(_ text: UnsafeRawBufferPointer, radix: Int?, bits: Int) -> TemplateValue {
        guard text.count <= 80 else { return notANumber(text) }
        var digits = String(decoding: text, as: UTF8.self)[...]
        var sign = ""
        if let first = digits.first, first == "-" || first == "+" {
            sign = first == "-" ? "-" : ""
            digits = digits.dropFirst()
        }
        var base = radix ?? 10
        if radix == nil {
            if digits.hasPrefix("0x") || digits.hasPrefix("0X") || digits.hasPrefix("#") {
                base = 16
                digits = digits.dropFirst(digits.hasPrefix("#") ? 1 : 2)
            } else if digits.hasPrefix("0") && digits.utf8.count > 1 {
                base = 8
                digits = digits.dropFirst()
            }
        }
        guard 2...36 ~= base, let first = digits.first, first != "-" && first != "+",
            let value = Int64(sign + digits, radix: base), bits == 64 || Int32(exactly: value) != nil
        else { return notANumber(text) }
        return made(value, bits: bits)
    }

    func notANumber(_ text: UnsafeRawBufferPointer) -> TemplateValue {
        fail("NumberFormatException: For input string: \"\(String(decoding: text.prefix(100), as: UTF8.self))\"")
    }
}
