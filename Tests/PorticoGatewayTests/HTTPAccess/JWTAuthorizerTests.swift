import FoundationEssentials
import NIOCore
import PorticoSyntax
import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Requests with tokens of JWT authorizers. Source: reference, 1.9.
@Suite("JWT authorizers of HTTP APIs")
struct JWTAuthorizerTests {
    private static func scheme(
        issuer: String = Tokens.issuer, source: String = "$request.header.Authorization", type: String = "oauth2"
    ) -> String {
        "{type: \(type), x-amazon-apigateway-authorizer: {type: jwt, identitySource: \(source), "
            + "jwtConfiguration: {issuer: '\(issuer)', audience: [aud1, aud2]}}}"
    }

    private static let keys = "[\(SigningKey.rsa2048.jwk("k")), \(SigningKey.p256.jwk("e"))]"
    private static let provider =
        "x-portico-identity-providers: {p: {issuer: '\(Tokens.issuer)', jwks: {keys: \(keys)}}}"

    private static func api(backend: Backend, provider: String = provider, issuer: String = Tokens.issuer) -> String {
        let mappings = [
            ("append:header.sub", "$context.authorizer.claims.sub"),
            ("append:header.list", "${context.authorizer.claims.groups}"),
            ("append:header.exp", "$context.authorizer.claims.exp"),
        ]
        let proxy = RouteSpec.proxy("http://\(backend.authority)/", mappings)
        return RouteSpec.api(
            root: LambdaSpec.hosted + "\n" + provider
                + "\ncomponents: {securitySchemes: {J: \(scheme(issuer: issuer)), Q: \(scheme(issuer: issuer, source: "$request.querystring.token"))}}",
            [
                SpecOperation("POST /id", proxy, "security: [{J: []}]"),
                SpecOperation("GET /scoped", proxy, "security: [{J: [a, b]}]"),
                SpecOperation("GET /query", proxy, "security: [{Q: []}]"),
                SpecOperation("GET /two", RouteSpec.function(), "security: [{J: []}]"),
                SpecOperation("GET /one", RouteSpec.function(format: "1.0"), "security: [{J: [a, b]}]"),
                SpecOperation("GET /open", proxy),
            ])
    }

    private static func token(
        _ changes: [(String, String?)] = [], kid: String = "k", by key: SigningKey = .rsa2048,
        _ algorithm: String = "RS256"
    ) throws -> String {
        let now = Int(Date().timeIntervalSince1970)
        let own: [(String, String?)] = [
            ("iat", "\(now - 10)"), ("exp", "\(now + 3600)"), ("aud", "\"aud1\""), ("token_use", nil),
        ]
        return try Tokens.make(Tokens.claims(own + changes), kid: kid, by: key, algorithm)
    }

    @Test("a token lets in, with Bearer or without, and its claims are known")
    func accepted() async throws {
        let backend = try Backend(.respond(status: 200, headers: [], body: "in"))
        defer { backend.stop() }
        try await withHosted(Self.api(backend: backend), nil) { (gateway: HostedGateway) async throws in
            let token = try Self.token([("groups", #"["x","y"]"#), ("exp", "4000000000")])
            for text in [token, "Bearer \(token)", "bearer \(token)"] {
                let answer = try gateway.request("POST", "/id", headers: [("authorization", text)], body: "kept")
                #expect(answer.status == 200 && answer.text == "in")
                let seen = try #require(backend.requests.last)
                #expect(seen["sub"] == "me" && seen["list"] == "[x y]" && seen["exp"] == "4000000000")
                #expect(seen.body == "kept")
            }
            #expect(try gateway.request("GET", "/query?token=\(token)").status == 200)
            #expect(try gateway.request("GET", "/query?token=\(token)&token=\(token)").status == 401)
            #expect(try gateway.request("GET", "/query", headers: [("Authorization", token)]).status == 401)
            #expect(try gateway.request("GET", "/open").status == 200)
        }
    }

    @Test("refused tokens are 401 with a challenge that says why")
    func refused() async throws {
        let now = Int(Date().timeIntervalSince1970)
        func error(_ text: String) -> String { #"Bearer scope="" error="invalid_token" error_description="\#(text)""# }
        let rows: [(name: String, token: String?, challenge: String)] = try [
            ("none", nil, "Bearer"), ("empty", "", "Bearer"), ("only the scheme", "Bearer ", "Bearer"),
            ("no JWT", "abc", error("the token is malformed")),
            (
                "HS256", Tokens.make(Tokens.claims(), header: #"{"alg":"HS256","kid":"k"}"#),
                error("the token has an unsupported signing method")
            ),
            (
                "none as algorithm", Tokens.make(Tokens.claims(), header: #"{"alg":"none","kid":"k"}"#),
                error("the token has an unsupported signing method")
            ),
            ("ES256", Self.token(kid: "e", by: .p256, "ES256"), error("the token has an unsupported signing method")),
            ("unknown key", Self.token(kid: "other"), error("unable to find a signing key that matches the token")),
            ("signed by another", Self.token(by: .otherRSA2048), error("signature is invalid")),
            (
                "signature before issuer", Self.token([("iss", "\"https://other\"")], by: .otherRSA2048),
                error("signature is invalid")
            ),
            ("issuer", Self.token([("iss", "\"https://other\"")]), error("the token has an invalid issuer")),
            (
                "issuer with a slash", Self.token([("iss", "\"\(Tokens.issuer)/\"")]),
                error("the token has an invalid issuer")
            ),
            (
                "issuer before audience", Self.token([("iss", "\"https://other\""), ("aud", "\"x\"")]),
                error("the token has an invalid issuer")
            ),
            ("audience", Self.token([("aud", "\"x\"")]), error("the token does not have a valid audience")),
            (
                "audience before time", Self.token([("aud", "\"x\""), ("exp", "\(now - 10)")]),
                error("the token does not have a valid audience")
            ),
            ("no audience", Self.token([("aud", nil)]), error("the token does not have a valid audience")),
            (
                "client_id beside another aud", Self.token([("aud", "\"x\""), ("client_id", "\"aud1\"")]),
                error("the token does not have a valid audience")
            ),
            ("expired", Self.token([("exp", "\(now - 10)")]), error("the token has expired")),
            ("not yet", Self.token([("nbf", "\(now + 600)")]), error("the token is not valid yet")),
            ("issued in the future", Self.token([("iat", "\(now + 600)")]), error("the token is not valid yet")),
        ]
        let backend = try Backend(.respond(status: 200, headers: [], body: "in"))
        defer { backend.stop() }
        try await withHosted(Self.api(backend: backend), nil) { (gateway: HostedGateway) async throws in
            for row in rows {
                let headers = row.token.map { [("Authorization", $0)] } ?? []
                let answer = try gateway.request("POST", "/id", headers: headers)
                #expect(answer.status == 401, "\(row.name)")
                #expect(answer.text == #"{"message":"Unauthorized"}"#, "\(row.name)")
                #expect(answer["www-authenticate"] == row.challenge, "\(row.name)")
                #expect(answer["apigw-requestid"] != nil)
            }
            #expect(backend.requests.isEmpty)
        }
    }

    @Test("one of several audiences, or client_id in the absence of aud, is enough")
    func audiences() async throws {
        let backend = try Backend(.respond(status: 200, headers: [], body: "in"))
        defer { backend.stop() }
        try await withHosted(Self.api(backend: backend), nil) { (gateway: HostedGateway) async throws in
            let rows: [[(String, String?)]] = [
                [("aud", #"["x","aud2"]"#)], [("aud", "\"aud2\"")], [("aud", nil), ("client_id", "\"aud1\"")],
            ]
            for changes in rows {
                let answer = try gateway.request("POST", "/id", headers: [("Authorization", try Self.token(changes))])
                #expect(answer.status == 200, "\(changes)")
            }
        }
    }

    @Test("one of the route's scopes is enough, none is 403")
    func scopes() async throws {
        let backend = try Backend(.respond(status: 200, headers: [], body: "in"))
        defer { backend.stop() }
        try await withHosted(Self.api(backend: backend), nil) { (gateway: HostedGateway) async throws in
            let rows: [(changes: [(String, String?)], status: Int)] = [
                ([("scope", "\"x b\"")], 200), ([("scp", "\"a\"")], 200), ([("scp", #"["b"]"#)], 200),
                ([("scope", "\"x\""), ("scp", "\"a\"")], 200),
                ([("scope", "\"x\"")], 403), ([], 403), ([("scope", "\"ab\"")], 403),
            ]
            for row in rows {
                let answer = try gateway.request(
                    "GET", "/scoped", headers: [("Authorization", try Self.token(row.changes))])
                #expect(answer.status == row.status, "\(row.changes)")
                guard row.status == 403 else { continue }
                #expect(answer.text == #"{"message":"Forbidden"}"#)
                #expect(
                    answer["www-authenticate"]?.hasPrefix(#"Bearer scope="a b" error="insufficient_scope""#) == true)
            }
        }
    }

    @Test("events tell the claims as text, and scopes where the route has some")
    func events() async throws {
        let backend = try Backend(.silence)
        defer { backend.stop() }
        let invoker = FakeInvoker { _ in AuthorizerSpec.returned(#"{"statusCode":200,"body":"f"}"#) }
        try await withHosted(Self.api(backend: backend), invoker) { (gateway: HostedGateway) async throws in
            let token = try Self.token([("exp", "4000000000"), ("scope", "\"x b\""), ("ok", "true")])
            for path in ["/two", "/one"] {
                #expect(try gateway.request("GET", path, headers: [("Authorization", token)]).status == 200)
            }
            let events = invoker.invocations.map { JSONValue(parsing: String(buffer: $0.payload)) }
            let two = try #require(events[0]?["requestContext"]?["authorizer"]?["jwt"])
            #expect(two["scopes"] == .null)
            let claims = try #require(two["claims"])
            #expect(claims["exp"] == .string("4000000000") && claims["ok"] == .string("true"))
            #expect(claims["sub"] == .string("me") && claims["aud"] == .string("aud1"))
            let one = try #require(events[1]?["requestContext"]?["authorizer"])
            #expect(one["claims"]?["scope"] == .string("x b"))
            #expect(one["scopes"] == .array([.string("x"), .string("b")]))
        }
    }

    @Test("an issuer is asked for its keys, and requests wait with their bodies")
    func remote() async throws {
        let issuer = try TestIssuer()
        let backend = try Backend(.respond(status: 200, headers: [], body: "in"))
        defer { backend.stop() }
        let now = Int(Date().timeIntervalSince1970)
        try await withHosted(Self.api(backend: backend, provider: "", issuer: issuer.issuer()), nil) {
            (gateway: HostedGateway) async throws in
            let token = try issuer.token(
                Tokens.claims([
                    ("iss", "\"\(issuer.issuer())\""), ("aud", "\"aud1\""), ("iat", "\(now)"), ("exp", "\(now + 600)"),
                ]))
            let answer = try gateway.request("POST", "/id", headers: [("Authorization", token)], body: "waited")
            #expect(answer.status == 200)
            #expect(backend.requests.last?.body == "waited")
            #expect(try issuer.counts() == (1, 1))
        }
        try issuer.stop()
    }

    @Test("an issuer that is out of reach lets nobody in")
    func unreachable() async throws {
        let backend = try Backend(.respond(status: 200, headers: [], body: "in"))
        defer { backend.stop() }
        let closed = try Backend(.close)
        let issuer = "http://\(closed.authority)"
        defer { closed.stop() }
        try await withHosted(Self.api(backend: backend, provider: "", issuer: issuer), nil) {
            (gateway: HostedGateway) async throws in
            let token = try Self.token([("iss", "\"\(issuer)\"")])
            let answer = try gateway.request("POST", "/id", headers: [("Authorization", token)])
            #expect(answer.status == 401)
            #expect(answer.text == #"{"message":"Unauthorized"}"#)
        }
    }

    @Test("an issuer may stand in openIdConnectUrl")
    func openIDConnect() throws {
        let scheme =
            "{type: openIdConnect, openIdConnectUrl: '\(Tokens.issuer)/.well-known/openid-configuration', x-amazon-apigateway-authorizer: {type: jwt, identitySource: $request.header.Authorization, jwtConfiguration: {audience: [a]}}}"
        let snapshot = try TestGateway.compile(
            RouteSpec.api(
                root: "components: {securitySchemes: {J: \(scheme)}}",
                [SpecOperation("GET /x", RouteSpec.proxy("http://127.0.0.1:9000/"), "security: [{J: []}]")]))
        #expect(snapshot.access.authorizers.first?.providers == [Tokens.issuer])
    }
}
