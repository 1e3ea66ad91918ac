/// The filters of a JSONPath: `||` over `&&` over `!`, parentheses and comparisons. Cold: once per path.
extension JSONPathCompiler {
    mutating func filter() throws(JSONPathProblem) -> JSONPathFilter {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= Self.maximumNesting else { throw problem("filter is nested too deeply", at..<at) }
        var parts = [try conjunction()]
        while takeWord("||") { parts.append(try conjunction()) }
        return parts.count == 1 ? parts[0] : .or(parts)
    }

    private mutating func conjunction() throws(JSONPathProblem) -> JSONPathFilter {
        var parts = [try negation()]
        while takeWord("&&") { parts.append(try negation()) }
        return parts.count == 1 ? parts[0] : .and(parts)
    }

    private mutating func negation() throws(JSONPathProblem) -> JSONPathFilter {
        skipBlanks()
        var negated = false
        while at < bytes.count, bytes[at] == UInt8(ascii: "!") {
            negated.toggle()
            at += 1
            skipBlanks()
        }
        let part: JSONPathFilter
        if take(UInt8(ascii: "(")) {
            part = try filter()
            try expect(UInt8(ascii: ")"), "in a filter")
        } else {
            part = try comparison()
        }
        return negated ? .not(part) : part
    }

    private mutating func comparison() throws(JSONPathProblem) -> JSONPathFilter {
        let start = at
        let left = try operand()
        skipBlanks()
        guard let comparison = comparisonSign() else {
            switch left {
            case .current, .root: return .exists(left)
            case .constant, .pattern: throw problem("a filter needs a path or a comparison", start..<at)
            }
        }
        skipBlanks()
        let rightStart = at
        var right = try operand()
        var leftOperand = left
        if case .pattern = left {
            // Jayway takes a pattern on either side.
            (leftOperand, right) = (right, left)
        }
        if comparison == .matches {
            if case .constant(.text(let text)) = right {
                right = .pattern(try pattern(String(decoding: text, as: UTF8.self), [], rightStart))
            }
            guard case .pattern = right else { throw problem("'=~' needs a /pattern/", rightStart..<at) }
        } else if case .pattern = right {
            throw problem("a /pattern/ stands only after '=~'", rightStart..<at)
        }
        return .compare(leftOperand, comparison, right)
    }

    /// Takes a comparison sign or word. The longer ones come first.
    private mutating func comparisonSign() -> JSONPathFilter.Comparison? {
        let signs = JSONPathFilter.Comparison.allCases.sorted { $0.rawValue.utf8.count > $1.rawValue.utf8.count }
        for sign in signs {
            let isWord = sign.rawValue.utf8.first.map { $0 >= 0x61 } ?? false
            let after = at + sign.rawValue.utf8.count
            guard after <= bytes.count else { continue }
            guard bytes[at..<after].map({ isWord ? $0 | 0x20 : $0 }).elementsEqual(sign.rawValue.utf8) else { continue }
            if isWord, after < bytes.count, bytes[after] | 0x20 >= 0x61, bytes[after] | 0x20 <= 0x7A { continue }
            at = after
            return sign
        }
        return nil
    }

    private mutating func operand() throws(JSONPathProblem) -> JSONPathFilter.Operand {
        skipBlanks()
        guard at < bytes.count else { throw unexpected("in a filter") }
        switch bytes[at] {
        case UInt8(ascii: "@"), UInt8(ascii: "$"):
            let start = at
            let isCurrent = bytes[at] == UInt8(ascii: "@")
            let parts = try path(inFilter: true)
            let path = JSONPath(
                text: String(decoding: bytes[start..<at], as: UTF8.self), steps: parts.steps, function: parts.function)
            return isCurrent ? .current(path) : .root(path)
        case UInt8(ascii: "/"): return .pattern(try slashPattern())
        default: return .constant(try constant())
        }
    }

    /// Takes `'text'`, a number, `true`, `false`, `null` or a list of these.
    private mutating func constant() throws(JSONPathProblem) -> JSONPathValue {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= Self.maximumNesting else { throw problem("filter is nested too deeply", at..<at) }
        skipBlanks()
        guard at < bytes.count else { throw unexpected("in a filter") }
        switch bytes[at] {
        case UInt8(ascii: "'"), UInt8(ascii: "\""): return .text(try quoted())
        case UInt8(ascii: "["):
            at += 1
            var elements: [JSONPathValue] = []
            skipBlanks()
            if take(UInt8(ascii: "]")) { return .list([]) }
            repeat {
                elements.append(try constant())
                skipBlanks()
            } while take(UInt8(ascii: ","))
            try expect(UInt8(ascii: "]"), "in a list")
            return .list(elements)
        default:
            if takeWord("true") { return .boolean(true) }
            if takeWord("false") { return .boolean(false) }
            if takeWord("null") { return .null }
            let start = at
            while at < bytes.count, "+-.eE0123456789".utf8.contains(bytes[at]) { at += 1 }
            guard at > start else { throw unexpected("in a filter; expected a path, text, number or list") }
            guard let value = Double(String(decoding: bytes[start..<at], as: UTF8.self)) else {
                throw problem("malformed number in a filter", start..<at)
            }
            return .number(value)
        }
    }

    private mutating func slashPattern() throws(JSONPathProblem) -> Pattern {
        let start = at
        at += 1
        var body: [UInt8] = []
        while true {
            guard at < bytes.count else { throw problem("/pattern/ is never closed", start..<start + 1) }
            let byte = bytes[at]
            at += 1
            if byte == UInt8(ascii: "/") { break }
            if byte == UInt8(ascii: "\\"), at < bytes.count {
                if bytes[at] != UInt8(ascii: "/") { body.append(byte) }
                body.append(bytes[at])
                at += 1
                continue
            }
            body.append(byte)
        }
        var options: PatternOptions = []
        while at < bytes.count, let option = PatternOptions.byLetter[bytes[at]] {
            options.insert(option)
            at += 1
        }
        return try pattern(String(decoding: body, as: UTF8.self), options, start)
    }

    private func pattern(
        _ text: String, _ options: PatternOptions, _ start: Int
    ) throws(JSONPathProblem) -> Pattern {
        switch Pattern.compile(text, options) {
        case .success(let pattern): return pattern
        case .failure(let failure): throw problem("malformed pattern: \(failure.message)", start..<at)
        }
    }

    private mutating func takeWord(_ word: String) -> Bool {
        skipBlanks()
        let after = at + word.utf8.count
        guard after <= bytes.count, bytes[at..<after].elementsEqual(word.utf8) else { return false }
        at = after
        return true
    }
}
