/// Rewrites a Java regular expression so that PCRE2 gives it Java's meaning.
///
/// Groups, alternation and quantifiers are the same in both. Rewritten are: `.`, `^`, `$` and `\Z` (other line
/// terminators), character classes with unions and intersections, `\p{...}` names, `\uXXXX`, `\0n`, `\Q..\E`, comments
/// mode and back-references. Refused are what Java refuses but PCRE2 reads (`{` as text, `(?R)`, `(*VERB)`), and what
/// PCRE2 cannot do (`\b{g}`, `\N{...}`, blocks `\p{InX}`).
/// *Source:* `java.util.regex.Pattern`, JDK 11 API page. Known difference: without `(?u)` Java ignores case in ASCII only.
struct JavaPatternTranslator {
    struct Translation {
        var text: [UInt8]
        var groupNames: [String: Int]
        /// For each byte of `text` the byte of the Java pattern that it came from.
        var offsets: [Int]

        func sourceOffset(of place: Int) -> Int {
            if place >= 0 && place < offsets.count { return offsets[place] }
            return offsets.last.map { $0 + 1 } ?? 0
        }
    }

    let source: [UnicodeScalar]
    /// Byte offset of each scalar, and of the end.
    let offsets: [Int]
    /// Groups of the whole pattern, which decides what `\11` refers to; unknown in the first pass.
    let totalGroups: Int
    var at = 0
    var flags: PatternOptions
    var output: [UInt8] = []
    var origin: [Int] = []
    var groups = 0
    var names: [String: Int] = [:]
    var nesting = 0

    static func translate(_ text: String, _ options: PatternOptions) throws(PatternProblem) -> Translation {
        var counting = JavaPatternTranslator(text, options, totalGroups: 0)
        _ = try counting.run()
        var translator = JavaPatternTranslator(text, options, totalGroups: counting.groups)
        return try translator.run()
    }

    private init(_ text: String, _ options: PatternOptions, totalGroups: Int) {
        source = Array(text.unicodeScalars)
        var offsets: [Int] = []
        var offset = 0
        for scalar in source {
            offsets.append(offset)
            offset += UTF8.width(scalar)
        }
        offsets.append(offset)
        self.offsets = offsets
        self.totalGroups = totalGroups
        flags = options
    }

    private mutating func run() throws(PatternProblem) -> Translation {
        if flags.contains(.caseInsensitive) { emit("(?i)") }
        if flags.contains(.literal) {
            for (index, scalar) in source.enumerated() {
                at = index
                emitLiteral(scalar)
            }
        } else {
            try sequence()
            if at < source.count { throw problem("unmatched ')'") }
        }
        return Translation(text: output, groupNames: names, offsets: origin)
    }

    /// Takes alternatives up to the end of the group. Flags set within hold until then.
    private mutating func sequence() throws(PatternProblem) {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= Pattern.maximumNesting else { throw problem("pattern is nested too deeply") }
        // Whether something stands before that a quantifier can repeat.
        var canRepeat = false
        while at < source.count {
            let start = at
            let scalar = source[at]
            switch scalar {
            case ")": return
            case "|":
                at += 1
                emit("|", from: start)
                canRepeat = false
            case "(":
                canRepeat = try group()
            case "[":
                at += 1
                let parsed = try characterClass()
                emit(parsed.text, from: start)
                canRepeat = true
            case "\\":
                canRepeat = try escape()
            case ".":
                at += 1
                emit(dot, from: start)
                canRepeat = true
            case "^":
                at += 1
                emit(caret, from: start)
                canRepeat = true
            case "$":
                at += 1
                emit(dollar, from: start)
                canRepeat = true
            case "*", "+", "?":
                guard canRepeat else { throw problem("dangling meta character '\(scalar)'") }
                at += 1
                emit(String(scalar), from: start)
                quantifierMode()
                canRepeat = false
            case "{":
                guard canRepeat else { throw problem("illegal repetition: '{' must be written '\\{'") }
                try braces()
                canRepeat = false
            case _ where flags.contains(.comments) && Self.isBlank(scalar):
                at += 1
            case "#" where flags.contains(.comments):
                while at < source.count, !isTerminator(source[at]) { at += 1 }
            default:
                at += 1
                emitLiteral(scalar, from: start)
                canRepeat = true
            }
        }
    }

    /// Takes the `?` or `+` behind a quantifier.
    private mutating func quantifierMode() {
        if at < source.count, source[at] == "?" || source[at] == "+" {
            emit(String(source[at]), from: at)
            at += 1
        }
    }

    /// Takes `{n}`, `{n,}` or `{n,m}`.
    private mutating func braces() throws(PatternProblem) {
        let start = at
        at += 1
        guard let low = try count() else { throw problem("illegal repetition: '{' must be written '\\{'", start) }
        var high: Int? = low
        var text = "{\(low)"
        if at < source.count, source[at] == "," {
            at += 1
            high = try count()
            text += "," + (high.map { String($0) } ?? "")
        }
        guard at < source.count, source[at] == "}" else { throw problem("unclosed counted closure", start) }
        at += 1
        if let high, high < low { throw problem("illegal repetition range", start) }
        emit(text + "}", from: start)
        quantifierMode()
    }

    private mutating func count() throws(PatternProblem) -> Int? {
        let start = at
        var value = 0
        while at < source.count, let digit = Self.digit(source[at]) {
            value = value * 10 + digit
            if value > 65535 { throw problem("repetition beyond 65535 is not supported", start) }
            at += 1
        }
        return at == start ? nil : value
    }

    /// Takes a group, or flags. Answers whether a quantifier may follow.
    private mutating func group() throws(PatternProblem) -> Bool {
        let start = at
        at += 1
        let saved = flags
        if at < source.count, source[at] == "?" {
            at += 1
            guard at < source.count else { throw problem("unclosed group", start) }
            switch source[at] {
            case ":", "=", "!", ">":
                emit("(?\(source[at])", from: start)
                at += 1
            case "<":
                at += 1
                if at < source.count, source[at] == "=" || source[at] == "!" {
                    emit("(?<\(source[at])", from: start)
                    at += 1
                } else {
                    let name = try groupName()
                    guard names[name] == nil else { throw problem("group '\(name)' is already defined", start) }
                    groups += 1
                    names[name] = groups
                    emit("(", from: start)
                }
            default:
                try inlineFlags(start)
                if at < source.count, source[at] == ")" {
                    // (?i) holds until the end of the enclosing group.
                    at += 1
                    emit(flags.contains(.caseInsensitive) ? "(?i)" : "(?-i)", from: start)
                    return false
                }
                guard at < source.count, source[at] == ":" else { throw problem("unknown inline modifier", start) }
                at += 1
                emit(flags.contains(.caseInsensitive) ? "(?i:" : "(?-i:", from: start)
            }
        } else {
            groups += 1
            emit("(", from: start)
        }
        try sequence()
        flags = saved
        guard at < source.count, source[at] == ")" else { throw problem("unclosed group", start) }
        emit(")", from: at)
        at += 1
        return true
    }

    private mutating func inlineFlags(_ start: Int) throws(PatternProblem) {
        var adding = true
        while at < source.count {
            let scalar = source[at]
            if scalar == "-" && adding {
                adding = false
            } else if scalar.value < 128, let flag = PatternOptions.byLetter[UInt8(scalar.value)] {
                if adding { flags.insert(flag) } else { flags.remove(flag) }
            } else {
                if scalar == ")" || scalar == ":" { return }
                throw problem("unknown inline modifier '\(scalar)'")
            }
            at += 1
        }
        throw problem("unclosed group", start)
    }

    /// Takes `name>`.
    mutating func groupName() throws(PatternProblem) -> String {
        let start = at
        var name = ""
        while at < source.count, source[at] != ">" {
            let scalar = source[at]
            let isLetter = ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
            guard isLetter || (!name.isEmpty && Self.digit(scalar) != nil) else {
                throw problem("a group's name is letters and digits, a letter first")
            }
            name.unicodeScalars.append(scalar)
            at += 1
        }
        guard at < source.count, !name.isEmpty else { throw problem("malformed name of a group", start) }
        at += 1
        return name
    }
}

// MARK: Lines

extension JavaPatternTranslator {
    private static let terminators = "\\n\\r\\x{85}\\x{2028}\\x{2029}"

    private var dot: String {
        if flags.contains(.dotAll) { return "[\\s\\S]" }
        return flags.contains(.unixLines) ? "[^\\n]" : "[^\(Self.terminators)]"
    }

    private var caret: String {
        guard flags.contains(.multiline) else { return "\\A" }
        if flags.contains(.unixLines) { return "(?:\\A|(?<=\\n)(?!\\z))" }
        // After a terminator but not within \r\n, and not at the very end.
        return "(?:\\A|(?<=[\(Self.terminators)])(?<!\\r(?=\\n))(?!\\z))"
    }

    private var dollar: String {
        guard flags.contains(.multiline) else { return finalEnd }
        if flags.contains(.unixLines) { return "(?=\\n|\\z)" }
        return "(?=\\z|(?<!\\r)\\n|[\\r\\x{85}\\x{2028}\\x{2029}])"
    }

    /// The end, or before a last line terminator.
    var finalEnd: String {
        if flags.contains(.unixLines) { return "(?=\\n?\\z)" }
        return "(?=\\z|\\r\\n\\z|(?<!\\r)\\n\\z|[\\r\\x{85}\\x{2028}\\x{2029}]\\z)"
    }

    private func isTerminator(_ scalar: UnicodeScalar) -> Bool {
        scalar == "\n" || (!flags.contains(.unixLines) && ["\r", "\u{85}", "\u{2028}", "\u{2029}"].contains(scalar))
    }
}

// MARK: Writing

extension JavaPatternTranslator {
    mutating func emit(_ text: String, from place: Int = 0) {
        let offset = offsets[min(place, source.count)]
        for byte in text.utf8 {
            output.append(byte)
            origin.append(offset)
        }
    }

    mutating func emitLiteral(_ scalar: UnicodeScalar, from place: Int? = nil) {
        emit(Self.literal(scalar), from: place ?? at)
    }

    /// The scalar as PCRE2 takes it anywhere.
    static func literal(_ scalar: UnicodeScalar) -> String {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_": return String(scalar)
        default:
            if scalar.value >= 0x80 && scalar.value < 0x10000 { return String(scalar) }
            if scalar.value > 0x20 && scalar.value < 0x7F { return "\\" + String(scalar) }
            return "\\x{" + String(scalar.value, radix: 16) + "}"
        }
    }

    static func isBlank(_ scalar: UnicodeScalar) -> Bool {
        scalar == " " || (scalar.value >= 0x09 && scalar.value <= 0x0D)
    }

    static func digit(_ scalar: UnicodeScalar) -> Int? {
        scalar.value >= 0x30 && scalar.value <= 0x39 ? Int(scalar.value - 0x30) : nil
    }

    func problem(_ message: String, _ place: Int? = nil) -> PatternProblem {
        PatternProblem(message, at: offsets[min(place ?? at, source.count)])
    }
}
