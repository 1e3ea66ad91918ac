/// What follows a backslash outside of a class.
extension JavaPatternTranslator {
    /// Takes one escape. Answers whether a quantifier may follow.
    mutating func escape() throws(PatternProblem) -> Bool {
        let start = at
        at += 1
        guard at < source.count else { throw problem("a backslash ends the pattern", start) }
        let letter = source[at]
        if let first = Self.digit(letter), first > 0 {
            at += 1
            backReference(first, start)
            return true
        }
        if let scalar = try codePoint(start) {
            emitLiteral(scalar, from: start)
            return true
        }
        if let items = try classEscape(start) {
            emit(items.isNegated ? "[^\(items.text)]" : "[\(items.text)]", from: start)
            return true
        }
        at += 1
        switch letter {
        case "b":
            if at < source.count, source[at] == "{" { throw problem("'\\b{...}' is not supported", start) }
            emit(boundary(negated: false), from: start)
        case "B": emit(boundary(negated: true), from: start)
        case "A", "G", "z", "R", "X": emit("\\\(letter)", from: start)
        case "Z": emit(finalEnd, from: start)
        case "k":
            guard at < source.count, source[at] == "<" else { throw problem("'\\k' needs a group's name", start) }
            at += 1
            let name = try groupName()
            guard let number = names[name] else { throw problem("no group '\(name)' stands before", start) }
            emit("\\g{\(number)}", from: start)
        case "Q":
            // Up to \E, or to the end.
            while at < source.count {
                if source[at] == "\\", at + 1 < source.count, source[at + 1] == "E" {
                    at += 2
                    return true
                }
                emitLiteral(source[at])
                at += 1
            }
        default: throw problem("unsupported escape '\\\(letter)'", start)
        }
        return true
    }

    /// Java takes as many digits as there are groups for.
    private mutating func backReference(_ first: Int, _ start: Int) {
        var number = first
        while at < source.count, let digit = Self.digit(source[at]), number * 10 + digit <= totalGroups {
            number = number * 10 + digit
            at += 1
        }
        // A group that does not exist has matched nothing.
        emit(number <= totalGroups ? "\\g{\(number)}" : "(?!)", from: start)
    }

    private func boundary(negated: Bool) -> String {
        guard flags.contains(.unicodeClasses) else { return negated ? "\\B" : "\\b" }
        let word = "[\(JavaCharacterClasses.unicodeWord)]"
        return negated
            ? "(?:(?<=\(word))(?=\(word))|(?<!\(word))(?!\(word)))"
            : "(?:(?<=\(word))(?!\(word))|(?<!\(word))(?=\(word)))"
    }

    /// Takes the rest of an escape that spells one character; `at` stands on its letter.
    mutating func codePoint(_ start: Int) throws(PatternProblem) -> UnicodeScalar? {
        let letter = source[at]
        switch letter {
        case "t": return simple("\t")
        case "n": return simple("\n")
        case "r": return simple("\r")
        case "f": return simple("\u{0C}")
        case "a": return simple("\u{07}")
        case "e": return simple("\u{1B}")
        case "0":
            at += 1
            var value: UInt32 = 0
            var digits = 0
            while at < source.count, let digit = Self.digit(source[at]), digit < 8, digits < 3,
                value * 8 + UInt32(digit) <= 0o377
            {
                value = value * 8 + UInt32(digit)
                digits += 1
                at += 1
            }
            guard digits > 0, let scalar = UnicodeScalar(value) else { throw problem("malformed octal escape", start) }
            return scalar
        case "x":
            at += 1
            if at < source.count, source[at] == "{" {
                at += 1
                var digits = ""
                while at < source.count, source[at] != "}", digits.utf8.count < 9 {
                    digits.unicodeScalars.append(source[at])
                    at += 1
                }
                guard at < source.count, source[at] == "}", let code = UInt32(hex: Array(digits.utf8)),
                    let scalar = UnicodeScalar(code)
                else { throw problem("malformed hexadecimal escape", start) }
                at += 1
                return scalar
            }
            return try hex(2, start).flatMap { UnicodeScalar($0) }
        case "u":
            at += 1
            guard let unit = try hex(4, start) else { return nil }
            if unit & 0xFC00 == 0xD800, at + 1 < source.count, source[at] == "\\", source[at + 1] == "u" {
                at += 2
                if let low = try hex(4, start), low & 0xFC00 == 0xDC00 {
                    return UnicodeScalar(0x10000 + (unit & 0x3FF) << 10 + (low & 0x3FF))
                }
            }
            guard let scalar = UnicodeScalar(unit) else { throw problem("half of a surrogate pair", start) }
            return scalar
        case "c":
            at += 1
            guard at < source.count, source[at].value < 128, let scalar = UnicodeScalar(source[at].value ^ 64) else {
                throw problem("malformed control escape", start)
            }
            at += 1
            return scalar
        case "a"..."z", "A"..."Z", "0"..."9": return nil
        default: return simple(letter)
        }
    }

    private mutating func simple(_ scalar: UnicodeScalar) -> UnicodeScalar {
        at += 1
        return scalar
    }

    private mutating func hex(_ count: Int, _ start: Int) throws(PatternProblem) -> UInt32? {
        guard at + count <= source.count else { throw problem("malformed escape", start) }
        var value: UInt32 = 0
        for scalar in source[at..<at + count] {
            let nibble = scalar.value < 128 ? hexValue(UInt8(scalar.value)) : 255
            guard nibble < 16 else { throw problem("malformed escape", start) }
            value = value << 4 | UInt32(nibble)
        }
        at += count
        return value
    }

    /// Takes the rest of an escape that spells a class: `\d \s \w \h \v \p{..}` and their opposites.
    mutating func classEscape(_ start: Int) throws(PatternProblem) -> JavaCharacterClasses.Items? {
        let letter = source[at]
        let unicode = flags.contains(.unicodeClasses)
        switch letter {
        case "p", "P":
            at += 1
            guard at < source.count else { throw problem("'\\\(letter)' needs a property", start) }
            var name = ""
            if source[at] == "{" {
                at += 1
                while at < source.count, source[at] != "}" {
                    name.unicodeScalars.append(source[at])
                    at += 1
                }
                guard at < source.count else { throw problem("unclosed '{' of a property", start) }
            } else {
                name.unicodeScalars.append(source[at])
            }
            at += 1
            guard var items = JavaCharacterClasses.property(name, unicode: unicode) else {
                throw problem("unknown or unsupported character property '\(name)'", start)
            }
            if letter == "P" { items.isNegated.toggle() }
            return items
        case "d", "D", "s", "S", "w", "W", "h", "H", "v", "V":
            at += 1
            let isNegated = letter.value < 0x61
            let small = UnicodeScalar(letter.value | 0x20)
            if unicode, let text = JavaCharacterClasses.unicodeShorthand[small ?? letter] {
                return JavaCharacterClasses.Items(text: text, isNegated: isNegated)
            }
            // One escape, of which PCRE2 knows the opposite too.
            return JavaCharacterClasses.Items(text: "\\\(letter)", isNegated: false)
        default: return nil
        }
    }
}
