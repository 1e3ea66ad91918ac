/// Rewrites an ECMA 262 regular expression, which is what JSON Schema's `pattern` means, so that PCRE2 gives it that
/// meaning: `^` and `$` are the ends of the text and nothing else, `.` stops at four line terminators, `\s` knows all of
/// Unicode's blanks while `\d` and `\w` are ASCII, characters are code points, and what Annex B of the standard lets
/// pass (`{` and `]` as text, `\-`) passes.
///
/// *Source:* ECMA-262, "RegExp (Regular Expression) Objects" and Annex B.1.2; property names by "Table 68".
struct ScriptPatternTranslator {
    let source: [UnicodeScalar]
    /// Byte offset of each scalar, and of the end.
    private let offsets: [Int]
    /// Groups of the whole pattern with their names: references may stand before what they refer to.
    private let totalGroups: Int
    private let names: [String: Int]
    var at = 0
    private var output: [UInt8] = []
    private var origin: [Int] = []
    private var nesting = 0

    static func translate(_ text: String) throws(PatternProblem) -> JavaPatternTranslator.Translation {
        var translator = try ScriptPatternTranslator(text)
        return try translator.run()
    }

    private init(_ text: String) throws(PatternProblem) {
        source = Array(text.unicodeScalars)
        var offsets = [0]
        for scalar in source { offsets.append((offsets.last ?? 0) + UTF8.width(scalar)) }
        self.offsets = offsets
        (totalGroups, names) = try Self.groups(source, offsets)
    }

    /// Counts groups and finds their names.
    private static func groups(
        _ source: [UnicodeScalar], _ offsets: [Int]
    ) throws(PatternProblem) -> (Int, [String: Int]) {
        var count = 0
        var names: [String: Int] = [:]
        var inClass = false
        var at = 0
        while at < source.count {
            switch source[at] {
            case "\\": at += 1
            case "[": inClass = true
            case "]": inClass = false
            case "(" where !inClass:
                guard at + 1 < source.count, source[at + 1] == "?" else {
                    count += 1
                    break
                }
                guard at + 3 < source.count, source[at + 2] == "<", source[at + 3] != "=", source[at + 3] != "!" else {
                    break
                }
                count += 1
                let end = source[at...].firstIndex(of: ">") ?? source.count
                var name = String.UnicodeScalarView()
                name.append(contentsOf: source[(at + 3)..<end])
                if names.updateValue(count, forKey: String(name)) != nil {
                    throw PatternProblem("group '\(String(name))' is already defined", at: offsets[at])
                }
            default: break
            }
            at += 1
        }
        return (count, names)
    }

    private mutating func run() throws(PatternProblem) -> JavaPatternTranslator.Translation {
        // Whether something stands before that a quantifier can repeat.
        var canRepeat = false
        while at < source.count {
            let start = at
            let scalar = source[at]
            at += 1
            switch scalar {
            case "(":
                try group(start)
                canRepeat = false
            case ")":
                guard nesting > 0 else { throw problem("unmatched ')'", start) }
                nesting -= 1
                emit(")", from: start)
                canRepeat = true
            case "|":
                emit("|", from: start)
                canRepeat = false
            case "^", "$":
                emit(scalar == "^" ? "\\A" : "\\z", from: start)
                canRepeat = false
            case ".":
                emit("[^\\n\\r\\x{2028}\\x{2029}]", from: start)
                canRepeat = true
            case "*", "+", "?":
                guard canRepeat else { throw problem("nothing to repeat before '\(scalar)'", start) }
                emit(String(scalar), from: start)
                takeLazyMark()
                canRepeat = false
            case "{":
                if let text = try braces(start) {
                    guard canRepeat else { throw problem("nothing to repeat before '{'", start) }
                    emit(text, from: start)
                    takeLazyMark()
                    canRepeat = false
                } else {
                    emit("\\{", from: start)
                    canRepeat = true
                }
            case "[":
                emit(try characterClass(start), from: start)
                canRepeat = true
            case "\\": canRepeat = try escape(start)
            default:
                emit(JavaPatternTranslator.literal(scalar), from: start)
                canRepeat = true
            }
        }
        guard nesting == 0 else { throw problem("unclosed group", source.count) }
        return JavaPatternTranslator.Translation(text: output, groupNames: names, offsets: origin)
    }

    private mutating func takeLazyMark() {
        if at < source.count, source[at] == "?" {
            emit("?", from: at)
            at += 1
        }
    }

    /// Takes what follows `{` when it is a quantifier.
    private mutating func braces(_ start: Int) throws(PatternProblem) -> String? {
        var place = at
        func digits() -> Substring? {
            let from = place
            while place < source.count, JavaPatternTranslator.digit(source[place]) != nil { place += 1 }
            if place == from { return nil }
            return Substring(String(String.UnicodeScalarView(source[from..<place])))
        }
        guard let low = digits() else { return nil }
        var high: Substring? = low
        let isOpen = place < source.count && source[place] == ","
        if isOpen {
            place += 1
            high = digits()
        }
        guard place < source.count, source[place] == "}" else { return nil }
        at = place + 1
        func number(_ text: Substring) throws(PatternProblem) -> Int {
            guard let value = Int(text), value <= 65535 else {
                throw problem("repetition beyond 65535 is not supported", start)
            }
            return value
        }
        let minimum = try number(low)
        guard isOpen else { return "{\(minimum)}" }
        guard let high else { return "{\(minimum),}" }
        let maximum = try number(high)
        guard minimum <= maximum else { throw problem("numbers out of order in a quantifier", start) }
        return "{\(minimum),\(maximum)}"
    }

    private mutating func group(_ start: Int) throws(PatternProblem) {
        nesting += 1
        guard nesting <= Pattern.maximumNesting else { throw problem("pattern is nested too deeply", start) }
        guard at < source.count, source[at] == "?" else { return emit("(", from: start) }
        let kind = at + 1 < source.count ? source[at + 1] : " "
        if kind == ":" || kind == "=" || kind == "!" {
            at += 2
            return emit("(?\(kind)", from: start)
        }
        guard kind == "<", at + 2 < source.count else { throw problem("invalid group", start) }
        if source[at + 2] == "=" || source[at + 2] == "!" {
            emit("(?<\(source[at + 2])", from: start)
            at += 3
            return
        }
        at += 2
        _ = try groupName(start)
        emit("(", from: start)
    }

    /// Takes `name>`.
    private mutating func groupName(_ start: Int) throws(PatternProblem) -> String {
        var name = ""
        while at < source.count, source[at] != ">" {
            let properties = source[at].properties
            let isFirst = properties.isXIDStart || source[at] == "_" || source[at] == "$"
            guard isFirst || (!name.isEmpty && properties.isXIDContinue) else {
                throw problem("malformed name of a group", start)
            }
            name.unicodeScalars.append(source[at])
            at += 1
        }
        guard at < source.count, !name.isEmpty else { throw problem("malformed name of a group", start) }
        at += 1
        return name
    }

    // MARK: Escapes outside of classes

    /// Takes what follows a backslash. Answers whether a quantifier may follow.
    private mutating func escape(_ start: Int) throws(PatternProblem) -> Bool {
        guard at < source.count else { throw problem("a backslash ends the pattern", start) }
        let letter = source[at]
        switch letter {
        case "b", "B":
            at += 1
            emit("\\\(letter)", from: start)
            return false
        case "k" where !names.isEmpty:
            at += 1
            guard at < source.count, source[at] == "<" else { throw problem("'\\k' needs a group's name", start) }
            at += 1
            let name = try groupName(start)
            guard let number = names[name] else { throw problem("there is no group '\(name)'", start) }
            emit("\\g{\(number)}", from: start)
            return true
        case "1"..."9":
            if takeBackReference(start) { return true }
        default: break
        }
        switch try classEscape(start) {
        case .scalar(let scalar): emit(JavaPatternTranslator.literal(scalar), from: start)
        case .set(let text): emit("[\(text)]", from: start)
        case .nothing: emit("(?!)", from: start)
        }
        return true
    }

    /// Takes the number of a group, if there is one of that number.
    private mutating func takeBackReference(_ start: Int) -> Bool {
        var place = at
        var number = 0
        while place < source.count, let digit = JavaPatternTranslator.digit(source[place]), number <= totalGroups {
            number = number * 10 + digit
            place += 1
        }
        guard number <= totalGroups else { return false }
        at = place
        emit("\\g{\(number)}", from: start)
        return true
    }

    // MARK: Writing

    private mutating func emit(_ text: String, from place: Int) {
        let offset = offsets[min(place, source.count)]
        for byte in text.utf8 {
            output.append(byte)
            origin.append(offset)
        }
    }

    func problem(_ message: String, _ place: Int) -> PatternProblem {
        PatternProblem(message, at: offsets[min(place, source.count)])
    }
}
