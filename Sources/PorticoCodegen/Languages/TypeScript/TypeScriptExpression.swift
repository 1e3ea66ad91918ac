/// A value in the code of a client: data that the library follows, and values of samples.
indirect enum TypeScriptExpression {
    /// A string literal.
    case text(String)
    /// A number or a bigint, by its text.
    case number(String)
    /// `true` or `false`.
    case boolean(Bool)
    /// `null`
    case null
    /// A symbol, or symbols with dots between.
    case name(String)
    /// An object literal.
    case object([(key: String, value: TypeScriptExpression)])
    /// An array literal.
    case array([TypeScriptExpression])
    /// A call of a function, or of a constructor with `new` before it.
    case call(String, [TypeScriptExpression])

    /// A string literal. Everything that could end it, or that is invisible, is escaped.
    static func literal(_ text: String) -> String {
        var literal = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": literal += "\\\""
            case "\\": literal += "\\\\"
            case "\n": literal += "\\n"
            case "\r": literal += "\\r"
            case "\t": literal += "\\t"
            default:
                switch scalar.value {
                case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF:
                    let digits = String(scalar.value, radix: 16)
                    literal += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
                default: literal.unicodeScalars.append(scalar)
                }
            }
        }
        return literal + "\""
    }

    /// The name of a property: as it is if it is an identifier, else a string literal.
    static func propertyName(_ name: String) -> String { isIdentifier(name) ? name : literal(name) }

    /// Whether a name needs no quotes. Words of the language are fine as names of properties.
    static func isIdentifier(_ name: String) -> Bool {
        guard let first = name.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
            return false
        }
        return name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"):
                true
            default: false
            }
        }
    }

    /// A property in an object literal. `__proto__` without brackets would set what the object inherits.
    private static func key(_ name: String) -> String {
        if name == "__proto__" { return "[\"__proto__\"]" }
        if let number = Int(name), number > 0, String(number) == name { return name }
        return propertyName(name)
    }

    /// The expression on one line.
    var inline: String {
        switch self {
        case .text(let text): Self.literal(text)
        case .number(let text), .name(let text): text
        case .boolean(let flag): flag ? "true" : "false"
        case .null: "null"
        case .object(let members):
            members.isEmpty
                ? "{}"
                : "{ " + members.map { Self.member($0) }.map { $0.prefix + $0.value.inline }.joined(separator: ", ")
                    + " }"
        case .array(let elements): "[" + elements.map(\.inline).joined(separator: ", ") + "]"
        case .call(let name, let arguments): "\(name)(" + arguments.map(\.inline).joined(separator: ", ") + ")"
        }
    }

    /// The expression on as many lines as it needs to stay below the width where its parts allow.
    /// - Parameters:
    ///   - first: What the first line has left.
    ///   - rest: What the lines after it have.
    func lines(first: Int, rest: Int) -> [String] {
        let inline = self.inline
        if inline.utf8.count <= first { return [inline] }
        switch self {
        case .object(let members) where !members.isEmpty:
            return Self.broken("{", members.map { Self.member($0) }, "}", rest)
        case .array(let elements) where !elements.isEmpty:
            return Self.broken("[", elements.map { ("", $0) }, "]", rest)
        case .call(let name, let arguments) where arguments.count == 1:
            // One argument opens and closes with its call.
            var lines = arguments[0].lines(first: first - name.utf8.count - 2, rest: rest - 1)
            lines[0] = "\(name)(" + lines[0]
            lines[lines.count - 1] += ")"
            return lines
        case .call(let name, let arguments) where !arguments.isEmpty:
            return Self.broken("\(name)(", arguments.map { ("", $0) }, ")", rest)
        default: return [inline]
        }
    }

    private static func member(
        _ member: (key: String, value: TypeScriptExpression)
    ) -> (prefix: String, value: TypeScriptExpression) {
        if case .name(member.key) = member.value { return ("", member.value) }
        return ("\(key(member.key)): ", member.value)
    }

    private static func broken(
        _ open: String, _ parts: [(prefix: String, value: TypeScriptExpression)], _ close: String, _ room: Int
    ) -> [String] {
        var lines = [open]
        for part in parts {
            // Two blanks before each line and a comma at its end.
            var inner = part.value.lines(first: room - 3 - part.prefix.utf8.count, rest: room - 2)
            inner[0] = part.prefix + inner[0]
            inner[inner.count - 1] += ","
            lines += inner.map { "  " + $0 }
        }
        return lines + [close]
    }
}
