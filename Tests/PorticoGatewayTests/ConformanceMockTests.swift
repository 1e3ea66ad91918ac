import PorticoTestSupport
import Testing

/// Source: reference, "MOCK" (4.4).
@Suite("Conformance: mock integrations")
struct ConformanceMockTests {
    /// The request body stands for the rendered request template: it passes through, and `/echo` renders it.
    private static let responses =
        "{default: \(response(200, "default")), '201': \(response(201, "created")), "
        + "'4\\d{2}': \(response(400, "client")), '5..': \(response(502, "server"))}"
    private static let statuses = [200, 201, 400, 502]

    private static let api = spec([
        SpecOperation("POST /raw", "{type: mock, responses: \(responses)}", statuses: statuses),
        SpecOperation(
            "POST /echo",
            "{type: mock, requestTemplates: {application/json: '$input.body'}, responses: \(responses)}",
            statuses: statuses),
        SpecOperation(
            "GET /no-default",
            "{type: mock, requestTemplates: {application/json: '{\"statusCode\": $input.params(''s'')}'}, "
                + "responses: {'201': \(response(201, "created"))}}", statuses: [201]),
        SpecOperation("GET /empty", "{type: mock, responses: {default: \(response(200, "default"))}}"),
        SpecOperation("POST /body", mock("$input.body")),
        SpecOperation("POST /json", mock("$input.json('$')")),
        SpecOperation("GET /params/{p}", mock("$input.params('p') $input.params('q') $input.params('X-H')")),
        SpecOperation(
            "GET /no-template",
            "{type: mock, requestTemplates: {application/json: '{\"statusCode\": 200}'}, "
                + "responses: {default: {statusCode: '200'}}}"),
        SpecOperation(
            "GET /override",
            mock(
                "$context.requestOverride.header.a/$context.requestOverride.path.invented",
                request: "#set($context.requestOverride.header.a = 'one')"
                    + "#set($context.requestOverride.path.invented = 'two'){\"statusCode\": 200}")),
        SpecOperation(
            "GET /status",
            "{type: mock, requestTemplates: {application/json: "
                + quoted("#set($context.responseOverride.status = 418){\"statusCode\": 200}")
                + "}, responses: {default: {statusCode: '200'}}}"),
        SpecOperation(
            "GET /mapped",
            "{type: mock, " + parameters("requestParameters", [("integration.request.header.a", "'b'")])
                + ", requestTemplates: {application/json: '{\"statusCode\": 200}'}, responses: {default: "
                + response(200, "ok") + "}}"),
        SpecOperation("GET /constant-text", mock("x", request: "no JSON at all")),
        SpecOperation(
            "GET /text-plain",
            "{type: mock, requestTemplates: {application/json: '{\"statusCode\": 200}'}, responses: {default: "
                + "{statusCode: '200', responseTemplates: {text/plain: 'plain'}, "
                + parameters("responseParameters", [("method.response.header.Content-Type", "'text/plain'")]) + "}}}"),
    ])

    private static let failure = message("Internal server error")

    /// Rendered request template, and the integration response that it leads to.
    private static let renderings: [(name: String, rendered: String, status: Int, text: String)] = [
        ("an object", #"{"statusCode": 201}"#, 201, "created"),
        ("the default", #"{"statusCode": 200}"#, 200, "default"),
        ("a status that no pattern matches", #"{"statusCode": 302}"#, 200, "default"),
        ("a pattern with a class", #"{"statusCode": 404}"#, 400, "client"),
        ("a pattern with dots", #"{"statusCode": 599}"#, 502, "server"),
        ("further members", #"{"a": [1, {"statusCode": 404}], "statusCode": 201, "b": null}"#, 201, "created"),
        ("a name without quotes", "{statusCode: 201}", 201, "created"),
        ("a name in single quotes", "{'statusCode': 201}", 201, "created"),
        ("a comma at the end", #"{"statusCode": 201,}"#, 201, "created"),
        ("two commas", #"{"statusCode": 201,,"a": 1}"#, 201, "created"),
        ("a bare word as value", #"{"a": word, "statusCode": 201}"#, 201, "created"),
        ("blanks around", "  \n {\"statusCode\" : 201 } \n", 201, "created"),
        ("a number in quotes", #"{"statusCode": "201"}"#, 500, failure),
        ("a fraction", #"{"statusCode": 201.5}"#, 500, failure),
        ("no brace at the end", #"{"statusCode": 201"#, 500, failure),
        ("quotes that do not match", #"{"statusCode': 201}"#, 500, failure),
        ("no statusCode", #"{"status": 201}"#, 500, failure),
        ("an empty object", "{}", 500, failure),
        ("a list", "[201]", 500, failure),
        ("a text", "hello", 500, failure),
        ("null", #"{"statusCode": null}"#, 500, failure),
    ]

    @Test("The rendered request template says the status", arguments: ["/dev/raw", "/dev/echo"])
    func statusCode(_ path: String) async throws {
        try await withGateway(Self.api) { gateway in
            check(
                Self.renderings.map { entry in
                    ConformanceRow(
                        "4.4", "\(entry.name) at \(path)", "POST \(path)",
                        headers: [("Content-Type", "application/json")],
                        body: entry.rendered, entry.status, entry.text)
                }, on: gateway)
        }
    }

    private static let rows = [
        ConformanceRow("4.4", "an empty body without a template uses the default", "GET /dev/empty", 200, "default"),
        ConformanceRow("4.4", "a pattern matches and there is no default", "GET /dev/no-default?s=201", 201, "created"),
        ConformanceRow(
            "4.5.4", "no pattern matches and there is no default", "GET /dev/no-default?s=200", 500, failure,
            shows: [("x-amzn-ErrorType", "InternalServerErrorException")]),
        ConformanceRow("4.4", "the client's body is not seen", "POST /dev/body", body: "secret", 200, "{}"),
        ConformanceRow("4.4", "nor as JSON", "POST /dev/json", body: "{\"a\":1}", 200, "{}"),
        ConformanceRow(
            "4.4", "parameters are seen", "GET /dev/params/one?q=two", headers: [("X-H", "three")], 200, "one two three"
        ),
        ConformanceRow(
            "4.4", "no response template gives an empty body", "GET /dev/no-template", 200, "",
            shows: [("Content-Length", "0"), ("Content-Type", "application/json")]),
        ConformanceRow(
            "4.4", "overrides of the request template are seen, invented keys too", "GET /dev/override", 200, "one/two"),
        ConformanceRow("4.2", "the request template sets an undeclared status", "GET /dev/status", 418, ""),
        ConformanceRow("4.1", "mapped parameters have no effect", "GET /dev/mapped", 200, "ok"),
        ConformanceRow("4.4", "a request template that is no JSON", "GET /dev/constant-text", 500, failure),
        ConformanceRow(
            "4.5.6", "a mapped content type", "GET /dev/text-plain", 200, "plain",
            shows: [("Content-Type", "text/plain")]),
        ConformanceRow(
            "4.6", "no trace id on a mock's answer", "GET /dev/mapped", 200, "ok", shows: [("X-Amzn-Trace-Id", nil)]),
    ]

    @Test("Responses of mocks see parameters and overrides, never the body")
    func responses() async throws {
        try await withGateway(Self.api) { check(Self.rows, on: $0) }
    }
}
