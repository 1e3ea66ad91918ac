internal import PorticoSyntax

/// Mappings lead to places that exist. Their expressions are compiled, and so checked, by a pass.
enum MappingDestinationRule: Rule {
    static let documentation =
        "Requests map to integration.request.{header|querystring|path}.NAME, responses to method.response.header.NAME."

    private static let requestPlaces = [
        "integration.request.header.", "integration.request.querystring.", "integration.request.path.",
    ]
    private static let responsePlaces = ["method.response.header."]
    private static let gatewayPlaces = ["gatewayresponse.header."]

    static func check(_ api: APIDescription) -> [Diagnostic] {
        var diagnostics: [Diagnostic] = []
        api.forEachIntegration { _, integration in
            check(integration.requestParameters, requestPlaces, ImportDiagnostics.mappingDestination, &diagnostics)
            for response in integration.responses {
                check(response.responseParameters, responsePlaces, ImportDiagnostics.mappingDestination, &diagnostics)
            }
        }
        for response in api.gatewayResponses {
            for mapping in response.responseParameters {
                let destination = mapping.destination
                // The model takes these two places, but a response has neither.
                if destination.value.hasPrefix("gatewayresponse.path.")
                    || destination.value.hasPrefix("gatewayresponse.querystring.")
                {
                    diagnostics.append(
                        Diagnostic(
                            ImportDiagnostics.ignoredMember,
                            "'\(destination.value)' has no effect: a response has headers only", at: destination.span))
                } else {
                    check([mapping], gatewayPlaces, ImportDiagnostics.gatewayParameter, &diagnostics)
                }
            }
        }
        return diagnostics
    }

    private static func check(
        _ mappings: [ParameterMapping], _ places: [String], _ id: DiagnosticID, _ diagnostics: inout [Diagnostic]
    ) {
        for mapping in mappings {
            let destination = mapping.destination
            if let place = places.first(where: { destination.value.hasPrefix($0) }) {
                let name = String(destination.value.dropFirst(place.count))
                if !name.isEmpty, !place.hasSuffix("header.") || ASCII.isToken(name) { continue }
            }
            let expected = places.map { "'\($0)NAME'" }.joined(separator: " or ")
            diagnostics.append(
                Diagnostic(
                    id, "'\(destination.value)' is no destination of a mapping; expected \(expected)",
                    at: destination.span,
                    notes: [
                        .init(
                            "API Gateway answers: Invalid mapping expression specified: Validation Result: warnings : "
                                + "[], errors : [Invalid mapping expression parameter specified: \(destination.value)]")
                    ]))
        }
    }
}
