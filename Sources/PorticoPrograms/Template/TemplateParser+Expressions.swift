import PorticoSyntax

/// References and values.
extension TemplateParser {
    // MARK: References

    mutating func reference() throws(TemplateSyntaxError) -> TemplateReference {
        let first = try take()
        var nameRange = first.range
        let isFormal = first.kind == .referenceLeftCurly
        if isFormal { nameRange = try expect(.identifier, "a name after '${'").range }
        var result = root(first.range, name: nameRange, isFormal: isFormal)
        let start = result.range.lowerBound
        var end = nameRange.upperBound
        while try peek() == .indexLeftBracket {
            result.steps.append(try index())
            end = takenEnd
        }
        while true {
            guard try peek() == .dot, try peek(1) == .identifier else { break }
            try take()
            result.steps.append(try member())
            end = takenEnd
            while try peek() == .indexLeftBracket {
                result.steps.append(try index())
                end = takenEnd
            }
        }
        if isFormal {
            try expect(
                .referenceRightCurly, "'}' of '${\(result.name)'",
                hint: "a default value as in '${a|'b'}' is not known to API Gateway")
            end = takenEnd
        }
        result.range = place(start..<max(end, start))
        return result
    }

    /// Takes the beginning of a reference apart: escapes, dollars that begin nothing, `$!`.
    private func root(_ first: Range<Int>, name: Range<Int>, isFormal: Bool) -> TemplateReference {
        let image = Array(bytes(first))
        let backslash = UInt8(ascii: "\\")
        let dollar = UInt8(ascii: "$")
        var result = TemplateReference(name: isFormal ? text(name) : "", range: first)
        if image.indices.dropLast().contains(where: { image[$0] == backslash && image[$0 + 1] == UInt8(ascii: "!") }) {
            result.name = "\\!"
            result.isComputable = false
            return result
        }
        let escapes = image.prefix { $0 == backslash }.count
        result.isEscaped = escapes % 2 == 1
        result.escapePrefix = Array(repeating: backslash, count: escapes / 2)
        let dollarAt = image.lastIndex(of: dollar) ?? escapes
        if dollarAt > escapes { result.prefix = Array(image[escapes..<dollarAt]) }
        result.range = first.lowerBound + dollarAt..<first.upperBound
        let rest = image[dollarAt...]
        guard rest.first == dollar else {
            result.isComputable = false
            result.bareText = Array(rest)
            return result
        }
        result.isQuiet = rest.dropFirst().first == UInt8(ascii: "!")
        if !isFormal { result.name = String(decoding: rest.dropFirst(result.isQuiet ? 2 : 1), as: UTF8.self) }
        return result
    }

    private mutating func member() throws(TemplateSyntaxError) -> TemplateReference.Step {
        let token = try take()
        let name = text(token.range)
        guard try peek() == .leftParenthesis, try beginsArguments(peek(1)) else {
            return .init(form: .property(name), range: place(token.range))
        }
        try take()
        let arguments = try deeper { parser throws(TemplateSyntaxError) -> [TemplateExpression] in
            var arguments: [TemplateExpression] = []
            if try parser.peek() != .callRightParenthesis {
                arguments.append(try parser.parameter())
                while try parser.takeIf(.comma) { arguments.append(try parser.parameter()) }
            }
            return arguments
        }
        try expect(.callRightParenthesis, "',' or ')' of '\(name)('")
        return .init(form: .method(name, arguments), range: place(token.range.lowerBound..<takenEnd))
    }

    private func beginsArguments(_ kind: TemplateTokenKind) -> Bool {
        switch kind {
        case .callRightParenthesis, .whitespace, .string, .integer, .float, .leftBracket, .leftCurly, .true, .false,
            .identifier, .referenceLeftCurly:
            true
        default: false
        }
    }

    private mutating func index() throws(TemplateSyntaxError) -> TemplateReference.Step {
        let opening = try take()
        let argument = try deeper { parser throws(TemplateSyntaxError) -> TemplateExpression in
            try parser.takeIf(.whitespace)
            let argument: TemplateExpression
            switch try parser.peek() {
            case .string, .integer, .true, .false, .identifier, .referenceLeftCurly: argument = try parser.value()
            default: throw try parser.unexpected("an index: a string, a whole number or a reference")
            }
            try parser.takeIf(.whitespace)
            return argument
        }
        try expect(.indexRightBracket, "']'")
        return .init(form: .index(argument), range: place(opening.range.lowerBound..<takenEnd))
    }

    // MARK: Expressions

    mutating func expression() throws(TemplateSyntaxError) -> TemplateExpression {
        try deeper { parser throws(TemplateSyntaxError) in try parser.operators(level: 0) }
    }

    private mutating func operators(level: Int) throws(TemplateSyntaxError) -> TemplateExpression {
        guard level <= 5 else { return try unary() }
        let first = try operators(level: level + 1)
        var rest: [(sign: TemplateOperator, operand: TemplateExpression)] = []
        while let next = TemplateOperator(try peek()), next.level == level {
            try take()
            rest.append((next, try operators(level: level + 1)))
        }
        guard let last = rest.last else { return first }
        return TemplateExpression(
            form: .chain(first, rest),
            range: first.range.lowerBound..<max(last.operand.range.upperBound, first.range.upperBound))
    }

    private mutating func unary() throws(TemplateSyntaxError) -> TemplateExpression {
        let isBlank = try peek() == .whitespace
        guard try peek(isBlank ? 1 : 0) == .not else { return try primary() }
        if isBlank { try take() }
        let start = try take().range
        let operand = try deeper { parser throws(TemplateSyntaxError) in try parser.unary() }
        return TemplateExpression(
            form: .not(operand), range: place(start).lowerBound..<max(operand.range.upperBound, place(start).upperBound)
        )
    }

    private mutating func primary() throws(TemplateSyntaxError) -> TemplateExpression {
        try takeIf(.whitespace)
        let result: TemplateExpression
        if try peek() == .leftParenthesis {
            try take()
            result = try expression()
            try expect(.rightParenthesis, "an operator or ')'")
        } else {
            result = try value()
        }
        try takeIf(.whitespace)
        return result
    }

    /// A value with blanks around it.
    private mutating func parameter() throws(TemplateSyntaxError) -> TemplateExpression {
        try takeIf(.whitespace)
        let result = try value()
        try takeIf(.whitespace)
        return result
    }

    mutating func value() throws(TemplateSyntaxError) -> TemplateExpression {
        let token = try peekToken()
        let form: TemplateExpression.Form
        switch token.kind {
        case .identifier, .referenceLeftCurly:
            let reference = try reference()
            return TemplateExpression(form: .reference(reference), range: reference.range)
        case .string:
            try take()
            form = try string(token.range)
        case .integer:
            try take()
            form = .integer(text(token.range))
        case .float:
            try take()
            form = .float(text(token.range))
        case .true, .false:
            try take()
            form = .truth(token.kind == .true)
        case .leftBracket: form = try list()
        case .leftCurly: form = try map()
        case .word where text(token.range) == "null":
            throw try unexpected(
                "a value or a reference", hint: "there is no 'null' here; a reference that is never set is empty")
        default: throw try unexpected("a value or a reference")
        }
        return TemplateExpression(
            form: form, range: place(token.range.lowerBound..<max(takenEnd, token.range.upperBound)))
    }

    private mutating func list() throws(TemplateSyntaxError) -> TemplateExpression.Form {
        try take()
        return try deeper { parser throws(TemplateSyntaxError) -> TemplateExpression.Form in
            if try parser.takeIf(.rightBracket) { return .list([]) }
            let first = try parser.parameter()
            if try parser.peek() == .doubleDot {
                guard parser.mayBoundRange(first) else { throw try parser.unexpected("',' or ']'") }
                try parser.take()
                let last = try parser.parameter()
                guard parser.mayBoundRange(last) else {
                    throw try parser.unexpected(
                        "a whole number or a reference before it", hint: "a range is written '[1..$n]'")
                }
                try parser.expect(.rightBracket, "']'")
                return .range(first, last)
            }
            var elements = [first]
            while try parser.takeIf(.comma) { elements.append(try parser.parameter()) }
            try parser.expect(.rightBracket, "',' or ']'")
            return .list(elements)
        }
    }

    private func mayBoundRange(_ value: TemplateExpression) -> Bool {
        switch value.form {
        case .reference, .integer: true
        default: false
        }
    }

    private mutating func map() throws(TemplateSyntaxError) -> TemplateExpression.Form {
        try take()
        return try deeper { parser throws(TemplateSyntaxError) -> TemplateExpression.Form in
            var entries: [(key: TemplateExpression, value: TemplateExpression)] = []
            let next = try parser.peek(parser.peek() == .whitespace ? 1 : 0)
            if next == .rightCurly || next == .referenceRightCurly {
                try parser.takeIf(.whitespace)
            } else {
                repeat {
                    let key = try parser.parameter()
                    try parser.expect(.colon, "':'", hint: "a map is written '{\"key\": $value}'")
                    entries.append((key, try parser.parameter()))
                } while try parser.takeIf(.comma)
            }
            if try !parser.takeIf(.referenceRightCurly) { try parser.expect(.rightCurly, "',' or '}'") }
            return .map(entries)
        }
    }
}
