/// Types and codecs as they are written in Swift.
struct SwiftTypes {
    let model: ClientModel
    let symbols: SwiftSymbols
    /// Whether names are written with the namespace before them: an extension of a type in a namespace does not see what
    /// stands beside that type.
    var isQualified = false

    /// The same, with the namespace before names.
    var qualified: SwiftTypes { SwiftTypes(model: model, symbols: symbols, isQualified: true) }

    /// A name of the namespace.
    func name(_ name: String) -> String { isQualified ? "\(symbols.namespace).\(name)" : name }

    /// The name of a type of the API.
    func name(_ index: Int) -> String { name(symbols.types[safe: index]?.name ?? "JSON") }

    /// The name of an error of the API.
    func errorName(_ index: Int) -> String { name(symbols.errors[safe: index] ?? "UnexpectedStatusError") }

    /// A type.
    func text(_ type: TypeReference) -> String {
        switch type {
        case .string: "String"
        case .boolean: "Bool"
        case .int32: "Int32"
        case .int64: "Int64"
        case .integer: "Int"
        case .double: "Double"
        case .bytes: "Data"
        case .timestamp: "Date"
        case .date: name("CalendarDate")
        case .json: name("JSON")
        case .list(let element): "[\(text(element))]"
        case .map(let value): "[String: \(text(value))]"
        case .nullable(let inner): "\(text(inner))?"
        case .model(let index): name(index)
        }
    }

    /// The codec of a type, where the type is known.
    func codec(_ type: TypeReference) -> String {
        switch type {
        case .string: ".string"
        case .boolean: ".boolean"
        case .int32, .int64, .integer: ".integer"
        case .double: ".double"
        case .bytes: ".bytes"
        case .timestamp: ".timestamp"
        case .date: ".date"
        case .json: ".json"
        case .list(let element): ".list(\(codec(element)))"
        case .map(let value): ".map(\(codec(value)))"
        case .nullable(let inner): ".nullable(\(codec(inner)))"
        case .model: ".model"
        }
    }

    /// The codec of a type, where nothing tells the type.
    func typedCodec(_ type: TypeReference) -> String { "\(name("Codec"))<\(text(type))>\(codec(type))" }

    /// The type of a property.
    func text(of field: Field) -> String {
        if field.isRequired { return text(field.type) }
        return field.type.isNullable ? "\(name("Nullable"))<\(text(field.type.withoutNull))>?" : "\(text(field.type))?"
    }

    /// Whether a type, or one that it is made of, is of Foundation.
    func needsFoundation(_ type: TypeReference) -> Bool {
        switch type {
        case .bytes, .timestamp: true
        case .list(let inner), .map(let inner), .nullable(let inner): needsFoundation(inner)
        default: false
        }
    }
}

extension Array {
    /// The element, if there is one.
    subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
