import PorticoTestSupport
import Testing

/// Source: reference, "Parameter mapping expressions" (4.2).
@Suite("Conformance: parameter mapping")
struct ConformanceMappingTests {
    private static let sources: [(String, String)] = [
        ("integration.request.header.X-Path", "method.request.path.p"),
        ("integration.request.header.X-Query", "method.request.querystring.q"),
        ("integration.request.header.X-Header", "method.request.header.X-In"),
        ("integration.request.header.X-Headers", "method.request.multivalueheader.X-In"),
        ("integration.request.querystring.all", "method.request.multivaluequerystring.q"),
        ("integration.request.querystring.last", "method.request.querystring.q"),
        ("integration.request.header.X-Verb", "context.httpMethod"),
        ("integration.request.header.X-Address", "context.identity.sourceIp"),
        ("integration.request.header.X-Unknown", "context.no.such.thing"),
        ("integration.request.header.X-Stage", "stageVariables.color"),
        ("integration.request.header.X-No-Stage", "stageVariables.nothing"),
        ("integration.request.header.X-Static", "'fixed text'"),
    ]
    private static let body: [(String, String)] = [
        ("integration.request.header.X-Body", "method.request.body")
    ]
    private static let paths: [(String, String)] = [
        ("integration.request.header.X-Name", "method.request.body.pet.name"),
        ("integration.request.header.X-Pet", "method.request.body.pet"),
        ("integration.request.header.X-First", "method.request.body.list[0]"),
        ("integration.request.header.X-Number", "method.request.body.pet.age"),
        ("integration.request.header.X-Null", "method.request.body.nothing"),
    ]

    private static func api(_ backend: Backend) -> String {
        func http(_ entries: [(String, String)]) -> String {
            backendIntegration(
                "http", "POST", "http://\(backend.authority)/in", parameters("requestParameters", entries))
        }
        return spec(
            root: "x-portico-stages: {dev: {variables: {color: blue}}}",
            [
                SpecOperation("POST /s/{p}", http(sources)), SpecOperation("POST /body", http(body)),
                SpecOperation("POST /paths", http(paths)),
                SpecOperation(
                    "POST /proxy",
                    backendIntegration(
                        "http_proxy", "POST", "http://\(backend.authority)/in",
                        parameters(
                            "requestParameters",
                            [
                                ("integration.request.header.X-In", "'mapped'"),
                                ("integration.request.header.Accept", "method.request.header.X-Accept"),
                                ("integration.request.header.X-Body", "method.request.body.a"),
                            ]))),
            ])
    }

    private static let json: [(String, String)] = [("Content-Type", "application/json")]

    private static let rows = [
        ConformanceRow(
            "4.2", "every source", "POST /dev/s/one?q=1&q=t%20w%26o", headers: [("X-In", "a"), ("X-In", "b")], 200,
            sent: SentRequest(
                "POST /in?all=1&all=t%20w%26o&last=t%20w%26o",
                headers: [
                    ("X-Path", "one"), ("X-Query", "t w&o"), ("X-Header", "b"), ("X-Headers", "a,b"),
                    ("X-Verb", "POST"),
                    ("X-Address", "127.0.0.1"), ("X-Unknown", nil), ("X-Stage", "blue"), ("X-No-Stage", nil),
                    ("X-Static", "fixed text"),
                ])),
        ConformanceRow(
            "4.2", "missing values are left out", "POST /dev/s/one", 200,
            sent: SentRequest(
                "POST /in", headers: [("X-Query", nil), ("X-Header", nil), ("X-Headers", nil), ("X-Path", "one")])),
        ConformanceRow(
            "4.2", "empty values are left out", "POST /dev/s/one?q=", headers: [("X-In", "")], 200,
            sent: SentRequest("POST /in", headers: [("X-Query", nil), ("X-Header", nil), ("X-Headers", nil)])),
        ConformanceRow(
            "4.2", "one value of several possible is plain", "POST /dev/s/one?q=1", headers: [("X-In", "a")], 200,
            sent: SentRequest("POST /in?all=1&last=1", headers: [("X-Headers", "a")])),
        ConformanceRow(
            "4.2", "header names compare case-sensitively", "POST /dev/s/one", headers: [("x-in", "a")], 200,
            sent: SentRequest(headers: [("X-Header", nil), ("X-Headers", nil)])),
        ConformanceRow(
            "4.2", "query names compare case-sensitively", "POST /dev/s/one?Q=1", 200,
            sent: SentRequest("POST /in", headers: [("X-Query", nil)])),
        ConformanceRow(
            "4.2", "the whole body", "POST /dev/body", headers: json, body: "{\"a\": 1}", 200,
            sent: SentRequest(headers: [("X-Body", "{\"a\": 1}")])),
        ConformanceRow(
            "4.2", "an empty body is {}", "POST /dev/body", 200, sent: SentRequest(headers: [("X-Body", "{}")])),
        ConformanceRow(
            "4.2", "blanks around a body are none of it", "POST /dev/body", headers: json, body: " \n{\"a\": 1}\n", 200,
            sent: SentRequest(headers: [("X-Body", "{\"a\": 1}")], body: " \n{\"a\": 1}\n")),
        ConformanceRow(
            "4.2", "a body of blanks only is left out", "POST /dev/body", body: " \n", 200,
            sent: SentRequest(headers: [("X-Body", nil)], body: " \n")),
        ConformanceRow(
            "4.2", "a body that begins with a single quote", "POST /dev/body", body: "'a'", 400,
            message("Invalid JSON in request body"), sent: .notCalled),
        ConformanceRow(
            "4.2", "a body that does not begin as JSON", "POST /dev/body", body: "plain", 200,
            sent: SentRequest(headers: [("X-Body", "plain")])),
        ConformanceRow(
            "4.2", "a body that begins as an object and is none", "POST /dev/body", headers: json, body: " {\"a\"", 400,
            message("Invalid JSON in request body"), shows: [("x-amzn-ErrorType", "BadRequestException")],
            sent: .notCalled),
        ConformanceRow(
            "4.2", "a body that begins as a list and is none", "POST /dev/paths", headers: json, body: "[1,", 400,
            message("Invalid JSON in request body"), sent: .notCalled),
        ConformanceRow(
            "4.2", "a body that begins as a string and is none", "POST /dev/paths", body: "\"a", 400,
            message("Invalid JSON in request body"), sent: .notCalled),
        ConformanceRow(
            "4.2", "paths into the body", "POST /dev/paths", headers: json,
            body: #"{"pet": {"name": "Tom \"T\" \u00e9", "age": 3}, "list": ["x", "y"], "nothing": null}"#, 200,
            sent: SentRequest(
                headers: [
                    ("X-Name", "Tom \"T\" é"), ("X-Pet", #"{"name":"Tom \"T\" é","age":3}"#), ("X-First", "x"),
                    ("X-Number", "3"), ("X-Null", nil),
                ])),
        ConformanceRow(
            "4.2", "paths that lead nowhere", "POST /dev/paths", headers: json, body: "{\"a\": 1}", 200,
            sent: SentRequest(headers: [("X-Name", nil), ("X-Pet", nil), ("X-First", nil)])),
        ConformanceRow(
            "4.2", "paths into an empty body", "POST /dev/paths", 200, sent: SentRequest(headers: [("X-Name", nil)])),
        ConformanceRow(
            "4.2", "paths into a body that is no JSON", "POST /dev/paths", body: "plain", 200,
            sent: SentRequest(headers: [("X-Name", nil)])),
        ConformanceRow(
            "4.1", "HTTP_PROXY: a mapped header overrides", "POST /dev/proxy",
            headers: [("X-In", "client"), ("X-Accept", "a/b")],
            body: "{\"a\": \"v\"}", 200,
            sent: SentRequest(
                headers: [("X-In", "mapped"), ("Accept", "a/b"), ("X-Body", "v")], body: "{\"a\": \"v\"}")),
        ConformanceRow(
            "4.1", "HTTP_PROXY: a mapping without a value leaves the client's header", "POST /dev/proxy",
            headers: [("x-body", "client"), ("Accept", "c/d")], body: "{}", 200,
            sent: SentRequest(headers: [("X-In", "mapped"), ("Accept", "c/d"), ("X-Body", "client")])),
        ConformanceRow(
            "4.2", "a value cannot bring a line end", "POST /dev/s/one?q=a%0D%0AX-Evil:%20b", 200,
            sent: SentRequest(headers: [("X-Evil", nil), ("X-Query", "a  X-Evil: b")])),
    ]

    @Test("Each source gives the value that it names, or nothing")
    func request() async throws {
        let backend = try Backend()
        try await withGateway(Self.api(backend)) { check(Self.rows, on: $0, backend: backend) }
        backend.stop()
    }

    private static let values: [(path: String, body: String, value: String?)] = [
        ("a", #"{"a": "text"}"#, "text"), ("a", #"{"a": 7}"#, "7"), ("a", #"{"a": 1.5}"#, "1.5"),
        ("a", #"{"a": true}"#, "true"), ("a", #"{"a": false}"#, "false"), ("a", #"{"a": 0}"#, "0"),
        ("a", #"{"a": null}"#, nil), ("a", #"{"a": ""}"#, nil), ("a", #"{"b": 1}"#, nil), ("a", "[]", nil),
        ("a", "12", nil), ("a", #"{"a": {}}"#, "{}"), ("a", #"{"a": []}"#, "[]"),
        ("a", #"{"a": {"b": 1, "c": [true, "x"]}}"#, #"{"b":1,"c":[true,"x"]}"#),
        ("a", #"{"a": [1, {"b": "c"}]}"#, #"[1,{"b":"c"}]"#), ("a.b", #"{"a": {"b": "x"}}"#, "x"),
        ("a[1]", #"{"a": ["x", "y"]}"#, "y"), ("a[-1]", #"{"a": ["x", "y"]}"#, "y"), ("a[5]", #"{"a": ["x"]}"#, nil),
        ("a[*]", #"{"a": ["x", 2]}"#, #"["x",2]"#), ("a[*]", #"{"a": []}"#, nil),
        ("a[0:2]", #"{"a": [1, 2, 3]}"#, "[1,2]"), ("a[?(@.n > 1)].n", #"{"a": [{"n": 1}, {"n": 2}]}"#, "[2]"),
        ("a[?(@.n > 9)].n", #"{"a": [{"n": 1}]}"#, nil), (".n", #"{"a": {"n": 1}, "n": 2}"#, "[2,1]"),
        ("a['b c']", #"{"a": {"b c": "x"}}"#, "x"), ("['b c']", #"{"b c": "x"}"#, "x"), ("[0]", #"["x"]"#, "x"),
        ("a.length()", #"{"a": [1, 2]}"#, "2"),
    ]

    @Test("A JSONPath gives text as it is, other values as JSON, and nothing for null, emptiness and no hit")
    func jsonPaths() async throws {
        let backend = try Backend()
        let operations = Self.values.enumerated().map { index, entry in
            SpecOperation(
                "POST /\(index)",
                backendIntegration(
                    "http", "POST", "http://\(backend.authority)/in",
                    parameters(
                        "requestParameters",
                        [
                            ("integration.request.header.X-Value", "method.request.body.\(entry.path)"),
                            ("integration.request.querystring.v", "method.request.body.\(entry.path)"),
                        ])))
        }
        let rows = Self.values.enumerated().map { index, entry in
            ConformanceRow(
                "4.2", "\(entry.path) of \(entry.body)", "POST /dev/\(index)", headers: Self.json, body: entry.body,
                200,
                sent: SentRequest(entry.value == nil ? "POST /in" : nil, headers: [("X-Value", entry.value)]))
        }
        try await withGateway(spec(operations)) { check(rows, on: $0, backend: backend) }
        backend.stop()
    }

    @Test("A body that a mapping reads must be JSON before templates and type choose, for mocks too")
    func readBodies() async throws {
        let backend = try Backend()
        let mapped = parameters(
            "requestParameters", [("integration.request.header.X-Body", "method.request.body.a")])
        let api = spec([
            SpecOperation(
                "POST /mock",
                "{type: mock, \(mapped), requestTemplates: {application/json: '{\"statusCode\": 200}'}, "
                    + "responses: {default: {statusCode: '200'}}}"),
            SpecOperation(
                "POST /never",
                backendIntegration(
                    "http", "POST", "http://\(backend.authority)/in", mapped + ", passthroughBehavior: never")),
        ])
        let refused = message("Invalid JSON in request body")
        let rows = ["/dev/mock", "/dev/never"].map { path in
            ConformanceRow(
                "4.2", path, "POST \(path)", headers: Self.json, body: "{\"a\"", 400, refused, sent: .notCalled)
        }
        try await withGateway(api) { check(rows, on: $0, backend: backend) }
        backend.stop()
    }

    @Test("A mapped header stands once on the wire")
    func single() async throws {
        let backend = try Backend()
        try await withGateway(Self.api(backend)) { gateway in
            _ = try gateway.request("POST", "/dev/proxy", headers: [("X-In", "1"), ("x-in", "2")], body: "{}")
            let values = backend.requests.last?.headers.filter { $0.name.lowercased() == "x-in" }.map(\.value)
            #expect(values == ["mapped"])
        }
        backend.stop()
    }

    @Test("Responses map headers, body and constants of the answer")
    func response() async throws {
        let backend = try Backend()
        let mapped: [(String, String)] = [
            ("method.response.header.X-One", "integration.response.header.X-In"),
            ("method.response.header.X-All", "integration.response.multivalueheader.X-In"),
            ("method.response.header.X-Name", "integration.response.body.pet.name"),
            ("method.response.header.X-Pet", "integration.response.body.pet"),
            ("method.response.header.X-None", "integration.response.body.nothing"),
            ("method.response.header.X-Verb", "context.httpMethod"),
            ("method.response.header.X-Stage", "stageVariables.color"),
            ("method.response.header.X-Static", "'fixed text'"),
            ("method.response.header.X-Absent", "integration.response.header.X-Absent"),
        ]
        let raised = [
            ("method.response.header.X-Code", "integration.response.body.errorMessage.code"),
            ("method.response.header.X-Deep", "integration.response.body.errorMessage.list[0].x"),
        ]
        func method(_ path: String, _ entries: [(String, String)], _ template: String?) -> SpecOperation {
            let answer = PorticoGatewayTests.response(200, template, parameters("responseParameters", entries))
            return SpecOperation(
                "GET \(path)",
                backendIntegration("http", "GET", "http://\(backend.authority)/in", responses: "{default: \(answer)}"))
        }
        let api = spec(
            root: "x-portico-stages: {dev: {variables: {color: blue}}}",
            [
                method("/all", mapped, nil), method("/templated", mapped, "t"),
                method("/raised", raised, nil),
                method("/body", [("method.response.header.X-Body", "integration.response.body")], nil),
            ])
        let good = Backend.Behavior.respond(
            status: 200, headers: [("X-In", "a"), ("X-In", "b"), ("X-Other", "o")], body: "{\"pet\":{\"name\":\"Tom\"}}"
        )
        let shown: [(String, String?)] = [
            ("X-One", "b"), ("X-All", "a,b"), ("X-Name", "Tom"), ("X-Pet", "{\"name\":\"Tom\"}"), ("X-None", nil),
            ("X-Verb", "GET"), ("X-Stage", "blue"), ("X-Static", "fixed text"), ("X-Absent", nil), ("X-Other", nil),
            ("X-In", nil),
        ]
        let rows = [
            ConformanceRow(
                "4.2", "every source", "GET /dev/all", reply: good, 200, "{\"pet\":{\"name\":\"Tom\"}}", shows: shown),
            ConformanceRow(
                "4.2", "a template does not change them", "GET /dev/templated", reply: good, 200, "t", shows: shown),
            ConformanceRow(
                "4.2", "the whole body", "GET /dev/body", reply: good, 200,
                shows: [("X-Body", "{\"pet\":{\"name\":\"Tom\"}}")]),
            ConformanceRow(
                "4.2", "a body that begins as JSON and is none", "GET /dev/all",
                reply: .respond(status: 200, headers: [], body: "{oops"), 500, message("Internal server error")),
            ConformanceRow(
                "4.2", "a body that is text", "GET /dev/all", reply: .respond(status: 200, headers: [], body: "text"),
                200,
                "text", shows: [("X-Name", nil), ("X-Static", "fixed text")]),
            ConformanceRow(
                "4.2", "header names compare case-sensitively", "GET /dev/all",
                reply: .respond(status: 200, headers: [("x-in", "a")], body: ""), 200,
                shows: [("X-One", nil), ("X-All", nil)]),
            ConformanceRow(
                "4.2", "an empty body is {}", "GET /dev/body", reply: .respond(status: 200, headers: [], body: ""),
                200, "", shows: [("X-Body", "{}")]),
            ConformanceRow(
                "4.2", "errorMessage is a text that holds JSON", "GET /dev/raised",
                reply: .respond(
                    status: 200, headers: [], body: #"{"errorMessage": "{\"code\": 7, \"list\": [{\"x\": \"y\"}]}"}"#),
                200, shows: [("X-Code", "7"), ("X-Deep", "y")]),
            ConformanceRow(
                "4.2", "errorMessage is an object", "GET /dev/raised",
                reply: .respond(status: 200, headers: [], body: #"{"errorMessage": {"code": "c"}}"#), 200,
                shows: [("X-Code", "c"), ("X-Deep", nil)]),
            ConformanceRow(
                "4.2", "errorMessage is a text that holds none", "GET /dev/raised",
                reply: .respond(status: 200, headers: [], body: #"{"errorMessage": "{oops"}"#), 200,
                shows: [("X-Code", nil)]),
        ]
        try await withGateway(api) { check(rows, on: $0, backend: backend) }
        backend.stop()
    }
}
