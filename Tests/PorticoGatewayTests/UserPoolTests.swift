import FoundationEssentials
import NIOCore
import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Requests with tokens of user pools. Source: reference, "Cognito user pools (REST)" (3.5).
@Suite("User pools")
struct UserPoolTests {
    private static let pool = "arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_test"

    private static func api(_ provider: String, policy: String = "") -> String {
        let scheme =
            "P: {type: apiKey, in: header, name: Authorization, x-amazon-apigateway-authorizer: {type: cognito_user_pools, providerARNs: ['\(pool)']}}"
        let claims =
            "$context.authorizer.claims.sub $context.authorizer.claims['custom:role'] $context.authorizer.claims.n $context.authorizer.claims.iat"
        return spec(
            root: LambdaSpec.hosted + "\ncomponents: {securitySchemes: {\(scheme)}}\n"
                + "x-portico-identity-providers: {p: {providerArns: ['\(pool)'], \(provider)}}"
                + (policy.isEmpty ? "" : "\nx-amazon-apigateway-policy: \(policy)"),
            [
                SpecOperation("GET /id", mock(claims), "security: [{P: []}]"),
                SpecOperation("GET /scoped", mock("ok"), "security: [{P: [cats/read, cats/write]}]"),
                SpecOperation("GET /f", LambdaSpec.integration(), "security: [{P: []}]"),
                SpecOperation(
                    "POST /echo",
                    "{type: mock, requestTemplates: {application/json: '#set($context.requestOverride.header.x = $input.path(\"$.a\")){\"statusCode\": 200}'}, "
                        + "responses: {default: {statusCode: '200', responseTemplates: {application/json: '$context.requestOverride.header.x'}}}}",
                    "security: [{P: []}]"),
            ])
    }

    private static func fixed() -> String {
        "issuer: '\(Tokens.issuer)', jwks: {keys: [\(SigningKey.rsa2048.jwk("k")), \(SigningKey.p256.jwk("e"))]}"
    }

    private static func token(
        _ changes: [(String, String?)] = [], kid: String = "k", by key: SigningKey = .rsa2048,
        _ algorithm: String = "RS256"
    ) throws -> String {
        let now = Int(Date().timeIntervalSince1970)
        let times: [(String, String?)] = [("iat", "\(now - 10)"), ("exp", "\(now + 3600)")]
        return try Tokens.make(Tokens.claims(times + changes), kid: kid, by: key, algorithm)
    }

    @Test("who has a token of the pool gets in, and claims are known")
    func claims() async throws {
        let invoker = FakeInvoker { _ in AuthorizerSpec.returned(#"{"statusCode":200,"body":"f"}"#) }
        try await withHosted(Self.api(Self.fixed()), invoker) { gateway in
            let token = try Self.token([("custom:role", "\"admin\""), ("n", "17"), ("iat", "1700000000")])
            for text in [token, "Bearer \(token)"] {
                let answer = try gateway.request("GET", "/dev/id", headers: [("authorization", text)])
                #expect(answer.status == 200)
                #expect(answer.text == "me admin 17 Tue Nov 14 22:13:20 UTC 2023")
            }
            _ = try gateway.request("GET", "/dev/f", headers: [("Authorization", token)])
            let event = String(buffer: try #require(invoker.invocations.first).payload)
            #expect(event.contains(#""authorizer":{"claims":{"#))
            #expect(event.contains(#""custom:role":"admin""#))
        }
    }

    @Test("all other tokens are refused with 401")
    func refused() async throws {
        let now = Int(Date().timeIntervalSince1970)
        let rows: [(name: String, token: String)] = try [
            ("none", ""), ("text", "abc"), ("expired", Self.token([("exp", "\(now - 10)")])),
            ("future", Self.token([("nbf", "\(now + 600)")])), ("issuer", Self.token([("iss", "\"https://other\"")])),
            ("key", Self.token(kid: "other")), ("signed by another", Self.token(by: .otherRSA2048)),
            ("access token", Self.token([("token_use", "\"access\"")])),
            ("kid path", Self.token(kid: "../k")), ("EC key with RS256", Self.token(kid: "e")),
            (
                "no algorithm",
                Tokens.make(Tokens.claims([("exp", "\(now + 60)")]), header: #"{"alg":"none","kid":"k"}"#)
            ),
            ("long", Self.token([("more", "\"" + String(repeating: "x", count: 6200) + "\"")])),
        ]
        try await withHosted(Self.api(Self.fixed()), nil) { gateway in
            for row in rows {
                let answer = try gateway.request("GET", "/dev/id", headers: [("Authorization", row.token)])
                #expect(answer.status == 401, "\(row.name)")
                #expect(answer["x-amzn-ErrorType"] == "UnauthorizedException")
                let text = row.name == "expired" ? "The incoming token has expired" : "Unauthorized"
                #expect(answer.text == "{\"message\":\"\(text)\"}", "\(row.name)")
            }
            let good = try Self.token()
            let twice = try gateway.request(
                "GET", "/dev/id", headers: [("Authorization", good), ("authorization", good)])
            #expect(twice.status == 401)
            let nothing = try gateway.request("GET", "/dev/id")
            #expect(nothing.status == 401)
        }
    }

    @Test("a method with scopes takes access tokens that have one")
    func scopes() async throws {
        try await withHosted(Self.api(Self.fixed()), nil) { gateway in
            let rows: [(String, String?, Int)] = [
                ("access", "a cats/write", 200), ("access", "cats/read", 200), ("access", "openid", 401),
                ("access", nil, 401), ("id", "cats/read", 401),
            ]
            for (use, scope, status) in rows {
                let token = try Self.token(
                    [("token_use", "\"\(use)\""), ("scope", scope.map { "\"\($0)\"" })], kid: "e", by: .p256, "ES256")
                let answer = try gateway.request("GET", "/dev/scoped", headers: [("Authorization", token)])
                #expect(answer.status == status, "\(use) \(scope ?? "")")
            }
        }
    }

    @Test("a resource policy must allow what a token lets in")
    func policy() async throws {
        for (resource, status) in [("execute-api:/*", 200), ("execute-api:/dev/GET/other", 403)] {
            let policy =
                "{Statement: [{Effect: Allow, Principal: \"*\", Action: \"execute-api:Invoke\", Resource: \"\(resource)\"}]}"
            try await withHosted(Self.api(Self.fixed(), policy: policy), nil) { gateway in
                let answer = try gateway.request("GET", "/dev/id", headers: [("Authorization", try Self.token())])
                #expect(answer.status == status)
            }
        }
    }

    @Test("requests wait for the keys of an issuer, and go on with their bodies")
    func remote() async throws {
        let issuer = try TestIssuer()
        let now = Int(Date().timeIntervalSince1970)
        try await withHosted(Self.api("issuer: '\(issuer.issuer())'"), nil) { gateway in
            let token = try issuer.token(
                Tokens.claims([("iss", "\"\(issuer.issuer())\""), ("iat", "\(now)"), ("exp", "\(now + 600)")]))
            let answer = try gateway.request(
                "POST", "/dev/echo", headers: [("Authorization", token), ("Content-Type", "application/json")],
                body: "{\"a\":\"waited\"}")
            #expect(answer.status == 200)
            #expect(answer.text == "waited")
            let counts = try issuer.counts()
            #expect(counts == (1, 1))
        }
        try issuer.stop()
    }
}
