// Hot: once per request that a policy decides on. Allocates: the text of a refusal.

internal import PorticoIR
internal import PorticoPrograms

/// Lets requests through as policies say: the API's resource policy, those of the caller, that of an authorizer.
///
/// Source: reference, "Resource policy with other mechanisms" (3.3).
enum PolicyGate {
    // MARK: - Who is allowed

    /// A method that everybody may call: only the resource policy decides, and it must allow.
    static func passAnonymous(_ exchange: Exchange) -> PhaseOutcome {
        guard let policy = exchange.stage?.resourcePolicy else { return .next }
        let decision = PolicyCombination.noAuthorizer(resource: evaluate([policy], as: nil, exchange))
        return settle(decision, exchange, by: .policies)
    }

    /// Whether the resource policy has no denial for the request; `false` after setting a fault.
    static func isNotDenied(_ exchange: Exchange) -> Bool {
        guard let policy = exchange.stage?.resourcePolicy else { return true }
        if PolicyCombination.callsAuthorizer(resource: evaluate([policy], as: nil, exchange)) { return true }
        exchange.fault = refusal(.explicitDeny, exchange, by: .policies)
        return false
    }

    /// A method with user pools: the resource policy alone must allow.
    static func passToken(_ exchange: Exchange) -> PhaseOutcome {
        guard let policy = exchange.stage?.resourcePolicy else { return .next }
        let decision = PolicyCombination.cognitoAuthorizer(resource: evaluate([policy], as: nil, exchange))
        return settle(decision, exchange, by: .policies)
    }

    /// A caller whom a Lambda authorizer's policy decides on.
    static func passAuthorizer(_ policy: PolicyProgram, _ exchange: Exchange) -> PhaseOutcome {
        let own = evaluate([policy], as: nil, exchange)
        let resource = exchange.stage?.resourcePolicy.map { evaluate([$0], as: nil, exchange) }
        return settle(
            PolicyCombination.lambdaAuthorizer(policy: own, resource: resource), exchange, by: .authorizer)
    }

    /// A caller who signed.
    static func passCaller(_ entry: CallerTable.Entry, _ exchange: Exchange) -> PhaseOutcome {
        guard let stage = exchange.stage else { return .fault }
        // Source: IAM User Guide: nothing but a resource policy limits the root user of an account.
        let own: PolicyDecision = entry.isRoot ? .allow : evaluate(entry.policies, as: entry.caller, exchange)
        let isSameAccount = bytesEqual(entry.caller.account.bytes, stage.accountID.bytes)
        let resource = stage.resourcePolicy.map { evaluate([$0], as: entry.caller, exchange) }
        let decision =
            isSameAccount
            ? PolicyCombination.sameAccount(identity: own, resource: resource)
            : PolicyCombination.otherAccount(identity: own, resource: resource)
        return settle(decision, exchange, by: .policies)
    }

    /// Whether the caller may have the answer made anew that is kept for everybody: `execute-api:InvalidateCache` on the
    /// method. Nobody who has not signed may.
    ///
    /// Source: reference, "Cache" (8.1): a caller of the API's own account.
    static func mayInvalidateCache(_ exchange: Exchange) -> Bool {
        guard let stage = exchange.stage, let entry = exchange.access.callerEntry,
            bytesEqual(entry.caller.account.bytes, stage.accountID.bytes)
        else { return false }
        let action = ("execute-api:InvalidateCache" as StaticString).signedBytes
        let own: PolicyDecision =
            entry.isRoot ? .allow : evaluate(entry.policies, as: entry.caller, exchange, action: action)
        let resource = stage.resourcePolicy.map { evaluate([$0], as: entry.caller, exchange, action: action) }
        if case .allow = PolicyCombination.sameAccount(identity: own, resource: resource) { return true }
        return false
    }

    // MARK: - Evaluation

    /// The decision of policies, any of which may deny or allow; `nil` for a caller whom nobody knows.
    ///
    /// A path that a backend may read in another way than it came is looked at in both ways, and the stricter decision
    /// counts: policies are not passed by `/public/../admin` or `/%61dmin`.
    private static func evaluate(
        _ policies: [PolicyProgram], as caller: ServingCaller?, _ exchange: Exchange,
        action: UnsafeRawBufferPointer? = nil
    ) -> PolicyDecision {
        let request = exchange.worker.policyRequest
        request.reset()
        request.setAction(action ?? self.action(of: exchange).signedBytes)
        if let caller {
            request.setPrincipal(caller.kind, name: caller.arn.bytes, account: caller.account.bytes)
            request.setPrincipalKeys()
            request.set(.userID, caller.userID.bytes)
        }
        request.set(.sourceIP, exchange.sourceAddress.bytes)
        if let agent = exchange.headerValue(.userAgent) { request.set(.userAgent, agent) }
        if let referer = exchange.field("referer") { request.set(.referer, referer) }
        request.set(.secureTransport, exchange.isTLS)
        request.setTime(epochSeconds: Int64(exchange.worker.clock.milliseconds / 1000))

        let text = exchange.worker.policyText
        text.reset()
        exchange.appendMethodARN(into: text)
        let end = text.count
        let reading = exchange.appendDecodedMethodARN(into: text)
        request.setResource(text.view(0..<end))
        let machine = exchange.worker.policies
        let decision = machine.evaluate(policies, request)
        guard reading != .same, decision != .explicitDeny else { return decision }
        request.setResource(text.view(end..<text.count))
        let other = machine.evaluate(policies, request)
        if other == .explicitDeny { return .explicitDeny }
        return reading == .elsewhere && other == .implicitDeny ? .implicitDeny : decision
    }

    // MARK: - Refusals

    /// Whose words a refusal has.
    private enum Source {
        case authorizer
        case policies
    }

    private static func settle(
        _ decision: PolicyDecision, _ exchange: Exchange, by source: Source
    ) -> PhaseOutcome {
        if case .allow = decision { return .next }
        exchange.fault = refusal(decision, exchange, by: source)
        return .fault
    }

    /// What the client wants to do. Source: reference, "@connections" (2.5).
    private static func action(of exchange: Exchange) -> StaticString {
        exchange.webSocket?.kind == .call ? "execute-api:ManageConnections" : "execute-api:Invoke"
    }

    /// Source: reference 3.1 and 3.4, the tables of answers; decisions 3 and 4.
    private static func refusal(
        _ decision: PolicyDecision, _ exchange: Exchange, by source: Source
    ) -> GatewayFault {
        var message: String
        switch source {
        case .authorizer:
            message = "User is not authorized to access this resource"
        case .policies:
            let text = exchange.worker.policyText
            text.reset()
            exchange.appendMaskedMethodARN(into: text)
            let user = exchange.access.caller.map { String(decoding: $0.arn.bytes, as: UTF8.self) } ?? "anonymous"
            message =
                "User: \(user) is not authorized to perform: \(action(of: exchange)) on resource: "
                + String(decoding: text.bytes, as: UTF8.self)
        }
        if case .explicitDeny = decision { message += " with an explicit deny" }
        return GatewayFault(
            .accessDenied, message: message, log: "The client is not authorized to perform this operation.")
    }
}
