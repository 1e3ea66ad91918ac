internal import PorticoSyntax

// Reading of schemas that are kept as JSON.
extension JSONValue {
    /// The text, if it is one.
    var text: String? {
        if case .string(let text) = self { return text }
        return nil
    }

    /// The truth value, if it is one.
    var flag: Bool? {
        if case .boolean(let flag) = self { return flag }
        return nil
    }

    /// The elements, if it is a list.
    var elements: [JSONValue] {
        if case .array(let elements) = self { return elements }
        return []
    }

    /// The members, if it is an object.
    var objectMembers: [JSONMember] {
        if case .object(let members) = self { return members }
        return []
    }

    /// Value of a member that is text.
    func text(_ key: String) -> String? { self[key]?.text }
}

/// What a schema says about the shape of a value, by keyword.
struct SchemaFacts {
    /// The schema.
    let schema: JSONValue

    init(_ schema: JSONValue) { self.schema = schema }

    /// Pointer of a `$ref` to models, such as `#/components/schemas/Pet`.
    var reference: String? { schema.text("$ref") }

    /// Types other than null. Source: OpenAPI 3.1 has a list of them, earlier versions one.
    var types: [String] {
        if let type = schema.text("type") { return type == "null" ? [] : [type] }
        return (schema["type"]?.elements ?? []).compactMap(\.text).filter { $0 != "null" }
    }

    /// Whether JSON null is allowed.
    var isNullable: Bool {
        schema["nullable"]?.flag == true || schema["x-nullable"]?.flag == true
            || (schema["type"]?.elements ?? []).contains(.string("null")) || schema.text("type") == "null"
    }

    /// `format`
    var format: String? { schema.text("format") }
    /// `title`, if it can name a type.
    var nameTitle: String? {
        guard let title = schema.text("title"), (1...40).contains(title.utf8.count),
            title.utf8.allSatisfy({
                (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 95
            })
        else { return nil }
        return title
    }
    /// `properties` in order.
    var properties: [JSONMember] { schema["properties"]?.objectMembers ?? [] }
    /// `required`
    var required: [String] { (schema["required"]?.elements ?? []).compactMap(\.text) }
    /// Texts of an `enum` of texts only, null left out; `nil` for any other enum and none.
    var textValues: [String]? {
        guard let values = schema["enum"]?.elements, types.isEmpty || types == ["string"] else { return nil }
        let others = values.filter { $0 != .null }
        let texts = others.compactMap(\.text)
        guard !texts.isEmpty, texts.count == others.count else { return nil }
        var seen: Set<String> = []
        return texts.filter { seen.insert($0).inserted }
    }
    /// The only text that is allowed: `const`, or an `enum` of one.
    var constant: String? {
        if let constant = schema.text("const") { return constant }
        guard let values = textValues, values.count == 1 else { return nil }
        return values.first
    }
    /// `allOf`
    var allOf: [JSONValue] { schema["allOf"]?.elements ?? [] }
    /// `oneOf`, else `anyOf`, without elements that only narrow (`required`) and without null.
    var alternatives: [Alternative] {
        let keyword = schema["oneOf"] != nil ? "oneOf" : "anyOf"
        return (schema[keyword]?.elements ?? []).enumerated().compactMap { index, schema in
            let facts = SchemaFacts(schema)
            return facts.hasShape && !facts.isNull ? Alternative(keyword: keyword, index: index, schema: schema) : nil
        }
    }
    /// An element of `oneOf` or `anyOf`, with its place there.
    struct Alternative {
        var keyword: String
        var index: Int
        var schema: JSONValue
    }
    /// Whether one of the alternatives is null.
    var hasNullAlternative: Bool {
        (schema["oneOf"]?.elements ?? schema["anyOf"]?.elements ?? []).contains { SchemaFacts($0).isNull }
    }
    /// Whether null is all that it allows.
    var isNull: Bool { schema.text("type") == "null" || schema["enum"]?.elements == [.null] }
    /// Name of the property that tells types apart: text in Swagger 2.0, `propertyName` later.
    var discriminator: String? { schema.text("discriminator") ?? schema["discriminator"]?.text("propertyName") }
    /// `discriminator.mapping`: value to name or pointer of a model.
    var discriminatorMapping: [JSONMember] { schema["discriminator"]?["mapping"]?.objectMembers ?? [] }
    /// Whether a keyword says what the value looks like; a description or a limit does not.
    var hasShape: Bool {
        Self.shapeKeywords.contains { schema[$0] != nil }
    }

    private static let shapeKeywords = [
        "$ref", "type", "properties", "allOf", "oneOf", "anyOf", "items", "enum", "const", "additionalProperties",
        "format", "prefixItems",
    ]

    /// Description with what clients should know of limits, a sentence each.
    var documentation: String? {
        var sentences: [String] = []
        if let text = schema.text("description") { sentences.append(text) }
        var limits: [String] = []
        func add(_ words: String, _ key: String) {
            switch schema[key] {
            case .number(let text): limits.append("\(words) \(text)")
            case .string(let text): limits.append("\(words) \(text)")
            default: break
            }
        }
        add("at least", "minimum")
        add("at most", "maximum")
        add("shortest length", "minLength")
        add("longest length", "maxLength")
        add("fewest elements", "minItems")
        add("most elements", "maxItems")
        add("pattern", "pattern")
        if let value = schema["default"] { limits.append("default \(JSONWriter.compact(value))") }
        if textValues == nil, let values = schema["enum"]?.elements, !values.isEmpty {
            limits.append("one of " + values.prefix(20).map(JSONWriter.compact).joined(separator: ", "))
        }
        if !limits.isEmpty { sentences.append("Limits: " + limits.joined(separator: "; ") + ".") }
        if schema["readOnly"]?.flag == true { sentences.append("Only in answers.") }
        if schema["writeOnly"]?.flag == true { sentences.append("Only in requests.") }
        return sentences.isEmpty ? nil : sentences.joined(separator: "\n\n")
    }
}
