import PorticoIR
import PorticoTestSupport
import Testing

@testable import PorticoGateway

@Suite("Identity providers in snapshots")
struct IdentityProviderSnapshotTests {
    private static let pool = "arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_test"

    private static func spec(_ providers: String) -> String {
        "openapi: 3.0.1\ninfo: {title: t}\npaths: {}\nx-portico-identity-providers:\n" + providers
    }

    @Test("providers come back from a file as they were")
    func roundTrip() throws {
        let snapshot = try TestGateway.compile(
            Self.spec(
                """
                  a: {issuer: 'https://id.example.com/', algorithms: [ES256, rs512], audiences: [x, y]}
                  b: {issuer: 'http://localhost:9/p', providerArns: ['\(Self.pool)'], jwksUri: 'https://k.example.com/?p=q'}
                  c: {issuer: 'https://c', jwks: keys/c.json}
                  d: {issuer: 'https://d', jwks: {keys: [\(SigningKey.p256.jwk("k"))]}}
                """))
        let entries = snapshot.identityProviders
        #expect(entries.map(\.name) == ["a", "b", "c", "d"])
        #expect(entries[0].algorithms == [.es256, .rs512] && entries[0].audiences == ["x", "y"])
        #expect(entries[1].providerARNs == [Self.pool] && entries[1].keySetAddress == "https://k.example.com/?p=q")
        #expect(entries[2].keys == .file("keys/c.json"))
        #expect(entries[3].keys == .inline(#"{"keys":[\#(SigningKey.p256.jwk("k"))]}"#))
        #expect(snapshot.files == ["keys/c.json"])
        let read = try DeploymentSnapshot.decode(snapshot.encoded())
        #expect(read.identityProviders == entries)
        #expect(read.dump() == snapshot.dump())
        #expect(
            snapshot.dump().contains(
                """
                == identity providers ==
                a  https://id.example.com/
                  keys of the issuer
                  signed with ES256, RS512
                  for x, y
                b  http://localhost:9/p
                  for \(Self.pool)
                  keys of https://k.example.com/?p=q
                c  https://c
                  keys in keys/c.json

                """))
    }

    @Test("keys in the document that verify nothing are an error, one that does not among others a warning")
    func inlineKeys() throws {
        #expect(throws: (any Error).self) {
            try TestGateway.compile(
                Self.spec("  a: {issuer: 'https://a', jwks: {keys: [{kty: RSA, kid: k, n: AA, e: AQAB}]}}"))
        }
        _ = try TestGateway.compile(
            Self.spec("  a: {issuer: 'https://a', jwks: {keys: [{kty: OKP, kid: k}, \(SigningKey.p256.jwk("k"))]}}"))
    }

    @Test("a pool is the real one unless a provider stands for it; what is none trusts nobody")
    func pools() throws {
        let providers = ServingIdentityProviders(
            [IdentityProviderEntry(name: "p", issuer: "https://p", providerARNs: [Self.pool], audiences: ["a"])],
            in: ".")
        let other = "arn:aws:cognito-idp:eu-west-1:000000000000:userpool/eu-west-1_x"
        let china = "arn:aws-cn:cognito-idp:cn-north-1:000000000000:userpool/cn-north-1_x"
        let trust = providers.trust(userPools: [Self.pool, other, china, "arn:aws:iam::000000000000:role/r", ""])
        #expect(
            trust.issuers.map { String(decoding: $0.name, as: UTF8.self) } == [
                "https://p", "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_x",
                "https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_x",
            ])
        #expect(trust.issuers[0].algorithms == Set(TokenAlgorithm.allCases))
        #expect(trust.issuers[0].audiences == [Array("a".utf8)])
        #expect(trust.issuers[1].algorithms == [.rs256])
        #expect(trust.sources.map(\.maximumAgeMilliseconds) == [3_600_000, 3_600_000, 3_600_000])
    }

    @Test("a JWT authorizer knows RSA only, unless a provider of its issuer allows others")
    func jwt() {
        let providers = ServingIdentityProviders(
            [IdentityProviderEntry(name: "p", issuer: "https://p/", algorithms: [.es256])], in: ".")
        #expect(providers.trust(jwtIssuer: "https://p/", audiences: ["x"]).issuers.first?.algorithms == [.es256])
        let plain = providers.trust(jwtIssuer: "https://p", audiences: ["x"])
        #expect(plain.issuers.first?.algorithms == [.rs256, .rs384, .rs512, .ps256, .ps384, .ps512])
        #expect(plain.sources.map(\.maximumAgeMilliseconds) == [7_200_000])
        #expect(providers.trust(jwtIssuer: "http://p", audiences: ["x"]).issuers.isEmpty)
        #expect(providers.trust(jwtIssuer: "https://p?x", audiences: ["x"]).issuers.isEmpty)
        #expect(providers.trust(jwtIssuer: "https://p", audiences: []).issuers.isEmpty)
        let narrow = ServingIdentityProviders(
            [IdentityProviderEntry(name: "p", issuer: "https://p", audiences: ["x", "y"])], in: ".")
        #expect(
            narrow.trust(jwtIssuer: "https://p", audiences: ["y", "z"]).issuers.first?.audiences == [Array("y".utf8)])
        #expect(narrow.trust(jwtIssuer: "https://p", audiences: ["z"]).issuers.isEmpty)
    }

    @Test("keys of files are read when the snapshot is put into service; without them nobody is trusted")
    func files() async throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("good.json", #"{"keys":[\#(SigningKey.p256.jwk("k"))]}"#)
        _ = try folder.write("bad.json", "{}")
        let workers = try await TokenWorkers()
        let token = try Tokens.make(by: .p256, "ES256")
        for (path, problem) in [
            ("good.json", nil), ("bad.json", "it has no list 'keys'"), ("none.json", "No such file or directory"),
        ] as [(String, String?)] {
            let entry = IdentityProviderEntry(
                name: "p", issuer: Tokens.issuer, providerARNs: [Self.pool], keys: .file(path))
            let providers = ServingIdentityProviders([entry], in: folder.path)
            #expect(
                providers.failures
                    == (problem.map {
                        ["keys of identity provider 'p' cannot be read: '\(folder.path)/\(path)': \($0)"]
                    }
                        ?? []))
            let outcome = try await workers.verdict(token, TokenRules(trust: providers.trust(userPools: [Self.pool])))
            if problem == nil {
                #expect(outcome.isAccepted)
            } else {
                #expect(outcome == .refused(.keysUnavailable))
            }
        }
        try await workers.shutdown()
    }

    @Test("a file whose addresses were changed to unsafe ones is refused")
    func damaged() throws {
        for (issuer, address) in [("http://id.example.com", nil), ("https://a", "http://10.0.0.1/keys")]
            as [(String, String?)]
        {
            let good = try TestGateway.compile(Self.spec("  a: {issuer: 'https://a'}"))
            var parts = SnapshotParts()
            parts.gatewayResponses = good.gatewayResponses
            parts.stages = good.stages
            parts.symbols = good.symbols
            parts.identityProviders = [IdentityProviderEntry(name: "a", issuer: issuer, keySetAddress: address)]
            #expect(throws: SnapshotError.self) { try SnapshotVerifier(parts: parts).verify() }
            parts.identityProviders = good.identityProviders
            try SnapshotVerifier(parts: parts).verify()
        }
    }
}
