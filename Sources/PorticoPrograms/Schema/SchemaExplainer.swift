internal import PorticoSyntax

/// One thing that a value does not meet.
public struct SchemaViolation: Sendable, Hashable {
    /// Where the value stands in the body, as a JSON pointer.
    public var pointer: String
    /// Where the value begins in the bytes of the body.
    public var offset: Int
    /// The keyword that refuses it.
    public var keyword: String
    /// What json-schema-validator says of it.
    public var message: String
    /// Where the schema stands: a JSON pointer, behind the name of its document and `#` if it is another one.
    public var schemaPointer: String

    /// Makes a violation.
    public init(pointer: String, offset: Int, keyword: String, message: String, schemaPointer: String) {
        self.pointer = pointer
        self.offset = offset
        self.keyword = keyword
        self.message = message
        self.schemaPointer = schemaPointer
    }
}

/// Says why a body is refused, in the words and the order of json-schema-validator: the keywords of a schema in
/// alphabetical order; then, unless something was found already, the members by name or the elements in order. What
/// fails within a combinator is told by the combinator alone.
///
/// In depth, for people who want to mend all of it, members and elements are looked into whatever was found before, and
/// so are the branches of `allOf`.
///
/// *Source:* json-schema-validator 2.2, `InstanceValidator`, `ValidatorBuilder`, `validation.properties`. API Gateway
/// prints the messages as a Java list.
struct SchemaExplainer {
    /// Messages of one body.
    static let messageLimit = 20
    /// Bytes of the longest value that a message quotes.
    static let quoteLimit = 1024
    /// Members that are named or looked into; a body may have very many.
    static let memberLimit = 1000
    /// What is said of a body that takes too many steps or levels.
    static let limitMessage = "[validation takes more steps than allowed]"

    let parts: SchemaParts
    let tables: UnsafePointer<SchemaTables>
    var machine: SchemaMachine
    private let limit: Int
    private let isDeep: Bool
    private(set) var violations: [SchemaViolation] = []
    /// The names and positions that lead to the value under way.
    private var path: [String] = []
    /// The schema under way, and the value.
    private var schema = 0
    private var place = 0

    init(_ program: SchemaProgram, _ machine: SchemaMachine, limit: Int = Self.messageLimit, inDepth: Bool = false) {
        parts = program.parts
        tables = program.tables
        self.machine = machine
        self.limit = limit
        isDeep = inDepth
    }

    /// The messages of the whole value.
    mutating func run() -> String {
        explain(tables.pointee.root, machine.tape.root)
        // A refusal always has a reason, but the search for it has fewer steps left than the refusal took.
        if violations.isEmpty { return Self.limitMessage }
        return "[" + violations.map(\.message).joined(separator: ", ") + "]"
    }

    /// What the whole value does not meet.
    mutating func collect() -> [SchemaViolation] {
        explain(tables.pointee.root, machine.tape.root)
        if violations.isEmpty || machine.hasGivenUp {
            violations.append(
                SchemaViolation(
                    pointer: "", offset: 0, keyword: "", message: String(Self.limitMessage.dropFirst().dropLast()),
                    schemaPointer: parts.labels[Int(parts.root)]))
        }
        return violations
    }

    private mutating func say(_ keyword: String, _ message: String) {
        guard violations.count < limit else { return }
        let node = machine.nodes[place]
        // The tape points behind the quote.
        let offset = Int(node.offset) - (node.kind.isString ? 1 : 0)
        violations.append(
            SchemaViolation(
                pointer: path.map { "/" + JSONPointer.escaped($0) }.joined(), offset: offset, keyword: keyword,
                message: message,
                schemaPointer: parts.labels[schema]))
    }

    private var isFull: Bool { violations.count >= limit || machine.hasGivenUp }

    /// Explains a member or an element.
    private mutating func explain(_ schema: UInt32, _ place: Int, at token: String) {
        path.append(token)
        explain(schema, place)
        path.removeLast()
    }

    private mutating func explain(_ schema: UInt32, _ place: Int) {
        guard schema != 0, !isFull, machine.enter() else { return }
        let outer = self.schema
        let outerPlace = self.place
        (self.schema, self.place) = (Int(schema), place)
        defer {
            machine.levelsLeft += 1
            (self.schema, self.place) = (outer, outerPlace)
        }
        let node = parts.nodes[Int(schema)]
        let object = node.object == noSchemaRule ? nil : parts.objects[Int(node.object)]
        let array = node.array == noSchemaRule ? nil : parts.arrays[Int(node.array)]
        let kind = machine.tape.kind(place)
        if kind == .array, let array { explainAdditionalItems(array, place) }
        if kind == .object, let object { explainAdditionalProperties(object, node, place) }
        explainCombinators(node, place, [.all, .any])
        if kind == .object, let object { explainDependencies(object, place) }
        explainEnumeration(node, place)
        explainUpperLimits(node, kind, place)
        explainLowerLimits(node, kind, place)
        explainDivisor(node, kind, place)
        explainCombinators(node, place, [.none, .one])
        explainPattern(node, kind, place)
        if kind == .object, let object { explainRequired(object, node, place) }
        explainType(node, place)
        if kind == .array, let array, array.unique != 0, !machine.hasUniqueElements(place) {
            say("uniqueItems", "array must not contain duplicate elements")
        }
        explainFormat(node, kind, place)
        guard isDeep || violations.isEmpty else { return }
        if kind == .array, let array { explainElements(array, place) }
        if kind == .object, let object { explainMembers(object, node, place) }
    }

    // MARK: Children

    private mutating func explainElements(_ rule: ArrayRule, _ place: Int) {
        for (position, element) in machine.tape.elements(place).enumerated() {
            if isFull { return }
            let schema = position < Int(rule.tupleCount) ? parts.links[Int(rule.tuple) + position] : rule.rest
            if schema != ObjectRule.forbidden, !machine.accepts(schema, element) {
                explain(schema, element, at: String(position))
            }
        }
    }

    private mutating func explainMembers(_ rule: ObjectRule, _ node: SchemaNode, _ place: Int) {
        var failing: [(name: String, value: Int, schema: UInt32)] = []
        for (key, value) in machine.tape.members(place) {
            if machine.hasGivenUp || failing.count >= Self.memberLimit { break }
            for schema in schemas(rule, node, key) where !machine.accepts(schema, value) {
                failing.append((machine.tape.text(key), value, schema))
            }
        }
        failing.sort { SchemaCompiler.precedes($0.name, $1.name) }
        for (name, value, schema) in failing { explain(schema, value, at: name) }
    }

    /// The schemas that the value of a member must meet.
    private mutating func schemas(_ rule: ObjectRule, _ node: SchemaNode, _ key: Int) -> [UInt32] {
        var schemas: [UInt32] = []
        let property = machine.property(tables.pointee.objects + Int(node.object), key)
        if let property, property.pointee.flags & PropertyRule.isDeclared != 0 { schemas.append(property.pointee.node) }
        for index in Int(rule.patterns)..<Int(rule.patterns) + Int(rule.patternCount)
        where machine.matches(Int(parts.patternRules[index].pattern), key) {
            schemas.append(parts.patternRules[index].node)
        }
        if schemas.isEmpty, rule.additional != ObjectRule.forbidden { schemas.append(rule.additional) }
        return schemas
    }

    // MARK: Keywords of objects and arrays

    private mutating func explainAdditionalItems(_ rule: ArrayRule, _ place: Int) {
        let count = machine.tape.memberCount(place)
        if rule.rest == ObjectRule.forbidden, count > Int(rule.tupleCount) {
            say(
                "additionalItems",
                "schema only allows \(rule.tupleCount) elements in array but instance has \(count) elements")
        }
    }

    private mutating func explainAdditionalProperties(_ rule: ObjectRule, _ node: SchemaNode, _ place: Int) {
        guard rule.additional == ObjectRule.forbidden else { return }
        var names: [String] = []
        for (key, _) in machine.tape.members(place) where schemas(rule, node, key).isEmpty {
            names.append(text(key))
            if names.count >= Self.memberLimit || machine.hasGivenUp { break }
        }
        if names.isEmpty { return }
        names.sort { SchemaCompiler.precedes($0, $1) }
        say(
            "additionalProperties", "object instance has properties which are not allowed by the schema: \(list(names))"
        )
    }

    private mutating func explainDependencies(_ rule: ObjectRule, _ place: Int) {
        let range = Int(rule.dependencies)..<Int(rule.dependencies) + Int(rule.dependencyCount)
        for dependency in parts.dependencies[range] where machine.hasMember(place, dependency.trigger) {
            if dependency.node != noSchemaRule {
                explain(dependency.node, place)
                continue
            }
            let names = parts.names[Int(dependency.names)..<Int(dependency.names) + Int(dependency.nameCount)]
            let missing = names.filter { !machine.hasMember(place, $0) }
            if missing.isEmpty { continue }
            say(
                "dependencies",
                """
                property "\(parts.text(dependency.trigger))" of object has missing property dependencies (schema \
                requires \(list(names.map { parts.text($0) })); missing: \(list(missing.map { parts.text($0) })))
                """)
        }
    }

    private mutating func explainRequired(_ rule: ObjectRule, _ node: SchemaNode, _ place: Int) {
        guard rule.requiredCount > 0 else { return }
        let start = Int(rule.properties)
        var missing = parts.properties[start..<start + Int(rule.propertyCount)].map {
            $0.flags & PropertyRule.isRequired != 0
        }
        let object = tables.pointee.objects + Int(node.object)
        for (key, _) in machine.tape.members(place) {
            guard let property = machine.property(object, key) else { continue }
            missing[property - tables.pointee.properties - start] = false
        }
        var names: [String] = []
        for (position, isMissing) in missing.enumerated() where isMissing {
            names.append(parts.text(parts.properties[start + position].name))
        }
        if names.isEmpty { return }
        names.sort { SchemaCompiler.precedes($0, $1) }
        say("required", "object has missing required properties (\(list(names)))")
    }

    // MARK: Keywords of all values

    private mutating func explainCombinators(_ node: SchemaNode, _ place: Int, _ kinds: [CombinatorRule.Kind]) {
        for index in Int(node.combinators)..<Int(node.combinators) + Int(node.combinatorCount) {
            let rule = parts.combinators[index]
            guard let kind = CombinatorRule.Kind(rawValue: rule.kind), kinds.contains(kind),
                !machine.acceptsCombinator(index, place)
            else { continue }
            let branches = parts.links[Int(rule.links)..<Int(rule.links) + Int(rule.count)]
            let matched = branches.count { machine.accepts($0, place) }
            switch kind {
            case .all:
                say(
                    "allOf",
                    "instance failed to match all required schemas (matched only \(matched) out of \(branches.count))")
                if isDeep { for branch in branches where !machine.accepts(branch, place) { explain(branch, place) } }
            case .any: say("anyOf", "instance failed to match at least one required schema among \(branches.count)")
            case .none: say("not", "instance matched a schema which it should not have")
            case .one:
                say(
                    "oneOf", "instance failed to match exactly one schema (matched \(matched) out of \(branches.count))"
                )
            }
        }
    }

    private mutating func explainEnumeration(_ node: SchemaNode, _ place: Int) {
        guard node.enumerationCount > 0, !machine.isEnumerated(node, place) else { return }
        var values: [String] = []
        var constant = Int(node.enumeration)
        for _ in 0..<node.enumerationCount {
            values.append(json(constant: constant))
            constant = Int(parts.constants[constant].next)
        }
        say(
            "enum",
            "instance value (\(json(place))) not found in enum (possible values: [\(values.joined(separator: ","))])")
    }

    private mutating func explainType(_ node: SchemaNode, _ place: Int) {
        let types = SchemaTypes.mask(machine.tape.kind(place))
        let value = machine.nodes + place
        if node.types & types != 0 || machine.isLongInteger(node.types, value) { return }
        let found =
            machine.isLongInteger(SchemaTypes.integer, value)
            ? "integer" : SchemaTypes.table.first { $0.mask & types != 0 }?.name
        let allowed = SchemaTypes.table.filter { $0.mask & ~node.types == 0 }.map(\.name)
        say(
            "type",
            """
            instance type (\(found ?? "unknown")) does not match any allowed primitive type (allowed: \(list(allowed)))
            """)
    }

    // MARK: Limits

    private mutating func explainUpperLimits(_ node: SchemaNode, _ kind: JSONNodeKind, _ place: Int) {
        let count = machine.tape.memberCount(place)
        if kind == .array, node.array != noSchemaRule {
            let limit = Int(parts.arrays[Int(node.array)].maximum)
            if count > limit {
                say(
                    "maxItems",
                    "array is too long: must have at most \(limit) elements but instance has \(count) elements")
            }
        }
        if kind.isString, node.text != noSchemaRule {
            let limit = Int(parts.strings[Int(node.text)].maximum)
            let length = machine.characterCount(place)
            if length > limit {
                say("maxLength", "string \"\(text(place))\" is too long (length: \(length), maximum allowed: \(limit))")
            }
        }
        if kind == .object, node.object != noSchemaRule {
            let limit = Int(parts.objects[Int(node.object)].maximum)
            if count > limit {
                say(
                    "maxProperties",
                    "object has too many properties (found \(count) but schema requires at most \(limit))")
            }
        }
        guard kind.isNumber, node.number != noSchemaRule else { return }
        let rule = parts.numbers[Int(node.number)]
        guard rule.maximum != noSchemaRule else { return }
        let order = machine.compare(place, tables.pointee.decimals + Int(rule.maximum))
        let limit = number(rule.maximum)
        if order > 0 {
            say(
                "maximum",
                "numeric instance is greater than the required maximum (maximum: \(limit), found: \(json(place)))")
        } else if order == 0, rule.maximumIsExclusive != 0 {
            say("maximum", "numeric instance is not strictly lower than the required maximum \(limit)")
        }
    }

    private mutating func explainLowerLimits(_ node: SchemaNode, _ kind: JSONNodeKind, _ place: Int) {
        let count = machine.tape.memberCount(place)
        if kind == .array, node.array != noSchemaRule {
            let limit = Int(parts.arrays[Int(node.array)].minimum)
            if count < limit {
                say(
                    "minItems",
                    "array is too short: must have at least \(limit) elements but instance has \(count) elements")
            }
        }
        if kind.isString, node.text != noSchemaRule {
            let limit = Int(parts.strings[Int(node.text)].minimum)
            let length = machine.characterCount(place)
            if length < limit {
                say(
                    "minLength",
                    "string \"\(text(place))\" is too short (length: \(length), required minimum: \(limit))")
            }
        }
        if kind == .object, node.object != noSchemaRule {
            let limit = Int(parts.objects[Int(node.object)].minimum)
            if count < limit {
                say(
                    "minProperties",
                    "object has too few properties (found \(count) but schema requires at least \(limit))")
            }
        }
        guard kind.isNumber, node.number != noSchemaRule else { return }
        let rule = parts.numbers[Int(node.number)]
        guard rule.minimum != noSchemaRule else { return }
        let order = machine.compare(place, tables.pointee.decimals + Int(rule.minimum))
        let limit = number(rule.minimum)
        if order < 0 {
            say(
                "minimum",
                "numeric instance is lower than the required minimum (minimum: \(limit), found: \(json(place)))")
        } else if order == 0, rule.minimumIsExclusive != 0 {
            say("minimum", "numeric instance is not strictly greater than the required minimum \(limit)")
        }
    }

    private mutating func explainDivisor(_ node: SchemaNode, _ kind: JSONNodeKind, _ place: Int) {
        guard kind.isNumber, node.number != noSchemaRule else { return }
        let rule = parts.numbers[Int(node.number)]
        guard rule.divisor != noSchemaRule, !machine.isMultiple(place, tables.pointee.decimals + Int(rule.divisor))
        else {
            return
        }
        say("multipleOf", "remainder of division is not zero (\(json(place)) / \(number(rule.divisor)))")
    }

    private mutating func explainPattern(_ node: SchemaNode, _ kind: JSONNodeKind, _ place: Int) {
        guard kind.isString, node.text != noSchemaRule else { return }
        let pattern = parts.strings[Int(node.text)].pattern
        guard pattern != noSchemaRule, !machine.matches(Int(pattern), place) else { return }
        say(
            "pattern",
            "ECMA 262 regex \"\(parts.patterns[Int(pattern)].text)\" does not match input string \"\(text(place))\"")
    }
}

extension SchemaExplainer {
    private mutating func explainFormat(_ node: SchemaNode, _ kind: JSONNodeKind, _ place: Int) {
        guard kind.isString, node.text != noSchemaRule else { return }
        let rule = parts.strings[Int(node.text)]
        guard let format = SchemaFormat(rawValue: rule.format), format != .none, !machine.hasFormat(rule.format, place)
        else { return }
        say("format", "string \"\(text(place))\" \(format.row.complaint)")
    }
}

// MARK: Values in messages

extension SchemaExplainer {
    private func number(_ index: UInt32) -> String {
        SchemaNumberText.javaText(parts.text(parts.decimals[Int(index)]))
    }

    /// The text of a string as it is.
    private func text(_ place: Int) -> String {
        let raw = machine.tape.rawText(place)
        // Escapes take at most six bytes for one.
        return cut(
            raw.count > Self.quoteLimit * 8
                ? String(decoding: raw.prefix(Self.quoteLimit + 1), as: UTF8.self) : machine.tape.text(place))
    }

    private func json(_ place: Int) -> String {
        let tape = machine.tape
        let start = Int(machine.nodes[place].offset)
        let next = tape.next(place)
        let end = next < tape.count ? Int(machine.nodes[next].offset) : tape.source.count
        if end - start > Self.quoteLimit * 8 {
            let raw = UnsafeRawBufferPointer(rebasing: tape.source[start..<start + Self.quoteLimit])
            return String(decoding: raw, as: UTF8.self) + "..."
        }
        if tape.kind(place).isNumber {
            return cut(SchemaNumberText.javaText(String(decoding: tape.rawText(place), as: UTF8.self)))
        }
        let output = OutputBuffer()
        tape.emit(place, into: output)
        return cut(String(decoding: output.bytes, as: UTF8.self))
    }

    private func json(constant index: Int) -> String {
        let constant = parts.constants[index]
        var children: [Int] = []
        var child = index + 1
        while child < Int(constant.next) {
            children.append(child)
            child = Int(parts.constants[child].next)
        }
        switch JSONNodeKind(rawValue: UInt8(truncatingIfNeeded: constant.kind)) {
        case .null: return "null"
        case .true: return "true"
        case .false: return "false"
        case .string, .key: return cut(quoted(parts.text(constant.text)))
        case .array: return "[" + children.map { json(constant: $0) }.joined(separator: ",") + "]"
        case .object:
            // Keys and values in turn.
            return "{"
                + stride(from: 0, to: children.count - 1, by: 2).map {
                    json(constant: children[$0]) + ":" + json(constant: children[$0 + 1])
                }.joined(separator: ",") + "}"
        default: return SchemaNumberText.javaText(parts.text(constant.text))
        }
    }

    private func list(_ names: [String]) -> String { cut("[" + names.map { quoted($0) }.joined(separator: ",") + "]") }

    private func quoted(_ text: String) -> String {
        let output = OutputBuffer()
        JSONText.appendQuoted(text, into: output)
        return String(decoding: output.bytes, as: UTF8.self)
    }

    private func cut(_ text: String) -> String {
        guard text.utf8.count > Self.quoteLimit else { return text }
        return String(decoding: text.utf8.prefix(Self.quoteLimit), as: UTF8.self) + "..."
    }
}
