import PorticoTestSupport
import Testing

/// Source: reference, "Choosing the integration response" (4.5).
@Suite("Conformance: choice of the integration response")
struct ConformanceResponseChoiceTests {
    private static func answers(_ status: Int) -> Backend.Behavior {
        .respond(status: status, headers: [("Content-Type", "text/plain"), ("X-Backend", "b")], body: "from \(status)")
    }

    @Test("The first pattern that matches the whole status chooses, else the default")
    func choice() async throws {
        let backend = try Backend()
        let uri = "http://\(backend.authority)/in"
        let patterns =
            "{'4\\d{2}': \(response(400, "client")), '404': \(response(404, "never")), '5': \(response(501, "prefix")), "
            + "'50[0-3]|599': \(response(502, "server")), default: \(response(200, "default")), "
            + "'2.1': \(response(201, "dot"))}"
        let api = spec([
            SpecOperation(
                "GET /x", backendIntegration("http", "GET", uri, responses: patterns),
                statuses: [200, 201, 400, 404, 501, 502]),
            SpecOperation(
                "GET /strict", backendIntegration("http", "GET", uri, responses: "{'200': \(response(200, "ok"))}")),
            SpecOperation(
                "GET /undeclared",
                backendIntegration("http", "GET", uri, responses: "{default: \(response(202, "ok"))}")),
            SpecOperation("GET /passes", backendIntegration("http", "GET", uri)),
            SpecOperation(
                "GET /override",
                backendIntegration(
                    "http", "GET", uri,
                    responses: "{default: \(response(202, "#set($context.responseOverride.status = 409)set"))}"),
                statuses: [202]),
            SpecOperation(
                "GET /rescued",
                backendIntegration(
                    "http", "GET", uri,
                    responses: "{default: \(response(202, "#set($context.responseOverride.status = 409)set"))}")),
            SpecOperation(
                "GET /empty-pattern",
                backendIntegration(
                    "http", "GET", uri, responses: "{'': \(response(200, "none")), '404': \(response(404, "own"))}"),
                statuses: [200, 404]),
        ])
        let failure = message("Internal server error")
        let rows = [
            ConformanceRow("4.5.3", "a class of statuses", "GET /dev/x", reply: Self.answers(418), 400, "client"),
            ConformanceRow(
                "4.5.3", "the first of two that match", "GET /dev/x", reply: Self.answers(404), 400, "client"),
            ConformanceRow("4.5.2", "an alternative", "GET /dev/x", reply: Self.answers(599), 502, "server"),
            ConformanceRow(
                "4.5.2", "a pattern must match the whole status", "GET /dev/x", reply: Self.answers(555), 200, "default"
            ),
            ConformanceRow("4.5.2", "a dot", "GET /dev/x", reply: Self.answers(231), 201, "dot"),
            ConformanceRow("4.5.4", "no pattern", "GET /dev/x", reply: Self.answers(302), 200, "default"),
            ConformanceRow(
                "4.5.4", "a match without a default", "GET /dev/strict", reply: Self.answers(200), 200, "ok"),
            ConformanceRow(
                "4.5.4", "no match and no default", "GET /dev/strict", reply: Self.answers(404), 500, failure,
                shows: [("x-amzn-ErrorType", "InternalServerErrorException"), ("X-Amzn-Trace-Id", nil)]),
            ConformanceRow(
                "4.5.6", "a status that no method response declares", "GET /dev/undeclared", reply: Self.answers(200),
                500,
                failure),
            ConformanceRow(
                "4.2", "an override needs no declaration", "GET /dev/override", reply: Self.answers(200), 409, "set"),
            ConformanceRow(
                "4.5.6", "an override stands in for an undeclared status", "GET /dev/rescued",
                reply: Self.answers(200), 409, "set"),
            ConformanceRow(
                "4.5.4", "an empty pattern is none", "GET /dev/empty-pattern", reply: Self.answers(200), 200, "none"),
            ConformanceRow(
                "4.5.4", "and the others are tested first", "GET /dev/empty-pattern", reply: Self.answers(404), 404,
                "own"),
            ConformanceRow(
                "4.5.6", "only mapped headers come through", "GET /dev/passes", reply: Self.answers(200), 200,
                "from 200",
                shows: [("Content-Type", "application/json"), ("X-Backend", nil)]),
            ConformanceRow(
                "4.5.6", "the status is the integration response's", "GET /dev/passes", reply: Self.answers(503), 200,
                "from 503"),
        ]
        try await withGateway(api) { check(rows, on: $0, backend: backend) }
        backend.stop()
    }

    @Test("A pattern that backtracks for ever counts as no match, and the server goes on")
    func hostilePattern() async throws {
        // The status is three digits, so only the shape of the pattern can hurt; it is compiled and run all the same.
        let integration =
            "{type: mock, requestTemplates: {application/json: '{\"statusCode\": 200}'}, "
            + "responses: {'(([0-9]+)+)+x': \(response(400, "no")), default: \(response(200, "default"))}}"
        try await withGateway(spec([SpecOperation("GET /x", integration, statuses: [200, 400])])) { gateway in
            check([ConformanceRow("4.5.2", "nested repeats", "GET /dev/x", 200, "default")], on: gateway)
        }
    }
}
