internal import PorticoSyntax

/// Cache key parameters are declared on the method or mapped by the integration.
enum CacheKeyRule: Rule {
    static let documentation = "Cache key parameters are declared on the method or mapped by its integration."

    static func check(_ api: APIDescription) -> [Diagnostic] {
        var suggestions = Suggestions()
        var diagnostics: [Diagnostic] = []
        api.forEachIntegration { method, integration in
            guard !integration.cacheKeyParameters.isEmpty else { return }
            var known = Set(method.requestParameters.map { "method.request.\($0.location.rawValue).\($0.name.value)" })
            known.formUnion(integration.requestParameters.map(\.destination.value))
            for key in integration.cacheKeyParameters where !known.contains(key.value) {
                // Multi-value forms stand for the declared single one.
                let single = key.value.replacingPrefix("method.request.multivalue", with: "method.request.")
                guard !known.contains(single) else { continue }
                diagnostics.append(
                    Diagnostic(
                        ImportDiagnostics.undeclaredCacheKey,
                        "cache key parameter '\(key.value)' is not declared"
                            + suggestions.question(for: key.value, in: { known.sorted() }), at: key.span,
                        notes: [.init("API Gateway answers: Invalid cache key parameter specified")]))
            }
        }
        return diagnostics
    }
}

extension String {
    /// The text with another beginning, if it begins so.
    fileprivate func replacingPrefix(_ prefix: String, with other: String) -> String {
        hasPrefix(prefix) ? other + dropFirst(prefix.count) : self
    }
}
