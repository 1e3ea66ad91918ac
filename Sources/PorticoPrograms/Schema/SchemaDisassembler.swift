/// Prints a program for `portico dump` and golden tests: one line for each node, with what it demands below.
struct SchemaDisassembler {
    private let parts: SchemaParts
    private var lines: [String] = []

    init(_ parts: SchemaParts) { self.parts = parts }

    /// The whole program as text.
    mutating func run() -> String {
        lines = ["root \(name(parts.root))"]
        for index in parts.nodes.indices.dropFirst() { print(index) }
        return lines.joined(separator: "\n") + "\n"
    }

    private mutating func print(_ index: Int) {
        let node = parts.nodes[index]
        lines.append("node \(index) \(quoted(parts.labels[index]))")
        if node.types != SchemaTypes.all {
            let names = SchemaTypes.table.filter { $0.mask & ~node.types == 0 }.map(\.name)
            add("type", names.joined(separator: " | "))
        }
        if node.text != noSchemaRule { print(parts.strings[Int(node.text)]) }
        if node.number != noSchemaRule { print(parts.numbers[Int(node.number)]) }
        if node.array != noSchemaRule { print(parts.arrays[Int(node.array)]) }
        if node.object != noSchemaRule { print(parts.objects[Int(node.object)]) }
        var constant = Int(node.enumeration)
        for _ in 0..<node.enumerationCount {
            let value = parts.constants[constant]
            let kind = JSONNodeKind(rawValue: UInt8(truncatingIfNeeded: value.kind)) ?? .null
            let text = value.text.length > 0 || kind == .string ? " " + quoted(parts.text(value.text)) : ""
            add("enum", "\(kind)\(text)\(kind.isContainer ? " of \(value.count)" : "")")
            constant = Int(value.next)
        }
        for rule in parts.combinators[range(node.combinators, node.combinatorCount)] {
            let word =
                switch CombinatorRule.Kind(rawValue: rule.kind) {
                case .all: "allOf"
                case .any: "anyOf"
                case .none?: "not"
                case .one: "oneOf"
                case nil: "?"
                }
            add(word, parts.links[range(rule.links, rule.count)].map { name($0) }.joined(separator: " "))
        }
    }

    private mutating func print(_ rule: StringRule) {
        limits("length", rule.minimum, rule.maximum)
        if rule.pattern != noSchemaRule { add("pattern", quoted(parts.patterns[Int(rule.pattern)].text)) }
        if let format = SchemaFormat(rawValue: rule.format), format != .none { add("format", format.row.name) }
    }

    private mutating func print(_ rule: NumberRule) {
        if rule.minimum != noSchemaRule {
            add("value", (rule.minimumIsExclusive != 0 ? "> " : ">= ") + number(rule.minimum))
        }
        if rule.maximum != noSchemaRule {
            add("value", (rule.maximumIsExclusive != 0 ? "< " : "<= ") + number(rule.maximum))
        }
        if rule.divisor != noSchemaRule { add("multiple of", number(rule.divisor)) }
    }

    private mutating func print(_ rule: ArrayRule) {
        limits("elements", rule.minimum, rule.maximum)
        if rule.unique != 0 { add("elements", "unique") }
        for (position, link) in parts.links[range(rule.tuple, rule.tupleCount)].enumerated() {
            add("element \(position)", name(link))
        }
        if rule.rest != 0 { add("elements", name(rule.rest)) }
    }

    private mutating func print(_ rule: ObjectRule) {
        limits("members", rule.minimum, rule.maximum)
        for property in parts.properties[range(rule.properties, rule.propertyCount)] {
            let isRequired = property.flags & PropertyRule.isRequired != 0
            let isDeclared = property.flags & PropertyRule.isDeclared != 0
            add(
                isRequired ? "required" : "optional",
                quoted(parts.text(property.name)) + " " + (isDeclared ? name(property.node) : "undeclared"))
        }
        for pattern in parts.patternRules[range(rule.patterns, rule.patternCount)] {
            add("matching", quoted(parts.patterns[Int(pattern.pattern)].text) + " " + name(pattern.node))
        }
        if rule.additional != 0 { add("others", name(rule.additional)) }
        for dependency in parts.dependencies[range(rule.dependencies, rule.dependencyCount)] {
            let names = parts.names[range(dependency.names, dependency.nameCount)].map { quoted(parts.text($0)) }
            let wanted = dependency.node == noSchemaRule ? names.joined(separator: " ") : name(dependency.node)
            add("with", quoted(parts.text(dependency.trigger)) + " " + wanted)
        }
    }

    private mutating func limits(_ what: String, _ minimum: UInt32, _ maximum: UInt32) {
        if minimum > 0 { add(what, ">= \(minimum)") }
        if maximum < UInt32.max { add(what, "<= \(maximum)") }
    }

    private mutating func add(_ word: String, _ text: String) { lines.append("    \(word) \(text)") }

    private func name(_ node: UInt32) -> String {
        switch node {
        case 0: "anything"
        case ObjectRule.forbidden: "nothing"
        default: "node \(node)"
        }
    }

    private func number(_ index: UInt32) -> String { parts.text(parts.decimals[Int(index)]) }

    private func range(_ start: UInt32, _ count: UInt32) -> Range<Int> { Int(start)..<Int(start) + Int(count) }

    private func quoted(_ text: String) -> String {
        let output = OutputBuffer()
        JSONText.appendQuoted(text, into: output)
        return String(decoding: output.bytes, as: UTF8.self)
    }
}

extension SchemaProgram {
    /// The program as text, one line for each demand.
    public func disassemble() -> String {
        var disassembler = SchemaDisassembler(parts)
        return disassembler.run()
    }
}
