internal import PorticoSyntax

/// Example values for samples in documentation: the same for the same type, whatever the language.
struct SampleValues {
    private let types: [ModelType]
    private let plans: [SamplePlan?]

    init(_ model: ClientModel) {
        types = model.types
        plans = SamplePlan.plans(for: model.types)
    }

    /// An example of a type. Structures have their required fields, or all scalar ones if none is required; recursion ends
    /// with an empty list or map, or with a variant that ends.
    ///
    /// What has no finite value (a structure that requires itself), and what takes more than ``SamplePlan/sizeLimit``
    /// values, is null.
    func value(of type: TypeReference, name: String = "value") -> JSONValue {
        var elements = SamplePlan.sizeLimit
        return value(of: type, name, [], &elements)
    }

    /// The variant that examples of a union have, by its position; 0 where there is no example.
    func variant(ofUnion index: Int) -> Int { plans.indices.contains(index) ? plans[index]?.variant ?? 0 : 0 }

    /// An example of a type within the types that are `open`, with as many values in lists and maps as `elements` has left.
    private func value(of type: TypeReference, _ name: String, _ open: Set<Int>, _ elements: inout Int) -> JSONValue {
        switch type {
        case .string: return .string(text(for: name))
        case .boolean: return .boolean(true)
        case .int32, .int64, .integer: return .number("1")
        case .double: return .number("1.5")
        case .bytes: return .string("aGVsbG8=")
        case .timestamp: return .string("2026-01-02T03:04:05Z")
        case .date: return .string("2026-01-02")
        case .json: return .object([])
        case .nullable(let inner): return value(of: inner, name, open, &elements)
        case .list(let element):
            guard takesElement(element, open, &elements) else { return .array([]) }
            return .array([value(of: element, name, open, &elements)])
        case .map(let element):
            guard element != .json, takesElement(element, open, &elements) else { return .object([]) }
            return .object([JSONMember("key", value(of: element, name, open, &elements))])
        case .model(let index):
            guard types.indices.contains(index), let plan = plans[index] else { return .null }
            return value(of: types[index], plan, open.union([index]), &elements)
        }
    }

    /// Whether a list or map has an element: not if it leads back, nor if it has no example, nor after too many others.
    private func takesElement(_ type: TypeReference, _ open: Set<Int>, _ elements: inout Int) -> Bool {
        var size = 1
        if case .model(let index) = type.withoutNull {
            guard !open.contains(index), types.indices.contains(index), let plan = plans[index] else { return false }
            size = plan.size
        }
        guard size <= elements else { return false }
        elements -= size
        return true
    }

    private func value(of type: ModelType, _ plan: SamplePlan, _ open: Set<Int>, _ elements: inout Int) -> JSONValue {
        switch type.shape {
        case .enumeration(let values): return .string(values.first ?? "")
        case .union(let union):
            guard union.variants.indices.contains(plan.variant) else { return .null }
            let variant = union.variants[plan.variant]
            return value(of: variant.type, variant.name, open, &elements)
        case .structure(let structure):
            return .object(
                SamplePlan.fields(of: structure).map { field in
                    let isNull = plan.nulls.contains(field.wireName)
                    let value =
                        isNull
                        ? .null
                        : field.constant.map { .string($0) } ?? value(of: field.type, field.wireName, open, &elements)
                    return JSONMember(field.wireName, value)
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
