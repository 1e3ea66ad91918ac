/// Writes YAML that reads back to the same value, with YAML 1.1 readers too: text that either version would take for
/// something else is put in quotes, and text of several lines becomes a literal block where a block can hold it.
public struct YAMLWriter {
    private static let step = 2
    /// libyaml takes a key without `? ` only if it ends within 1,024 characters.
    private static let longestSimpleKey = 500

    private var bytes: [UInt8] = []

    /// The document, with a line break at its end.
    public static func write(_ value: JSONValue) -> String {
        var writer = YAMLWriter()
        writer.append(value, indent: 0, parent: -step, isInline: true)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private init() {}

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func breakLine(_ indent: Int) {
        bytes.append(0x0A)
        for _ in 0..<indent { bytes.append(0x20) }
    }

    /// Appends a value and its line break.
    ///
    /// `indent` is the column at which the value's own lines begin, `parent` that of what holds it; `isInline` says that
    /// the value may begin where the text now ends (after `- `, or at the top).
    private mutating func append(_ value: JSONValue, indent: Int, parent: Int, isInline: Bool) {
        switch value {
        case .object(let members) where !members.isEmpty:
            if !isInline { breakLine(indent) }
            for (index, member) in members.enumerated() {
                if index > 0 { indentLine(indent) }
                appendMember(member, indent: indent)
            }
        case .array(let elements) where !elements.isEmpty:
            if !isInline { breakLine(indent) }
            for (index, element) in elements.enumerated() {
                if index > 0 { indentLine(indent) }
                append("- ")
                append(element, indent: indent + Self.step, parent: indent, isInline: true)
            }
        default:
            if !isInline { append(" ") }
            appendLeaf(value, parent: parent)
        }
    }

    private mutating func indentLine(_ indent: Int) {
        for _ in 0..<indent { bytes.append(0x20) }
    }

    private mutating func appendMember(_ member: JSONMember, indent: Int) {
        if member.name.utf8.count > Self.longestSimpleKey {
            append("? ")
            append(YAMLScalarText.oneLine(member.name, isKey: true))
            breakLine(indent)
        } else {
            append(YAMLScalarText.oneLine(member.name, isKey: true))
        }
        append(":")
        append(member.value, indent: indent + Self.step, parent: indent, isInline: false)
    }

    private mutating func appendLeaf(_ value: JSONValue, parent: Int) {
        switch value {
        case .null: append("null")
        case .boolean(let flag): append(flag ? "true" : "false")
        case .number(let text): append(JSONNumber.isValid(text) ? text : YAMLScalarText.oneLine(text, isKey: false))
        case .array: append("[]")
        case .object: append("{}")
        case .string(let text):
            if let header = YAMLScalarText.literalHeader(text) {
                appendLiteral(text, header: header, indent: max(parent, 0) + Self.step)
                return
            }
            append(YAMLScalarText.oneLine(text, isKey: false))
        }
        bytes.append(0x0A)
    }

    private mutating func appendLiteral(_ text: String, header: String, indent: Int) {
        append(header)
        bytes.append(0x0A)
        var isLineStart = true
        for byte in text.utf8 {
            if isLineStart, byte != 0x0A { indentLine(indent) }
            bytes.append(byte)
            isLineStart = byte == 0x0A
        }
        if !isLineStart { bytes.append(0x0A) }
    }
}

/// Chooses how a text is written in YAML.
enum YAMLScalarText {
    /// The text on one line: plain if that is safe, in quotes else.
    static func oneLine(_ text: String, isKey: Bool) -> String {
        if isPlain(text) { return text }
        if text.unicodeScalars.contains(where: needsEscape) { return escaped(text) }
        let hasDoubleStyleCharacter = text.utf8.contains { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }
        guard hasDoubleStyleCharacter else { return "\"\(text)\"" }
        var result = "'"
        for scalar in text.unicodeScalars {
            result.unicodeScalars.append(scalar)
            if scalar == "'" { result += "'" }
        }
        return result + "'"
    }

    /// The first line of a literal block that holds the text; `nil` when it should not be a block.
    static func literalHeader(_ text: String) -> String? {
        let utf8 = text.utf8
        guard let first = utf8.first, utf8.contains(0x0A),
            utf8.contains(where: { $0 != 0x0A && $0 != 0x20 && $0 != 0x09 })
        else { return nil }
        if text.unicodeScalars.contains(where: { $0 != "\n" && $0 != "\t" && needsEscape($0) }) { return nil }
        // Without a number the reader would take the first line's own blanks for indentation.
        let indicator = first == 0x20 || first == 0x09 || first == 0x0A ? "2" : ""
        guard utf8.last == 0x0A else {
            return "|\(indicator)-"
        }
        return utf8.dropLast().last == 0x0A ? "|\(indicator)+" : "|\(indicator)"
    }

    private static func isPlain(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            guard let first = bytes.first, let last = bytes.last, last != 0x20, last != UInt8(ascii: ":") else {
                return false
            }
            guard
                isWord(first) || first == UInt8(ascii: "/") || first == UInt8(ascii: "$") || first == UInt8(ascii: "(")
                    || first >= 0x80
            else { return false }
            for (index, byte) in bytes.enumerated() {
                switch byte {
                case UInt8(ascii: "#") where bytes[index - 1] == 0x20: return false
                case UInt8(ascii: ":") where bytes[index + 1] == 0x20: return false
                case 0x20...0x7E, 0x80...: continue
                default: return false
                }
            }
            guard case .string = CoreSchema.resolve(bytes), CoreSchema.olderReading(bytes) == nil else { return false }
            return !isOlderWord(bytes)
                && !String(decoding: bytes, as: UTF8.self).unicodeScalars.contains(where: needsEscape)
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// `y`, `n` and what begins like a date or another number of YAML 1.1.
    private static func isOlderWord(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        if bytes.count == 1 { return bytes[0] | 0x20 == UInt8(ascii: "y") || bytes[0] | 0x20 == UInt8(ascii: "n") }
        guard CoreSchema.isDigit(bytes[0]), bytes.contains(where: { "-:_".utf8.contains($0) }) else { return false }
        return bytes.allSatisfy { CoreSchema.isDigit($0) || "-:_.+ tTzZ".utf8.contains($0) }
    }

    /// What only an escape can put into a text, or what a reader would not give back as it was.
    private static func needsEscape(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: true
        default: false
        }
    }

    private static func escaped(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case let scalar where needsEscape(scalar):
                let isByte = scalar.value < 0x100
                result += (isByte ? "\\x" : "\\u") + hexadecimal(scalar.value, width: isByte ? 2 : 4)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
