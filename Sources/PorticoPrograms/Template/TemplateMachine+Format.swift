// Hot: once per `format`. Allocates: the result.

/// `String.format`, for the conversions that templates use: `%s %S %d %x %X %o %c %b %f %e %n %%`.
extension TemplateMachine {
    private struct Specification {
        var position: Int?
        var flags: Set<UInt8> = []
        var width = 0
        var precision: Int?
        var conversion: UInt8 = 0
    }

    func format(one argument: TemplateValue) -> TemplateValue {
        withUnsafePointer(to: argument) { format(TemplateArguments(start: $0, count: 1)) }
    }

    /// The first argument is the format; the second may be a list of the rest, when it is a Java array.
    func format(_ arguments: TemplateArguments) -> TemplateValue {
        guard let format = stringBytes(arguments[0]) else { return .null }
        var values = Array(arguments.dropFirst())
        if values.count == 1, values[0].tag == .list, heap.cells[values[0].handle].kind == .array {
            let list = values[0].handle
            values = (0..<heap.cells[list].count).map { heap.element(list, $0) }
        }
        var next = 0
        let result = text { output in
            var place = 0
            while place < format.count && !failed {
                let byte = format[place]
                guard byte == UInt8(ascii: "%") else {
                    output.append(byte)
                    place += 1
                    continue
                }
                guard let (specification, end) = Self.specification(format, at: place + 1) else {
                    fail("UnknownFormatConversionException in format")
                    return
                }
                place = end
                switch specification.conversion {
                case UInt8(ascii: "%"): append(Array("%".utf8), specification, into: output)
                case UInt8(ascii: "n"): output.append(0x0A)
                default:
                    let position = specification.position.map { $0 - 1 } ?? next
                    if specification.position == nil { next += 1 }
                    guard values.indices.contains(position) else {
                        fail("MissingFormatArgumentException in format")
                        return
                    }
                    append(values[position], specification, into: output)
                }
            }
        }
        return failed ? .null : TemplateValue(result)
    }

    private static func specification(_ format: UnsafeRawBufferPointer, at start: Int) -> (Specification, Int)? {
        var result = Specification()
        var place = start
        func byte() -> UInt8 { place < format.count ? format[place] : 0 }
        func number() -> Int? {
            var value: Int?
            while case let digit = byte(), digit >= 48, digit <= 57 {
                value = min((value ?? 0) * 10 + Int(digit - 48), 100_000)
                place += 1
            }
            return value
        }
        if byte() >= 49 && byte() <= 57 {
            let first = number()
            if byte() == UInt8(ascii: "$") {
                result.position = first
                place += 1
            } else {
                result.width = first ?? 0
            }
        }
        if result.width == 0 {
            while "-#+ 0,(".utf8.contains(byte()) {
                result.flags.insert(byte())
                place += 1
            }
            result.width = number() ?? 0
        }
        if byte() == UInt8(ascii: ".") {
            place += 1
            guard let precision = number() else { return nil }
            result.precision = precision
        }
        guard place < format.count else { return nil }
        result.conversion = format[place]
        return (result, place + 1)
    }

    private func append(_ value: TemplateValue, _ specification: Specification, into output: OutputBuffer) {
        let lower = specification.conversion | 0x20
        var bytes: [UInt8]
        switch lower {
        case UInt8(ascii: "s"):
            bytes = Array(textBytes(value))
            if let precision = specification.precision {
                bytes = Array(String(decoding: bytes, as: UTF8.self).prefix(precision).utf8)
            }
        case UInt8(ascii: "b"):
            bytes = Array((value.isNull ? false : value.tag == .bool ? value.bool : true) ? "true".utf8 : "false".utf8)
        case UInt8(ascii: "c"):
            guard value.tag == .character || position(value) != nil else { return mismatch(specification) }
            bytes =
                value.tag == .character
                ? Array(textBytes(value))
                : Array(String(UnicodeScalar(UInt32(clamping: position(value) ?? 63)) ?? "?").utf8)
        case UInt8(ascii: "d"), UInt8(ascii: "x"), UInt8(ascii: "o"):
            guard let number = number(value), let digits = whole(number, lower, specification) else {
                return value.isNull ? append(Array("null".utf8), specification, into: output) : mismatch(specification)
            }
            bytes = digits
        case UInt8(ascii: "f"), UInt8(ascii: "e"):
            guard case .double(let double)? = number(value) else {
                return value.isNull ? append(Array("null".utf8), specification, into: output) : mismatch(specification)
            }
            bytes = fraction(double, lower, specification)
        default: return mismatch(specification)
        }
        if specification.conversion != lower { bytes = Array(String(decoding: bytes, as: UTF8.self).uppercased().utf8) }
        append(bytes, specification, into: output)
    }

    private func mismatch(_ specification: Specification) {
        fail("IllegalFormatConversionException: %\(Character(UnicodeScalar(specification.conversion)))")
    }

    private func append(_ bytes: [UInt8], _ specification: Specification, into output: OutputBuffer) {
        let padding = max(0, specification.width - UTF16Text.count(bytes.withUnsafeBytes { heap.copy($0) }))
        charge(padding)
        if !specification.flags.contains(UInt8(ascii: "-")) {
            for _ in 0..<padding { output.append(0x20) }
        }
        output.append(bytes)
        if specification.flags.contains(UInt8(ascii: "-")) {
            for _ in 0..<padding { output.append(0x20) }
        }
    }

    private func whole(_ number: TemplateNumber, _ conversion: UInt8, _ specification: Specification) -> [UInt8]? {
        if case .double = number { return nil }
        var digits: [UInt8]
        var isNegative = false
        if conversion == UInt8(ascii: "d") {
            digits = TemplateBigInteger(number).decimal
            if digits.first == UInt8(ascii: "-") {
                isNegative = true
                digits.removeFirst()
            }
            if specification.flags.contains(UInt8(ascii: ",")) { digits = grouped(digits) }
        } else {
            let radix = conversion == UInt8(ascii: "x") ? 16 : 8
            guard let value = number.whole else { return nil }
            if case .int(let small) = number {
                digits = Array(String(UInt32(bitPattern: small), radix: radix).utf8)
            } else {
                digits = Array(String(UInt64(bitPattern: value), radix: radix).utf8)
            }
        }
        return signed(digits, isNegative, specification)
    }

    private func fraction(_ value: Double, _ conversion: UInt8, _ specification: Specification) -> [UInt8] {
        guard value.isFinite else { return Array((value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity").utf8) }
        let precision = min(specification.precision ?? 6, 100)
        let exact = TemplateDecimal(abs(value))
        if conversion == UInt8(ascii: "e") {
            return signed(exact.scientific(precision), value.sign == .minus, specification)
        }
        var digits = exact.plain(precision)
        if specification.flags.contains(UInt8(ascii: ",")) {
            let point = digits.firstIndex(of: UInt8(ascii: ".")) ?? digits.count
            digits = grouped(Array(digits[..<point])) + digits[point...]
        }
        return signed(digits, value.sign == .minus, specification)
    }

    private func grouped(_ digits: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        for (place, digit) in digits.enumerated() {
            if place > 0 && (digits.count - place) % 3 == 0 { result.append(UInt8(ascii: ",")) }
            result.append(digit)
        }
        return result
    }

    private func signed(_ digits: [UInt8], _ isNegative: Bool, _ specification: Specification) -> [UInt8] {
        var sign: [UInt8] = []
        var end: [UInt8] = []
        if isNegative {
            if specification.flags.contains(UInt8(ascii: "(")) {
                sign = [UInt8(ascii: "(")]
                end = [UInt8(ascii: ")")]
            } else {
                sign = [UInt8(ascii: "-")]
            }
        } else if specification.flags.contains(UInt8(ascii: "+")) {
            sign = [UInt8(ascii: "+")]
        } else if specification.flags.contains(0x20) {
            sign = [0x20]
        }
        var digits = digits
        if specification.flags.contains(UInt8(ascii: "0")) {
            let missing = specification.width - digits.count - sign.count - end.count
            if missing > 0 {
                charge(missing)
                digits = [UInt8](repeating: 48, count: missing) + digits
            }
        }
        return sign + digits + end
    }
}

/// The shortest decimal digits of a finite `Double`, rounded half up to a number of places as Java's formatter does.
struct TemplateDecimal {
    private var digits: [UInt8] = []
    /// Digits before the point.
    private var point = 0

    init(_ value: Double) {
        var exponent = 0
        var seenPoint = false
        let text = Array("\(value)".utf8)
        var place = 0
        while place < text.count {
            let byte = text[place]
            if byte == UInt8(ascii: ".") {
                seenPoint = true
            } else if byte == UInt8(ascii: "e") {
                exponent = Int(String(decoding: text[(place + 1)...], as: UTF8.self)) ?? 0
                break
            } else {
                digits.append(byte)
                if !seenPoint { point += 1 }
            }
            place += 1
        }
        point += exponent
    }

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
