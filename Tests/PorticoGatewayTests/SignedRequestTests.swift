import Crypto
import FoundationEssentials
import PorticoSyntax
import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Signs as the IAM guide says, and nothing more: what the gateway checks is not made by the gateway's own code.
struct PlainSigner {
    var accessKeyID = "AKIDEXAMPLE"
    var secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
    var region = "us-east-1"
    var service = "execute-api"
    var token: String?
    var time = Int(Date().timeIntervalSince1970)

    var timestamp: String { SigV4Time(epochSeconds: time).description }

    private static func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    static func mac(_ key: some ContiguousBytes, _ message: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: key)))
    }

    private var day: String { String(timestamp.prefix(8)) }
    private var scope: String { "\(day)/\(region)/\(service)/aws4_request" }

    /// The signature of a canonical request.
    private func signature(_ canonical: String) -> String {
        let text =
            "AWS4-HMAC-SHA256\n\(timestamp)\n\(scope)\n" + Self.hex(SHA256.hash(data: Array(canonical.utf8)))
        var key = Array("AWS4\(secret)".utf8)
        for part in [day, region, service, "aws4_request", text] { key = Self.mac(key, Array(part.utf8)) }
        return Self.hex(key)
    }

    /// `path` has no segments to resolve and no bytes to encode; `query` is sorted.
    func authorization(
        _ method: String, _ path: String, query: String = "", host: String, body: String = "",
        more: [(String, String)] = []
    ) -> [(String, String)] {
        var headers = [("host", host), ("x-amz-date", timestamp)] + more
        if let token { headers.append(("x-amz-security-token", token)) }
        headers.sort { $0.0 < $1.0 }
        let names = headers.map(\.0).joined(separator: ";")
        let canonical =
            [method, path, query].joined(separator: "\n") + "\n"
            + headers.map { "\($0.0):\($0.1)\n" }.joined() + "\n" + names + "\n"
            + Self.hex(SHA256.hash(data: Array(body.utf8)))
        let authorization =
            "AWS4-HMAC-SHA256 Credential=\(accessKeyID)/\(scope), SignedHeaders=\(names), Signature=\(signature(canonical))"
        return [("Authorization", authorization)] + headers.filter { $0.0 != "host" }
    }

    /// The target of a GET that is signed in its query.
    func presigned(_ path: String, host: String, expires: String) -> String {
        let query =
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=\(accessKeyID)/\(scope)".replacing("/", with: "%2F")
            + "&X-Amz-Date=\(timestamp)&X-Amz-Expires=\(expires)&X-Amz-SignedHeaders=host"
        let canonical = "GET\n\(path)\n\(query)\nhost:\(host)\n\nhost\n" + Self.hex(SHA256.hash(data: [UInt8]()))
        return "\(path)?\(query)&X-Amz-Signature=\(signature(canonical))"
    }
}

/// Source: reference, "SigV4 verification" (3.1), "IAM evaluation" (3.2).
@Suite("Signed requests")
struct SignedRequestTests {
    private static let identities = """
        x-portico-identities:
          ada:
            accessKeyId: AKIDEXAMPLE
            secretAccessKey: wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY
            account: "000000000000"
            policies: {Statement: [{Effect: Allow, Action: "execute-api:*", Resource: "arn:aws:execute-api:*:*:*/dev/GET/*"}, {Effect: Deny, Action: "*", Resource: "*/GET/secret"}]}
          session:
            arn: arn:aws:sts::000000000000:assumed-role/reader/me
            accessKeyId: ASIASESSION
            secretAccessKey: wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY
            sessionToken: the/token==
            policies: [{Statement: {Effect: Allow, Action: "*", Resource: "*"}}]
          nobody: {accessKeyId: AKIDNOBODY, secretAccessKey: wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY}
        """

    private static func api(_ root: String = "") -> String {
        let iam =
            "components: {securitySchemes: {sigv4: {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4}}}"
        let who =
            "$context.identity.userArn|$context.identity.accountId|$context.identity.accessKey|$context.identity.user.length()"
        return spec(
            root: identities + "\n" + iam + (root.isEmpty ? "" : "\n" + root),
            ["GET /pets", "POST /pets", "GET /secret", "GET /files/{proxy+}", "POST /files/{proxy+}"].map {
                SpecOperation($0, mock(who), "security: [{sigv4: []}]")
            })
    }

    private func signed(
        _ signer: PlainSigner, _ method: String = "GET", _ path: String = "/dev/pets", query: String = "",
        body: String = "", on gateway: TestGateway
    ) throws -> RawResponse {
        let headers = signer.authorization(
            method, path, query: query, host: "127.0.0.1:\(gateway.port)", body: body)
        return try gateway.request(
            method, path + (query.isEmpty ? "" : "?" + query), headers: headers, body: body)
    }

    @Test("who signs and is allowed gets in, and is known")
    func allowed() async throws {
        try await withGateway(Self.api()) { gateway in
            let answer = try signed(PlainSigner(), query: "a=1&b=2", on: gateway)
            #expect(answer.status == 200)
            #expect(answer.text == "arn:aws:iam::000000000000:user/ada|000000000000|AKIDEXAMPLE|21")
            let session = PlainSigner(accessKeyID: "ASIASESSION", token: "the/token==")
            let second = try signed(session, "POST", body: "{}", on: gateway)
            #expect(
                second.text == "arn:aws:sts::000000000000:assumed-role/reader/me|000000000000|ASIASESSION|24")
        }
    }

    @Test("refusals have the documented texts")
    func refused() async throws {
        try await withGateway(Self.api()) { gateway in
            let now = PlainSigner().time
            func text(_ time: Int) -> String { SigV4Time(epochSeconds: time).description }
            let rows: [(name: String, signer: PlainSigner, type: String, message: String)] = [
                (
                    "key", PlainSigner(accessKeyID: "AKIDOTHER"), "UnrecognizedClientException",
                    "The security token included in the request is invalid."
                ),
                (
                    "secret", PlainSigner(secret: "other"), "InvalidSignatureException",
                    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.\n\nThe Canonical String for this request should have been\n'GET\n/dev/pets\n"
                ),
                (
                    "service", PlainSigner(service: "s3"), "InvalidSignatureException",
                    "Credential should be scoped to correct service: 'execute-api'. "
                ),
                (
                    "region", PlainSigner(region: "eu-west-1"), "InvalidSignatureException",
                    "Credential should be scoped to a valid region, not 'eu-west-1'. "
                ),
                (
                    "old", PlainSigner(time: now - 400), "InvalidSignatureException",
                    "Signature expired: \(text(now - 400)) is now earlier than "
                ),
                (
                    "future", PlainSigner(time: now + 400), "InvalidSignatureException",
                    "Signature not yet current: \(text(now + 400)) is still later than "
                ),
                (
                    "token missing", PlainSigner(accessKeyID: "ASIASESSION"), "UnrecognizedClientException",
                    "The security token included in the request is invalid."
                ),
                (
                    "token of nobody", PlainSigner(token: "x"), "UnrecognizedClientException",
                    "The security token included in the request is invalid."
                ),
                (
                    "token wrong", PlainSigner(accessKeyID: "ASIASESSION", token: "the/token==" + "="),
                    "UnrecognizedClientException", "The security token included in the request is invalid."
                ),
            ]
            for row in rows {
                let answer = try signed(row.signer, on: gateway)
                #expect(answer.status == 403, "\(row.name)")
                #expect(answer["x-amzn-ErrorType"] == row.type, "\(row.name)")
                let quoted = row.message.replacing("\n", with: "\\n")
                #expect(answer.text.hasPrefix("{\"message\":\"\(quoted)"), "\(row.name): \(answer.text)")
            }
            // Within five minutes either way.
            for time in [now - 290, now + 290] {
                let answer = try signed(PlainSigner(time: time), on: gateway)
                #expect(answer.status == 200)
            }
        }
    }

    @Test(
        "headers that are no signatures get the texts for them, also where there is no method",
        arguments: [
            (
                "Bearer token",
                "'token' not a valid key=value pair (missing equal-sign) in Authorization header: 'Bearer token'."
            ),
            (
                "AWS4-HMAC-SHA256",
                "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=AWS4-HMAC-SHA256"
            ),
            (
                "AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host",
                "Authorization header requires 'Signature' parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host"
            ),
        ])
    func incomplete(_ header: String, _ message: String) async throws {
        try await withGateway(Self.api()) { gateway in
            for path in ["/dev/pets", "/dev/nothing"] {
                let answer = try gateway.request("GET", path, headers: [("Authorization", header)])
                #expect(answer.status == 403)
                #expect(answer["x-amzn-ErrorType"] == "IncompleteSignatureException")
                #expect(answer.text == "{\"message\":\"\(message)\"}")
            }
        }
    }

    @Test("what is not signed is missing a token")
    func missing() async throws {
        try await withGateway(Self.api()) { gateway in
            for path in ["/dev/pets", "/dev/nothing"] {
                let answer = try gateway.request("GET", path)
                #expect(answer.status == 403)
                #expect(answer["x-amzn-ErrorType"] == "MissingAuthenticationTokenException")
                #expect(answer.text == "{\"message\":\"Missing Authentication Token\"}")
            }
        }
    }

    @Test("policies of the caller decide, and denials hide the account")
    func policies() async throws {
        try await withGateway(Self.api()) { gateway in
            let denied = try signed(PlainSigner(), "POST", body: "{}", on: gateway)
            #expect(denied.status == 403)
            #expect(denied["x-amzn-ErrorType"] == "AccessDeniedException")
            #expect(
                denied.text.hasPrefix(
                    "{\"Message\":\"User: arn:aws:iam::000000000000:user/ada is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********0000:"
                ))
            #expect(denied.text.hasSuffix("/dev/POST/pets\"}"))
            let explicit = try signed(PlainSigner(), "GET", "/dev/secret", on: gateway)
            #expect(explicit.text.hasSuffix("/dev/GET/secret with an explicit deny\"}"))
            let nobody = try signed(PlainSigner(accessKeyID: "AKIDNOBODY"), on: gateway)
            #expect(nobody.status == 403)
        }
    }

    @Test("a signature twice, or changed in any place, is refused")
    func tampered() async throws {
        try await withGateway(Self.api()) { gateway in
            let host = "127.0.0.1:\(gateway.port)"
            let headers = PlainSigner().authorization("GET", "/dev/pets", host: host)
            try expect("GET", "/dev/pets", headers: headers, from: gateway, gives: 200)
            try expect("GET", "/dev/pets", headers: headers + [headers[0]], from: gateway, gives: 403)
            try expect("GET", "/dev/pets?a", headers: headers, from: gateway, gives: 403)
            try expect("GET", "/dev/files/x", headers: headers, from: gateway, gives: 403)
            try expect("GET", "/dev/pets", headers: headers, body: "{}", from: gateway, gives: 403)
            try expect(
                "GET", "/dev/pets", headers: headers + [("x-amz-content-sha256", "UNSIGNED-PAYLOAD")], from: gateway,
                gives: 403)
            let authorization = headers[0].1
            let rest = Array(headers.dropFirst())
            for index in stride(from: authorization.count - 64, to: authorization.count, by: 3) {
                var bytes = Array(authorization.utf8)
                bytes[index] = bytes[index] == 0x30 ? 0x31 : 0x30
                let changed = [("Authorization", String(decoding: bytes, as: UTF8.self))] + rest
                try expect("GET", "/dev/pets", headers: changed, from: gateway, gives: 403)
            }
            // Upper case is another signature.
            try expect(
                "GET", "/dev/pets",
                headers: [
                    (
                        "Authorization",
                        String(authorization.dropLast(64)) + authorization.suffix(64).uppercased()
                    )
                ] + rest, from: gateway, gives: 403)
        }
    }

    @Test("requests that botocore signs get in, and no change of them does")
    func botocore() async throws {
        try await withGateway(Self.api()) { gateway in
            let process = try ChildProcess(
                try PythonEnvironment.python(),
                ["\(GoldenFile.packageRoot)/Tests/SignedRequests/check.py", "\(gateway.port)"])
            let status = try process.wait()
            #expect(status == 0, "\(process.errors)")
            let report = try #require(JSONValue(parsing: process.output))
            #expect(report["mistakes"] == .array([]), "\(process.output)")
            #expect(report["accepted"] == .number("9"))
            #expect(report["refused"] == .number("220"))
        }
    }

    @Test("presigned requests hold until they expire")
    func presigned() async throws {
        try await withGateway(Self.api()) { gateway in
            let missing = try gateway.request("GET", "/dev/pets?X-Amz-Algorithm=AWS4-HMAC-SHA256")
            #expect(missing.status == 403)
            #expect(missing["x-amzn-ErrorType"] == "IncompleteSignatureException")
        }
    }
}

/// Source: reference, "Resource policy with other mechanisms" (3.3).
@Suite("Resource policies")
struct ResourcePolicyTests {
    private static func api(_ policy: String, _ schemes: String = "") -> String {
        let rest = schemes.isEmpty ? LambdaSpec.hosted : schemes
        return spec(
            root: rest + "\nx-amazon-apigateway-policy: " + policy,
            [
                SpecOperation("GET /pets", mock("ok")), SpecOperation("GET /admin/{proxy+}", mock("admin")),
                SpecOperation("GET /public/{proxy+}", mock("public")),
            ] + (schemes.isEmpty ? [] : [SpecOperation("GET /auth", mock("ok"), "security: [{T: []}]")]))
    }

    private static func statement(_ effect: String, _ resource: String, _ more: String = "") -> String {
        "{Effect: \(effect), Principal: \"*\", Action: \"execute-api:Invoke\", Resource: \"\(resource)\"\(more)}"
    }

    @Test("an open method needs an Allow, and a Deny wins")
    func open() async throws {
        let rows: [(policy: String, status: Int, ending: String)] = [
            (Self.statement("Allow", "execute-api:/*"), 200, ""),
            (Self.statement("Allow", "execute-api:/dev/GET/other"), 403, "/dev/GET/pets\"}"),
            (
                Self.statement("Allow", "execute-api:/*") + ", " + Self.statement("Deny", "execute-api:/*/GET/pets"),
                403,
                "with an explicit deny\"}"
            ),
            (
                Self.statement("Allow", "execute-api:/*") + ", "
                    + Self.statement(
                        "Deny", "execute-api:/*", ", Condition: {IpAddress: {\"aws:SourceIp\": [127.0.0.0/8]}}"),
                403, "with an explicit deny\"}"
            ),
            (
                Self.statement("Allow", "execute-api:/*") + ", "
                    + Self.statement(
                        "Deny", "execute-api:/*", ", Condition: {IpAddress: {\"aws:SourceIp\": [192.0.2.0/24]}}"),
                200, ""
            ),
            (
                Self.statement("Allow", "execute-api:/*", ", Condition: {StringLike: {\"aws:UserAgent\": \"test*\"}}"),
                403,
                "/dev/GET/pets\"}"
            ),
            (
                "{Effect: Allow, Principal: {AWS: \"arn:aws:iam::000000000000:root\"}, Action: \"*\", Resource: \"*\"}",
                403, ""
            ),
        ]
        for row in rows {
            try await withGateway(Self.api("{Version: \"2012-10-17\", Statement: [\(row.policy)]}")) { gateway in
                let answer = try gateway.request("GET", "/dev/pets")
                #expect(answer.status == row.status, "\(row.policy)")
                guard row.status == 403 else { return }
                #expect(answer["x-amzn-ErrorType"] == "AccessDeniedException")
                #expect(
                    answer.text.hasPrefix(
                        "{\"Message\":\"User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********0000:"
                    ))
                #expect(answer.text.hasSuffix(row.ending))
            }
        }
    }

    @Test(
        "paths that lead elsewhere pass no policy",
        arguments: [
            "/dev/public/../admin/x", "/dev/public/%2e%2e/admin/x", "/dev/public/..%2fadmin/x", "/dev/%61dmin/x",
            "/dev/public/%2e%2e%2fadmin%2fx", "/dev/public/%252e%252e/admin/x", "/dev//admin/x",
            "/dev/public/..\\admin/x",
        ])
    func paths(_ path: String) async throws {
        let policy =
            Self.statement("Allow", "execute-api:/*") + ", " + Self.statement("Deny", "execute-api:/*/GET/admin/*")
        let allow = Self.statement("Allow", "execute-api:/dev/GET/public/*")
        for statements in [policy, allow] {
            try await withGateway(Self.api("{Statement: [\(statements)]}")) { gateway in
                try expect("GET", "/dev/public/x", from: gateway, gives: 200)
                try expect("GET", "/dev/public/a%20b", from: gateway, gives: 200)
                try expect("GET", path, from: gateway, gives: 403)
            }
        }
    }

    @Test("before a Lambda authorizer only denials count, after it table A")
    func authorizer() async throws {
        let schemes = AuthorizerSpec.root(AuthorizerSpec.scheme("T", "type: token, authorizerResultTtlInSeconds: 0"))
        let allow = Self.statement("Allow", "execute-api:/*")
        let deny = Self.statement("Deny", "execute-api:/*")
        let other = Self.statement("Allow", "execute-api:/dev/GET/other")
        // Resource policy, what the authorizer says, status, calls.
        let rows: [(String, String, Int, Int)] = [
            (allow, "Allow", 200, 1), (other, "Allow", 200, 1), (deny, "Allow", 403, 0), (allow, "Deny", 403, 1),
            (other, "Deny", 403, 1),
        ]
        for (policy, effect, status, calls) in rows {
            let invoker = FakeInvoker { _ in AuthorizerSpec.returned(AuthorizerSpec.policy(effect)) }
            try await withHosted(Self.api("{Statement: [\(policy)]}", schemes), invoker) { gateway in
                let answer = try gateway.request("GET", "/dev/auth", headers: [("Authorization", "x")])
                #expect(answer.status == status, "\(policy) \(effect)")
                #expect(invoker.invocations.count == calls)
            }
        }
    }
}

/// Sends a request and looks at the status.
func expect(
    _ method: String, _ path: String, headers: [(String, String)] = [], body: String = "", from gateway: TestGateway,
    gives status: Int, at location: SourceLocation = #_sourceLocation
) throws {
    let answer = try gateway.request(method, path, headers: headers, body: body)
    #expect(answer.status == status, "\(method) \(path): \(answer.text)", sourceLocation: location)
}
