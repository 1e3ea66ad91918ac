import PorticoSyntax

/// Reads a template into statements, by the grammar of Velocity 1.7 and with its look-ahead.
///
/// The first mistake ends the reading: after it the lexer's state would be a guess.
struct TemplateParser {
    /// Deepest nesting of blocks, parentheses, calls and strings together; the parser recurses.
    static let maximumDepth = 200
    /// Directives that take effect; `#macro` vanishes and all others are text.
    /// Unconfirmed: `#literal` and `#break` on API Gateway. Observed: `#evaluate` prints as text.
    static let directives: Set<String> = ["foreach", "include", "parse", "macro", "literal", "break", "define", "stop"]

    var lexer: TemplateLexer
    private var tokens: [TemplateToken] = []
    private var consumed = 0
    /// Beginning and end of the token that was taken last.
    private(set) var takenStart = 0
    private(set) var takenEnd = 0
    /// Names of macros defined so far: `\#name` loses its backslash.
    private var macroNames: Set<String> = []
    private var depth: Int
    /// Offsets in the whole template of the bytes that are read here, when these are a string's content.
    let origin: TemplateOrigin

    init(_ bytes: [UInt8], origin: TemplateOrigin = TemplateOrigin(), depth: Int = 0) {
        lexer = TemplateLexer(bytes)
        self.origin = origin
        self.depth = depth
    }

    /// The statements of a whole template.
    static func parse(_ bytes: [UInt8]) -> Result<[TemplateStatement], TemplateSyntaxError> {
        var parser = TemplateParser(bytes)
        do throws(TemplateSyntaxError) {
            return .success(try parser.template())
        } catch {
            return .failure(error)
        }
    }

    // MARK: Tokens

    mutating func peek(_ offset: Int = 0) throws(TemplateSyntaxError) -> TemplateTokenKind {
        try peekToken(offset).kind
    }

    mutating func peekToken(_ offset: Int = 0) throws(TemplateSyntaxError) -> TemplateToken {
        while tokens.count - consumed <= offset {
            do throws(TemplateSyntaxError) {
                tokens.append(try lexer.next())
            } catch {
                throw located(error.problem)
            }
        }
        return tokens[consumed + offset]
    }

    @discardableResult
    mutating func take() throws(TemplateSyntaxError) -> TemplateToken {
        let token = try peekToken()
        takenStart = token.range.lowerBound
        takenEnd = token.range.upperBound
        consumed += 1
        if consumed >= 64 {
            tokens.removeFirst(consumed)
            consumed = 0
        }
        return token
    }

    @discardableResult
    mutating func takeIf(_ kind: TemplateTokenKind) throws(TemplateSyntaxError) -> Bool {
        guard try peek() == kind else { return false }
        try take()
        return true
    }

    @discardableResult
    mutating func expect(
        _ kind: TemplateTokenKind, _ wanted: @autoclosure () -> String, hint: String? = nil
    ) throws(TemplateSyntaxError) -> TemplateToken {
        guard try peek() == kind else { throw try unexpected(wanted(), hint: hint) }
        return try take()
    }

    func bytes(_ range: Range<Int>) -> ArraySlice<UInt8> { lexer.bytes[range] }

    func text(_ range: Range<Int>) -> String { String(decoding: lexer.bytes[range], as: UTF8.self) }

    /// A range of these bytes as one of the whole template.
    func place(_ range: Range<Int>) -> Range<Int> { origin.range(range) }

    mutating func deeper<Value>(
        _ body: (inout TemplateParser) throws(TemplateSyntaxError) -> Value
    ) throws(TemplateSyntaxError) -> Value {
        guard depth < Self.maximumDepth else {
            let token = try peekToken()
            throw TemplateSyntaxError(
                TemplateProblem(
                    TemplateDiagnostics.tooDeep, "template nests deeper than \(Self.maximumDepth) levels",
                    at: place(token.range)))
        }
        depth += 1
        defer { depth -= 1 }
        return try body(&self)
    }

    // MARK: Errors

    private func located(_ problem: TemplateProblem) -> TemplateSyntaxError {
        var problem = problem
        problem.range = place(problem.range)
        return TemplateSyntaxError(problem)
    }

    mutating func unexpected(
        _ wanted: String, hint: String? = nil, notes: [TemplateProblem.Note] = []
    ) throws(TemplateSyntaxError) -> TemplateSyntaxError {
        let token = try peekToken()
        var range = token.range
        var found = "end of the template"
        if token.kind != .endOfText {
            // Of plain text its first character is enough.
            let shown = token.kind == .text ? 1 : 20
            if range.count > shown { range = range.lowerBound..<range.lowerBound + shown }
            while range.upperBound < lexer.bytes.count && range.upperBound < token.range.upperBound
                && lexer.bytes[range.upperBound] & 0xC0 == 0x80
            {
                range = range.lowerBound..<range.upperBound + 1
            }
            let image = text(range).split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
            found = token.kind == .whitespace ? "blank" : "'\(image)'"
        }
        return TemplateSyntaxError(
            TemplateProblem(
                TemplateDiagnostics.syntax, "unexpected \(found), expected \(wanted)", at: place(range), hint: hint,
                notes: notes))
    }

    // MARK: Statements

    mutating func template() throws(TemplateSyntaxError) -> [TemplateStatement] {
        let statements = try block()
        switch try peek() {
        case .endOfText: return statements
        case .end:
            throw TemplateSyntaxError(
                TemplateProblem(
                    TemplateDiagnostics.syntax, "'#end' closes nothing", at: place(try nameRange()),
                    hint: "remove it, or write '\\#end' to print it"))
        case .else, .elseIf:
            throw TemplateSyntaxError(
                TemplateProblem(
                    TemplateDiagnostics.syntax, "'\(text(try nameRange()))' without '#if'", at: place(try nameRange())))
        default: throw try unexpected("text, a reference or a directive")
        }
    }

    /// The `#word` of the next token, without the blanks and the newline that belong to it.
    private mutating func nameRange() throws(TemplateSyntaxError) -> Range<Int> {
        let range = try peekToken().range
        var end = range.upperBound
        while end > range.lowerBound && [0x20, 0x09, 0x0A, 0x0D].contains(lexer.bytes[end - 1]) { end -= 1 }
        return range.lowerBound..<end
    }

    mutating func block() throws(TemplateSyntaxError) -> [TemplateStatement] {
        var statements: [TemplateStatement] = []
        while try peek().beginsStatement {
            if let statement = try statement() { statements.append(statement) }
        }
        return statements
    }

    /// Reads the block of a directive and its `#end`.
    private mutating func closedBlock(_ opening: String, _ range: Range<Int>) throws(TemplateSyntaxError)
        -> [TemplateStatement]
    {
        let statements = try deeper { parser throws(TemplateSyntaxError) in try parser.block() }
        try expectEnd(opening, range)
        return statements
    }

    private mutating func expectEnd(_ opening: String, _ range: Range<Int>) throws(TemplateSyntaxError) {
        switch try peek() {
        case .end: try take()
        case .endOfText:
            throw TemplateSyntaxError(
                TemplateProblem(
                    TemplateDiagnostics.missingEnd, "missing '#end' for '\(opening)'", at: place(range),
                    hint: "add '#end' where the block ends",
                    notes: [
                        .init("the template ends here", at: place(lexer.bytes.count..<lexer.bytes.count))
                    ]))
        default:
            throw try unexpected(
                "'#end'", notes: [.init("'\(opening)' was opened here", at: place(range))])
        }
    }

    private mutating func statement() throws(TemplateSyntaxError) -> TemplateStatement? {
        let kind = try peek()
        switch kind {
        case .if: return try choice()
        case .identifier:
            // Velocity looks two tokens ahead, which moves the lexer on.
            _ = try peek(1)
            return try printedReference()
        case .referenceLeftCurly where try peek(1) == .identifier: return try printedReference()
        case .lineCommentStart, .formalComment, .blockComment: return try comment()
        case .textBlock:
            let range = try take().range
            // The content between `#[[` and `]]#`.
            guard range.count >= 6 else { return nil }
            return textStatement(Array(bytes(range.lowerBound + 3..<range.upperBound - 3)), range)
        case .set: return try set()
        case .escapedDirective:
            let range = try take().range
            return textStatement(escapedDirective(range), range)
        case .doubleEscape: return try escape()
        case .word, .bracketedWord: return try directive()
        default:
            let token = try take()
            return textStatement(token.leading + bytes(token.range), token.range)
        }
    }

    func textStatement(_ text: [UInt8], _ range: Range<Int>) -> TemplateStatement {
        TemplateStatement(form: .text(text), range: place(range))
    }

    private mutating func comment() throws(TemplateSyntaxError) -> TemplateStatement? {
        let token = try take()
        guard token.kind == .lineCommentStart else { return nil }
        try takeIf(.lineCommentEnd)
        // Dollars before the comment that began nothing.
        let image = bytes(token.range)
        let hash = UInt8(ascii: "#")
        let start = image.indices.first { image[$0] == hash && $0 + 1 < image.endIndex && image[$0 + 1] == hash }
        let prefix = Array(image[..<(start ?? image.endIndex)])
        return prefix.isEmpty ? nil : textStatement(prefix, token.range)
    }

    private func isKnown(_ name: String) -> Bool { Self.directives.contains(name) || macroNames.contains(name) }

    private func escapedDirective(_ range: Range<Int>) -> [UInt8] {
        let image = bytes(range)
        let backslashes = image.prefix { $0 == UInt8(ascii: "\\") }.count
        var name = text(range.lowerBound + backslashes + 1..<range.upperBound)
        if name.hasPrefix("{") { name = String(name.dropFirst().dropLast()) }
        guard isKnown(name) || ["if", "end", "set", "else", "elseif"].contains(name) else { return Array(image) }
        return Array(image.dropFirst(backslashes - (backslashes - 1) / 2))
    }

    private mutating func escape() throws(TemplateSyntaxError) -> TemplateStatement? {
        let first = try peekToken().range
        var count = 0
        while try peek() == .doubleEscape {
            try take()
            count += 1
        }
        let next = try peekToken()
        var control = false
        switch next.kind {
        case .end, .if, .elseIf, .else: control = true
        case .endOfText: break
        default: control = isKnown(String(text(next.range).dropFirst()))
        }
        let text = [UInt8](repeating: UInt8(ascii: "\\"), count: control ? count : 2 * count)
        return textStatement(text, first)
    }

    private mutating func printedReference() throws(TemplateSyntaxError) -> TemplateStatement {
        let reference = try reference()
        return TemplateStatement(form: .reference(reference), range: reference.range)
    }

    private mutating func choice() throws(TemplateSyntaxError) -> TemplateStatement {
        let opening = try take().range
        var branches: [(condition: TemplateExpression, body: [TemplateStatement])] = []
        branches.append(try branch("#if", opening))
        var otherwise: [TemplateStatement]?
        while try peek() == .elseIf {
            let range = try take().range
            branches.append(try branch("#elseif", range))
        }
        if try takeIf(.else) {
            otherwise = try deeper { parser throws(TemplateSyntaxError) in try parser.block() }
            switch try peek() {
            case .else, .elseIf:
                let range = try nameRange()
                throw TemplateSyntaxError(
                    TemplateProblem(
                        TemplateDiagnostics.syntax, "'\(text(range))' after '#else'", at: place(range),
                        notes: [.init("'#if' was opened here", at: place(opening))]))
            default: break
            }
        }
        try expectEnd("#if", opening)
        return TemplateStatement(form: .choice(branches, otherwise: otherwise), range: place(opening))
    }

    private mutating func branch(_ name: String, _ range: Range<Int>) throws(TemplateSyntaxError)
        -> (condition: TemplateExpression, body: [TemplateStatement])
    {
        try takeIf(.whitespace)
        try expect(.leftParenthesis, "'(' after '\(name)'", hint: "write '\(name)($condition)'")
        let condition = try expression()
        try expect(
            .rightParenthesis, "an operator or ')'", hint: "the condition of '\(name)' ends with ')'")
        let body = try deeper { parser throws(TemplateSyntaxError) in try parser.block() }
        return (condition, body)
    }

    private mutating func set() throws(TemplateSyntaxError) -> TemplateStatement {
        let opening = try take().range
        try takeIf(.whitespace)
        let kind = try peek()
        guard kind == .identifier || kind == .referenceLeftCurly else {
            throw try unexpected("a reference to set", hint: "write '#set($name = value)'")
        }
        let target = try reference()
        try takeIf(.whitespace)
        try expect(.assign, "'='", hint: "write '#set($name = value)'")
        let value = try expression()
        try expect(.rightParenthesis, "an operator or ')'", hint: "'#set' ends with ')'")
        lexer.inSet = false
        return TemplateStatement(form: .set(target, value), range: place(opening.lowerBound..<opening.upperBound))
    }

    mutating func remember(macro name: String) { macroNames.insert(name) }

    mutating func directiveBlock(_ opening: String, _ range: Range<Int>) throws(TemplateSyntaxError)
        -> [TemplateStatement]
    {
        try closedBlock(opening, range)
    }

    mutating func interpolation(
        _ content: [UInt8], origin: TemplateOrigin
    ) throws(TemplateSyntaxError) -> [TemplateStatement] {
        try deeper { parser throws(TemplateSyntaxError) in
            var inner = TemplateParser(content, origin: origin, depth: parser.depth)
            inner.macroNames = parser.macroNames
            return try inner.template()
        }
    }
}
