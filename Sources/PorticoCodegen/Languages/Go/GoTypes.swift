/// Types of Go for types of the model.
///
/// Null is a nil pointer. An optional value is a nil pointer, list or map if it is absent; one that may also be null is a
/// `Nullable`.
struct GoTypes {
    let model: ClientModel
    let symbols: GoSymbols

    /// The type of a value that is there.
    func text(_ type: TypeReference) -> String {
        switch type {
        case .string: "string"
        case .boolean: "bool"
        case .int32: "int32"
        case .int64, .integer: "int64"
        case .double: "float64"
        case .bytes: "[]byte"
        case .timestamp: "time.Time"
        case .date: "Date"
        case .json: "json.RawMessage"
        case .list(let element): "[]" + text(element)
        case .map(let value): "map[string]" + text(value)
        case .nullable(let inner): "*" + text(inner)
        case .model(let index): symbols.types.indices.contains(index) ? symbols.types[index] : "json.RawMessage"
        }
    }

    /// The type of a field or parameter.
    func text(_ type: TypeReference, isRequired: Bool) -> String {
        if isRequired { return text(type) }
        if case .nullable(let inner) = type { return "Nullable[\(text(inner))]" }
        return hasNil(type) ? text(type) : "*" + text(type)
    }

    /// Whether values of it can be nil without a pointer to them.
    func hasNil(_ type: TypeReference) -> Bool {
        switch type {
        case .bytes, .json, .list, .map, .nullable: true
        default: false
        }
    }

    /// What a method returns.
    func output(_ type: TypeReference) -> String { isPointerOutput(type) ? "*" + text(type) : text(type) }

    /// Whether a result is a structure or union, which are returned by pointer.
    func isPointerOutput(_ type: TypeReference) -> Bool {
        guard case .model(let index) = type, model.types.indices.contains(index) else { return false }
        if case .enumeration = model.types[index].shape { return false }
        return true
    }

    /// Packages that a type is made of.
    func imports(_ type: TypeReference) -> [String] {
        switch type {
        case .timestamp: ["time"]
        case .json: ["encoding/json"]
        case .list(let inner), .map(let inner), .nullable(let inner): imports(inner)
        case .model(let index): symbols.types.indices.contains(index) ? [] : ["encoding/json"]
        default: []
        }
    }

    /// Whether a required field leads back to its own structure by required fields alone, so that no value of it can end.
    /// Go wants a pointer there.
    func isEndless(_ field: Field, in owner: Int) -> Bool {
        guard field.isRecursive, let start = endlessTarget(field) else { return false }
        var open = [start]
        var seen: Set<Int> = [start]
        while let index = open.popLast() {
            if index == owner { return true }
            guard case .structure(let structure) = model.types[index].shape else { continue }
            for next in structure.fields where next.isRecursive {
                if let target = endlessTarget(next), seen.insert(target).inserted { open.append(target) }
            }
        }
        return false
    }

    private func endlessTarget(_ field: Field) -> Int? {
        guard field.isRequired, case .model(let index) = field.type, model.types.indices.contains(index) else {
            return nil
        }
        return index
    }
}
