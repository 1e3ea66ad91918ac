internal import PorticoSyntax

/// Request parameters of a route come from what its messages have. The expressions are compiled, and so checked whole, by
/// a pass.
/// *Source:* API Gateway guide, "Set up data mapping for WebSocket APIs".
enum WebSocketSourceRule: Rule {
    static let documentation =
        "Request parameters of a route map the body, 'context', 'stageVariables' and texts; those of '$connect' headers "
        + "and query parameters, too."

    /// Sources that only the request that opens a connection has.
    private static let connecting = [
        "route.request.header.", "route.request.querystring.", "route.request.multivalueheader.",
        "route.request.multivaluequerystring.",
    ]
    private static let anywhere = ["context.", "stageVariables.", "'", "route.request.body."]

    static func check(_ api: APIDescription) -> [Diagnostic] {
        var diagnostics: [Diagnostic] = []
        for route in api.webSocket?.routes ?? [] {
            for mapping in route.integration?.requestParameters ?? [] {
                guard let problem = problem(mapping.expression, route) else { continue }
                diagnostics.append(problem)
            }
        }
        return diagnostics
    }

    private static func problem(_ expression: Located<PositionedText>, _ route: WebSocketRoute) -> Diagnostic? {
        let text = expression.value.string
        func mistake(_ message: String, hint: String? = nil) -> Diagnostic {
            Diagnostic(
                WebSocketDiagnostics.parameterSource, message, at: expression.span,
                fixIt: hint.map { .init("write '\($0)'", replace: expression.span, with: $0) })
        }
        if anywhere.contains(where: text.hasPrefix) || text == "route.request.body" { return nil }
        if connecting.contains(where: text.hasPrefix) {
            guard route.routeKey.value != "$connect" else { return nil }
            return mistake(
                "messages of route '\(route.routeKey.value)' have no headers and query parameters, so that "
                    + "\(quoted(text)) is for '$connect' only")
        }
        if text.hasPrefix("method.request.") {
            let hint = "route" + text.dropFirst("method".count)
            return mistake("\(quoted(text)) is of a REST API; did you mean '\(hint)'?", hint: hint)
        }
        return mistake("\(quoted(text)) is no source of a request parameter")
    }
}
