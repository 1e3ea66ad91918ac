// Hot: once per `format`. Allocates: the result.

/// `String.format`, as Java's `Formatter` writes, but for dates (`%t`).
extension TemplateMachine {
    func format(one argument: TemplateValue) -> TemplateValue {
        withUnsafePointer(to: argument) { format(TemplateArguments(start: $0, count: 1)) }
    }

    /// The first argument is the format, unless it is `null`: then it is a locale, which changes nothing.
    func format(_ arguments: TemplateArguments) -> TemplateValue {
        if arguments[0].isNull && arguments.count > 1 {
            if stringBytes(arguments[1]) == nil { return nullArgument() }
            return format(TemplateArguments(rebasing: arguments[1...]))
        }
        guard let format = stringBytes(arguments[0]) else { return .null }
        return formatted(format, TemplateArguments(rebasing: arguments[1...]))
    }

    /// A Java array as the only argument stands for all of them, and so does `null`, for any number of `null`s.
    func formatted(_ format: UnsafeRawBufferPointer, _ arguments: TemplateArguments) -> TemplateValue {
        var values = Array(arguments)
        let isEndless = values.count == 1 && values[0].isNull
        if values.count == 1, values[0].tag == .list, heap.cells[values[0].handle].kind == .array {
            let list = values[0].handle
            values = (0..<heap.cells[list].count).map { heap.element(list, $0) }
        }
        var next = 0
        var last = -1
        let result = text { output in
            var place = 0
            while place < format.count && !failed {
                let byte = format[place]
                guard byte == UInt8(ascii: "%") else {
                    output.append(byte)
                    place += 1
                    continue
                }
                guard let (specification, end) = TemplateFormatSpecification.read(format, at: place + 1) else {
                    fail("IllegalFormatException: '\(Self.excerpt(format, at: place))' in a format")
                    return
                }
                place = end
                switch specification.conversion {
                case UInt8(ascii: "%"): pad([UInt8(ascii: "%")], specification, into: output)
                case UInt8(ascii: "n"): output.append(0x0A)
                default:
                    if specification.isRelative {
                        if last < 0 {
                            fail("MissingFormatArgumentException: '%<' before the first argument")
                            return
                        }
                    } else if let position = specification.position {
                        last = position - 1
                    } else {
                        last = next
                        next += 1
                    }
                    guard isEndless || values.indices.contains(last) else {
                        fail("MissingFormatArgumentException: a format has more '%' than arguments")
                        return
                    }
                    append(isEndless ? .null : values[last], specification, into: output)
                }
            }
        }
        return failed ? .null : TemplateValue(result)
    }

    private static func excerpt(_ format: UnsafeRawBufferPointer, at place: Int) -> String {
        String(decoding: format[place..<min(place + 8, format.count)], as: UTF8.self)
    }

    private func append(
        _ value: TemplateValue, _ specification: TemplateFormatSpecification, into output: OutputBuffer
    ) {
        let letter = Unicode.Scalar(specification.conversion)
        if value.isNull && letter != "b" { return cut(Array("null".utf8), specification, into: output) }
        switch letter {
        case "s": cut(Array(textBytes(value)), specification, into: output)
        case "b":
            let isTrue = value.isNull ? false : value.tag == .bool ? value.bool : true
            cut(Array(isTrue ? "true".utf8 : "false".utf8), specification, into: output)
        case "h":
            let hash = UInt32(bitPattern: hashCode(value))
            cut(Array(String(hash, radix: 16).utf8), specification, into: output)
        case "c":
            if value.tag == .character { return pad(Array(textBytes(value)), specification, into: output) }
            guard let code = position(value) else { return mismatch(specification) }
            guard let scalar = UInt32(exactly: code).flatMap({ Unicode.Scalar($0) }) else {
                fail("IllegalFormatCodePointException: \(code)")
                return
            }
            pad(Array(String(scalar).utf8), specification, into: output)
        case "d", "x", "o":
            guard let number = number(value), let digits = whole(number, letter, specification) else {
                return mismatch(specification)
            }
            pad(digits, specification, into: output)
        default:
            guard case .double(let double)? = number(value) else { return mismatch(specification) }
            pad(fraction(double, letter, specification), specification, into: output)
        }
    }

    private func mismatch(_ specification: TemplateFormatSpecification) {
        fail(
            "IllegalFormatConversionException: %\(Character(UnicodeScalar(specification.conversion))) and its argument")
    }

    /// Appends what a precision may cut off.
    private func cut(_ bytes: [UInt8], _ specification: TemplateFormatSpecification, into output: OutputBuffer) {
        guard let precision = specification.precision, precision < bytes.count else {
            return pad(bytes, specification, into: output)
        }
        let units = Array(bytes.withUnsafeBytes { Array(UTF16Text($0)) }.prefix(precision))
        pad(Array(String(decoding: units, as: UTF16.self).utf8), specification, into: output)
    }

    private func pad(_ bytes: [UInt8], _ specification: TemplateFormatSpecification, into output: OutputBuffer) {
        var bytes = bytes
        if specification.isUpper { bytes = Array(String(decoding: bytes, as: UTF8.self).uppercased().utf8) }
        let padding = max(0, (specification.width ?? 0) - bytes.withUnsafeBytes { UTF16Text.count($0) })
        charge(padding)
        if !specification.has("-") {
            for _ in 0..<padding { output.append(0x20) }
        }
        output.append(bytes)
        if specification.has("-") {
            for _ in 0..<padding { output.append(0x20) }
        }
    }

    private func whole(
        _ number: TemplateNumber, _ letter: Unicode.Scalar, _ specification: TemplateFormatSpecification
    ) -> [UInt8]? {
        if case .double = number { return nil }
        if letter == "d" {
            var digits = TemplateBigInteger(number).decimal
            let isNegative = digits.first == UInt8(ascii: "-")
            if isNegative { digits.removeFirst() }
            if specification.has(",") { digits = grouped(digits) }
            return signed(digits, isNegative, specification)
        }
        let radix = letter == "x" ? 16 : 8
        let prefix = specification.has("#") ? Array((letter == "x" ? "0x" : "0").utf8) : []
        if case .big(let text) = number {
            var digits = TemplateBigInteger(decimal: text).digits(radix: radix)
            let isNegative = digits.first == UInt8(ascii: "-")
            if isNegative { digits.removeFirst() }
            return signed(prefix + digits, isNegative, specification)
        }
        guard let value = number.whole, !specification.has("("), !specification.has(" "), !specification.has("+") else {
            return nil
        }
        var bits = UInt64(bitPattern: value)
        if case .int(let small) = number { bits = UInt64(UInt32(bitPattern: small)) }
        var digits = Array(String(bits, radix: radix).utf8)
        if specification.has("0") { digits = zeros((specification.width ?? 0) - prefix.count - digits.count) + digits }
        return prefix + digits
    }

    private func zeros(_ count: Int) -> [UInt8] {
        charge(max(count, 0))
        return [UInt8](repeating: 48, count: max(count, 0))
    }

    private func fraction(
        _ value: Double, _ letter: Unicode.Scalar, _ specification: TemplateFormatSpecification
    ) -> [UInt8] {
        if value.isNaN { return Array("NaN".utf8) }
        let isNegative = value.sign == .minus
        guard value.isFinite else { return signed(Array("Infinity".utf8), isNegative, specification, padsZeros: false) }
        let precision = min(specification.precision ?? 6, 1000)
        charge(precision)
        let exact = TemplateDecimal(abs(value))
        var digits: [UInt8]
        switch letter {
        case "e": digits = exact.scientific(precision)
        case "g": digits = exact.general(max(precision, 1))
        case "a": digits = Self.hexadecimal(abs(value))
        default: digits = exact.plain(precision)
        }
        if specification.has("#"), precision == 0, letter == "f" { digits.append(UInt8(ascii: ".")) }
        if specification.has(",") {
            let point = digits.firstIndex { $0 < 48 || $0 > 57 } ?? digits.count
            digits = grouped(Array(digits[..<point])) + digits[point...]
        }
        return signed(digits, isNegative, specification)
    }

    /// `Double.toHexString`
    static func hexadecimal(_ value: Double) -> [UInt8] {
        if value == 0 { return Array("0x0.0p0".utf8) }
        var digits = String(value.significandBitPattern, radix: 16)
        digits = String(repeating: "0", count: 13 - digits.utf8.count) + digits
        while digits.utf8.count > 1 && digits.hasSuffix("0") { digits.removeLast() }
        return Array("0x\(value.isSubnormal ? 0 : 1).\(digits)p\(value.isSubnormal ? -1022 : Int(value.exponent))".utf8)
    }

    private func grouped(_ digits: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        for (place, digit) in digits.enumerated() {
            if place > 0 && (digits.count - place) % 3 == 0 { result.append(UInt8(ascii: ",")) }
            result.append(digit)
        }
        return result
    }

    private func signed(
        _ digits: [UInt8], _ isNegative: Bool, _ specification: TemplateFormatSpecification, padsZeros: Bool = true
    ) -> [UInt8] {
        var sign: [UInt8] = []
        var end: [UInt8] = []
        if isNegative {
            if specification.has("(") {
                sign = [UInt8(ascii: "(")]
                end = [UInt8(ascii: ")")]
            } else {
                sign = [UInt8(ascii: "-")]
            }
        } else if specification.has("+") {
            sign = [UInt8(ascii: "+")]
        } else if specification.has(" ") {
            sign = [0x20]
        }
        var digits = digits
        if specification.has("0") && padsZeros {
            digits = zeros((specification.width ?? 0) - digits.count - sign.count - end.count) + digits
        }
        return sign + digits + end
    }
}
