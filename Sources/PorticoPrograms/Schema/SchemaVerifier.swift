/// Checks the tables of a program, so that the machine can read them without looking: indices within their tables,
/// texts within the pool, well-formed numbers and constants, no cycle of schemas that apply to the same value.
struct SchemaVerifier {
    private let parts: SchemaParts

    init(_ parts: SchemaParts) { self.parts = parts }

    /// The first thing that does not hold, or `nil`.
    func failure() -> String? {
        guard !parts.nodes.isEmpty, parts.nodes[0] == SchemaNode() else { return "no node for everything" }
        guard parts.labels.count == parts.nodes.count else { return "labels" }
        guard isNode(parts.root) else { return "root" }
        for node in parts.nodes {
            guard node.types & ~SchemaTypes.all == 0 else { return "type" }
            guard isRule(node.text, parts.strings.count), isRule(node.number, parts.numbers.count),
                isRule(node.array, parts.arrays.count), isRule(node.object, parts.objects.count)
            else { return "rule" }
            guard isRange(node.combinators, node.combinatorCount, parts.combinators.count) else { return "combinators" }
            guard isEnumeration(node) else { return "enum" }
        }
        guard parts.strings.allSatisfy({ isRule($0.pattern, parts.patterns.count) }) else { return "pattern" }
        guard parts.strings.allSatisfy({ SchemaFormat(rawValue: $0.format) != nil }) else { return "format" }
        for rule in parts.numbers {
            guard isRule(rule.minimum, parts.decimals.count), isRule(rule.maximum, parts.decimals.count),
                isRule(rule.divisor, parts.decimals.count)
            else { return "limit" }
            if rule.divisor != noSchemaRule, !isDivisor(parts.decimals[Int(rule.divisor)]) { return "divisor" }
        }
        for rule in parts.arrays {
            guard rule.rest == ObjectRule.forbidden || isNode(rule.rest),
                isRange(rule.tuple, rule.tupleCount, parts.links.count)
            else { return "items" }
        }
        // One after the other, so that damage cannot make a small file ask for large hash tables.
        var next: UInt32 = 0
        for rule in parts.objects {
            guard rule.properties == next else { return "properties out of order" }
            if let failure = failure(rule) { return failure }
            next = rule.properties + rule.propertyCount
        }
        guard parts.properties.allSatisfy({ isText($0.name) && isNode($0.node) && $0.flags < 4 }) else {
            return "property"
        }
        guard parts.patternRules.allSatisfy({ Int($0.pattern) < parts.patterns.count && isNode($0.node) }) else {
            return "pattern property"
        }
        for rule in parts.dependencies {
            guard isText(rule.trigger), rule.node == noSchemaRule || isNode(rule.node),
                isRange(rule.names, rule.nameCount, parts.names.count)
            else { return "dependency" }
        }
        for rule in parts.combinators {
            guard CombinatorRule.Kind(rawValue: rule.kind) != nil, isRange(rule.links, rule.count, parts.links.count)
            else { return "combinator" }
        }
        guard parts.links.allSatisfy({ isNode($0) }), parts.names.allSatisfy({ isText($0) }) else { return "list" }
        if let failure = constantFailure() { return failure }
        guard parts.decimals.allSatisfy({ isNumber($0) }) else { return "number" }
        return SchemaCycles.find(parts) == nil ? nil : "a cycle"
    }

    private func failure(_ rule: ObjectRule) -> String? {
        guard isRange(rule.properties, rule.propertyCount, parts.properties.count),
            isRange(rule.patterns, rule.patternCount, parts.patternRules.count),
            isRange(rule.dependencies, rule.dependencyCount, parts.dependencies.count),
            rule.additional == ObjectRule.forbidden || isNode(rule.additional)
        else { return "object" }
        var required: UInt32 = 0
        for property in parts.properties[Int(rule.properties)..<Int(rule.properties) + Int(rule.propertyCount)] {
            if property.flags & PropertyRule.isRequired != 0 { required += 1 }
        }
        return required == rule.requiredCount ? nil : "required"
    }

    /// Constants are in pre-order: each container spans its children exactly.
    private func constantFailure() -> String? {
        // The ends and the children still missing of the containers that are open.
        var open: [(end: Int, left: UInt32, isObject: Bool, wantsKey: Bool)] = []
        for (index, constant) in parts.constants.enumerated() {
            guard isText(constant.text), let kind = JSONNodeKind(rawValue: UInt8(clamping: constant.kind)),
                constant.next > index, Int(constant.next) <= parts.constants.count
            else { return "constant" }
            if let last = open.indices.last {
                guard Int(constant.next) <= open[last].end else { return "constant beyond its container" }
                guard (kind == .key) == open[last].wantsKey else { return "key" }
                if kind != .key {
                    guard open[last].left > 0 else { return "surplus constant" }
                    open[last].left -= 1
                }
                if open[last].isObject { open[last].wantsKey.toggle() }
            } else if kind == .key {
                return "key"
            }
            switch kind {
            case .null, .false, .true, .string, .key:
                guard constant.next == index + 1 else { return "constant" }
            case .number:
                guard constant.next == index + 1, isNumber(constant.text) else { return "constant" }
            case .array, .object:
                guard open.count < SchemaCompiler.maximumConstantDepth else { return "deep constant" }
                open.append((Int(constant.next), constant.count, kind == .object, kind == .object))
            case .integer, .escapedString, .escapedKey: return "constant"
            }
            while let last = open.last, last.end == index + 1 {
                guard last.left == 0, !last.isObject || last.wantsKey else { return "missing constant" }
                open.removeLast()
            }
        }
        return open.isEmpty ? nil : "open constant"
    }

    private func isEnumeration(_ node: SchemaNode) -> Bool {
        var place = Int(node.enumeration)
        for _ in 0..<node.enumerationCount {
            guard place < parts.constants.count, parts.constants[place].kind != UInt32(JSONNodeKind.key.rawValue),
                parts.constants[place].next > place
            else { return false }
            place = Int(parts.constants[place].next)
        }
        return true
    }

    private func isNode(_ index: UInt32) -> Bool { Int(index) < parts.nodes.count }

    private func isRule(_ index: UInt32, _ count: Int) -> Bool { index == noSchemaRule || Int(index) < count }

    private func isRange(_ start: UInt32, _ length: UInt32, _ count: Int) -> Bool { Int(start) + Int(length) <= count }

    private func isText(_ text: SchemaText) -> Bool { isRange(text.offset, text.length, parts.bytes.count) }

    private func isNumber(_ text: SchemaText) -> Bool { isText(text) && SchemaNumberText.isNumber(parts.text(text)) }

    private func isDivisor(_ text: SchemaText) -> Bool {
        isNumber(text) && SchemaNumberText.isDivisor(parts.text(text))
    }
}

/// Looks for schemas that apply to the same value in a circle.
enum SchemaCycles {
    /// A node that leads back to itself without going into the value, or `nil`. Nodes, links and rules must be in range.
    static func find(_ parts: SchemaParts) -> Int? {
        // 0: not seen, 1: on the path, 2: done.
        var states = [UInt8](repeating: 0, count: parts.nodes.count)
        for start in parts.nodes.indices where states[start] == 0 {
            var path: [(node: Int, edges: [UInt32])] = [(start, edges(of: start, parts))]
            states[start] = 1
            while let last = path.indices.last {
                guard let target = path[last].edges.popLast().map({ Int($0) }) else {
                    states[path[last].node] = 2
                    path.removeLast()
                    continue
                }
                switch states[target] {
                case 0:
                    states[target] = 1
                    path.append((target, edges(of: target, parts)))
                case 1: return target
                default: break
                }
            }
        }
        return nil
    }

    /// The nodes that the same value must meet.
    private static func edges(of node: Int, _ parts: SchemaParts) -> [UInt32] {
        let rule = parts.nodes[node]
        var edges: [UInt32] = []
        for combinator in parts.combinators[Int(rule.combinators)..<Int(rule.combinators) + Int(rule.combinatorCount)] {
            edges.append(contentsOf: parts.links[Int(combinator.links)..<Int(combinator.links) + Int(combinator.count)])
        }
        if rule.object != noSchemaRule {
            let object = parts.objects[Int(rule.object)]
            let range = Int(object.dependencies)..<Int(object.dependencies) + Int(object.dependencyCount)
            edges.append(contentsOf: parts.dependencies[range].map(\.node).filter { $0 != noSchemaRule })
        }
        return edges
    }
}
