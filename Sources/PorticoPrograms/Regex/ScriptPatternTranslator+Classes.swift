/// Character classes, and the escapes that may stand in them.
extension ScriptPatternTranslator {
    /// What one escape or one character stands for.
    enum Atom {
        case scalar(UnicodeScalar)
        /// What PCRE2 takes between brackets.
        case set(String)
        /// A lone surrogate, which no text holds.
        case nothing
    }

    private static let anything = "[\\s\\S]"
    private static let nothing = "(?!)"
    /// ECMA 262 `WhiteSpace` and `LineTerminator`, ascending.
    private static let blanks: [ClosedRange<UInt32>] = [
        0x09...0x0D, 0x20...0x20, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029, 0x202F...0x202F,
        0x205F...0x205F, 0x3000...0x3000, 0xFEFF...0xFEFF,
    ]
    private static let blankSet = ranges(blanks)
    private static let otherSet: String = {
        var others: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for blank in blanks {
            others.append(next...blank.lowerBound - 1)
            next = blank.upperBound + 1
        }
        return ranges(others + [next...0x10FFFF])
    }()

    private static func ranges(_ ranges: [ClosedRange<UInt32>]) -> String {
        ranges.map { range in
            let low = "\\x{" + String(range.lowerBound, radix: 16) + "}"
            return range.count == 1 ? low : low + "-\\x{" + String(range.upperBound, radix: 16) + "}"
        }.joined()
    }

    /// Takes a class behind its `[`.
    mutating func characterClass(_ start: Int) throws(PatternProblem) -> String {
        var isNegated = false
        if at < source.count, source[at] == "^" {
            isNegated = true
            at += 1
        }
        var items = ""
        while true {
            guard at < source.count else { throw problem("unclosed character class", start) }
            if source[at] == "]" { break }
            let first = try classAtom(start)
            guard at + 1 < source.count, source[at] == "-", source[at + 1] != "]" else {
                items += Self.text(first)
                continue
            }
            at += 1
            let last = try classAtom(start)
            if case .scalar(let low) = first, case .scalar(let high) = last {
                guard low.value <= high.value else { throw problem("range out of order in a character class", start) }
                items += Self.text(first) + "-" + Self.text(last)
            } else {
                // A range of classes is none: the hyphen stands for itself.
                items += Self.text(first) + "\\-" + Self.text(last)
            }
        }
        at += 1
        if items.isEmpty { return isNegated ? Self.anything : Self.nothing }
        return (isNegated ? "[^" : "[") + items + "]"
    }

    private static func text(_ atom: Atom) -> String {
        switch atom {
        case .scalar(let scalar): JavaPatternTranslator.literal(scalar)
        case .set(let text): text
        case .nothing: ""
        }
    }

    private mutating func classAtom(_ start: Int) throws(PatternProblem) -> Atom {
        let scalar = source[at]
        at += 1
        guard scalar == "\\" else { return .scalar(scalar) }
        guard at < source.count else { throw problem("unclosed character class", start) }
        if source[at] == "b" {
            at += 1
            return .scalar("\u{8}")
        }
        return try classEscape(start)
    }

    /// Takes an escape that stands for characters; `at` is behind the backslash.
    mutating func classEscape(_ start: Int) throws(PatternProblem) -> Atom {
        let letter = source[at]
        at += 1
        switch letter {
        case "d": return .set("0-9")
        case "D": return .set("\\x{0}-\\x{2f}\\x{3a}-\\x{10ffff}")
        case "w": return .set("A-Za-z0-9_")
        case "W": return .set("\\x{0}-\\x{2f}\\x{3a}-\\x{40}\\x{5b}-\\x{5e}\\x{60}\\x{7b}-\\x{10ffff}")
        case "s": return .set(Self.blankSet)
        case "S": return .set(Self.otherSet)
        case "p", "P":
            guard let property = try property(start) else { return .scalar(letter) }
            return .set(property.isWhole ? property.text : "\\\(letter){\(property.text)}")
        case "f": return .scalar("\u{C}")
        case "n": return .scalar("\n")
        case "r": return .scalar("\r")
        case "t": return .scalar("\t")
        case "v": return .scalar("\u{B}")
        case "0"..."7": return .scalar(octal(letter))
        case "c":
            guard at < source.count, Self.isLetter(source[at]), let control = UnicodeScalar(source[at].value & 31)
            else {
                // The backslash stands for itself.
                at -= 1
                return .scalar("\\")
            }
            at += 1
            return .scalar(control)
        case "x":
            guard let value = hex(2), let scalar = UnicodeScalar(value) else { return .scalar(letter) }
            return .scalar(scalar)
        case "u": return unicode()
        default: return .scalar(letter)
        }
    }

    private static func isLetter(_ scalar: UnicodeScalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
    }

    /// Up to three octal digits, of which the first one was taken.
    private mutating func octal(_ first: UnicodeScalar) -> UnicodeScalar {
        var value = first.value - 0x30
        for _ in 0..<2 {
            guard at < source.count, ("0"..."7").contains(source[at]), value * 8 + source[at].value - 0x30 <= 0xFF
            else {
                break
            }
            value = value * 8 + source[at].value - 0x30
            at += 1
        }
        return UnicodeScalar(value) ?? "\u{0}"
    }

    /// Takes exactly so many hexadecimal digits, or nothing.
    private mutating func hex(_ count: Int) -> UInt32? {
        guard at + count <= source.count else { return nil }
        var value: UInt32 = 0
        for scalar in source[at..<at + count] {
            guard let digit = scalar.properties.isASCIIHexDigit ? Character(scalar).hexDigitValue : nil else {
                return nil
            }
            value = value << 4 | UInt32(digit)
        }
        at += count
        return value
    }

    /// Takes what follows `\u`: four digits, two times four for a pair of surrogates, or a number in braces.
    private mutating func unicode() -> Atom {
        if at < source.count, source[at] == "{" {
            let end = source[at...].firstIndex(of: "}") ?? at
            var digits = ""
            if end > at { digits.unicodeScalars.append(contentsOf: source[(at + 1)..<end]) }
            guard let value = UInt32(digits, radix: 16), digits.first != "+", value <= 0x10FFFF else {
                return .scalar("u")
            }
            at = end + 1
            return UnicodeScalar(value).map { .scalar($0) } ?? .nothing
        }
        guard let value = hex(4) else { return .scalar("u") }
        if value & 0xFC00 == 0xD800, at + 1 < source.count, source[at] == "\\", source[at + 1] == "u" {
            let back = at
            at += 2
            if let low = hex(4), low & 0xFC00 == 0xDC00,
                let scalar = UnicodeScalar(0x10000 + (value & 0x3FF) << 10 + (low & 0x3FF))
            {
                return .scalar(scalar)
            }
            at = back
        }
        return UnicodeScalar(value).map { .scalar($0) } ?? .nothing
    }

    // MARK: Properties

    /// Takes `{Name}` or `{Name=Value}` behind `\p`; `nil` when there are no braces. A whole text holds its own
    /// negation.
    private mutating func property(_ start: Int) throws(PatternProblem) -> (text: String, isWhole: Bool)? {
        guard at < source.count, source[at] == "{", let end = source[at...].firstIndex(of: "}") else { return nil }
        let isNegated = source[at - 1] == "P"
        var name = ""
        name.unicodeScalars.append(contentsOf: source[(at + 1)..<end])
        at = end + 1
        let parts = name.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let isPlain = name.utf8.allSatisfy { byte in
            (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == 0x5F || byte == 0x3D
        }
        guard isPlain, let value = parts.last, !value.isEmpty else { throw problem("malformed property name", start) }
        if parts.count == 2 {
            switch parts[0] {
            case "General_Category", "gc": return (Self.categories[String(value)] ?? String(value), false)
            case "Script", "sc", "Script_Extensions", "scx": return (String(value), false)
            default: throw problem("unknown property '\(parts[0])'", start)
            }
        }
        switch name {
        case "ASCII": return (isNegated ? "\\x{80}-\\x{10ffff}" : "\\x{0}-\\x{7f}", true)
        case "Assigned": return (isNegated ? "\\p{Cn}" : "\\P{Cn}", true)
        default: return (Self.categories[name] ?? name, false)
        }
    }

    /// Long names of general categories, which PCRE2 does not know.
    private static let categories: [String: String] = [
        "Cased_Letter": "L&", "LC": "L&", "Close_Punctuation": "Pe", "Connector_Punctuation": "Pc", "Control": "Cc",
        "cntrl": "Cc", "Currency_Symbol": "Sc", "Dash_Punctuation": "Pd", "Decimal_Number": "Nd", "digit": "Nd",
        "Enclosing_Mark": "Me", "Final_Punctuation": "Pf", "Format": "Cf", "Initial_Punctuation": "Pi", "Letter": "L",
        "Letter_Number": "Nl", "Line_Separator": "Zl", "Lowercase_Letter": "Ll", "Mark": "M", "Combining_Mark": "M",
        "Math_Symbol": "Sm", "Modifier_Letter": "Lm", "Modifier_Symbol": "Sk", "Nonspacing_Mark": "Mn", "Number": "N",
        "Open_Punctuation": "Ps", "Other": "C", "Other_Letter": "Lo", "Other_Number": "No", "Other_Punctuation": "Po",
        "Other_Symbol": "So", "Paragraph_Separator": "Zp", "Private_Use": "Co", "Punctuation": "P", "punct": "P",
        "Separator": "Z", "Space_Separator": "Zs", "Spacing_Mark": "Mc", "Surrogate": "Cs", "Symbol": "S",
        "Titlecase_Letter": "Lt", "Unassigned": "Cn", "Uppercase_Letter": "Lu",
    ]
}
