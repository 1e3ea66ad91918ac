internal import PorticoSyntax

/// Usage plans, API keys and domain names refer to entries of the file.
enum UsagePlanRule: Rule {
    static let documentation = "API keys name usage plans of the file; usage plans and domain names name its stages."

    static func check(_ api: APIDescription) -> [Diagnostic] {
        var suggestions = Suggestions()
        var diagnostics: [Diagnostic] = []
        let stages = Set(api.stages.map(\.name.value))
        let plans = Set(api.usagePlans.map(\.name.value))
        func unknown(_ kind: String, _ name: String, _ owner: String, _ known: Set<String>, _ span: SourceSpan) {
            let near = suggestions.closest(to: name, in: { known.sorted() })
            let advice = near.map { "; did you mean '\($0)'?" } ?? ""
            diagnostics.append(
                Diagnostic(
                    ImportDiagnostics.unknownName, "\(owner) names \(kind) '\(name)', which is not declared\(advice)",
                    at: span))
        }
        for plan in api.usagePlans {
            for name in stageNames(plan.settings["apiStages"]) where !stages.contains(name) {
                unknown("stage", name, "usage plan '\(plan.name.value)'", stages, plan.name.span)
            }
        }
        for domain in api.domainNames {
            guard case .object(let mappings)? = domain.settings["basePathMappings"] else { continue }
            for mapping in mappings {
                guard case .string(let name) = mapping.value, !stages.contains(name) else { continue }
                unknown("stage", name, "domain name '\(domain.name.value)'", stages, domain.name.span)
            }
        }
        var names: [String: SourceSpan] = [:]
        var values: [String: SourceSpan] = [:]
        for key in api.apiKeys {
            for plan in key.usagePlans where !plans.contains(plan.value) {
                unknown("usage plan", plan.value, "API key '\(key.name.value)'", plans, plan.span)
            }
            if let first = names.updateValue(key.name.span, forKey: key.name.value) {
                diagnostics.append(
                    Diagnostic(
                        ImportDiagnostics.duplicate, "API key '\(key.name.value)' twice", at: key.name.span,
                        severity: .warning, notes: [.init("first declared here", at: first)]))
            }
            if let first = values.updateValue(key.value.span, forKey: key.value.value) {
                diagnostics.append(
                    Diagnostic(
                        ImportDiagnostics.duplicate, "two API keys have the same value", at: key.value.span,
                        notes: [
                            .init("first used here", at: first), .init("API Gateway answers: API Key already exists"),
                        ])
                )
            }
        }
        return diagnostics
    }

    /// A stage is written as its name, or as an object with `stage`.
    private static func stageNames(_ value: JSONValue?) -> [String] {
        guard case .array(let elements)? = value else { return [] }
        return elements.compactMap { element in
            if case .string(let name) = element { return name }
            if case .string(let name)? = element["stage"] { return name }
            return nil
        }
    }
}
