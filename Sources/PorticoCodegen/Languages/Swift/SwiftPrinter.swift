/// Prints Swift: its constructs, with every piece of text escaped for where it stands.
struct SwiftPrinter {
    /// Longest line, unless a name or a literal is longer.
    static let lineLength = 120

    /// The code so far.
    private(set) var code = CodePrinter()
    private var depth = 0

    /// The text so far.
    var text: String { code.text }

    /// A parameter of a function.
    struct Parameter {
        /// `nil`: the name is the label.
        var label: String?
        var name: String
        var type: String
        var defaultValue: String?

        init(_ name: String, _ type: String, label: String? = nil, default defaultValue: String? = nil) {
            self.label = label
            self.name = name
            self.type = type
            self.defaultValue = defaultValue
        }

        var text: String {
            let label = label.map { $0 + " " } ?? ""
            let value = defaultValue.map { " = " + $0 } ?? ""
            return "\(label)\(SwiftPrinter.name(name)): \(type)\(value)"
        }
    }

    /// What a function is besides its name, parameters and result.
    struct Effects {
        var attributes: [String] = []
        var modifiers = "public"
        var effects = ""
        var result: String?
    }

    // MARK: Text

    /// An identifier where it is declared or stands by itself.
    static func name(_ identifier: String) -> String {
        SwiftReservedWords.needingBackticks.contains(identifier) ? "`\(identifier)`" : identifier
    }

    /// An identifier as the label of an argument.
    static func label(_ identifier: String) -> String {
        SwiftReservedWords.labels.contains(identifier) ? "`\(identifier)`" : identifier
    }

    /// A literal of a text.
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
                } else {
                    result += "\\u{\(String(scalar.value, radix: 16))}"
                }
            }
        }
        return result + "\""
    }

    /// Whether a character can stand in a source file without ending a line or hiding what is around it.
    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse,
            .nonspacingMark, .enclosingMark, .spacingMark:
            false
        default: true
        }
    }

    // MARK: Constructs

    /// A line of code.
    mutating func line(_ line: String = "") { code.line(line) }

    /// An opening line, what `body` writes, and a closing brace.
    mutating func block(_ open: String, _ body: (inout SwiftPrinter) -> Void) {
        code.line(open + " {")
        indented(body)
        code.line("}")
    }

    private mutating func indented(_ body: (inout SwiftPrinter) -> Void) {
        // The text moves in and out: a copy of it for each block would take time by its square.
        var inner = SwiftPrinter()
        inner.depth = depth + 1
        code.indented { printer in
            swap(&inner.code, &printer)
            body(&inner)
            swap(&inner.code, &printer)
        }
    }

    /// Elements with an empty line between each two.
    mutating func separated<Element>(_ elements: some Sequence<Element>, _ body: (inout SwiftPrinter, Element) -> Void)
    {
        for (index, element) in elements.enumerated() {
            if index > 0 { line() }
            body(&self, element)
        }
    }

    /// A comment of documentation. Nothing in a text can end it, since it is taken line by line.
    mutating func documentation(_ text: String?, fallback: String) {
        let width = Self.lineLength - 4 - depth * 4
        let lines = DocumentationText.lines(text ?? fallback, width: width)
        for line in lines.isEmpty ? [fallback] : lines { code.line(line.isEmpty ? "///" : "/// " + line) }
    }

    /// A comment on a parameter in a list of them.
    mutating func parameterDocumentation(_ name: String, _ text: String) {
        let lines = DocumentationText.lines(text, width: Self.lineLength - 8 - depth * 4).filter { !$0.isEmpty }
        for (index, line) in lines.enumerated() {
            code.line(index == 0 ? "///   - \(name): \(line)" : "///     \(line)")
        }
    }

    /// A function or an initialiser: `head` is `func name` or `init`.
    mutating func function(
        _ head: String, _ parameters: [Parameter], _ effects: Effects, _ body: (inout SwiftPrinter) -> Void
    ) {
        for attribute in effects.attributes { line(attribute) }
        let start = (effects.modifiers.isEmpty ? "" : effects.modifiers + " ") + head
        let result = effects.result.map { " -> " + $0 } ?? ""
        let end = (effects.effects.isEmpty ? "" : " " + effects.effects) + result
        let list = parameters.map(\.text).joined(separator: ", ")
        let whole = "\(start)(\(list))\(end)"
        if whole.count + 2 + depth * 4 <= Self.lineLength {
            block(whole, body)
            return
        }
        line(start + "(")
        let texts = parameters.map(\.text)
        code.indented { code in
            for line in Self.filled(texts, width: Self.lineLength - 4 - depth * 4) { code.line(line) }
        }
        block(")\(end)", body)
    }

    /// A call; its arguments go to lines of their own if they do not fit.
    mutating func call(_ start: String, _ arguments: [String], end: String = "") {
        let whole = "\(start)(\(arguments.joined(separator: ", ")))\(end)"
        if whole.count + depth * 4 <= Self.lineLength {
            line(whole)
            return
        }
        line(start + "(")
        code.indented { code in
            let lines = Self.filled(arguments, width: Self.lineLength - 4 - depth * 4)
            for line in lines.dropLast() { code.line(line) }
            code.line((lines.last ?? "") + ")" + end)
        }
    }

    /// Texts with commas between them, as many on a line as fit.
    static func filled(_ texts: [String], width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for (index, text) in texts.enumerated() {
            let piece = index + 1 < texts.count ? text + "," : text
            if !line.isEmpty, line.count + 1 + piece.count > width {
                lines.append(line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + piece
        }
        if !line.isEmpty { lines.append(line) }
        return lines
    }
}
