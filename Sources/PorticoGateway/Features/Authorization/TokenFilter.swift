// Hot: once per request that a token of a user pool decides on. Allocates: for tokens that were not seen before.

internal import PorticoIR
internal import PorticoPrograms

/// Lets requests in by tokens of user pools.
///
/// Source: reference, "Cognito user pools (REST)" (3.5).
enum TokenFilter {
    static func run(_ authorizer: ServingAuthorizer, _ rules: TokenRules, _ exchange: Exchange) -> PhaseOutcome {
        guard let field = field(authorizer, exchange), let token = TokenVerification.token(in: field) else {
            return refuse(.missing, exchange)
        }
        let tokens = exchange.worker.tokens
        let verdict = tokens.verdict(token, for: rules)
        guard case .pending = verdict else { return conclude(verdict, exchange) }
        exchange.tokenWait = tokens.resolve(token, for: rules) { [unowned exchange] verdict in
            exchange.tokenWait = nil
            exchange.finish(.verdict(verdict))
        }
        return .suspended
    }

    /// Goes on when the keys of the token's issuer were fetched, or cannot be had.
    static func conclude(_ verdict: TokenVerdict, _ exchange: Exchange) -> PhaseOutcome {
        switch verdict {
        case .refused(let refusal):
            return refuse(refusal, exchange)
        case .pending:
            return refuse(.keysUnavailable, exchange)
        case .accepted(let token):
            for claim in token.claims { exchange.addAuthorizerValue(claim.name, claim.text, isClaim: true) }
            exchange.access.hasClaims = true
            exchange.access.isAuthorized = true
            return PolicyGate.passToken(exchange)
        }
    }

    /// The header with the token; `nil` if there is none, or if there are two, of which nobody can say which counts.
    private static func field(_ authorizer: ServingAuthorizer, _ exchange: Exchange) -> UnsafeRawBufferPointer? {
        guard case .header(let name)? = authorizer.sources.first else { return nil }
        var found: UnsafeRawBufferPointer?
        for span in exchange.headers.spans where bytesEqualIgnoringCase(exchange.name(of: span), name.bytes) {
            if found != nil { return nil }
            found = exchange.value(of: span)
        }
        return found
    }

    private static func refuse(_ refusal: TokenRefusal, _ exchange: Exchange) -> PhaseOutcome {
        var fault = GatewayFault(.unauthorized, log: "Unauthorized request: " + refusal.text)
        if refusal == .expired { fault.message = String(describing: refusal.restMessage) }
        exchange.fault = fault
        return .fault
    }
}
