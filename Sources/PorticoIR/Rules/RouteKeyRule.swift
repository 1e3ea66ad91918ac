internal import PorticoSyntax

/// Each route key of an HTTP API stands once. Names of variables tell no routes apart.
enum RouteKeyRule: Rule {
    static let documentation = "Two operations of an HTTP API are not the same route, whatever their variables' names."

    static func check(_ api: APIDescription) -> [Diagnostic] {
        var diagnostics: [Diagnostic] = []
        var known: [String: SourceSpan] = [:]
        for resource in api.resources where resource.path.value.utf8.count <= PathSyntaxRule.longestBytes {
            let shape = shape(of: resource.path.value)
            for method in resource.methods {
                let key = "\(method.verb.value.rawValue) \(shape)"
                guard let first = known[key] else {
                    known[key] = method.verb.span
                    continue
                }
                diagnostics.append(
                    Diagnostic(
                        HTTPAPIDiagnostics.duplicateRoute,
                        "route '\(resource.routeKey(of: method))' is already there", at: method.verb.span,
                        notes: [.init("first declared here", at: first)]))
            }
        }
        return diagnostics
    }

    /// The path without the names of its variables.
    private static func shape(of path: String) -> String {
        path.split(separator: "/").map { segment in
            guard segment.hasPrefix("{"), segment.hasSuffix("}") else { return "/" + segment }
            return segment.hasSuffix("+}") ? "/{+}" : "/{}"
        }.joined()
    }
}
