internal import PorticoSyntax

/// `x-amazon-apigateway-endpoint-configuration`: the default host and VPC endpoints.
enum EndpointConfigurationExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-amazon-apigateway-endpoint-configuration", in: [.root, .server], of: [.rest, .http, .webSocket],
        "Whether the default host answers, and VPC endpoints of a private API.")

    static func read(_ node: Node, into configuration: inout EndpointConfiguration, _ context: ImporterContext) {
        guard let mapping = context.reader.mapping(node, "'\(key)'") else { return }
        context.reader.checkMembers(
            mapping, known: ["disableExecuteApiEndpoint", "vpcEndpointIds", "types", "ipAddressType"], "'\(key)'")
        if let value = context.boolean(mapping, "disableExecuteApiEndpoint"),
            let member = mapping.member("disableExecuteApiEndpoint")
        {
            configuration.disableExecuteAPIEndpoint = Located(value, at: member.value.span)
        }
        for key in ["types", "ipAddressType"] {
            guard let member = mapping.member(key) else { continue }
            context.reader.report(
                ImportDiagnostics.ignoredMember, "'\(key)' is a parameter of the import on AWS and is ignored here",
                at: member.keySpan)
        }
        configuration.vpcEndpointIDs += context.strings(mapping, "vpcEndpointIds")
    }
}
