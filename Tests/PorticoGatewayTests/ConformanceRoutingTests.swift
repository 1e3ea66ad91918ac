import PorticoTestSupport
import Testing

/// Source: reference, "Route matching" (2).
@Suite("Conformance: routing")
struct ConformanceRoutingTests {
    /// Answers with what the route match gave.
    private static let shown =
        "$context.resourcePath|$context.httpMethod|$context.path|$input.params('id')$input.params('rest')"

    private static func shows(_ line: String) -> SpecOperation { SpecOperation(line, mock(shown)) }

    private static let api = spec([
        shows("GET /"), shows("GET /pets"), shows("POST /pets"), shows("GET /pets/special"),
        shows("GET /pets/special/deep"), shows("GET /pets/{id}"), shows("PUT /pets/{id}"), shows("POST /test"),
        shows("OPTIONS /{rest+}"), shows("GET /files/{rest+}"), shows("GET /files/fixed/leaf"), shows("ANY /any"),
        shows("GET /mixed"), shows("ANY /mixed"), shows("GET /only-get"), shows("DELETE /method"),
        shows("POST /method"),
        shows("GET /a.b-c_d"), shows("GET /pets/{id}/tags/{rest}"), shows("GET /ping"),
        SpecOperation("GET /query", mock("$input.params('q')")),
    ])

    private static let missing = message("Missing Authentication Token")
    private static let missingType: [(String, String?)] = [
        ("x-amzn-ErrorType", "MissingAuthenticationTokenException"), ("Content-Type", "application/json"),
    ]

    private static let rows = [
        ConformanceRow("2.1", "the stage is the first segment", "GET /dev/pets", 200, "/pets|GET|/dev/pets|"),
        ConformanceRow(
            "2.1", "slashes before the stage do not count", "GET //dev/pets", 200, "/pets|GET|/dev/pets|"),
        ConformanceRow(
            "2.1", "however many they are; those after it stay in the path", "GET ////dev//pets", 200,
            "/pets|GET|/dev//pets|"),
        ConformanceRow("2.1", "a query is no part of the path", "GET /dev/pets?x=/y", 200, "/pets|GET|/dev/pets|"),
        ConformanceRow("2.1", "the stage alone is the root", "GET /dev", 200, "/|GET|/dev|"),
        ConformanceRow("2.1", "the stage and a slash are the root", "GET /dev/", 200, "/|GET|/dev/|"),
        ConformanceRow("2.1", "a stage begins like another", "GET /device/pets", 403, message("Forbidden")),
        ConformanceRow("2.1", "stages are case-sensitive", "GET /DEV/pets", 403, message("Forbidden")),
        ConformanceRow(
            "2.2", "slashes after the stage count once", "GET /dev//pets", 200, "/pets|GET|/dev//pets|"),
        ConformanceRow(
            "2.2", "slashes between segments count once", "GET /dev/pets///special", 200,
            "/pets/special|GET|/dev/pets///special|"),
        ConformanceRow(
            "2.2", "slashes within a greedy value stay", "GET /dev/files/a//b", 200,
            "/files/{rest+}|GET|/dev/files/a//b|a//b"),
        ConformanceRow("2.3", "a trailing slash is ignored", "GET /dev/pets/", 200, "/pets|GET|/dev/pets/|"),
        ConformanceRow(
            "2.3", "a trailing slash after a variable", "GET /dev/pets/7/", 200, "/pets/{id}|GET|/dev/pets/7/|7"),
        ConformanceRow(
            "2.3", "a greedy value has no trailing slash", "GET /dev/files/a/b/", 200,
            "/files/{rest+}|GET|/dev/files/a/b/|a/b"),
        ConformanceRow(
            "2.4", "a literal wins over a variable", "GET /dev/pets/special", 200,
            "/pets/special|GET|/dev/pets/special|"),
        ConformanceRow(
            "2.4", "a variable takes the other values", "GET /dev/pets/9", 200, "/pets/{id}|GET|/dev/pets/9|9"),
        ConformanceRow(
            "2.4", "a literal without the method gives way to the variable", "PUT /dev/pets/special", 200,
            "/pets/{id}|PUT|/dev/pets/special|special"),
        ConformanceRow(
            "2.4", "a literal without the method gives way to the greedy sibling", "OPTIONS /dev/test", 200,
            "/{rest+}|OPTIONS|/dev/test|test"),
        ConformanceRow("2.4", "a literal with the method keeps it", "POST /dev/test", 200, "/test|POST|/dev/test|"),
        ConformanceRow(
            "2.4", "a literal branch that ends too early gives way to the greedy ancestor",
            "GET /dev/files/fixed/other",
            200, "/files/{rest+}|GET|/dev/files/fixed/other|fixed/other"),
        ConformanceRow(
            "2.4", "a literal branch to its leaf", "GET /dev/files/fixed/leaf", 200,
            "/files/fixed/leaf|GET|/dev/files/fixed/leaf|"),
        ConformanceRow(
            "2.4", "a resource without methods gives way too", "GET /dev/files/fixed", 200,
            "/files/{rest+}|GET|/dev/files/fixed|fixed"),
        ConformanceRow(
            "2.4", "the root's greedy method takes a deep path", "OPTIONS /dev/pets/special/deep/er", 200,
            "/{rest+}|OPTIONS|/dev/pets/special/deep/er|pets/special/deep/er"),
        ConformanceRow(
            "2.4", "two variables on the way", "GET /dev/pets/7/tags/red", 200,
            "/pets/{id}/tags/{rest}|GET|/dev/pets/7/tags/red|7red"),
        ConformanceRow("2.4", "an exact method wins over ANY", "GET /dev/mixed", 200, "/mixed|GET|/dev/mixed|"),
        ConformanceRow("2.5", "a greedy variable does not take the empty rest", "GET /dev/files", 403, missing),
        ConformanceRow(
            "2.2", "slashes before a greedy value are none of it", "GET /dev/files//a", 200,
            "/files/{rest+}|GET|/dev/files//a|a"),
        ConformanceRow("2.5", "nor that of a trailing slash", "GET /dev/files/", 403, missing),
        ConformanceRow("2.5", "nor the root", "OPTIONS /dev/", 403, missing),
        ConformanceRow(
            "2.5", "a greedy variable takes one segment", "GET /dev/files/a", 200, "/files/{rest+}|GET|/dev/files/a|a"),
        ConformanceRow("2.5", "a variable takes one segment only", "GET /dev/pets/7/8", 403, missing),
        ConformanceRow("2.6", "ANY takes TRACE not", "TRACE /dev/any", 403, missing),
        ConformanceRow("2.6", "HEAD does not fall back to GET", "HEAD /dev/only-get", 403, ""),
        ConformanceRow(
            "2.7", "a path value is not decoded", "GET /dev/pets/a%2Bb+c%20d", 200,
            "/pets/{id}|GET|/dev/pets/a%2Bb+c%20d|a%2Bb+c%20d"),
        ConformanceRow(
            "2.7", "an encoded slash does not divide", "GET /dev/pets/a%2Fb", 200,
            "/pets/{id}|GET|/dev/pets/a%2Fb|a%2Fb"),
        ConformanceRow("2.7", "a query value is decoded", "GET /dev/query?q=a%2Bb+c%20d%C3%A9", 200, "a+b c dé"),
        ConformanceRow("2.7", "a name in the query is decoded", "GET /dev/query?%71=1", 200, "1"),
        ConformanceRow("2.7", "a semicolon splits the query", "GET /dev/query?a=1;q=2;b=3", 200, "2"),
        ConformanceRow("2.7", "an encoded semicolon does not", "GET /dev/query?q=1%3Bq=2", 200, "1;q=2"),
        ConformanceRow("2.7", "of a repeated name the last value counts", "GET /dev/query?q=1&q=2", 200, "2"),
        ConformanceRow("2.7", "a value holds what follows its first sign", "GET /dev/query?q=a=b", 200, "a=b"),
        ConformanceRow("2.7", "names are case-sensitive", "GET /dev/query?Q=1", 200, ""),
        ConformanceRow("2.7", "a broken escape stays", "GET /dev/query?q=100%", 200, "100%"),
        ConformanceRow("2.8", "no such path", "GET /dev/nothing", 403, missing, shows: missingType),
        ConformanceRow("2.8", "no such method", "DELETE /dev/pets", 403, missing, shows: missingType),
        ConformanceRow("2.8", "paths are case-sensitive", "GET /dev/Pets", 403, missing, shows: missingType),
        ConformanceRow(
            "2.8", "no such stage", "GET /prod/pets", 403, message("Forbidden"),
            shows: [("x-amzn-ErrorType", "ForbiddenException")]),
        ConformanceRow(
            "2.9", "the client overrides the method", "POST /dev/method",
            headers: [("X-HTTP-Method-Override", "DELETE")],
            200, "/method|DELETE|/dev/method|"),
        ConformanceRow(
            "2.9", "an override to no method of the resource", "POST /dev/method",
            headers: [("X-HTTP-Method-Override", "PATCH")], 403, missing),
        ConformanceRow(
            "2.9", "an override that is no verb", "POST /dev/method", headers: [("X-HTTP-Method-Override", "FROB")],
            403,
            missing),
        ConformanceRow(
            "2.9", "the case of an override does not count", "POST /dev/method",
            headers: [("X-HTTP-Method-Override", "delete")], 200, "/method|DELETE|/dev/method|"),
        ConformanceRow(
            "2.9", "an empty override does nothing", "POST /dev/method", headers: [("X-HTTP-Method-Override", "")],
            200, "/method|POST|/dev/method|"),
        ConformanceRow("2.10", "/ping is an ordinary path here", "GET /dev/ping", 200, "/ping|GET|/dev/ping|"),
        ConformanceRow(
            "2.12", "a preflight without a method is refused", "OPTIONS /dev", headers: [("Origin", "http://a")], 403,
            missing, shows: [("Access-Control-Allow-Origin", nil)]),
    ]

    @Test("Paths and methods lead to the resource that the rules choose")
    func paths() async throws {
        try await withGateway(Self.api) { check(Self.rows, on: $0) }
    }

    @Test("ANY takes the seven verbs", arguments: ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"])
    func anyMethod(_ verb: String) async throws {
        try await withGateway(Self.api) { gateway in
            check(
                [
                    ConformanceRow(
                        "2.6", "ANY", "\(verb) /dev/any", 200, verb == "HEAD" ? "" : "/any|\(verb)|/dev/any|")
                ], on: gateway)
        }
    }

    @Test("Each stage of the file is served under its name")
    func stages() async throws {
        let text = spec(
            root: "x-portico-stages: {one: {variables: {v: first}}, two: {variables: {v: second}}}",
            [SpecOperation("GET /v", mock("$context.stage $stageVariables.v"))])
        try await withGateway(text) { gateway in
            check(
                [
                    ConformanceRow("2.1", "the first", "GET /one/v", 200, "one first"),
                    ConformanceRow("2.1", "the second", "GET /two/v", 200, "two second"),
                    ConformanceRow("2.8", "none of them", "GET /dev/v", 403, message("Forbidden")),
                ], on: gateway)
        }
    }

    @Test("A preflight is an ordinary OPTIONS method with static headers")
    func preflight() async throws {
        let integration = mock(
            "", status: 204,
            parameters(
                "responseParameters",
                [
                    ("method.response.header.Access-Control-Allow-Origin", "'*'"),
                    ("method.response.header.Access-Control-Allow-Methods", "'GET,OPTIONS'"),
                ]))
        try await withGateway(spec([SpecOperation("OPTIONS /x", integration, statuses: [204])])) { gateway in
            check(
                [
                    ConformanceRow(
                        "2.12", "preflight", "OPTIONS /dev/x", headers: [("Origin", "http://a")], 204, "",
                        shows: [
                            ("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Methods", "GET,OPTIONS"),
                            ("Content-Length", nil),
                        ])
                ], on: gateway)
        }
    }
}
