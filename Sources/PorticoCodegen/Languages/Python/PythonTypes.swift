/// Types as annotations, which checkers read, and as descriptions, which the library decodes by.
struct PythonTypes {
    let model: ClientModel
    let symbols: PythonSymbols
    /// What stands before the names of models: nothing in their own module.
    let prefix: String
    /// Built-in types that members of the class around hide.
    var hidden: Set<String> = []

    /// A type as an annotation.
    func annotation(_ type: TypeReference) -> String {
        switch type {
        case .string: builtIn("str")
        case .boolean: builtIn("bool")
        case .int32, .int64, .integer: builtIn("int")
        case .double: builtIn("float")
        case .bytes: builtIn("bytes")
        case .timestamp: "dt.datetime"
        case .date: "dt.date"
        case .json: "lib.JSON"
        case .list(let element): builtIn("list") + "[\(annotation(element))]"
        case .map(let element): builtIn("dict") + "[\(builtIn("str")), \(annotation(element))]"
        case .nullable(let inner): annotation(inner) + " | None"
        case .model(let index): symbols.types.indices.contains(index) ? prefix + symbols.types[index] : "lib.JSON"
        }
    }

    /// A type that may be left out, with the value that means it. Where null is a value of its own, that is `UNSET`.
    func optional(_ type: TypeReference) -> (annotation: String, initial: PythonExpression) {
        takesNull(type)
            ? (annotation(type) + " | lib.Unset", .name("lib.UNSET")) : (annotation(type) + " | None", .none)
    }

    /// Whether JSON null is a value of it.
    func takesNull(_ type: TypeReference) -> Bool { type == .json || type.isNullable }

    /// A built-in type, by its module if its name means something else here.
    func builtIn(_ name: String) -> String { hidden.contains(name) ? "builtins." + name : name }

    /// A type as the library's description of it.
    func description(_ type: TypeReference) -> PythonExpression {
        switch type {
        case .string: .name("lib.STRING")
        case .boolean: .name("lib.BOOLEAN")
        case .int32: .name("lib.INT32")
        case .int64, .integer: .name("lib.INT64")
        case .double: .name("lib.DOUBLE")
        case .bytes: .name("lib.BYTES")
        case .timestamp: .name("lib.TIMESTAMP")
        case .date: .name("lib.DATE")
        case .json: .name("lib.ANY")
        case .list(let element): .call("lib.ListOf", [.init(description(element))])
        case .map(let element): .call("lib.MapOf", [.init(description(element))])
        case .nullable(let inner): .call("lib.Nullable", [.init(description(inner))])
        case .model(let index): named(index)
        }
    }

    private func named(_ index: Int) -> PythonExpression {
        guard symbols.types.indices.contains(index) else { return .name("lib.ANY") }
        return .name(prefix + (symbols.unions[index].isEmpty ? symbols.types[index] : symbols.unions[index]))
    }

    /// Types that a value of a union can have in Python, each once. Unions in unions are opened, so that no alias leads to
    /// itself without a class between.
    func members(_ union: Union) -> [String] {
        var result: [String] = []
        var seen: Set<Int> = []
        func add(_ union: Union) {
            for variant in union.variants {
                if case .model(let index) = variant.type, model.types.indices.contains(index),
                    case .union(let inner) = model.types[index].shape
                {
                    if seen.insert(index).inserted { add(inner) }
                    continue
                }
                let name = annotation(variant.type)
                if !result.contains(name) { result.append(name) }
            }
        }
        add(union)
        return result
    }
}
