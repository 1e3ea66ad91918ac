/// An expression of Kotlin, with what must be imported for it.
struct KotlinExpression: Sendable {
    /// A name, or a call with its arguments.
    struct Part: Sendable {
        var name: String
        var arguments: [KotlinExpression]?

        /// The part on one line.
        var text: String {
            guard let arguments else { return name }
            return "\(name)(\(arguments.map(\.text).joined(separator: ", ")))"
        }
    }

    /// What comes first.
    private(set) var start: Part
    /// Calls and properties of what is before them.
    private(set) var rest: [Part] = []
    private(set) var imports: Set<KotlinImport> = []

    private init(_ name: String, _ arguments: [KotlinExpression]? = nil, imports: Set<KotlinImport> = []) {
        start = Part(name: name, arguments: arguments)
        self.imports = (arguments ?? []).reduce(into: imports) { $0.formUnion($1.imports) }
    }

    /// The expression on one line.
    var text: String { start.text + rest.map { "." + $0.text }.joined() }

    /// A variable, parameter or property.
    static func name(_ name: String) -> KotlinExpression { KotlinExpression(KotlinReservedWords.written(name)) }
    /// A type, to call its static methods or those of its companion.
    static func type(_ type: KotlinType) -> KotlinExpression { KotlinExpression(type.name, imports: type.imports) }
    /// A text.
    static func string(_ value: String) -> KotlinExpression { KotlinExpression(KotlinLiteral.string(value)) }
    /// `true` or `false`
    static func boolean(_ value: Bool) -> KotlinExpression { KotlinExpression(value ? "true" : "false") }
    /// A whole number of 32 bits.
    static func int(_ value: Int32) -> KotlinExpression { KotlinExpression(String(value)) }
    /// A whole number of 64 bits.
    static func long(_ value: Int64) -> KotlinExpression { KotlinExpression(String(value) + "L") }
    /// A number.
    static func double(_ value: Double) -> KotlinExpression { KotlinExpression(String(value)) }
    /// A constructor as a function.
    static func constructor(_ type: KotlinType) -> KotlinExpression {
        KotlinExpression("::" + type.name, imports: type.imports)
    }

    /// Two values that belong together.
    static func pair(_ first: KotlinExpression, _ second: KotlinExpression) -> KotlinExpression {
        KotlinExpression("\(first.text) to \(second.text)", imports: first.imports.union(second.imports))
    }

    /// The value, or another one if it is `null`.
    static func either(_ value: KotlinExpression, _ other: KotlinExpression) -> KotlinExpression {
        KotlinExpression("\(value.text) ?: \(other.text)", imports: value.imports.union(other.imports))
    }

    /// A function that every file sees, or a method of what a lambda is called on.
    static func call(_ function: String, _ arguments: [KotlinExpression] = []) -> KotlinExpression {
        KotlinExpression(KotlinReservedWords.written(function), arguments)
    }

    /// A function that is imported, called on what a lambda is called on.
    static func call(_ function: String, of package: String, _ arguments: [KotlinExpression]) -> KotlinExpression {
        var result = call(function, arguments)
        result.imports.insert(KotlinImport(package: package, name: function))
        return result
    }

    /// A new object; arguments of its type are inferred.
    static func new(_ type: KotlinType, _ arguments: [KotlinExpression]) -> KotlinExpression {
        KotlinExpression(type.name, arguments, imports: type.imports)
    }

    /// A function called as a type, with a lambda of statements.
    static func configured(_ type: KotlinType, _ statements: [KotlinExpression]) -> KotlinExpression {
        KotlinExpression(
            "\(type.name) \(lambda(statements))",
            imports: statements.reduce(into: type.imports) { $0.formUnion($1.imports) })
    }

    /// A method of the value.
    func call(_ method: String, _ arguments: [KotlinExpression] = []) -> KotlinExpression {
        adding(Part(name: KotlinReservedWords.written(method), arguments: arguments), arguments)
    }

    /// A function of the library that extends the value.
    func call(_ function: KotlinImport, _ arguments: [KotlinExpression] = []) -> KotlinExpression {
        var result = call(function.name, arguments)
        result.imports.insert(function)
        return result
    }

    /// A method of the value that takes a lambda of statements.
    func call(_ method: String, configured statements: [KotlinExpression]) -> KotlinExpression {
        adding(Part(name: "\(KotlinReservedWords.written(method)) \(Self.lambda(statements))"), statements)
    }

    /// A property of the value, or a constant of the type.
    func property(_ name: String) -> KotlinExpression { adding(Part(name: KotlinReservedWords.written(name)), []) }

    /// A property that extends the value.
    func property(_ name: String, of package: String) -> KotlinExpression {
        var result = property(name)
        result.imports.insert(KotlinImport(package: package, name: name))
        return result
    }

    /// The argument by its name.
    func named(_ name: String) -> KotlinExpression {
        KotlinExpression("\(KotlinReservedWords.written(name)) = \(text)", imports: imports)
    }

    private func adding(_ part: Part, _ uses: [KotlinExpression]) -> KotlinExpression {
        var result = self
        result.rest.append(part)
        for use in uses { result.imports.formUnion(use.imports) }
        return result
    }

    private static func lambda(_ statements: [KotlinExpression]) -> String {
        statements.isEmpty ? "{}" : "{ \(statements.map(\.text).joined(separator: "; ")) }"
    }
}

/// Literals of Kotlin.
enum KotlinLiteral {
    /// A text. All but printable ASCII is escaped, and so are dollar signs, which would begin a template.
    static func string(_ value: String) -> String {
        var text = "\""
        for unit in value.utf16 {
            switch unit {
            case 0x22: text += "\\\""
            case 0x24: text += "\\$"
            case 0x5C: text += "\\\\"
            case 0x0A: text += "\\n"
            case 0x0D: text += "\\r"
            case 0x09: text += "\\t"
            case 0x20..<0x7F: text.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
            default:
                let digits = String(unit, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            }
        }
        return text + "\""
    }
}
