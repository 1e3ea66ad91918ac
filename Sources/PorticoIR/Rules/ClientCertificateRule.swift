internal import PorticoSyntax

/// A stage presents a certificate that the file declares.
enum ClientCertificateRule: Rule {
    static let documentation = "'clientCertificateId' of a stage names an entry of 'x-portico-client-certificates'."

    static func check(_ api: APIDescription) -> [Diagnostic] {
        let known = Set(api.clientCertificates.map(\.name.value))
        var suggestions = Suggestions()
        return api.stages.compactMap { stage in
            guard let id = stage.clientCertificateID, !known.contains(id.value) else { return nil }
            return Diagnostic(
                ImportDiagnostics.unknownName,
                "stage '\(stage.name.value)' names client certificate '\(id.value)', which is not declared"
                    + suggestions.question(for: id.value, in: { known.sorted() }), at: id.span,
                fixIt: .init(
                    hint:
                        "add '\(ClientCertificatesExtension.key)' with '\(id.value): {certificate: FILE, privateKey: FILE}'"
                ))
        }
    }
}
