internal import PorticoSyntax

/// `x-portico-api-keys`: API keys.
enum APIKeysExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-portico-api-keys", in: [.root], of: [.rest],
        "API keys with the usage plans that they belong to.")

    static func read(_ node: Node, _ context: ImporterContext) -> [APIKey] {
        guard let nodes = context.reader.sequence(node, "'\(key)'") else { return [] }
        return nodes.compactMap { readKey($0, context) }
    }

    private static func readKey(_ node: Node, _ context: ImporterContext) -> APIKey? {
        let reader = context.reader
        guard let mapping = reader.mapping(node, "an API key") else { return nil }
        reader.checkMembers(
            mapping, known: ["name", "value", "enabled", "usagePlans", "description", "customerId", "tags"],
            "an API key")
        guard let name = context.located(mapping.present("name"), "'name'") else {
            reader.report(ImportDiagnostics.valueMissing, "the API key has no 'name'", at: node.span)
            return nil
        }
        guard let value = context.located(mapping.present("value"), "'value'") else {
            reader.report(
                ImportDiagnostics.valueMissing, "API key '\(name.value)' has no 'value'", at: node.span,
                fixIt: .init(hint: "write 'value: ${env.NAME}' to read it from the environment"))
            return nil
        }
        // A reference to the environment has the length of its value only at run time.
        if !value.value.contains("${"), !(20...128).contains(value.value.utf8.count) {
            reader.report(
                ImportDiagnostics.keyLength,
                "the value of API key '\(name.value)' has \(value.value.utf8.count) characters; AWS takes 20 to 128",
                at: value.span)
        }
        return APIKey(
            name: name, value: value, isEnabled: context.boolean(mapping, "enabled") ?? true,
            usagePlans: context.strings(mapping, "usagePlans"))
    }
}
