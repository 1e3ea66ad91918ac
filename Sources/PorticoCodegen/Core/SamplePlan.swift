/// How an example of a named type is made so that it ends.
struct SamplePlan {
    /// Number of the variant of a union.
    var variant = 0
    /// Number of values in the example, without the elements of lists and maps.
    var size = 1
    /// Properties that are null because their values would have no end.
    var nulls: Set<String> = []

    /// Most of them. Types that require two of the next type double with each, so there is an end.
    static let sizeLimit = 500

    /// The fields that an example of a structure has: the required ones; if none is, those that are no named types.
    static func fields(of structure: Structure) -> [Field] {
        let required = structure.fields.filter(\.isRequired)
        if !required.isEmpty { return required }
        return structure.fields.filter { model($0.type) == nil }
    }

    /// A plan for each type; `nil` for types whose values have no end or too many parts.
    ///
    /// A type is planned when all are that it needs. Where none is left but unions that lead back to themselves, one that
    /// has a variant with an end goes on with that; then structures whose other parts may be null.
    static func plans(for types: [ModelType]) -> [SamplePlan?] {
        var plans = [SamplePlan?](repeating: nil, count: types.count)
        // What waits for a type, and for how many types a type waits; of those, how many may not be null.
        var waiting = [[(index: Int, isNullable: Bool)]](repeating: [], count: types.count)
        var missing = [Int](repeating: 0, count: types.count)
        var missingValues = [Int](repeating: 0, count: types.count)
        var ready: [Int] = []
        var unions: [Int] = []
        var nullable: [Int] = []
        for (index, type) in types.enumerated() {
            let needed = needed(type.shape).filter { types.indices.contains($0.index) }
            missing[index] = needed.count
            missingValues[index] = needed.count { !$0.isNullable }
            for target in needed { waiting[target.index].append((index, target.isNullable)) }
            if needed.isEmpty {
                ready.append(index)
            } else if hasScalarVariant(type.shape) {
                unions.append(index)
            } else if missingValues[index] == 0 {
                nullable.append(index)
            }
        }
        var nextReady = 0
        var nextUnion = 0
        var nextNullable = 0
        while true {
            let index: Int
            var hasNulls = false
            if nextReady < ready.count {
                index = ready[nextReady]
                nextReady += 1
            } else if nextUnion < unions.count {
                index = unions[nextUnion]
                nextUnion += 1
            } else if nextNullable < nullable.count {
                index = nullable[nextNullable]
                nextNullable += 1
                hasNulls = true
            } else {
                return plans
            }
            guard plans[index] == nil, let plan = plan(types[index].shape, plans, hasNulls) else { continue }
            plans[index] = plan
            for (dependent, isNullable) in waiting[index] {
                missing[dependent] -= 1
                if !isNullable { missingValues[dependent] -= 1 }
                if missing[dependent] == 0 {
                    ready.append(dependent)
                } else if case .union = types[dependent].shape {
                    unions.append(dependent)
                } else if !isNullable, missingValues[dependent] == 0 {
                    nullable.append(dependent)
                }
            }
        }
    }

    private static func plan(_ shape: ModelType.Shape, _ plans: [SamplePlan?], _ hasNulls: Bool) -> SamplePlan? {
        func size(_ type: TypeReference) -> Int? {
            guard let target = model(type) else { return 1 }
            return plans.indices.contains(target) ? plans[target]?.size : nil
        }
        switch shape {
        case .enumeration: return SamplePlan()
        case .union(let union):
            for (variant, type) in union.variants.map(\.type).enumerated() {
                if let size = size(type) { return SamplePlan(variant: variant, size: size) }
            }
            return nil
        case .structure(let structure):
            var total = 1
            var nulls: Set<String> = []
            for field in fields(of: structure) where field.constant == nil {
                if let size = size(field.type) {
                    total += size
                } else if hasNulls, field.type.isNullable {
                    total += 1
                    nulls.insert(field.wireName)
                } else {
                    return nil
                }
            }
            return total <= sizeLimit ? SamplePlan(size: total, nulls: nulls) : nil
        }
    }

    /// Types without which there is no example.
    private static func needed(_ shape: ModelType.Shape) -> [(index: Int, isNullable: Bool)] {
        let types =
            switch shape {
            case .enumeration: [TypeReference]()
            case .union(let union): union.variants.map(\.type)
            case .structure(let structure): fields(of: structure).filter { $0.constant == nil }.map(\.type)
            }
        return types.compactMap { type in model(type).map { ($0, type.isNullable) } }
    }

    private static func hasScalarVariant(_ shape: ModelType.Shape) -> Bool {
        guard case .union(let union) = shape else { return false }
        return union.variants.contains { model($0.type) == nil }
    }

    private static func model(_ type: TypeReference) -> Int? {
        if case .model(let index) = type.withoutNull { return index }
        return nil
    }
}
