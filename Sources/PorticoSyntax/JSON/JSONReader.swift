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
    private struct Stop: Error {}

    private static let syntaxErrorLimit = 20

    private let file: SourceFileID
    let bytes: UnsafeBufferPointer<UInt8>
    private let limits: ReaderLimits
    var position = 0
    private var depth = 0
    private var valueCount = 0
    private var syntaxErrors = 0
    private var diagnostics: [Diagnostic] = []
    /// Bytes of a text with escapes, kept to be used again.
    private var scratch: [UInt8] = []

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
        if position < bytes.count {
            try fail(
                SyntaxDiagnostics.jsonTrailingContent, "expected the end of the file after the value", here,
                hint: "remove what follows, or look for a bracket that closes too early")
        }
        return node
    }

    // MARK: Diagnostics

    private func span(_ range: Range<Int>) -> SourceSpan {
        SourceSpan(file: file, offset: range.lowerBound, length: range.count)
    }

    /// The character at the current place.
    private var here: Range<Int> {
        var end = min(position + 1, bytes.count)
        while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
        return position..<end
    }

    private var foundHere: String {
        if position >= bytes.count { return "the end of the file" }
        if bytes[position] < 0x20 || bytes[position] == 0x7F { return "U+\(hexadecimal(UInt32(bytes[position]), width: 4))" }
        return "'\(String(decoding: bytes[here], as: UTF8.self))'"
    }

    /// Reports a mistake over which the reading goes on.
    private mutating func report(
        _ id: DiagnosticID, _ message: String, _ range: Range<Int>, notes: [Diagnostic.Note] = [],
        fixIt: Diagnostic.FixIt? = nil
    ) throws(Stop) {
        diagnostics.append(Diagnostic(id, message, at: span(range), notes: notes, fixIt: fixIt))
        guard id.severity == .error, id != SyntaxDiagnostics.jsonDuplicateKey else { return }
        syntaxErrors += 1
        if syntaxErrors >= Self.syntaxErrorLimit { throw Stop() }
    }

    /// Reports a mistake that ends the reading.
    private mutating func fail(
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
                !(bytes[position] == UInt8(ascii: "/") && bytes[position - 1] == UInt8(ascii: "*") && position > start + 2)
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
            try fail(SyntaxDiagnostics.jsonUnexpectedEnd, "the file ends where a value is expected", position..<position)
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
                if position < bytes.count, bytes[position] == UInt8(ascii: "=") { position += 1 } else if position >= bytes.count {
                    try failAtEnd(start, "object", "}")
                } else if bytes[position] == UInt8(ascii: ",") || bytes[position] == UInt8(ascii: "}") {
                    try fail(SyntaxDiagnostics.jsonMissingColon, "expected ':' and a value after the key, found \(foundHere)", place)
                }
                try report(
                    SyntaxDiagnostics.jsonMissingColon, "expected ':' after the key", place,
                    fixIt: .init("insert ':'", replace: span(keySpan.end..<position), with: ": "))
            }
            try skipBlanks()
            let value = try self.value()
            members.append(Mapping.Member(key: key, keySpan: keySpan, value: value))
        }
        return Node(.mapping(try withoutDuplicates(members)), span: span(start..<position))
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
                SyntaxDiagnostics.jsonMissingComma, "expected ',' before \(isObject ? "the next member" : "the next value")", here,
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

    private mutating func failAtEnd(_ start: Int, _ name: String, _ closing: String) throws(Stop) -> Never {
        try fail(
            SyntaxDiagnostics.jsonUnexpectedEnd, "the file ends inside the \(name); expected '\(closing)'",
            bytes.count..<bytes.count, notes: [.init("the \(name) begins here", at: span(start..<start + 1))])
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
            SyntaxDiagnostics.jsonUnquotedKey, "the key '\(text)' must stand in double quotes", start..<position,
            fixIt: .init("write '\"\(text)\"'", replace: span(start..<position), with: "\"\(text)\""))
        return (text, span(start..<position))
    }

    private mutating func withoutDuplicates(_ members: [Mapping.Member]) throws(Stop) -> Mapping {
        let mapping = Mapping(members)
        var kept: [Mapping.Member]?
        for (index, member) in members.enumerated() {
            if let first = mapping.member(member.key), first.keySpan != member.keySpan {
                if kept == nil { kept = Array(members[..<index]) }
                try report(
                    SyntaxDiagnostics.jsonDuplicateKey, "duplicate key '\(member.key)'",
                    member.keySpan.offset..<member.keySpan.end, notes: [.init("first declared here", at: first.keySpan)])
            } else {
                kept?.append(member)
            }
        }
        return kept.map { Mapping($0) } ?? mapping
    }

    // MARK: Words and numbers

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), UInt8(ascii: "-"), 0x80...:
            true
        default: false
        }
    }

    private func scalar(_ kind: Scalar.Kind, _ range: Range<Int>) -> Node {
        let run = TextRun(textOffset: 0, fileOffset: range.lowerBound, length: range.count)
        let text = PositionedText(String(decoding: bytes[range], as: UTF8.self), span: span(range), runs: [run])
        return Node(.scalar(Scalar(kind: kind, text: text, style: .plain)), span: span(range))
    }

    private mutating func word() throws(Stop) -> Node {
        let start = position
        while position < bytes.count, Self.isWord(bytes[position]) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        let meant: String?
        switch text {
        case "true": return scalar(.boolean(true), start..<position)
        case "false": return scalar(.boolean(false), start..<position)
        case "null": return scalar(.null, start..<position)
        default:
            switch text.lowercased() {
            case "true", "yes", "on": meant = "true"
            case "false", "no", "off": meant = "false"
            case "null", "none", "nil", "undefined": meant = "null"
            case "nan", "infinity": meant = nil
            default: meant = "\"\(text)\""
            }
        }
        let fixIt = meant.map { Diagnostic.FixIt("write '\($0)'", replace: span(start..<position), with: $0) }
        try report(
            SyntaxDiagnostics.jsonLiteral,
            "'\(text)' is not JSON; expected true, false, null, a number or text in double quotes", start..<position,
            fixIt: fixIt)
        let kind: Scalar.Kind = meant == "true" ? .boolean(true) : meant == "false" ? .boolean(false) : meant == "null" ? .null : .string
        return scalar(kind, start..<position)
    }

    private mutating func number() throws(Stop) -> Node {
        let start = position
        while position < bytes.count {
            let byte = bytes[position]
            guard Self.isWord(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".") else { break }
            position += 1
        }
        let text = UnsafeBufferPointer(rebasing: bytes[start..<position])
        guard JSONNumber.isValid(text) else {
            let written = String(decoding: text, as: UTF8.self)
            let fixed = JSONNumber.repaired(text)
            try report(
                SyntaxDiagnostics.jsonNumber, "'\(written)' is not a JSON number", start..<position,
                fixIt: fixed.map { .init("write '\($0)'", replace: span(start..<position), with: $0) })
            return scalar(fixed == nil ? .string : CoreSchema.resolve(text), start..<position)
        }
        return scalar(CoreSchema.resolve(text), start..<position)
    }

    // MARK: Text

    private mutating func string() throws(Stop) -> PositionedText {
        let start = position
        let quote = bytes[start]
        position += 1
        while position < bytes.count, bytes[position] != quote, bytes[position] != UInt8(ascii: "\\"), bytes[position] >= 0x20 {
            position += 1
        }
        let text: PositionedText
        if position < bytes.count, bytes[position] == quote {
            let run = TextRun(textOffset: 0, fileOffset: start + 1, length: position - start - 1)
            let string = String(decoding: UnsafeBufferPointer(rebasing: bytes[start + 1..<position]), as: UTF8.self)
            position += 1
            text = PositionedText(string, span: span(start..<position), runs: [run])
        } else {
            text = try escapedString(start, quote)
        }
        if quote == UInt8(ascii: "'") {
            let written = JSONWriter.compact(.string(text.string))
            try report(
                SyntaxDiagnostics.jsonSingleQuotes, "text in single quotes; expected double quotes", start..<position,
                fixIt: .init("write '\(written)'", replace: span(start..<position), with: written))
        }
        return text
    }

    /// The slow way, from the first byte that is not itself.
    private mutating func escapedString(_ start: Int, _ quote: UInt8) throws(Stop) -> PositionedText {
        scratch.removeAll(keepingCapacity: true)
        var runs: [TextRun] = []
        var runStart = start + 1
        func closeRun(_ reader: inout JSONReader) {
            guard reader.position > runStart else { return }
            let slice = reader.bytes[runStart..<reader.position]
            runs.append(TextRun(textOffset: reader.scratch.count, fileOffset: runStart, length: slice.count))
            reader.scratch.append(contentsOf: slice)
        }
        while true {
            guard position < bytes.count, bytes[position] != 0x0A, bytes[position] != 0x0D else {
                try fail(
                    SyntaxDiagnostics.jsonUnterminatedString, "the text is not closed on its line; expected '\"'", start..<position,
                    hint: "add the closing quote; a line break in text is written '\\n'")
            }
            let byte = bytes[position]
            if byte == quote { break }
            if byte == UInt8(ascii: "\\") {
                closeRun(&self)
                runs.append(TextRun(textOffset: scratch.count, fileOffset: position, length: 0))
                try escape()
                runStart = position
            } else {
                if byte < 0x20 {
                    let escaped = byte == 0x09 ? "\\t" : "\\u\(hexadecimal(UInt32(byte), width: 4))"
                    try report(
                        SyntaxDiagnostics.jsonControlCharacter,
                        "control character U+\(hexadecimal(UInt32(byte), width: 4)) in text", here,
                        fixIt: .init("write '\(escaped)'", replace: span(here), with: escaped))
                }
                position += 1
            }
        }
        closeRun(&self)
        position += 1
        return PositionedText(String(decoding: scratch, as: UTF8.self), span: span(start..<position), runs: runs)
    }

    private mutating func escape() throws(Stop) {
        let start = position
        guard position + 1 < bytes.count else {
            position += 1
            return
        }
        let letter = bytes[position + 1]
        position += 2
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): scratch.append(letter)
        case UInt8(ascii: "b"): scratch.append(0x08)
        case UInt8(ascii: "f"): scratch.append(0x0C)
        case UInt8(ascii: "n"): scratch.append(0x0A)
        case UInt8(ascii: "r"): scratch.append(0x0D)
        case UInt8(ascii: "t"): scratch.append(0x09)
        case UInt8(ascii: "u"): try unicodeEscape(start)
        default:
            position -= 1
            let end = letter < 0x20 ? position : here.upperBound
            try report(
                SyntaxDiagnostics.jsonEscape, "unknown escape '\(String(decoding: bytes[start..<end], as: UTF8.self))'", start..<end,
                fixIt: .init("write '\\\\' for a backslash", replace: span(start..<start + 1), with: "\\\\"))
            // What was meant is most often the character itself; a line break is left to end the text.
            if letter >= 0x20 {
                scratch.append(contentsOf: bytes[position..<end])
                position = end
            }
        }
    }

    private mutating func unicodeEscape(_ start: Int) throws(Stop) {
        guard var scalar = fourDigits() else {
            try report(SyntaxDiagnostics.jsonEscape, "expected four hexadecimal digits after '\\u'", start..<position)
            UTF8Encoding.append(0xFFFD, to: &scratch)
            return
        }
        if 0xD800..<0xDC00 ~= scalar, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        {
            let before = position
            position += 2
            if let low = fourDigits(), 0xDC00..<0xE000 ~= low {
                scalar = 0x10000 + (scalar - 0xD800) << 10 + (low - 0xDC00)
            } else {
                position = before
            }
        }
        if 0xD800..<0xE000 ~= scalar {
            try report(
                SyntaxDiagnostics.jsonLoneSurrogate,
                "'\(String(decoding: bytes[start..<position], as: UTF8.self))' is half a character; read as U+FFFD", start..<position)
            scalar = 0xFFFD
        }
        UTF8Encoding.append(scalar, to: &scratch)
    }

    private mutating func fourDigits() -> UInt32? {
        var value: UInt32 = 0
        for index in position..<position + 4 {
            guard index < bytes.count, let digit = CoreSchema.hexadecimalDigit(bytes[index]) else { return nil }
            value = value << 4 | UInt32(digit)
        }
        position += 4
        return value
    }
}
