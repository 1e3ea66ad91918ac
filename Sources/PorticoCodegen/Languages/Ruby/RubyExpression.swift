/// An expression of Ruby, written on one line where it fits and else on several.
indirect enum RubyExpression {
    /// `nil`
    case null
    /// `true` or `false`
    case boolean(Bool)
    /// A number by its text.
    case number(String)
    /// A string literal of any text.
    case string(String)
    /// A symbol literal of an identifier.
    case symbol(String)
    /// A local or instance variable, or a constant with its path.
    case name(String)
    /// A list literal.
    case array([RubyExpression])
    /// A hash literal with keys that are expressions.
    case hash([(key: RubyExpression, value: RubyExpression)])
    /// A call of a method.
    case call(RubyCall)
    /// A call that is written without parentheses, as `require` and `p` usually are.
    case command(String, [RubyExpression], [RubyCall.Keyword])
    /// A lambda without parameters.
    case lambda(RubyExpression)
    /// The value unless the condition holds, else nil.
    case unless(RubyExpression, RubyExpression)
    /// A sum, difference and so on; only for operands that bind more tightly.
    case binary(RubyExpression, String, RubyExpression)

    /// A call of a method of a receiver.
    static func call(
        _ receiver: RubyExpression?, _ method: String, _ arguments: [RubyExpression] = [],
        _ keywords: [RubyCall.Keyword] = [], block: RubyBlock? = nil, passesBlock: Bool = false
    ) -> RubyExpression {
        .call(
            RubyCall(
                receiver: receiver, method: method, arguments: arguments, keywords: keywords, block: block,
                passesBlock: passesBlock))
    }
}

/// A block of a call.
struct RubyBlock {
    var parameter: String?
    var statements: [RubyStatement]

    /// A block that gives a value.
    static func giving(_ value: RubyExpression, parameter: String? = nil) -> RubyBlock {
        RubyBlock(parameter: parameter, statements: [.expression(value)])
    }

    fileprivate var head: String { parameter.map { " |\($0)|" } ?? "" }

    /// The block on one line, if it is short.
    fileprivate var flat: String? {
        guard statements.count == 1, case .expression(let value)? = statements.first else { return nil }
        return "{\(head) \(value.flat) }"
    }
}

/// A call with its arguments.
struct RubyCall {
    /// An argument with its name.
    struct Keyword {
        var name: String
        var value: RubyExpression

        init(_ name: String, _ value: RubyExpression) {
            self.name = name
            self.value = value
        }
    }

    /// Whose method; `nil`: that of `self`.
    var receiver: RubyExpression?
    var method: String
    var arguments: [RubyExpression] = []
    var keywords: [Keyword] = []
    var block: RubyBlock?
    /// Whether the block of the method around it is handed on.
    var passesBlock = false

    fileprivate var isReader: Bool { arguments.isEmpty && keywords.isEmpty && block == nil && !passesBlock }

    /// Arguments on one line each where they fit.
    fileprivate func arguments(indent: Int) -> [[String]] {
        arguments.map { $0.lines(indent: indent, lead: 1) }
            + keywords.map { RubyExpression.prefixed($0.name + ": ", $0.value, indent: indent) }
            + (passesBlock ? [["&block"]] : [])
    }
}

extension RubyExpression {
    /// The longest line that is made where there is a choice.
    static let width = 110

    /// All of it on one line.
    var flat: String {
        switch self {
        case .null: "nil"
        case .boolean(let flag): flag ? "true" : "false"
        case .number(let text), .name(let text): text
        case .string(let text): RubyText.literal(text)
        case .symbol(let name): ":" + name
        case .array(let elements): "[" + elements.map(\.flat).joined(separator: ", ") + "]"
        case .hash(let pairs): pairs.isEmpty ? "{}" : "{ " + pairs.map(Self.flat).joined(separator: ", ") + " }"
        case .call(let call): Self.flat(call)
        case .command(let name, let arguments, let keywords):
            name + " "
                + (arguments.map(\.flat) + keywords.map { "\($0.name): \($0.value.flat)" }).joined(separator: ", ")
        case .lambda(let body): "-> { \(body.flat) }"
        case .unless(let value, let condition): "\(value.flat) unless \(condition.flat)"
        case .binary(let left, let sign, let right): "\(left.flat) \(sign) \(right.flat)"
        }
    }

    /// Lines of it.
    /// - Parameters:
    ///   - indent: Columns before each line.
    ///   - lead: Columns that are taken besides before the first one, or behind the last one.
    func lines(indent: Int, lead: Int = 0) -> [String] {
        let flat = flat
        guard indent + lead + flat.utf8.count > Self.width else { return [flat] }
        switch self {
        case .array(let elements) where !elements.isEmpty:
            return Self.enclosed("[", elements.map { $0.lines(indent: indent + 2, lead: 1) }, "]")
        case .hash(let pairs) where !pairs.isEmpty:
            return Self.enclosed(
                "{", pairs.map { Self.prefixed($0.key.flat + " => ", $0.value, indent: indent + 2) }, "}")
        case .call(let call): return Self.lines(call, indent: indent, lead: lead)
        case .lambda(let body): return Self.prefixed("-> { ", body, indent: indent, suffix: " }")
        default: return [flat]
        }
    }

    private static func flat(_ pair: (key: RubyExpression, value: RubyExpression)) -> String {
        "\(pair.key.flat) => \(pair.value.flat)"
    }

    private static func head(_ call: RubyCall) -> String {
        call.receiver.map { $0.flat + "." + call.method } ?? call.method
    }

    private static func flat(_ call: RubyCall) -> String {
        let arguments =
            call.arguments.map(\.flat) + call.keywords.map { "\($0.name): \($0.value.flat)" }
            + (call.passesBlock ? ["&block"] : [])
        var text = head(call)
        if !arguments.isEmpty { text += "(" + arguments.joined(separator: ", ") + ")" }
        if let block = call.block {
            // Longer than any line if it cannot stand on one.
            text += " " + (block.flat ?? String(repeating: " ", count: width))
        }
        return text
    }

    private static func lines(_ call: RubyCall, indent: Int, lead: Int) -> [String] {
        // A reader of what another call gives: that call is what has lines to be broken.
        if let receiver = call.receiver, case .call = receiver, call.isReader {
            var lines = receiver.lines(indent: indent, lead: lead + call.method.utf8.count + 1)
            if let last = lines.popLast() { lines.append(last + "." + call.method) }
            return lines
        }
        var head = head(call)
        var lines: [String] = []
        if !call.arguments.isEmpty || !call.keywords.isEmpty {
            var short = call
            short.block = nil
            let flat = flat(short)
            if indent + lead + flat.utf8.count + 3 <= width {
                head = flat
            } else {
                lines = enclosed(head + "(", call.arguments(indent: indent + 2), ")")
                head = lines.popLast() ?? ""
            }
        }
        guard let block = call.block else { return lines + [head] }
        let statements = block.statements.flatMap { $0.lines(indent: indent + 2) }
        return lines + ["\(head) do\(block.head)"] + statements.map { "  " + $0 } + ["end"]
    }

    /// The lines of a value with text before the first and behind the last.
    static func prefixed(_ prefix: String, _ value: RubyExpression, indent: Int, suffix: String = "") -> [String] {
        var lines = value.lines(indent: indent, lead: prefix.utf8.count + suffix.utf8.count + 1)
        if let first = lines.first { lines[0] = prefix + first }
        if let last = lines.popLast() { lines.append(last + suffix) }
        return lines
    }

    private static func enclosed(_ open: String, _ elements: [[String]], _ close: String) -> [String] {
        var result = [open]
        for (index, element) in elements.enumerated() {
            for (position, line) in element.enumerated() {
                let isLast = position == element.count - 1 && index < elements.count - 1
                result.append("  " + line + (isLast ? "," : ""))
            }
        }
        return result + [close]
    }
}

extension RubyStatement {
    /// Lines of it, each behind `indent` columns.
    func lines(indent: Int) -> [String] {
        switch self {
        case .assign(let name, let value): RubyExpression.prefixed("\(name) = ", value, indent: indent)
        case .expression(let value): value.lines(indent: indent)
        }
    }
}
