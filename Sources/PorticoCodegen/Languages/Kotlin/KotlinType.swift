/// A type of Kotlin as it is written, with what must be imported for it.
struct KotlinType: Hashable, Sendable {
    /// The simple name, with a dot for nested types.
    let name: String
    /// The package; `nil` for types that every file sees.
    let package: String?
    /// Arguments of a generic type.
    var arguments: [KotlinType]
    /// Whether `null` is a value of it.
    var isNullable = false

    init(_ name: String, package: String? = nil, _ arguments: [KotlinType] = []) {
        self.name = name
        self.package = package
        self.arguments = arguments
    }

    static let unit = KotlinType("Unit")
    static let string = KotlinType("String")
    static let boolean = KotlinType("Boolean")
    static let int = KotlinType("Int")
    static let long = KotlinType("Long")
    static let double = KotlinType("Double")
    static let bytes = KotlinType("ByteArray")
    static let inputStream = KotlinType(.inputStream)
    static let instant = KotlinType(.instant)
    static let localDate = KotlinType(.localDate)

    static func list(_ element: KotlinType) -> KotlinType { KotlinType("List", [element]) }
    static func map(_ element: KotlinType) -> KotlinType { KotlinType("Map", [.string, element]) }
    /// `Optional` of Java, in answers that say more than the value.
    static func optional(_ inner: KotlinType) -> KotlinType { KotlinType("Optional", package: "java.util", [inner]) }

    /// A class that is written in Java; its arguments are given apart, as Kotlin has types of its own for some.
    init(_ java: JavaType, _ arguments: [KotlinType] = []) {
        self.init(java.name, package: java.package, arguments)
    }

    /// The type with `null`.
    var orNull: KotlinType {
        var type = self
        type.isNullable = true
        return type
    }

    /// As it is written where its imports are.
    var text: String {
        let generic = arguments.isEmpty ? "" : "<\(arguments.map(\.text).joined(separator: ", "))>"
        return name + generic + (isNullable ? "?" : "")
    }

    /// What must be imported.
    var imports: Set<KotlinImport> {
        var imports = arguments.reduce(into: Set()) { $0.formUnion($1.imports) }
        if let package {
            imports.insert(KotlinImport(package: package, name: String(name.prefix { $0 != "." })))
        }
        return imports
    }
}

/// A type or function to import.
struct KotlinImport: Hashable, Sendable {
    var package: String
    var name: String

    var text: String { Self.written(package: package) + "." + KotlinReservedWords.written(name) }

    /// A package as it is written: its parts may be keywords.
    static func written(package: String) -> String {
        package.split(separator: ".").map { KotlinReservedWords.written(String($0)) }.joined(separator: ".")
    }
}

/// Types of the model as types of Kotlin.
struct KotlinTypes: Sendable {
    let java: JavaTypes
    var symbols: JavaSymbols { java.symbols }

    /// The type of values.
    func type(_ type: TypeReference) -> KotlinType {
        switch type {
        case .string: .string
        case .boolean: .boolean
        case .int32: .int
        case .int64, .integer: .long
        case .double: .double
        case .timestamp: .instant
        case .date: .localDate
        case .list(let element): .list(self.type(element))
        case .map(let element): .map(self.type(element))
        case .nullable(let inner): self.type(inner).orNull
        case .bytes, .json, .model: KotlinType(java.type(type))
        }
    }

    /// The type of an argument that is given.
    func type(_ argument: JavaOperations.Argument) -> KotlinType {
        argument.reference.map(type) ?? (argument.type == .string ? .string : KotlinType(argument.type))
    }

    /// The type of what an operation answers with, as its method gives it.
    func result(_ output: Output) -> KotlinType {
        switch output {
        case .none: .unit
        case .text: .string
        case .binary: .bytes
        case .json(let type): self.type(type)
        }
    }

    /// The type of the value of a response, which is the one that Java's calls have.
    func value(_ output: Output) -> KotlinType {
        switch output {
        case .none: KotlinType(JavaType.void.boxed)
        case .json(.nullable(let inner)): .optional(type(inner))
        default: result(output)
        }
    }

    /// A type of the library.
    func runtime(_ name: String, _ arguments: [KotlinType] = []) -> KotlinType {
        KotlinType(symbols.runtime(name), arguments)
    }
}
