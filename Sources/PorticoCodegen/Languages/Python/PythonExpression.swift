/// An expression of Python, as a tree, so that the printer can break it over lines where it is too long for one.
indirect enum PythonExpression {
    /// An identifier or identifiers with dots between.
    case name(String)
    /// Text.
    case string(String)
    /// Bytes, given as text in ASCII escapes.
    case bytes([UInt8])
    /// A number, by its text in JSON.
    case number(String)
    /// `True` or `False`
    case boolean(Bool)
    /// `None`
    case none
    /// `callee(arguments)`
    case call(String, [Argument])
    /// `(a, b)`
    case tuple([PythonExpression])
    /// `[a, b]`
    case list([PythonExpression])
    /// `{"a": b}`
    case dictionary([(String, PythonExpression)])
    /// `lambda: value`
    case lambda(PythonExpression)
    /// `await value`
    case await(PythonExpression)

    /// An argument, with its name if it is passed by that.
    struct Argument {
        var label: String?
        var value: PythonExpression

        init(_ value: PythonExpression) { self.value = value }

        init(_ label: String, _ value: PythonExpression) {
            self.label = label
            self.value = value
        }
    }

    /// On one line.
    var flat: String {
        switch self {
        case .name(let name): return name
        case .string(let text): return Self.literal(text)
        case .bytes(let bytes): return "b\"" + bytes.map(Self.escaped).joined() + "\""
        case .number(let text): return text
        case .boolean(let value): return value ? "True" : "False"
        case .none: return "None"
        case .lambda(let value): return "lambda: " + value.flat
        case .await(let value): return "await " + value.flat
        case .tuple(let elements) where elements.count == 1: return "(" + (elements.first?.flat ?? "") + ",)"
        case .call, .tuple, .list, .dictionary:
            let (open, parts, close) = parts
            return open + parts.map { $0.prefix + $0.value.flat }.joined(separator: ", ") + close
        }
    }

    /// What stands before, between and behind the parts of something with brackets; nothing for other expressions.
    var parts: (open: String, parts: [(prefix: String, value: PythonExpression)], close: String) {
        switch self {
        case .call(let callee, let arguments):
            return (callee + "(", arguments.map { ($0.label.map { $0 + "=" } ?? "", $0.value) }, ")")
        case .tuple(let elements): return ("(", elements.map { ("", $0) }, ")")
        case .list(let elements): return ("[", elements.map { ("", $0) }, "]")
        case .dictionary(let members): return ("{", members.map { (Self.literal($0.0) + ": ", $0.1) }, "}")
        case .lambda(let value):
            let (open, parts, close) = value.parts
            return ("lambda: " + open, parts, close)
        case .await(let value):
            let (open, parts, close) = value.parts
            return ("await " + open, parts, close)
        default: return ("", [], "")
        }
    }

    /// A literal of text, in double quotes. Characters that end lines, steer terminals or turn the direction of text
    /// around are escaped; others stay as they are.
    static func literal(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                if isPlain(scalar) {
                    result.unicodeScalars.append(scalar)
                } else if scalar.value < 0x100 {
                    result += "\\x" + hexadecimal(scalar.value, digits: 2)
                } else if scalar.value < 0x10000 {
                    result += "\\u" + hexadecimal(scalar.value, digits: 4)
                } else {
                    result += "\\U" + hexadecimal(scalar.value, digits: 8)
                }
            }
        }
        return result + "\""
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: false
        default: true
        }
    }

    private static func escaped(_ byte: UInt8) -> String {
        let isPlain = (0x20..<0x7F).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
        return isPlain
            ? String(decoding: CollectionOfOne(byte), as: UTF8.self) : "\\x" + hexadecimal(UInt32(byte), digits: 2)
    }

    private static func hexadecimal(_ value: UInt32, digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(digits - text.utf8.count, 0)) + text
    }
}
