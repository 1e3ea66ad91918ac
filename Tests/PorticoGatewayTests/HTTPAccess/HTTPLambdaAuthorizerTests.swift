import NIOCore
import PorticoSyntax
import PorticoTestSupport
import Synchronization
import Testing

@testable import PorticoGateway

/// Lambda authorizers of HTTP APIs. Source: reference, 1.10.
@Suite("Lambda authorizers of HTTP APIs")
struct HTTPLambdaAuthorizerTests {
    private static let arn = "arn:aws:lambda:us-east-1:111111111111:function:A"
    private static let functions =
        "x-portico-functions: {F: {runtime: python3.13, handler: a.b, codeUri: .}, A: {runtime: python3.13, handler: a.b, codeUri: .}}"

    private static func scheme(_ name: String, _ members: String, sources: String? = "$request.header.X-User") -> String
    {
        let uri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/\(arn)/invocations"
        return
            "\(name): {type: apiKey, in: header, name: Authorization, x-amazon-apigateway-authorizer: {type: request, "
            + "authorizerUri: '\(uri)', \(members)"
            + (sources.map { ", identitySource: '\($0)'" } ?? "") + "}}"
    }

    private static let simple = "authorizerPayloadFormatVersion: '2.0', enableSimpleResponses: true"

    private static func api(_ schemes: [String], _ operations: [SpecOperation], root: String = "") -> String {
        RouteSpec.api(
            root: functions + (root.isEmpty ? "" : "\n" + root)
                + "\ncomponents: {securitySchemes: {\(schemes.joined(separator: ", "))}}", operations)
    }

    /// Answers of both functions: the route's says 200, the authorizer's what the script says of its event.
    private static func invoker(_ script: @escaping @Sendable (String) -> FunctionOutcome) -> FakeInvoker {
        FakeInvoker { invocation in
            let event = String(buffer: invocation.payload)
            guard event.contains("\"type\":\"REQUEST\"") else {
                return AuthorizerSpec.returned(#"{"statusCode":200,"body":"in"}"#)
            }
            return script(event)
        }
    }

    private static func authorizerEvents(_ invoker: FakeInvoker) -> [String] {
        invoker.invocations.map { String(buffer: $0.payload) }.filter { $0.contains("\"type\":\"REQUEST\"") }
    }

    @Test("simple responses let in or not, and other answers are 500")
    func simpleResponses() async throws {
        let rows: [(answer: FunctionOutcome, status: Int, body: String)] = [
            (AuthorizerSpec.returned(#"{"isAuthorized":true}"#), 200, "in"),
            (AuthorizerSpec.returned(#"{"isAuthorized":true,"context":{"a":1}}"#), 200, "in"),
            (AuthorizerSpec.returned(#"{"isAuthorized":false}"#), 403, #"{"message":"Forbidden"}"#),
            (AuthorizerSpec.returned(#"{"isAuthorized":"true"}"#), 500, #"{"message":"Internal Server Error"}"#),
            (AuthorizerSpec.returned(#"{"isAuthorized":1}"#), 500, #"{"message":"Internal Server Error"}"#),
            (AuthorizerSpec.returned(#"{"foo":1}"#), 500, #"{"message":"Internal Server Error"}"#),
            (AuthorizerSpec.returned(AuthorizerSpec.policy("Allow")), 500, #"{"message":"Internal Server Error"}"#),
            (AuthorizerSpec.returned("true"), 500, #"{"message":"Internal Server Error"}"#),
            (
                AuthorizerSpec.returned(#"{"isAuthorized":true,"context":[]}"#), 500,
                #"{"message":"Internal Server Error"}"#
            ),
            (
                .failed(payload: ByteBuffer(string: #"{"errorMessage":"Unauthorized"}"#)), 401,
                #"{"message":"Unauthorized"}"#
            ),
            (
                .failed(payload: ByteBuffer(string: #"{"errorMessage":"boom"}"#)), 500,
                #"{"message":"Internal Server Error"}"#
            ),
        ]
        let current = Mutex(0)
        let invoker = Self.invoker { _ in rows[current.withLock { $0 }].answer }
        let api = Self.api(
            [Self.scheme("A", Self.simple)],
            [SpecOperation("GET /x", RouteSpec.function(), "security: [{A: []}]")])
        try await withHosted(api, invoker) { (gateway: HostedGateway) async throws in
            for (index, row) in rows.enumerated() {
                current.withLock { $0 = index }
                let answer = try gateway.request("GET", "/x", headers: [("X-User", "u")])
                #expect(answer.status == row.status, "row \(index)")
                #expect(answer.text == row.body, "row \(index)")
                #expect(answer["apigw-requestid"] != nil)
            }
        }
    }

    @Test("policies are evaluated for the route's ARN, in both formats", arguments: ["1.0", "2.0"])
    func policies(format: String) async throws {
        let rows: [(policy: String, status: Int)] = [
            (AuthorizerSpec.policy("Allow"), 200), (AuthorizerSpec.policy("Deny"), 403),
            (AuthorizerSpec.policy("Allow", "arn:aws:execute-api:*:*:*/$default/GET/x"), 200),
            (AuthorizerSpec.policy("Allow", "arn:aws:execute-api:*:*:*/$default/POST/x"), 403),
            (#"{"policyDocument":{"Version":"2012-10-17","Statement":[]}}"#, 500), (#"{"isAuthorized":true}"#, 500),
        ]
        let current = Mutex(0)
        let invoker = Self.invoker { _ in AuthorizerSpec.returned(rows[current.withLock { $0 }].policy) }
        let api = Self.api(
            [Self.scheme("A", "authorizerPayloadFormatVersion: '\(format)'")],
            [SpecOperation("GET /x", RouteSpec.function(), "security: [{A: []}]")])
        try await withHosted(api, invoker) { (gateway: HostedGateway) async throws in
            for (index, row) in rows.enumerated() {
                current.withLock { $0 = index }
                let answer = try gateway.request("GET", "/x", headers: [("X-User", "u")])
                #expect(answer.status == row.status, "\(row.policy)")
                if row.status == 403 { #expect(answer.text == #"{"message":"Forbidden"}"#) }
            }
        }
    }

    @Test("the event of format 2.0 is that of the route without body, with its ARN and sources")
    func event2() async throws {
        let invoker = Self.invoker { _ in AuthorizerSpec.returned(#"{"isAuthorized":true}"#) }
        let api = Self.api(
            [
                Self.scheme(
                    "A", Self.simple,
                    sources: "$request.header.X-User, $request.querystring.q,$context.routeKey, $stageVariables.v")
            ],
            [SpecOperation("POST /pets/{id}", RouteSpec.function(format: "1.0"), "security: [{A: []}]")],
            root: "x-portico-stages: {prod: {variables: {v: variable}}}")
        try await withHosted(api, invoker) { (gateway: HostedGateway) async throws in
            let answer = try gateway.request(
                "POST", "/prod/pets/7?q=1&q=2", headers: [("X-User", "a"), ("x-user", "b"), ("Cookie", "c=1")],
                body: "secret")
            #expect(answer.status == 200)
            let text = try #require(Self.authorizerEvents(invoker).first)
            #expect(!text.contains("secret"))
            let event = try #require(JSONValue(parsing: text))
            #expect(event["version"] == .string("2.0") && event["type"] == .string("REQUEST"))
            guard case .string(let arn) = event["routeArn"] else {
                Issue.record("no routeArn: \(text)")
                return
            }
            #expect(arn.hasPrefix("arn:aws:execute-api:us-east-1:000000000000:") && arn.hasSuffix("/prod/POST/pets/7"))
            #expect(
                event["identitySource"]
                    == .array([.string("a,b"), .string("1,2"), .string("POST /pets/{id}"), .string("variable")]))
            #expect(event["routeKey"] == .string("POST /pets/{id}"))
            #expect(event["rawPath"] == .string("/prod/pets/7"))
            #expect(event["headers"]?["x-user"] == .string("a,b"))
            #expect(event["cookies"] == .array([.string("c=1")]))
            #expect(event["pathParameters"]?["id"] == .string("7"))
            #expect(event["requestContext"]?["http"]?["method"] == .string("POST"))
            #expect(event["requestContext"]?["authorizer"] == nil)
            #expect(event["body"] == nil && event["isBase64Encoded"] == nil)
        }
    }

    @Test("the event of format 1.0 is that of a REST API without body, its sources joined")
    func event1() async throws {
        let invoker = Self.invoker { _ in AuthorizerSpec.returned(AuthorizerSpec.policy("Allow")) }
        let api = Self.api(
            [
                Self.scheme(
                    "A", "authorizerPayloadFormatVersion: '1.0'",
                    sources: "$request.header.X-User,$request.querystring.q")
            ],
            [SpecOperation("POST /pets/{id}", RouteSpec.function(), "security: [{A: []}]")])
        try await withHosted(api, invoker) { (gateway: HostedGateway) async throws in
            #expect(
                try gateway.request("POST", "/pets/7?q=1", headers: [("X-User", "a\"")], body: "secret").status == 200)
            let text = try #require(Self.authorizerEvents(invoker).first)
            #expect(!text.contains("secret"))
            let event = try #require(JSONValue(parsing: text))
            #expect(event["version"] == .string("1.0") && event["httpMethod"] == .string("POST"))
            guard case .string(let arn) = event["methodArn"] else {
                Issue.record("no methodArn: \(text)")
                return
            }
            #expect(arn.hasSuffix("/$default/POST/pets/7"))
            #expect(event["identitySource"] == .string("a\",1") && event["authorizationToken"] == .string("a\",1"))
            #expect(event["resource"] == .string("/pets/{id}") && event["path"] == .string("/pets/7"))
            #expect(event["multiValueHeaders"]?["x-user"] == .array([.string("a\"")]))
            #expect(event["body"] == nil)
        }
    }

    @Test("a missing or empty source is 401 without a call, whether results are kept or not", arguments: [0, 300])
    func missing(ttl: Int) async throws {
        let invoker = Self.invoker { _ in AuthorizerSpec.returned(#"{"isAuthorized":true}"#) }
        let api = Self.api(
            [
                Self.scheme(
                    "A", "\(Self.simple), authorizerResultTtlInSeconds: \(ttl)",
                    sources: "$request.header.X-User,$request.querystring.q")
            ],
            [SpecOperation("GET /x", RouteSpec.function(), "security: [{A: []}]")])
        try await withHosted(api, invoker) { (gateway: HostedGateway) async throws in
            for (path, headers) in [
                ("/x", []), ("/x?q=1", []), ("/x", [("X-User", "u")]), ("/x?q=", [("X-User", "u")]),
                ("/x?q=1", [("X-User", "")]),
            ] as [(String, [(String, String)])] {
                let answer = try gateway.request("GET", path, headers: headers)
                #expect(answer.status == 401)
                #expect(answer.text == #"{"message":"Unauthorized"}"#)
            }
            #expect(invoker.invocations.isEmpty)
            #expect(try gateway.request("GET", "/x?q=1", headers: [("X-User", "u")]).status == 200)
        }
    }

    @Test("without sources the function is asked each time")
    func noSources() async throws {
        let invoker = Self.invoker { _ in AuthorizerSpec.returned(#"{"isAuthorized":true}"#) }
        let api = Self.api(
            [Self.scheme("A", Self.simple, sources: nil)],
            [SpecOperation("GET /x", RouteSpec.function(), "security: [{A: []}]")])
        try await withHosted(api, invoker) { (gateway: HostedGateway) async throws in
            for _ in 0..<2 { #expect(try gateway.request("GET", "/x").status == 200) }
            let events = Self.authorizerEvents(invoker)
            #expect(events.count == 2)
            #expect(JSONValue(parsing: events[0])?["identitySource"] == .null)
        }
    }

    @Test("results are kept by the sources, for all routes unless the route key is one")
    func kept() async throws {
        for (sources, calls) in [
            ("$request.header.X-User", 2), ("$request.header.X-User,$context.routeKey", 4),
        ] {
            let invoker = Self.invoker { event in
                AuthorizerSpec.returned(#"{"isAuthorized":\#(!event.contains("\"x-user\":\"bad\""))}"#)
            }
            let api = Self.api(
                [Self.scheme("A", "\(Self.simple), authorizerResultTtlInSeconds: 60", sources: sources)],
                [
                    SpecOperation("GET /x", RouteSpec.function(), "security: [{A: []}]"),
                    SpecOperation("GET /y", RouteSpec.function(), "security: [{A: []}]"),
                ])
            try await withHosted(api, invoker) { (gateway: HostedGateway) async throws in
                for _ in 0..<3 {
                    for path in ["/x", "/y"] {
                        #expect(try gateway.request("GET", path, headers: [("X-User", "good")]).status == 200)
                        #expect(try gateway.request("GET", path, headers: [("X-User", "bad")]).status == 403)
                    }
                }
                #expect(Self.authorizerEvents(invoker).count == calls, "\(sources)")
                await gateway.pass(61)
                #expect(try gateway.request("GET", "/x", headers: [("X-User", "good")]).status == 200)
                #expect(Self.authorizerEvents(invoker).count == calls + 1)
            }
        }
    }

    @Test("without a time results are not kept, and bad answers never are")
    func notKept() async throws {
        for (members, answer) in [
            (Self.simple, #"{"isAuthorized":true}"#),
            ("\(Self.simple), authorizerResultTtlInSeconds: 60", #"{"isAuthorized":"yes"}"#),
        ] {
            let invoker = Self.invoker { _ in AuthorizerSpec.returned(answer) }
            let api = Self.api(
                [Self.scheme("A", members)], [SpecOperation("GET /x", RouteSpec.function(), "security: [{A: []}]")])
            try await withHosted(api, invoker) { (gateway: HostedGateway) async throws in
                for _ in 0..<2 { _ = try gateway.request("GET", "/x", headers: [("X-User", "u")]) }
                #expect(Self.authorizerEvents(invoker).count == 2)
            }
        }
    }

    @Test("context keeps its JSON types in events, and is text in mappings")
    func context() async throws {
        let backend = try Backend(.respond(status: 200, headers: [], body: "in"))
        defer { backend.stop() }
        let answer = #"{"isAuthorized":true,"context":{"s":"t","n":1.5,"b":true,"z":null,"o":{"a":[1]}}}"#
        let invoker = Self.invoker { _ in AuthorizerSpec.returned(answer) }
        let mappings = [
            ("append:header.s", "$context.authorizer.s"), ("append:header.n", "$context.authorizer.n"),
            ("append:header.b", "$context.authorizer.b"), ("append:header.o", "$context.authorizer.o"),
            ("append:header.z", "$context.authorizer.z"),
        ]
        let api = Self.api(
            [Self.scheme("A", "\(Self.simple), authorizerResultTtlInSeconds: 60")],
            [
                SpecOperation("GET /two", RouteSpec.function(), "security: [{A: []}]"),
                SpecOperation("GET /one", RouteSpec.function(format: "1.0"), "security: [{A: []}]"),
                SpecOperation(
                    "GET /p", RouteSpec.proxy("http://\(backend.authority)/", mappings), "security: [{A: []}]"),
            ])
        try await withHosted(api, invoker) { (gateway: HostedGateway) async throws in
            for path in ["/two", "/one", "/p"] {
                #expect(try gateway.request("GET", path, headers: [("X-User", "u")]).status == 200)
            }
            let events = invoker.invocations.map { String(buffer: $0.payload) }.filter {
                !$0.contains("\"type\":\"REQUEST\"")
            }
            let two = JSONValue(parsing: events[0])?["requestContext"]?["authorizer"]?["lambda"]
            #expect(two == JSONValue(parsing: #"{"s":"t","n":1.5,"b":true,"z":null,"o":{"a":[1]}}"#))
            let one = try #require(JSONValue(parsing: events[1])?["requestContext"]?["authorizer"])
            #expect(one["s"] == .string("t") && one["n"] == .string("1.5") && one["b"] == .string("true"))
            let seen = try #require(backend.requests.first)
            #expect(seen["s"] == "t" && seen["n"] == "1.5" && seen["b"] == "true")
            #expect(seen["o"] == #"{"a":[1]}"# && seen["z"] == nil)
        }
    }

    @Test("a refused request calls no backend, and requests wait with their bodies")
    func bodies() async throws {
        let backend = try Backend(.respond(status: 200, headers: [], body: "in"))
        defer { backend.stop() }
        let invoker = Self.invoker { event in
            AuthorizerSpec.returned(#"{"isAuthorized":\#(event.contains("\"x-user\":\"good\""))}"#)
        }
        let api = Self.api(
            [Self.scheme("A", Self.simple)],
            [SpecOperation("POST /x", RouteSpec.proxy("http://\(backend.authority)/"), "security: [{A: []}]")])
        try await withHosted(api, invoker) { (gateway: HostedGateway) async throws in
            let body = String(repeating: "b", count: 20_000)
            #expect(try gateway.request("POST", "/x", headers: [("X-User", "bad")], body: body).status == 403)
            #expect(backend.requests.isEmpty)
            #expect(try gateway.request("POST", "/x", headers: [("X-User", "good")], body: body).status == 200)
            #expect(backend.requests.first?.body == body)
        }
    }
}
