internal import PorticoSyntax

/// Methods that want an API key can be called by somebody.
enum APIKeyRule: Rule {
    static let documentation =
        "Stages whose methods want an API key are in a usage plan, and keys come from where methods can have them."

    static func check(_ api: APIDescription) -> [Diagnostic] {
        var diagnostics: [Diagnostic] = []
        var firstMethod: Method?
        var unfitMethod: Method?
        api.forEachMethod { _, method in
            guard method.apiKeyRequired else { return }
            if firstMethod == nil { firstMethod = method }
            if unfitMethod == nil, !givesKeys(method.authorization.value) { unfitMethod = method }
        }
        guard let first = firstMethod else { return [] }
        let planned = Set(api.usagePlans.flatMap { $0.stages.map(\.name.value) })
        let unplanned = api.stages.map(\.name.value).filter { !planned.contains($0) }
        if !unplanned.isEmpty {
            let names = unplanned.map { "'\($0)'" }.joined(separator: ", ")
            diagnostics.append(
                Diagnostic(
                    ImportDiagnostics.noKey,
                    "methods want an API key, but no usage plan has stage \(names); their requests are answered 403 there",
                    at: first.verb.span,
                    fixIt: .init(
                        hint: "add '\(UsagePlansExtension.key)' with the stage under 'apiStages', and keys with "
                            + "'\(APIKeysExtension.key)' or 'portico keys'")))
        }
        if api.apiKeySource.value == .authorizer, let unfit = unfitMethod {
            diagnostics.append(
                Diagnostic(
                    ImportDiagnostics.keySource,
                    "API keys come from the authorizer, and this method has no Lambda authorizer; its requests are "
                        + "answered 403",
                    at: unfit.verb.span, notes: [.init("the source of keys is set here", at: api.apiKeySource.span)]))
        }
        return diagnostics
    }

    /// Whether an authorization can answer with `usageIdentifierKey`.
    private static func givesKeys(_ authorization: MethodAuthorization) -> Bool {
        if case .custom = authorization { true } else { false }
    }
}
