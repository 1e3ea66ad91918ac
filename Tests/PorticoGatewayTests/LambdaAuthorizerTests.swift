import NIOCore
import PorticoSyntax
import PorticoTestSupport
import Synchronization
import Testing

@testable import PorticoGateway

/// Specs with Lambda authorizers, and what their functions answer.
enum AuthorizerSpec {
    static func scheme(_ name: String, header: String = "Authorization", _ members: String) -> String {
        let uri =
            "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:111111111111:function:F/invocations"
        return "\(name): {type: apiKey, in: header, name: \(header), x-amazon-apigateway-authtype: custom, "
            + "x-amazon-apigateway-authorizer: {authorizerUri: \"\(uri)\", \(members)}}"
    }

    static func root(_ schemes: String...) -> String {
        LambdaSpec.hosted + "\ncomponents: {securitySchemes: {\(schemes.joined(separator: ", "))}}"
    }

    /// A policy of one statement.
    static func policy(_ effect: String, _ resource: String = "*", more: String = "") -> String {
        """
        {"principalId":"user","policyDocument":{"Version":"2012-10-17","Statement":[{"Action":"execute-api:Invoke",\
        "Effect":"\(effect)","Resource":"\(resource)"}]}\(more)}
        """
    }

    static func returned(_ text: String) -> FunctionOutcome { .returned(payload: ByteBuffer(string: text)) }
}

/// Source: reference, "Lambda authorizers (REST)" (3.4).
@Suite("Lambda authorizers")
struct LambdaAuthorizerTests {
    private static let tokenSpec = spec(
        root: AuthorizerSpec.root(
            AuthorizerSpec.scheme(
                "T", "type: token, identityValidationExpression: \"[a-z-]+\", authorizerResultTtlInSeconds: 300"),
            AuthorizerSpec.scheme("N", "type: token, authorizerResultTtlInSeconds: 0")),
        [
            SpecOperation("GET /pets", mock("ok"), "security: [{T: []}]"),
            SpecOperation("POST /pets", mock("ok"), "security: [{T: []}]"),
            SpecOperation("GET /fresh", mock("ok"), "security: [{N: []}]"),
            SpecOperation("GET /open", mock("ok")),
        ])

    /// Allows, denies and fails by the token, as the guide's sample does.
    private static let sample: FakeInvoker.Script = { invocation in
        let event = String(buffer: invocation.payload)
        func has(_ token: String) -> Bool { event.contains("\"authorizationToken\":\"\(token)\"") }
        if has("allow") { return AuthorizerSpec.returned(AuthorizerSpec.policy("Allow")) }
        if has("deny") { return AuthorizerSpec.returned(AuthorizerSpec.policy("Deny")) }
        if has("none") {
            return AuthorizerSpec.returned(AuthorizerSpec.policy("Allow", "arn:aws:execute-api:*:*:*/*/GET/other"))
        }
        if has("narrow") {
            return AuthorizerSpec.returned(AuthorizerSpec.policy("Allow", "arn:aws:execute-api:*:*:*/dev/GET/pets"))
        }
        if has("unauthorized") {
            return .failed(payload: ByteBuffer(string: #"{"errorMessage":"Unauthorized","errorType":"Error"}"#))
        }
        return .failed(payload: ByteBuffer(string: #"{"errorMessage":"Unauthorized, really","errorType":"Error"}"#))
    }

    @Test("a token's answers are those of the guide's sample")
    func token() async throws {
        let invoker = FakeInvoker(Self.sample)
        try await withHosted(Self.tokenSpec, invoker) { gateway in
            let rows: [(token: String?, status: Int, type: String?, body: String)] = [
                ("allow", 200, nil, "ok"),
                (
                    "deny", 403, "AccessDeniedException",
                    #"{"Message":"User is not authorized to access this resource with an explicit deny"}"#
                ),
                (
                    "none", 403, "AccessDeniedException",
                    #"{"Message":"User is not authorized to access this resource"}"#
                ),
                ("unauthorized", 401, "UnauthorizedException", #"{"message":"Unauthorized"}"#),
                ("other", 500, "AuthorizerFailureException", #"{"message":null}"#),
                (nil, 401, "UnauthorizedException", #"{"message":"Unauthorized"}"#),
                ("", 401, "UnauthorizedException", #"{"message":"Unauthorized"}"#),
                ("NOT LOWER", 401, "UnauthorizedException", #"{"message":"Unauthorized"}"#),
            ]
            for row in rows {
                let headers = row.token.map { [("authorization", $0)] } ?? []
                let answer = try gateway.request("GET", "/dev/pets", headers: headers)
                #expect(answer.status == row.status, "\(row.token ?? "no token")")
                #expect(answer.text == row.body)
                #expect(answer["x-amzn-ErrorType"] == row.type)
            }
            #expect(invoker.invocations.count == 5)
        }
    }

    @Test("the event of a token has its value and the ARN of the method")
    func tokenEvent() async throws {
        let invoker = FakeInvoker(Self.sample)
        try await withHosted(Self.tokenSpec, invoker) { gateway in
            _ = try gateway.request("GET", "/dev/pets?x=1", headers: [("Authorization", "allow")])
            let event = String(buffer: try #require(invoker.invocations.first).payload)
            #expect(event.hasPrefix(#"{"type":"TOKEN","methodArn":"arn:aws:execute-api:us-east-1:000000000000:"#))
            #expect(event.hasSuffix(#"/dev/GET/pets","authorizationToken":"allow"}"#))
        }
    }

    @Test("an answer is kept with its policy, which is looked at for each request")
    func kept() async throws {
        let invoker = FakeInvoker(Self.sample)
        try await withHosted(Self.tokenSpec, invoker) { gateway in
            let headers = [("Authorization", "narrow")]
            #expect(try gateway.request("GET", "/dev/pets", headers: headers).status == 200)
            #expect(try gateway.request("GET", "/dev/pets", headers: headers).status == 200)
            // The policy that is kept says nothing of POST.
            #expect(try gateway.request("POST", "/dev/pets", headers: headers).status == 403)
            #expect(invoker.invocations.count == 1)
            for _ in 0..<3 { _ = try gateway.request("GET", "/dev/fresh", headers: [("Authorization", "allow")]) }
            #expect(invoker.invocations.count == 4)
        }
    }

    @Test("errors and bad answers are not kept")
    func notKept() async throws {
        let invoker = FakeInvoker(Self.sample)
        try await withHosted(Self.tokenSpec, invoker) { gateway in
            for _ in 0..<2 { _ = try gateway.request("GET", "/dev/pets", headers: [("Authorization", "unauthorized")]) }
            #expect(invoker.invocations.count == 2)
        }
    }

    @Test("two fields of the token's header are refused without a call")
    func twice() async throws {
        let invoker = FakeInvoker(Self.sample)
        try await withHosted(Self.tokenSpec, invoker) { gateway in
            let answer = try gateway.request(
                "GET", "/dev/pets", headers: [("Authorization", "deny"), ("AUTHORIZATION", "allow")])
            #expect(answer.status == 401)
            #expect(invoker.invocations.isEmpty)
        }
    }

    @Test(
        "answers that are none give 500",
        arguments: [
            #"[]"#, #"{}"#, #"not json"#, #"{"policyDocument":{"Statement":[]}}"#, #"{"principalId":"u"}"#,
            #"{"principalId":"u","policyDocument":"text"}"#,
            #"{"principalId":"u","policyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Maybe","Action":"*","Resource":"*"}]}}"#,
            AuthorizerSpec.policy("Allow", more: #","context":{"k":{"a":1}}"#),
            AuthorizerSpec.policy("Allow", more: #","context":{"k":[1]}"#),
            AuthorizerSpec.policy("Allow", more: #","context":[]"#),
        ])
    func malformed(_ text: String) async throws {
        let invoker = FakeInvoker { _ in AuthorizerSpec.returned(text) }
        try await withHosted(Self.tokenSpec, invoker) { gateway in
            let answer = try gateway.request("GET", "/dev/pets", headers: [("Authorization", "x")])
            #expect(answer.status == 500)
            #expect(answer["x-amzn-ErrorType"] == "AuthorizerConfigurationException")
            #expect(answer.text == #"{"message":null}"#)
        }
    }

    @Test("what the authorizer says is there for templates, mappings, events and gateway responses")
    func context() async throws {
        let template =
            "$context.authorizer.principalId/$context.authorizer.plan/$context.authorizer['n']/$context.authorizer.none/"
        let api = spec(
            root: AuthorizerSpec.root(
                AuthorizerSpec.scheme("T", "type: token, authorizerResultTtlInSeconds: 0")),
            [
                SpecOperation("GET /t", mock(template), "security: [{T: []}]"),
                SpecOperation("GET /f", LambdaSpec.integration(), "security: [{T: []}]"),
            ])
        let invoker = FakeInvoker { invocation in
            let event = String(buffer: invocation.payload)
            guard event.hasPrefix(#"{"type":"TOKEN""#) else {
                return AuthorizerSpec.returned(#"{"statusCode":200,"body":"from the function"}"#)
            }
            return AuthorizerSpec.returned(
                AuthorizerSpec.policy("Allow", more: #","context":{"plan":"gold","n":1,"b":true,"z":null}"#))
        }
        try await withHosted(api, invoker) { gateway in
            let headers = [("Authorization", "x")]
            #expect(try gateway.request("GET", "/dev/t", headers: headers).text == "user/gold/1//")
            let answer = try gateway.request("GET", "/dev/f", headers: headers)
            #expect(answer.text == "from the function")
            let event = String(buffer: try #require(invoker.invocations.last).payload)
            #expect(
                event.contains(
                    #""authorizer":{"plan":"gold","n":"1","b":"true","principalId":"user","integrationLatency":"#))
        }
    }

    @Test("a body that was compressed is there after the authorizer has answered")
    func compressed() async throws {
        let api = spec(
            root: AuthorizerSpec.root(AuthorizerSpec.scheme("T", "type: token, authorizerResultTtlInSeconds: 0")),
            [SpecOperation("POST /e", mockEcho, "security: [{T: []}]")])
        let invoker = FakeInvoker { _ in AuthorizerSpec.returned(AuthorizerSpec.policy("Allow")) }
        try await withHosted(api, invoker) { gateway in
            let long = String(repeating: "x", count: 9000)
            for body in ["short", long] {
                let plain = try gateway.request(
                    "POST", "/dev/e", headers: [("Authorization", "x"), ("Content-Type", "application/json")],
                    body: "{\"a\":\"\(body)\"}")
                #expect(plain.text == body)
            }
        }
    }

    private var mockEcho: String {
        "{type: mock, requestTemplates: {application/json: '#set($context.requestOverride.header.x = $input.path(\"$.a\")){\"statusCode\": 200}'}, "
            + "responses: {default: {statusCode: '200', responseTemplates: {application/json: '$context.requestOverride.header.x'}}}}"
    }
}

/// `--no-auth`
@Suite("Authorizers that are passed over")
struct AuthorizerBypassTests {
    @Test("everybody is the caller that is given, and every answer says so")
    func bypass() async throws {
        let pool =
            "P: {type: apiKey, in: header, name: Authorization, x-amazon-apigateway-authorizer: {type: cognito_user_pools, providerARNs: ['arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_a']}}"
        let api = spec(
            root: AuthorizerSpec.root(
                AuthorizerSpec.scheme("T", "type: token"), AuthorizerSpec.scheme("U", "type: token"), pool),
            [
                SpecOperation(
                    "GET /t", mock("$context.authorizer.principalId $context.authorizer.plan"), "security: [{T: []}]"),
                SpecOperation("GET /u", mock("ok"), "security: [{U: []}]"),
                SpecOperation(
                    "GET /p", mock("$context.authorizer.claims.sub $context.authorizer.claims['custom:n']"),
                    "security: [{P: [x/y]}]"),
            ])
        try await withGateway(
            api,
            configure: {
                $0.bypasses = [
                    AuthorizerBypass(name: "T", claims: .object([JSONMember("plan", .string("gold"))])),
                    AuthorizerBypass(
                        name: "P",
                        claims: .object([JSONMember("sub", .string("ada")), JSONMember("custom:n", .number("1"))])),
                ]
            }
        ) { gateway in
            for (path, status, text) in [
                ("/dev/t", 200, "no-auth gold"), ("/dev/u", 401, nil), ("/dev/p", 200, "ada 1"),
                ("/dev/none", 403, nil),
            ] {
                let answer = try gateway.request("GET", path)
                #expect(answer.status == status)
                if let text { #expect(answer.text == text) }
                #expect(answer["X-Portico-No-Auth"] == "T, P")
            }
        }
    }
}

/// Authorizers that read the request.
@Suite("Lambda authorizers of type REQUEST")
struct RequestAuthorizerTests {
    private static func api(_ members: String) -> String {
        spec(
            root: AuthorizerSpec.root(AuthorizerSpec.scheme("R", header: "Unused", "type: request, " + members))
                + "\nx-portico-stages: {dev: {variables: {v: one}}, prod: {variables: {v: two}}}",
            [SpecOperation("GET /pets/{id}", mock("ok"), "security: [{R: []}]")])
    }

    private static let allow: FakeInvoker.Script = { _ in AuthorizerSpec.returned(AuthorizerSpec.policy("Allow")) }

    @Test("with a cache every source must be there")
    func sources() async throws {
        let invoker = FakeInvoker(Self.allow)
        let api = Self.api(
            "identitySource: \"method.request.header.Auth, method.request.querystring.q, stageVariables.v, context.httpMethod\""
        )
        try await withHosted(api, invoker) { gateway in
            let rows: [(path: String, headers: [(String, String)], status: Int)] = [
                ("/dev/pets/1", [], 401), ("/dev/pets/1?q=1", [], 401), ("/dev/pets/1", [("Auth", "a")], 401),
                ("/dev/pets/1?q=", [("Auth", "a")], 401), ("/dev/pets/1?q=1", [("Auth", "")], 401),
                ("/dev/pets/1?q=1", [("Auth", "a")], 200),
            ]
            for row in rows {
                let answer = try gateway.request("GET", row.path, headers: row.headers)
                #expect(answer.status == row.status, "\(row)")
            }
            #expect(invoker.invocations.count == 1)
        }
    }

    @Test("values that meet in one text are two keys, and stages have their own")
    func keys() async throws {
        let invoker = FakeInvoker(Self.allow)
        let api = Self.api("identitySource: \"method.request.header.A, method.request.header.B\"")
        try await withHosted(api, invoker) { gateway in
            for (a, b) in [("ab", "c"), ("a", "bc"), ("ab", "c")] {
                _ = try gateway.request("GET", "/dev/pets/1", headers: [("A", a), ("B", b)])
            }
            #expect(invoker.invocations.count == 2)
            _ = try gateway.request("GET", "/prod/pets/1", headers: [("A", "ab"), ("B", "c")])
            #expect(invoker.invocations.count == 3)
        }
    }

    @Test("without sources and cache the function is asked each time, with all but the body")
    func event() async throws {
        let invoker = FakeInvoker(Self.allow)
        try await withHosted(Self.api("authorizerResultTtlInSeconds: 0"), invoker) { gateway in
            #expect(try gateway.request("GET", "/dev/pets/7?a=1&a=2", headers: [("X-H", "h")]).status == 200)
            let event = String(buffer: try #require(invoker.invocations.first).payload)
            #expect(event.hasPrefix(#"{"type":"REQUEST","methodArn":"arn:aws:execute-api:us-east-1:000000000000:"#))
            for part in [
                #"/dev/GET/pets/7","resource":"/pets/{id}","path":"/pets/7","httpMethod":"GET","headers":{"#,
                #""X-H":"h""#, #""queryStringParameters":{"a":"2"},"multiValueQueryStringParameters":{"a":["1","2"]}"#,
                #""pathParameters":{"id":"7"},"stageVariables":{"v":"one"},"requestContext":{"#,
            ] {
                #expect(event.contains(part), "\(part)")
            }
            #expect(!event.contains("\"body\""))
            #expect(event.hasSuffix("}}"))
        }
    }

    @Test("a function that cannot be called gives 500")
    func unreachable() async throws {
        let invoker = FakeInvoker { _ in .refused(status: 404, type: "ResourceNotFoundException", message: "no") }
        try await withHosted(Self.api("authorizerResultTtlInSeconds: 0"), invoker) { gateway in
            let answer = try gateway.request("GET", "/dev/pets/7")
            #expect(answer.status == 500)
            #expect(answer["x-amzn-ErrorType"] == "AuthorizerConfigurationException")
        }
    }
}

/// The list of answers that authorizers gave.
@Suite("Answers of authorizers that are kept")
struct AuthorizerCacheTests {
    private func bytes(_ text: String, _ body: (UnsafeRawBufferPointer) -> Void) {
        Array(text.utf8).withUnsafeBytes(body)
    }

    @Test("an answer is there until its time is over")
    func time() {
        let cache = AuthorizerCache<Int>(seed: 1)
        bytes("a") { cache.keep(1, by: $0, until: 100, now: 0) }
        bytes("a") { #expect(cache.answer($0, now: 99) == 1) }
        bytes("a") { #expect(cache.answer($0, now: 100) == nil) }
        bytes("b") { #expect(cache.answer($0, now: 0) == nil) }
        bytes("a") { cache.keep(2, by: $0, until: 300, now: 200) }
        bytes("a") { #expect(cache.answer($0, now: 299) == 2) }
        #expect(cache.count == 1)
    }

    @Test("it has no more than it may, and what is used stays")
    func bounds() {
        let cache = AuthorizerCache<Int>(capacity: 2000, seed: 7)
        for number in 0..<20_000 {
            bytes("key \(number)") { cache.keep(number, by: $0, until: 1000, now: 0) }
            bytes("key 0") { #expect(cache.answer($0, now: 0) == 0) }
        }
        #expect(cache.count == 2000)
        var found = 0
        for number in 0..<20_000 {
            bytes("key \(number)") { key in
                if let answer = cache.answer(key, now: 0) {
                    found += 1
                    #expect(answer == number)
                }
            }
        }
        #expect(found == 2000)
    }

    @Test("long keys do not fill the memory")
    func long() {
        let cache = AuthorizerCache<Int>(seed: 7)
        let long = String(repeating: "x", count: 10_000)
        for number in 0..<4000 { bytes("\(number)" + long) { cache.keep(number, by: $0, until: 1000, now: 0) } }
        #expect(cache.count < 1700)
    }
}
