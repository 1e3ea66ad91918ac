internal import PorticoSyntax

/// Usage plans and API keys refer to entries of the file.
enum UsagePlanRule: Rule {
    static let documentation = "API keys name usage plans of the file; usage plans name its stages."

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
        let methods = methodNames(api)
        for plan in api.usagePlans {
            for stage in plan.stages {
                if !stages.contains(stage.name.value) {
                    unknown("stage", stage.name.value, "usage plan '\(plan.name.value)'", stages, stage.name.span)
                }
                for method in stage.methods where !methods.contains(method.path + " " + method.verb) {
                    diagnostics.append(
                        Diagnostic(
                            ImportDiagnostics.unknownMethodSetting,
                            "usage plan '\(plan.name.value)' throttles '\(method.key.value)', which the API does not have",
                            at: method.key.span))
                }
            }
        }
        diagnostics += keys(api)
        for key in api.apiKeys {
            for plan in key.usagePlans where !plans.contains(plan.value) {
                unknown("usage plan", plan.value, "API key '\(key.name.value)'", plans, plan.span)
            }
        }
        return diagnostics
    }

    /// Names and values are each used once, and a key is in few plans and in one of each stage.
    private static func keys(_ api: APIDescription) -> [Diagnostic] {
        var diagnostics: [Diagnostic] = []
        let plans = Dictionary(api.usagePlans.map { ($0.name.value, $0) }, uniquingKeysWith: { first, _ in first })
        var names: [String: SourceSpan] = [:]
        var values: [String: SourceSpan] = [:]
        for key in api.apiKeys {
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
            if key.usagePlans.count > APIKeyValue.mostPlans {
                diagnostics.append(
                    Diagnostic(
                        ImportDiagnostics.keyPlans,
                        "API key '\(key.name.value)' is in \(key.usagePlans.count) usage plans; API Gateway allows "
                            + "\(APIKeyValue.mostPlans)", at: key.name.span))
            }
            var planOfStage: [String: String] = [:]
            for name in key.usagePlans {
                for stage in plans[name.value]?.stages ?? [] {
                    guard let other = planOfStage.updateValue(name.value, forKey: stage.name.value) else { continue }
                    diagnostics.append(
                        Diagnostic(
                            ImportDiagnostics.keyPlans,
                            "API key '\(key.name.value)' is in two usage plans of stage '\(stage.name.value)', '\(other)' "
                                + "and '\(name.value)'", at: name.span,
                            notes: [
                                .init(
                                    "API Gateway answers: API Key cannot reference multiple Usage Plans with the same API "
                                        + "Stage")
                            ]))
                }
            }
        }
        return diagnostics
    }

    /// `/path VERB` of each method; a method for any verb stands for all.
    private static func methodNames(_ api: APIDescription) -> Set<String> {
        var names: Set<String> = []
        api.forEachMethod { resource, method in
            if method.verb.value == .any {
                for verb in MethodVerb.allCases { names.insert(resource.path.value + " " + verb.rawValue) }
            } else {
                names.insert(resource.path.value + " " + method.verb.value.rawValue)
            }
        }
        return names
    }
}
