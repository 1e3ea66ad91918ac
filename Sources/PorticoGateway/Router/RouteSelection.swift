// Hot: once per request of an HTTP API. Allocates: nothing.

internal import PorticoPrograms

/// From the path after the stage to the route of an HTTP API.
///
/// Source: reference, "Stage and route selection" (1.1) and "CORS" (1.8).
enum RouteSelection {
    static func run(_ exchange: Exchange, _ stage: StageProgram, _ path: UnsafeRawBufferPointer) -> PhaseOutcome {
        if isTooLong(exchange) {
            exchange.fault = GatewayFault(
                .default4XX, status: 431, message: HTTPStatus.reason(431),
                log: "request line and header values have over \(HTTPLimits.longestRouteHead) bytes")
            return .fault
        }
        var index: Int?
        if let match = stage.snapshot.routes.matchRoute(path, verb: exchange.verb, parameters: exchange.parameters) {
            index = Int(match.method)
        } else {
            _ = exchange.parameters.lend(0)
            if stage.cors != nil, CORSFilter.isPreflight(exchange), !defaultRouteGuardsPreflights(stage) {
                return CORSFilter.answerPreflight(exchange)
            }
            index = stage.defaultRoute
        }
        guard let index else {
            // Source: reference 1.1: also where only the verb is wrong.
            if stage.defaultLogging.level != .off { Phases.beginLog(exchange, stage.defaultLogging) }
            exchange.fault = .notFound("no route for that path and verb")
            return .fault
        }
        let method = stage.methods[index]
        exchange.method = method
        if method.logging.level != .off { Phases.beginLog(exchange, method.logging) }
        return .next
    }

    /// Whether the request line, with two blanks and the version, and the header values are over the limit.
    private static func isTooLong(_ exchange: Exchange) -> Bool {
        let line = exchange.verbText.count &+ exchange.head.targetLength &+ 10
        return line &+ exchange.head.headerValueBytes > HTTPLimits.longestRouteHead
    }

    /// Whether preflights have to pass what guards the default route. Source: API Gateway guide, "Configuring CORS for an
    /// HTTP API with a $default route and an authorizer": the route catches them, too. Unconfirmed: that one without an
    /// authorizer does not.
    private static func defaultRouteGuardsPreflights(_ stage: StageProgram) -> Bool {
        guard let index = stage.defaultRoute else { return false }
        for step in stage.methods[index].steps {
            switch step {
            case .access, .deny: return true
            default: continue
            }
        }
        return false
    }
}
