import CLibYAML

/// What libyaml says when it refuses a text, in words that help the author of an API.
struct YAMLProblem: Sendable {
    /// The row of the table of diagnostics.
    var id: DiagnosticID
    /// One line for a person.
    var message: String
    /// What to do about it, when that can be said.
    var hint: String?
    /// Whether the beginning of the thing that could not be read is the better place.
    var pointsToContext = false

    /// The problem that libyaml has, with the bytes around its mark; its own words for what the table does not know.
    fileprivate init(_ problem: String, context: String, found: UInt8?, isAtLineStart: Bool) {
        switch problem {
        case "found character that cannot start any token" where found != 0x09:
            let character = found.map { quoted(String(Unicode.Scalar($0))) } ?? "this character"
            self.init(
                SyntaxDiagnostics.yamlUnquoted, "text without quotes cannot begin with \(character)",
                hint: "put the text in quotes")
        case "did not find expected key" where !isAtLineStart:
            self.init(
                SyntaxDiagnostics.yamlSyntax, "unexpected text after the value",
                hint: "put the whole text in quotes; the quote or bracket before this place ended it")
        case "did not find expected alphabetic or numeric character":
            self.init(
                SyntaxDiagnostics.yamlUnquoted,
                "text without quotes cannot begin with '\(context.contains("alias") ? "*" : "&")'",
                hint: "put the text in quotes", pointsToContext: true)
        default:
            let words = context.isEmpty ? problem : "\(problem) \(context)"
            self = Self.table[problem] ?? Self(SyntaxDiagnostics.yamlSyntax, words)
        }
    }

    private init(_ id: DiagnosticID, _ message: String, hint: String? = nil, pointsToContext: Bool = false) {
        self.id = id
        self.message = message
        self.hint = hint
        self.pointsToContext = pointsToContext
    }

    private static let tab = YAMLProblem(
        SyntaxDiagnostics.yamlTab, "a tab stands where an indentation is expected", hint: "indent with spaces")

    /// libyaml 0.2.5's words, as they stand in its `scanner.c` and `parser.c`.
    private static let table: [String: YAMLProblem] = [
        "found character that cannot start any token": tab,
        "found a tab character that violates indentation": tab,
        "found a tab character where an indentation space is expected": tab,
        "mapping values are not allowed in this context": YAMLProblem(
            SyntaxDiagnostics.yamlUnquoted, "a ':' is not allowed here",
            hint: "put text that holds ': ' in quotes, or indent the line like its neighbours"),
        "block sequence entries are not allowed in this context": YAMLProblem(
            SyntaxDiagnostics.yamlSyntax, "a list cannot begin here",
            hint: "begin the list on a line of its own, or put text that begins with '- ' in quotes"),
        "did not find expected key": YAMLProblem(
            SyntaxDiagnostics.yamlSyntax, "expected a key of the mapping here",
            hint: "indent the line like the other keys, and look for a quote or bracket that closes too early"),
        "did not find expected '-' indicator": YAMLProblem(
            SyntaxDiagnostics.yamlSyntax, "expected '-' and an element of the list here",
            hint: "indent the line like the other elements, or less to end the list"),
        "did not find expected ',' or ']'": YAMLProblem(
            SyntaxDiagnostics.yamlSyntax, "expected ',' or ']' in the list", hint: "close the list with ']'"),
        "did not find expected ',' or '}'": YAMLProblem(
            SyntaxDiagnostics.yamlSyntax, "expected ',' or '}' in the mapping",
            hint: "close the mapping with '}', and put text that begins with '{' in quotes"),
        "did not find expected node content": YAMLProblem(
            SyntaxDiagnostics.yamlSyntax, "expected a value here",
            hint: "remove the bracket or comma, or put it in quotes"),
        "could not find expected ':'": YAMLProblem(
            SyntaxDiagnostics.yamlSyntax, "expected ':' after this key",
            hint: "write 'key: value'; indent the line if it continues the text above", pointsToContext: true),
        "found unexpected end of stream": YAMLProblem(
            SyntaxDiagnostics.yamlQuote, "the quoted text is not closed before the end of the file",
            hint: "add the closing quote", pointsToContext: true),
        "found unexpected document indicator": YAMLProblem(
            SyntaxDiagnostics.yamlQuote, "the quoted text is not closed before the end of the document",
            hint: "add the closing quote", pointsToContext: true),
        "found unknown escape character": YAMLProblem(
            SyntaxDiagnostics.yamlQuote, "unknown escape in double quotes",
            hint: "write '\\\\' for a backslash, or use single quotes"),
        "found invalid Unicode character escape code": YAMLProblem(
            SyntaxDiagnostics.yamlQuote, "the escape is half a character",
            hint: "write the character itself, or '\\U' and its eight digits"),
        "did not find expected hexdecimal number": YAMLProblem(
            SyntaxDiagnostics.yamlQuote, "the escape has too few hexadecimal digits"),
        "did not find expected <document start>": YAMLProblem(
            SyntaxDiagnostics.yamlSyntax, "expected the end of the file after the document",
            hint: "indent the line, or look for a quote or bracket that closes too early"),
        "did not find expected comment or line break": YAMLProblem(
            SyntaxDiagnostics.yamlUnquoted, "unexpected text after '|' or '>'",
            hint: "begin the block on the next line, or put text that begins with '|' or '>' in quotes"),
        "found incompatible YAML document": YAMLProblem(
            SyntaxDiagnostics.yamlSyntax, "the file asks for a version of YAML other than 1.1 and 1.2",
            hint: "remove the line '%YAML'"),
        "found undefined tag handle": YAMLProblem(
            SyntaxDiagnostics.yamlSyntax, "the tag begins with a handle that no '%TAG' line declares"),
    ]
}

extension YAMLProblem {
    /// The diagnostic for the error in `parser`.
    static func diagnostic(
        of parser: yaml_parser_t, file: SourceFileID, source: UnsafeBufferPointer<UInt8>, places: CodePointMap
    ) -> Diagnostic {
        let text = ParsedText(file: file, source: source)
        let problem = parser.problem.map { String(cString: $0) } ?? "the text cannot be read"
        let context = parser.context.map { String(cString: $0) } ?? ""
        if parser.error == YAML_READER_ERROR {
            let value = parser.problem_value
            let name = value >= 0 ? "U+\(hexadecimal(UInt32(value), width: 4))" : "character"
            return Diagnostic(
                SyntaxDiagnostics.controlCharacter, "control character \(name) is not allowed in YAML",
                at: text.character(at: Int(parser.problem_offset)),
                fixIt: .init(hint: "remove it, or write an escape in double quotes"))
        }
        var place = places.offset(of: Int(parser.problem_mark.index))
        if context == "while parsing a quoted scalar", 2...source.count ~= place,
            source[place - 2] == UInt8(ascii: "\\")
        {
            // The mark is at the digits of the escape.
            place -= 2
        }
        let contextPlace = places.offset(of: Int(parser.context_mark.index))
        let found = place < source.count ? source[place] : nil
        let known = YAMLProblem(problem, context: context, found: found, isAtLineStart: text.isAtLineStart(place))
        let hint = known.hint.map { Diagnostic.FixIt(hint: $0) }
        if known.pointsToContext, !context.isEmpty {
            return Diagnostic(known.id, known.message, at: text.character(at: contextPlace), fixIt: hint)
        }
        var notes: [Diagnostic.Note] = []
        if let thing = name(ofContext: context), !text.areOnOneLine(contextPlace, place) {
            notes.append(.init("the \(thing) begins here", at: text.character(at: contextPlace)))
        }
        return Diagnostic(
            known.id, known.message, at: text.character(at: text.trimmed(place)), notes: notes, fixIt: hint)
    }

    /// What libyaml was reading, in the words of the other messages.
    private static func name(ofContext context: String) -> String? {
        switch context {
        case "while parsing a block mapping", "while parsing a flow mapping": "mapping"
        case "while parsing a block collection", "while parsing a flow sequence": "list"
        case "while scanning a quoted scalar", "while parsing a quoted scalar": "quoted text"
        case "while scanning a block scalar": "block"
        case "while scanning a plain scalar": "text"
        default: nil
        }
    }
}

/// The text around a mistake.
private struct ParsedText {
    let file: SourceFileID
    let source: UnsafeBufferPointer<UInt8>

    /// The span of the character at `offset`; empty at the end of a line.
    func character(at offset: Int) -> SourceSpan {
        let start = min(offset, source.count)
        var end = min(start + 1, source.count)
        while end < source.count, source[end] & 0xC0 == 0x80 { end += 1 }
        if end > start, isBreak(start) { end = start }
        return SourceSpan(file: file, offset: start, length: end - start)
    }

    private func isBreak(_ offset: Int) -> Bool { source[offset] == 0x0A || source[offset] == 0x0D }

    private func isBlank(_ offset: Int) -> Bool { source[offset] == 0x20 || source[offset] == 0x09 }

    /// A place at the end of the file moves up to the end of its last text, so that the line shown is not an empty one.
    func trimmed(_ offset: Int) -> Int {
        var end = source.count
        while end > 0, isBlank(end - 1) || isBreak(end - 1) { end -= 1 }
        return min(offset, end)
    }

    /// Whether only blanks and `- ` stand before the place.
    func isAtLineStart(_ offset: Int) -> Bool {
        var index = min(offset, source.count)
        while index > 0, isBlank(index - 1) || source[index - 1] == UInt8(ascii: "-") { index -= 1 }
        return index == 0 || isBreak(index - 1)
    }

    func areOnOneLine(_ first: Int, _ second: Int) -> Bool {
        !(min(first, second)..<min(max(first, second), source.count)).contains(where: isBreak)
    }
}
