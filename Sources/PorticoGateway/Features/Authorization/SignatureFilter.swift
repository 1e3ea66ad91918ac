// Hot: once per request of a method with AWS_IAM. Allocates: what the verifier allocates, and texts of refusals.

internal import PorticoIR
internal import PorticoPrograms

/// Checks signatures of requests: who is calling.
///
/// Source: reference, "SigV4 verification" (3.1).
enum SignatureFilter {
    static func run(_ exchange: Exchange) -> PhaseOutcome {
        guard let stage = exchange.stage else { return .fault }
        switch claim(exchange) {
        case .refused(let fault):
            exchange.fault = fault
            return .fault
        case .claim(let claim):
            // Before anybody is looked for: a claim of no use costs no question.
            if let fault = SignatureFaults.scope(claim, stage)
                ?? SignatureFaults.time(claim, exchange.worker.clock.milliseconds / 1000)
            {
                exchange.fault = fault
                return .fault
            }
            let entry =
                stage.callers.entry(claim.accessKeyID) ?? exchange.worker.management.entry(claim.accessKeyID, exchange)
            if let entry { return pass(claim, entry, exchange, stage) }
            guard let client = stage.callers.endpoint else { return conclude(.unknown, claim, exchange, stage) }
            return ask(client, claim, exchange, stage)
        }
    }

    // MARK: - Identities that somebody else knows

    @inline(never)
    private static func ask(
        _ client: IdentityEndpointClient, _ claim: SigV4Claim, _ exchange: Exchange, _ stage: StageProgram
    ) -> PhaseOutcome {
        let lookup = exchange.worker.identities(of: client)
        let answer = lookup.answer(claim.accessKeyID)
        guard case .pending = answer else { return conclude(answer, claim, exchange, stage) }
        exchange.identityWait = lookup.wait(for: claim.accessKeyID) { [unowned exchange] answer in
            exchange.identityWait = nil
            exchange.finish(.identity(answer))
        }
        return exchange.identityWait == nil ? conclude(.failed, claim, exchange, stage) : .suspended
    }

    /// Goes on when it is known whose access key it is.
    static func resume(_ exchange: Exchange, _ answer: IdentityLookup.Answer) -> PhaseOutcome {
        guard let stage = exchange.stage else { return .fault }
        // What is signed is the body as it came.
        exchange.codedBody = nil
        exchange.bodyLength = exchange.bytes.count &- exchange.bodyOffset
        switch claim(exchange) {
        case .refused(let fault):
            exchange.fault = fault
            return .fault
        case .claim(let claim):
            return conclude(answer, claim, exchange, stage)
        }
    }

    private static func conclude(
        _ answer: IdentityLookup.Answer, _ claim: SigV4Claim, _ exchange: Exchange, _ stage: StageProgram
    ) -> PhaseOutcome {
        switch answer {
        case .known(let entry):
            return pass(claim, entry, exchange, stage)
        case .unknown:
            exchange.fault = SignatureFaults.unknownToken("the access key id is not known")
        case .failed, .pending:
            exchange.fault = GatewayFault(
                .authorizerFailure, log: "nobody can tell whose access key id it is: the endpoint of identities failed")
        }
        return .fault
    }

    private static func pass(
        _ claim: SigV4Claim, _ entry: CallerTable.Entry, _ exchange: Exchange, _ stage: StageProgram
    ) -> PhaseOutcome {
        guard verify(claim, entry, exchange, stage) else { return .fault }
        exchange.access.caller = entry.caller
        exchange.access.callerEntry = entry
        return PolicyGate.passCaller(entry, exchange)
    }

    // MARK: - Claims

    /// What is answered where there is no method: as for one that asks for a signature.
    /// Source: reference 3.1: the header is read before the path is said to be none.
    static func missedRoute(_ exchange: Exchange) -> GatewayFault {
        if exchange.headers.contains(.authorization), case .refused(let fault) = claim(exchange) { return fault }
        return GatewayFault(.missingAuthenticationToken, log: "no method for that path and verb")
    }

    /// What a request says of its signature.
    private enum Reading {
        case claim(SigV4Claim)
        case refused(GatewayFault)
    }

    private static func claim(_ exchange: Exchange) -> Reading {
        let reader = exchange.worker.claims
        var authorization: UnsafeRawBufferPointer?
        for span in exchange.headers.spans where span.known == .authorization {
            // Which of two counts is for nobody to guess.
            if authorization != nil {
                return .refused(incomplete("Authorization header was sent more than once."))
            }
            authorization = exchange.value(of: span)
        }
        if let authorization {
            let reading = reader.read(
                authorization: authorization, amzDate: exchange.field("x-amz-date"), date: exchange.field("date"))
            switch reading {
            case .claim(let claim): return .claim(claim)
            case .none: break
            case .incomplete, .noPair, .malformed:
                return .refused(SignatureFaults.incomplete(authorization, exchange))
            }
        }
        switch reader.read(query: exchange.rawQuery) {
        case .claim(let claim): return .claim(claim)
        case .incomplete(let parts):
            return .refused(incomplete(SignatureFaults.missingParameters(parts)))
        case .malformed(let parts):
            return .refused(incomplete(SignatureFaults.malformedParameters(parts)))
        case .none, .noPair: break
        }
        guard let authorization else {
            return .refused(GatewayFault(.missingAuthenticationToken, log: "the request is not signed"))
        }
        return .refused(SignatureFaults.incomplete(authorization, exchange))
    }

    private static func incomplete(_ message: String) -> GatewayFault { SignatureFaults.incomplete(message) }

    /// Whether the request is signed with the keys of that identity; `false` after setting the fault.
    private static func verify(
        _ claim: SigV4Claim, _ entry: CallerTable.Entry, _ exchange: Exchange, _ stage: StageProgram
    ) -> Bool {
        let worker = exchange.worker
        let credentials = entry.credentials
        if let end = credentials.expiryMilliseconds, end <= worker.clock.milliseconds {
            exchange.fault = GatewayFault(.expiredToken, log: "the credentials of the caller have ended")
            return false
        }
        let token = claim.form == .query ? claim.sessionToken : exchange.field("x-amz-security-token")
        guard isSame(token, credentials.sessionToken) else {
            exchange.fault = SignatureFaults.unknownToken("the session token is not that of the access key")
            return false
        }
        let verifier = worker.verifier
        verifier.begin()
        for span in exchange.headers.spans {
            verifier.add(name: exchange.name(of: span), value: exchange.value(of: span))
        }
        let head = exchange.head
        let request = SigV4Request(
            method: exchange.slice(Int(head.methodOffset), Int(head.methodLength)), path: exchange.path,
            query: exchange.rawQuery, body: exchange.codedBody ?? exchange.body)
        switch verifier.verify(claim, of: request, credentials: credentials, scope: stage.signingScope) {
        case .valid:
            return true
        case .wrongSignature, .wrongPayload:
            exchange.fault = SignatureFaults.mismatch(verifier)
        case .unsignedHost:
            exchange.fault = SignatureFaults.invalid(
                "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.", log: "host is not signed")
        }
        return false
    }

    /// Compares tokens in a time that does not tell how much of them is the same.
    private static func isSame(_ sent: UnsafeRawBufferPointer?, _ own: [UInt8]?) -> Bool {
        guard let own, let sent else { return own == nil && sent?.isEmpty ?? true }
        return own.withUnsafeBytes { SigV4Encoding.areSame($0, sent) }
    }
}

extension Exchange {
    /// Value of the last field of that name, whatever its case; `nil` if there is none.
    func field(_ name: StaticString) -> UnsafeRawBufferPointer? {
        var found: UnsafeRawBufferPointer?
        for span in headers.spans where bytesEqualIgnoringCase(self.name(of: span), name.signedBytes) {
            found = value(of: span)
        }
        return found
    }
}
