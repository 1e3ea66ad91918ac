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
            return Function(
                name: Located(member.key, at: member.keySpan), home: home(object, context),
                settings: JSONValue(member.value))
        }
    }

    private static func home(_ object: Mapping, _ context: ImporterContext) -> FunctionHome {
        if let url = context.string(object, "url") { return .server(url: url) }
        var process = FunctionProcess(
            runtime: context.string(object, "runtime") ?? "", handler: context.string(object, "handler") ?? "",
            codeURI: context.string(object, "codeUri") ?? ".")
        if let timeout = context.integer(object, "timeout", in: 1...900) { process.timeoutSeconds = timeout.value }
        if let memory = context.integer(object, "memorySize", in: 128...10_240) { process.memoryMegabytes = memory.value }
        if let count = context.integer(object, "concurrency", in: 1...10_000) { process.concurrency = count.value }
        return .process(process)
    }
}
