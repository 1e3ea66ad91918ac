internal import PorticoSyntax

/// Example values for samples in documentation: the same for the same type, whatever the language.
struct SampleValues {
    private let types: [ModelType]

    init(_ model: ClientModel) { types = model.types }

    /// An example of a type. Structures have their required fields, or all scalar ones if none is required; recursion ends
    /// with null, an empty list or an empty map.
    func value(of type: TypeReference, name: String = "value") -> JSONValue { value(of: type, name, []) }

    private func value(of type: TypeReference, _ name: String, _ open: Set<Int>) -> JSONValue {
        switch type {
        case .string: return .string(text(for: name))
        case .boolean: return .boolean(true)
        case .int32, .int64, .integer: return .number("1")
        case .double: return .number("1.5")
        case .bytes: return .string("aGVsbG8=")
        case .timestamp: return .string("2026-01-02T03:04:05Z")
        case .date: return .string("2026-01-02")
        case .json: return .object([])
        case .nullable(let inner): return value(of: inner, name, open)
        case .list(let element): return isOpen(element, open) ? .array([]) : .array([value(of: element, name, open)])
        case .map(let element):
            if element == .json || isOpen(element, open) { return .object([]) }
            return .object([JSONMember("key", value(of: element, name, open))])
        case .model(let index):
            guard types.indices.contains(index), !open.contains(index) else { return .null }
            return value(of: types[index], open.union([index]))
        }
    }

    private func isOpen(_ type: TypeReference, _ open: Set<Int>) -> Bool {
        if case .model(let index) = type.withoutNull { return open.contains(index) }
        return false
    }

    private func value(of type: ModelType, _ open: Set<Int>) -> JSONValue {
        switch type.shape {
        case .enumeration(let values): return .string(values.first ?? "")
        case .union(let union): return union.variants.first.map { value(of: $0.type, $0.name, open) } ?? .null
        case .structure(let structure):
            var fields = structure.fields.filter(\.isRequired)
            if fields.isEmpty {
                fields = structure.fields.filter { field in
                    if case .model = field.type.withoutNull { return false }
                    return true
                }
            }
            return .object(
                fields.map { field in
                    JSONMember(
                        field.wireName,
                        field.constant.map { .string($0) } ?? value(of: field.type, field.wireName, open))
                })
        }
    }

    private func text(for name: String) -> String {
        let words = NameWords(name).words
        if words.contains("email") { return "ada@example.com" }
        if words.contains("url") || words.contains("uri") { return "https://example.com" }
        if words.contains("id") || words.last?.hasSuffix("id") == true { return "1" }
        return words.joined(separator: " ")
    }
}
