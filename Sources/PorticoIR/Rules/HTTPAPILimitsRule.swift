internal import PorticoSyntax

/// Default quotas of HTTP APIs. Portico has none of them, so each is a warning.
/// *Source:* API Gateway guide, "Quotas for configuring and running an HTTP API".
enum HTTPAPILimitsRule: Rule {
    static let documentation = "An HTTP API stays within the default quotas of API Gateway."

    static func check(_ api: APIDescription) -> [Diagnostic] {
        var diagnostics: [Diagnostic] = []
        func exceeds(_ what: String, _ count: Int, _ limit: Int, _ span: SourceSpan) {
            guard count > limit else { return }
            diagnostics.append(Diagnostic(ImportDiagnostics.limit, "\(count) \(what); AWS allows \(limit)", at: span))
        }
        let routes = api.resources.reduce(0) { $0 + $1.methods.count }
        let integrations = api.resources.reduce(0) { $0 + $1.methods.count { $0.integration != nil } }
        let first = api.resources.first?.path.span ?? .none
        exceeds("routes", routes, 300, first)
        // One for each route, unless routes refer to shared ones; those are in `components`.
        exceeds("integrations", min(integrations, routes), 300, first)
        exceeds("stages", api.stages.count, 10, api.stages.first?.name.span ?? .none)
        exceeds("authorizers", api.authorizers.count, 10, api.authorizers.first?.name.span ?? .none)
        api.forEachMethod { resource, method in
            guard case .jwt(_, let scopes) = method.authorization.value else { return }
            exceeds("scopes of '\(resource.routeKey(of: method))'", scopes.count, 10, method.authorization.span)
        }
        for stage in api.stages {
            exceeds("variables of stage '\(stage.name.value)'", stage.variables.count, 100, stage.name.span)
            for variable in stage.variables {
                let name = "of stage variable '\(variable.name.value)'"
                exceeds("characters in the name \(name)", variable.name.value.utf8.count, 64, variable.name.span)
                exceeds("characters in the value \(name)", variable.value.value.utf8.count, 512, variable.value.span)
            }
        }
        return diagnostics
    }
}
