import PorticoTestSupport
import Testing

/// Source: reference, "Request validation" (3.1); and that a protection which is not executed denies.
@Suite("Conformance: request validation and protections")
struct ConformanceProtectionTests {
    private static let validators =
        "x-amazon-apigateway-request-validators: {params: {validateRequestParameters: true, validateRequestBody: false}, "
        + "body: {validateRequestBody: true, validateRequestParameters: false}, "
        + "both: {validateRequestBody: true, validateRequestParameters: true}}"

    private static func parameter(_ place: String, _ name: String, _ isRequired: Bool = true) -> String {
        "{name: \(name), in: \(place), required: \(isRequired), schema: {type: string}}"
    }

    private static func validator(_ name: String, _ parameters: [String] = []) -> String {
        "x-amazon-apigateway-request-validator: \(name)"
            + (parameters.isEmpty ? "" : ", parameters: [\(parameters.joined(separator: ", "))]")
    }

    @Test("Required parameters that are absent or blank are named in order")
    func parameters() async throws {
        let all = Self.parameterList
        let api = spec(
            root: Self.validators,
            [
                SpecOperation("GET /p/{id}", mock("ok"), Self.validator("params", all)),
                SpecOperation("GET /off", mock("ok"), "parameters: [\(Self.parameter("query", "q"))]"),
                SpecOperation(
                    "GET /proxy",
                    "{type: mock, requestTemplates: {application/json: '{\"statusCode\": 200}'}, "
                        + "responses: {default: {statusCode: '200'}}}",
                    Self.validator("both", [Self.parameter("query", "q")])),
            ])
        let refused: [(String, String?)] = [("x-amzn-ErrorType", "BadRequestException")]
        func missing(_ names: String) -> String { message("Missing required request parameters: [\(names)]") }
        try await withGateway(api) { gateway in
            check(
                [
                    ConformanceRow("3.1", "all there", "GET /dev/p/1?q=1&a=2", headers: [("X-H", "h")], 200, "ok"),
                    ConformanceRow(
                        "3.1", "headers first, then the query by name", "GET /dev/p/1", 400, missing("X-H, a, q"),
                        shows: refused),
                    ConformanceRow(
                        "3.1", "an empty value", "GET /dev/p/1?q=&a=1", headers: [("X-H", "h")], 400, missing("q"),
                        shows: refused),
                    ConformanceRow(
                        "3.1", "a blank value", "GET /dev/p/1?q=%20+&a=1", headers: [("X-H", "h")], 400, missing("q"),
                        shows: refused),
                    ConformanceRow(
                        "3.1", "a name without a value", "GET /dev/p/1?q&a=1", headers: [("X-H", "h")], 400,
                        missing("q"), shows: refused),
                    ConformanceRow(
                        "3.1", "header names compare case-sensitively", "GET /dev/p/1?q=1&a=1", headers: [("x-h", "h")],
                        400, missing("X-H"), shows: refused),
                    ConformanceRow("3.1", "no validator, no check", "GET /dev/off", 200, "ok"),
                ], on: gateway)
        }
    }

    private static let parameterList = [
        parameter("query", "q"), parameter("query", "a"), parameter("header", "X-H"), parameter("query", "free", false),
    ]

    @Test("Bodies are checked against the model of their type")
    func bodies() async throws {
        let content = "requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}"
        let schemas =
            "components: {schemas: {Pet: {type: object, required: [name], properties: {name: {type: string}, age: {type: integer}}}}}"
        let api = spec(
            root: Self.validators + "\n" + schemas,
            [
                SpecOperation("POST /pets", mock("ok"), Self.validator("body") + ", " + content),
                SpecOperation(
                    "POST /both", mock("ok"), Self.validator("both", [Self.parameter("query", "q")]) + ", " + content),
            ])
        let json: [(String, String)] = [("Content-Type", "application/json")]
        let refused = message("Invalid request body")
        try await withGateway(api) { gateway in
            check(
                [
                    ConformanceRow(
                        "3.1", "a valid body", "POST /dev/pets", headers: json, body: "{\"name\": \"Tom\"}", 200, "ok"),
                    ConformanceRow(
                        "3.1", "no content type is JSON", "POST /dev/pets", body: "{\"name\": \"Tom\"}", 200, "ok"),
                    ConformanceRow(
                        "3.1", "a required member is missing", "POST /dev/pets", headers: json, body: "{}", 400,
                        refused, shows: [("x-amzn-ErrorType", "BadRequestException")]),
                    ConformanceRow(
                        "3.1", "a wrong type", "POST /dev/pets", headers: json,
                        body: "{\"name\": \"a\", \"age\": \"b\"}", 400, refused),
                    ConformanceRow("3.1", "no JSON", "POST /dev/pets", headers: json, body: "{", 400, refused),
                    ConformanceRow("3.1", "no body is {}", "POST /dev/pets", headers: json, 400, refused),
                    ConformanceRow(
                        "3.1", "another type has no model", "POST /dev/pets", headers: [("Content-Type", "text/plain")],
                        body: "{\"statusCode\": 200}", 200, "ok"),
                    ConformanceRow(
                        "3.1", "parameters come before the body", "POST /dev/both", headers: json, body: "{", 400,
                        message("Missing required request parameters: [q]")),
                    ConformanceRow(
                        "3.1", "then the body", "POST /dev/both?q=1", headers: json, body: "{", 400, refused),
                ], on: gateway)
        }
    }

    @Test("The validator of the operation replaces that of the API; each checks what it names")
    func validatorChoice() async throws {
        let body = "requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}"
        func method(_ path: String, _ validator: String?) -> SpecOperation {
            SpecOperation(
                "POST \(path)", mock("ok"),
                (validator.map { "x-amazon-apigateway-request-validator: \($0), " } ?? "")
                    + "parameters: [\(Self.parameter("query", "q"))], " + body)
        }
        let root =
            "x-amazon-apigateway-request-validators: {params: {validateRequestParameters: true}, "
            + "body: {validateRequestBody: true}, none: {}}\nx-amazon-apigateway-request-validator: params\n"
            + "components: {schemas: {Pet: {type: object, required: [name]}}}"
        let api = spec(
            root: root, [method("/root", nil), method("/body", "body"), method("/none", "none")])
        let json: [(String, String)] = [("Content-Type", "application/json")]
        let missing = message("Missing required request parameters: [q]")
        try await withGateway(api) { gateway in
            check(
                [
                    ConformanceRow("3.1", "the API's", "POST /dev/root", headers: json, body: "{}", 400, missing),
                    ConformanceRow("3.1", "the API's checks no body", "POST /dev/root?q=1", headers: json, 200, "ok"),
                    ConformanceRow(
                        "3.1", "the operation's", "POST /dev/body", headers: json, body: "{}", 400,
                        message("Invalid request body")),
                    ConformanceRow(
                        "3.1", "the operation's checks no parameter", "POST /dev/body", headers: json,
                        body: "{\"name\": 1}", 200, "ok"),
                    ConformanceRow("3.1", "one that checks nothing", "POST /dev/none", headers: json, 200, "ok"),
                ], on: gateway)
        }
    }

    @Test("The model is that of the content type, else of $default; proxies are checked too")
    func modelChoice() async throws {
        let backend = try Backend()
        func method(_ path: String, _ models: [(String, String)]) -> SpecOperation {
            let content = models.map { "\(quoted($0.0)): {schema: {$ref: '#/components/schemas/\($0.1)'}}" }
            return SpecOperation(
                "POST \(path)", backendIntegration("http_proxy", "POST", "http://\(backend.authority)/in"),
                Self.validator("body") + ", requestBody: {content: {\(content.joined(separator: ", "))}}")
        }
        let schemas = "components: {schemas: {A: {type: object, required: [a]}, B: {type: object, required: [b]}}}"
        let api = spec(
            root: Self.validators + "\n" + schemas,
            [
                method("/two", [("application/json", "A"), ("application/xml", "B")]),
                method("/default", [("$default", "A"), ("text/plain", "B")]), method("/text", [("text/plain", "A")]),
                SpecOperation(
                    "GET /get", mock("ok"),
                    Self.validator("body")
                        + ", requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}"),
            ])
        let rows: [(path: String, type: String?, body: String, isValid: Bool)] = [
            ("/two", "application/json", "{\"a\": 1}", true), ("/two", "application/json", "{\"b\": 1}", false),
            ("/two", "Application/JSON; charset=utf-8", "{\"b\": 1}", false), ("/two", nil, "{\"b\": 1}", false),
            ("/two", "application/xml", "{\"b\": 1}", true), ("/two", "application/xml", "{\"a\": 1}", false),
            ("/two", "application/xml", "<a/>", false), ("/two", "text/plain", "{}", true),
            ("/default", "image/png", "{\"b\": 1}", false), ("/default", "image/png", "{\"a\": 1}", true),
            ("/default", nil, "{\"b\": 1}", false), ("/default", "application/json", "{\"b\": 1}", false),
            ("/default", "text/plain", "{\"b\": 1}", true), ("/text", nil, "{}", true),
            ("/text", "text/plain", "", false),
        ]
        try await withGateway(api) { gateway in
            check(
                rows.map { row in
                    ConformanceRow(
                        "3.1", "\(row.path) \(row.type ?? "no type") \(row.body)", "POST /dev\(row.path)",
                        headers: row.type.map { [("Content-Type", $0)] } ?? [], body: row.body,
                        row.isValid ? 200 : 400, row.isValid ? nil : message("Invalid request body"),
                        sent: row.isValid ? SentRequest(body: row.body) : .notCalled)
                } + [
                    ConformanceRow(
                        "3.1", "a GET without a body", "GET /dev/get", 400, message("Invalid request body"),
                        sent: .notCalled)
                ], on: gateway, backend: backend)
        }
        backend.stop()
    }

    @Test("What is wrong with a body is told to the gateway response")
    func validationDetail() async throws {
        let root =
            Self.validators + "\ncomponents: {schemas: {A: {type: object, required: [a]}}}\n"
            + "x-amazon-apigateway-gateway-responses: {BAD_REQUEST_BODY: {responseTemplates: {application/json: "
            + "'$context.error.message|$context.error.validationErrorString|$context.error.responseType'}}}"
        let api = spec(
            root: root,
            [
                SpecOperation(
                    "POST /x", mock("ok"),
                    Self.validator("body")
                        + ", requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}")
            ])
        try await withGateway(api) { gateway in
            check(
                [
                    ConformanceRow(
                        "3.1", "detail", "POST /dev/x", 400,
                        "Invalid request body|[object has missing required properties ([\"a\"])]|BAD_REQUEST_BODY")
                ], on: gateway)
        }
    }

    private static let schemes = """
        components: {securitySchemes: {
        lambda: {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: custom,
        x-amazon-apigateway-authorizer: {type: token, authorizerUri: 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:f/invocations'}},
        pool: {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: cognito_user_pools,
        x-amazon-apigateway-authorizer: {type: cognito_user_pools, providerARNs: ['arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_a']}},
        key: {type: apiKey, name: x-api-key, in: header},
        sig: {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4}}}
        """

    @Test("What protects a method and cannot decide denies, whatever the caller brings")
    func denied() async throws {
        let backend = try Backend()
        func method(_ path: String, _ members: String) -> SpecOperation {
            SpecOperation(
                "GET \(path)", backendIntegration("http_proxy", "GET", "http://\(backend.authority)/in"), members)
        }
        let api = spec(
            root: Self.schemes + "\nx-portico-usage-plans: {gold: {apiStages: [dev]}}",
            [
                method("/open", ""), method("/lambda", "security: [{lambda: []}]"),
                method("/pool", "security: [{pool: [a/b]}]"),
                method("/key", "security: [{key: []}]"), method("/sig", "security: [{sig: []}]"),
                method("/iam", "x-amazon-apigateway-auth: {type: AWS_IAM}"),
            ])
        let credentials: [(String, String)] = [("Authorization", "allow"), ("x-api-key", "01234567890123456789")]
        func row(_ path: String, _ status: Int) -> ConformanceRow {
            ConformanceRow(
                "3", path, "GET /dev\(path)", headers: credentials, status, sent: status == 200 ? nil : .notCalled)
        }
        try await withGateway(api) { gateway in
            check(
                [
                    row("/open", 200), row("/lambda", 500), row("/pool", 401), row("/key", 403), row("/sig", 403),
                    row("/iam", 403),
                ], on: gateway, backend: backend)
        }
        backend.stop()
    }

    @Test(
        "A resource policy and a disabled endpoint deny every request",
        arguments: [
            "x-amazon-apigateway-policy: {Version: '2012-10-17', Statement: "
                + "[{Effect: Deny, Principal: '*', Action: 'execute-api:Invoke', Resource: '*'}]}",
            "servers: [{url: '/', x-amazon-apigateway-endpoint-configuration: {disableExecuteApiEndpoint: true}}]",
        ])
    func apiWide(_ root: String) async throws {
        try await withGateway(spec(root: root, [SpecOperation("GET /x", mock("ok"))])) { gateway in
            check([ConformanceRow("3", "denied", "GET /dev/x", 403, nil)], on: gateway)
        }
    }

    @Test("A denial writes its key with a capital letter, unless the API says otherwise")
    func denialText() async throws {
        let policy =
            "x-amazon-apigateway-policy: {Version: '2012-10-17', Statement: "
            + "[{Effect: Deny, Principal: '*', Action: 'execute-api:Invoke', Resource: '*'}]}"
        let own =
            "\nx-amazon-apigateway-gateway-responses: {ACCESS_DENIED: {statusCode: '418', responseTemplates: "
            + "{application/json: '{\"own\":$context.error.messageString,\"type\":\"$context.error.responseType\"}'}}}"
        let text = "User: anonymous is not authorized to perform: execute-api:Invoke on resource: "
        try await withGateway(spec(root: policy, [SpecOperation("GET /x", mock("ok"))])) { gateway in
            let answer = try gateway.request("GET", "/dev/x")
            #expect(answer.status == 403)
            #expect(answer.text.hasPrefix("{\"Message\":\"\(text)"))
            #expect(answer["x-amzn-ErrorType"] == "AccessDeniedException")
        }
        try await withGateway(spec(root: policy + own, [SpecOperation("GET /x", mock("ok"))])) { gateway in
            let answer = try gateway.request("GET", "/dev/x")
            #expect(answer.status == 418)
            #expect(answer.text.hasPrefix("{\"own\":\"\(text)"))
            #expect(answer.text.hasSuffix("with an explicit deny\",\"type\":\"ACCESS_DENIED\"}"))
        }
    }

    @Test("Root security protects methods without their own")
    func rootSecurity() async throws {
        let api = spec(
            root: Self.schemes + "\nsecurity: [{lambda: []}]",
            [SpecOperation("GET /x", mock("ok")), SpecOperation("GET /open", mock("ok"), "security: []")])
        try await withGateway(api) { gateway in
            check(
                [
                    ConformanceRow("1.3", "protected", "GET /dev/x", 401, message("Unauthorized")),
                    ConformanceRow("1.3", "an own empty list opens", "GET /dev/open", 200, "ok"),
                ], on: gateway)
        }
    }

    @Test("Integrations that can call nothing answer 500")
    func unusableIntegrations() async throws {
        let firehose = "arn:aws:apigateway:us-east-1:firehose:action/PutRecord"
        let api = spec([
            SpecOperation("GET /aws-proxy", "{type: aws_proxy, httpMethod: POST, uri: '\(firehose)'}"),
            SpecOperation(
                "GET /link",
                backendIntegration(
                    "http_proxy", "GET", "http://example.com/", "connectionType: VPC_LINK, connectionId: abc")),
            SpecOperation("GET /fine", mock("ok")),
        ])
        let failure = message("Internal server error")
        try await withGateway(api) { gateway in
            check(
                [
                    ConformanceRow("7", "AWS_PROXY of a stream", "GET /dev/aws-proxy", 500, failure),
                    ConformanceRow("7", "a VPC link without hosts", "GET /dev/link", 500, failure),
                    ConformanceRow("7", "a neighbour", "GET /dev/fine", 200, "ok"),
                ], on: gateway)
        }
    }
}
