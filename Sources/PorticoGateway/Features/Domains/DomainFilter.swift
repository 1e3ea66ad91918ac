// Hot: once per request of an API with custom domains. Allocates: nothing.

internal import PorticoIR
internal import PorticoPrograms

/// From host, headers and base path to the stage: what ``Phases`` does first when an API has custom domains.
///
/// *Source:* reference, "Custom domains" (4.5) and "Mutual TLS" (3.8). Whatever leads nowhere is a 403 `Forbidden`.
enum DomainFilter {
    /// Sets the exchange's stage, domain and the place where its route begins.
    static func run(_ exchange: Exchange, _ table: ServingTable) -> PhaseOutcome {
        let domains = table.domains
        let host = exchange.host
        guard let domain = domains.domain(of: host) else {
            if domains.isDefaultEndpointDisabled { return refuse(exchange, "the default endpoint is disabled") }
            if domains.isDefaultEndpointStrict, let facts = exchange.facts,
                !bytesEqualIgnoringCase(facts.serverName.bytes, host)
            {
                return refuse(exchange, "the host is not the one that TLS named")
            }
            return begin(exchange, table, at: 0)
        }
        exchange.domain = domain
        if let reason = refusal(of: domain, exchange, host) { return refuse(exchange, reason) }
        let start = exchange.pathStart
        if isReserved(exchange, start) { return answerPing(exchange) }
        if domain.usesRules {
            for rule in domain.rules {
                guard matchesHeaders(rule, exchange) else { continue }
                guard let paths = rule.basePaths else { return go(rule.target, exchange, table, at: start) }
                for path in paths {
                    guard let end = end(of: path, exchange, start) else { continue }
                    return go(rule.target, exchange, table, at: rule.stripsBasePath ? end : start)
                }
            }
        }
        if domain.usesMappings {
            for mapping in domain.mappings {
                guard let end = end(of: mapping.basePath, exchange, start) else { continue }
                exchange.basePath = mapping.basePath
                return go(mapping.target, exchange, table, at: end)
            }
        }
        return refuse(exchange, "no rule and no mapping of the domain applies")
    }

    /// Why a domain does not take a request; `nil` if it does.
    private static func refusal(
        of domain: ServingDomain, _ exchange: Exchange, _ host: UnsafeRawBufferPointer
    ) -> String? {
        let facts = exchange.facts
        if case .certified(let truststore) = domain.clients {
            // The certificate that counts is the one that was asked for in this domain's name.
            guard let facts, let truststore, facts.truststore == truststore,
                bytesEqual(facts.domain.bytes, domain.fullName.bytes)
            else { return "the client has shown no certificate to this domain" }
        }
        if domain.isStrict {
            guard let facts, bytesEqualIgnoringCase(facts.serverName.bytes, host) else {
                return "the host is not the one that TLS named"
            }
        }
        return nil
    }

    private static func matchesHeaders(_ rule: ServingDomain.Rule, _ exchange: Exchange) -> Bool {
        rule.headers.allSatisfy { condition in
            condition.contains { wanted in
                exchange.headers.spans.contains { span in
                    bytesEqualIgnoringCase(exchange.name(of: span), wanted.name.bytes)
                        && wanted.matches(exchange.value(of: span))
                }
            }
        }
    }

    /// Where the path goes on behind a base path, by whole segments; `nil` if it does not begin with it.
    private static func end(of basePath: StaticBytes, _ exchange: Exchange, _ start: Int) -> Int? {
        let path = exchange.path
        guard !basePath.isEmpty else { return start }
        let first = start &+ 1
        let end = first &+ basePath.count
        guard end <= path.count,
            bytesEqual(UnsafeRawBufferPointer(rebasing: path[first..<end]), basePath.bytes),
            end == path.count || path[end] == SegmentScanner.slash
        else { return nil }
        return end
    }

    private static func go(
        _ target: ServingDomain.Target, _ exchange: Exchange, _ table: ServingTable, at offset: Int
    ) -> PhaseOutcome {
        switch target {
        case .stage(let stage):
            exchange.stage = stage
            exchange.routeOffset = Int(exchange.head.pathOffset) &+ offset
            return .next
        case .nextSegment:
            return begin(exchange, table, at: offset)
        case .nowhere:
            return refuse(exchange, "the stage of the mapping is not served")
        }
    }

    /// The stage is the first segment from `offset` on.
    static func begin(_ exchange: Exchange, _ table: ServingTable, at offset: Int) -> PhaseOutcome {
        let path = UnsafeRawBufferPointer(rebasing: exchange.path[offset...])
        let split = StageSplit(path)
        guard let stage = table.stage(named: UnsafeRawBufferPointer(rebasing: path[split.stage])),
            stage !== table.defaultStage
        else {
            if table.isHTTPAPI { return beginDefault(exchange, table, at: offset) }
            // Unconfirmed: what an unknown stage answers. Source: reference, "Route matching" 8.
            return refuse(exchange, "no stage of that name")
        }
        exchange.stage = stage
        exchange.routeOffset = Int(exchange.head.pathOffset) &+ offset &+ split.rest.lowerBound
        return .next
    }

    /// The `$default` stage of an HTTP API takes the whole path. Source: reference, "Stage and route selection" (1.1).
    @inline(__always)
    private static func beginDefault(_ exchange: Exchange, _ table: ServingTable, at offset: Int) -> PhaseOutcome {
        guard let stage = table.defaultStage else {
            exchange.fault = .notFound("no stage of that name")
            exchange.stage = table.stages.first
            exchange.hasForeignStage = true
            return .fault
        }
        exchange.stage = stage
        exchange.routeOffset = Int(exchange.head.pathOffset) &+ offset
        return .next
    }

    private static func refuse(_ exchange: Exchange, _ reason: String) -> PhaseOutcome {
        exchange.fault = GatewayFault(
            .default4XX, status: 403, message: "Forbidden", errorType: "ForbiddenException", log: reason)
        exchange.stage = exchange.worker.table?.stages.first
        exchange.hasForeignStage = true
        return .fault
    }

    // MARK: - The service's own paths

    private static func isReserved(_ exchange: Exchange, _ start: Int) -> Bool {
        let path = UnsafeRawBufferPointer(rebasing: exchange.path[start...])
        return bytesEqual(path, ("/ping" as StaticString).signedBytes)
            || bytesEqual(path, ("/sping" as StaticString).signedBytes)
    }

    /// Source: API Gateway guide, "Important notes": both are for health checks of the service. Unconfirmed: the body.
    private static func answerPing(_ exchange: Exchange) -> PhaseOutcome {
        exchange.stage = exchange.worker.table?.stages.first
        exchange.hasForeignStage = true
        ResponseWriter.writePlain(exchange, "healthy")
        return .answered
    }
}

extension Exchange {
    /// The host that the request names, without port and without a dot at its end.
    var host: UnsafeRawBufferPointer {
        let whole = slice(head.hostOffset, head.hostLength)
        var end = whole.count
        // `[::1]:8080` and `host:8080`; an address in brackets keeps its colons.
        if let colon = whole.lastIndex(of: 0x3A), whole[colon...].firstIndex(of: 0x5D) == nil { end = colon }
        if end > 1, whole[end &- 1] == 0x2E { end &-= 1 }
        return UnsafeRawBufferPointer(rebasing: whole[..<end])
    }

    /// Position within the path of the last of the slashes that it begins with.
    var pathStart: Int {
        let path = self.path
        var start = 0
        while start &+ 1 < path.count, path[start] == 0x2F, path[start &+ 1] == 0x2F { start &+= 1 }
        return start
    }
}
