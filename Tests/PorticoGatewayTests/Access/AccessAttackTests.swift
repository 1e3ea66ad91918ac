import CryptoExtras
import FoundationEssentials
import NIOCore
import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// What somebody would try who may not call. Each row is refused, over a socket.
///
/// Beside them: `TokenVerdictTests` (tokens byte by byte), `SigningPropertyTests` and `SignedRequestTests` (changed
/// requests), `ConformanceAPIKeyTests` (keys), `KeySetTests` (key sets).
@Suite("Attacks on access")
struct AccessAttackTests {
    private static let pool = "arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_test"
    private static let poolScheme =
        "P: {type: apiKey, in: header, name: Authorization, x-amazon-apigateway-authorizer: {type: cognito_user_pools, providerARNs: ['\(pool)']}}"
    private static let sigv4 =
        "sigv4: {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4}"

    // MARK: - Tokens

    private static func pools(_ keys: String = "\(SigningKey.rsa2048.jwk("k")), \(SigningKey.p256.jwk("e"))") -> String
    {
        spec(
            root: "components: {securitySchemes: {\(poolScheme)}}\n"
                + "x-portico-identity-providers: {p: {providerArns: ['\(pool)'], issuer: '\(Tokens.issuer)', jwks: {keys: [\(keys)]}}}",
            [
                SpecOperation("GET /id", mock("$context.authorizer.claims.sub"), "security: [{P: []}]"),
                SpecOperation("GET /scoped", mock("ok"), "security: [{P: [a/b]}]"),
            ])
    }

    private static var now: Int { Int(Date().timeIntervalSince1970) }

    private static func claims(_ changes: [(String, String?)] = []) -> String {
        Tokens.claims([("iat", "\(now - 10)"), ("exp", "\(now + 3600)")] + changes)
    }

    /// A token whose signature is `sign` of what is signed.
    private static func forged(_ header: String, _ sign: ([UInt8]) throws -> [UInt8]) rethrows -> String {
        let signed = base64URL(header.utf8) + "." + base64URL(claims().utf8)
        return signed + "." + base64URL(try sign(Array(signed.utf8)))
    }

    @Test("tokens without a signature, and with one made of the public key")
    func algorithms() async throws {
        var rows: [(String, String)] = []
        for name in ["none", "None", "NONE", "nOnE", "", "null"] {
            rows.append((name, Self.forged(#"{"alg":"\#(name)","kid":"k"}"#) { _ in [] }))
            let whole = try Tokens.make(Self.claims(), header: #"{"alg":"\#(name)","kid":"k"}"#)
            rows.append(("\(name), signed", whole))
        }
        // The public key in each of the forms that a library might take for the shared secret.
        let jwk = SigningKey.rsa2048.jwk("k")
        var secrets: [[UInt8]] = [Array(jwk.utf8), []]
        if case .rsa(let key) = SigningKey.rsa2048 {
            secrets += [Array(key.publicKey.pemRepresentation.utf8), Array(key.publicKey.derRepresentation)]
            secrets.append(Array((key.publicKey.pemRepresentation + "\n").utf8))
        }
        for (index, secret) in secrets.enumerated() {
            for name in ["HS256", "HS384", "HS512", "RS256"] {
                rows.append(
                    (
                        "\(name) with form \(index)",
                        Self.forged(#"{"alg":"\#(name)","kid":"k"}"#) { Self.mac($0, secret) }
                    )
                )
            }
        }
        try await refusesAll(rows, good: try Tokens.make(Self.claims()))
    }

    @Test("names of keys that lead elsewhere, and keys that a token brings along")
    func keys() async throws {
        let stranger = try Backend()
        let other = SigningKey.otherRSA2048
        let jwk = other.jwk("k")
        let rows: [(String, String)] = try [
            #""kid":"../k""#, #""kid":"./k""#, #""kid":"/dev/null""#, #""kid":"file:///dev/null""#, #""kid":"k\u0000""#,
            #""kid":"k'--""#, #""kid":"*""#, #""kid":"K""#, #""kid":" k""#, #""kid":"e""#, #""kid":null"#,
            #""kid":["k"]"#,
            #""kid":"http://\#(stranger.authority)/k""#, #""kid":"k","kid":"x""#, #""typ":"JWT""#,
            #""kid":"k","jwk":{\#(jwk.dropFirst().dropLast())}"#,
            #""kid":"k","jku":"http://\#(stranger.authority)/keys""#,
            #""kid":"x","x5u":"http://\#(stranger.authority)/c""#, #""kid":"k","crit":["b64"],"b64":false"#,
        ].map { ($0, try Tokens.make(Self.claims(), header: #"{"alg":"RS256",\#($0)}"#, by: other)) }
        try await refusesAll(rows, good: try Tokens.make(Self.claims()))
        #expect(stranger.connectionCount == 0)
        stranger.stop()
    }

    @Test("tokens that are over, not yet, of somebody else, too long or no tokens")
    func claims() async throws {
        let now = Self.now
        let good = try Tokens.make(Self.claims())
        let parts = good.split(separator: ".").map(String.init)
        var rows: [(String, String)] = try [
            [("exp", "\(now - 1)")], [("exp", "0")], [("exp", "-1")], [("exp", "\"\(now + 600)\"")], [("exp", nil)],
            [("exp", "null")], [("exp", "true")], [("exp", "[\(now + 600)]")], [("exp", "1e999")],
            [("exp", "\(now - 1).9")],
            [("nbf", "\(now + 60)")], [("nbf", "\"0\"")], [("iat", "\(now + 60)")], [("iat", "{}")],
            [("iss", "\"\(Tokens.issuer)/\"")], [("iss", "\"\(Tokens.issuer.uppercased())\"")], [("iss", nil)],
            [("iss", "[\"\(Tokens.issuer)\"]")], [("iss", "\"http\(Tokens.issuer.dropFirst(5))\"")],
            [("token_use", "\"access\"")], [("token_use", "\"ID\"")], [("token_use", "[\"id\"]")],
            [("pad", "\"" + String(repeating: "x", count: 6000) + "\"")],
        ].map { ("\($0.map { "\($0.0): \(String(($0.1 ?? "-").prefix(30)))" })", try Tokens.make(Self.claims($0))) }
        rows += [
            ("two parts", parts[0] + "." + parts[1]), ("four parts", good + "." + parts[2]),
            ("no signature", parts[0] + "." + parts[1] + "."),
            ("padding", good + "=="), ("a blank inside", parts[0] + ". " + parts[1] + "." + parts[2]),
            ("two in one field", "\(good),\(good)"), ("two in one field, apart", "\(good) \(good)"),
            ("Bearer twice", "Bearer Bearer \(good)"), ("another scheme", "Basic \(good)"),
            ("Bearer without a blank", "Bearer\(good)"),
            ("in quotes", "\"\(good)\""),
            ("claims of another", parts[0] + "." + base64URL(Self.claims([("sub", "\"root\"")]).utf8) + "." + parts[2]),
            ("the claims twice", try Tokens.make(#"{"sub":"root",\#(Self.claims().dropFirst())"#)),
        ]
        try await refusesAll(rows, good: good)
    }

    @Test("a token elsewhere than in its header, twice, or in a header that is none")
    func places() async throws {
        try await withGateway(Self.pools()) { gateway in
            let good = try Tokens.make(Self.claims())
            let host = "Host: 127.0.0.1\r\n"
            func status(_ head: String) throws -> Int {
                let connection = try RawConnection(port: gateway.port)
                try connection.send("GET /dev/id HTTP/1.1\r\n" + head + "Connection: close\r\n\r\n")
                return try connection.readResponse().status
            }
            for name in ["Authorization", "authorization", "AUTHORIZATION", "aUTHORIZATION"] {
                try equal(status(host + "\(name): \(good)\r\n"), 200)
            }
            let rows: [(String, Set<Int>)] = [
                ("Authorization: \(good)\r\nAuthorization: \(good)\r\n", [401]),
                ("Authorization: \(good)\r\nauthorization: x\r\n", [401]),
                ("Authorization: x\r\naUTHORIZATION: \(good)\r\n", [401]),
                ("Authorization:\r\nAuthorization: \(good)\r\n", [401]),
                ("Authorization : \(good)\r\n", [400]), ("Authorization\t: \(good)\r\n", [400]),
                (" Authorization: \(good)\r\n", [400]), ("Authorization\r\n", [400]),
                ("X: y\r\n Authorization: \(good)\r\n", [400]), ("Authorization:\r\n \(good)\r\n", [400]),
                ("X: y\rAuthorization: \(good)\r\n", [400]), ("X: y\nAuthorization: \(good)\r\n", [400, 401]),
                ("Authorization\u{0}: \(good)\r\n", [400]), ("Proxy-Authorization: \(good)\r\n", [401]),
                ("X-Authorization: \(good)\r\n", [401]), ("Authorization_: \(good)\r\n", [401]),
                ("Cookie: Authorization=\(good)\r\n", [401]), ("X-Amzn-Remapped-Authorization: \(good)\r\n", [401]),
                ("Trailer: Authorization\r\n", [401]),
            ]
            for (field, wanted) in rows {
                let found = try status(host + field)
                #expect(wanted.contains(found), "\(field.prefix(40).debugDescription): \(found)")
            }
            try expect("GET", "/dev/id?Authorization=\(good)", from: gateway, gives: 401)
            // What comes after the body is no header.
            let connection = try RawConnection(port: gateway.port)
            try connection.send(
                "GET /dev/id HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\nTrailer: Authorization\r\n\r\n0\r\nAuthorization: \(good)\r\n\r\n"
            )
            try equal(connection.readResponse().status, 401)
        }
    }

    private static func mac(_ message: [UInt8], _ secret: [UInt8]) -> [UInt8] { PlainSigner.mac(secret, message) }

    private func refusesAll(_ rows: [(String, String)], good: String) async throws {
        try await withGateway(Self.pools()) { gateway in
            for (name, token) in rows {
                for text in [token, "Bearer \(token)"] {
                    let answer = try gateway.request("GET", "/dev/id", headers: [("Authorization", text)])
                    #expect(answer.status == 401, "\(name): \(answer.text)")
                    #expect(answer["x-amzn-ErrorType"] == "UnauthorizedException", "\(name)")
                }
            }
            let answer = try gateway.request("GET", "/dev/id", headers: [("Authorization", good)])
            #expect(answer.status == 200 && answer.text == "me")
        }
    }

    // MARK: - Signatures

    private static func signedAPI(_ allowed: String, _ more: String = "") -> String {
        spec(
            root: """
                x-portico-identities:
                  ada: {accessKeyId: AKIDEXAMPLE, secretAccessKey: wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY, policies: {Statement: [{Effect: Allow, Action: "execute-api:Invoke", Resource: "arn:aws:execute-api:*:*:*/\(allowed)"}]}}
                components: {securitySchemes: {\(sigv4)}}
                \(more)
                """,
            [
                SpecOperation("GET /public/{proxy+}", mock("public"), "security: [{sigv4: []}]"),
                SpecOperation("GET /admin/{proxy+}", mock("admin"), "security: [{sigv4: []}]"),
                SpecOperation("GET /pets", mock("pets"), "security: [{sigv4: []}]"),
                SpecOperation("DELETE /pets", mock("gone"), "security: [{sigv4: []}]"),
            ])
    }

    @Test("a request that is repeated outside its time")
    func replay() async throws {
        try await withGateway(Self.signedAPI("*")) { gateway in
            let host = "127.0.0.1:\(gateway.port)"
            let now = PlainSigner().time
            // Seconds after the signing, as the server sees it; some are left for a slow machine.
            for (age, status) in [
                (0, 200), (280, 200), (-280, 200), (301, 403), (-320, 403), (3600, 403), (-86_400, 403),
            ] {
                let headers = PlainSigner(time: now - age).authorization("GET", "/dev/pets", host: host)
                let answer = try gateway.request("GET", "/dev/pets", headers: headers)
                #expect(answer.status == status, "header, \(age) s")
                if status != 200 { #expect(answer["x-amzn-ErrorType"] == "InvalidSignatureException") }
            }
            // Presigned: from its time, minus the skew, to its end.
            for (age, expires, status) in [
                (0, 60, 200), (500, 600, 200), (500, 400, 403), (62, 60, 403), (-280, 60, 200), (-320, 60, 403),
                (-320, 604_800, 403), (0, 0, 403), (0, 604_801, 403), (0, -1, 403), (604_801, 604_800, 403),
            ] {
                let target = PlainSigner(time: now - age).presigned("/dev/pets", host: host, expires: "\(expires)")
                let answer = try gateway.request("GET", target)
                #expect(answer.status == status, "presigned, \(age) s of \(expires) s: \(answer.text)")
            }
            let target = PlainSigner().presigned("/dev/pets", host: host, expires: "60")
            for changed in [
                target.replacing("Expires=60", with: "Expires=600"), target + "&X-Amz-Expires=600",
                target.replacing("X-Amz-Expires=60&", with: ""), target + "&more=1",
                target.replacing("/dev/pets", with: "/dev/public/x"), target.replacing("=host&", with: "=&"),
                target.replacing("=host&", with: "=host%3Bx-more&"),
            ] {
                try expect("GET", changed, from: gateway, gives: 403)
            }
            // Another verb, and a body that was not signed.
            try expect("DELETE", target, from: gateway, gives: 403)
            try expect("GET", target, body: "{}", from: gateway, gives: 403)
            try expect("GET", target, from: gateway, gives: 200)
        }
    }

    @Test("headers of a signature in other ways than they were signed")
    func signedHeaders() async throws {
        try await withGateway(Self.signedAPI("*")) { gateway in
            let host = "127.0.0.1:\(gateway.port)"
            let headers = PlainSigner().authorization("GET", "/dev/pets", host: host)
            let (authorization, rest) = (headers[0].1, Array(headers.dropFirst()))
            func send(_ authorization: [(String, String)], _ more: [(String, String)] = [], host sent: String = host)
                throws -> Int
            {
                let connection = try RawConnection(port: gateway.port)
                let fields = (authorization + rest + more).map { "\($0.0): \($0.1)\r\n" }.joined()
                try connection.send("GET /dev/pets HTTP/1.1\r\nHost: \(sent)\r\n\(fields)Connection: close\r\n\r\n")
                return try connection.readResponse().status
            }
            let own = [("Authorization", authorization)]
            try equal(send(own), 200)
            try equal(send([("AUTHORIZATION", "  \(authorization) ")]), 200)
            let rows: [([(String, String)], [(String, String)], String, Int)] = [
                (own + own, [], host, 403), (own + [("authorization", "x")], [], host, 403),
                ([("Authorization", "Bearer x")] + own, [], host, 403),
                ([("Authorization ", authorization)], [], host, 400),
                (own, [("x-amz-date", PlainSigner(time: 0).timestamp)], host, 403), (own, [], "other.example.com", 403),
                (own, [("X-Amz-Security-Token", "x")], host, 403),
                ([("Authorization", authorization.replacing("host;x-amz-date", with: "x-amz-date"))], [], host, 403),
                (
                    [("Authorization", authorization.replacing("AWS4-HMAC-SHA256", with: "AWS4-HMAC-SHA1"))], [], host,
                    403
                ),
                ([("Authorization", authorization.replacing("aws4_request", with: "aws4_requests"))], [], host, 403),
                ([("Authorization", String(authorization.dropLast()))], [], host, 403),
                ([("Authorization", authorization + "0")], [], host, 403),
                (
                    [("Authorization", authorization + ", Signature=" + String(repeating: "0", count: 64))], [], host,
                    403
                ),
                ([("Authorization", authorization.replacing("AKIDEXAMPLE", with: "akidexample"))], [], host, 403),
            ]
            for (index, row) in rows.enumerated() {
                let found = try send(row.0, row.1, host: row.2)
                #expect(found == row.3, "row \(index): \(found)")
            }
        }
    }

    @Test("another verb by X-HTTP-Method-Override is looked at as what it is")
    func methodOverride() async throws {
        let policy =
            "x-amazon-apigateway-policy: {Statement: [{Effect: Allow, Principal: \"*\", Action: \"execute-api:Invoke\", Resource: \"execute-api:/*/GET/*\"}]}"
        let open = spec(
            root: policy, [SpecOperation("GET /pets", mock("pets")), SpecOperation("DELETE /pets", mock("gone"))])
        try await withGateway(open) { gateway in
            try expect("GET", "/dev/pets", from: gateway, gives: 200)
            for (name, verb) in [("X-HTTP-Method-Override", "DELETE"), ("x-http-method-override", "delete")] {
                try expect("GET", "/dev/pets", headers: [(name, verb)], from: gateway, gives: 403)
            }
            try expect("DELETE", "/dev/pets", from: gateway, gives: 403)
        }
        try await withGateway(Self.signedAPI("dev/GET/*")) { gateway in
            let host = "127.0.0.1:\(gateway.port)"
            let headers = PlainSigner().authorization("GET", "/dev/pets", host: host)
            try expect("GET", "/dev/pets", headers: headers, from: gateway, gives: 200)
            let answer = try gateway.request(
                "GET", "/dev/pets", headers: headers + [("X-HTTP-Method-Override", "DELETE")])
            #expect(answer.status == 403 && answer.text.contains("/dev/DELETE/pets"), "\(answer.text)")
        }
        let keys = spec(
            root: "components: {securitySchemes: {key: {type: apiKey, name: x-api-key, in: header}}}",
            [
                SpecOperation("GET /pets", mock("pets")),
                SpecOperation("DELETE /pets", mock("gone"), "security: [{key: []}]"),
            ])
        try await withGateway(keys) { gateway in
            try expect(
                "GET", "/dev/pets", headers: [("X-HTTP-Method-Override", "DELETE")], from: gateway, gives: 403)
        }
    }

    // MARK: - Paths and stages

    private static let detourPaths = [
        "/dev/public/../admin/x", "/dev/public/./../admin/x", "/dev/public/%2e%2e/admin/x",
        "/dev/public/%2E%2E/admin/x",
        "/dev/public/.%2e/admin/x", "/dev/public/..%2fadmin/x", "/dev/public/%2e%2e%2fadmin%2fx",
        "/dev/public/%252e%252e/admin/x", "/dev/public/..%5cadmin/x", "/dev/public/..\\admin/x",
        "/dev/public//../admin/x",
        "/dev/public/a/../../admin/x", "/dev/public/a%2f..%2f..%2fadmin/x", "/dev/%61dmin/x", "/dev//admin/x",
        "/dev/./admin/x",
        "/dev/admin//x", "/dev/admin/%2e/x", "/dev/public/..;/admin/x", "/dev/admin/x/../../public/../admin/x",
    ]

    @Test("detours of the path, for callers who signed and for those whom an authorizer let in", arguments: detourPaths)
    func detours(_ path: String) async throws {
        try await withGateway(Self.signedAPI("dev/GET/public/*")) { gateway in
            let host = "127.0.0.1:\(gateway.port)"
            func status(_ path: String, canonical: String) throws -> Int {
                let headers = PlainSigner().authorization("GET", canonical, host: host)
                return try gateway.request("GET", path, headers: headers).status
            }
            try equal(status("/dev/public/x", canonical: "/dev/public/x"), 200)
            // Signed as the attacker may: the path that the signature is of is the verifier's own reading of it.
            let canonical = Self.canonicalPath(path)
            try equal(status(path, canonical: canonical), 403, "\(canonical)")
        }
        let scheme = AuthorizerSpec.scheme("T", "type: token, authorizerResultTtlInSeconds: 300")
        let api = spec(
            root: AuthorizerSpec.root(scheme),
            [
                SpecOperation("GET /public/{proxy+}", mock("public"), "security: [{T: []}]"),
                SpecOperation("GET /admin/{proxy+}", mock("admin"), "security: [{T: []}]"),
            ])
        let narrow = AuthorizerSpec.policy("Allow", "arn:aws:execute-api:*:*:*/dev/GET/public/*")
        try await withHosted(api, FakeInvoker { _ in AuthorizerSpec.returned(narrow) }) { gateway in
            let headers = [("Authorization", "x")]
            try expect("GET", "/dev/public/x", headers: headers, from: gateway, gives: 200)
            try expect("GET", path, headers: headers, from: gateway, gives: 403)
        }
    }

    /// The path as the IAM guide has it be signed: segments resolved, then each byte encoded that is not plain.
    private static func canonicalPath(_ path: String) -> String {
        var segments: [Substring] = []
        for segment in path.split(separator: "/") where segment != "." {
            if segment == ".." { _ = segments.popLast() } else { segments.append(segment) }
        }
        let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~/".utf8)
        return ("/" + segments.joined(separator: "/")).utf8.map { byte in
            plain.contains(byte)
                ? String(Unicode.Scalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }

    @Test("stages whose names are like paths, verbs or other stages")
    func stages() async throws {
        let stages = "x-portico-stages: {dev: {}, dev-admin: {}, devGET: {}, GET: {}, admin: {}}"
        try await withGateway(Self.signedAPI("dev/GET/*", stages)) { gateway in
            let host = "127.0.0.1:\(gateway.port)"
            func status(_ path: String) throws -> Int {
                try gateway.request(
                    "GET", path, headers: PlainSigner().authorization("GET", Self.canonicalPath(path), host: host)
                ).status
            }
            try equal(status("/dev/pets"), 200)
            for path in [
                "/dev-admin/pets", "/devGET/pets", "/GET/pets", "/admin/pets", "/DEV/pets", "/dev%2Fpets",
                "/dev%2Fadmin/pets",
                "/%64ev/pets", "/./dev/pets", "/x/../dev/pets", "/dev;x/pets", "/dev%00/pets",
                "/dev%20/pets",
                "/GET/../dev/admin", "/", "/dev", "/dev/", "/dev-admin/../dev/pets",
            ] {
                let found = try status(path)
                #expect(found == 403, "\(path): \(found)")
            }
        }
        // A policy on one stage says nothing of another, whose name begins alike.
        let policy =
            "x-amazon-apigateway-policy: {Statement: [{Effect: Allow, Principal: \"*\", Action: \"execute-api:Invoke\", Resource: \"execute-api:/dev/*\"}]}"
        try await withGateway(spec(root: policy + "\n" + stages, [SpecOperation("GET /pets", mock("ok"))])) { gateway in
            for (path, status) in [
                ("/dev/pets", 200), ("/dev-admin/pets", 403), ("/devGET/pets", 403), ("/GET/pets", 403),
            ] {
                try expect("GET", path, from: gateway, gives: status)
            }
        }
    }

    // MARK: - Answers that are kept

    /// Lets in whose token is in `who`, and says who it is.
    private static func authorizer(_ type: String = "TOKEN") -> FakeInvoker {
        FakeInvoker { invocation in
            let event = String(buffer: invocation.payload)
            let arn = event.split(separator: "\"methodArn\":\"").last?.prefix { $0 != "\"" } ?? ""
            return AuthorizerSpec.returned(AuthorizerSpec.policy("Allow", String(arn)))
        }
    }

    @Test("an answer is that of one token, authorizer, stage and deployment only")
    func poisoning() async throws {
        func api(_ extra: String = "") -> String {
            spec(
                root: AuthorizerSpec.root(
                    AuthorizerSpec.scheme("A", "type: token"), AuthorizerSpec.scheme("B", "type: token"),
                    AuthorizerSpec.scheme("AB", "type: token")) + "\nx-portico-stages: {a: {}, ab: {}, b: {}}" + extra,
                ["A", "B", "AB"].map { SpecOperation("GET /\($0)", mock("ok"), "security: [{\($0): []}]") })
        }
        let invoker = FakeInvoker { _ in AuthorizerSpec.returned(AuthorizerSpec.policy("Allow")) }
        try await withHosted(api(), invoker) { gateway in
            var calls = 0
            func expectCall(_ path: String, _ token: String, _ isCalled: Bool = true) throws {
                try expect("GET", path, headers: [("Authorization", token)], from: gateway, gives: 200)
                if isCalled { calls += 1 }
                #expect(invoker.invocations.count == calls, "\(path) \(token)")
            }
            try expectCall("/a/A", "t")
            try expectCall("/a/A", "t", false)
            try expectCall("/a/B", "t")
            try expectCall("/b/A", "t")
            try expectCall("/ab/A", "t")
            try expectCall("/a/AB", "t")
            for token in ["T", "t t", "tt", "t,t", "\"t\""] {
                try expectCall("/a/A", token)
            }
            // Who is refused now is refused although somebody was let in before.
            invoker.behave { _ in AuthorizerSpec.returned(AuthorizerSpec.policy("Deny")) }
            try expect("GET", "/a/A", headers: [("Authorization", "other")], from: gateway, gives: 403)
            try expect("GET", "/a/B", headers: [("Authorization", "T")], from: gateway, gives: 403)
            // Another deployment asks anew.
            try await gateway.install(api("\nx-amazon-apigateway-binary-media-types: [a/b]"))
            try expect("GET", "/a/A", headers: [("Authorization", "t")], from: gateway, gives: 403)
        }
    }

    @Test("values that could be read as others, together or apart, are other callers")
    func ambiguous() async throws {
        let scheme = AuthorizerSpec.scheme(
            "R", header: "Unused",
            "type: request, identitySource: \"method.request.header.A, method.request.header.B, method.request.querystring.q\""
        )
        let api = spec(
            root: AuthorizerSpec.root(scheme), [SpecOperation("GET /pets", mock("ok"), "security: [{R: []}]")])
        let invoker = FakeInvoker { _ in AuthorizerSpec.returned(AuthorizerSpec.policy("Allow")) }
        try await withHosted(api, invoker) { gateway in
            let rows: [(String, String, String)] = [
                ("ab", "c", "d"), ("a", "bc", "d"), ("a", "b", "cd"), ("c", "ab", "d"), ("d", "c", "ab"),
                ("a,b", "c", "d"),
                ("a", "b,c", "d"), ("1", "a", "b"), ("1%001", "a", "b"), ("1", "%001a", "b"), ("a", "b", "%001%00c"),
                ("a", "b", "1%00c"), ("a", "b1", "c"), ("a", "b", "1c"), ("2", "ab", "c"), ("ab", "2", "c"),
            ]
            for (index, row) in rows.enumerated() {
                let headers = [("A", row.0), ("B", row.1)]
                try expect("GET", "/dev/pets?q=\(row.2)", headers: headers, from: gateway, gives: 200)
                #expect(invoker.invocations.count == index + 1, "\(row)")
            }
            // One that is missing is no empty one, and a second field is nobody.
            for headers in [[("A", "ab")], [("A", "ab"), ("B", "")], [("A", "ab"), ("B", "c"), ("b", "c")]] {
                try expect("GET", "/dev/pets?q=d", headers: headers, from: gateway, gives: 401)
            }
            try expect("GET", "/dev/pets", headers: [("A", "ab"), ("B", "cd")], from: gateway, gives: 401)
            #expect(invoker.invocations.count == rows.count)
        }
    }

    @Test("a policy that was kept opens nothing that it does not name")
    func narrow() async throws {
        let scheme = AuthorizerSpec.scheme("T", "type: token")
        let api = spec(
            root: AuthorizerSpec.root(scheme),
            ["GET /a", "GET /b", "POST /a", "GET /a/{id}"].map { SpecOperation($0, mock("ok"), "security: [{T: []}]") })
        let invoker = Self.authorizer()
        try await withHosted(api, invoker) { gateway in
            let headers = [("Authorization", "x")]
            try expect("GET", "/dev/a", headers: headers, from: gateway, gives: 200)
            for (method, path) in [("GET", "/dev/b"), ("POST", "/dev/a"), ("GET", "/dev/a/1")] {
                try expect(method, path, headers: headers, from: gateway, gives: 403)
            }
            #expect(invoker.invocations.count == 1)
        }
    }

    // MARK: - Time

    /// Timing over a socket tells nothing that a busy machine would repeat, so this reads the source.
    @Test("secrets are compared in a time that does not depend on them")
    func constantTime() throws {
        func source(_ path: String) throws -> String {
            try String(
                contentsOf: URL(filePath: "\(GoldenFile.packageRoot)/Sources/PorticoGateway/\(path)"), encoding: .utf8)
        }
        let same = try source("Signing/SigV4Encoding.swift")
        let rest = try #require(same.split(separator: "static func areSame").dropFirst().first)
        let body = try #require(rest.split(separator: "\n    }\n").first)
        #expect(body.contains("difference |= left[index] ^ right[index]"))
        // Only unequal lengths end it early.
        #expect(body.split(separator: "return").count == 3 && !body.contains("break"))
        #expect(try source("Signing/SigV4Verifier.swift").contains("SigV4Encoding.areSame(expected.view"))
        #expect(try source("Features/Authorization/SignatureFilter.swift").contains("SigV4Encoding.areSame($0, sent)"))
        // API keys are found by their digest, which nobody can choose byte by byte.
        #expect(try source("Features/APIKeys/KeyTable.swift").contains("APIKeyDigest"))
    }
}

/// Sends a request and looks at the status.
private func expect(
    _ method: String, _ path: String, headers: [(String, String)] = [], from gateway: HostedGateway,
    gives status: Int, at location: SourceLocation = #_sourceLocation
) throws {
    let answer = try gateway.request(method, path, headers: headers)
    #expect(answer.status == status, "\(method) \(path): \(answer.text)", sourceLocation: location)
}
