// Hot: once per `%` of a `format`. Allocates: nothing.

/// One `%...` of a `String.format`.
struct TemplateFormatSpecification {
    /// `2$`
    var position: Int?
    /// `<`: the argument before.
    var isRelative = false
    private(set) var flags: UInt16 = 0
    var width: Int?
    var precision: Int?
    /// Letter, as a small one.
    var conversion: UInt8 = 0
    var isUpper = false

    private static let flagBytes = Array("-#+ 0,(".utf8)

    func has(_ flag: Unicode.Scalar) -> Bool {
        Self.flagBytes.firstIndex(of: UInt8(ascii: flag)).map { flags & 1 << UInt16($0) != 0 } ?? false
    }

    private func hasAny(_ names: String) -> Bool { names.unicodeScalars.contains { has($0) } }

    /// Reads what follows a `%`; `nil` when Java would throw. The second value is the place behind it.
    static func read(_ format: UnsafeRawBufferPointer, at start: Int) -> (TemplateFormatSpecification, Int)? {
        var result = TemplateFormatSpecification()
        var place = start
        func byte() -> UInt8 { place < format.count ? format[place] : 0 }
        func number() -> Int {
            var value = 0
            while case let digit = byte(), digit >= 48, digit <= 57 {
                value = min(value * 10 + Int(digit - 48), 100_000)
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
                result.width = first
            }
        }
        if result.width == nil {
            while true {
                if byte() == UInt8(ascii: "<") {
                    if result.isRelative { return nil }
                    result.isRelative = true
                } else if let flag = flagBytes.firstIndex(of: byte()), byte() != 0 {
                    if result.flags & 1 << UInt16(flag) != 0 { return nil }
                    result.flags |= 1 << UInt16(flag)
                } else {
                    break
                }
                place += 1
            }
            if byte() >= 49 && byte() <= 57 { result.width = number() }
        }
        if byte() == UInt8(ascii: ".") {
            place += 1
            guard byte() >= 48 && byte() <= 57 else { return nil }
            result.precision = number()
        }
        let letter = byte()
        result.conversion = letter | 0x20
        result.isUpper = letter & 0x20 == 0 && letter >= UInt8(ascii: "A")
        if letter == UInt8(ascii: "%") || letter == UInt8(ascii: "n") { result.conversion = letter }
        guard place < format.count, result.isGood(letter) else { return nil }
        return (result, place + 1)
    }

    /// Whether Java takes the letter with these flags.
    private func isGood(_ letter: UInt8) -> Bool {
        if has("-") && width == nil { return false }
        switch Unicode.Scalar(letter) {
        case "b", "B", "h", "H", "s", "S": return !hasAny("#+ 0,(")
        case "c", "C": return !hasAny("#+ 0,(") && precision == nil
        case "d": return isGoodNumber && precision == nil && !has("#")
        case "x", "X", "o": return isGoodNumber && precision == nil && !has(",")
        case "f": return isGoodNumber
        case "e", "E": return isGoodNumber && !has(",")
        case "g", "G": return isGoodNumber && !has("#")
        case "a", "A": return isGoodNumber && !hasAny(",(")
        case "%": return precision == nil && !hasAny("#+ 0,(")
        case "n": return precision == nil && width == nil && flags == 0
        default: return false
        }
    }

    private var isGoodNumber: Bool {
        if has("0") && width == nil { return false }
        return !(has("+") && has(" ")) && !(has("-") && has("0"))
    }
}
