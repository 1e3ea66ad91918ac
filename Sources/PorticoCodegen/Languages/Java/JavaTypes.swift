/// Types of the model as types and codecs of Java.
struct JavaTypes: Sendable {
    let model: ClientModel
    let symbols: JavaSymbols

    /// The Java type of values; JSON null is `null`, so primitive types are boxed then.
    func type(_ type: TypeReference) -> JavaType {
        switch type {
        case .string: .string
        case .boolean: .boolean
        case .int32: .int
        case .int64, .integer: .long
        case .double: .double
        case .bytes: symbols.runtime("Bytes")
        case .timestamp: .instant
        case .date: .localDate
        case .json: symbols.runtime("JsonValue")
        case .list(let element): .list(self.type(element))
        case .map(let element): .map(self.type(element))
        case .nullable(let inner): self.type(inner).boxed
        case .model(let index): named(index)
        }
    }

    private func named(_ index: Int) -> JavaType {
        symbols.types.indices.contains(index) ? symbols.types[index] : symbols.runtime("JsonValue")
    }

    /// The codec of a type.
    func codec(_ type: TypeReference) -> JavaExpression {
        let library = JavaExpression.type(symbols.runtime("Codec"))
        return switch type {
        case .string: library.field("STRING")
        case .boolean: library.field("BOOLEAN")
        case .int32: library.field("INT")
        case .int64, .integer: library.field("LONG")
        case .double: library.field("DOUBLE")
        case .bytes: library.field("BYTES")
        case .timestamp: library.field("INSTANT")
        case .date: library.field("DATE")
        case .json: library.field("JSON")
        case .list(let element): library.call("list", [codec(element)])
        case .map(let element): library.call("map", [codec(element)])
        case .nullable(let inner): library.call("nullable", [codec(inner)])
        case .model(let index): JavaExpression.type(named(index)).call("codec")
        }
    }

    /// A structure by its index.
    func structure(_ type: TypeReference) -> (index: Int, structure: Structure)? {
        guard case .model(let index) = type.withoutNull, model.types.indices.contains(index),
            case .structure(let structure) = model.types[index].shape
        else { return nil }
        return (index, structure)
    }

    /// Whether a type, or one that it is made of, should not be used any more.
    func isDeprecated(_ type: TypeReference) -> Bool {
        switch type {
        case .list(let inner), .map(let inner), .nullable(let inner): isDeprecated(inner)
        case .model(let index): model.types.indices.contains(index) && model.types[index].isDeprecated
        default: false
        }
    }

    /// Whether a class that names such types must say so, to be compiled without warnings.
    func suppressions(_ types: some Sequence<TypeReference>) -> [String] {
        types.contains(where: isDeprecated) ? [Self.suppression] : []
    }

    /// For classes that name everything of the API.
    var allSuppressions: [String] {
        let isAnyDeprecated = model.types.contains { type in
            if type.isDeprecated { return true }
            if case .structure(let structure) = type.shape { return structure.fields.contains(where: \.isDeprecated) }
            return false
        }
        let isAnyParameter = model.operations.contains { $0.parameters.contains(where: \.isDeprecated) }
        let isAnyRoute = model.socket?.routes.contains(where: \.isDeprecated) ?? false
        return isAnyDeprecated || isAnyParameter || isAnyRoute ? [Self.suppression] : []
    }

    private static let suppression = "SuppressWarnings(\"deprecation\")"
}
