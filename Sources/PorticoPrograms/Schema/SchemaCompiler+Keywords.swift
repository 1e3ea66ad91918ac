internal import PorticoSyntax

/// The keywords of one schema object.
extension SchemaCompiler {
    /// Compiles all keywords of a schema without `$ref`.
    mutating func fill(_ members: [JSONMember], _ location: Location) -> SchemaNode {
        var keywords: [String: JSONValue] = [:]
        for member in members {
            keywords[member.name] = member.value
            if let advice = SchemaKeywords.foreign[member.name] {
                report(
                    "'\(member.name)' is not a keyword of JSON Schema draft 4 and is ignored; \(advice)",
                    location.appending(member.name), isFatal: false)
            }
        }
        if keywords["nullable"] == .boolean(true) {
            report(
                "'nullable' is ignored, null is refused; write 'type' with \"null\" in its list",
                location.appending("nullable"), isFatal: false)
        }
        if keywords["readOnly"] == .boolean(true) {
            report(
                "'readOnly' is ignored: requests may send the value, and must if it is required",
                location.appending("readOnly"), isFatal: false)
        }
        if let discriminator = keywords["discriminator"], discriminator != .null {
            report(
                "'discriminator' is ignored: each schema of 'oneOf' or 'anyOf' is tried",
                location.appending("discriminator"),
                isFatal: false)
        }
        if case .string(let draft)? = keywords["$schema"], draft.contains("json-schema.org/draft"),
            !draft.contains("draft-04")
        {
            report(
                "'$schema' names another draft; models are JSON Schema draft 4", location.appending("$schema"),
                isFatal: false)
        }
        let reader = SchemaKeywordReader(keywords: keywords, location: location)
        var node = SchemaNode()
        if let types = types(reader) { node.types = types }
        node.text = add(stringRule(reader), StringRule(), to: \.strings)
        node.number = add(numberRule(reader), NumberRule(), to: \.numbers)
        node.array = add(arrayRule(reader), ArrayRule(), to: \.arrays)
        node.object = add(objectRule(reader), ObjectRule(), to: \.objects)
        if let values = list("enum", reader) {
            node.enumeration = UInt32(parts.constants.count)
            node.enumerationCount = UInt32(values.count)
            if values.isEmpty { report("'enum' must not be empty", location.appending("enum"), isFatal: true) }
            for value in values { addConstant(value, location.appending("enum"), 1) }
        }
        combinators(reader, &node)
        return node
    }

    private mutating func add<Rule: Equatable>(
        _ rule: Rule, _ nothing: Rule, to table: WritableKeyPath<SchemaParts, [Rule]>
    ) -> UInt32 {
        if rule == nothing { return noSchemaRule }
        parts[keyPath: table].append(rule)
        return UInt32(parts[keyPath: table].count - 1)
    }

    // MARK: Any value

    private mutating func types(_ reader: SchemaKeywordReader) -> UInt32? {
        let names: [JSONValue]
        switch reader.keywords["type"] {
        case nil: return nil
        case .string(let name)?: names = [.string(name)]
        case .array(let list)? where !list.isEmpty: names = list
        default:
            malformed("type", "a type or a list of types", reader)
            return nil
        }
        var mask: UInt32 = 0
        for case let name in names {
            guard case .string(let text) = name, let row = SchemaTypes.table.first(where: { $0.name == text }) else {
                if case .string(let text) = name {
                    report("unknown type '\(text)'", reader.location.appending("type"), isFatal: true)
                } else {
                    malformed("type", "a type or a list of types", reader)
                }
                return nil
            }
            mask |= row.mask
        }
        return mask
    }

    private mutating func combinators(_ reader: SchemaKeywordReader, _ node: inout SchemaNode) {
        node.combinators = UInt32(parts.combinators.count)
        var rules: [CombinatorRule] = []
        for (name, kind) in [("allOf", CombinatorRule.Kind.all), ("anyOf", .any), ("not", .none), ("oneOf", .one)] {
            var branches: [UInt32]
            if kind == .none {
                guard let value = reader.keywords[name] else { continue }
                branches = [self.node(value, reader.location.appending(name))]
            } else {
                guard let values = list(name, reader) else { continue }
                if values.isEmpty {
                    report("'\(name)' must not be empty", reader.location.appending(name), isFatal: true)
                }
                let place = reader.location.appending(name)
                branches = []
                for (index, value) in values.enumerated() {
                    branches.append(self.node(value, place.appending(String(index))))
                }
            }
            rules.append(
                CombinatorRule(kind: kind.rawValue, links: UInt32(parts.links.count), count: UInt32(branches.count)))
            parts.links.append(contentsOf: branches)
        }
        parts.combinators.append(contentsOf: rules)
        node.combinatorCount = UInt32(rules.count)
    }

    private mutating func addConstant(_ value: JSONValue, _ location: Location, _ depth: Int) {
        guard depth <= Self.maximumConstantDepth else {
            return report("a value of 'enum' nests too deep", location, isFatal: true)
        }
        let index = parts.constants.count
        var constant = SchemaConstant()
        func kind(_ kind: JSONNodeKind) -> UInt32 { UInt32(kind.rawValue) }
        switch value {
        case .null: constant.kind = kind(.null)
        case .boolean(let flag): constant.kind = kind(flag ? .true : .false)
        case .number(let text):
            if !SchemaNumberText.isNumber(text) { report("malformed number '\(text)'", location, isFatal: true) }
            constant.kind = kind(.number)
            constant.text = pool(text)
        case .string(let text):
            constant.kind = kind(.string)
            constant.text = pool(text)
        case .array(let elements):
            constant.kind = kind(.array)
            constant.count = UInt32(elements.count)
        case .object: constant.kind = kind(.object)
        }
        parts.constants.append(constant)
        if case .array(let elements) = value { for element in elements { addConstant(element, location, depth + 1) } }
        if case .object(let members) = value {
            var latest: [[UInt8]: JSONValue] = [:]
            for member in members { latest[Array(member.name.utf8)] = member.value }
            parts.constants[index].count = UInt32(latest.count)
            for member in members {
                guard let value = latest.removeValue(forKey: Array(member.name.utf8)) else { continue }
                let next = UInt32(parts.constants.count + 1)
                parts.constants.append(SchemaConstant(kind: kind(.key), text: pool(member.name), count: 0, next: next))
                addConstant(value, location, depth + 1)
            }
        }
        parts.constants[index].next = UInt32(parts.constants.count)
    }

    // MARK: Strings and numbers

    private mutating func stringRule(_ reader: SchemaKeywordReader) -> StringRule {
        var rule = StringRule()
        if let minimum = count("minLength", reader) { rule.minimum = minimum }
        if let maximum = count("maxLength", reader) { rule.maximum = maximum }
        switch reader.keywords["pattern"] {
        case nil: break
        case .string(let text)?:
            if let index = pattern(text, reader.location.appending("pattern")) { rule.pattern = index }
        default: malformed("pattern", "a string", reader)
        }
        rule.format = format(reader).rawValue
        return rule
    }

    private mutating func format(_ reader: SchemaKeywordReader) -> SchemaFormat {
        guard case .string(let name)? = reader.keywords["format"] else {
            if reader.keywords["format"] != nil { malformed("format", "a string", reader) }
            return .none
        }
        if SchemaFormat.foreign.contains(name) {
            report(
                "'format' \"\(name)\" is not known to JSON Schema draft 4 and is not checked; write a 'pattern'",
                reader.location.appending("format"), isFatal: false)
        }
        return SchemaFormat.allCases.first { $0 != .none && $0.row.name == name } ?? .none
    }

    private mutating func numberRule(_ reader: SchemaKeywordReader) -> NumberRule {
        var rule = NumberRule()
        (rule.minimum, rule.minimumIsExclusive) = limit("minimum", "exclusiveMinimum", 1, reader)
        (rule.maximum, rule.maximumIsExclusive) = limit("maximum", "exclusiveMaximum", -1, reader)
        if let divisor = number("multipleOf", reader) {
            if SchemaNumberText.compare(divisor, "0") <= 0 {
                report("'multipleOf' must be above zero", reader.location.appending("multipleOf"), isFatal: true)
            } else if !SchemaNumberText.isDivisor(divisor) {
                report(
                    "'multipleOf' has more than \(SchemaDecimal.maximumDivisorDigits) digits",
                    reader.location.appending("multipleOf"), isFatal: true)
            } else {
                rule.divisor = decimal(divisor)
            }
        }
        return rule
    }

    /// A limit with its exclusive form: a flag as in draft 4, or a limit of its own as in later drafts, of which the
    /// stricter one counts. `direction` is 1 when the larger limit is the stricter one.
    private mutating func limit(
        _ name: String, _ exclusiveName: String, _ direction: Int, _ reader: SchemaKeywordReader
    ) -> (UInt32, UInt32) {
        let limit = number(name, reader)
        switch reader.keywords[exclusiveName] {
        case nil: return (limit.map { decimal($0) } ?? noSchemaRule, 0)
        case .boolean(let flag)?:
            if limit == nil && flag {
                report(
                    "'\(exclusiveName)' without '\(name)' has no effect", reader.location.appending(exclusiveName),
                    isFatal: false)
            }
            return (limit.map { decimal($0) } ?? noSchemaRule, limit != nil && flag ? 1 : 0)
        default:
            guard let exclusive = number(exclusiveName, reader) else { return (noSchemaRule, 0) }
            report(
                "a number in '\(exclusiveName)' is of later drafts; it counts here, API Gateway wants '\(name)' and true",
                reader.location.appending(exclusiveName), isFatal: false)
            if let limit, SchemaNumberText.compare(limit, exclusive) * direction > 0 { return (decimal(limit), 0) }
            return (decimal(exclusive), 1)
        }
    }

    private mutating func decimal(_ text: String) -> UInt32 {
        parts.decimals.append(pool(text))
        return UInt32(parts.decimals.count - 1)
    }

    // MARK: Arrays

    private mutating func arrayRule(_ reader: SchemaKeywordReader) -> ArrayRule {
        var rule = ArrayRule()
        if let minimum = count("minItems", reader) { rule.minimum = minimum }
        if let maximum = count("maxItems", reader) { rule.maximum = maximum }
        switch reader.keywords["uniqueItems"] {
        case nil, .boolean(false)?: break
        case .boolean(true)?: rule.unique = 1
        default: malformed("uniqueItems", "true or false", reader)
        }
        guard case .array(let tuple)? = reader.keywords["items"] else {
            if let items = reader.keywords["items"] { rule.rest = node(items, reader.location.appending("items")) }
            if let additional = reader.keywords["additionalItems"], additional != .boolean(true) {
                report(
                    "'additionalItems' without a list of 'items' has no effect",
                    reader.location.appending("additionalItems"), isFatal: false)
            }
            return rule
        }
        let place = reader.location.appending("items")
        var nodes: [UInt32] = []
        for (index, value) in tuple.enumerated() { nodes.append(node(value, place.appending(String(index)))) }
        rule.tuple = UInt32(parts.links.count)
        rule.tupleCount = UInt32(nodes.count)
        parts.links.append(contentsOf: nodes)
        rule.rest = schemaOrFlag("additionalItems", reader)
        return rule
    }

    /// A schema, or whether anything is allowed.
    private mutating func schemaOrFlag(_ name: String, _ reader: SchemaKeywordReader) -> UInt32 {
        switch reader.keywords[name] {
        case nil, .boolean(true)?: 0
        case .boolean(false)?: ObjectRule.forbidden
        case let value?: node(value, reader.location.appending(name))
        }
    }

    // MARK: Objects

    private mutating func objectRule(_ reader: SchemaKeywordReader) -> ObjectRule {
        var rule = ObjectRule()
        if let minimum = count("minProperties", reader) { rule.minimum = minimum }
        if let maximum = count("maxProperties", reader) { rule.maximum = maximum }
        var properties: [PropertyRule] = []
        var places: [[UInt8]: Int] = [:]
        func place(_ name: String) -> Int {
            if let place = places[Array(name.utf8)] { return place }
            places[Array(name.utf8)] = properties.count
            properties.append(PropertyRule(name: pool(name)))
            return properties.count - 1
        }
        for member in object("properties", reader) ?? [] {
            let node = node(member.value, reader.location.appending("properties").appending(member.name))
            let index = place(member.name)
            properties[index].node = node
            properties[index].flags = PropertyRule.isDeclared
        }
        for name in requiredNames(reader) { properties[place(name)].flags |= PropertyRule.isRequired }
        for member in object("patternProperties", reader) ?? [] {
            let place = reader.location.appending("patternProperties").appending(member.name)
            let node = node(member.value, place)
            guard let index = pattern(member.name, place) else { continue }
            if rule.patternCount == 0 { rule.patterns = UInt32(parts.patternRules.count) }
            rule.patternCount += 1
            parts.patternRules.append(PatternRule(pattern: index, node: node))
        }
        rule.additional = schemaOrFlag("additionalProperties", reader)
        addDependencies(reader, &rule)
        let isEmpty = rule == ObjectRule() && properties.isEmpty
        if !isEmpty {
            rule.properties = UInt32(parts.properties.count)
            rule.propertyCount = UInt32(properties.count)
            rule.requiredCount = UInt32(properties.count { $0.flags & PropertyRule.isRequired != 0 })
            parts.properties.append(contentsOf: properties)
        }
        return rule
    }

    private mutating func requiredNames(_ reader: SchemaKeywordReader) -> [String] {
        if case .boolean? = reader.keywords["required"] {
            report(
                "'required' is ignored: draft 4 wants the list of required names in the object's schema",
                reader.location.appending("required"), isFatal: false)
            return []
        }
        return strings(list("required", reader) ?? [], "required", reader)
    }

    /// Names in the order of their declaration, schemas after them by name, as the Java validator runs them.
    private mutating func addDependencies(_ reader: SchemaKeywordReader, _ rule: inout ObjectRule) {
        var rules: [DependencyRule] = []
        var schemas: [(name: String, rule: DependencyRule)] = []
        for member in object("dependencies", reader) ?? [] {
            var dependency = DependencyRule(trigger: pool(member.name))
            if case .array(let list) = member.value {
                let names = Set(strings(list, "dependencies", reader)).sorted { Self.precedes($0, $1) }
                dependency.names = UInt32(parts.names.count)
                dependency.nameCount = UInt32(names.count)
                for name in names { parts.names.append(pool(name)) }
                rules.append(dependency)
            } else {
                let place = reader.location.appending("dependencies").appending(member.name)
                dependency.node = node(member.value, place)
                schemas.append((member.name, dependency))
            }
        }
        rules += schemas.sorted { Self.precedes($0.name, $1.name) }.map(\.rule)
        guard !rules.isEmpty else { return }
        rule.dependencies = UInt32(parts.dependencies.count)
        rule.dependencyCount = UInt32(rules.count)
        parts.dependencies.append(contentsOf: rules)
    }

    /// Java's order of strings, for all but characters beyond U+FFFF.
    static func precedes(_ left: String, _ right: String) -> Bool { left.utf8.lexicographicallyPrecedes(right.utf8) }

    // MARK: Values of keywords

    private mutating func malformed(_ name: String, _ wanted: String, _ reader: SchemaKeywordReader) {
        report("'\(name)' must be \(wanted)", reader.location.appending(name), isFatal: true)
    }

    private mutating func count(_ name: String, _ reader: SchemaKeywordReader) -> UInt32? {
        guard let value = reader.keywords[name] else { return nil }
        guard case .number(let text) = value, SchemaNumberText.isNumber(text), let count = SchemaNumberText.count(text)
        else {
            malformed(name, "a whole number that is not negative", reader)
            return nil
        }
        return count
    }

    private mutating func number(_ name: String, _ reader: SchemaKeywordReader) -> String? {
        guard let value = reader.keywords[name] else { return nil }
        guard case .number(let text) = value, SchemaNumberText.isNumber(text) else {
            malformed(name, "a number", reader)
            return nil
        }
        return text
    }

    private mutating func list(_ name: String, _ reader: SchemaKeywordReader) -> [JSONValue]? {
        guard let value = reader.keywords[name] else { return nil }
        guard case .array(let elements) = value else {
            malformed(name, "a list", reader)
            return nil
        }
        return elements
    }

    private mutating func object(_ name: String, _ reader: SchemaKeywordReader) -> [JSONMember]? {
        guard let value = reader.keywords[name] else { return nil }
        guard case .object(let members) = value else {
            malformed(name, "an object", reader)
            return nil
        }
        return members
    }

    private mutating func strings(_ values: [JSONValue], _ name: String, _ reader: SchemaKeywordReader) -> [String] {
        var strings: [String] = []
        for value in values {
            guard case .string(let text) = value else {
                malformed(name, "a list of names", reader)
                return []
            }
            strings.append(text)
        }
        return strings
    }
}

/// The keywords of the schema under way, and where it stands.
struct SchemaKeywordReader {
    let keywords: [String: JSONValue]
    let location: SchemaCompiler.Location
}
