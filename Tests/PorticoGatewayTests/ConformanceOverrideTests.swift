import PorticoTestSupport
import Testing

/// Source: reference, 4.2: overrides by templates, beside parameter mapping.
@Suite("Conformance: overrides")
struct ConformanceOverrideTests {
    private static let mapped = parameters(
        "requestParameters",
        [
            ("integration.request.header.X-One", "'mapped'"), ("integration.request.querystring.q", "'mapped'"),
            ("integration.request.path.p", "'mapped'"),
        ])

    /// Templates of requests, and what the backend sees: target, values of `X-One`.
    private static let requests: [(name: String, template: String, target: String, values: [String])] = [
        ("nothing", "body", "/a/mapped?q=mapped", ["mapped"]),
        (
            "each place",
            "#set($context.requestOverride.header.X-One = 'h')#set($context.requestOverride.querystring.q = 'a b')"
                + "#set($context.requestOverride.path.p = 'x')body", "/a/x?q=a%20b", ["h"]
        ),
        ("another casing is another header", set("header['x-one']", "'h'"), "/a/mapped?q=mapped", ["mapped", "h"]),
        ("a list is several headers", set("header['X-One']", "['h', 'i']"), "/a/mapped?q=mapped", ["h", "i"]),
        ("a list is several query parameters", set("querystring['q']", "['a', 'b']"), "/a/mapped?q=a&q=b", ["mapped"]),
        ("a number", set("header['X-One']", "12"), "/a/mapped?q=mapped", ["12"]),
        ("a truth value", set("querystring['q']", "true"), "/a/mapped?q=true", ["mapped"]),
        (
            "put", "$!context.requestOverride.header.put('X-One', 'h')body", "/a/mapped?q=mapped", ["h"]
        ),
        (
            "a computed name", "#set($n = 'X-One')#set($context.requestOverride.header[$n] = 'h')body",
            "/a/mapped?q=mapped", ["h"]
        ),
        (
            "a whole map", "#set($context.requestOverride.header = {'X-One': 'h'})body", "/a/mapped?q=mapped", ["h"]
        ),
        ("a new parameter", set("querystring['new']", "'n'"), "/a/mapped?q=mapped&new=n", ["mapped"]),
        ("an invented map", "#set($context.requestOverride.invented = 'i')body", "/a/mapped?q=mapped", ["mapped"]),
        ("no header can be smuggled in", set("header['X-A: b']", "'h'"), "/a/mapped?q=mapped", ["mapped"]),
    ]

    private static func set(_ place: String, _ value: String) -> String {
        "#set($context.requestOverride.\(place) = \(value))body"
    }

    @Test("A request template overrides headers, query and path of the backend's request")
    func requestOverrides() async throws {
        let backend = try Backend()
        let operations = Self.requests.enumerated().map { index, entry in
            SpecOperation(
                "POST /\(index)",
                backendIntegration(
                    "http", "POST", "http://\(backend.authority)/a/{p}",
                    Self.mapped + ", requestTemplates: {application/json: \(quoted(entry.template))}"))
        }
        try await withGateway(spec(operations)) { gateway in
            for (index, entry) in Self.requests.enumerated() {
                let answer = try gateway.request("POST", "/dev/\(index)")
                #expect(answer.status == 200, "rule 4.2: \(entry.name)")
                let request = try #require(backend.requests.last)
                #expect(request.path == entry.target, "rule 4.2: \(entry.name)")
                #expect(request.body == "body", "rule 4.2: \(entry.name)")
                let values = request.headers.filter { $0.name.lowercased() == "x-one" }.map(\.value)
                #expect(values == entry.values, "rule 4.2: \(entry.name)")
            }
        }
        backend.stop()
    }

    private static let failing: [(name: String, template: String)] = [
        ("a header", twice("requestOverride.header.a")), ("a query parameter", twice("requestOverride.querystring.a")),
        ("a path parameter", twice("requestOverride.path.a")),
        ("a header of the answer", twice("responseOverride.header.a")),
        ("the status", "#set($context.responseOverride.status = 201)#set($context.responseOverride.status = 202)"),
        (
            "put after an assignment",
            "#set($context.requestOverride.header.a = 1)$context.requestOverride.header.put('a', 2)"
        ),
        ("in a loop", "#foreach($i in [1..2])#set($context.requestOverride.header.a = $i)#end"),
        ("Content-Length", "#set($context.requestOverride.header['content-length'] = '1')"),
    ]
    private static func twice(_ place: String) -> String {
        "#set($context.\(place) = 'one')#set($context.\(place) = 'two')"
    }

    @Test("A second override of one parameter, and one that breaks the framing, answer 500")
    func finalOverrides() async throws {
        let backend = try Backend()
        let operations = Self.failing.enumerated().map { index, entry in
            SpecOperation(
                "POST /\(index)",
                backendIntegration(
                    "http", "POST", "http://\(backend.authority)/in",
                    "requestTemplates: {application/json: \(quoted(entry.template + " body"))}"))
        }
        let allowed = [
            "#set($context.requestOverride.header.a = 1)#set($context.requestOverride.header.b = 2)",
            "#set($context.requestOverride.invented = 1)#set($context.requestOverride.invented = 2)",
            "#set($context.requestOverride.header.a = 1)$!context.requestOverride.header.remove('a')"
                + "#set($context.requestOverride.header.a = 2)",
        ]
        let others = allowed.enumerated().map { index, template in
            SpecOperation(
                "POST /ok/\(index)",
                backendIntegration(
                    "http", "POST", "http://\(backend.authority)/in",
                    "requestTemplates: {application/json: \(quoted(template + "body"))}"))
        }
        let both = SpecOperation(
            "POST /both",
            mock(
                "#set($context.responseOverride.status = 202)#set($context.responseOverride.header.a = 2)x",
                request: "#set($context.responseOverride.status = 201)#set($context.responseOverride.header.a = 1)"
                    + "{statusCode: 200}"))
        try await withGateway(spec(operations + others + [both])) { gateway in
            check(
                Self.failing.enumerated().map { index, entry in
                    // The template itself fails for a second override; a refused header fails after it.
                    ConformanceRow(
                        "4.2", entry.name, "POST /dev/\(index)", 500,
                        entry.name == "Content-Length" ? message("Internal server error") : functionFailure,
                        sent: .notCalled)
                }
                    + allowed.indices.map {
                        ConformanceRow("4.2", "allowed \($0)", "POST /dev/ok/\($0)", 200, sent: SentRequest("POST /in"))
                    }
                    + [
                        ConformanceRow(
                            "4.2", "each template may set it once", "POST /dev/both", 202, "x", shows: [("a", "2")])
                    ], on: gateway, backend: backend)
        }
        backend.stop()
    }

    /// Response templates, the status, and the values of `X-One`.
    private static let answers: [(name: String, template: String, status: Int, values: [String])] = [
        ("nothing", "t", 200, ["mapped"]),
        ("a header", "#set($context.responseOverride.header.X-One = 'o')t", 200, ["o"]),
        ("another casing", "#set($context.responseOverride.header['x-one'] = 'o')t", 200, ["mapped", "o"]),
        ("a list", "#set($context.responseOverride.header['X-One'] = ['foo', 'bar'])t", 200, ["foo", "bar"]),
        ("an undeclared status", "#set($context.responseOverride.status = 444)t", 444, ["mapped"]),
        ("the lowest status", "#set($context.responseOverride.status = 200)t", 200, ["mapped"]),
        ("the highest status", "#set($context.responseOverride.status = 599)t", 599, ["mapped"]),
        ("a status beyond", "#set($context.responseOverride.status = 600)t", 200, ["mapped"]),
        ("a status below", "#set($context.responseOverride.status = 99)t", 200, ["mapped"]),
        ("zero", "#set($context.responseOverride.status = 0)t", 200, ["mapped"]),
        ("a negative status", "#set($context.responseOverride.status = -404)t", 200, ["mapped"]),
        ("a fraction", "#set($context.responseOverride.status = 201.5)t", 200, ["mapped"]),
        ("a text", "#set($context.responseOverride.status = '418')t", 200, ["mapped"]),
        ("a word", "#set($context.responseOverride.status = 'abc')t", 200, ["mapped"]),
        ("a computed status", "#set($s = 400 + 4)#set($context.responseOverride.status = $s)t", 404, ["mapped"]),
    ]

    @Test("A response template overrides headers and the status; a status that is none is ignored")
    func responseOverrides() async throws {
        let kept = parameters("responseParameters", [("method.response.header.X-One", "'mapped'")])
        let operations = Self.answers.enumerated().map { index, entry in
            SpecOperation("GET /\(index)", mock(entry.template, kept))
        }
        let types = [
            SpecOperation("GET /type", mock("#set($context.responseOverride.header['Content-Type'] = 'text/css')t")),
            SpecOperation("GET /small", mock("#set($context.responseOverride.header['content-type'] = 'text/css')t")),
            SpecOperation(
                "GET /early",
                "{type: mock, requestTemplates: {application/json: "
                    + quoted("#set($context.responseOverride.header.X-Early = 'e'){\"statusCode\": 200}")
                    + "}, responses: {default: \(response(200, "$context.responseOverride.header.X-Early"))}}"),
        ]
        try await withGateway(spec(operations + types)) { gateway in
            for (index, entry) in Self.answers.enumerated() {
                let answer = try gateway.request("GET", "/dev/\(index)")
                #expect(answer.status == entry.status, "rule 4.2: \(entry.name)")
                #expect(answer.text == "t", "rule 4.2: \(entry.name)")
                #expect(answer.values("X-One") == entry.values, "rule 4.2: \(entry.name)")
            }
            for path in ["/dev/type", "/dev/small"] {
                #expect(try gateway.request("GET", path).values("Content-Type") == ["text/css"], "rule 4.2: \(path)")
            }
            check(
                [
                    ConformanceRow(
                        "4.4", "what the request template sets is read, and sent", "GET /dev/early", 200, "e",
                        shows: [("X-Early", "e")])
                ], on: gateway)
        }
    }
}
