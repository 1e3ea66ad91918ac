// Hot: once per request that not everybody may make. Allocates: for answers of authorizers that are not kept yet.

internal import PorticoIR
internal import PorticoPrograms

/// Who may call: resource policy, signature, authorizers, in the order of API Gateway.
///
/// Source: reference, "Order for a REST request" (3.0), "Resource policy with other mechanisms" (3.3).
enum AccessFilter {
    static func run(_ access: ServingAccess, _ exchange: Exchange) -> PhaseOutcome {
        // Source: API Gateway guide, TestInvokeMethod: authorization is passed over.
        if exchange.invocation != nil { return .next }
        switch access.mechanism {
        case .open:
            return PolicyGate.passAnonymous(exchange)
        case .iam:
            return SignatureFilter.run(exchange)
        case .bypass(let values, let hasClaims):
            for entry in values { exchange.addAuthorizerValue(entry.name.bytes, entry.value.bytes) }
            exchange.access.hasClaims = hasClaims
            exchange.access.isAuthorized = true
            return .next
        case .authorizer(let authorizer):
            // Source: reference 3.3: denials of the resource policy come before the authorizer is asked.
            guard PolicyGate.isNotDenied(exchange) else { return .fault }
            if let rules = access.rules { return TokenFilter.run(authorizer, rules, exchange) }
            return conclude(LambdaAuthorizer.ask(exchange, authorizer), exchange)
        }
    }

    /// Goes on when the function of an authorizer has answered.
    static func resume(_ exchange: Exchange, _ reply: FunctionReply) -> PhaseOutcome {
        guard let authorizer = exchange.access.waitsFor else { return .fault }
        exchange.access.waitsFor = nil
        return conclude(LambdaAuthorizer.read(reply, exchange, authorizer), exchange)
    }

    private static func conclude(_ result: LambdaAuthorizer.Result, _ exchange: Exchange) -> PhaseOutcome {
        switch result {
        case .suspended:
            return .suspended
        case .refused(let fault):
            exchange.access.keepError(fault.log)
            exchange.fault = fault
            return .fault
        case .answered(let answer):
            LambdaAuthorizer.apply(answer, exchange)
            switch answer.ruling {
            case .policy(let policy): return PolicyGate.passAuthorizer(policy, exchange)
            case .verdict(true): return .next
            case .verdict(false):
                exchange.fault = GatewayFault(.accessDenied, log: "the authorizer does not let the caller in")
                return .fault
            }
        }
    }
}
