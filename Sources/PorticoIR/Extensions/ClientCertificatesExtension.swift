internal import PorticoSyntax

/// `x-portico-client-certificates`: certificates that a stage presents to its HTTPS backends.
enum ClientCertificatesExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-portico-client-certificates", in: [.root], of: [.rest, .webSocket],
        "PEM files of the certificates that 'clientCertificateId' of a stage presents to HTTPS backends.")

    private static let members: Set<String> = ["certificate", "privateKey", "description", "tags"]

    static func read(_ node: Node, _ context: ImporterContext) -> [ClientCertificate] {
        guard let mapping = context.reader.mapping(node, "'\(key)'") else { return [] }
        return mapping.members.compactMap { member in
            guard let object = context.reader.mapping(member.value, "client certificate '\(member.key)'") else {
                return nil
            }
            context.reader.checkMembers(object, known: members, "a client certificate")
            func file(_ name: String) -> Located<String> {
                guard let node = object.present(name) else {
                    context.reader.report(
                        ImportDiagnostics.valueMissing, "client certificate '\(member.key)' has no '\(name)'",
                        at: member.keySpan, fixIt: .init(hint: "write '\(name): FILE.pem', relative to this file"))
                    return Located("", at: member.keySpan)
                }
                guard let path = context.strictLocated(node, "'\(name)'") else { return Located("", at: node.span) }
                if path.value.hasPrefix("-----BEGIN") {
                    context.reader.report(
                        ImportDiagnostics.invalidName,
                        "'\(name)' holds the PEM text itself; expected the path of a file",
                        at: node.span, fixIt: .init(hint: "write the text to a file and name it"))
                    return Located("", at: node.span)
                }
                if path.value.isEmpty {
                    context.reader.report(
                        ImportDiagnostics.valueMissing, "'\(name)' of client certificate '\(member.key)' is empty",
                        at: node.span)
                }
                return path
            }
            return ClientCertificate(
                name: Located(member.key, at: member.keySpan), certificate: file("certificate"),
                privateKey: file("privateKey"))
        }
    }
}
