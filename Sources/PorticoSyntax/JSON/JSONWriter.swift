/// Writes JSON text: the same value, the same bytes.
public enum JSONWriter {
    /// Without any blank.
    public static func compact(_ value: JSONValue) -> String { write(value, isPretty: false) }

    /// Two spaces a level, one member or element a line, without a line break at the end.
    public static func pretty(_ value: JSONValue) -> String { write(value, isPretty: true) }

    private static func write(_ value: JSONValue, isPretty: Bool) -> String {
        var bytes: [UInt8] = []
        append(value, to: &bytes, isPretty: isPretty)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the text of `value`.
    public static func append(_ value: JSONValue, to bytes: inout [UInt8], isPretty: Bool = false) {
        append(value, to: &bytes, level: isPretty ? 0 : nil)
    }

    private static func append(_ value: JSONValue, to bytes: inout [UInt8], level: Int?) {
        switch value {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .boolean(let flag): bytes.append(contentsOf: (flag ? "true" : "false").utf8)
        case .number(let text):
            // A number that JSON cannot write must not make the whole text unreadable.
            if JSONNumber.isValid(text) { bytes.append(contentsOf: text.utf8) } else { appendString(text, to: &bytes) }
        case .string(let text): appendString(text, to: &bytes)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                appendBreak(to: &bytes, level: level.map { $0 + 1 })
                append(element, to: &bytes, level: level.map { $0 + 1 })
            }
            if !elements.isEmpty { appendBreak(to: &bytes, level: level) }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                appendBreak(to: &bytes, level: level.map { $0 + 1 })
                appendString(member.name, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                if level != nil { bytes.append(0x20) }
                append(member.value, to: &bytes, level: level.map { $0 + 1 })
            }
            if !members.isEmpty { appendBreak(to: &bytes, level: level) }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    private static func appendBreak(to bytes: inout [UInt8], level: Int?) {
        guard let level else { return }
        bytes.append(0x0A)
        for _ in 0..<level * 2 { bytes.append(0x20) }
    }

    /// Appends text in quotes; what JSON demands is escaped, and nothing else.
    public static func appendString(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0x08: bytes.append(contentsOf: "\\b".utf8)
            case 0x09: bytes.append(contentsOf: "\\t".utf8)
            case 0x0A: bytes.append(contentsOf: "\\n".utf8)
            case 0x0C: bytes.append(contentsOf: "\\f".utf8)
            case 0x0D: bytes.append(contentsOf: "\\r".utf8)
            case 0..<0x20: bytes.append(contentsOf: "\\u\(hexadecimal(UInt32(byte), width: 4).lowercased())".utf8)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
