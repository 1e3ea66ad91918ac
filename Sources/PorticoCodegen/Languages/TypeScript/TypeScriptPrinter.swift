/// Prints a module of a client in its three forms at once: the source, the script without types, and the declarations.
///
/// A declaration says what each form has of it, so that the three cannot differ.
struct TypeScriptPrinter {
    /// A property of an interface.
    struct Property {
        /// Name as it is in values.
        var name: String
        /// Text of its type.
        var type: String
        /// Whether it may be left out.
        var isOptional: Bool
        /// Text for people.
        var documentation: String?
        /// Whether it should no longer be used.
        var isDeprecated = false
    }

    /// A parameter of a method.
    struct Argument {
        /// A symbol.
        var name: String
        /// Text of its type.
        var type: String
        /// Whether it may be left out.
        var isOptional = false
        /// Expression for one that is left out.
        var standard: String?

        fileprivate var source: String {
            if let standard { return "\(name): \(type) = \(standard)" }
            return "\(name)\(isOptional ? "?" : ""): \(type)"
        }
        fileprivate var script: String { standard.map { "\(name) = \($0)" } ?? name }
        fileprivate var declaration: String { "\(name)\(isOptional || standard != nil ? "?" : ""): \(type)" }
    }

    /// Longest line that is written if its parts allow.
    static let width = 100

    private let name: String
    private let header: String
    private var imports = Forms()
    private var body = Forms()

    /// The three texts.
    private struct Forms {
        var source = CodePrinter(indent: "  ")
        var script = CodePrinter(indent: "  ")
        var declarations = CodePrinter(indent: "  ")
    }

    /// Begins a module.
    /// - Parameters:
    ///   - name: Its path below `src` and `dist`, without extension.
    ///   - header: What its first line says.
    init(_ name: String, header: String) {
        self.name = name
        self.header = header
    }

    // MARK: Imports and exports

    /// Imports types from a module beside it, unless there are none.
    /// - Parameter isDeclared: Whether declarations name them too.
    mutating func importTypes(_ names: some Collection<String>, from module: String, isDeclared: Bool = true) {
        let statement = Self.list("import type {", names.sorted(), "} from \"./\(module).js\";")
        imports.source.lines(statement)
        if isDeclared { imports.declarations.lines(statement) }
    }

    /// Imports values from a module beside it, unless there are none.
    /// - Parameter isDeclared: Whether declarations name them too.
    mutating func importValues(_ names: some Collection<String>, from module: String, isDeclared: Bool = false) {
        let statement = Self.list("import {", names.sorted(), "} from \"./\(module).js\";")
        imports.source.lines(statement)
        imports.script.lines(statement)
        if isDeclared { imports.declarations.lines(statement) }
    }

    /// Imports all values of a module as members of one name.
    mutating func importModule(as name: String, from module: String) {
        let statement = "import * as \(name) from \"./\(module).js\";"
        imports.source.line(statement)
        imports.script.line(statement)
    }

    /// Exports all that a module exports.
    mutating func exportAll(from module: String) {
        let statement = "export * from \"./\(module).js\";"
        body.source.line(statement)
        body.script.line(statement)
        body.declarations.line(statement)
    }

    private static func list(_ open: String, _ names: [String], _ close: String) -> [String] {
        if names.isEmpty { return [] }
        let line = "\(open) \(names.joined(separator: ", ")) \(close)"
        return line.utf8.count <= width ? [line] : [open] + names.map { "  \($0)," } + [close]
    }

    // MARK: Types

    /// An interface.
    mutating func interface(
        _ name: String, _ properties: [Property], documentation: String?, isDeprecated: Bool = false
    ) {
        inTypes { printer in
            Self.comment(documentation, isDeprecated, &printer)
            guard !properties.isEmpty else {
                printer.line("export interface \(name) {}")
                return
            }
            printer.block("export interface \(name) {") { printer in
                for property in properties {
                    Self.comment(property.documentation, property.isDeprecated, &printer)
                    let name = TypeScriptExpression.propertyName(property.name)
                    printer.line("\(name)\(property.isOptional ? "?" : ""): \(property.type);")
                }
            }
        }
    }

    /// A name for one of several types.
    mutating func union(_ name: String, of types: [String], documentation: String?, isDeprecated: Bool = false) {
        inTypes { printer in
            Self.comment(documentation, isDeprecated, &printer)
            let line = "export type \(name) = \(types.joined(separator: " | "));"
            if line.utf8.count <= Self.width {
                printer.line(line)
            } else {
                printer.line("export type \(name) =")
                printer.indented { printer in
                    for (index, type) in types.enumerated() {
                        printer.line("| \(type)\(index == types.count - 1 ? ";" : "")")
                    }
                }
            }
        }
    }

    private mutating func inTypes(_ write: (inout CodePrinter) -> Void) {
        separate(&body.source)
        write(&body.source)
        separate(&body.declarations)
        write(&body.declarations)
    }

    // MARK: Values

    /// A constant.
    mutating func constant(
        _ name: String, type: String, _ value: TypeScriptExpression, isExported: Bool = true,
        documentation: String? = nil
    ) {
        let export = isExported ? "export " : ""
        separate(&body.source)
        Self.comment(documentation, false, &body.source)
        Self.assign("\(export)const \(name): \(type) = ", value, &body.source)
        separate(&body.script)
        Self.assign("\(export)const \(name) = ", value, &body.script)
        guard isExported else { return }
        separate(&body.declarations)
        Self.comment(documentation, false, &body.declarations)
        body.declarations.line("export declare const \(name): \(type);")
    }

    /// A class with what `members` declares.
    mutating func `class`(
        _ name: String, extends parent: String? = nil, parentArguments: String = "", documentation: String?,
        _ members: (inout TypeScriptPrinter) -> Void
    ) {
        let base = parent.map { " extends \($0)" } ?? ""
        separate(&body.source)
        Self.comment(documentation, false, &body.source)
        body.source.line("export class \(name)\(base)\(parent == nil ? "" : parentArguments) {")
        separate(&body.script)
        body.script.line("export class \(name)\(base) {")
        separate(&body.declarations)
        Self.comment(documentation, false, &body.declarations)
        body.declarations.line("export declare class \(name)\(base)\(parent == nil ? "" : parentArguments) {")
        nested(members)
        body.source.line("}")
        body.script.line("}")
        body.declarations.line("}")
    }

    private mutating func nested(_ members: (inout TypeScriptPrinter) -> Void) {
        // The members are printed apart and indented, as three printers cannot be inside of three closures at once.
        var inner = TypeScriptPrinter(name, header: header)
        members(&inner)
        func indent(_ text: String, into printer: inout CodePrinter) {
            var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
            if lines.last?.isEmpty == true { lines.removeLast() }
            printer.indented { printer in for line in lines { printer.line(String(line)) } }
        }
        indent(inner.body.source.text, into: &body.source)
        indent(inner.body.script.text, into: &body.script)
        indent(inner.body.declarations.text, into: &body.declarations)
    }

    /// A private field of a class, set by its constructor.
    mutating func privateField(_ name: String, type: String) {
        body.source.line("readonly #\(name): \(type);")
        body.script.line("#\(name);")
        body.declarations.line("#private;")
    }

    /// A field that replaces one of the parent class.
    mutating func overridingField(_ name: String, type: String, _ value: TypeScriptExpression, isStatic: Bool = false) {
        let prefix = isStatic ? "static " : ""
        Self.assign("\(prefix)override readonly \(name): \(type) = ", value, &body.source)
        Self.assign("\(prefix)\(name) = ", value, &body.script)
        body.declarations.line("\(prefix)readonly \(name): \(type);")
    }

    /// A constructor.
    mutating func constructor(_ arguments: [Argument], documentation: String?, body statement: String) {
        member("constructor", arguments, result: nil, documentation, false, statement)
    }

    /// A property that is computed.
    mutating func getter(_ name: String, type: String, documentation: String?, body statement: String) {
        member("get \(name)", [], result: type, documentation, false, statement)
    }

    /// A method.
    mutating func method(
        _ name: String, _ arguments: [Argument], result: String, documentation: String?, isDeprecated: Bool,
        body statement: String
    ) {
        member(name, arguments, result: result, documentation, isDeprecated, statement)
    }

    private mutating func member(
        _ name: String, _ arguments: [Argument], result: String?, _ documentation: String?, _ isDeprecated: Bool,
        _ statement: String
    ) {
        let type = result.map { ": \($0)" } ?? ""
        separate(&body.source)
        Self.comment(documentation, isDeprecated, &body.source)
        let (head, last) = Self.signature(name, arguments.map(\.source), ")\(type) {")
        body.source.lines(head)
        body.source.block(last) { $0.line(statement) }
        separate(&body.script)
        body.script.block("\(name)(\(arguments.map(\.script).joined(separator: ", "))) {") { $0.line(statement) }
        Self.comment(documentation, isDeprecated, &body.declarations)
        let (declared, end) = Self.signature(name, arguments.map(\.declaration), ")\(type);")
        body.declarations.lines(declared + [end])
    }

    private static func signature(_ name: String, _ arguments: [String], _ close: String) -> ([String], String) {
        let line = "\(name)(\(arguments.joined(separator: ", "))\(close)"
        if line.utf8.count <= width - 2 || arguments.isEmpty { return ([], line) }
        return (["\(name)("] + arguments.map { "  \($0)," }, close)
    }

    private static func assign(_ head: String, _ value: TypeScriptExpression, _ printer: inout CodePrinter) {
        var lines = value.lines(first: width - head.utf8.count - 1, rest: width)
        lines[0] = head + lines[0]
        lines[lines.count - 1] += ";"
        printer.lines(lines)
    }

    // MARK: Text

    private func separate(_ printer: inout CodePrinter) {
        if !printer.text.isEmpty { printer.line() }
    }

    /// A documentation comment, unless there is nothing to say. Text of a spec can neither end it nor begin a tag.
    private static func comment(_ text: String?, _ isDeprecated: Bool, _ printer: inout CodePrinter) {
        var lines = text.map { DocumentationText.lines($0) } ?? []
        lines = lines.map { line in
            var safe = ""
            var isAfterStar = false
            for character in line.unicodeScalars {
                if character == "/", isAfterStar { safe += "\\" }
                safe.unicodeScalars.append(character)
                isAfterStar = character == "*"
            }
            let start = safe.firstIndex { $0 != " " } ?? safe.endIndex
            if safe[start...].hasPrefix("@") { safe.insert("\\", at: start) }
            return safe
        }
        if isDeprecated { lines += (lines.isEmpty ? [] : [""]) + ["@deprecated"] }
        if lines.count == 1 {
            printer.line("/** \(lines[0]) */")
        } else if !lines.isEmpty {
            printer.line("/**")
            for line in lines { printer.line(line.isEmpty ? " *" : " * \(line)") }
            printer.line(" */")
        }
    }

    /// The module's files. A module without exports says that it is one.
    func files() -> [GeneratedFile] {
        func text(_ imports: String, _ body: String, head: String = "") -> String {
            var text = "\(head)// \(header)\n"
            if !imports.isEmpty { text += "\n" + imports }
            return text + "\n" + (body.isEmpty ? "export {};\n" : body)
        }
        // Deno takes the types of a script from where its first line says.
        let base = name.split(separator: "/").last ?? ""
        let types = "// @ts-self-types=\"./\(base).d.ts\"\n"
        return [
            GeneratedFile(path: "src/\(name).ts", text: text(imports.source.text, body.source.text)),
            GeneratedFile(
                path: "dist/\(name).js", text: text(imports.script.text, body.script.text, head: types)),
            GeneratedFile(
                path: "dist/\(name).d.ts", text: text(imports.declarations.text, body.declarations.text)),
        ]
    }
}
