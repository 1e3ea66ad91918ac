internal import PorticoSyntax

/// `x-amazon-apigateway-request-validators`: validators by name.
enum RequestValidatorsExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-amazon-apigateway-request-validators", in: [.root], of: [.rest],
        "Named choices of what is validated: body, parameters, or both.")

    static func read(_ node: Node, _ context: ImporterContext) -> [RequestValidator] {
        guard let mapping = context.reader.mapping(node, "'\(key)'") else { return [] }
        return mapping.members.compactMap { member in
            if member.value.isNull {
                return RequestValidator(
                    name: Located(member.key, at: member.keySpan), validateRequestBody: false,
                    validateRequestParameters: false)
            }
            guard let object = context.reader.mapping(member.value, "request validator '\(member.key)'") else {
                return nil
            }
            context.reader.checkMembers(
                object, known: ["validateRequestBody", "validateRequestParameters"], "a request validator")
            return RequestValidator(
                name: Located(member.key, at: member.keySpan),
                validateRequestBody: context.boolean(object, "validateRequestBody") ?? false,
                validateRequestParameters: context.boolean(object, "validateRequestParameters") ?? false)
        }
    }
}
