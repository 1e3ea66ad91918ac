internal import PorticoSyntax

/// Default quotas of API Gateway. Portico has none of them, so each is a warning.
/// *Source:* reference "Limits"; API Gateway guide, "Quotas".
enum LimitsRule: Rule {
    static let documentation = "An API stays within the default quotas of API Gateway."

    /// Bytes of a mapping template.
    static let templateBytes = 300 * 1024

    static func check(_ api: APIDescription) -> [Diagnostic] {
        var diagnostics: [Diagnostic] = []
        func exceeds(_ what: String, _ count: Int, _ limit: Int, _ span: SourceSpan) {
            guard count > limit else { return }
            diagnostics.append(
                Diagnostic(ImportDiagnostics.limit, "\(count) \(what); AWS allows \(limit)", at: span))
        }
        exceeds("resources", resourceCount(api), 300, api.resources.first?.path.span ?? .none)
        if let webSocket = api.webSocket {
            let routes = webSocket.routes
            exceeds("routes", routes.count, 300, routes.first?.routeKey.span ?? .none)
        }
        exceeds("stages", api.stages.count, 10, api.stages.first?.name.span ?? .none)
        exceeds("authorizers", api.authorizers.count, 10, api.authorizers.first?.name.span ?? .none)
        exceeds("documentation parts", api.documentation?.parts.count ?? 0, 2000, .none)
        exceeds("usage plans", api.usagePlans.count, 300, api.usagePlans.first?.name.span ?? .none)
        exceeds("API keys", api.apiKeys.count, 10_000, api.apiKeys.first?.name.span ?? .none)
        api.forEachIntegration { _, integration in
            for template in integration.requestTemplates + integration.responses.flatMap(\.responseTemplates) {
                guard let text = template.template else { continue }
                exceeds("bytes in the mapping template", text.string.utf8.count, templateBytes, text.span)
            }
        }
        return diagnostics
    }

    /// Resources with those that paths imply; the root always exists.
    private static func resourceCount(_ api: APIDescription) -> Int {
        var paths: Set<Substring> = ["/"]
        for resource in api.resources where resource.path.value.utf8.count <= PathSyntaxRule.longestBytes {
            var path = Substring(resource.path.value)
            while path.utf8.count > 1, paths.insert(path).inserted {
                guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")), slash > path.startIndex else { break }
                path = path[..<slash]
            }
        }
        return paths.count
    }
}
