/// Reads the text of a JSONPath; see ``JSONPath`` for the language. Cold: once per path.
struct JSONPathCompiler {
    /// Steps of one path, filters within filters, and nested brackets, beyond which a path is refused.
    static let maximumSteps = 256
    static let maximumNesting = 32

    let text: String
    let bytes: [UInt8]
    var at = 0
    var nesting = 0

    init(_ text: String) {
        self.text = text
        bytes = Array(text.utf8)
    }

    mutating func compilePath() -> Result<JSONPath, JSONPathProblem> {
        do throws(JSONPathProblem) {
            skipBlanks()
            if at == bytes.count { throw problem("empty JSONPath", 0..<0) }
            let path = try path(inFilter: false)
            skipBlanks()
            if at < bytes.count { throw unexpected("after the path") }
            return .success(JSONPath(text: text, steps: path.steps, function: path.function))
        } catch {
            return .failure(error)
        }
    }

    typealias Parts = (steps: [JSONPath.Step], function: JSONPathFunction?)

    /// Takes `$...`, `@...` or a path without either.
    mutating func path(inFilter: Bool) throws(JSONPathProblem) -> Parts {
        var parts: Parts = ([], nil)
        if at < bytes.count, bytes[at] == UInt8(ascii: "$") || bytes[at] == UInt8(ascii: "@") {
            at += 1
        } else if at < bytes.count, bytes[at] != UInt8(ascii: "["), bytes[at] != UInt8(ascii: ".") {
            try dotStep(&parts, inFilter)
        }
        while at < bytes.count, parts.function == nil {
            guard parts.steps.count < Self.maximumSteps else { throw problem("JSONPath has too many steps", at..<at) }
            switch bytes[at] {
            case UInt8(ascii: "."):
                at += 1
                if at < bytes.count, bytes[at] == UInt8(ascii: ".") {
                    at += 1
                    parts.steps.append(.descend)
                }
                // Jayway reads `$.[0]` as `$[0]`.
                if at < bytes.count, bytes[at] == UInt8(ascii: "[") { continue }
                try dotStep(&parts, inFilter)
            case UInt8(ascii: "["): parts.steps.append(try bracketStep())
            case UInt8(ascii: " "), 0x09, 0x0A, 0x0D:
                if inFilter { return parts }
                skipBlanks()
                if at < bytes.count { throw unexpected("in a path") }
            default:
                if inFilter { return parts }
                throw unexpected("in a path; expected '.' or '['")
            }
        }
        return parts
    }

    /// Takes a name, a function call or `*`, after the dot.
    private mutating func dotStep(_ parts: inout Parts, _ inFilter: Bool) throws(JSONPathProblem) {
        let start = at
        if at < bytes.count, bytes[at] == UInt8(ascii: "*") {
            at += 1
            parts.steps.append(.wildcard)
            return
        }
        while at < bytes.count, !endsName(bytes[at], inFilter) { at += 1 }
        let name = Array(bytes[start..<at])
        if name.isEmpty {
            if at == bytes.count { throw problem("path ends after a '.'", max(start - 1, 0)..<start) }
            throw unexpected("where a name should stand")
        }
        guard at < bytes.count, bytes[at] == UInt8(ascii: "(") else {
            parts.steps.append(.member(name))
            return
        }
        parts.function = try function(String(decoding: name, as: UTF8.self), start)
    }

    private func endsName(_ byte: UInt8, _ inFilter: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: "["), UInt8(ascii: "("), UInt8(ascii: " "), 0x09, 0x0A, 0x0D: return true
        case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "="), UInt8(ascii: "!"), UInt8(ascii: "<"),
            UInt8(ascii: ">"), UInt8(ascii: "&"), UInt8(ascii: "|"), UInt8(ascii: ","), UInt8(ascii: "~"):
            return inFilter
        default: return false
        }
    }

    private mutating func function(_ name: String, _ start: Int) throws(JSONPathProblem) -> JSONPathFunction {
        at += 1
        skipBlanks()
        if name == "index" {
            guard let index = try integer() else { throw unexpected("where the number of index() should stand") }
            try expect(UInt8(ascii: ")"), "after the number of index()")
            return .index(index)
        }
        guard let function = JSONPathFunction.names[name] else {
            throw problem("unknown JSONPath function '\(name)()'", start..<at)
        }
        try expect(UInt8(ascii: ")"), "after '\(name)('")
        return function
    }

    /// Takes `[...]`.
    private mutating func bracketStep() throws(JSONPathProblem) -> JSONPath.Step {
        let start = at
        at += 1
        skipBlanks()
        guard at < bytes.count else { throw problem("'[' is never closed", start..<start + 1) }
        switch bytes[at] {
        case UInt8(ascii: "*"):
            at += 1
            try expect(UInt8(ascii: "]"), "after '[*'")
            return .wildcard
        case UInt8(ascii: "'"), UInt8(ascii: "\""):
            var names = [try quoted()]
            skipBlanks()
            while take(UInt8(ascii: ",")) {
                skipBlanks()
                guard at < bytes.count, bytes[at] == UInt8(ascii: "'") || bytes[at] == UInt8(ascii: "\"") else {
                    throw unexpected("where a quoted name should stand")
                }
                names.append(try quoted())
                skipBlanks()
            }
            try expect(UInt8(ascii: "]"), "after a quoted name")
            return names.count == 1 ? .member(names[0]) : .members(names)
        case UInt8(ascii: "?"):
            at += 1
            skipBlanks()
            try expect(UInt8(ascii: "("), "after '[?'")
            let filter = try filter()
            skipBlanks()
            try expect(UInt8(ascii: ")"), "at the end of a filter")
            skipBlanks()
            try expect(UInt8(ascii: "]"), "after a filter")
            return .filter(filter)
        default: return try positions(start)
        }
    }

    /// Takes `0`, `0,1` or `a:b` and the closing bracket.
    private mutating func positions(_ start: Int) throws(JSONPathProblem) -> JSONPath.Step {
        let first = try integer()
        skipBlanks()
        if take(UInt8(ascii: ":")) {
            skipBlanks()
            let last = try integer()
            skipBlanks()
            if take(UInt8(ascii: ":")) {
                // Jayway reads a step and takes no notice of it.
                skipBlanks()
                _ = try integer()
                skipBlanks()
            }
            try expect(UInt8(ascii: "]"), "after a slice")
            return .slice(from: first, to: last)
        }
        guard let first else { throw unexpected("in brackets; expected a quoted name, a position, '*' or '?('") }
        var indices = [first]
        while take(UInt8(ascii: ",")) {
            skipBlanks()
            guard let index = try integer() else { throw unexpected("where a position should stand") }
            indices.append(index)
            skipBlanks()
        }
        try expect(UInt8(ascii: "]"), "after a position")
        return indices.count == 1 ? .index(first) : .indices(indices)
    }
}

// MARK: Pieces

extension JSONPathCompiler {
    mutating func skipBlanks() {
        while at < bytes.count, bytes[at] == 0x20 || (bytes[at] >= 0x09 && bytes[at] <= 0x0D) { at += 1 }
    }

    mutating func take(_ byte: UInt8) -> Bool {
        guard at < bytes.count, bytes[at] == byte else { return false }
        at += 1
        return true
    }

    mutating func expect(_ byte: UInt8, _ place: String) throws(JSONPathProblem) {
        skipBlanks()
        if take(byte) { return }
        throw unexpected("\(place); expected '\(String(UnicodeScalar(byte)))'")
    }

    /// Takes a whole number of at most nine digits, if there is one.
    mutating func integer() throws(JSONPathProblem) -> Int? {
        let start = at
        let negative = take(UInt8(ascii: "-"))
        var value = 0
        let digits = at
        while at < bytes.count, bytes[at] >= 0x30, bytes[at] <= 0x39 {
            guard at - digits < 9 else { throw problem("position is too large", start..<at + 1) }
            value = value * 10 + Int(bytes[at] - 0x30)
            at += 1
        }
        if at == digits {
            if negative { throw unexpected("after '-'") }
            return nil
        }
        return negative ? -value : value
    }

    /// Takes a name or text in either quotes; a backslash stands before what it protects, or begins a Java escape.
    mutating func quoted() throws(JSONPathProblem) -> [UInt8] {
        let start = at
        let quote = bytes[at]
        at += 1
        var value: [UInt8] = []
        while at < bytes.count {
            let byte = bytes[at]
            at += 1
            if byte == quote { return value }
            guard byte == UInt8(ascii: "\\"), at < bytes.count else {
                value.append(byte)
                continue
            }
            let letter = bytes[at]
            at += 1
            switch letter {
            case UInt8(ascii: "n"): value.append(0x0A)
            case UInt8(ascii: "r"): value.append(0x0D)
            case UInt8(ascii: "t"): value.append(0x09)
            case UInt8(ascii: "b"): value.append(0x08)
            case UInt8(ascii: "f"): value.append(0x0C)
            case UInt8(ascii: "u"):
                guard at + 4 <= bytes.count, let code = UInt32(hex: bytes[at..<at + 4]),
                    let scalar = UnicodeScalar(code)
                else { throw problem("malformed \\u escape", at - 2..<at) }
                at += 4
                value.append(contentsOf: Array(String(scalar).utf8))
            default: value.append(letter)
            }
        }
        throw problem("quote is never closed", start..<start + 1)
    }

    func problem(_ message: String, _ range: Range<Int>) -> JSONPathProblem { JSONPathProblem(message, range) }

    /// Says what stands at the current place.
    func unexpected(_ place: String) -> JSONPathProblem {
        guard at < bytes.count else { return problem("unexpected end \(place)", bytes.count..<bytes.count) }
        // A whole character, so that the message is text.
        var end = at + 1
        while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
        return problem("unexpected '\(String(decoding: bytes[at..<end], as: UTF8.self))' \(place)", at..<end)
    }
}

extension UInt32 {
    /// The value of hexadecimal digits, or `nil`.
    init?(hex digits: some Collection<UInt8>) {
        guard !digits.isEmpty, digits.count <= 8 else { return nil }
        var value: UInt32 = 0
        for digit in digits {
            let nibble = hexValue(digit)
            guard nibble < 16 else { return nil }
            value = value << 4 | UInt32(nibble)
        }
        self = value
    }
}
