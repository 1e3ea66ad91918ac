/// Reads JSON (RFC 8259) into the same tree as YAML.
///
/// Mistakes that leave no doubt what was meant (a comma too many, a comment, single quotes) are reported and read over,
/// so that one run shows all of them; anything else ends the reading. Recursion is bounded by ``ReaderLimits/depth``.
struct JSONReader {
    /// What came of a file.
    struct Outcome {
        /// The tree, if there is one, and everything that is wrong with the text.
        var result: (node: Node?, diagnostics: [Diagnostic])
        /// Whether the text obeys the grammar; keys may still come twice.
        var isWellFormed: Bool
    }

    /// Thrown once the reading cannot go on; the reason is in `diagnostics`.
    struct Stop: Error {}

    private static let syntaxErrorLimit = 20

    let file: SourceFileID
    let bytes: UnsafeBufferPointer<UInt8>
    private let limits: ReaderLimits
    var position = 0
    private var depth = 0
    private var valueCount = 0
    private var syntaxErrors = 0
    var diagnostics: [Diagnostic] = []
    /// Bytes of a text with escapes, kept to be used again.
    var scratch: [UInt8] = []

    /// Reads a file whose text is UTF-8.
    static func read(_ file: SourceFile, limits: ReaderLimits) -> Outcome {
        file.bytes.withUnsafeBufferPointer { bytes in
            var reader = JSONReader(file: file.id, bytes: bytes, limits: limits)
            let node = try? reader.document()
            return Outcome(result: (node, reader.diagnostics), isWellFormed: node != nil && reader.syntaxErrors == 0)
        }
    }

    private init(file: SourceFileID, bytes: UnsafeBufferPointer<UInt8>, limits: ReaderLimits) {
        self.file = file
        self.bytes = bytes
        self.limits = limits
    }

    private mutating func document() throws(Stop) -> Node {
        try skipBlanks()
        let node = try value()
        try skipBlanks()
        if position < bytes.count, node.scalar != nil, syntaxErrors == 1 {
            // The file begins with a word, as YAML does; what else is wrong with it as JSON does not help.
            diagnostics = []
            try fail(
                SyntaxDiagnostics.jsonSyntax, "the text is not JSON; expected '{'", node.span.offset..<node.span.end,
                hint: "rename the file to '.yaml' if it is YAML")
        }
        if position < bytes.count {
            try fail(
                SyntaxDiagnostics.jsonTrailingContent, "expected the end of the file after the value", here,
                hint: "remove what follows, or look for a bracket that closes too early")
        }
        return node
    }

    // MARK: Diagnostics

    func span(_ range: Range<Int>) -> SourceSpan {
        SourceSpan(file: file, offset: range.lowerBound, length: range.count)
    }

    /// The character at the current place.
    var here: Range<Int> {
        var end = min(position + 1, bytes.count)
        while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
        return position..<end
    }

    private var foundHere: String {
        if position >= bytes.count { return "the end of the file" }
        if bytes[position] < 0x20 || bytes[position] == 0x7F {
            return "U+\(hexadecimal(UInt32(bytes[position]), width: 4))"
        }
        return "'\(String(decoding: bytes[here], as: UTF8.self))'"
    }

    /// Reports a mistake over which the reading goes on.
    mutating func report(
        _ id: DiagnosticID, _ message: String, _ range: Range<Int>, notes: [Diagnostic.Note] = [],
        fixIt: Diagnostic.FixIt? = nil
    ) throws(Stop) {
        diagnostics.append(Diagnostic(id, message, at: span(range), notes: notes, fixIt: fixIt))
        guard id.severity == .error else { return }
        syntaxErrors += 1
        if syntaxErrors >= Self.syntaxErrorLimit { throw Stop() }
    }

    /// Reports a mistake that ends the reading.
    mutating func fail(
        _ id: DiagnosticID, _ message: String, _ range: Range<Int>, notes: [Diagnostic.Note] = [], hint: String? = nil
    ) throws(Stop) -> Never {
        try report(id, message, range, notes: notes, fixIt: hint.map { .init(hint: $0) })
        throw Stop()
    }

    // MARK: Blanks

    private mutating func skipBlanks() throws(Stop) {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            case UInt8(ascii: "/"), UInt8(ascii: "#"): try skipComment()
            default: return
            }
        }
    }

    private mutating func skipComment() throws(Stop) {
        let start = position
        let second = position + 1 < bytes.count ? bytes[position + 1] : 0
        if bytes[start] == UInt8(ascii: "/"), second == UInt8(ascii: "*") {
            position += 2
            while position < bytes.count,
                !(bytes[position] == UInt8(ascii: "/") && bytes[position - 1] == UInt8(ascii: "*")
                    && position > start + 2)
            {
                position += 1
            }
            position = min(position + 1, bytes.count)
        } else if bytes[start] == UInt8(ascii: "#") || second == UInt8(ascii: "/") {
            while position < bytes.count, bytes[position] != 0x0A, bytes[position] != 0x0D { position += 1 }
        } else {
            try fail(SyntaxDiagnostics.jsonSyntax, "unexpected '/'; expected a value, a bracket or a comma", here)
        }
        try report(
            SyntaxDiagnostics.jsonComment, "JSON has no comments", start..<position,
            fixIt: .init("remove the comment", replace: span(start..<position), with: ""))
    }

    // MARK: Values

    private mutating func value() throws(Stop) -> Node {
        guard position < bytes.count else {
            try fail(
                SyntaxDiagnostics.jsonUnexpectedEnd, "the file ends where a value is expected", lastEnd..<lastEnd)
        }
        valueCount += 1
        if valueCount > limits.values {
            try fail(SyntaxDiagnostics.tooManyValues, "more than \(limits.values) values in one file", here)
        }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try nested(object: true)
        case UInt8(ascii: "["): return try nested(object: false)
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            let text = try string()
            return Node(.scalar(Scalar(kind: .string, text: text, style: .doubleQuoted)), span: text.span)
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."):
            return try number()
        case let byte where Self.isWord(byte): return try word()
        default:
            try fail(SyntaxDiagnostics.jsonSyntax, "unexpected \(foundHere); expected a value", here)
        }
    }

    private mutating func nested(object: Bool) throws(Stop) -> Node {
        guard depth < limits.depth else {
            try fail(SyntaxDiagnostics.tooDeep, "nested more than \(limits.depth) levels deep", here)
        }
        depth += 1
        let node = object ? try self.object() : try array()
        depth -= 1
        return node
    }

    private mutating func array() throws(Stop) -> Node {
        let start = position
        position += 1
        var items: [Node] = []
        while try !closes(UInt8(ascii: "]"), start: start, isFirst: items.isEmpty) { items.append(try value()) }
        return Node(.sequence(items), span: span(start..<position))
    }

    private mutating func object() throws(Stop) -> Node {
        let start = position
        position += 1
        var members: [Mapping.Member] = []
        while try !closes(UInt8(ascii: "}"), start: start, isFirst: members.isEmpty) {
            let (key, keySpan) = try self.key()
            try skipBlanks()
            if position < bytes.count, bytes[position] == UInt8(ascii: ":") {
                position += 1
            } else {
                let place = here
                if position < bytes.count, bytes[position] == UInt8(ascii: "=") {
                    position += 1
                } else if position >= bytes.count {
                    try failAtEnd(start, "object", "}")
                } else if bytes[position] == UInt8(ascii: ",") || bytes[position] == UInt8(ascii: "}") {
                    try fail(
                        SyntaxDiagnostics.jsonMissingColon,
                        "expected ':' and a value after the key, found \(foundHere)", place)
                }
                try report(
                    SyntaxDiagnostics.jsonMissingColon, "expected ':' after the key", place,
                    fixIt: .init("insert ':'", replace: span(keySpan.end..<position), with: ": "))
            }
            try skipBlanks()
            let value = try self.value()
            members.append(Mapping.Member(key: key, keySpan: keySpan, value: value))
        }
        diagnostics += DuplicateKeys.remove(from: &members, id: SyntaxDiagnostics.jsonDuplicateKey)
        return Node(.mapping(Mapping(members)), span: span(start..<position))
    }

    /// Reads what stands between two elements. True when the bracket is closed, else the next element begins here.
    private mutating func closes(_ bracket: UInt8, start: Int, isFirst: Bool) throws(Stop) -> Bool {
        let afterLast = position
        try skipBlanks()
        let isObject = bracket == UInt8(ascii: "}")
        let name = isObject ? "object" : "list"
        let closing = isObject ? "}" : "]"
        var comma: Range<Int>?
        while position < bytes.count, bytes[position] == UInt8(ascii: ",") {
            if comma != nil || isFirst {
                try report(
                    SyntaxDiagnostics.jsonSyntax, "unexpected ','; expected \(isObject ? "a member" : "a value")", here,
                    fixIt: .init("remove ','", replace: span(here), with: ""))
            }
            comma = here
            position += 1
            try skipBlanks()
        }
        guard position < bytes.count else { try failAtEnd(start, name, closing) }
        if bytes[position] == bracket {
            if let comma, !isFirst {
                try report(
                    SyntaxDiagnostics.jsonTrailingComma, "a comma before '\(closing)'", comma,
                    fixIt: .init("remove ','", replace: span(comma), with: ""))
            }
            position += 1
            return true
        }
        if bytes[position] == UInt8(ascii: "]") || bytes[position] == UInt8(ascii: "}") {
            try fail(
                SyntaxDiagnostics.jsonSyntax, "unexpected \(foundHere); expected '\(closing)'", here,
                notes: [.init("the \(name) begins here", at: span(start..<start + 1))])
        }
        if comma == nil, !isFirst {
            guard beginsElement(bytes[position], isObject: isObject) else {
                try fail(
                    SyntaxDiagnostics.jsonSyntax, "unexpected \(foundHere); expected ',' or '\(closing)'", here,
                    notes: [.init("the \(name) begins here", at: span(start..<start + 1))])
            }
            try report(
                SyntaxDiagnostics.jsonMissingComma,
                "expected ',' before \(isObject ? "the next member" : "the next value")", here,
                fixIt: .init("insert ','", replace: span(afterLast..<afterLast), with: ","))
        }
        return false
    }

    private func beginsElement(_ byte: UInt8, isObject: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): true
        case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "-"): !isObject
        default: Self.isWord(byte)
        }
    }

    /// The end of the last text in the file, so that the line shown is not an empty one.
    private var lastEnd: Int {
        var end = bytes.count
        while end > 0, bytes[end - 1] == 0x20 || 0x09...0x0D ~= bytes[end - 1] { end -= 1 }
        return end
    }

    private mutating func failAtEnd(_ start: Int, _ name: String, _ closing: String) throws(Stop) -> Never {
        try fail(
            SyntaxDiagnostics.jsonUnexpectedEnd, "the file ends inside the \(name); expected '\(closing)'",
            lastEnd..<lastEnd, notes: [.init("the \(name) begins here", at: span(start..<start + 1))])
    }

    // MARK: Keys

    private mutating func key() throws(Stop) -> (String, SourceSpan) {
        let start = position
        if bytes[position] == UInt8(ascii: "\"") || bytes[position] == UInt8(ascii: "'") {
            let text = try string()
            return (text.string, text.span)
        }
        guard Self.isWord(bytes[position]) else {
            try fail(SyntaxDiagnostics.jsonSyntax, "unexpected \(foundHere); expected a key in double quotes", here)
        }
        while position < bytes.count, Self.isWord(bytes[position]) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        try report(
            SyntaxDiagnostics.jsonUnquotedKey, "the key \(quoted(text)) must stand in double quotes", start..<position,
            fixIt: .init("write '\"\(text)\"'", replace: span(start..<position), with: "\"\(text)\""))
        return (text, span(start..<position))
    }
}
