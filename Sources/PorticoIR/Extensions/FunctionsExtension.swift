internal import PorticoSyntax

/// `x-portico-functions`: local Lambda functions.
enum FunctionsExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-portico-functions", in: [.root], of: [.rest, .http, .webSocket],
        "Where Lambda functions run locally, by name or ARN.")

    private static let members: Set<String> = [
        "runtime", "handler", "codeUri", "timeout", "concurrency", "memorySize", "environment", "command", "url",
        "image", "description", "layers", "aliases", "version",
    ]

    static func read(_ node: Node, _ context: ImporterContext) -> [Function] {
        guard let mapping = context.reader.mapping(node, "'\(key)'") else { return [] }
        return mapping.members.compactMap { member in
            guard let object = context.reader.mapping(member.value, "function '\(member.key)'") else { return nil }
            context.reader.checkMembers(object, known: members, "a function")
            _ = context.integer(object, "timeout", in: 1...900)
            _ = context.integer(object, "concurrency", in: 1...10_000)
            return Function(name: Located(member.key, at: member.keySpan), settings: JSONValue(member.value))
        }
    }
}
