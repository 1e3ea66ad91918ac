/// The words of JSON Schema draft 4, and those of its neighbours that look as if they did something.
enum SchemaKeywords {
    /// What draft 4 checks.
    static let constraints: Set<String> = [
        "additionalItems", "additionalProperties", "allOf", "anyOf", "dependencies", "enum", "exclusiveMaximum",
        "exclusiveMinimum", "items", "maxItems", "maxLength", "maxProperties", "maximum", "minItems", "minLength",
        "minProperties", "minimum", "multipleOf", "not", "oneOf", "pattern", "patternProperties", "properties",
        "required", "type", "uniqueItems",
    ]

    /// What has no effect beside a `$ref`, though people write it there.
    static func isLost(_ keyword: String) -> Bool { constraints.contains(keyword) || keyword == "nullable" }

    /// What earlier and later drafts check, with what to write instead.
    static let foreign: [String: String] = [
        "const": "write 'enum' with one value", "if": "write 'anyOf' and 'not'", "then": "write 'anyOf' and 'not'",
        "else": "write 'anyOf' and 'not'", "contains": "draft 4 has nothing like it",
        "minContains": "draft 4 has nothing like it", "maxContains": "draft 4 has nothing like it",
        "propertyNames": "write 'patternProperties' and 'additionalProperties'",
        "dependentRequired": "write 'dependencies'",
        "dependentSchemas": "write 'dependencies'", "unevaluatedItems": "draft 4 has nothing like it",
        "unevaluatedProperties": "draft 4 has nothing like it", "prefixItems": "write 'items' with a list",
        "extends": "write 'allOf'", "disallow": "write 'not'", "divisibleBy": "write 'multipleOf'",
        "$id": "write 'id'", "$anchor": "write 'id' with '#name'", "$dynamicRef": "write '$ref'",
        "$recursiveRef": "write '$ref'",
    ]
}
