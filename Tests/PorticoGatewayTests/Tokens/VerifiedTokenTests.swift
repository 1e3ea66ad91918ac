import PorticoIR
import PorticoPrograms
import Testing

@testable import PorticoGateway

/// What is kept of tokens, how claims are shown, and what the answers say.
@Suite("Verified tokens")
struct VerifiedTokenTests {
    private func text(_ claim: String, _ style: ClaimStyle, name: String = "c") -> String? {
        let tape = JSONTape()
        let json = Array(#"{"\#(name)":\#(claim)}"#.utf8)
        let output = OutputBuffer()
        return json.withUnsafeBytes { bytes in
            guard tape.parse(bytes) == .ok, let value = tape.member(tape.root, named: Array(name.utf8)) else {
                return "-"
            }
            let isShown = Array(name.utf8).withUnsafeBytes { style.append(value, named: $0, of: tape, into: output) }
            return isShown ? String(decoding: output.bytes, as: UTF8.self) : nil
        }
    }

    @Test(
        "claims are texts",
        arguments: [
            ("\"a\\u00e9\\n\"", "aé\n", "aé\n"), ("1787996002", "1787996002", "1787996002"), ("1.50", "1.50", "1.50"),
            ("true", "true", "true"), ("[\"a\",\"b\"]", "a,b", "[a b]"), ("[]", "", "[]"),
            ("[1,[2]]", "1,[2]", "[1 [2]]"),
            ("{\"a\" : [1]}", "{\"a\":[1]}", "{\"a\":[1]}"), ("null", nil, nil),
        ] as [(String, String?, String?)])
    func texts(claim: String, pool: String?, jwt: String?) {
        #expect(text(claim, .userPool) == pool)
        #expect(text(claim, .jwt) == jwt)
    }

    @Test(
        "user pools show exp and iat as Java prints dates",
        arguments: [
            (1_469_818_373, "Fri Jul 29 18:52:53 UTC 2016"), (0, "Thu Jan 01 00:00:00 UTC 1970"),
            (951_782_400, "Tue Feb 29 00:00:00 UTC 2000"), (4_107_542_399, "Sun Feb 28 23:59:59 UTC 2100"),
            (-1, "Wed Dec 31 23:59:59 UTC 1969"), (1_735_689_600, "Wed Jan 01 00:00:00 UTC 2025"),
        ])
    func dates(seconds: Int, date: String) {
        #expect(text("\(seconds)", .userPool, name: "exp") == date)
        #expect(text("\(seconds)", .userPool, name: "iat") == date)
        #expect(text("\(seconds)", .userPool, name: "auth_time") == "\(seconds)")
        #expect(text("\(seconds)", .jwt, name: "exp") == "\(seconds)")
    }

    @Test("an accepted token has its claims as texts and as JSON")
    func claims() async throws {
        let workers = try await TokenWorkers()
        let trust = Tokens.trust(keys: try Tokens.keySet(SigningKey.p256.jwk("k")))
        let claims = Tokens.claims([
            ("custom:role", "\"admin\""), ("cognito:groups", "[\"a\",\"b\"]"), ("exp", "1790003600"),
            ("iat", "1789999990"),
        ])
        let token = try Tokens.make(claims, by: .p256, "ES256")
        #expect(
            try await workers.verdict(token, TokenRules(trust: trust))
                == .accepted([
                    "iss": Tokens.issuer, "aud": "client", "token_use": "id", "sub": "me", "custom:role": "admin",
                    "cognito:groups": "a,b", "exp": "Mon Sep 21 15:13:20 UTC 2026",
                    "iat": "Mon Sep 21 14:13:10 UTC 2026",
                ]))
        let facts = try await workers.on { tokens in
            Array(token.utf8).withUnsafeBytes { bytes -> [String] in
                guard case .accepted(let token) = tokens.verdict(bytes, for: TokenRules(trust: trust)) else {
                    return []
                }
                return [
                    String(decoding: token.claimsJSON, as: UTF8.self),
                    token.claim(named: "custom:role").map { String(decoding: $0, as: UTF8.self) } ?? "-",
                    token.claim(named: "nothing").map { String(decoding: $0, as: UTF8.self) } ?? "-",
                ]
            }
        }
        #expect(facts == [claims, "admin", "-"])
        try await workers.shutdown()
    }

    @Test("a token ends with its exp, though it was verified before")
    func expiry() async throws {
        let workers = try await TokenWorkers()
        let rules = TokenRules(trust: Tokens.trust(keys: try Tokens.keySet(SigningKey.p256.jwk("k"))))
        let token = try Tokens.make(Tokens.claims([("exp", "\(Tokens.now + 10)")]), by: .p256, "ES256")
        #expect(try await workers.verdict(token, rules).isAccepted)
        workers.pass(9)
        #expect(try await workers.verdict(token, rules).isAccepted)
        #expect(try await workers.on { $0.cache.count } == 1)
        workers.pass(1)
        #expect(try await workers.verdict(token, rules) == .refused(.expired))
        #expect(try await workers.on { $0.cache.count } == 0)
        try await workers.shutdown()
    }

    @Test("what was verified for one authorizer is not for another")
    func trusts() async throws {
        let workers = try await TokenWorkers()
        let token = try Tokens.make(by: .p256, "ES256")
        let good = Tokens.trust(keys: try Tokens.keySet(SigningKey.p256.jwk("k")))
        #expect(try await workers.verdict(token, TokenRules(trust: good)).isAccepted)
        for _ in 0..<50 {
            // Freed again at once: its successor may stand at the same address.
            let other = Tokens.trust(keys: try Tokens.keySet(SigningKey.p256.jwk("k")))
            #expect(try await workers.verdict(token, TokenRules(trust: other)).isAccepted)
        }
        for _ in 0..<50 {
            let wrong = Tokens.trust(keys: try Tokens.keySet(SigningKey.p384.jwk("k")))
            #expect(try await workers.verdict(token, TokenRules(trust: wrong)) == .refused(.algorithm))
        }
        try await workers.shutdown()
    }

    @Test("the cache has a bound of tokens and of bytes, and keeps nothing that is refused")
    func bounds() async throws {
        let workers = try await TokenWorkers(sets: 4, cacheBytes: 12_000)
        let rules = TokenRules(trust: Tokens.trust(keys: try Tokens.keySet(SigningKey.p256.jwk("k"))))
        for number in 0..<100 {
            let token = try Tokens.make(Tokens.claims([("n", "\(number)")]), by: .p256, "ES256")
            #expect(try await workers.verdict(token, rules).isAccepted)
            let (count, bytes) = try await workers.on { ($0.cache.count, $0.cache.heldBytes) }
            #expect(count >= 1 && count <= 16 && bytes <= 12_000 && bytes > 0)
            // The last one is there.
            let again = try await workers.verdict(token, rules)
            #expect(again.isAccepted)
            #expect(try await workers.on { $0.cache.count } == count)
        }
        let before = try await workers.on { $0.cache.count }
        for _ in 0..<50 {
            let forged = try Tokens.make(by: .p384, "ES384").replacingHeader()
            _ = try await workers.verdict(forged, rules)
        }
        #expect(try await workers.on { $0.cache.count } == before)
        try await workers.on { $0.install([]) }
        #expect(try await workers.on { $0.cache.count } == 0)
        #expect(try await workers.on { $0.cache.heldBytes } == 0)
        try await workers.shutdown()
    }

    @Test("two tokens with one signature are two tokens")
    func wholeComparison() async throws {
        let workers = try await TokenWorkers()
        let rules = TokenRules(trust: Tokens.trust(keys: try Tokens.keySet(SigningKey.p256.jwk("k"))))
        let token = try Tokens.make(by: .p256, "ES256")
        #expect(try await workers.verdict(token, rules).isAccepted)
        let parts = token.split(separator: ".").map(String.init)
        // The same length and the same end: the hash is the same.
        let claims = base64URL(Tokens.claims([("sub", "\"ME\"")]).utf8)
        #expect(try await workers.verdict("\(parts[0]).\(claims).\(parts[2])", rules) == .refused(.signature))
        #expect(try await workers.verdict(token, rules).isAccepted)
        try await workers.shutdown()
    }

    @Test(
        "challenges of HTTP APIs say what is wrong, without commas",
        arguments: [
            (TokenRefusal.missing, 401, "Bearer"),
            (
                .audience, 401,
                #"Bearer scope="" error="invalid_token" error_description="the token does not have a valid audience""#
            ),
            (.expired, 401, #"Bearer scope="" error="invalid_token" error_description="the token has expired""#),
            (
                .issuer, 401,
                #"Bearer scope="" error="invalid_token" error_description="the token has an invalid issuer""#
            ),
            (.signature, 401, #"Bearer scope="" error="invalid_token" error_description="signature is invalid""#),
        ])
    func challenges(refusal: TokenRefusal, status: Int, text: String) {
        let output = OutputBuffer()
        refusal.appendChallenge(scopes: [], into: output)
        #expect(String(decoding: output.bytes, as: UTF8.self) == text)
        #expect(refusal.httpStatus == status)
    }

    @Test("a challenge for scopes names them and cannot be broken out of")
    func scopeChallenge() {
        let output = OutputBuffer()
        TokenRefusal.scopes.appendChallenge(scopes: [Array("a".utf8), Array("b\"\r\nX: y".utf8)], into: output)
        let text = String(decoding: output.bytes, as: UTF8.self)
        #expect(text.hasPrefix(#"Bearer scope="a bX:y" error="insufficient_scope" error_description=""#))
        #expect(TokenRefusal.scopes.httpStatus == 403)
        for refusal in TokenRefusal.allCases {
            output.reset()
            refusal.appendChallenge(scopes: [], into: output)
            #expect(!output.bytes.contains(UInt8(ascii: ",")))
            #expect(!refusal.text.isEmpty)
        }
    }
}

extension String {
    /// With a header that claims ES256.
    fileprivate func replacingHeader() -> String {
        let rest = split(separator: ".").dropFirst().joined(separator: ".")
        return base64URL(#"{"alg":"ES256","kid":"k"}"#.utf8) + "." + rest
    }
}
