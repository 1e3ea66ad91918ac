/// Prints constructs of Kotlin, one file at a time, and remembers what they import.
struct KotlinPrinter {
    /// A parameter of a function.
    struct Parameter {
        var name: String
        var type: KotlinType
        /// Whether it need not be given, and is `null` then.
        var isOptional = false
    }

    /// Text above a declaration.
    struct Documentation {
        /// Paragraphs, Markdown as in the spec.
        var text: String?
        /// Parameters with their texts.
        var parameters: [(name: String, text: String)] = []
        /// Whether it should not be used.
        var isDeprecated = false

        init(_ text: String?, parameters: [(name: String, text: String)] = [], isDeprecated: Bool = false) {
            self.text = text
            self.parameters = parameters
            self.isDeprecated = isDeprecated
        }
    }

    /// The head of a function.
    struct Function {
        var documentation = Documentation(nil)
        var modifiers: [String] = []
        var name: String
        var parameters: [Parameter] = []
        var result: KotlinType
    }

    private static let width = 120
    private static let indent = 4
    private let package: String
    private let suppressesDeprecation: Bool
    private var imports: Set<KotlinImport> = []
    private var code = CodePrinter()
    private var depth = 0

    /// Makes a printer of a file of a package.
    /// - Parameter suppressesDeprecation: Whether it names what should not be used any more; imports do, so that no
    ///   declaration can say it.
    init(package: String, suppressesDeprecation: Bool = false) {
        self.package = package
        self.suppressesDeprecation = suppressesDeprecation
    }

    /// The whole file: header, package, imports, and what was printed.
    func file(header: String) -> String {
        var file = CodePrinter()
        file.line(header)
        if suppressesDeprecation {
            file.line("@file:Suppress(\"DEPRECATION\")")
            file.line()
        }
        file.line("package \(KotlinImport.written(package: package))")
        let needed = imports.filter { $0.package != package }.map(\.text).sorted()
        if !needed.isEmpty {
            file.line()
            file.lines(needed.map { "import \($0)" })
        }
        file.line()
        return file.text + code.text
    }

    /// What was printed with its imports, without package.
    var snippet: String {
        var head = CodePrinter()
        head.lines(imports.map { "import \($0.text)" }.sorted())
        if !imports.isEmpty { head.line() }
        return head.text + code.text
    }

    /// An empty line.
    mutating func blank() { code.line() }

    // MARK: Declarations

    /// A class or object with its members. `parameters` are those of its constructor with their modifiers.
    mutating func type(
        _ documentation: Documentation, _ head: String,
        constructor: (modifiers: String, parameter: Parameter)? = nil,
        extends: (type: KotlinType, argument: String)? = nil, _ body: (inout KotlinPrinter) -> Void
    ) {
        declare(documentation)
        var head = head
        if let (modifiers, parameter) = constructor {
            use(parameter.type.imports)
            head += " \(modifiers) constructor(private val \(parameter.name): \(parameter.type.text))"
        }
        if let (type, argument) = extends {
            use(type.imports)
            head += " : \(type.text)(\(argument))"
        }
        line(head + " {")
        deeper(body)
        line("}")
    }

    /// A property with its value.
    mutating func property(
        _ documentation: Documentation, _ modifiers: [String], _ name: String, _ type: KotlinType,
        _ value: KotlinExpression, isComputed: Bool = false
    ) {
        declare(documentation)
        use(type.imports.union(value.imports))
        let head = (modifiers + ["val \(name): \(type.text)"]).joined(separator: " ")
        line("\(head)\(isComputed ? " get()" : "") = \(value.text)")
    }

    /// A function whose body is an expression.
    mutating func function(_ function: Function, _ value: KotlinExpression) {
        declare(function.documentation)
        use(function.result.imports.union(value.imports))
        for parameter in function.parameters { use(parameter.type.imports) }
        let start = (function.modifiers + ["fun \(KotlinReservedWords.written(function.name))("]).joined(separator: " ")
        let parameters = function.parameters.map { parameter in
            "\(KotlinReservedWords.written(parameter.name)): \(parameter.type.text)\(parameter.isOptional ? " = null" : "")"
        }
        let end = "): \(function.result.text) ="
        let flat = start + parameters.joined(separator: ", ") + end
        if fits("\(flat) \(value.text)") { return line("\(flat) \(value.text)") }
        if fits(flat) || parameters.isEmpty {
            line(flat)
        } else {
            line(start)
            deeper { printer in for parameter in parameters { printer.line(parameter + ",") } }
            line(end)
        }
        deeper { $0.expression("", value) }
    }

    /// A function that takes a lambda with a receiver, and whose body is an expression.
    mutating func function(
        _ documentation: Documentation, _ modifiers: String, _ name: String,
        configuring receiver: KotlinType, marker: KotlinType? = nil, isOptional: Bool = false, result: KotlinType,
        _ value: KotlinExpression
    ) {
        declare(documentation)
        use(receiver.imports.union(result.imports).union(value.imports).union(marker?.imports ?? []))
        let taken = marker.map { "(@\($0.text) \(receiver.text))" } ?? receiver.text
        let head =
            "\(modifiers) fun \(KotlinReservedWords.written(name))(configure: \(taken).() -> Unit\(isOptional ? " = {}" : "")): \(result.text) ="
        if fits("\(head) \(value.text)") { return line("\(head) \(value.text)") }
        line(head)
        deeper { $0.expression("", value) }
    }

    // MARK: Statements

    /// `val name = value`
    mutating func declare(_ name: String, _ value: KotlinExpression) {
        use(value.imports)
        expression("val \(KotlinReservedWords.written(name)) = ", value)
    }

    /// An expression as a statement.
    mutating func statement(_ value: KotlinExpression) {
        use(value.imports)
        expression("", value)
    }

    /// `val name = type { ... }`, a line for each statement.
    mutating func configured(_ name: String, _ type: KotlinType, _ statements: [KotlinExpression]) {
        use(type.imports)
        for statement in statements { use(statement.imports) }
        if statements.isEmpty { return line("val \(KotlinReservedWords.written(name)) = \(type.name) {}") }
        line("val \(KotlinReservedWords.written(name)) = \(type.name) {")
        deeper { printer in for statement in statements { printer.expression("", statement) } }
        line("}")
    }

    /// `suspend fun main() { ... }`
    mutating func main(_ body: (inout KotlinPrinter) -> Void) {
        line("suspend fun main() {")
        deeper(body)
        line("}")
    }

    /// `for (name in value) { ... }`
    mutating func loop(_ name: String, in value: KotlinExpression, _ body: (inout KotlinPrinter) -> Void) {
        use(value.imports)
        line("for (\(name) in \(value.text)) {")
        deeper(body)
        line("}")
    }

    // MARK: Layout of expressions

    /// An expression between two texts: on one line if it fits there, else a line for each call of a chain, or for each
    /// argument of a single call.
    private mutating func expression(_ start: String, _ value: KotlinExpression, _ end: String = "") {
        if fits(start + value.text + end) { return line(start + value.text + end) }
        var rest = value.rest[...]
        var head = start
        var last = value.start
        // What a chain begins with says little alone.
        if last.arguments == nil, let next = rest.popFirst() {
            head += last.text + "."
            last = next
        }
        guard !rest.isEmpty else { return part(head, last, end) }
        part(head, last, "")
        deeper { printer in
            for (number, next) in rest.enumerated() {
                printer.part(".", next, number == rest.count - 1 ? end : "")
            }
        }
    }

    private mutating func part(_ start: String, _ part: KotlinExpression.Part, _ end: String) {
        let flat = start + part.text + end
        guard !fits(flat), let arguments = part.arguments, !arguments.isEmpty else { return line(flat) }
        line(start + part.name + "(")
        deeper { printer in for argument in arguments { printer.expression("", argument, ",") } }
        line(")" + end)
    }

    // MARK: Comments

    /// Text as it may stand in KDoc: nothing in it ends the comment, begins one within it, or is a tag.
    static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "@": result += "&#64;"
            case "/" where result.hasSuffix("*"): result += "&#47;"
            case "*" where result.hasSuffix("/"): result += "&#42;"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }

    private mutating func declare(_ documentation: Documentation) {
        comment(documentation)
        if documentation.isDeprecated { line("@Deprecated(\"The API says that it should not be used any more.\")") }
    }

    private mutating func comment(_ documentation: Documentation) {
        let width = max(60, Self.width - depth * Self.indent - 3)
        var lines = documentation.text.map { DocumentationText.lines($0, width: width) } ?? []
        lines = lines.map(Self.escaped)
        var tags: [String] = []
        for (name, text) in documentation.parameters {
            let words = DocumentationText.lines(text, width: width - 11).map(Self.escaped).filter { !$0.isEmpty }
            guard let first = words.first else { continue }
            tags.append("@param \(name) \(first)")
            tags += words.dropFirst().map { "    " + $0 }
        }
        if !lines.isEmpty, !tags.isEmpty { lines.append("") }
        lines += tags
        guard let first = lines.first else { return }
        if lines.count == 1, fits("/** \(first) */") { return line("/** \(first) */") }
        line("/**")
        for text in lines { line(text.isEmpty ? " *" : " * " + text) }
        line(" */")
    }

    // MARK: Layout

    private mutating func use(_ imports: Set<KotlinImport>) { self.imports.formUnion(imports) }

    private func fits(_ text: String) -> Bool { depth * Self.indent + text.utf8.count <= Self.width }

    private mutating func line(_ text: String) { code.line(String(repeating: " ", count: depth * Self.indent) + text) }

    private mutating func deeper(_ body: (inout KotlinPrinter) -> Void) {
        depth += 1
        body(&self)
        depth -= 1
    }
}
