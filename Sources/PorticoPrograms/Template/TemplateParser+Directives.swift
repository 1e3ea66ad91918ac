import PorticoSyntax

/// Directives other than `#if` and `#set`, and what only looks like one.
extension TemplateParser {
    private enum Argument {
        case reference(TemplateReference)
        case word(String)
        case value(TemplateExpression)
    }

    mutating func directive() throws(TemplateSyntaxError) -> TemplateStatement? {
        let token = try take()
        let image = token.range
        let name =
            token.kind == .bracketedWord
            ? text(min(image.lowerBound + 2, image.upperBound - 1)..<image.upperBound - 1)
            : text(image.lowerBound + 1..<image.upperBound)
        lexer.enterDirective()
        guard lexer.isAtLeftParenthesis() else {
            lexer.pop()
            return try withoutArguments(name, image)
        }
        try takeIf(.whitespace)
        try expect(.leftParenthesis, "'('")
        var arguments: [(argument: Argument, range: Range<Int>)] = []
        while let argument = try argument() {
            try check(argument.argument, argument.range, position: arguments.count, of: name)
            arguments.append(argument)
        }
        try takeIf(.whitespace)
        try expect(.rightParenthesis, "')'", hint: "'#\(name)' takes values and references, without operators")
        switch name {
        case "stop", "break", "include", "parse": return try line(name, image, arguments)
        case "foreach": return try loop(image, arguments)
        case "define": return try define(image, arguments)
        case "macro":
            guard case .word(let macro)? = arguments.first?.argument else {
                throw misuse("'#macro' needs a name", image, hint: "write '#macro(name $argument)'")
            }
            _ = try directiveBlock("#macro", image)
            remember(macro: macro)
            // Observed: definitions vanish, calls print as they stand.
            return nil
        case "literal":
            return textStatement(try literalBlock(image), image)
        default:
            if name.hasPrefix("@") { _ = try directiveBlock("#\(name)", image) }
            let range = image.lowerBound..<takenEnd
            return textStatement(Array(bytes(range)), range)
        }
    }

    private func misuse(_ message: String, _ range: Range<Int>, hint: String? = nil) -> TemplateSyntaxError {
        TemplateSyntaxError(TemplateProblem(TemplateDiagnostics.syntax, message, at: place(range), hint: hint))
    }

    private func withoutArguments(_ name: String, _ image: Range<Int>) throws(TemplateSyntaxError)
        -> TemplateStatement?
    {
        switch name {
        case "stop": return TemplateStatement(form: .stop, range: place(image))
        case "break": return TemplateStatement(form: .break(scope: nil), range: place(image))
        case "include", "parse": return TemplateStatement(form: .load(directive: name), range: place(image))
        case "foreach": throw misuse("'#foreach' needs arguments", image, hint: "write '#foreach($item in $list)'")
        case "define": throw misuse("'#define' needs a name", image, hint: "write '#define($name)'")
        case "macro": throw misuse("'#macro' needs a name", image, hint: "write '#macro(name $argument)'")
        case "literal": throw misuse("'#literal' needs parentheses", image, hint: "write '#literal()'")
        default: return textStatement(Array(bytes(image)), image)
        }
    }

    /// The text of the block as it stands.
    private mutating func literalBlock(_ image: Range<Int>) throws(TemplateSyntaxError) -> [UInt8] {
        let start = takenEnd
        _ = try directiveBlock("#literal", image)
        // What was taken last is the `#end`, with the newline that belongs to it.
        return Array(bytes(start..<max(start, takenStart)))
    }

    // MARK: Arguments

    private mutating func argument() throws(TemplateSyntaxError) -> (argument: Argument, range: Range<Int>)? {
        var offset = 0
        if try peek() == .whitespace { offset = 1 }
        let next = try peek(offset)
        if next == .comma {
            for _ in 0...offset { try take() }
            try takeIf(.whitespace)
        } else if beginsArgument(next) {
            for _ in 0..<offset { try take() }
        } else {
            return nil
        }
        let token = try peekToken()
        if token.kind == .word {
            try take()
            return (.word(text(token.range)), token.range)
        }
        guard beginsArgument(token.kind) else { throw try unexpected("a value or a reference") }
        if token.kind == .identifier || token.kind == .referenceLeftCurly {
            return (.reference(try reference()), token.range)
        }
        return (.value(try value()), token.range)
    }

    private func beginsArgument(_ kind: TemplateTokenKind) -> Bool {
        switch kind {
        case .identifier, .referenceLeftCurly, .word, .string, .integer, .float, .leftBracket, .leftCurly, .true,
            .false:
            true
        default: false
        }
    }

    private func check(
        _ argument: Argument, _ range: Range<Int>, position: Int, of name: String
    ) throws(TemplateSyntaxError) {
        if case .word(let word) = argument {
            if name == "macro" && position == 0 || name == "foreach" && position == 1 { return }
            if Self.directives.contains(name) {
                throw misuse("'\(word)' is no argument for '#\(name)'", range, hint: "a reference begins with '$'")
            }
        } else if name == "macro" && position == 0 {
            throw misuse("'#macro' needs a bare name first", range, hint: "write '#macro(name $argument)'")
        }
    }

    // MARK: Directives

    private func line(
        _ name: String, _ image: Range<Int>, _ arguments: [(argument: Argument, range: Range<Int>)]
    ) throws(TemplateSyntaxError) -> TemplateStatement? {
        switch name {
        case "stop":
            guard arguments.count <= 1 else { throw misuse("'#stop' takes one message at most", image) }
            return TemplateStatement(form: .stop, range: place(image))
        case "break":
            guard arguments.count <= 1 else { throw misuse("'#break' takes one scope at most", image) }
            switch arguments.first?.argument {
            case .reference(let reference):
                let scope = TemplateExpression(form: .reference(reference), range: reference.range)
                return TemplateStatement(form: .break(scope: scope), range: place(image))
            case .value(let value): return TemplateStatement(form: .break(scope: value), range: place(image))
            case .word, nil: return TemplateStatement(form: .break(scope: nil), range: place(image))
            }
        default: return TemplateStatement(form: .load(directive: name), range: place(image))
        }
    }

    private mutating func loop(
        _ image: Range<Int>, _ arguments: [(argument: Argument, range: Range<Int>)]
    ) throws(TemplateSyntaxError) -> TemplateStatement? {
        let hint = "write '#foreach($item in $list)'"
        guard arguments.count == 3 else {
            throw misuse("'#foreach' takes a variable, 'in' and a list", image, hint: hint)
        }
        guard case .reference(let variable) = arguments[0].argument else {
            throw misuse("'#foreach' needs a variable first", arguments[0].range, hint: hint)
        }
        guard case .word = arguments[1].argument else {
            throw misuse("'#foreach' needs 'in' between the variable and the list", arguments[1].range, hint: hint)
        }
        let source: TemplateExpression
        switch arguments[2].argument {
        case .reference(let reference):
            source = TemplateExpression(form: .reference(reference), range: reference.range)
        case .value(let value): source = value
        case .word: throw misuse("'#foreach' needs a list", arguments[2].range, hint: hint)
        }
        let body = try directiveBlock("#foreach", image)
        return TemplateStatement(
            form: .loop(variable: variable.name, source: source, body: body), range: place(image))
    }

    private mutating func define(
        _ image: Range<Int>, _ arguments: [(argument: Argument, range: Range<Int>)]
    ) throws(TemplateSyntaxError) -> TemplateStatement? {
        guard arguments.count == 1, case .reference(let reference) = arguments[0].argument else {
            throw misuse("'#define' takes one reference", image, hint: "write '#define($name)'")
        }
        let body = try directiveBlock("#define", image)
        return TemplateStatement(form: .define(name: reference.name, body: body), range: place(image))
    }
}
