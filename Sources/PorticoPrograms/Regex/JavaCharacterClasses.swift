/// The names of `\p{...}` in Java, as items of a PCRE2 class.
enum JavaCharacterClasses {
    struct Items {
        /// What stands within brackets.
        var text: String
        /// Whether the opposite is meant.
        var isNegated = false
    }

    static let unicodeWord = "\\p{L}\\p{M}\\p{Nd}\\p{Nl}\\p{Pc}\\x{200C}\\x{200D}"

    static let unicodeShorthand: [UnicodeScalar: String] = [
        "d": "\\p{Nd}", "s": "\\s\\x{85}\\p{Z}", "w": unicodeWord,
    ]

    /// POSIX names, ASCII only unless `(?U)`.
    private static let posix: [String: (ascii: String, unicode: String)] = [
        "Lower": ("a-z", "\\p{Ll}"), "Upper": ("A-Z", "\\p{Lu}"), "ASCII": ("\\x00-\\x7F", "\\x00-\\x7F"),
        "Alpha": ("a-zA-Z", "\\p{L}\\p{Nl}"), "Digit": ("0-9", "\\p{Nd}"),
        "Alnum": ("0-9a-zA-Z", "\\p{L}\\p{Nl}\\p{Nd}"), "Punct": ("!-/:-@\\[-`{-~", "\\p{P}"),
        "Graph": ("!-~", "\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Cf}\\p{Co}"),
        "Print": (" -~", "\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Cf}\\p{Co}\\p{Zs}"),
        "Blank": (" \\t", "\\t\\p{Zs}"), "Cntrl": ("\\x00-\\x1F\\x7F", "\\p{Cc}"),
        "XDigit": ("0-9a-fA-F", "\\p{Nd}a-fA-F"), "Space": (" \\t-\\r", "\\s\\x{85}\\p{Z}"),
    ]

    /// `java.lang.Character` methods.
    private static let java: [String: String] = [
        "javaLowerCase": "\\p{Ll}\\x{AA}\\x{BA}", "javaUpperCase": "\\p{Lu}", "javaTitleCase": "\\p{Lt}",
        "javaAlphabetic": "\\p{L}\\p{Nl}", "javaLetter": "\\p{L}", "javaDigit": "\\p{Nd}",
        "javaLetterOrDigit": "\\p{L}\\p{Nd}", "javaIdeographic": "\\p{Ideographic}", "javaDefined": "\\P{Cn}",
        "javaWhitespace": "\\t-\\r\\x1C-\\x1F\\x{20}\\x{1680}\\x{2000}-\\x{2006}\\x{2008}-\\x{200A}\\x{2028}\\x{2029}"
            + "\\x{205F}\\x{3000}",
        "javaSpaceChar": "\\p{Z}", "javaISOControl": "\\x00-\\x1F\\x{7F}-\\x{9F}",
        "javaJavaIdentifierStart": "\\p{L}\\p{Nl}\\p{Sc}\\p{Pc}",
        "javaJavaIdentifierPart": "\\p{L}\\p{Nl}\\p{Sc}\\p{Pc}\\p{Nd}\\p{Mn}\\p{Mc}",
    ]

    /// Binary properties by their name after `Is`, any case.
    private static let binary: [String: String] = [
        "ALPHABETIC": "\\p{Alphabetic}", "IDEOGRAPHIC": "\\p{Ideographic}", "LETTER": "\\p{L}",
        "LOWERCASE": "\\p{Lowercase}", "UPPERCASE": "\\p{Uppercase}", "TITLECASE": "\\p{Lt}", "PUNCTUATION": "\\p{P}",
        "CONTROL": "\\p{Cc}", "WHITE_SPACE": "\\p{White_Space}", "WHITESPACE": "\\p{White_Space}", "DIGIT": "\\p{Nd}",
        "HEX_DIGIT": "\\p{Hex_Digit}", "HEXDIGIT": "\\p{Hex_Digit}", "JOIN_CONTROL": "\\p{Join_Control}",
        "NONCHARACTER_CODE_POINT": "\\p{Noncharacter_Code_Point}", "ASSIGNED": "\\P{Cn}", "EMOJI": "\\p{Emoji}",
    ]

    private static let categories: Set<String> = [
        "C", "Cc", "Cf", "Cn", "Co", "Cs", "L", "Ll", "Lm", "Lo", "Lt", "Lu", "M", "Mc", "Me", "Mn", "N", "Nd", "Nl",
        "No",
        "P", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "S", "Sc", "Sk", "Sm", "So", "Z", "Zl", "Zp", "Zs",
    ]

    /// The items of a property, or `nil` when Java has none of that name or PCRE2 cannot express it.
    static func property(_ name: String, unicode: Bool) -> Items? {
        if let equals = name.firstIndex(of: "=") {
            let value = String(name[name.index(after: equals)...])
            switch name[..<equals].lowercased() {
            case "gc", "general_category": return category(value)
            case "sc", "script": return script(value)
            default: return nil
            }
        }
        if let entry = posix[name] { return Items(text: unicode ? entry.unicode : entry.ascii) }
        if let text = java[name] { return Items(text: text) }
        if let found = category(name) { return found }
        guard name.hasPrefix("Is") else { return nil }
        let rest = String(name.dropFirst(2))
        if let text = binary[rest.uppercased()] { return Items(text: text) }
        return category(rest) ?? script(rest)
    }

    private static func category(_ name: String) -> Items? {
        switch name {
        case "LC": return Items(text: "\\p{Lu}\\p{Ll}\\p{Lt}")
        case "LD": return Items(text: "\\p{L}\\p{Nd}")
        case "L1": return Items(text: "\\x{00}-\\x{FF}")
        case "all": return Items(text: "\\s\\S")
        default: return categories.contains(name) ? Items(text: "\\p{\(name)}") : nil
        }
    }

    /// A script; PCRE2 says at compile time whether it knows the name.
    private static func script(_ name: String) -> Items? {
        let isName = name.utf8.allSatisfy { $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A || $0 == 0x5F }
        return isName && !name.isEmpty ? Items(text: "\\p{sc:\(name)}") : nil
    }
}
