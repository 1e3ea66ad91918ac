import PorticoIR
import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Tokens of an issuer that is asked for its keys over the network.
@Suite("Issuers of tokens", .serialized)
struct TokenIssuerTests {
    typealias Outcome = TokenWorkers.Outcome

    private static let pool = "arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_test"

    private static func rules(_ issuer: TestIssuer, keySetAddress: String? = nil) -> TokenRules {
        var entry = IdentityProviderEntry(name: "p", issuer: issuer.issuer(), providerARNs: [pool])
        entry.keySetAddress = keySetAddress
        return TokenRules(trust: ServingIdentityProviders([entry], in: ".").trust(userPools: [pool]))
    }

    private static func claims(_ issuer: TestIssuer, _ number: Int = 0, life: Int = 100_000) -> String {
        Tokens.claims([
            ("iss", "\"\(issuer.issuer())\""), ("n", "\(number)"), ("exp", "\(Tokens.now + life)"),
        ])
    }

    private func serving(
        _ workers: Int = 1, _ body: (TestIssuer, TokenWorkers) async throws -> Void
    ) async throws {
        let issuer = try TestIssuer()
        let workers = try await TokenWorkers(workers)
        try await body(issuer, workers)
        try await workers.shutdown()
    }

    @Test("the first token waits for the keys, later ones do not")
    func first() async throws {
        try await serving { issuer, workers in
            let rules = Self.rules(issuer)
            let token = try issuer.token(Self.claims(issuer))
            #expect(try await workers.verdict(token, rules) == .pending)
            #expect(await workers.resolved(token, rules).isAccepted)
            #expect(try await workers.verdict(token, rules).isAccepted)
            #expect(try await workers.verdict(issuer.token(Self.claims(issuer, 1)), rules).isAccepted)
            #expect(try issuer.counts() == (1, 1))
        }
    }

    @Test("the address of the keys may be given")
    func address() async throws {
        try await serving { issuer, workers in
            let rules = Self.rules(issuer, keySetAddress: issuer.keySetAddress)
            let token = try issuer.token(Self.claims(issuer))
            #expect(await workers.resolved(token, rules).isAccepted)
            let counts = try issuer.counts()
            #expect(counts == (0, 1))
        }
    }

    @Test("an issuer is called by HTTPS, and believed only if its certificate is")
    func https() async throws {
        let issuer = try TestIssuer(certificate: TestCertificates.goodCertificate, key: TestCertificates.goodKey)
        let token = try issuer.token(Self.claims(issuer))
        for (authority, expectation) in [
            (TestCertificates.goodCertificate, true), (TestCertificates.otherCertificate, false),
        ] {
            let workers = try await TokenWorkers(tls: UpstreamTLS(trustRoots: .pem(Array(authority.utf8))))
            let outcome = await workers.resolved(token, Self.rules(issuer))
            if expectation { #expect(outcome.isAccepted) } else { #expect(outcome == .refused(.keysUnavailable)) }
            try await workers.shutdown()
        }
    }

    @Test(
        "keys of each algorithm are taken from the network",
        arguments: ["RS256", "RS512", "PS256", "PS384", "ES256", "ES384", "ES512"])
    func algorithms(algorithm: String) async throws {
        try await serving { issuer, workers in
            try issuer.control(#"{"rotate": "replace", "algorithm": "\#(algorithm)"}"#)
            #expect(await workers.resolved(try issuer.token(Self.claims(issuer)), Self.rules(issuer)).isAccepted)
        }
    }

    @Test("all workers together fetch once, however many requests there are")
    func oneFetch() async throws {
        try await serving(4) { issuer, workers in
            try issuer.control(#"{"delay": 0.2}"#)
            let rules = Self.rules(issuer)
            let tokens = try (0..<10).map { try issuer.token(Self.claims(issuer, $0)) }
            await withTaskGroup(of: Outcome.self) { group in
                for index in 0..<200 {
                    group.addTask { await workers.resolved(tokens[index % 10], rules, worker: index % 4) }
                }
                for await outcome in group { #expect(outcome.isAccepted) }
            }
            #expect(try issuer.counts() == (1, 1))
        }
    }

    @Test("keys rotate while requests go on, and nobody is refused who should not be")
    func rotation() async throws {
        try await serving(2) { issuer, workers in
            let rules = Self.rules(issuer)
            let old = try (0..<20).map { try issuer.token(Self.claims(issuer, $0)) }
            #expect(await workers.resolved(old[0], rules).isAccepted)
            // Requests with tokens of the old key go on all the time.
            let requests = Task {
                var refused = 0
                var sent = 0
                while !Task.isCancelled {
                    if await !workers.resolved(old[sent % 20], rules, worker: sent % 2).isAccepted { refused += 1 }
                    sent += 1
                }
                return (sent, refused)
            }
            for round in 0..<5 {
                try issuer.control(#"{"rotate": "add"}"#)
                let new = try issuer.token(Self.claims(issuer, 100 + round))
                // Ten seconds after the last fetch the unknown name is reason enough for the next.
                workers.pass(10)
                #expect(await workers.resolved(new, rules, worker: 1).isAccepted)
                #expect(await workers.resolved(new, rules, worker: 0).isAccepted)
            }
            requests.cancel()
            let (sent, refused) = await requests.value
            #expect(sent > 0 && refused == 0)
            #expect(try issuer.counts().keys == 6)

            // The old key is withdrawn: what it signed ends when the keys are fetched again, verified before or not.
            try issuer.control(#"{"rotate": "replace"}"#)
            #expect(try await workers.verdict(old[1], rules).isAccepted)
            workers.pass(3600)
            for worker in 0..<2 {
                for token in old {
                    #expect(await workers.resolved(token, rules, worker: worker) == .refused(.unknownKey))
                }
            }
            #expect(await workers.resolved(try issuer.token(Self.claims(issuer)), rules).isAccepted)
        }
    }

    @Test("tokens with invented key names do not make us ask again and again")
    func storm() async throws {
        try await serving(2) { issuer, workers in
            let rules = Self.rules(issuer)
            #expect(await workers.resolved(try issuer.token(Self.claims(issuer)), rules).isAccepted)
            let forged = try (0..<300).map { number in
                try Tokens.make(Self.claims(issuer, number), kid: "invented-\(number)", by: .p256, "ES256")
            }
            for _ in 0..<2 {
                await withTaskGroup(of: Outcome.self) { group in
                    for (index, token) in forged.enumerated() {
                        group.addTask { await workers.resolved(token, rules, worker: index % 2) }
                    }
                    for await outcome in group { #expect(outcome == .refused(.unknownKey)) }
                }
            }
            // The first fetch was less than ten seconds ago by the clock, which stands still.
            #expect(try issuer.counts().keys == 1)
            workers.pass(10)
            for token in forged { #expect(await workers.resolved(token, rules) == .refused(.unknownKey)) }
            #expect(try issuer.counts().keys == 2)
            // Tokens that are of no use anyway cost nothing at all.
            workers.pass(10)
            let expired = try Tokens.make(Self.claims(issuer, life: -5), kid: "x", by: .p256, "ES256")
            #expect(await workers.resolved(expired, rules) == .refused(.expired))
            #expect(try issuer.counts().keys == 2)
        }
    }

    @Test("the last good keys stay for a day while the issuer is out of reach")
    func outage() async throws {
        try await serving { issuer, workers in
            let rules = Self.rules(issuer)
            let tokens = try (0..<3).map { try issuer.token(Self.claims(issuer, $0)) }
            #expect(await workers.resolved(tokens[0], rules).isAccepted)
            try issuer.control(#"{"status": 500}"#)
            workers.pass(3600)
            #expect(await workers.resolved(tokens[0], rules).isAccepted)
            #expect(await workers.resolved(tokens[1], rules).isAccepted)
            try issuer.stop()
            workers.pass(3600)
            #expect(await workers.resolved(tokens[1], rules).isAccepted)
            workers.pass(23 * 3600)
            #expect(await workers.resolved(tokens[1], rules) == .refused(.keysUnavailable))
            #expect(await workers.resolved(tokens[2], rules) == .refused(.keysUnavailable))
        }
    }

    @Test("keys are fetched anew before they are old, and requests do not wait for that")
    func refresh() async throws {
        try await serving { issuer, workers in
            try issuer.control(#"{"cacheControl": "public, max-age=600"}"#)
            let rules = Self.rules(issuer)
            let token = try issuer.token(Self.claims(issuer))
            #expect(await workers.resolved(token, rules).isAccepted)
            workers.pass(479)
            #expect(try await workers.verdict(token, rules).isAccepted)
            #expect(try issuer.counts().keys == 1)
            workers.pass(1)
            #expect(try await workers.verdict(token, rules).isAccepted)
            try Deadline().wait(for: "the second fetch") { try issuer.counts().keys == 2 }
        }
    }

    @Test(
        "documents that are not what they should be give no keys",
        arguments: [
            #"{"status": 404}"#, #"{"pad": 150000}"#, #"{"delay": 3}"#, #"{"issuer": "https://other.example.com"}"#,
            #"{"jwksUri": "http://169.254.169.254/keys"}"#, #"{"jwksUri": "/keys"}"#, #"{"location": "/keys"}"#,
        ])
    func badDocuments(command: String) async throws {
        try await serving { issuer, workers in
            let rules = Self.rules(issuer)
            let token = try issuer.token(Self.claims(issuer))
            try issuer.control(command)
            let clock = ContinuousClock()
            let start = clock.now
            #expect(await workers.resolved(token, rules) == .refused(.keysUnavailable))
            // 1500 ms, and something for a busy machine; the issuer would take three seconds.
            #expect(start.duration(to: clock.now) < .milliseconds(2900))
            // Asked again at once, nobody waits.
            #expect(try await workers.verdict(token, rules) == .refused(.keysUnavailable))
            try issuer.control(
                #"{"status": null, "pad": null, "delay": null, "issuer": null, "jwksUri": null, "location": null}"#)
            workers.pass(1)
            #expect(await workers.resolved(token, rules).isAccepted)
        }
    }

    @Test("who waits holds up nobody, can go away, and is one of so many at most")
    func waiting() async throws {
        try await serving { issuer, workers in
            try issuer.control(#"{"delay": 1}"#)
            let rules = Self.rules(issuer)
            let tokens = try (0..<2).map { try issuer.token(Self.claims(issuer, $0)) }
            let (outcomes, continuation) = AsyncStream.makeStream(of: Outcome.self)
            let count = TokenVerification.maximumWaiting + 5
            try await workers.on { verification in
                for index in 0..<count {
                    let wait = Array(tokens[index % 2].utf8).withUnsafeBytes {
                        verification.resolve($0, for: rules) { continuation.yield(TokenWorkers.outcome($0)) }
                    }
                    // The first ten go away, which makes room for others.
                    if index < 10 { wait.cancel() }
                }
            }
            // The loop serves others meanwhile.
            let local = TokenRules(trust: Tokens.trust(keys: try Tokens.keySet(SigningKey.p256.jwk("k"))))
            #expect(try await workers.verdict(Tokens.make(by: .p256, "ES256"), local).isAccepted)
            #expect(try issuer.counts().keys == 0)
            var iterator = outcomes.makeAsyncIterator()
            var accepted = 0
            for _ in 0..<count - 10 { if await iterator.next()?.isAccepted == true { accepted += 1 } }
            #expect(accepted == count - 10)

            workers.pass(3600)
            try await workers.on { verification in
                for index in 0..<count {
                    _ = Array(tokens[index % 2].utf8).withUnsafeBytes {
                        verification.resolve($0, for: rules) { continuation.yield(TokenWorkers.outcome($0)) }
                    }
                }
            }
            var refused = 0
            for _ in 0..<count { if await iterator.next() == .refused(.keysUnavailable) { refused += 1 } }
            #expect(refused == 5)
        }
    }
}
