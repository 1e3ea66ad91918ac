/// Character classes: Java has unions `[a[b]]`, intersections `[a&&[b]]` and both within each other.
///
/// A class that is a plain list stays a class; a union becomes alternatives, an intersection a look-ahead before the last
/// operand, and their complements a negative look-ahead before any character.
extension JavaPatternTranslator {
    /// A class as PCRE2 text that takes exactly one character.
    struct ClassText {
        var text: String
    }

    /// What one operand of `&&` holds so far.
    private struct Operand {
        /// Items for within brackets.
        var items = ""
        /// Nested classes and complements, which cannot stand within brackets.
        var others: [String] = []

        var isEmpty: Bool { items.isEmpty && others.isEmpty }

        /// Text that takes one character of the operand.
        var text: String {
            var parts = others
            if !items.isEmpty { parts.insert("[\(items)]", at: 0) }
            return parts.count == 1 ? parts[0] : "(?:\(parts.joined(separator: "|")))"
        }
    }

    /// Takes a class from behind its `[` to its `]`.
    mutating func characterClass() throws(PatternProblem) -> ClassText {
        let start = at - 1
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= Pattern.maximumNesting else { throw problem("pattern is nested too deeply") }
        var negated = false
        if at < source.count, source[at] == "^" {
            negated = true
            at += 1
        }
        var operands: [Operand] = []
        var current = Operand()
        var isFirst = true
        while true {
            skipClassComments()
            guard at < source.count else { throw problem("unclosed character class", start) }
            let scalar = source[at]
            if scalar == "]", !(isFirst && operands.isEmpty) {
                at += 1
                break
            }
            if scalar == "[" {
                at += 1
                current.others.append(try characterClass().text)
            } else if scalar == "&", at + 1 < source.count, source[at + 1] == "&" {
                at += 2
                while at < source.count, source[at] == "&" { at += 1 }
                // An operand that is not there restricts nothing.
                if !current.isEmpty { operands.append(current) }
                current = Operand()
            } else {
                try item(&current)
            }
            isFirst = false
        }
        if !current.isEmpty { operands.append(current) }
        guard let last = operands.popLast() else { throw problem("empty character class", start) }
        if operands.isEmpty && last.others.isEmpty {
            return ClassText(text: negated ? "[^\(last.items)]" : "[\(last.items)]")
        }
        let tests = operands.map { "(?=\($0.text))" }.joined()
        let text = tests.isEmpty ? last.text : "(?:\(tests)\(last.text))"
        return ClassText(text: negated ? "(?:(?!\(text))[\\s\\S])" : text)
    }

    private mutating func skipClassComments() {
        guard flags.contains(.comments) else { return }
        while at < source.count {
            if Self.isBlank(source[at]) {
                at += 1
            } else if source[at] == "#" {
                while at < source.count, source[at] != "\n" { at += 1 }
            } else {
                return
            }
        }
    }

    /// Takes a character, a range or a class escape.
    private mutating func item(_ operand: inout Operand) throws(PatternProblem) {
        let start = at
        if source[at] == "\\", at + 1 < source.count, source[at + 1] == "Q" {
            at += 2
            while at < source.count {
                if source[at] == "\\", at + 1 < source.count, source[at + 1] == "E" {
                    at += 2
                    return
                }
                operand.items += Self.literal(source[at])
                at += 1
            }
            return
        }
        guard let low = try classCharacter(&operand) else { return }
        // A hyphen before the end of the class stands for itself.
        guard at + 1 < source.count, source[at] == "-", source[at + 1] != "]", source[at + 1] != "[" else {
            operand.items += Self.literal(low)
            return
        }
        if source[at + 1] == "&", at + 2 < source.count, source[at + 2] == "&" {
            operand.items += Self.literal(low)
            return
        }
        at += 1
        var other = Operand()
        guard let high = try classCharacter(&other) else {
            // [\w-.] and [a-\d] mean the hyphen itself.
            operand.items += Self.literal(low) + "\\-" + other.items
            operand.others += other.others
            return
        }
        guard high.value >= low.value else { throw problem("illegal character range", start) }
        operand.items += Self.literal(low) + "-" + Self.literal(high)
    }

    /// Takes one character, or a class escape that goes straight into the operand.
    private mutating func classCharacter(_ operand: inout Operand) throws(PatternProblem) -> UnicodeScalar? {
        let start = at
        guard source[at] == "\\" else {
            at += 1
            return source[start]
        }
        at += 1
        guard at < source.count else { throw problem("a backslash ends the pattern", start) }
        if let scalar = try codePoint(start) { return scalar }
        guard let items = try classEscape(start) else {
            throw problem("unsupported escape '\\\(source[at])' in a character class", start)
        }
        if items.isNegated {
            operand.others.append("[^\(items.text)]")
        } else {
            operand.items += items.text
        }
        return nil
    }
}
