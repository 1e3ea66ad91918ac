internal import PorticoSyntax

/// Stage variables in addresses are set by every stage.
enum StageVariableRule: Rule {
    static let documentation = "A stage variable in an address is set by every stage."

    static func check(_ api: APIDescription) -> [Diagnostic] {
        let stages = api.stages.map { (name: $0.name.value, variables: Set($0.variables.map(\.name.value))) }
        let known = stages.reduce(into: Set<String>()) { $0.formUnion($1.variables) }.sorted()
        var suggestions = Suggestions()
        var diagnostics: [Diagnostic] = []
        api.forEachIntegration { _, integration in
            guard let uri = integration.uri else { return }
            for placeholder in Placeholders.names(in: uri.value.string) where placeholder.hasPrefix("stageVariables.") {
                let name = String(placeholder.dropFirst("stageVariables.".count))
                let lacking = stages.filter { !$0.variables.contains(name) }.map(\.name)
                guard !lacking.isEmpty else { continue }
                diagnostics.append(
                    Diagnostic(
                        ImportDiagnostics.stageVariableMissing,
                        "stage variable '\(name)' is not set by stage \(NodeReader.list(lacking)), so it is empty there"
                            + suggestions.question(for: name, in: { known }), at: uri.span,
                        fixIt: .init(hint: "set it in 'x-portico-stages' or with --var \(name)=VALUE")))
            }
        }
        return diagnostics
    }
}
