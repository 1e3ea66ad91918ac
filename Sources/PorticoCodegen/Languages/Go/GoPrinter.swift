/// Go files as gofmt would print them.
///
/// It collects what is imported, since Go refuses imports that nobody uses.
struct GoPrinter {
    /// A field of a structure.
    struct Field {
        var name: String
        /// Empty for an embedded one.
        var type: String
        /// Keys and values of the tag, in order.
        var tag: [(key: String, value: String)] = []
        var documentation: String?
    }

    /// A function with what it takes and gives.
    struct Signature {
        /// Name and type, such as `c *Client`.
        var receiver: String?
        var name: String
        /// Names with their types.
        var parameters: [String] = []
        /// Types.
        var results: [String] = []
    }

    private(set) var imports: Set<String> = []
    private var code = CodePrinter(indent: "\t")

    /// Says that packages are used.
    mutating func use(_ packages: [String]) { imports.formUnion(packages) }

    /// The whole file.
    func file(package: String, header: GoHeader, documentation: String? = nil) -> String {
        var head = CodePrinter(indent: "\t")
        head.lines(header.lines)
        head.line()
        if let documentation { head.lines(Self.comment(documentation)) }
        head.line("package \(package)")
        let imports = self.imports.sorted()
        if let only = imports.first, imports.count == 1 {
            head.line()
            head.line("import \(Self.string(only))")
        } else if !imports.isEmpty {
            head.line()
            head.block("import (", close: ")") { block in block.lines(imports.map(Self.string)) }
        }
        return head.text + code.text
    }

    // MARK: Declarations

    private mutating func begin(_ documentation: String) {
        code.line()
        code.lines(Self.comment(documentation))
    }

    /// `type Pet struct { ... }`
    mutating func structure(_ name: String, _ documentation: String, _ fields: [Field]) {
        begin(documentation)
        guard !fields.isEmpty else {
            code.line("type \(name) struct{}")
            return
        }
        code.block("type \(name) struct {") { block in
            // gofmt aligns what follows line by line; a field with a comment stands alone, so nothing is to align.
            for (position, section) in Self.sections(fields).enumerated() {
                if position > 0 { block.line() }
                if let documentation = section.first?.documentation { block.lines(Self.comment(documentation)) }
                block.lines(Self.aligned(section))
            }
        }
    }

    /// Fields that stand together: those with a comment alone, those without in runs.
    private static func sections(_ fields: [Field]) -> [[Field]] {
        var sections: [[Field]] = []
        for field in fields {
            if field.documentation == nil, !field.type.isEmpty, let last = sections.last?.last,
                last.documentation == nil, !last.type.isEmpty
            {
                sections[sections.count - 1].append(field)
            } else {
                sections.append([field])
            }
        }
        return sections
    }

    private static func aligned(_ fields: [Field]) -> [String] {
        let names = fields.map(\.name.utf8.count).max() ?? 0
        let types = fields.map(\.type.utf8.count).max() ?? 0
        return fields.map { field in
            guard !field.type.isEmpty else { return field.name }
            let head = padded(field.name, names) + " "
            guard !field.tag.isEmpty else { return head + field.type }
            return head + padded(field.type, types) + " " + tag(field.tag)
        }
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.utf8.count))
    }

    /// `type Color string`
    mutating func definition(_ name: String, _ documentation: String, of type: String) {
        begin(documentation)
        code.line("type \(name) \(type)")
    }

    /// Constants of a type, in one block.
    mutating func constants(_ constants: [(name: String, value: String)], of type: String) {
        guard !constants.isEmpty else { return }
        let names = constants.map(\.name.utf8.count).max() ?? 0
        code.line()
        code.block("const (", close: ")") { block in
            block.lines(
                constants.map { "\(Self.padded($0.name, names)) \(type) = \(Self.string($0.value))" })
        }
    }

    /// `const Name = "value"`
    mutating func constant(_ name: String, _ documentation: String, _ value: String) {
        begin(documentation)
        code.line("const \(name) = \(Self.string(value))")
    }

    /// `var name = open elements close`, one element in each line.
    mutating func value(_ name: String, _ open: String, _ elements: [String], _ close: String) {
        var statements = GoStatements()
        statements.list("var \(name) = \(open)", elements, close)
        code.line()
        code.lines(statements.lines)
    }

    /// A function; `body` writes its statements.
    mutating func function(_ signature: Signature, _ documentation: String?, _ body: (inout GoStatements) -> Void) {
        code.line()
        if let documentation { code.lines(Self.comment(documentation)) }
        var statements = GoStatements()
        body(&statements)
        let head = Self.head(signature)
        if let only = statements.lines.first, statements.lines.count == 1, head.utf8.count + only.utf8.count < 96 {
            code.line("\(head) { \(only) }")
        } else {
            code.block("\(head) {") { block in block.lines(statements.lines) }
        }
    }

    private static func head(_ signature: Signature) -> String {
        var text = "func "
        if let receiver = signature.receiver { text += "(\(receiver)) " }
        text += "\(signature.name)(\(signature.parameters.joined(separator: ", ")))"
        if signature.results.count == 1, let result = signature.results.first { text += " \(result)" }
        if signature.results.count > 1 { text += " (\(signature.results.joined(separator: ", ")))" }
        return text
    }

    // MARK: Text

    /// Lines of a comment. gofmt would take indented lines for code, so there are none.
    static func comment(_ text: String) -> [String] {
        var lines = DocumentationText.lines(text, width: 110).map(plain)
        for index in lines.indices where isHeading(lines, index) { lines[index] += "." }
        while lines.last?.isEmpty == true { lines.removeLast() }
        var isEmpty = true
        lines.removeAll { line in
            // Empty lines are one between two paragraphs, none before the first.
            defer { isEmpty = line.isEmpty }
            return isEmpty && line.isEmpty
        }
        return lines.map { $0.isEmpty ? "//" : "// " + $0 }
    }

    /// Whether gofmt would take a line for a heading: one that stands alone, begins with a capital letter and does not end
    /// as sentences do.
    private static func isHeading(_ lines: [String], _ index: Int) -> Bool {
        guard index > 0, lines[index - 1].isEmpty, index + 1 < lines.count, lines[index + 1].isEmpty,
            let first = lines[index].first, let last = lines[index].last
        else { return false }
        return first.isUppercase && (last.isLetter || last.isNumber)
    }

    /// gofmt writes doubled quotes as typographic ones, and moves definitions of links to the end. A line that begins with
    /// `+build` says to Go on which systems the file is compiled.
    private static func plain(_ line: String) -> String {
        var text = ""
        for character in line.drop(while: \.isWhitespace) {
            if let last = text.last, (character == "`" || character == "'"), last == character { text += " " }
            text.append(character)
        }
        if text.hasPrefix("["), let end = text.firstIndex(of: "]"), text[end...].hasPrefix("]:") {
            text = "Link " + text
        }
        if text.hasPrefix("+build"), text.dropFirst(6).first?.isWhitespace ?? true {
            text = "\"+build\"" + text.dropFirst(6)
        }
        while text.last == " " { text.removeLast() }
        return text
    }

    /// A string literal.
    static func string(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            default:
                // What cannot be seen, and what turns text around, is written by its number.
                if scalar.isASCII ? scalar.value >= 0x20 && scalar.value != 0x7F : isVisible(scalar) {
                    out.unicodeScalars.append(scalar)
                } else {
                    let digits = String(scalar.value, radix: 16)
                    let width = scalar.value > 0xFFFF ? 8 : 4
                    out +=
                        (width == 8 ? "\\U" : "\\u") + String(repeating: "0", count: width - digits.utf8.count) + digits
                }
            }
        }
        return out + "\""
    }

    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse: false
        default: true
        }
    }

    /// A tag. It stands in a raw literal, which cannot have back quotes.
    private static func tag(_ entries: [(key: String, value: String)]) -> String {
        let text = entries.map { "\($0.key):\(string($0.value))" }.joined(separator: " ")
        return "`" + text.split(separator: "`", omittingEmptySubsequences: false).joined(separator: "\\x60") + "`"
    }
}

/// The statements of a function.
struct GoStatements {
    private(set) var lines: [String] = []

    /// `function(arguments)`
    mutating func call(_ function: String, _ arguments: [String]) { lines.append(GoCall.text(function, arguments)) }

    /// `name := value`
    mutating func declare(_ name: String, _ value: String) { lines.append("\(name) := \(value)") }

    /// `var name type`
    mutating func variable(_ name: String, _ type: String) { lines.append("var \(name) \(type)") }

    /// `target = value`
    mutating func assign(_ target: String, _ value: String) { lines.append("\(target) = \(value)") }

    /// `return values`
    mutating func giveBack(_ values: String...) {
        lines.append(values.isEmpty ? "return" : "return " + values.joined(separator: ", "))
    }

    /// `break`
    mutating func leaveLoop() { lines.append("break") }

    /// `if condition { ... }`
    mutating func when(_ condition: String, _ body: (inout GoStatements) -> Void) {
        nested("if \(condition) {", "}", body)
    }

    /// `for condition { ... }`
    mutating func loop(_ condition: String, _ body: (inout GoStatements) -> Void) {
        nested(condition.isEmpty ? "for {" : "for \(condition) {", "}", body)
    }

    /// `name := func(...) results { ... }`
    mutating func closure(
        _ name: String, _ parameters: [String], _ results: String, _ body: (inout GoStatements) -> Void
    ) {
        nested("\(name) := func(\(parameters.joined(separator: ", "))) \(results) {", "}", body)
    }

    /// A call or literal with one argument or element in each line: `open`, elements, `close`.
    mutating func list(_ open: String, _ elements: [String], _ close: String) {
        nested(open, close) { inner in
            for element in elements { inner.lines.append("\(element),") }
        }
    }

    private mutating func nested(_ open: String, _ close: String, _ body: (inout GoStatements) -> Void) {
        var inner = GoStatements()
        body(&inner)
        lines.append(open)
        lines += inner.lines.map { "\t" + $0 }
        lines.append(close)
    }
}

/// Calls.
enum GoCall {
    /// `function(arguments)`
    static func text(_ function: String, _ arguments: [String]) -> String {
        "\(function)(\(arguments.joined(separator: ", ")))"
    }
}

/// What stands first in each file.
struct GoHeader {
    /// For people, and for tools that pass over what was generated (`go help generate`).
    let lines: [String]

    init(_ model: ClientModel) {
        let title = DocumentationText.lines(model.title, width: .max).joined(separator: " ")
        let version = DocumentationText.lines(model.version, width: .max).joined(separator: " ")
        lines = [
            "// Generated by Portico from \"\(title)\" \(version). Do not edit.",
            "// Code generated by portico sdk. DO NOT EDIT.",
        ]
    }
}
