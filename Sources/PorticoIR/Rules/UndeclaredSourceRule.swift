internal import PorticoSyntax

/// Request parameters that are mapped are declared on the method.
enum UndeclaredSourceRule: Rule {
    static let documentation = "Request parameters that an integration maps are declared on the method."

    private static let places: [(prefix: String, location: ParameterLocation)] = [
        ("method.request.querystring.", .querystring), ("method.request.multivaluequerystring.", .querystring),
        ("method.request.header.", .header), ("method.request.multivalueheader.", .header),
        ("method.request.path.", .path),
    ]

    static func check(_ api: APIDescription) -> [Diagnostic] {
        var diagnostics: [Diagnostic] = []
        var suggestions = Suggestions()
        for resource in api.resources {
            // Greedy parameters exist without being declared.
            let greedy = PathSegments.parameters(of: resource.path.value).filter { $0.hasSuffix("+") }.map {
                $0.dropLast()
            }
            for method in resource.methods {
                guard let mappings = method.integration?.requestParameters, !mappings.isEmpty else { continue }
                let declared = Set(
                    method.requestParameters.map { "method.request.\($0.location.rawValue).\($0.name.value)" }
                        + greedy.map { "method.request.path.\($0)" })
                for mapping in mappings {
                    let text = mapping.expression.value.string
                    guard let place = places.first(where: { text.hasPrefix($0.prefix) }) else { continue }
                    let name = "method.request.\(place.location.rawValue).\(text.dropFirst(place.prefix.count))"
                    guard !declared.contains(name) else { continue }
                    diagnostics.append(
                        Diagnostic(
                            ImportDiagnostics.undeclaredSource,
                            "'\(text)' is not declared under 'parameters' of the operation"
                                + suggestions.question(for: name, in: { declared.sorted() }),
                            at: mapping.expression.span,
                            notes: [
                                .init(
                                    "API Gateway answers: Invalid mapping expression specified: Validation Result: "
                                        + "warnings : [], errors : [Invalid mapping expression parameter specified: \(text)]"
                                )
                            ]))
                }
            }
        }
        return diagnostics
    }
}
