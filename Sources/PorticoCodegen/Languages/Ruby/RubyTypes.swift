/// Types of the model as codecs, as types of signatures, and as samples.
struct RubyTypes {
    let model: ClientModel
    let symbols: RubySymbols

    /// The constant of a model.
    func constant(_ index: Int) -> String {
        "Models::" + (symbols.types.indices.contains(index) ? symbols.types[index] : "")
    }

    /// The codec of a type.
    func codec(_ type: TypeReference) -> RubyExpression {
        switch type {
        case .string: .name("Codecs::STRING")
        case .boolean: .name("Codecs::BOOLEAN")
        case .int32: .name("Codecs::INT32")
        case .int64: .name("Codecs::INT64")
        case .integer: .name("Codecs::INTEGER")
        case .double: .name("Codecs::DOUBLE")
        case .bytes: .name("Codecs::BYTES")
        case .timestamp: .name("Codecs::TIMESTAMP")
        case .date: .name("Codecs::DATE")
        case .json: .name("Codecs::ANY")
        case .list(let element): .call(.name("Codecs"), "list", [codec(element)])
        case .map(let value): .call(.name("Codecs"), "map", [codec(value)])
        case .nullable(let inner): .call(.name("Codecs"), "nullable", [codec(inner)])
        case .model(let index):
            if case .enumeration? = shape(index) { .name("Codecs::STRING") } else { .name(constant(index)) }
        }
    }

    /// The type in signatures.
    func type(_ type: TypeReference) -> RubyType {
        switch type {
        case .string, .bytes: .named("String")
        case .boolean: .boolean
        case .int32, .int64, .integer: .named("Integer")
        case .double: .named("Float")
        case .timestamp: .named("Time")
        case .date: .named("Date")
        case .json: .untyped
        case .list(let element): .generic("Array", [self.type(element)])
        case .map(let value): .generic("Hash", [.named("String"), self.type(value)])
        case .nullable(let inner): .optional(self.type(inner))
        case .model(let index):
            switch shape(index) {
            case .enumeration?: .named("String")
            case .union?: .named("Models::" + (symbols.aliases[index] ?? ""))
            default: .named(constant(index))
            }
        }
    }

    /// What a model is.
    func shape(_ index: Int) -> ModelType.Shape? {
        model.types.indices.contains(index) ? model.types[index].shape : nil
    }

    /// Whether a type is a union or a union of unions that has this one among its types.
    func leads(_ type: TypeReference, to target: Int) -> Bool {
        var seen: Set<Int> = []
        var pending = [type]
        while let next = pending.popLast() {
            guard case .model(let index) = next.withoutNull, case .union(let union)? = shape(index) else { continue }
            if index == target { return true }
            if seen.insert(index).inserted { pending += union.variants.map(\.type) }
        }
        return false
    }

    /// The fields of a type with their attributes, if it is a structure.
    func fields(_ type: TypeReference) -> [(field: Field, name: String)] {
        guard case .model(let index) = type.withoutNull, case .structure(let structure)? = shape(index) else {
            return []
        }
        return Array(zip(structure.fields, symbols.members[index])).map { (field: $0, name: $1) }
    }

    /// Readers that follow a path of properties.
    func readers(_ path: [String], of type: TypeReference) -> [RubyExpression] {
        var type = type
        return path.compactMap { wireName in
            guard let (field, name) = fields(type).first(where: { $0.field.wireName == wireName }) else { return nil }
            type = field.type
            return .symbol(name)
        }
    }
}
