import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Requests and answers that mappings change, over sockets. Source: reference, 1.7.
@Suite("Parameter mapping of HTTP APIs over sockets")
struct HTTPParameterMappingTests {
    struct RequestRow: Sendable, CustomTestStringConvertible {
        var name: String
        var mappings: [(String, String)]
        var target = "/x/v%201/rest?a=1&a=2&b=%C3%A9&C=d"
        var headers: [(String, String)] = [("X-One", "1"), ("x-one", "2"), ("X-Two", "two")]
        var body = ""
        /// What the backend sees.
        var path: String?
        var sees: [(String, String?)] = []
        var testDescription: String { name }
    }

    static let requestRows: [RequestRow] = [
        RequestRow(
            name: "nothing is mapped", mappings: [], path: "/b/x?a=1&a=2&b=%C3%A9&C=d", sees: [("x-two", "two")]),
        RequestRow(
            name: "static text comes beside what is there", mappings: [("append:header.X-Two", "more")],
            sees: [("x-two", "two, more")]),
        RequestRow(
            name: "a header is overwritten, in any case", mappings: [("overwrite:header.x-TWO", "new")],
            sees: [("x-two", "new")]),
        RequestRow(
            name: "a header is removed, whatever the value says", mappings: [("remove:header.x-one", "''")],
            sees: [("x-one", nil), ("x-two", "two")]),
        RequestRow(
            name: "a header is renamed: both mappings see the request as it came",
            mappings: [("append:header.header2", "$request.header.x-two"), ("remove:header.x-two", "''")],
            sees: [("header2", "two"), ("x-two", nil)]),
        RequestRow(
            name: "values of one header are joined", mappings: [("append:header.all", "$request.header.X-ONE")],
            sees: [("all", "1,2")]),
        RequestRow(
            name: "values of one query parameter are joined, and its case counts",
            mappings: [
                ("append:header.q", "$request.querystring.a"), ("append:header.r", "$request.querystring.c"),
                ("append:header.s", "$request.querystring.b"),
            ], sees: [("q", "1,2"), ("r", nil), ("s", "é")]),
        RequestRow(
            name: "query parameters are added, overwritten and removed",
            mappings: [
                ("append:querystring.a", "3"), ("overwrite:querystring.b", "x y&"), ("remove:querystring.C", "''"),
            ], path: "/b/x?a=1&a=2&a=3&b=x%20y%26"),
        RequestRow(
            name: "names of the query are compared without their escapes",
            mappings: [("remove:querystring.a[]", "''")], target: "/x/v/r?a%5B%5D=1&a[]=2&a=3", path: "/b/x?a=3"),
        RequestRow(
            name: "the only parameter of the query is removed", mappings: [("remove:querystring.a", "''")],
            target: "/x/v/r?a=1", path: "/b/x"),
        RequestRow(
            name: "the path is overwritten", mappings: [("overwrite:path", "/new/path")],
            path: "/new/path?a=1&a=2&b=%C3%A9&C=d"),
        RequestRow(
            name: "the path of the request goes as it came", mappings: [("overwrite:path", "$request.path")],
            path: "/x/v%201/rest?a=1&a=2&b=%C3%A9&C=d"),
        RequestRow(
            name: "a path of pieces gets its slash, and what would end it is encoded",
            mappings: [("overwrite:path", "base/${request.path.id}?${request.header.x-two}")], target: "/x/v%201/r",
            path: "/base/v%201%3Ftwo"),
        RequestRow(
            name: "variables of the path are decoded where they are no path",
            mappings: [("append:header.id", "$request.path.id"), ("append:header.rest", "<${request.path.proxy}>")],
            sees: [("id", "v 1"), ("rest", "<rest>")]),
        RequestRow(
            name: "the body as it is, and places in it",
            mappings: [
                ("append:header.all", "$request.body"), ("append:header.name", "$request.body.pets[1].name"),
                ("append:header.list", "$request.body.pets[0].tags"), ("append:header.n", "$request.body.n"),
                ("append:header.nothing", "$request.body.nope"), ("append:header.null", "$request.body.z"),
            ], body: #"{"pets":[{"tags":["a",1]},{"name":"Rex"}],"n":1.5,"z":null}"#,
            sees: [
                ("all", #"{"pets":[{"tags":["a",1]},{"name":"Rex"}],"n":1.5,"z":null}"#), ("name", "Rex"),
                ("list", #"["a",1]"#), ("n", "1.5"), ("nothing", nil), ("null", nil),
            ]),
        RequestRow(
            name: "a body that is no JSON has no places",
            mappings: [("append:header.a", "$request.body.a"), ("append:header.b", "$request.body")], body: "a=1",
            sees: [("a", nil), ("b", "a=1")]),
        RequestRow(
            name: "several sources in one value",
            mappings: [("append:header.x", "${request.header.x-two}/${stageVariables.v}/${request.querystring.a}!")],
            sees: [("x", "two/variable/1,2!")]),
        RequestRow(
            name: "a source that is not there leaves nothing",
            mappings: [
                ("append:header.x", "[${request.header.nope}]"), ("overwrite:header.x-two", "$request.header.nope"),
                ("overwrite:path", "$request.querystring.nope"),
            ], path: "/b/x?a=1&a=2&b=%C3%A9&C=d", sees: [("x", "[]"), ("x-two", "two")]),
        RequestRow(
            name: "Host may be overwritten", mappings: [("overwrite:header.Host", "elsewhere.example")],
            sees: [("host", "elsewhere.example")]),
        RequestRow(
            name: "line breaks of a value start no header",
            mappings: [("append:header.x", "$request.body.a")], body: #"{"a":"1\r\nX-Evil: 2"}"#,
            sees: [("x", "1  X-Evil: 2"), ("x-evil", nil)]),
        RequestRow(
            name: "variables of the context",
            mappings: [
                ("append:header.stage", "$context.stage"), ("append:header.api", "<${context.apiId}>"),
                ("append:header.verb", "$context.httpMethod"),
            ], body: "x", sees: [("stage", "$default"), ("verb", "POST")]),
    ]

    @Test("The backend sees what the mappings say", arguments: requestRows)
    func request(row: RequestRow) async throws {
        let backend = try Backend(.respond(status: 200, headers: [], body: "ok"))
        defer { backend.stop() }
        let api = RouteSpec.api(
            root: "x-portico-stages: {$default: {variables: {v: variable}}}",
            [SpecOperation("ANY /x/{id}/{proxy+}", RouteSpec.proxy("http://\(backend.authority)/b/x", row.mappings))])
        let gateway = try await TestGateway(api)
        let answer = try gateway.request("POST", row.target, headers: row.headers, body: row.body)
        await gateway.stop()
        #expect(answer.status == 200, "\(answer.text)")
        let seen = try #require(backend.requests.first)
        if let path = row.path { #expect(seen.path == path) }
        for (name, value) in row.sees {
            let values = seen.headers.filter { $0.name.lowercased() == name }.map(\.value)
            #expect((values.isEmpty ? nil : values.joined(separator: ", ")) == value, "\(name)")
        }
        #expect(seen.body == row.body)
    }

    @Test("A request id that is mapped is the one that the client is told")
    func requestID() async throws {
        let backend = try Backend(.respond(status: 200, headers: [], body: "ok"))
        defer { backend.stop() }
        let integration = RouteSpec.proxy(
            "http://\(backend.authority)/", [("append:header.header1", "$context.requestId")])
        let gateway = try await TestGateway(RouteSpec.api([SpecOperation("GET /x", integration)]))
        let answer = try gateway.request("GET", "/x")
        await gateway.stop()
        #expect(backend.requests.first?["header1"] == answer["apigw-requestid"])
        #expect(answer["apigw-requestid"]?.isEmpty == false)
    }

    @Test("A body of more than 100 KB has no places, and is sent whole")
    func longBody() async throws {
        let backend = try Backend(.respond(status: 200, headers: [], body: "ok"))
        defer { backend.stop() }
        let integration = RouteSpec.proxy("http://\(backend.authority)/", [("append:header.a", "$request.body.a")])
        let gateway = try await TestGateway(RouteSpec.api([SpecOperation("POST /x", integration)]))
        for (filler, value) in [(100 << 10, String?.none), (1000, "1")] {
            let body = #"{"a":"1","b":""# + String(repeating: "b", count: filler) + "\"}"
            _ = try gateway.request("POST", "/x", body: body)
            #expect(backend.requests.last?["a"] == value)
            #expect(backend.requests.last?.body == body)
        }
        await gateway.stop()
    }

    struct AnswerRow: Sendable, CustomTestStringConvertible {
        var name: String
        var mappings: [(String, [(String, String)])]
        var status = 200
        var headers: [(String, String)] = [
            ("X-One", "1"), ("x-one", "2"), ("X-Two", "two"), ("Content-Type", "application/json"),
        ]
        var body = #"{"message":"no","list":[1]}"#
        var method = "GET"
        var answer: Int
        var sees: [(String, String?)] = []
        var text: String?
        var testDescription: String { name }
    }

    static let answerRows: [AnswerRow] = [
        AnswerRow(
            name: "another status has no mappings", mappings: [("500", [("append:header.x", "y")])], answer: 200,
            sees: [("x", nil)]),
        AnswerRow(
            name: "headers are added, overwritten and removed",
            mappings: [
                (
                    "200",
                    [("append:header.x", "y"), ("overwrite:header.X-TWO", "new"), ("remove:header.x-one", "''")]
                )
            ], answer: 200, sees: [("x", "y"), ("x-two", "new"), ("x-one", nil), ("content-type", "application/json")]),
        AnswerRow(
            name: "the status is overwritten, and the body stays",
            mappings: [("500", [("append:header.header1", "$context.requestId"), ("overwrite:statuscode", "403")])],
            status: 500, answer: 403, text: #"{"message":"no","list":[1]}"#),
        AnswerRow(
            name: "a status without body takes the body away", mappings: [("200", [("overwrite:statuscode", "204")])],
            answer: 204, sees: [("content-length", nil)], text: ""),
        AnswerRow(
            name: "a status with a body gets an empty one", mappings: [("204", [("overwrite:statuscode", "200")])],
            status: 204, body: "", answer: 200, sees: [("content-length", "0")], text: ""),
        AnswerRow(
            name: "the status may come from the answer",
            mappings: [("200", [("overwrite:statuscode", "$response.header.x-status")])],
            headers: [("X-Status", "418")], answer: 418),
        AnswerRow(
            name: "what is no status changes nothing",
            mappings: [("200", [("overwrite:statuscode", "$response.header.x-status")])],
            headers: [("X-Status", "99")], answer: 200),
        AnswerRow(
            name: "headers and body of the answer are read",
            mappings: [
                (
                    "200",
                    [
                        ("append:header.all", "$response.header.X-ONE"),
                        ("append:header.why", "<${response.body.message}>"),
                        ("append:header.body", "$response.body"), ("append:header.v", "$stageVariables.v"),
                        ("append:header.nope", "$response.header.nope"),
                    ]
                )
            ], answer: 200,
            sees: [
                ("all", "1,2"), ("why", "<no>"), ("body", #"{"message":"no","list":[1]}"#), ("v", "variable"),
                ("nope", nil),
            ]),
        AnswerRow(
            name: "an answer to HEAD keeps its length", mappings: [("200", [("append:header.x", "y")])], method: "HEAD",
            answer: 200, sees: [("x", "y")], text: ""),
    ]

    @Test("The client sees what the mappings say", arguments: answerRows)
    func answer(row: AnswerRow) async throws {
        let backend = try Backend(.respond(status: row.status, headers: row.headers, body: row.body))
        defer { backend.stop() }
        let integration = RouteSpec.proxy("http://\(backend.authority)/", answers: row.mappings)
        let gateway = try await TestGateway(
            RouteSpec.api(
                root: "x-portico-stages: {$default: {variables: {v: variable}}}",
                [SpecOperation("ANY /x", integration)]))
        let answer = try gateway.request(row.method, "/x")
        await gateway.stop()
        #expect(answer.status == row.answer)
        for (name, value) in row.sees {
            let values = answer.headers.filter { $0.name.lowercased() == name }.map(\.value)
            #expect((values.isEmpty ? nil : values.joined(separator: ", ")) == value, "\(name)")
        }
        if let text = row.text { #expect(answer.text == text) }
        #expect(answer["apigw-requestid"] != nil)
    }

    @Test("Answers of functions are mapped by their own status")
    func function() async throws {
        let invoker = FakeInvoker { _ in
            AuthorizerSpec.returned(#"{"statusCode":404,"headers":{"X-A":"b"},"body":"{\"m\":\"gone\"}"}"#)
        }
        let integration = RouteSpec.function(
            answers: [("404", [("overwrite:statuscode", "410"), ("append:header.m", "$response.body.m")])])
        try await withHosted(
            RouteSpec.api(root: LambdaSpec.hosted, [SpecOperation("GET /x", integration)]), invoker
        ) { gateway in
            let answer = try gateway.request("GET", "/x")
            #expect(answer.status == 410)
            #expect(answer["m"] == "gone" && answer["x-a"] == "b")
            #expect(answer.text == #"{"m":"gone"}"#)
        }
    }

    @Test("Pipelined answers that are mapped stay apart")
    func pipelined() async throws {
        let backend = try Backend(.counter(headers: [("X-N", "n")]))
        defer { backend.stop() }
        let integration = RouteSpec.proxy(
            "http://\(backend.authority)/", answers: [("200", [("append:header.n", "$response.body")])])
        let gateway = try await TestGateway(RouteSpec.api([SpecOperation("GET /x", integration)]))
        let client = try RawConnection(port: gateway.port)
        try client.send("GET /x HTTP/1.1\r\nHost: h\r\n\r\nGET /x HTTP/1.1\r\nHost: h\r\n\r\n")
        for number in ["1", "2"] {
            let answer = try client.readResponse()
            #expect(answer.status == 200)
            #expect(answer["n"] == number && answer.text == number)
        }
        await gateway.stop()
    }
}
