import PorticoTestSupport
import Testing

/// Source: reference, "What each type does" (4.1) and the URI rules of 4.2.
@Suite("Conformance: HTTP and HTTP_PROXY integrations")
struct ConformanceHTTPTests {
    private static let verbs = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"]
    private static let ok = Backend.Behavior.respond(
        status: 200, headers: [("Content-Type", "application/json"), ("X-Secret", "s")], body: "{\"from\":\"backend\"}")

    @Test("The body goes with every integration verb but GET, HEAD and OPTIONS", arguments: ["http", "http_proxy"])
    func bodyByVerb(_ type: String) async throws {
        let backend = try Backend(Self.ok)
        let operations = Self.verbs.map { verb in
            SpecOperation(
                "POST /\(verb.lowercased())", backendIntegration(type, verb, "http://\(backend.authority)/in"))
        }
        let rows = Self.verbs.map { verb in
            let hasBody = !["GET", "HEAD", "OPTIONS"].contains(verb)
            return ConformanceRow(
                "4.1", "\(type) with \(verb)", "POST /dev/\(verb.lowercased())",
                headers: [("Content-Type", "text/plain")], body: "text", 200,
                sent: SentRequest(
                    "\(verb) /in", headers: [("Content-Length", hasBody ? "4" : nil), ("Transfer-Encoding", nil)],
                    body: hasBody ? "text" : ""))
        }
        try await withGateway(spec(operations)) { check(rows, on: $0, backend: backend) }
        backend.stop()
    }

    @Test("ANY takes the client's verb")
    func anyVerb() async throws {
        let backend = try Backend(Self.ok)
        let api = spec([
            SpecOperation("ANY /x", backendIntegration("http_proxy", "ANY", "http://\(backend.authority)/in"))
        ])
        let rows = Self.verbs.map {
            ConformanceRow("1.2", "ANY with \($0)", "\($0) /dev/x", 200, sent: SentRequest("\($0) /in"))
        }
        try await withGateway(api) { check(rows, on: $0, backend: backend) }
        backend.stop()
    }

    @Test("HTTP sends what is mapped and no more; HTTP_PROXY sends what the client sent")
    func whatIsSent() async throws {
        let backend = try Backend(Self.ok)
        let uri = "http://\(backend.authority)/in"
        let query = parameters("requestParameters", [("integration.request.querystring.m", "'x y'")])
        let api = spec([
            SpecOperation("POST /http", backendIntegration("http", "POST", uri)),
            SpecOperation("POST /proxy", backendIntegration("http_proxy", "POST", uri)),
            SpecOperation("GET /http", backendIntegration("http", "GET", uri)),
            SpecOperation("GET /proxy", backendIntegration("http_proxy", "GET", uri)),
            SpecOperation("GET /mapped/http", backendIntegration("http", "GET", uri, query)),
            SpecOperation("GET /mapped/proxy", backendIntegration("http_proxy", "GET", uri, query)),
            SpecOperation("GET /queried/http", backendIntegration("http", "GET", uri + "?own=1", query)),
            SpecOperation("GET /queried/proxy", backendIntegration("http_proxy", "GET", uri + "?own=1", query)),
        ])
        let client: [(String, String)] = [
            ("Content-Type", "text/plain"), ("X-Client", "c"), ("Accept", "text/html"), ("User-Agent", "tester"),
        ]
        let host = backend.authority
        let rows = [
            ConformanceRow(
                "4.1", "HTTP: no header of the client but the content type", "POST /dev/http?q=1", headers: client,
                body: "b", 200, "{\"from\":\"backend\"}",
                shows: [("X-Secret", nil), ("Content-Type", "application/json")],
                sent: SentRequest(
                    "POST /in",
                    headers: [
                        ("X-Client", nil), ("Accept", "application/json"), ("Content-Type", "text/plain"),
                        ("Host", host),
                        ("X-Forwarded-For", nil),
                    ], body: "b")),
            ConformanceRow(
                "4.1", "HTTP: without a body no content type", "GET /dev/http", headers: client, 200,
                sent: SentRequest("GET /in", headers: [("Content-Type", nil), ("Accept", "application/json")])),
            ConformanceRow(
                "4.1", "HTTP_PROXY: headers and query of the client", "POST /dev/proxy?q=1&q=2&%7E=+", headers: client,
                body: "b", 200, "{\"from\":\"backend\"}", shows: [("X-Secret", "s")],
                sent: SentRequest(
                    "POST /in?q=1&q=2&%7E=+",
                    headers: [
                        ("X-Client", "c"), ("Accept", "text/html"), ("Content-Type", "text/plain"), ("Host", host),
                        ("User-Agent", "tester"), ("X-Forwarded-For", "127.0.0.1"), ("X-Forwarded-Proto", "http"),
                    ], body: "b")),
            ConformanceRow(
                "4.1", "HTTP_PROXY: nothing that the client did not send", "GET /dev/proxy", 200,
                sent: SentRequest("GET /in", headers: [("Accept", nil), ("User-Agent", nil), ("Content-Type", nil)])),
            ConformanceRow(
                "4.1", "HTTP: only the mapped query", "GET /dev/mapped/http?q=1", 200,
                sent: SentRequest("GET /in?m=x%20y")),
            ConformanceRow(
                "4.1", "HTTP_PROXY: the mapped query is appended", "GET /dev/mapped/proxy?q=1", 200,
                sent: SentRequest("GET /in?q=1&m=x%20y")),
            ConformanceRow(
                "4.1", "HTTP_PROXY: the mapped query alone", "GET /dev/mapped/proxy", 200,
                sent: SentRequest("GET /in?m=x%20y")),
            ConformanceRow(
                "4.1", "HTTP: after the address's own query", "GET /dev/queried/http", 200,
                sent: SentRequest("GET /in?own=1&m=x%20y")),
            ConformanceRow(
                "4.1", "HTTP_PROXY: after the address's own query", "GET /dev/queried/proxy?q=1", 200,
                sent: SentRequest("GET /in?own=1&q=1&m=x%20y")),
        ]
        try await withGateway(api) { gateway in
            check(rows, on: gateway, backend: backend)
            for request in backend.requests {
                #expect(request["X-Amzn-Apigateway-Api-Id"]?.utf8.count == 10, "rule 4.1: \(request.path)")
                #expect(request["X-Amzn-Trace-Id"]?.hasPrefix("Root=1-") == true, "rule 4.1: \(request.path)")
            }
            let agent = backend.requests.first?["User-Agent"]
            #expect(agent == "AmazonAPIGateway_" + (backend.requests.first?["X-Amzn-Apigateway-Api-Id"] ?? ""))
        }
        backend.stop()
    }

    @Test("HTTP_PROXY passes the status and the body of the backend, whatever they are")
    func proxied() async throws {
        let backend = try Backend()
        let api = spec([
            SpecOperation("ANY /x", backendIntegration("http_proxy", "ANY", "http://\(backend.authority)/in"))
        ])
        func row(_ name: String, _ status: Int, _ body: String) -> ConformanceRow {
            ConformanceRow(
                "4.1", name, "GET /dev/x",
                reply: .respond(status: status, headers: [("Content-Type", "text/plain"), ("X-A", "b")], body: body),
                status, body, shows: [("Content-Type", "text/plain"), ("X-A", "b"), ("X-Amzn-Trace-Id", nil)])
        }
        let rows = [
            row("a success", 200, "fine"), row("an undeclared status", 299, "odd"), row("a refusal", 404, "not here"),
            row("a failure", 503, "broken"),
            ConformanceRow(
                "4.1", "a redirect is not followed", "GET /dev/x",
                reply: .respond(status: 302, headers: [("Location", "/elsewhere")], body: ""), 302, "",
                shows: [("Location", "/elsewhere")], sent: SentRequest("GET /in")),
            ConformanceRow(
                "4.1", "no content", "GET /dev/x", reply: .raw("HTTP/1.1 204 No Content\r\nX-A: b\r\n\r\n"), 204, "",
                shows: [("X-A", "b"), ("Content-Length", nil)]),
            ConformanceRow(
                "4.1", "chunks", "GET /dev/x",
                reply: .raw(
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nT: v\r\n\r\n"
                ),
                200, "abcdefg", shows: [("Transfer-Encoding", nil), ("Content-Length", "7"), ("T", nil)]),
            ConformanceRow(
                "4.1", "a body that ends with the connection", "GET /dev/x",
                reply: .rawThenClose("HTTP/1.1 200 OK\r\n\r\nto the end"), 200, "to the end"),
            ConformanceRow(
                "4.1", "HTTP/1.0", "GET /dev/x",
                reply: .rawThenClose("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok"), 200, "ok"),
            ConformanceRow(
                "4.1", "an interim response comes before the answer", "GET /dev/x",
                reply: .raw(
                    "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
                200, "ok", shows: [("Link", nil)]),
            ConformanceRow(
                "4.1", "byte by byte", "GET /dev/x",
                reply: .slowly("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: b\r\n\r\nbytes"), 200, "bytes",
                shows: [("X-A", "b")]),
            ConformanceRow(
                "4.1", "HEAD keeps the backend's length", "HEAD /dev/x",
                reply: .raw("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n"), 200, "",
                sent: SentRequest("HEAD /in")),
            ConformanceRow(
                "4.1", "several fields of a name stay several", "GET /dev/x",
                reply: .respond(status: 200, headers: [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")], body: ""), 200, ""
            ),
        ]
        try await withGateway(api) { gateway in
            check(rows, on: gateway, backend: backend)
            let cookies = try gateway.request("GET", "/dev/x").values("Set-Cookie")
            #expect(cookies == ["a=1", "b=2"])
        }
        backend.stop()
    }

    @Test("Placeholders and stage variables make up the address")
    func addresses() async throws {
        let backend = try Backend(Self.ok)
        let base = "http://\(backend.authority)"
        func proxied(_ line: String, _ uri: String, _ mapped: [(String, String)] = []) -> SpecOperation {
            SpecOperation(
                line, backendIntegration("http_proxy", "GET", uri, parameters("requestParameters", mapped)))
        }
        let api = spec(
            root:
                "x-portico-stages: {dev: {variables: {host: '\(backend.authority)', part: 'v1/sub', bad: 'host:port'}}}",
            [
                proxied(
                    "GET /one/{id}", base + "/a/{id}/b", [("integration.request.path.id", "method.request.path.id")]),
                proxied(
                    "GET /all/{proxy+}", base + "/{proxy}",
                    [("integration.request.path.proxy", "method.request.path.proxy")]),
                proxied("GET /unresolved", base + "/a/{nothing}"),
                proxied(
                    "GET /query/{id}", base + "/a?k={id}", [("integration.request.path.id", "method.request.path.id")]),
                proxied("GET /host", "http://${stageVariables.host}/h"),
                proxied("GET /part", base + "/${stageVariables.part}/x"),
                proxied("GET /missing", base + "/a${stageVariables.nothing}b"),
                proxied("GET /bad", "http://${stageVariables.bad}/x"),
                proxied("GET /empty", "http://${stageVariables.nothing}/x"),
                proxied(
                    "GET /from/{id}", "http://{host}/x", [("integration.request.path.host", "stageVariables.host")]),
                proxied(
                    "GET /renamed/{id}", base + "/r/{other}",
                    [("integration.request.path.other", "method.request.querystring.o")]),
            ])
        let failure = message("Internal server error")
        let rows = [
            ConformanceRow("4.2", "a path value", "GET /dev/one/7", 200, sent: SentRequest("GET /a/7/b")),
            ConformanceRow(
                "2.7", "a path value is not decoded", "GET /dev/one/a%2Bb+c", 200, sent: SentRequest("GET /a/a%2Bb+c/b")
            ),
            ConformanceRow("4.2", "a greedy value", "GET /dev/all/x/y/z", 200, sent: SentRequest("GET /x/y/z")),
            ConformanceRow(
                "2.2", "a greedy value with two slashes", "GET /dev/all/x//z", 200, sent: SentRequest("GET /x//z")),
            ConformanceRow("4.2", "a query value", "GET /dev/query/7?z=1", 200, sent: SentRequest("GET /a?k=7&z=1")),
            ConformanceRow(
                "4.2", "a value from the query", "GET /dev/renamed/1?o=two", 200, sent: SentRequest("GET /r/two?o=two")),
            ConformanceRow(
                "2.7", "a literal percent sign is encoded again", "GET /dev/renamed/1?o=5%25", 200,
                sent: SentRequest("GET /r/5%25?o=5%25")),
            ConformanceRow(
                "2.7", "an escape of the path stays", "GET /dev/one/5%25", 200, sent: SentRequest("GET /a/5%25/b")),
            ConformanceRow(
                "4.2", "a stage variable as host", "GET /dev/host", 200,
                sent: SentRequest("GET /h", headers: [("Host", backend.authority)])),
            ConformanceRow(
                "4.2", "a stage variable as part of the path", "GET /dev/part", 200, sent: SentRequest("GET /v1/sub/x")),
            ConformanceRow(
                "4.2", "a missing stage variable is empty", "GET /dev/missing", 200, sent: SentRequest("GET /ab")),
            ConformanceRow("4.2", "a mapped host", "GET /dev/from/1", 200, sent: SentRequest("GET /x")),
            ConformanceRow(
                "4.1", "an address that is none after substitution", "GET /dev/bad", 500, failure, sent: .notCalled),
            ConformanceRow("4.1", "an address without a host", "GET /dev/empty", 500, failure, sent: .notCalled),
        ]
        try await withGateway(api) { gateway in
            check(rows, on: gateway, backend: backend)
            let unresolved = try gateway.request("GET", "/dev/unresolved")
            #expect(unresolved.status == 200)
            let path = backend.requests.last?.path
            #expect(path == "/a/{nothing}" || path == "/a/%7Bnothing%7D", "rule 4.2: an unresolved placeholder stays")
        }
        backend.stop()
    }
}
