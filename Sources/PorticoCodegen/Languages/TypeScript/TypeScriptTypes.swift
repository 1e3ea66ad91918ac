/// Types of a client's values: as text for declarations, and as data that the library follows.
struct TypeScriptTypes {
    private let model: ClientModel
    private let symbols: TypeScriptSymbols
    /// Generated types that were named since the last import.
    private(set) var models: Set<String> = []
    /// Types of the library that were named.
    private(set) var library: Set<String> = []

    init(_ model: ClientModel, _ symbols: TypeScriptSymbols) {
        self.model = model
        self.symbols = symbols
    }

    /// Text of a type.
    mutating func text(_ type: TypeReference) -> String {
        switch type {
        case .string: "string"
        case .boolean: "boolean"
        case .int32, .integer, .double: "number"
        case .int64: "bigint"
        case .bytes: "Uint8Array"
        case .timestamp: "Date"
        case .date: libraryType("DateString")
        case .json: libraryType("JSONValue")
        case .list(let element): element.isNullable ? "(\(text(element)))[]" : "\(text(element))[]"
        case .map(let value): "{ [name: string]: \(text(value)) }"
        case .nullable(let inner): "\(text(inner)) | null"
        case .model(let index): modelName(index)
        }
    }

    /// Text of what an operation gives.
    mutating func text(_ output: Output) -> String {
        switch output {
        case .none: "void"
        case .json(let type): text(type)
        case .text: "string"
        case .binary: "Uint8Array"
        }
    }

    /// Text of what an operation takes.
    mutating func text(_ body: RequestBody.Kind) -> String {
        switch body {
        case .json(let type): text(type)
        case .text: "string"
        case .binary: libraryType("BinaryBody")
        }
    }

    /// The name of a type of the library, which has to be imported.
    mutating func libraryType(_ name: String) -> String {
        library.insert(name)
        return name
    }

    private mutating func modelName(_ index: Int) -> String {
        guard symbols.types.indices.contains(index) else { return libraryType("JSONValue") }
        models.insert(symbols.types[index])
        return symbols.types[index]
    }

    /// A type as data. ORDER TYPES: Libraries/typescript/src/library/types.ts.
    func spec(_ type: TypeReference) -> TypeScriptExpression {
        switch type {
        case .string, .date: .text("string")
        case .boolean: .text("boolean")
        case .int32: .text("int32")
        case .int64: .text("int64")
        case .integer: .text("integer")
        case .double: .text("double")
        case .bytes: .text("bytes")
        case .timestamp: .text("timestamp")
        case .json: .text("json")
        case .list(let element): .object([("list", spec(element))])
        case .map(let value): .object([("map", spec(value))])
        case .nullable(let inner): .object([("nullable", spec(inner))])
        case .model(let index): modelSpec(index)
        }
    }

    /// Enumerations are text: what they may be besides their known values cannot be checked.
    private func modelSpec(_ index: Int) -> TypeScriptExpression {
        guard model.types.indices.contains(index) else { return .text("json") }
        if case .enumeration = model.types[index].shape { return .text("string") }
        return .object([("model", .text(symbols.types[index]))])
    }
}
