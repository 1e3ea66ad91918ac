import CLibYAML

/// What libyaml says when it refuses a text, in words that help the author of an API.
struct YAMLProblem {
    /// The row of the table of diagnostics.
    var id: DiagnosticID
    /// One line for a person.
    var message: String
    /// What to do about it, when that can be said.
    var hint: String?
    /// Whether the beginning of the thing that could not be read is the better place.
    var pointsToContext = false

    /// The diagnostic for the error in `parser`.
    static func diagnostic(
        of parser: yaml_parser_t, file: SourceFileID, source: UnsafeBufferPointer<UInt8>, places: CodePointMap
    ) -> Diagnostic {
        func span(_ offset: Int) -> SourceSpan {
            let start = min(offset, source.count)
            var end = min(start + 1, source.count)
            while end < source.count, source[end] & 0xC0 == 0x80 { end += 1 }
            if end > start, source[start] == 0x0A || source[start] == 0x0D { end = start }
            return SourceSpan(file: file, offset: start, length: end - start)
        }
        let problem = parser.problem.map { String(cString: $0) } ?? "cannot be read"
        if parser.error == YAML_READER_ERROR {
            let value = parser.problem_value
            let name = value >= 0 ? "U+\(hexadecimal(UInt32(value), width: 4))" : "character"
            return Diagnostic(
                SyntaxDiagnostics.controlCharacter, "control character \(name) is not allowed in YAML",
                at: span(Int(parser.problem_offset)),
                fixIt: .init(hint: "remove it, or write an escape in double quotes"))
        }
        if parser.error == YAML_MEMORY_ERROR {
            return Diagnostic(SyntaxDiagnostics.yamlSyntax, "no memory to read the file", at: span(0))
        }
        var place = places.offset(of: Int(parser.problem_mark.index))
        if parser.context.map({ String(cString: $0) }) == "while parsing a quoted scalar", place >= 2,
            place <= source.count,
            source[place - 2] == UInt8(ascii: "\\")
        {
            // The mark is at the digits of the escape.
            place -= 2
        }
        let hasContext = parser.context != nil
        let contextPlace = places.offset(of: Int(parser.context_mark.index))
        let context = parser.context.map { String(cString: $0) } ?? ""
        let known = lookUp(problem, context: context, found: place < source.count ? source[place] : nil)
        let isAtContext = known.pointsToContext && hasContext
        var notes: [Diagnostic.Note] = []
        if hasContext, !isAtContext, contextPlace != place, let begin = beginning(of: context) {
            notes.append(.init(begin, at: span(contextPlace)))
        }
        return Diagnostic(
            known.id, known.message, at: span(isAtContext ? contextPlace : place), notes: notes,
            fixIt: known.hint.map { .init(hint: $0) })
    }

    private static func beginning(of context: String) -> String? {
        let words = ["while parsing a ", "while scanning a ", "while parsing an ", "while scanning an "]
        guard let found = words.first(where: context.hasPrefix) else { return nil }
        return "the \(context.dropFirst(found.count)) begins here"
    }

    private static func lookUp(_ problem: String, context: String, found: UInt8?) -> YAMLProblem {
        switch problem {
        case "found character that cannot start any token":
            if found == 0x09 {
                return YAMLProblem(
                    id: SyntaxDiagnostics.yamlTab, message: "a tab stands where an indentation is expected",
                    hint: "indent with spaces")
            }
            let character = found.map { "'\(Character(Unicode.Scalar($0)))'" } ?? "this character"
            return YAMLProblem(
                id: SyntaxDiagnostics.yamlUnquoted, message: "text without quotes cannot begin with \(character)",
                hint: "put the text in quotes")
        case "found a tab character that violates indentation",
            "found a tab character where an indentation space is expected":
            return YAMLProblem(
                id: SyntaxDiagnostics.yamlTab, message: "a tab stands where an indentation is expected",
                hint: "indent with spaces")
        case "mapping values are not allowed in this context":
            return YAMLProblem(
                id: SyntaxDiagnostics.yamlUnquoted, message: "a ':' is not allowed here",
                hint: "put text that holds ': ' in quotes, or indent the line like its neighbours")
        case "block sequence entries are not allowed in this context":
            return YAMLProblem(
                id: SyntaxDiagnostics.yamlSyntax, message: "a list cannot begin here",
                hint: "begin the list on a line of its own, or put text that begins with '- ' in quotes")
        case "did not find expected key":
            return YAMLProblem(
                id: SyntaxDiagnostics.yamlSyntax, message: "expected a key of the mapping here",
                hint: "indent the line like the other keys, and look for a quote or bracket that closes too early")
        case "did not find expected '-' indicator":
            return YAMLProblem(
                id: SyntaxDiagnostics.yamlSyntax, message: "expected '-' and an element of the list here",
                hint: "indent the line like the other elements, or less to end the list")
        case "did not find expected ',' or ']'":
            return YAMLProblem(
                id: SyntaxDiagnostics.yamlSyntax, message: "expected ',' or ']' in the list",
                hint: "close the list with ']'")
        case "did not find expected ',' or '}'":
            return YAMLProblem(
                id: SyntaxDiagnostics.yamlSyntax, message: "expected ',' or '}' in the mapping",
                hint: "close the mapping with '}', and put text that begins with '{' in quotes")
        case "could not find expected ':'":
            return YAMLProblem(
                id: SyntaxDiagnostics.yamlSyntax, message: "expected ':' after this key",
                hint: "write 'key: value'; indent the line if it continues the text above", pointsToContext: true)
        case "found unexpected end of stream":
            return YAMLProblem(
                id: SyntaxDiagnostics.yamlQuote, message: "the quoted text is not closed before the end of the file",
                hint: "add the closing quote", pointsToContext: true)
        case "found unexpected document indicator":
            return YAMLProblem(
                id: SyntaxDiagnostics.yamlQuote,
                message: "the quoted text is not closed before the end of the document",
                hint: "add the closing quote", pointsToContext: true)
        case "found unknown escape character":
            return YAMLProblem(
                id: SyntaxDiagnostics.yamlQuote, message: "unknown escape in double quotes",
                hint: "write '\\\\' for a backslash, or use single quotes")
        case "found invalid Unicode character escape code":
            return YAMLProblem(
                id: SyntaxDiagnostics.yamlQuote, message: "the escape is half a character",
                hint: "write the character itself, or '\\U' and its eight digits")
        case "did not find expected hexdecimal number" where context == "while parsing a quoted scalar":
            return YAMLProblem(id: SyntaxDiagnostics.yamlQuote, message: "the escape has too few hexadecimal digits")
        case "did not find expected <document start>":
            return YAMLProblem(
                id: SyntaxDiagnostics.yamlSyntax, message: "expected the end of the file after the document",
                hint: "indent the line, or look for a quote or bracket that closes too early")
        case "did not find expected alphabetic or numeric character":
            let sign = context.contains("alias") ? "*" : "&"
            return YAMLProblem(
                id: SyntaxDiagnostics.yamlUnquoted, message: "text without quotes cannot begin with '\(sign)'",
                hint: "put the text in quotes", pointsToContext: true)
        default:
            let more = context.isEmpty ? "" : " (\(context))"
            return YAMLProblem(id: SyntaxDiagnostics.yamlSyntax, message: problem + more)
        }
    }
}
