/// Prints constructs of Java, one file at a time, and remembers what they import.
struct JavaPrinter {
    /// A parameter of a method.
    struct Parameter {
        var name: String
        var type: JavaType
    }

    /// Text above a declaration.
    struct Documentation {
        /// Paragraphs, Markdown as in the spec.
        var text: String?
        /// Parameters with their texts.
        var parameters: [(name: String, text: String)] = []
        /// Whether, and why, it should not be used.
        var isDeprecated = false

        init(_ text: String?, parameters: [(name: String, text: String)] = [], isDeprecated: Bool = false) {
            self.text = text
            self.parameters = parameters
            self.isDeprecated = isDeprecated
        }
    }

    /// The head of a method or constructor.
    struct Method {
        var documentation = Documentation(nil)
        var annotations: [String] = []
        var modifiers: [String] = []
        var variables: [String] = []
        /// `nil` for constructors.
        var result: JavaType?
        var name: String
        var parameters: [Parameter] = []
    }

    private static let width = 120
    private static let indent = 4
    private let package: String
    private var imports: Set<JavaImport> = []
    private var code = CodePrinter()
    private var depth = 0

    /// Makes a printer of a file of a package.
    init(package: String) { self.package = package }

    /// The whole file: header, package, imports, and what was printed.
    func file(header: String) -> String {
        var file = CodePrinter()
        file.line(header)
        file.line("package \(package);")
        let needed = imports.filter { $0.package != package }.map(\.text).sorted()
        if !needed.isEmpty {
            file.line()
            file.lines(needed.map { "import \($0);" })
        }
        file.line()
        return file.text + code.text
    }

    /// What was printed with its imports, without package.
    var snippet: String {
        var head = CodePrinter()
        head.lines(imports.map { "import \($0.text);" }.sorted())
        if !imports.isEmpty { head.line() }
        return head.text + code.text
    }

    /// An empty line.
    mutating func blank() { code.line() }

    /// What `body` prints for each element, with an empty line before each.
    mutating func separated<Element>(
        _ elements: some Sequence<Element>, _ body: (inout JavaPrinter, Element) -> Void
    ) {
        for element in elements {
            blank()
            body(&self, element)
        }
    }

    // MARK: Declarations

    /// A class with its members.
    mutating func type(
        _ documentation: Documentation, annotations: [String] = [], _ head: String, extends: JavaType? = nil,
        _ body: (inout JavaPrinter) -> Void
    ) {
        declare(documentation, annotations)
        var head = head
        if let extends {
            use(extends.imports)
            head += " extends " + extends.text
        }
        block(head, body)
    }

    /// Constants of an `enum`.
    mutating func enumConstants(_ names: [String]) {
        for (index, name) in names.enumerated() {
            line(name + (index == names.count - 1 ? "" : ","))
        }
    }

    /// A field.
    mutating func field(
        _ modifiers: [String], _ type: JavaType, _ name: String, _ initial: JavaExpression? = nil,
        documentation: Documentation = Documentation(nil)
    ) {
        declare(documentation, [])
        use(type.imports)
        let head = (modifiers + [type.text, name]).joined(separator: " ")
        guard let initial else { return line(head + ";") }
        use(initial.imports)
        broken(head + " =", initial.text + ";")
    }

    /// A method or constructor with its body.
    mutating func method(_ method: Method, _ body: (inout JavaPrinter) -> Void) {
        declare(method.documentation, method.annotations)
        var head = method.modifiers
        if !method.variables.isEmpty { head.append("<\(method.variables.joined(separator: ", "))>") }
        if let result = method.result {
            use(result.imports)
            head.append(result.text)
        }
        let start = (head + [method.name]).joined(separator: " ") + "("
        let parameters = method.parameters.map { parameter in
            use(parameter.type.imports)
            return parameter.type.text + " " + parameter.name
        }
        let flat = start + parameters.joined(separator: ", ") + ") {"
        if fits(flat) || parameters.isEmpty {
            line(flat)
        } else {
            line(start)
            deeper { printer in
                printer.deeper { printer in
                    for (index, parameter) in parameters.enumerated() {
                        printer.line(parameter + (index == parameters.count - 1 ? ") {" : ","))
                    }
                }
            }
        }
        deeper(body)
        line("}")
    }

    // MARK: Statements

    /// `return value;`
    mutating func returns(_ value: JavaExpression) {
        use(value.imports)
        line("return \(value.text);")
    }

    /// `return start.call().call();`, a line for each call.
    mutating func returns(_ start: JavaExpression, chain: [JavaExpression]) {
        use(start.imports)
        for call in chain { use(call.imports) }
        let flat = "return " + ([start] + chain).map(\.text).joined(separator: ".") + ";"
        if chain.count < 3, fits(flat) { return line(flat) }
        line("return \(start.text)" + (chain.isEmpty ? ";" : ""))
        deeper { printer in
            for (index, call) in chain.enumerated() {
                printer.line(".\(call.text)" + (index == chain.count - 1 ? ";" : ""))
            }
        }
    }

    /// `return first && second;`, a line for each condition.
    mutating func returns(allOf conditions: [JavaExpression]) {
        for condition in conditions { use(condition.imports) }
        let flat = "return " + conditions.map(\.text).joined(separator: " && ") + ";"
        if fits(flat) { return line(flat) }
        for (index, condition) in conditions.enumerated() {
            let end = index == conditions.count - 1 ? ";" : ""
            if index == 0 {
                line("return \(condition.text)\(end)")
            } else {
                deeper { $0.line("&& \(condition.text)\(end)") }
            }
        }
    }

    /// `target = value;`
    mutating func assign(_ target: JavaExpression, _ value: JavaExpression) {
        use(target.imports.union(value.imports))
        broken("\(target.text) =", value.text + ";")
    }

    /// `Type name = value;`
    mutating func declare(_ type: JavaType, _ name: String, _ value: JavaExpression) {
        use(type.imports.union(value.imports))
        broken("\(type.text) \(name) =", value.text + ";")
    }

    /// `Type name = start.call().call();`, a line for each call if they are long.
    mutating func declare(_ type: JavaType, _ name: String, _ start: JavaExpression, chain: [JavaExpression]) {
        use(type.imports.union(start.imports))
        for call in chain { use(call.imports) }
        let head = "\(type.text) \(name) = \(start.text)"
        let flat = ([head] + chain.map(\.text)).joined(separator: ".") + ";"
        if flat.utf8.count < Self.width * 3 / 4 { return line(flat) }
        line(head)
        deeper { printer in
            for (index, call) in chain.enumerated() {
                printer.line(".\(call.text)" + (index == chain.count - 1 ? ";" : ""))
            }
        }
    }

    /// An expression as a statement.
    mutating func statement(_ value: JavaExpression) {
        use(value.imports)
        line(value.text + ";")
    }

    /// `if (condition) { ... }`
    mutating func when(_ condition: JavaExpression, _ body: (inout JavaPrinter) -> Void) {
        use(condition.imports)
        block("if (\(condition.text))", body)
    }

    /// `if (!(value instanceof Type)) { ... }`
    mutating func unless(_ value: JavaExpression, is type: JavaType, _ body: (inout JavaPrinter) -> Void) {
        use(value.imports.union(type.imports))
        block("if (!(\(value.text) instanceof \(type.text)))", body)
    }

    /// `switch (value) { ... }` with labels and what follows them; a last one without labels is the default.
    mutating func choose(
        _ value: JavaExpression, _ cases: [(labels: [JavaExpression], body: (inout JavaPrinter) -> Void)]
    ) {
        use(value.imports)
        block("switch (\(value.text))") { printer in
            for (labels, body) in cases {
                for label in labels { printer.line("case \(label.text):") }
                if labels.isEmpty { printer.line("default:") }
                printer.deeper(body)
            }
        }
    }

    /// `break;`
    mutating func breaks() { line("break;") }

    // MARK: Comments

    /// Text as it may stand in a comment of Javadoc: HTML and tags are text, and nothing ends the comment or is taken
    /// for a Unicode escape, which the compiler would replace even there.
    static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "@": result += "&#64;"
            case "\\": result += "&#92;"
            case "{": result += "&#123;"
            case "}": result += "&#125;"
            case "/" where result.hasSuffix("*"): result += "&#47;"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }

    /// The line that tells where a file comes from.
    static func header(_ model: ClientModel) -> String {
        func plain(_ text: String) -> String {
            DocumentationText.lines(text, width: .max / 2).joined(separator: " ").split(separator: "\\")
                .joined(separator: "/")
        }
        return "// Generated by Portico from \"\(plain(model.title))\" \(plain(model.version)). Do not edit."
    }

    private mutating func declare(_ documentation: Documentation, _ annotations: [String]) {
        comment(documentation)
        if documentation.isDeprecated { line("@Deprecated") }
        for annotation in annotations { line("@" + annotation) }
    }

    private mutating func comment(_ documentation: Documentation) {
        let width = max(60, Self.width - depth * Self.indent - 3)
        var lines = documentation.text.map { DocumentationText.lines($0, width: width) } ?? []
        lines = lines.map { Self.escaped($0) }
        // Javadoc is HTML, where an empty line means nothing.
        lines = lines.map { $0.isEmpty ? "<p>" : $0 }
        var tags: [String] = []
        for (name, text) in documentation.parameters {
            let words = DocumentationText.lines(text, width: width - 11).map { Self.escaped($0) }.filter { !$0.isEmpty }
            guard let first = words.first else { continue }
            tags.append("@param \(name) \(first)")
            tags += words.dropFirst().map { "    " + $0 }
        }
        if documentation.isDeprecated { tags.append("@deprecated The API says that it should not be used any more.") }
        if !lines.isEmpty, !tags.isEmpty { lines.append("") }
        lines += tags
        guard let first = lines.first else { return }
        if lines.count == 1, fits("/** \(first) */") { return line("/** \(first) */") }
        line("/**")
        for text in lines { line(text.isEmpty ? " *" : " * " + text) }
        line(" */")
    }

    // MARK: Layout

    private mutating func use(_ imports: Set<JavaImport>) { self.imports.formUnion(imports) }

    private func fits(_ text: String) -> Bool { depth * Self.indent + text.utf8.count <= Self.width }

    private mutating func line(_ text: String) { code.line(String(repeating: " ", count: depth * Self.indent) + text) }

    private mutating func broken(_ start: String, _ end: String) {
        if fits("\(start) \(end)") { return line("\(start) \(end)") }
        line(start)
        deeper { $0.line(end) }
    }

    private mutating func block(_ head: String, _ body: (inout JavaPrinter) -> Void) {
        line(head + " {")
        deeper(body)
        line("}")
    }

    private mutating func deeper(_ body: (inout JavaPrinter) -> Void) {
        depth += 1
        body(&self)
        depth -= 1
    }
}
