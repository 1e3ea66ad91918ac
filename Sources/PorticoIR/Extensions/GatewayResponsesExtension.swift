internal import PorticoSyntax

/// `x-amazon-apigateway-gateway-responses`: answers that the gateway makes itself.
enum GatewayResponsesExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-amazon-apigateway-gateway-responses", in: [.root], of: [.rest],
        "Status, headers and bodies of the answers that the gateway makes itself.")

    static func read(_ node: Node, _ context: ImporterContext) -> [GatewayResponse] {
        let reader = context.reader
        guard let mapping = reader.mapping(node, "'\(key)'") else { return [] }
        var responses: [GatewayResponse] = []
        for member in mapping.members where !context.isExtension(member) {
            guard let type = readType(member, context) else { continue }
            guard !responses.contains(where: { $0.type.value == type }) else {
                reader.report(
                    ImportDiagnostics.duplicate, "gateway response '\(type.rawValue)' twice", at: member.keySpan)
                continue
            }
            var response = GatewayResponse(type: Located(type, at: member.keySpan))
            if !member.value.isNull, let object = reader.mapping(member.value, "gateway response '\(member.key)'") {
                readMembers(object, into: &response, context)
            }
            responses.append(response)
        }
        return responses
    }

    private static func readType(_ member: Mapping.Member, _ context: ImporterContext) -> GatewayResponseType? {
        if let type = GatewayResponseType(rawValue: member.key.uppercased()) { return type }
        context.reader.unknownWord(
            member.key, GatewayResponseType.allCases.map(\.rawValue), "gateway response type", at: member.keySpan,
            severity: .error)
        return nil
    }

    private static func readMembers(
        _ mapping: Mapping, into response: inout GatewayResponse, _ context: ImporterContext
    ) {
        context.reader.checkMembers(
            mapping, known: ["statusCode", "responseParameters", "responseTemplates"], "a gateway response")
        if let node = mapping.present("statusCode"), let status = context.located(node, "'statusCode'") {
            if StatusCode.isValid(status.value) {
                response.statusCode = status
            } else if !context.unresolved.touches(node.span) {
                context.reader.report(
                    ImportDiagnostics.invalidStatus, "'\(status.value)' is no status code; expected 100 to 599",
                    at: node.span)
            }
        }
        response.responseParameters = IntegrationExtension.readMappings(mapping, "responseParameters", context)
        response.responseTemplates = IntegrationExtension.readTemplates(mapping, "responseTemplates", context)
    }
}
