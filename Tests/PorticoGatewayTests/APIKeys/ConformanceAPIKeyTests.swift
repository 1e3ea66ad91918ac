import PorticoIR
import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Source: reference, "API keys and usage plans" (3.7), and "$context" (rest 6.7).
@Suite("Conformance: API keys")
struct ConformanceAPIKeyTests {
    private static let environment = ["ACME_KEY": APIKeySpecs.value("env")]
    private static let refusal: [(String, String?)] = [
        ("x-amzn-ErrorType", "ForbiddenException"), ("Content-Type", "application/json"),
    ]

    private static func row(
        _ name: String, _ path: String, _ keys: [String], _ status: Int = 403, _ text: String? = nil
    ) -> ConformanceRow {
        ConformanceRow(
            "3.7", name, "GET \(path)", headers: keys.map { ("x-api-key", $0) }, status,
            text ?? (status == 403 ? message("Forbidden") : nil), shows: status == 403 ? refusal : [])
    }

    @Test("A method is open to keys that are known, enabled, and in a usage plan of the stage")
    func rules() async throws {
        let golden = APIKeySpecs.value("golden")
        func id(_ name: String, _ snapshot: DeploymentSnapshot) -> String {
            snapshot.apiKeys.first { $0.name == name }?.id ?? "?"
        }
        let snapshot = try TestGateway.compile(APIKeySpecs.document())
        #expect(id("golden", snapshot).count == 10)
        try await withGateway(
            APIKeySpecs.document(), configure: { $0.environment = Self.environment }
        ) { gateway in
            check(
                [
                    Self.row("none", "/prod/key", []),
                    Self.row("empty", "/prod/key", [""]),
                    Self.row("a good one", "/prod/key", [golden], 200, "\(golden)|\(id("golden", snapshot))"),
                    Self.row("the plan's other stage", "/test/key", [golden], 200),
                    Self.row("a stage that its plan does not have", "/free/key", [golden]),
                    Self.row("a plan of another stage", "/prod/key", [APIKeySpecs.value("silver")]),
                    Self.row("its own stage", "/test/key", [APIKeySpecs.value("silver")], 200),
                    Self.row("disabled", "/prod/key", [APIKeySpecs.value("off")]),
                    Self.row("a plan without stages", "/prod/key", [APIKeySpecs.value("bare")]),
                    Self.row("no plan", "/prod/key", [APIKeySpecs.value("none")]),
                    Self.row("unknown", "/prod/key", [APIKeySpecs.value("golde")]),
                    Self.row("from the environment", "/prod/key", [APIKeySpecs.value("env")], 200),
                    Self.row("the reference itself", "/prod/key", ["${env.ACME_KEY}"]),
                    Self.row("one byte less", "/prod/key", [String(golden.dropLast())]),
                    Self.row("one byte more", "/prod/key", [golden + "0"]),
                    Self.row("other case", "/prod/key", [golden.uppercased()]),
                    Self.row("too short for a key", "/prod/key", ["short"]),
                    Self.row("too long for a key", "/prod/key", [String(repeating: "k", count: 129)]),
                    Self.row("the digest", "/prod/key", [hex(APIKeyHash.digest(of: golden))]),
                    Self.row("the id", "/prod/key", [id("golden", snapshot)]),
                    Self.row("the name", "/prod/key", ["golden"]),
                    Self.row("twice the same", "/prod/key", [golden, golden]),
                    Self.row("a good one after a bad one", "/prod/key", ["x", golden]),
                    Self.row("a good one before an empty one", "/prod/key", [golden, ""]),
                    Self.row("two in one field", "/prod/key", ["\(golden),\(golden)"]),
                    ConformanceRow(
                        "3.7", "the header in any case", "GET /prod/key", headers: [("X-API-KEY", golden)], 200),
                    ConformanceRow(
                        "3.7", "blanks around it", "GET /prod/key", headers: [("x-api-key", "  \(golden)\t ")], 200),
                    ConformanceRow(
                        "3.7", "another header", "GET /prod/key", headers: [("apikey", golden)], 403),
                    ConformanceRow("3.7", "the query", "GET /prod/key?x-api-key=\(golden)", 403),
                    // Source: API Gateway guide, $context.identity.apiKey: null for methods without a key.
                    Self.row("an open method", "/prod/open", [golden], 200, "|"),
                    Self.row("an open method without a plan", "/free/open", [], 200, "|"),
                    // No route is found before a key is asked for.
                    ConformanceRow(
                        "3.0", "no such method", "GET /prod/none", 403, message("Missing Authentication Token")),
                ], on: gateway)
        }
    }

    @Test("A refused request costs no call of the backend, and its own gateway response shapes the answer")
    func refusedEarly() async throws {
        let backend = try Backend()
        let integration = backendIntegration("http_proxy", "GET", "http://\(backend.authority)/in")
        let own =
            APIKeySpecs.keys
            + "\nx-amazon-apigateway-gateway-responses: {INVALID_API_KEY: {statusCode: '401', responseTemplates: "
            + "{application/json: '{\"own\":$context.error.messageString,\"key\":\"$context.identity.apiKey\"}'}}}"
        let api = APIKeySpecs.document(own, APIKeySpecs.methods(integration))
        try await withGateway(api) { gateway in
            check(
                [
                    ConformanceRow(
                        "7", "no key", "GET /prod/key", headers: [("x-api-key", APIKeySpecs.value("none"))], 401,
                        #"{"own":"Forbidden","key":""}"#, sent: .notCalled),
                    ConformanceRow(
                        "3.7", "a key", "GET /prod/key", headers: [("x-api-key", APIKeySpecs.value("golden"))], 200,
                        sent: SentRequest("GET /in", headers: [("x-api-key", APIKeySpecs.value("golden"))])),
                ], on: gateway, backend: backend)
        }
        backend.stop()
    }

    @Test("Events of proxied functions have the key and its id where the method needs one, and nowhere else")
    func events() async throws {
        let backend = try Backend(.returns("{}"))
        let root = APIKeySpecs.keys + "\n" + LambdaSpec.endpoint(backend)
        let api = APIKeySpecs.document(root, APIKeySpecs.methods(LambdaSpec.integration()))
        let golden = APIKeySpecs.value("golden")
        try await withLambda(api) { gateway in
            let refused = try gateway.request("GET", "/prod/key")
            #expect(refused.status == 403 && backend.requests.isEmpty)
            for path in ["/prod/key", "/prod/open"] {
                let answer = try gateway.request("GET", path, headers: [("x-api-key", golden)])
                #expect(answer.status == 200)
            }
        }
        let id = try TestGateway.compile(api).apiKeys.first { $0.name == "golden" }?.id ?? "?"
        #expect(
            backend.requests.first?.body.contains(#""user":null,"apiKey":"\#(golden)","apiKeyId":"\#(id)"},"#) == true)
        #expect(backend.requests.last?.body.contains("apiKey\"") == false)
        backend.stop()
    }

    @Test("The key comes before validation")
    func order() async throws {
        let root =
            APIKeySpecs.keys
            + "\nx-amazon-apigateway-request-validators: {params: {validateRequestParameters: true}}"
        let method = SpecOperation(
            "GET /key", mock("ok"),
            "security: [{key: []}], x-amazon-apigateway-request-validator: params, "
                + "parameters: [{name: q, in: query, required: true, schema: {type: string}}]")
        try await withGateway(APIKeySpecs.document(root, [method])) { gateway in
            check(
                [
                    Self.row("no key and no parameter", "/prod/key", []),
                    Self.row(
                        "a key and no parameter", "/prod/key", [APIKeySpecs.value("golden")], 400,
                        message("Missing required request parameters: [q]")),
                ], on: gateway)
        }
    }

    @Test("A pipeline of requests on one connection does not hand one caller's key to the next")
    func pipeline() async throws {
        try await withGateway(APIKeySpecs.document()) { gateway in
            let connection = try RawConnection(port: gateway.port)
            let golden = APIKeySpecs.value("golden")
            try connection.send(
                "GET /prod/key HTTP/1.1\r\nHost: a\r\nx-api-key: \(golden)\r\n\r\n"
                    + "GET /prod/key HTTP/1.1\r\nHost: a\r\n\r\n" + "GET /prod/open HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try connection.readResponse().text.hasPrefix(golden))
            #expect(try connection.readResponse().status == 403)
            #expect(try connection.readResponse().text == "|")
        }
    }

    @Test("A missing variable of the environment is told, and leaves a key that nobody has")
    func missingVariable() async throws {
        for (environment, reason) in [
            ([:], "'ACME_KEY', which has its value, is not set"),
            (["ACME_KEY": ""], "is not set"), (["ACME_KEY": "short"], "has 5 characters"),
            (["ACME_KEY": APIKeySpecs.value("golden")], "has the value of 'golden'"),
        ] as [([String: String], String)] {
            let snapshot = try TestGateway.compile(APIKeySpecs.document())
            var builder = KeyTableBuilder(snapshot, environment: environment)
            _ = builder.build(stored: [])
            #expect(builder.problems.count == 1 && builder.problems[0].contains(reason), "\(builder.problems)")
            #expect(!builder.problems.contains { $0.contains(APIKeySpecs.value("golden")) })
            try await withGateway(APIKeySpecs.document(), configure: { $0.environment = environment }) { gateway in
                check(
                    [
                        Self.row("the reference", "/prod/key", ["${env.ACME_KEY}"]),
                        Self.row("no value", "/prod/key", [""]),
                        Self.row("its value", "/prod/key", [APIKeySpecs.value("env")]),
                        Self.row("the others", "/prod/key", [APIKeySpecs.value("golden")], 200),
                    ], on: gateway)
            }
        }
    }

    @Test("The execution log tells why, and shows the end of the key alone")
    func executionLog() async throws {
        let lines = LogCollector()
        let value = APIKeySpecs.value("golden")
        let stars = String(repeating: "*", count: 24)
        try await withGateway(
            APIKeySpecs.document(),
            configure: {
                $0.loggingLevel = .info
                $0.tracesData = true
                $0.executionLogOutput = { lines.take($0) }
            }
        ) { gateway in
            _ = try gateway.request("GET", "/prod/key", headers: [("x-api-key", value)])
            _ = try gateway.request("GET", "/free/key", headers: [("x-api-key", value)])
            _ = try gateway.request("GET", "/prod/key")
        }
        let log = lines.text
        let api = try TestGateway.compile(APIKeySpecs.document()).identity.apiID
        #expect(log.contains("API Key: \(stars)000000 API Stage: \(api)/prod\n"))
        #expect(log.contains("Usage Plan check succeeded for API Key \(stars)000000 and API Stage \(api)/prod\n"))
        #expect(
            log.contains(
                "API Key \(stars)000000 not authorized because method 'GET /key' requires API Key and API Key is not "
                    + "associated with a Usage Plan for API Stage \(api)/free: No Usage Plan found for key and API Stage"
            ))
        #expect(log.contains("API Stage \(api)/prod: No API Key"))
        #expect(!log.contains("does not require API Key"))
        // The template's answer is the key, which the body of the log shows as it shows all bodies.
        let withoutBodies = log.split(separator: "\n").filter { !$0.contains("body after transformations") }
        #expect(!withoutBodies.contains { $0.contains(value) })
    }

    @Test("With the authorizer as source, x-api-key is nothing, and no authorizer means no key")
    func authorizerSource() async throws {
        let root = APIKeySpecs.keys + "\nx-amazon-apigateway-api-key-source: AUTHORIZER"
        try await withGateway(APIKeySpecs.document(root)) { gateway in
            check(
                [
                    Self.row("a good key in the header", "/prod/key", [APIKeySpecs.value("golden")]),
                    Self.row("an open method", "/prod/open", [], 200),
                ], on: gateway)
        }
    }

    @Test("The usageIdentifierKey of a Lambda authorizer's answer is the key, from its cache too; a denial comes first")
    func lambdaAuthorizer() async throws {
        let backend = try Backend(.returns("{}"))
        let scheme = AuthorizerSpec.scheme("T", "type: token, authorizerResultTtlInSeconds: 300")
        let root =
            APIKeySpecs.keys + "\nx-amazon-apigateway-api-key-source: AUTHORIZER\n" + LambdaSpec.endpoint(backend)
            + "\ncomponents: {securitySchemes: {key: {type: apiKey, name: x-api-key, in: header}, \(scheme)}}"
        let api = spec(root: root, [SpecOperation("GET /key", mock(APIKeySpecs.echo), "security: [{T: [], key: []}]")])
        let (golden, off) = (APIKeySpecs.value("golden"), APIKeySpecs.value("off"))
        let id = try TestGateway.compile(api).apiKeys.first { $0.name == "golden" }?.id ?? "?"
        func answer(_ effect: String, _ key: String?) -> Backend.Behavior {
            .returns(AuthorizerSpec.policy(effect, more: key.map { ",\"usageIdentifierKey\":\"\($0)\"" } ?? ""))
        }
        func row(
            _ name: String, _ token: String, _ reply: Backend.Behavior, _ status: Int, _ text: String? = nil,
            path: String = "/prod/key", header: String? = nil, called: Bool = true
        ) -> ConformanceRow {
            let headers = [("Authorization", token)] + (header.map { [("x-api-key", $0)] } ?? [])
            return ConformanceRow(
                "3.7", name, "GET \(path)", headers: headers, reply: reply, status,
                text ?? (status == 403 ? message("Forbidden") : nil), sent: called ? nil : .notCalled)
        }
        try await withLambda(api) { gateway in
            check(
                [
                    row("a key", "a", answer("Allow", golden), 200, "\(golden)|\(id)"),
                    row("a kept answer", "a", answer("Deny", nil), 200, "\(golden)|\(id)", called: false),
                    row("another stage", "a", answer("Allow", golden), 403, path: "/free/key"),
                    row("no key", "b", answer("Allow", nil), 403),
                    row("no key, but one in the header", "b", answer("Allow", nil), 403, header: golden, called: false),
                    row("an empty key", "c", answer("Allow", ""), 403),
                    row("a disabled key", "d", answer("Allow", off), 403, header: golden),
                    row("an unknown key", "e", answer("Allow", APIKeySpecs.value("unknown")), 403),
                    row(
                        "a denial with a key", "f", answer("Deny", golden), 403,
                        #"{"Message":"User is not authorized to access this resource with an explicit deny"}"#),
                ], on: gateway, backend: backend)
        }
        backend.stop()
    }

    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
