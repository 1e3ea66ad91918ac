internal import PorticoSyntax

extension MetricExpression {
    /// Reads a formula.
    public init(parsing text: String) throws(MetricExpressionError) {
        guard text.utf8.count <= Self.longest else {
            throw MetricExpressionError(
                message: "the expression has \(text.utf8.count) bytes; \(Self.longest) are allowed", range: 0..<0)
        }
        var parser = Parser(bytes: Array(text.utf8))
        self = try parser.formula()
    }
}

/// Precedence climbing over bytes. Operators of one precedence group from the left.
private struct Parser {
    typealias Operator = MetricExpression.Operator
    typealias Function = MetricExpression.Function

    let bytes: [UInt8]
    private var place = 0
    private var depth = 0
    private var operators = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func formula() throws(MetricExpressionError) -> MetricExpression {
        let result = try expression(1)
        skipBlanks()
        guard place == bytes.count else { throw unexpected("an operator or the end") }
        return result
    }

    private mutating func expression(_ least: Int) throws(MetricExpressionError) -> MetricExpression {
        depth += 1
        defer { depth -= 1 }
        guard depth <= MetricExpression.deepest else {
            throw MetricExpressionError(
                message: "the expression is nested more than \(MetricExpression.deepest) levels deep",
                range: place..<place)
        }
        var left = try operand()
        while let (symbol, length) = nextOperator(), symbol.precedence >= least {
            // A long chain makes as deep a tree as parentheses do.
            operators += 1
            guard operators <= MetricExpression.mostOperators else {
                throw MetricExpressionError(
                    message: "the expression has more than \(MetricExpression.mostOperators) operators",
                    range: place..<place + length)
            }
            place += length
            left = .binary(symbol, left, try expression(symbol.precedence + 1))
        }
        return left
    }

    private mutating func operand() throws(MetricExpressionError) -> MetricExpression {
        skipBlanks()
        guard let byte = peek() else { throw unexpected("a number, an id or a function") }
        switch byte {
        case UInt8(ascii: "("):
            place += 1
            let inner = try expression(1)
            try expect(")")
            return inner
        case UInt8(ascii: "["):
            place += 1
            return .list(try arguments(until: "]"))
        case UInt8(ascii: "-"):
            place += 1
            // Binds looser than `^`, tighter than `*`.
            return .negated(try expression(6))
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."): return try number()
        case UInt8(ascii: "a")...UInt8(ascii: "z"): return .query(word())
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): return try call()
        default: throw unexpected("a number, an id or a function")
        }
    }

    private mutating func call() throws(MetricExpressionError) -> MetricExpression {
        let start = place
        let name = word()
        let range = start..<place
        skipBlanks()
        if name == "METRICS" {
            try expect("(")
            let part = try optionalText()
            try expect(")")
            return .metrics(part)
        }
        guard let function = Function(rawValue: name) else {
            let near = TypoDetector.closest(to: name, in: Function.allCases.map(\.rawValue) + ["METRICS"])
            throw MetricExpressionError(
                message: "unknown function '\(name)'; "
                    + (near.map { "did you mean '\($0)'?" }
                        ?? "expected " + Function.allCases.map(\.rawValue).joined(separator: ", ") + " or METRICS"),
                range: range, suggestion: near)
        }
        try expect("(")
        if function == .fill { return try fill() }
        let arguments = try arguments(until: ")")
        guard function.arguments.contains(arguments.count) else {
            let wanted = function.arguments
            throw MetricExpressionError(
                message: "'\(name)' has \(arguments.count) arguments; expected "
                    + (wanted.count == 1 ? "\(wanted.lowerBound)" : "\(wanted.lowerBound) to \(wanted.upperBound)"),
                range: range)
        }
        return .call(function, arguments)
    }

    /// After `FILL(`.
    private mutating func fill() throws(MetricExpressionError) -> MetricExpression {
        let series = try expression(1)
        try expect(",")
        skipBlanks()
        let start = place
        if let byte = peek(), (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) {
            let name = word()
            if name == "REPEAT" {
                try expect(")")
                return .fillRepeating(series)
            }
            if name == "LINEAR" {
                throw MetricExpressionError(
                    message: "'LINEAR' is not supported; expected a value or 'REPEAT'", range: start..<place,
                    suggestion: "REPEAT")
            }
            place = start
        }
        let value = try expression(1)
        try expect(")")
        return .call(.fill, [series, value])
    }

    private mutating func arguments(until end: Character) throws(MetricExpressionError) -> [MetricExpression] {
        var result: [MetricExpression] = []
        repeat {
            guard result.count < MetricExpression.mostArguments else {
                throw unexpected("at most \(MetricExpression.mostArguments) arguments")
            }
            result.append(try expression(1))
        } while take(",")
        try expect(end)
        return result
    }

    private mutating func number() throws(MetricExpressionError) -> MetricExpression {
        let start = place
        while let byte = peek() {
            let isSign = byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
            let follows = isSign && place > start && bytes[place - 1] | 0x20 == UInt8(ascii: "e")
            let isDigit = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            guard isDigit || byte == UInt8(ascii: ".") || byte | 0x20 == UInt8(ascii: "e") || follows else { break }
            place += 1
        }
        guard let value = Double(String(decoding: bytes[start..<place], as: UTF8.self)), value.isFinite else {
            throw MetricExpressionError(
                message: quoted(String(decoding: bytes[start..<place], as: UTF8.self)) + " is no number",
                range: start..<place)
        }
        return .number(value)
    }

    private mutating func optionalText() throws(MetricExpressionError) -> String? {
        skipBlanks()
        guard let quote = peek(), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
        place += 1
        let start = place
        while let byte = peek(), byte != quote { place += 1 }
        guard peek() == quote else { throw unexpected("the end of the text") }
        place += 1
        return String(decoding: bytes[start..<place - 1], as: UTF8.self)
    }

    /// Letters, digits and underscores.
    private mutating func word() -> String {
        let start = place
        while let byte = peek(), ASCII.isAlphanumeric(byte) || byte == UInt8(ascii: "_") { place += 1 }
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }

    private mutating func nextOperator() -> (Operator, Int)? {
        skipBlanks()
        let rest = bytes[place...]
        if rest.starts(with: "||".utf8) { return (.or, 2) }
        if rest.starts(with: "&&".utf8) { return (.and, 2) }
        for symbol in Operator.allCases where rest.starts(with: symbol.rawValue.utf8) {
            let length = symbol.rawValue.utf8.count
            let isWord = symbol == .and || symbol == .or
            let next = rest.dropFirst(length).first
            if isWord, let next, ASCII.isAlphanumeric(next) || next == UInt8(ascii: "_") { continue }
            return (symbol, length)
        }
        return nil
    }

    private mutating func take(_ character: Character) -> Bool {
        skipBlanks()
        guard let byte = peek(), byte == character.asciiValue else { return false }
        place += 1
        return true
    }

    private mutating func expect(_ character: Character) throws(MetricExpressionError) {
        guard take(character) else { throw unexpected("'\(character)'") }
    }

    private mutating func skipBlanks() {
        while let byte = peek(), byte == 0x20 || (0x09...0x0D).contains(byte) { place += 1 }
    }

    private func peek() -> UInt8? { place < bytes.count ? bytes[place] : nil }

    private func unexpected(_ expected: String) -> MetricExpressionError {
        guard place < bytes.count else {
            return MetricExpressionError(
                message: "the expression ends too early; expected \(expected)", range: bytes.count..<bytes.count)
        }
        // A character of several bytes is shown whole.
        var end = place + 1
        while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
        let found = quoted(String(decoding: bytes[place..<end], as: UTF8.self))
        return MetricExpressionError(message: "unexpected \(found); expected \(expected)", range: place..<end)
    }
}
