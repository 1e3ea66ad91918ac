internal import PorticoSyntax

/// Each `{name}` of an address is filled, and each value for a path has its place.
enum URIPlaceholderRule: Rule {
    static let documentation = "Each '{name}' of an address has a mapping to 'integration.request.path.name'."

    static func check(_ api: APIDescription) -> [Diagnostic] {
        var diagnostics: [Diagnostic] = []
        var suggestions = Suggestions()
        api.forEachIntegration { _, integration in
            guard integration.type.value != .mock, let uri = integration.uri else { return }
            let prefix = "integration.request.path."
            let mapped = integration.requestParameters.filter { $0.destination.value.hasPrefix(prefix) }
            let filled = Set(mapped.map { String($0.destination.value.dropFirst(prefix.count)) })
            let names = Placeholders.pathNames(in: uri.value.string)
            for name in names.subtracting(filled).sorted() {
                diagnostics.append(
                    Diagnostic(
                        ImportDiagnostics.placeholder,
                        "nothing fills '{\(name)}' in 'uri'" + suggestions.question(for: name, in: { filled.sorted() }),
                        at: uri.span,
                        fixIt: .init(hint: "map 'integration.request.path.\(name)' in 'requestParameters'")))
            }
            // What stands in the address only at run time may hold any placeholder.
            guard integration.unresolvedParameters.isEmpty, !uri.value.string.contains("${stageVariables.") else {
                return
            }
            for mapping in mapped where !names.contains(String(mapping.destination.value.dropFirst(prefix.count))) {
                diagnostics.append(
                    Diagnostic(
                        ImportDiagnostics.placeholder,
                        "'\(mapping.destination.value)' has no place in 'uri', which lacks "
                            + "'{\(mapping.destination.value.dropFirst(prefix.count))}'", at: mapping.destination.span))
            }
        }
        return diagnostics
    }
}
