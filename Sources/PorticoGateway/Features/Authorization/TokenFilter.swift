// Hot: once per request that a token of a user pool decides on. Allocates: for tokens that were not seen before.

internal import PorticoIR
internal import PorticoPrograms

/// Lets requests in by tokens: of user pools in REST APIs, of JWT authorizers in HTTP APIs.
///
/// Source: reference, "Cognito user pools (REST)" (3.5) and "JWT authorizer" (1.9).
enum TokenFilter {
    static func run(_ authorizer: ServingAuthorizer, _ rules: TokenRules, _ exchange: Exchange) -> PhaseOutcome {
        guard let field = field(authorizer, exchange), let token = TokenVerification.token(in: field) else {
            return refuse(.missing, exchange, rules)
        }
        let tokens = exchange.worker.tokens
        let verdict = tokens.verdict(token, for: rules)
        guard case .pending = verdict else { return conclude(verdict, rules, exchange) }
        exchange.tokenWait = tokens.resolve(token, for: rules) { [unowned exchange] verdict in
            exchange.tokenWait = nil
            exchange.finish(.verdict(verdict))
        }
        return .suspended
    }

    /// Goes on when the keys of the token's issuer were fetched, or cannot be had.
    static func conclude(_ verdict: TokenVerdict, _ exchange: Exchange) -> PhaseOutcome {
        // The step that waited is the one before the next.
        let waited = exchange.nextStep &- 1
        guard let steps = exchange.method?.steps, waited >= 0, waited < steps.count,
            case .access(let access) = steps[waited], let rules = access.rules
        else { return .fault }
        return conclude(verdict, rules, exchange)
    }

    private static func conclude(
        _ verdict: TokenVerdict, _ rules: TokenRules, _ exchange: Exchange
    ) -> PhaseOutcome {
        switch verdict {
        case .refused(let refusal):
            return refuse(refusal, exchange, rules)
        case .pending:
            return refuse(.keysUnavailable, exchange, rules)
        case .accepted(let token):
            for claim in token.claims { exchange.addAuthorizerValue(claim.name, claim.text, isClaim: true) }
            exchange.access.hasClaims = true
            exchange.access.isAuthorized = true
            if case .jwt = rules.trust.kind, !rules.scopes.isEmpty { keepScopes(of: token, exchange) }
            return PolicyGate.passToken(exchange)
        }
    }

    /// Scopes as events of functions have them: a JSON list. Source: reference, 1.3: none where the route has no scopes.
    private static func keepScopes(of token: VerifiedToken, _ exchange: Exchange) {
        let arena = exchange.arena
        let start = arena.count
        arena.append(0x5B)
        for (index, scope) in token.scopes.enumerated() {
            if index > 0 { arena.append(0x2C) }
            scope.withUnsafeBytes { EventText.appendQuoted($0, into: arena) }
        }
        arena.append(0x5D)
        exchange.access.scopes = start..<arena.count
    }

    /// The header or query parameter with the token; `nil` if there is none, or if there are two, of which nobody can say
    /// which counts.
    private static func field(_ authorizer: ServingAuthorizer, _ exchange: Exchange) -> UnsafeRawBufferPointer? {
        switch authorizer.sources.first {
        case .header(let name):
            var found: UnsafeRawBufferPointer?
            for span in exchange.headers.spans where bytesEqualIgnoringCase(exchange.name(of: span), name.bytes) {
                if found != nil { return nil }
                found = exchange.value(of: span)
            }
            return found
        case .query(let name):
            exchange.parseQuery()
            var found: Range<Int>?
            for parameter in exchange.query where bytesEqual(exchange.arenaBytes(parameter.name), name.bytes) {
                if found != nil { return nil }
                found = parameter.value
            }
            return found.map { exchange.arenaBytes($0) }
        case .value, nil:
            return nil
        }
    }

    private static func refuse(_ refusal: TokenRefusal, _ exchange: Exchange, _ rules: TokenRules) -> PhaseOutcome {
        guard case .jwt = rules.trust.kind else {
            var fault = GatewayFault(.unauthorized, log: "Unauthorized request: " + refusal.text)
            if refusal == .expired { fault.message = String(describing: refusal.restMessage) }
            exchange.fault = fault
            return .fault
        }
        let status = refusal.httpStatus
        var fault = GatewayFault(
            status == 403 ? .accessDenied : .unauthorized, status: status, log: "the token is refused: " + refusal.text)
        let challenge = OutputBuffer(capacity: 128)
        refusal.appendChallenge(scopes: rules.scopes, into: challenge)
        fault.challenge = String(decoding: challenge.bytes, as: UTF8.self)
        exchange.access.keepError(refusal.text)
        exchange.fault = fault
        return .fault
    }
}
