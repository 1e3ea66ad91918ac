import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Source: reference, "HTTP_PROXY request and response" (1.6), "Integrations" (1.2), "Error bodies" (1.12).
@Suite("HTTP backends of HTTP APIs")
struct HTTPProxyRouteTests {
    private static func routes(_ backend: Backend) -> [HTTPAPISpec.Route] {
        let address = "http://\(backend.authority)"
        return [
            .init("ANY /items/{id}", HTTPAPISpec.proxy("\(address)/things/{id}?from=gateway")),
            .init("GET /files/{proxy+}", HTTPAPISpec.proxy("\(address)/f/{proxy}", verb: "GET")),
            .init("POST /fixed", HTTPAPISpec.proxy("\(address)/fixed", verb: "PUT")),
            .init("GET /slow", HTTPAPISpec.proxy("\(address)/slow", "timeoutInMillis: 50")),
            .init("GET /away", HTTPAPISpec.proxy("http://127.0.0.1:9/")),
            .init("$default", HTTPAPISpec.proxy("\(address)/all?k=v")),
        ]
    }

    @Test("The request that the backend gets: target, verb, fields, body")
    func requests() async throws {
        let backend = try Backend(.respond(status: 200, headers: [("Content-Type", "text/plain")], body: "ok"))
        try await withGateway(HTTPAPISpec.document(Self.routes(backend))) { gateway in
            check(
                [
                    ConformanceRow(
                        "1.6", "variable and query", "GET /items/a%20b?x=1&x=2", 200, "ok",
                        sent: .init("GET /things/a%20b?from=gateway&x=1&x=2")),
                    ConformanceRow(
                        "1.2", "ANY passes the verb on", "DELETE /items/7", 200, "ok",
                        sent: .init("DELETE /things/7?from=gateway")),
                    ConformanceRow(
                        "1.6", "greedy", "GET /files/a/b/c", 200, "ok", sent: .init("GET /f/a/b/c")),
                    ConformanceRow(
                        "1.2", "a verb of its own", "POST /fixed", body: "data", 200, "ok",
                        sent: .init("PUT /fixed", body: "data")),
                    ConformanceRow(
                        "1.6", "the default route appends the path", "PATCH /any/where?q=1", 200, "ok",
                        sent: .init("PATCH /all/any/where?k=v&q=1")),
                    ConformanceRow(
                        "1.6", "a body with GET", "GET /items/1", headers: [("Content-Type", "text/plain")], body: "b",
                        200, "ok", sent: .init(headers: [("Content-Length", "1")], body: "b")),
                    ConformanceRow(
                        "1.6", "fields pass but for those of one hop", "GET /items/1",
                        headers: [
                            ("Accept", "text/plain"), ("X-Own", "a, b"), ("Authorization", "Bearer t"),
                            ("Connection", "keep-alive, X-Gone"), ("X-Gone", "1"), ("TE", "trailers"),
                            ("X-HTTP-Method-Override", "PUT"),
                        ], 200, "ok",
                        sent: .init(
                            "GET /things/1?from=gateway",
                            headers: [
                                ("Accept", "text/plain"), ("X-Own", "a, b"), ("Authorization", "Bearer t"),
                                ("TE", nil), ("X-Gone", nil), ("X-HTTP-Method-Override", "PUT"),
                                ("Host", backend.authority),
                                ("Via", "HTTP/1.1 AmazonAPIGateway"), ("X-Forwarded-For", nil),
                                ("X-Amzn-Apigateway-Api-Id", nil),
                                (
                                    "Forwarded",
                                    "by=127.0.0.1;for=127.0.0.1;host=\"127.0.0.1:\(gateway.port)\";proto=http"
                                ),
                            ])),
                    ConformanceRow(
                        "1.6", "chains grow at their ends", "GET /items/1",
                        headers: [
                            ("Host", "api.example.com"), ("Forwarded", "for=10.0.0.1"), ("Via", "1.1 edge"),
                            ("X-Amzn-Trace-Id", "Root=1-5759e988-bd862e3fe1be46a994272793"),
                        ], 200, "ok",
                        sent: .init(headers: [
                            ("Forwarded", "for=10.0.0.1, by=127.0.0.1;for=127.0.0.1;host=api.example.com;proto=http"),
                            ("Via", "1.1 edge, HTTP/1.1 AmazonAPIGateway"),
                        ])),
                ], on: gateway, backend: backend)
        }
    }

    @Test("The backend's answer passes: status, fields, body, coding")
    func answers() async throws {
        let backend = try Backend(.respond(status: 200, headers: [], body: ""))
        try await withGateway(HTTPAPISpec.document(Self.routes(backend))) { gateway in
            check(
                [
                    ConformanceRow(
                        "1.6", "fields", "GET /items/1",
                        reply: .respond(
                            status: 418,
                            headers: [
                                ("Content-Type", "text/x"), ("X-Own", "1"), ("Server", "backend"),
                                ("Keep-Alive", "timeout=5"), ("Connection", "x-gone"), ("X-Gone", "1"),
                                ("x-amzn-RequestId", "theirs"),
                                ("Access-Control-Allow-Origin", "https://x"),
                            ], body: "tea"),
                        418, "tea",
                        shows: [
                            ("Content-Type", "text/x"), ("X-Own", "1"), ("Server", "backend"), ("Keep-Alive", nil),
                            ("X-Gone", nil),
                            ("x-amzn-RequestId", "theirs"), ("x-amzn-Remapped-Server", nil), ("x-amz-apigw-id", nil),
                            ("Access-Control-Allow-Origin", "https://x"), ("Content-Length", "3"),
                        ]),
                    ConformanceRow(
                        "1.6", "no type is none", "GET /items/1",
                        reply: .respond(status: 200, headers: [], body: "x"), 200, "x", shows: [("Content-Type", nil)]),
                    ConformanceRow(
                        "1.6", "a coding is not undone", "GET /items/1",
                        reply: .respond(status: 200, headers: [("Content-Encoding", "gzip")], body: "notgzip"),
                        200, "notgzip", shows: [("Content-Encoding", "gzip")]),
                    ConformanceRow(
                        "1.6", "no content", "GET /items/1",
                        reply: .respond(status: 204, headers: [], body: ""), 204, ""),
                ], on: gateway, backend: backend)
            backend.behave(.respond(status: 200, headers: [("apigw-requestid", "theirs")], body: ""))
            let answer = try gateway.request("GET", "/items/1")
            let id = try #require(answer["apigw-requestid"])
            #expect(id.count == 16 && id.hasSuffix("="))
        }
    }

    @Test("Backends that fail: 503 for none and for silence, 502 for what is no HTTP")
    func failures() async throws {
        let backend = try Backend(.silence)
        let unavailable = #"{"message":"Service Unavailable"}"#
        try await withGateway(HTTPAPISpec.document(Self.routes(backend))) { gateway in
            check(
                [
                    ConformanceRow(
                        "1.12", "time-out", "GET /slow", 503, unavailable, shows: [("x-amzn-ErrorType", nil)]),
                    ConformanceRow("1.12", "nobody there", "GET /away", 503, unavailable),
                    ConformanceRow(
                        "1.12", "no HTTP", "POST /items/1", reply: .rawThenClose("hello\r\n\r\n"), 502,
                        #"{"message":"Bad Gateway"}"#),
                ], on: gateway, backend: backend)
        }
    }

    @Test("A private integration calls the hosts of the link by the whole path")
    func privateIntegration() async throws {
        let backend = try Backend(.respond(status: 200, headers: [], body: "ok"))
        let listener = "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/my/50dc6c495c0c9188/0467ef3c"
        let service = "arn:aws:servicediscovery:us-east-1:123456789012:service/srv-id"
        func route(_ key: String, _ uri: String) -> HTTPAPISpec.Route {
            .init(key, HTTPAPISpec.proxy(uri, "connectionType: VPC_LINK, connectionId: link"))
        }
        let root = """
            x-portico-stages: {dev: {}}
            x-portico-vpc-links:
              "\(listener)": http://\(backend.authority)
              "\(service)?stage=blue": http://\(backend.authority)
              link: http://127.0.0.1:9
            """
        let spec = HTTPAPISpec.document(
            root: root,
            [
                route("ANY /orders/{id}", listener), route("GET /blue", "\(service)?stage=blue"),
                route("GET /green", "\(service)?stage=green"),
            ])
        try await withGateway(spec) { gateway in
            check(
                [
                    ConformanceRow(
                        "1.2", "listener", "POST /dev/orders/7?a=b", body: "x", 200, "ok",
                        sent: .init("POST /dev/orders/7?a=b", headers: [("Host", backend.authority)], body: "x")),
                    ConformanceRow(
                        "1.2", "service with filter", "GET /dev/blue", 200, "ok", sent: .init("GET /dev/blue")),
                    ConformanceRow("1.2", "the link's own hosts", "GET /dev/green", 503),
                ], on: gateway, backend: backend)
        }
    }
}
