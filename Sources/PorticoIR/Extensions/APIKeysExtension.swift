internal import PorticoSyntax

/// `x-portico-api-keys`: API keys.
enum APIKeysExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-portico-api-keys", in: [.root], of: [.rest, .webSocket],
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
        guard !context.unresolved.touches(value.span) else {
            // What is left of the reference is text that stands in the file, and so nothing that may let anybody in.
            reader.report(
                ImportDiagnostics.keyValue,
                "the value of API key '\(name.value)' is a reference that is not resolved; nobody has the key",
                at: value.span, severity: .warning, fixIt: .init(hint: "give it with '--param', or write '${env.NAME}'")
            )
            return nil
        }
        check(value, of: name, context)
        return APIKey(
            name: name, value: value, isEnabled: context.boolean(mapping, "enabled") ?? true,
            usagePlans: context.strings(mapping, "usagePlans"), settings: JSONValue(node))
    }

    /// Says nothing of the value itself: diagnostics are shown to others and kept in logs.
    private static func check(_ value: Located<String>, of name: Located<String>, _ context: ImporterContext) {
        let reader = context.reader
        // A reference to the environment has its value only when the API is served.
        if APIKeyValue.environmentName(value.value) != nil { return }
        if value.value.contains("${") {
            reader.report(
                ImportDiagnostics.keyValue,
                "the value of API key '\(name.value)' is neither a literal nor one reference to the environment",
                at: value.span, fixIt: .init(hint: "write 'value: ${env.NAME}' and nothing beside it"))
        } else if let problem = APIKeyValue.problem(value.value) {
            reader.report(
                ImportDiagnostics.keyValue, "the value of API key '\(name.value)' \(problem)", at: value.span)
        } else {
            reader.report(
                ImportDiagnostics.literalKey, "the value of API key '\(name.value)' stands in the file", at: value.span,
                fixIt: .init(
                    hint:
                        "write 'value: ${env.NAME}' to read it from the environment, or make the key with 'portico keys'"
                ))
        }
    }
}
