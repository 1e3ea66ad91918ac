import Crypto
import CryptoExtras
import PorticoIR
import PorticoPrograms
import Testing

@testable import PorticoGateway

/// What is accepted and refused with keys that are there. Each row is a token that somebody could send.
@Suite("Verdicts on tokens")
struct TokenVerdictTests {
    typealias Outcome = TokenWorkers.Outcome

    private static func keys() throws -> KeySet {
        try Tokens.keySet(
            SigningKey.rsa2048.jwk("k"), SigningKey.p256.jwk("p256"), SigningKey.p384.jwk("p384"),
            SigningKey.p521.jwk("p521"), SigningKey.rsa2048.jwk("only", #""alg":"RS512""#))
    }

    private func verdict(
        _ token: String, kind: TokenTrust.Kind = .userPools(audience: nil), scopes: [String] = [],
        algorithms: [TokenAlgorithm] = TokenAlgorithm.allCases, audiences: [String] = []
    ) async throws -> Outcome {
        let workers = try await TokenWorkers()
        let trust = Tokens.trust(kind, keys: try Self.keys(), algorithms: algorithms, audiences: audiences)
        let rules = TokenRules(trust: trust, scopes: scopes)
        let first = try await workers.verdict(token, rules)
        // The second time is a look-up and must come to the same.
        #expect(try await workers.verdict(token, rules) == first)
        try await workers.shutdown()
        return first
    }

    @Test(
        "each algorithm verifies with its own type of key",
        arguments: [
            ("RS256", "k"), ("RS384", "k"), ("RS512", "k"), ("PS256", "k"), ("PS384", "k"), ("PS512", "k"),
            ("ES256", "p256"), ("ES384", "p384"), ("ES512", "p521"), ("RS512", "only"),
        ])
    func algorithms(algorithm: String, kid: String) async throws {
        let key: SigningKey = ["p256": .p256, "p384": .p384, "p521": .p521][kid] ?? .rsa2048
        let token = try Tokens.make(kid: kid, by: key, algorithm)
        #expect(try await verdict(token).isAccepted)
        let only = try #require(TokenAlgorithm(rawValue: algorithm))
        #expect(
            try await verdict(token, algorithms: TokenAlgorithm.allCases.filter { $0 != only }) == .refused(.algorithm))
    }

    @Test(
        "no token gets by with an algorithm that is none, has a shared secret, or is not for the key",
        arguments: [
            (#"{"alg":"none","kid":"k"}"#, TokenRefusal.algorithm), (#"{"alg":"None","kid":"k"}"#, .algorithm),
            (#"{"alg":"","kid":"k"}"#, .algorithm), (#"{"kid":"k"}"#, .algorithm),
            (#"{"alg":null,"kid":"k"}"#, .algorithm),
            (#"{"alg":["RS256"],"kid":"k"}"#, .algorithm), (#"{"alg":"rs256","kid":"k"}"#, .algorithm),
            (#"{"alg":"HS256","kid":"k"}"#, .algorithm), (#"{"alg":"HS512","kid":"k"}"#, .algorithm),
            (#"{"alg":"ES256K","kid":"k"}"#, .algorithm), (#"{"alg":"EdDSA","kid":"k"}"#, .algorithm),
            (#"{"alg":"RS256","kid":"p256"}"#, .algorithm), (#"{"alg":"ES256","kid":"k"}"#, .algorithm),
            (#"{"alg":"ES256","kid":"p384"}"#, .algorithm), (#"{"alg":"ES512","kid":"p256"}"#, .algorithm),
            (#"{"alg":"RS256","kid":"only"}"#, .algorithm),
            // What was signed as RS256 is no signature of another.
            (#"{"alg":"RS384","kid":"k"}"#, .signature), (#"{"alg":"PS256","kid":"k"}"#, .signature),
        ])
    func confusion(header: String, refusal: TokenRefusal) async throws {
        #expect(try await verdict(Tokens.make(header: header)) == .refused(refusal))
    }

    @Test("a token without signature, or with a MAC by the public key, is refused")
    func publicKeyAsSecret() async throws {
        let claims = base64URL(Tokens.claims().utf8)
        for header in [#"{"alg":"none","kid":"k"}"#, #"{"alg":"RS256","kid":"k"}"#] {
            #expect(try await verdict("\(base64URL(header.utf8)).\(claims).") == .refused(.malformed))
        }
        guard case .rsa(let key) = SigningKey.rsa2048 else { return }
        for secret in [key.publicKey.pemRepresentation, key.publicKey.pkcs1PEMRepresentation] {
            let signed = base64URL(#"{"alg":"HS256","kid":"k"}"#.utf8) + "." + claims
            let mac = HMAC<SHA256>.authenticationCode(
                for: Array(signed.utf8), using: SymmetricKey(data: Array(secret.utf8)))
            #expect(try await verdict(signed + "." + base64URL(mac)) == .refused(.algorithm))
        }
    }

    @Test(
        "the name of a key is a name and nothing else",
        arguments: [
            #"{"alg":"RS256"}"#, #"{"alg":"RS256","kid":""}"#, #"{"alg":"RS256","kid":1}"#,
            #"{"alg":"RS256","kid":"K"}"#,
            #"{"alg":"RS256","kid":"k "}"#, #"{"alg":"RS256","kid":"./k"}"#,
            #"{"alg":"RS256","kid":"../../../etc/passwd"}"#,
            #"{"alg":"RS256","kid":"k\u0000"}"#, #"{"alg":"RS256","kid":"k' OR '1'='1"}"#,
            #"{"alg":"RS256","kid":"https://evil.example.com/k"}"#, #"{"alg":"RS256","kid":["k"]}"#,
        ])
    func keyNames(header: String) async throws {
        #expect(try await verdict(Tokens.make(header: header)) == .refused(.unknownKey))
    }

    @Test("keys that a token brings or points to are not looked at")
    func broughtKeys() async throws {
        let own = SigningKey.otherRSA2048.jwk("k")
        for extra in [
            #""jwk":\#(own)"#, #""jku":"https://evil.example.com/keys""#, #""x5u":"https://evil.example.com/c""#,
        ] {
            let header = #"{"alg":"RS256","kid":"k",\#(extra)}"#
            #expect(try await verdict(Tokens.make(header: header, by: .otherRSA2048)) == .refused(.signature))
            // An honest token that has them all the same is one.
            #expect(try await verdict(Tokens.make(header: header)).isAccepted)
        }
    }

    @Test(
        "extensions to be understood are refused",
        arguments: [
            #""crit":["exp"]"#, #""crit":[]"#, #""b64":false,"crit":["b64"]"#, #""b64":true"#, #""zip":"DEF""#,
            #""enc":"A256GCM""#,
        ])
    func extensions(extra: String) async throws {
        let header = #"{"alg":"RS256","kid":"k",\#(extra)}"#
        #expect(try await verdict(Tokens.make(header: header)) == .refused(.unsupportedHeader))
    }

    @Test("what is changed after it was signed is refused")
    func tampering() async throws {
        let token = try Tokens.make()
        let parts = token.split(separator: ".").map(String.init)
        let other = try Tokens.make(Tokens.claims([("sub", "\"you\"")])).split(separator: ".").map(String.init)
        #expect(try await verdict("\(parts[0]).\(other[1]).\(parts[2])") == .refused(.signature))
        #expect(try await verdict(Tokens.make(by: .otherRSA2048)) == .refused(.signature))
        // A signature that is too short or too long, and one of another curve.
        #expect(try await verdict("\(parts[0]).\(parts[1]).\(parts[2].dropLast(2))") == .refused(.signature))
        #expect(try await verdict("\(parts[0]).\(parts[1]).AAAA\(parts[2])") == .refused(.signature))
        let curve = try Tokens.make(header: #"{"alg":"ES256","kid":"p256"}"#, by: .p384, "ES384")
        #expect(try await verdict(curve) == .refused(.signature))
        let zero = base64URL(#"{"alg":"ES256","kid":"p256"}"#.utf8) + "." + parts[1] + "."
        #expect(try await verdict(zero + base64URL([UInt8](repeating: 0, count: 64))) == .refused(.signature))
    }

    @Test("no character of a token can be another one")
    func everyCharacter() async throws {
        let workers = try await TokenWorkers()
        let rules = TokenRules(trust: Tokens.trust(keys: try Self.keys()))
        let token = Array(try Tokens.make(kid: "p256", by: .p256, "ES256").utf8)
        let accepted = try await workers.on { tokens in
            var accepted: [Int] = []
            for place in token.indices {
                for change: UInt8 in [0x01, 0x04, 0x20, 0x80] {
                    var changed = token
                    changed[place] ^= change
                    let verdict = changed.withUnsafeBytes { tokens.verdict($0, for: rules) }
                    if case .accepted = verdict { accepted.append(place) }
                }
            }
            return accepted
        }
        #expect(accepted == [])
        #expect(try await workers.verdict(String(decoding: token, as: UTF8.self), rules).isAccepted)
        try await workers.shutdown()
    }

    @Test(
        "a token is found bare or after Bearer",
        arguments: [
            ("abc", "abc"), ("Bearer abc", "abc"), ("bearer abc", "abc"), ("BEARER   abc", "abc"), ("Bearer", nil),
            ("Bearer ", nil), ("", nil), ("  ", nil), ("Bearerabc", "Bearerabc"), ("Basic abc", "Basic abc"),
            (" abc ", "abc"), ("Bearer Bearer abc", "Bearer abc"),
        ])
    func bearer(field: String, token: String?) {
        let found = Array(field.utf8).withUnsafeBytes { bytes in
            TokenVerification.token(in: bytes).map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(found == token)
    }

    @Test("what is no compact JWS of JSON objects is refused")
    func malformed() async throws {
        let token = try Tokens.make()
        let parts = token.split(separator: ".").map(String.init)
        let deep = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
        let long = String(repeating: "a", count: TokenLimits.tokenBytes)
        var rows = [
            "", ".", "..", "...", "a.b.c", parts[0], "\(parts[0]).\(parts[1])", token + ".", "." + token,
            token + ".a.b",
            token + "=", " " + token, token + "\n", "Bearer " + token, token.replacingFirst(".", with: "+."),
            "\(parts[0])..\(parts[2])", "\(parts[0]).\(parts[1]).\(parts[2].dropLast())",
        ]
        for claims in ["[]", "\"a\"", "", "{", "{\"iss\":\"\(Tokens.issuer)\",}", Tokens.claims() + " x"] {
            rows.append(try Tokens.make(claims))
        }
        rows.append(try Tokens.make(Tokens.claims([("deep", deep)])))
        rows.append(try Tokens.make(Tokens.claims([("long", "\"\(long)\"")])))
        rows.append(try Tokens.make(header: "[]"))
        rows.append(try Tokens.make(header: #"{"alg":"RS256","kid":"k""#))
        for row in rows {
            #expect(try await verdict(row) == .refused(.malformed), "\(row.prefix(80))")
        }
        // The last character of a signature has bits that belong to no byte: only one of its spellings is the token.
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        let last = try #require(token.last.flatMap { alphabet.firstIndex(of: $0) })
        #expect(try await verdict(token.dropLast() + String(alphabet[last ^ 1])) == .refused(.malformed))
    }

    @Test("members that stand twice are refused, since others may read the other one")
    func duplicates() async throws {
        let end = #""iat":1,"exp":\#(Tokens.now + 9)}"#
        for claims in [
            #"{"iss":"https://evil.example.com","iss":"\#(Tokens.issuer)","token_use":"id",\#(end)"#,
            #"{"iss":"\#(Tokens.issuer)","exp":1,"token_use":"id",\#(end)"#,
            #"{"iss":"\#(Tokens.issuer)","token_use":"id","e\u0078p":1,\#(end)"#,
            #"{"iss":"\#(Tokens.issuer)","token_use":"id","a":{"b":1,"b":2},\#(end)"#,
        ] {
            #expect(try await verdict(Tokens.make(claims)) == .refused(.malformed), "\(claims)")
        }
        let header = #"{"alg":"none","alg":"RS256","kid":"k"}"#
        #expect(try await verdict(Tokens.make(header: header)) == .refused(.malformed))
    }

    @Test(
        "times are compared with the clock",
        arguments: [
            ("exp", "\(Tokens.now)", TokenRefusal?.some(.expired)), ("exp", "\(Tokens.now - 1)", .expired),
            ("exp", "\(Tokens.now + 1)", nil), ("exp", "\(Tokens.now).5", nil),
            ("exp", "\(Tokens.now - 1).5", .expired),
            ("exp", nil, .expired), ("exp", "\"\(Tokens.now + 9)\"", .malformed), ("exp", "1e400", .malformed),
            ("exp", "-9223372036854775808", .malformed), ("exp", "9223372036854775807", .malformed),
            ("exp", "null", .malformed), ("exp", "-1", .expired), ("exp", "1.9e9", nil),
            ("nbf", "\(Tokens.now + 60)", .notYetValid), ("nbf", "\(Tokens.now)", nil), ("nbf", "true", .malformed),
            ("iat", "\(Tokens.now + 60)", .notYetValid), ("iat", "\(Tokens.now + 2)", nil), ("iat", nil, nil),
        ] as [(String, String?, TokenRefusal?)])
    func times(claim: String, value: String?, refusal: TokenRefusal?) async throws {
        let outcome = try await verdict(Tokens.make(Tokens.claims([(claim, value)])))
        if let refusal { #expect(outcome == .refused(refusal)) } else { #expect(outcome.isAccepted) }
    }

    @Test(
        "the issuer is compared byte for byte",
        arguments: [
            "\"https://id.example.com/\"", "\"https://ID.example.com\"", "\"http://id.example.com\"", "\"\"", "null",
            "[\"https://id.example.com\"]", "\"https://id.example.com.evil.example\"", nil,
        ])
    func issuers(value: String?) async throws {
        #expect(try await verdict(Tokens.make(Tokens.claims([("iss", value)]))) == .refused(.issuer))
    }

    @Test(
        "the audience is one of those that are wanted, and client_id counts only without it",
        arguments: [
            ("\"a\"", nil, nil), ("[\"x\",\"a\"]", nil, nil), ("\"x\"", nil, .audience), ("[]", nil, .audience),
            ("\"x\"", "\"a\"", .audience), (nil, "\"a\"", nil), (nil, "\"x\"", .audience), (nil, nil, .audience),
            ("5", "\"a\"", .audience), ("[\"a\",5]", nil, .audience), ("\"A\"", nil, .audience),
        ] as [(String?, String?, TokenRefusal?)])
    func audiences(audience: String?, client: String?, refusal: TokenRefusal?) async throws {
        let token = try Tokens.make(Tokens.claims([("aud", audience), ("client_id", client)]))
        for kind in [TokenTrust.Kind.jwt, .userPools(audience: nil)] {
            let outcome = try await verdict(token, kind: kind, audiences: ["a", "b"])
            if let refusal { #expect(outcome == .refused(refusal)) } else { #expect(outcome.isAccepted) }
        }
    }

    @Test(
        "user pools: ID tokens for methods without scopes, access tokens with one of the scopes for others",
        arguments: [
            ("id", nil, [], nil), ("access", "a b", [], .tokenUse), (nil, nil, [], .tokenUse),
            ("x", nil, [], .tokenUse),
            ("access", "a b", ["b", "c"], nil), ("access", "ab", ["a"], .scopes), ("access", nil, ["a"], .scopes),
            ("access", "A", ["a"], .scopes), ("id", "a", ["a"], .tokenUse),
            ("access", "https://api/cats.read openid", ["https://api/cats.read"], nil),
        ] as [(String?, String?, [String], TokenRefusal?)])
    func userPools(use: String?, scope: String?, scopes: [String], refusal: TokenRefusal?) async throws {
        let token = try Tokens.make(
            Tokens.claims([("token_use", use.map { "\"\($0)\"" }), ("scope", scope.map { "\"\($0)\"" })]))
        let outcome = try await verdict(token, scopes: scopes)
        if let refusal { #expect(outcome == .refused(refusal)) } else { #expect(outcome.isAccepted) }
    }

    @Test(
        "JWT authorizers: any one scope of scope or scp",
        arguments: [
            (nil, nil, [], nil), ("\"x b\"", nil, ["a", "b"], nil), ("\"x\"", nil, ["a"], .scopes),
            (nil, "[\"a\",\"c\"]", ["a"], nil), (nil, "\"c a\"", ["a"], nil), (nil, nil, ["a"], .scopes),
            ("5", nil, ["a"], .scopes), ("\"\"", nil, [""], .scopes),
        ] as [(String?, String?, [String], TokenRefusal?)])
    func jwtScopes(scope: String?, scp: String?, scopes: [String], refusal: TokenRefusal?) async throws {
        let token = try Tokens.make(Tokens.claims([("token_use", nil), ("scope", scope), ("scp", scp)]))
        let outcome = try await verdict(token, kind: .jwt, scopes: scopes)
        if let refusal { #expect(outcome == .refused(refusal)) } else { #expect(outcome.isAccepted) }
    }

    @Test(
        "identityValidationExpression matches the whole audience of ID tokens",
        arguments: [
            ("client", true), ("cl.*", true), ("clien", false), ("lient", false), ("(c+)+d", false), ("", false),
        ])
    func audiencePattern(pattern: String, fits: Bool) async throws {
        let pattern = try Pattern.compile(pattern).get()
        let outcome = try await verdict(Tokens.make(), kind: .userPools(audience: pattern))
        if fits { #expect(outcome.isAccepted) } else { #expect(outcome == .refused(.audience)) }
        // Access tokens have no audience to match.
        let access = try Tokens.make(
            Tokens.claims([("token_use", "\"access\""), ("aud", nil), ("scope", "\"a\"")]))
        #expect(try await verdict(access, kind: .userPools(audience: pattern), scopes: ["a"]).isAccepted)
    }
}

extension String {
    fileprivate func replacingFirst(_ old: Character, with new: String) -> String {
        guard let index = firstIndex(of: old) else { return self }
        return self[..<index] + new + self[self.index(after: index)...]
    }
}
