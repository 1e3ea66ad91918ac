internal import PorticoSyntax

/// Stage variables in addresses, names of VPC links and roles are set by every stage.
enum StageVariableRule: Rule {
    static let documentation = "A stage variable in an address, a VPC link or a role is set by every stage."

    static func check(_ api: APIDescription) -> [Diagnostic] {
        let stages = api.stages.map { (name: $0.name.value, variables: Set($0.variables.map(\.name.value))) }
        let known = stages.reduce(into: Set<String>()) { $0.formUnion($1.variables) }.sorted()
        var suggestions = Suggestions()
        var diagnostics: [Diagnostic] = []
        func check(_ text: String, at span: SourceSpan, in place: String) {
            for placeholder in Placeholders.names(in: text) where placeholder.hasPrefix("stageVariables.") {
                let name = String(placeholder.dropFirst("stageVariables.".count))
                let lacking = stages.filter { !$0.variables.contains(name) }.map(\.name)
                guard !lacking.isEmpty else { continue }
                diagnostics.append(
                    Diagnostic(
                        ImportDiagnostics.stageVariableMissing,
                        "stage variable '\(name)' is not set by stage \(NodeReader.list(lacking)), so it is empty "
                            + (place.isEmpty ? "there" : "in '\(place)' there")
                            + suggestions.question(for: name, in: { known }), at: span,
                        fixIt: .init(hint: "set it in 'x-portico-stages' or with --var \(name)=VALUE")))
            }
        }
        api.forEachIntegration { _, integration in
            if let uri = integration.uri { check(uri.value.string, at: uri.span, in: "") }
            for (place, value) in [
                ("connectionId", integration.connectionID), ("integrationTarget", integration.integrationTarget),
                ("credentials", integration.credentials),
            ] {
                if let value { check(value.value, at: value.span, in: place) }
            }
        }
        return diagnostics
    }
}
