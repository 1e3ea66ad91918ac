import PorticoTestSupport
import Testing

/// Source: reference, "Headers" (4.6).
@Suite("Conformance: headers on the way to the backend and back")
struct ConformanceHeaderTests {
    private static let neverSeen = [
        "Content-MD5", "Max-Forwards", "Proxy-Authenticate", "Server", "TE", "Trailer", "WWW-Authenticate",
    ]
    private static let notForwarded = ["Content-Encoding", "Via"]

    @Test("HTTP_PROXY drops what the table names and forwards the rest in its own case")
    func forwarded() async throws {
        let backend = try Backend()
        let api = spec([
            SpecOperation("ANY /x", backendIntegration("http_proxy", "ANY", "http://\(backend.authority)/in"))
        ])
        var rows = Self.neverSeen.map { name in
            ConformanceRow(
                "4.6", name, "GET /dev/x", headers: [(name, "1")], 200, sent: SentRequest(headers: [(name, nil)]))
        }
        rows += Self.notForwarded.map { name in
            ConformanceRow(
                "4.6", name, "GET /dev/x", headers: [(name, "x")], 200, sent: SentRequest(headers: [(name, nil)]))
        }
        rows += [
            ConformanceRow(
                "4.6", "Host is the backend's", "GET /dev/x", 200,
                sent: SentRequest(headers: [("Host", backend.authority)])),
            ConformanceRow(
                "4.6", "Authorization goes on", "GET /dev/x", headers: [("Authorization", "Bearer t")], 200,
                sent: SentRequest(headers: [("Authorization", "Bearer t")])),
            ConformanceRow(
                "4.6", "a signature does not", "GET /dev/x",
                headers: [
                    ("Authorization", "AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/execute-api/aws4_request")
                ],
                200, sent: SentRequest(headers: [("Authorization", nil)])),
            ConformanceRow(
                "4.6", "fields that Connection names stay with the connection", "GET /dev/x",
                headers: [("Upgrade", "websocket"), ("Connection", "upgrade")], 200,
                sent: SentRequest(headers: [("Upgrade", nil), ("Connection", nil)])),
            ConformanceRow(
                "4.6", "the chain of addresses grows", "GET /dev/x", headers: [("X-Forwarded-For", "9.9.9.9")], 200,
                sent: SentRequest(headers: [("X-Forwarded-For", "9.9.9.9, 127.0.0.1")])),
            ConformanceRow(
                "9.4", "a trace id is kept and completed", "GET /dev/x",
                headers: [
                    ("X-Amzn-Trace-Id", "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1")
                ], 200,
                sent: SentRequest(headers: [
                    ("X-Amzn-Trace-Id", "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1")
                ])),
        ]
        try await withGateway(api) { gateway in
            check(rows, on: gateway, backend: backend)
            _ = try gateway.request("GET", "/dev/x", headers: [("x-LOWER-Upper", "v")])
            #expect(backend.requests.last?.headers.contains { $0.name == "x-LOWER-Upper" && $0.value == "v" } == true)
        }
        backend.stop()
    }

    @Test("Templates see the client's headers but those that never reach anything")
    func visible() async throws {
        let names = Self.neverSeen + Self.notForwarded + ["Authorization", "User-Agent", "X-Other"]
        let template = names.map { "$input.params('\($0)')" }.joined(separator: "|")
        let values =
            Self.neverSeen.map { _ in "" } + Self.notForwarded.map { "v-\($0)" }
            + ["v-Authorization", "v-User-Agent", "v-X-Other"]
        try await withGateway(spec([SpecOperation("GET /x", mock(template))])) { gateway in
            check(
                [
                    ConformanceRow(
                        "4.6", "$input.params", "GET /dev/x", headers: names.map { ($0, "v-\($0)") }, 200,
                        values.joined(separator: "|"))
                ], on: gateway)
        }
    }

    @Test(
        "A header mapped to the backend is sent, left out, or an error, as the table says",
        arguments: ["http", "http_proxy"])
    func mapped(_ type: String) async throws {
        let fails = [
            "Content-Length", "Transfer-Encoding", "content-length", "X-Amzn-Trace-Id", "X-Amzn-Apigateway-Api-Id",
        ]
        let dropped = ["Expect", "Proxy-Authenticate", "TE", "Via", "Connection"]
        let sent = [
            "Host", "Authorization", "Content-Encoding", "Content-MD5", "Max-Forwards", "Server", "Trailer", "Upgrade",
            "User-Agent", "WWW-Authenticate", "X-Other", "Accept",
        ]
        let backend = try Backend()
        var operations: [SpecOperation] = []
        var rows: [ConformanceRow] = []
        for name in fails + dropped + sent {
            operations.append(
                SpecOperation(
                    "GET /\(name)-",
                    backendIntegration(
                        type, "GET", "http://\(backend.authority)/in",
                        parameters("requestParameters", [("integration.request.header.\(name)", "'v'")]))))
            let expected: SentRequest =
                fails.contains(name)
                ? .notCalled : SentRequest(headers: [(name, sent.contains(name) ? "v" : nil)])
            rows.append(
                ConformanceRow(
                    "4.6", name, "GET /dev/\(name)-", fails.contains(name) ? 500 : 200,
                    fails.contains(name) ? message("Internal server error") : nil, sent: expected))
        }
        try await withGateway(spec(operations)) { check(rows, on: $0, backend: backend) }
        backend.stop()
    }

    @Test("A refused header is only an error when its mapping has a value", arguments: ["http", "http_proxy", "mock"])
    func refusedWithoutValue(_ type: String) async throws {
        let backend = try Backend()
        let mapped = parameters(
            "requestParameters", [("integration.request.header.Content-Length", "method.request.header.X-Length")])
        let integration =
            type == "mock"
            ? "{type: mock, requestTemplates: {application/json: '{\"statusCode\": 200}'}, \(mapped), "
                + "responses: {default: {statusCode: \"200\"}}}"
            : backendIntegration(type, "POST", "http://\(backend.authority)/in", mapped)
        try await withGateway(spec([SpecOperation("POST /x", integration)])) { gateway in
            check(
                [
                    ConformanceRow("4.2", "no value", "POST /dev/x", body: "ab", 200),
                    ConformanceRow("4.2", "an empty one", "POST /dev/x", headers: [("X-Length", "")], body: "ab", 200),
                    ConformanceRow(
                        "4.6", "a value", "POST /dev/x", headers: [("X-Length", "2")], body: "ab", 500,
                        message("Internal server error")),
                ], on: gateway, backend: backend)
            #expect(backend.requests.count == (type == "mock" ? 0 : 2))
            #expect(backend.requests.allSatisfy { $0["Content-Length"] == "2" })
        }
        backend.stop()
    }

    @Test("Fields of the connection reach neither templates nor mappings nor a backend")
    func connectionFields() async throws {
        let names = ["Connection", "Content-Length", "Expect", "Transfer-Encoding", "Upgrade", "Keep-Alive"]
        let backend = try Backend()
        let uri = "http://\(backend.authority)/in"
        let template =
            "$input.params().header.keySet()|" + names.map { "$input.params('\($0)')" }.joined(separator: "|")
        let mapped = names.map { ("integration.request.header.X-\($0)", "method.request.header.\($0)") }
        let api = spec([
            SpecOperation(
                "POST /template",
                backendIntegration("http", "POST", uri, "requestTemplates: {application/json: \(quoted(template))}")),
            SpecOperation(
                "POST /http", backendIntegration("http", "POST", uri, parameters("requestParameters", mapped))),
            SpecOperation(
                "POST /proxy", backendIntegration("http_proxy", "POST", uri, parameters("requestParameters", mapped))),
        ])
        try await withGateway(api) { gateway in
            for framing in ["Content-Length: 2\r\n\r\nab", "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n"] {
                for path in ["template", "http", "proxy"] {
                    let place: Comment = "rule 4.6: \(path), \(framing.prefix(12))"
                    let connection = try RawConnection(port: gateway.port)
                    try connection.send(
                        "POST /dev/\(path) HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, upgrade\r\nUpgrade: h2c\r\n"
                            + "Expect: 100-continue\r\nKeep-Alive: timeout=5\r\nX-Plain: p\r\n" + framing)
                    #expect(try connection.readResponse().status == 200, place)
                    let seen = try #require(backend.requests.last, place)
                    if path == "template" {
                        #expect(seen.body.hasSuffix("||||||"), place)
                        #expect(seen.body.contains("X-Plain") && !seen.body.contains("Expect"), place)
                        continue
                    }
                    #expect(seen.body == "ab", place)
                    #expect(seen["Content-Length"] == "2", place)
                    #expect(seen["X-Plain"] == (path == "proxy" ? "p" : nil), place)
                    for name in names {
                        #expect(seen["X-\(name)"] == nil, "rule 4.6: \(path), \(name)")
                        if name != "Content-Length" { #expect(seen[name] == nil, "rule 4.6: \(path), \(name)") }
                    }
                }
            }
        }
        backend.stop()
    }

    @Test("Every answer has a request id and an extended one, once each")
    func ids() async throws {
        let backend = try Backend(
            .respond(status: 200, headers: [("x-amzn-RequestId", "theirs"), ("x-amz-apigw-id", "theirs=")], body: "b"))
        let uri = "http://\(backend.authority)/in"
        let api = spec([
            SpecOperation("GET /http", backendIntegration("http", "GET", uri)),
            SpecOperation("GET /proxy", backendIntegration("http_proxy", "GET", uri)),
            SpecOperation("GET /mock", mock("ok")),
        ])
        try await withGateway(api) { gateway in
            for path in ["http", "proxy", "mock", "nowhere"] {
                let answer = try gateway.request("GET", "/dev/\(path)")
                #expect(answer.values("x-amzn-RequestId").count == 1, "rule 4.6: \(path)")
                #expect(answer["x-amzn-RequestId"]?.utf8.count == 36, "rule 4.6: \(path)")
                #expect(answer.values("x-amz-apigw-id").count == 1, "rule 4.6: \(path)")
                #expect(answer["x-amz-apigw-id"]?.hasSuffix("=") == true, "rule 4.6: \(path)")
                let isProxy = path == "proxy"
                #expect(answer["x-amzn-Remapped-x-amzn-RequestId"] == (isProxy ? "theirs" : nil), "rule 4.6: \(path)")
            }
        }
        backend.stop()
    }

    @Test("A header mapped to the client is renamed or left out, as the table says")
    func responseMapped() async throws {
        let remapped = [
            "Authorization", "Connection", "Content-Length", "Content-MD5", "Date", "Expect", "Host", "Max-Forwards",
            "Proxy-Authenticate", "Server", "Trailer", "Upgrade", "User-Agent", "WWW-Authenticate",
        ]
        let backend = try Backend(.respond(status: 200, headers: [], body: "ok"))
        let entries =
            (remapped + [
                "x-amzn-RequestId", "x-amz-apigw-id", "Transfer-Encoding", "X-Plain", "Location", "Set-Cookie",
            ]).map {
                ("method.response.header.\($0)", "'v'")
            }
        let answer = response(200, nil, parameters("responseParameters", entries))
        let api = spec([
            SpecOperation(
                "GET /http",
                backendIntegration("http", "GET", "http://\(backend.authority)/in", responses: "{default: \(answer)}")),
            SpecOperation(
                "GET /override",
                mock(
                    "#set($context.responseOverride.header.Server = 'v')#set($context.responseOverride.header['Transfer-Encoding'] = 'x')ok"
                )),
        ])
        var shown: [(String, String?)] = remapped.map { ("x-amzn-Remapped-\($0)", "v") }
        shown += [("X-Plain", "v"), ("Location", "v"), ("Set-Cookie", "v"), ("Transfer-Encoding", nil)]
        shown += [("x-amzn-Remapped-x-amzn-RequestId", "v"), ("x-amzn-Remapped-x-amz-apigw-id", "v")]
        shown += [
            ("Content-Length", "2"), ("Server", nil), ("WWW-Authenticate", nil),
            ("x-amzn-Remapped-Transfer-Encoding", nil),
        ]
        try await withGateway(api) { gateway in
            check(
                [
                    ConformanceRow("4.6", "responseParameters", "GET /dev/http", 200, "ok", shows: shown),
                    ConformanceRow(
                        "4.6", "overrides of a template", "GET /dev/override", 200, "ok",
                        shows: [("x-amzn-Remapped-Server", "v"), ("Server", nil), ("Transfer-Encoding", nil)]),
                ], on: gateway, backend: backend)
        }
        backend.stop()
    }

    @Test("Headers of a proxied backend are renamed or left out, as the table says")
    func proxied() async throws {
        let backend = try Backend()
        let api = spec([
            SpecOperation("GET /x", backendIntegration("http_proxy", "GET", "http://\(backend.authority)/in"))
        ])
        let headers: [(String, String)] = [
            ("Connection", "keep-alive"), ("Date", "yesterday"), ("Server", "s"), ("x-amzn-RequestId", "r"),
            ("Via", "1.1 v"), ("X-Other", "o"), ("Content-Type", "text/css"), ("Keep-Alive", "timeout=5"),
            ("WWW-Authenticate", "Basic"), ("User-Agent", "b"),
        ]
        try await withGateway(api) { gateway in
            check(
                [
                    ConformanceRow(
                        "4.6", "HTTP_PROXY", "GET /dev/x", reply: .respond(status: 200, headers: headers, body: "body"),
                        200,
                        "body",
                        shows: [
                            ("x-amzn-Remapped-Connection", "keep-alive"), ("x-amzn-Remapped-Date", "yesterday"),
                            ("x-amzn-Remapped-Server", "s"), ("x-amzn-Remapped-x-amzn-RequestId", "r"),
                            ("x-amzn-Remapped-Content-Length", "4"), ("Content-Length", "4"), ("Via", nil),
                            ("Server", nil),
                            ("X-Other", "o"), ("Content-Type", "text/css"), ("Keep-Alive", nil),
                            // The list of proxies is shorter than that of mappings.
                            ("WWW-Authenticate", "Basic"), ("User-Agent", "b"),
                        ]),
                    ConformanceRow(
                        "4.6", "no content type of the backend", "GET /dev/x",
                        reply: .respond(status: 200, headers: [], body: "x"), 200, "x",
                        shows: [("Content-Type", "application/json")]),
                ], on: gateway, backend: backend)
            let answer = try gateway.request("GET", "/dev/x")
            #expect(answer.values("x-amzn-RequestId").count == 1)
            #expect(answer.values("Date").count == 1)
            #expect(answer.values("Content-Length").count == 1)
        }
        backend.stop()
    }

    @Test("HTTP answers carry the trace id, proxied ones do not")
    func traceID() async throws {
        let backend = try Backend()
        let uri = "http://\(backend.authority)/in"
        let api = spec([
            SpecOperation("GET /http", backendIntegration("http", "GET", uri)),
            SpecOperation("GET /proxy", backendIntegration("http_proxy", "GET", uri)),
            SpecOperation("GET /mock", mock("ok")),
        ])
        try await withGateway(api) { gateway in
            let shown = try gateway.request("GET", "/dev/http")["X-Amzn-Trace-Id"]
            #expect(shown == backend.requests.last?["X-Amzn-Trace-Id"])
            #expect(shown?.hasPrefix("Root=1-") == true)
            for path in ["/dev/proxy", "/dev/mock", "/dev/nothing"] {
                let answer = try gateway.request("GET", path)
                #expect(answer["X-Amzn-Trace-Id"] == nil, "rule 4.6: \(path)")
            }
        }
        backend.stop()
    }
}
