internal import PorticoSyntax

/// `x-portico-domain-names`: custom domain names.
enum DomainNamesExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-portico-domain-names", in: [.root], of: [.rest, .http, .webSocket],
        "Custom domain names with certificates and base path mappings.")

    private static let members: Set<String> = [
        "certificate", "privateKey", "mutualTlsAuthentication", "basePathMappings", "securityPolicy",
        "endpointConfiguration", "tags", "description",
    ]

    static func read(_ node: Node, _ context: ImporterContext) -> [DomainName] {
        guard let mapping = context.reader.mapping(node, "'\(key)'") else { return [] }
        return mapping.members.compactMap { member in
            guard let object = context.reader.mapping(member.value, "domain name '\(member.key)'") else { return nil }
            guard ASCII.consists(member.key, of: ".-*_") else {
                context.reader.report(
                    ImportDiagnostics.invalidName, "'\(member.key)' is no domain name", at: member.keySpan)
                return nil
            }
            context.reader.checkMembers(object, known: members, "a domain name")
            if (object.present("certificate") == nil) != (object.present("privateKey") == nil) {
                context.reader.report(
                    ImportDiagnostics.valueMissing,
                    "domain name '\(member.key)' needs both 'certificate' and 'privateKey'", at: member.keySpan)
            }
            return DomainName(
                name: Located(member.key.lowercased(), at: member.keySpan), settings: JSONValue(member.value))
        }
    }
}
