/// Says how the variants of unions are told apart, once all types are known.
enum UnionMatchers {
    /// The types with matchers, with variants in the order in which they are tried, and with the discriminator's value as
    /// a constant of each structure that has only one.
    static func completed(_ types: [ModelType]) -> [ModelType] {
        var types = types
        setDiscriminators(in: &types)
        for index in types.indices {
            guard case .union(var union) = types[index].shape else { continue }
            for variant in union.variants.indices {
                union.variants[variant].matcher = matcher(union.variants[variant].type, types)
            }
            if union.discriminator == nil {
                union.variants = sorted(union.variants)
            }
            types[index].shape = .union(union)
        }
        return types
    }

    /// What asks for more is tried first; the order of the document decides between equals.
    static func sorted(_ variants: [Variant]) -> [Variant] {
        variants.enumerated().sorted { left, right in
            let (first, second) = (weight(left.element.matcher), weight(right.element.matcher))
            return (second, left.offset) < (first, right.offset)
        }.map(\.element)
    }

    private static func weight(_ matcher: Matcher) -> Int {
        if matcher.kind == .any { return -1 }
        return matcher.constants.count * 1000 + matcher.requiredProperties.count
    }

    private static func matcher(_ type: TypeReference, _ types: [ModelType]) -> Matcher {
        switch type {
        case .string, .bytes, .timestamp, .date: return Matcher(kind: .string)
        case .boolean: return Matcher(kind: .boolean)
        case .int32, .int64, .integer, .double: return Matcher(kind: .number)
        case .list: return Matcher(kind: .array)
        case .map: return Matcher(kind: .object)
        case .json: return Matcher(kind: .any)
        case .nullable(let inner): return matcher(inner, types)
        case .model(let index):
            guard types.indices.contains(index) else { return Matcher(kind: .any) }
            switch types[index].shape {
            case .enumeration: return Matcher(kind: .string)
            case .union: return Matcher(kind: .any)
            case .structure(let structure):
                return Matcher(
                    kind: .object, requiredProperties: structure.fields.filter(\.isRequired).map(\.wireName),
                    constants: structure.fields.compactMap { field in
                        field.constant.map { Matcher.Constant(property: field.wireName, values: [$0]) }
                    })
            }
        }
    }

    private static func setDiscriminators(in types: inout [ModelType]) {
        // Property and value of each structure; `nil` value where unions disagree or a structure has several.
        var wanted: [Int: [(property: String, value: String?)]] = [:]
        for type in types {
            guard case .union(let union) = type.shape, let property = union.discriminator else { continue }
            for variant in union.variants {
                guard case .model(let target) = variant.type else { continue }
                let value = variant.discriminatorValues.count == 1 ? variant.discriminatorValues[0] : nil
                if let known = wanted[target]?.firstIndex(where: { $0.property == property }) {
                    if wanted[target]?[known].value != value { wanted[target]?[known].value = nil }
                } else {
                    wanted[target, default: []].append((property, value))
                }
            }
        }
        for (target, properties) in wanted {
            guard types.indices.contains(target), case .structure(var structure) = types[target].shape else { continue }
            for (property, value) in properties {
                let field = structure.fields.firstIndex { $0.wireName == property }
                guard let value else {
                    // Which of several values it is must survive, so a structure that does not declare it has it too.
                    if field == nil {
                        structure.fields.append(Field(wireName: property, type: .string, isRequired: false))
                    }
                    continue
                }
                if let field {
                    structure.fields[field].type = .string
                    structure.fields[field].isRequired = true
                    structure.fields[field].constant = value
                } else {
                    structure.fields.append(
                        Field(wireName: property, type: .string, isRequired: true, constant: value))
                }
            }
            types[target].shape = .structure(structure)
        }
    }
}
