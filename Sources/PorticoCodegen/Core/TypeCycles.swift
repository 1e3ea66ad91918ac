/// Finds types that contain themselves without a list or map between: languages with value types put a box there.
enum TypeCycles {
    /// The types with ``Field/isRecursive`` and ``Variant/isRecursive`` set.
    static func marked(_ types: [ModelType]) -> [ModelType] {
        let component = components(types.map { targets($0.shape) })
        var types = types
        for index in types.indices {
            func isInside(_ type: TypeReference) -> Bool {
                guard case .model(let target) = type.withoutNull else { return false }
                return component[target] == component[index]
            }
            switch types[index].shape {
            case .structure(var structure):
                for field in structure.fields.indices {
                    structure.fields[field].isRecursive = isInside(structure.fields[field].type)
                }
                types[index].shape = .structure(structure)
            case .union(var union):
                for variant in union.variants.indices {
                    union.variants[variant].isRecursive = isInside(union.variants[variant].type)
                }
                types[index].shape = .union(union)
            case .enumeration: break
            }
        }
        return types
    }

    /// Types without variants that are unions and lead back to their union by unions alone; `report` is told the union
    /// and the type of each. A union that has no other variants is any JSON.
    static func withoutCircularUnions(_ types: [ModelType], report: (Int, Int) -> Void) -> [ModelType] {
        func isUnion(_ index: Int) -> Bool {
            if case .union = types[index].shape { return true }
            return false
        }
        let edges = types.indices.map { isUnion($0) ? targets(types[$0].shape).filter(isUnion) : [] }
        let component = components(edges)
        var types = types
        for index in types.indices {
            guard case .union(var union) = types[index].shape else { continue }
            let count = union.variants.count
            union.variants.removeAll { variant in
                guard case .model(let target) = variant.type.withoutNull, isUnion(target),
                    component[target] == component[index]
                else { return false }
                report(index, target)
                return true
            }
            guard union.variants.count < count else { continue }
            if union.variants.isEmpty {
                union.discriminator = nil
                union.variants = [
                    Variant(name: "json", type: .json, discriminatorValues: [], matcher: Matcher(kind: .any))
                ]
            }
            types[index].shape = .union(union)
        }
        return types
    }

    private static func targets(_ shape: ModelType.Shape) -> [Int] {
        let references: [TypeReference] =
            switch shape {
            case .structure(let structure): structure.fields.map(\.type)
            case .union(let union): union.variants.map(\.type)
            case .enumeration: []
            }
        return references.compactMap { reference in
            guard case .model(let target) = reference.withoutNull else { return nil }
            return target
        }
    }

    /// Number of the strongly connected component of each node (Tarjan's algorithm, without recursion: chains of types
    /// may be as long as the document).
    private static func components(_ edges: [[Int]]) -> [Int] {
        var index = [Int](repeating: -1, count: edges.count)
        var low = index
        var component = index
        var isOnStack = [Bool](repeating: false, count: edges.count)
        var stack: [Int] = []
        var next = 0
        for root in edges.indices where index[root] < 0 {
            var frames: [(node: Int, edge: Int)] = [(root, 0)]
            while let frame = frames.last {
                let node = frame.node
                if frame.edge == 0, index[node] < 0 {
                    index[node] = next
                    low[node] = next
                    next += 1
                    stack.append(node)
                    isOnStack[node] = true
                }
                if frame.edge < edges[node].count {
                    frames[frames.count - 1].edge += 1
                    let target = edges[node][frame.edge]
                    guard edges.indices.contains(target) else { continue }
                    if index[target] < 0 {
                        frames.append((target, 0))
                    } else if isOnStack[target] {
                        low[node] = min(low[node], index[target])
                    }
                    continue
                }
                frames.removeLast()
                if let parent = frames.last?.node { low[parent] = min(low[parent], low[node]) }
                guard low[node] == index[node] else { continue }
                while let member = stack.popLast() {
                    isOnStack[member] = false
                    component[member] = node
                    if member == node { break }
                }
            }
        }
        return component
    }
}
