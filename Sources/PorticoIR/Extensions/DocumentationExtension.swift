internal import PorticoSyntax

/// `x-amazon-apigateway-documentation`: documentation parts.
enum DocumentationExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-amazon-apigateway-documentation", in: [.root], of: [.rest],
        "Documentation parts, each with the element that it documents.")

    static func read(_ node: Node, _ context: ImporterContext) -> Documentation? {
        let reader = context.reader
        guard let mapping = reader.mapping(node, "'\(key)'") else { return nil }
        reader.checkMembers(mapping, known: ["version", "createdDate", "documentationParts"], "'\(key)'")
        var documentation = Documentation()
        documentation.version = context.string(mapping, "version")
        guard let list = mapping.present("documentationParts"),
            let nodes = reader.sequence(list, "'documentationParts'")
        else { return documentation }
        for node in nodes {
            guard let part = reader.mapping(node, "a documentation part") else { continue }
            reader.checkMembers(part, known: ["location", "properties", "id"], "a documentation part")
            guard let location = part.present("location"), checkLocation(location, context) else {
                if part.present("location") == nil { report("the documentation part has no 'location'", node, context) }
                continue
            }
            let properties = part.present("properties").map { JSONValue($0) } ?? .object([])
            documentation.parts.append(DocumentationPart(location: JSONValue(location), properties: properties))
        }
        return documentation
    }

    /// Members of a location by type. Source: reference "Documentation parts".
    private static let locations: [String: Set<String>] = [
        "API": ["type"],
        "RESOURCE": ["type", "path"],
        "METHOD": ["type", "path", "method"],
        "QUERY_PARAMETER": ["type", "path", "method", "name"],
        "REQUEST_HEADER": ["type", "path", "method", "name"],
        "PATH_PARAMETER": ["type", "path", "method", "name"],
        "REQUEST_BODY": ["type", "path", "method"],
        "RESPONSE": ["type", "path", "method", "statusCode"],
        "RESPONSE_HEADER": ["type", "path", "method", "statusCode", "name"],
        "RESPONSE_BODY": ["type", "path", "method", "statusCode"],
        "AUTHORIZER": ["type", "name"],
        "MODEL": ["type", "name"],
    ]

    private static func checkLocation(_ node: Node, _ context: ImporterContext) -> Bool {
        guard let mapping = context.reader.mapping(node, "'location'") else { return false }
        guard let typeNode = mapping.present("type"), let type = context.string(mapping, "type") else {
            report("the location has no 'type'", node, context)
            return false
        }
        guard let members = locations[type] else {
            context.reader.unknownWord(
                type, locations.keys.sorted(), "the location's 'type'", at: typeNode.span, severity: .warning)
            return false
        }
        let names: Set<String> = ["QUERY_PARAMETER", "REQUEST_HEADER", "PATH_PARAMETER", "RESPONSE_HEADER"]
        if names.contains(type), mapping.present("name") == nil {
            report("the location of type '\(type)' has no 'name'", node, context)
            return false
        }
        for member in mapping.members where !members.contains(member.key) && !member.value.isNull {
            report("a location of type '\(type)' has no '\(member.key)'", member.value, context)
        }
        return true
    }

    private static func report(_ message: String, _ node: Node, _ context: ImporterContext) {
        context.reader.report(ImportDiagnostics.documentationLocation, message, at: node.span)
    }
}
