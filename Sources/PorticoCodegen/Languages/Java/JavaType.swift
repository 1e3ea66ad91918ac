/// A type of Java as it is written, with what must be imported for it.
struct JavaType: Hashable, Sendable {
    /// The simple name, with a dot for nested types.
    let name: String
    /// The package; `nil` for primitive types, variables and `java.lang`.
    let package: String?
    /// Arguments of a generic type.
    var arguments: [JavaType] = []
    /// Whether it is an array of the type.
    var isArray = false

    init(_ name: String, package: String? = nil, _ arguments: [JavaType] = []) {
        self.name = name
        self.package = package
        self.arguments = arguments
    }

    static let void = JavaType("void")
    static let boolean = JavaType("boolean")
    static let int = JavaType("int")
    static let long = JavaType("long")
    static let double = JavaType("double")
    static let string = JavaType("String")
    static let object = JavaType("Object")
    static let inputStream = JavaType("InputStream", package: "java.io")
    static let instant = JavaType("Instant", package: "java.time")
    static let localDate = JavaType("LocalDate", package: "java.time")
    static let objects = JavaType("Objects", package: "java.util")
    static let optional = JavaType("Optional", package: "java.util")
    static let listOfAny = JavaType("List", package: "java.util")
    static var bytes: JavaType {
        var type = JavaType("byte")
        type.isArray = true
        return type
    }

    static func list(_ element: JavaType) -> JavaType { JavaType("List", package: "java.util", [element.boxed]) }
    static func map(_ element: JavaType) -> JavaType {
        JavaType("Map", package: "java.util", [.string, element.boxed])
    }
    static func optional(_ inner: JavaType) -> JavaType { JavaType("Optional", package: "java.util", [inner.boxed]) }
    static func future(_ inner: JavaType) -> JavaType {
        JavaType("CompletableFuture", package: "java.util.concurrent", [inner.boxed])
    }

    /// Whether its values are no objects.
    var isPrimitive: Bool { !isArray && Self.boxes[name] != nil && package == nil }

    /// The type as an argument of a generic one.
    var boxed: JavaType { isPrimitive ? JavaType(Self.boxes[name] ?? name) : self }

    private static let boxes = [
        "boolean": "Boolean", "int": "Integer", "long": "Long", "double": "Double", "void": "Void",
    ]

    /// As it is written where its imports are.
    var text: String {
        let generic = arguments.isEmpty ? "" : "<\(arguments.map(\.text).joined(separator: ", "))>"
        return name + generic + (isArray ? "[]" : "")
    }

    /// What must be imported.
    var imports: Set<JavaImport> {
        var imports = arguments.reduce(into: Set()) { $0.formUnion($1.imports) }
        if let package {
            imports.insert(JavaImport(package: package, name: String(name.prefix { $0 != "." })))
        }
        return imports
    }
}

/// A type to import.
struct JavaImport: Hashable, Sendable {
    var package: String
    var name: String
    var text: String { package + "." + name }
}

/// An expression of Java, with what must be imported for it.
struct JavaExpression: Sendable {
    private(set) var text: String
    private(set) var imports: Set<JavaImport> = []

    private init(text: String, imports: Set<JavaImport> = []) {
        self.text = text
        self.imports = imports
    }

    /// A variable, parameter or field.
    static func name(_ name: String) -> JavaExpression { JavaExpression(text: name) }
    /// A field of `this`, whatever parameters are called.
    static func own(_ field: String) -> JavaExpression { JavaExpression(text: "this." + field) }
    /// A type, to call its static methods.
    static func type(_ type: JavaType) -> JavaExpression { JavaExpression(text: type.text, imports: type.imports) }
    /// A text.
    static func string(_ value: String) -> JavaExpression { JavaExpression(text: JavaLiteral.string(value)) }
    /// A whole number of 32 bits.
    static func int(_ value: Int32) -> JavaExpression { JavaExpression(text: String(value)) }
    /// A literal that is known to be one.
    static func literal(_ literal: JavaLiteral) -> JavaExpression { JavaExpression(text: literal.text) }
    static let null = JavaExpression(text: "null")
    static let this = JavaExpression(text: "this")

    /// A new object.
    static func new(_ type: JavaType, _ arguments: [JavaExpression] = [], isInferred: Bool = false) -> JavaExpression {
        var imports = type.imports
        for argument in arguments { imports.formUnion(argument.imports) }
        let name = isInferred ? type.name + "<>" : type.text
        return JavaExpression(text: "new \(name)(\(list(arguments)))", imports: imports)
    }

    /// A method or constructor by its name.
    static func reference(_ type: JavaType, _ member: String) -> JavaExpression {
        JavaExpression(text: "\(type.text)::\(member)", imports: type.imports)
    }

    /// A function that is an expression.
    static func lambda(_ parameter: String, _ body: JavaExpression) -> JavaExpression {
        JavaExpression(text: "\(parameter) -> \(body.text)", imports: body.imports)
    }

    /// Another type of the value.
    static func cast(_ type: JavaType, _ value: JavaExpression) -> JavaExpression {
        JavaExpression(text: "(\(type.text)) \(value.text)", imports: type.imports.union(value.imports))
    }

    /// One of two values.
    static func choice(_ condition: JavaExpression, _ first: JavaExpression, _ second: JavaExpression) -> JavaExpression
    {
        JavaExpression(
            text: "\(condition.text) ? \(first.text) : \(second.text)",
            imports: condition.imports.union(first.imports).union(second.imports))
    }

    /// A method of the class itself.
    static func call(_ method: String, _ arguments: [JavaExpression] = []) -> JavaExpression {
        JavaExpression(
            text: "\(method)(\(list(arguments)))", imports: arguments.reduce(into: []) { $0.formUnion($1.imports) })
    }

    /// A method of the value.
    func call(_ method: String, _ arguments: [JavaExpression] = []) -> JavaExpression {
        JavaExpression(
            text: "\(text).\(method)(\(Self.list(arguments)))",
            imports: arguments.reduce(into: imports) { $0.formUnion($1.imports) })
    }

    /// A field of the value.
    func field(_ name: String) -> JavaExpression { JavaExpression(text: "\(text).\(name)", imports: imports) }

    /// Whether both are the same object or number.
    func isSame(as other: JavaExpression) -> JavaExpression {
        JavaExpression(text: "\(text) == \(other.text)", imports: imports.union(other.imports))
    }

    /// Both as one condition.
    func and(_ other: JavaExpression) -> JavaExpression {
        JavaExpression(text: "\(text) && \(other.text)", imports: imports.union(other.imports))
    }

    /// Two texts as one.
    func joined(to other: JavaExpression) -> JavaExpression {
        JavaExpression(text: "\(text) + \(other.text)", imports: imports.union(other.imports))
    }

    private static func list(_ arguments: [JavaExpression]) -> String {
        arguments.map(\.text).joined(separator: ", ")
    }
}

/// Literals of Java.
struct JavaLiteral: Sendable {
    let text: String

    static func boolean(_ value: Bool) -> JavaLiteral { JavaLiteral(text: value ? "true" : "false") }
    static func int(_ value: Int32) -> JavaLiteral { JavaLiteral(text: String(value)) }
    static func long(_ value: Int64) -> JavaLiteral { JavaLiteral(text: String(value) + "L") }
    static func double(_ value: Double) -> JavaLiteral { JavaLiteral(text: String(value)) }

    /// Longest constant that is written in one piece; a class file holds 65,535 bytes of each.
    private static let longest = 16_000

    /// A text. All but printable ASCII is escaped, so that the file means the same in every encoding.
    static func string(_ value: String) -> String {
        let units = Array(value.utf16)
        guard units.count > longest else { return quoted(units) }
        // Constants that are joined by `+` would be one constant again.
        let pieces = stride(from: 0, to: units.count, by: longest).map {
            quoted(units[$0..<min($0 + longest, units.count)])
        }
        return "String.join(\"\", \(pieces.joined(separator: ", ")))"
    }

    private static func quoted(_ units: some Sequence<UInt16>) -> String {
        var text = "\""
        for unit in units {
            switch unit {
            case 0x22: text += "\\\""
            case 0x5C: text += "\\\\"
            case 0x0A: text += "\\n"
            case 0x0D: text += "\\r"
            case 0x09: text += "\\t"
            // In octal: the compiler would replace a \u escape of a line break before it reads the text.
            case 0..<0x20: text += "\\" + padded(String(unit, radix: 8), 3)
            case 0x20..<0x7F: text.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
            default: text += "\\u" + padded(String(unit, radix: 16), 4)
            }
        }
        return text + "\""
    }

    private static func padded(_ digits: String, _ count: Int) -> String {
        String(repeating: "0", count: max(0, count - digits.utf8.count)) + digits
    }
}
