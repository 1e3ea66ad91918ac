import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Source: reference, "CORS" (1.8); cases `http-cors-*`.
@Suite("CORS of HTTP APIs")
struct CORSTests {
    private static let origin = "https://www.example.com"
    private static let cors =
        "x-amazon-apigateway-cors: {allowOrigins: ['https://www.example.com', 'http://localhost:3000'], "
        + "allowMethods: [GET, OPTIONS, POST], allowHeaders: [content-type], exposeHeaders: [x-api-id], maxAge: 300, "
        + "allowCredentials: true}"
    private static let preflight = [("Origin", origin), ("Access-Control-Request-Method", "GET")]

    private static let common: [(String, String?)] = [
        ("access-control-allow-origin", origin), ("access-control-allow-credentials", "true"),
        ("access-control-expose-headers", "x-api-id"), ("vary", "Origin"),
    ]
    private static let none: [(String, String?)] = [
        ("access-control-allow-origin", nil), ("access-control-allow-credentials", nil),
        ("access-control-expose-headers", nil), ("access-control-allow-methods", nil),
    ]

    private static func routes(_ backend: Backend) -> [HTTPAPISpec.Route] {
        let proxy = HTTPAPISpec.proxy("http://\(backend.authority)/b")
        return [.init("GET /pets", proxy), .init("OPTIONS /own", proxy), .init("ANY /any", proxy)]
    }

    @Test("Preflights are answered by the gateway; other answers have its fields instead of the backend's")
    func rules() async throws {
        let backend = try Backend(.respond(status: 200, headers: [], body: "ok"))
        let theirs: Backend.Behavior = .respond(
            status: 200,
            headers: [("Access-Control-Allow-Origin", "*"), ("access-control-max-age", "1"), ("X-Own", "1")], body: "ok"
        )
        try await withGateway(HTTPAPISpec.document(root: Self.cors, Self.routes(backend))) { gateway in
            check(
                [
                    ConformanceRow(
                        "1.8", "preflight", "OPTIONS /pets", headers: Self.preflight, 204, "",
                        shows: Self.common + [
                            ("access-control-allow-methods", "GET,OPTIONS,POST"),
                            ("access-control-allow-headers", "content-type"), ("access-control-max-age", "300"),
                        ], sent: .notCalled),
                    ConformanceRow(
                        "1.8", "preflight of no path", "OPTIONS /nowhere", headers: Self.preflight, 204, "",
                        shows: Self.common, sent: .notCalled),
                    ConformanceRow(
                        "1.8", "preflight of another origin", "OPTIONS /pets",
                        headers: [("Origin", "https://evil.example"), ("Access-Control-Request-Method", "GET")], 204,
                        "",
                        shows: Self.none, sent: .notCalled),
                    ConformanceRow(
                        "1.8", "no request method", "OPTIONS /pets", headers: [("Origin", Self.origin)], 404,
                        shows: Self.none, sent: .notCalled),
                    ConformanceRow("1.8", "no origin", "GET /pets", 200, "ok", shows: Self.none),
                    ConformanceRow(
                        "1.8", "an origin", "GET /pets", headers: [("Origin", Self.origin)], reply: theirs, 200, "ok",
                        shows: Self.common + [("access-control-max-age", nil), ("X-Own", "1")]),
                    ConformanceRow(
                        "1.8", "another origin", "GET /pets", headers: [("Origin", "https://evil.example")], 200, "ok",
                        shows: Self.none + [("X-Own", "1")]),
                    ConformanceRow(
                        "1.8", "errors too", "POST /pets", headers: [("Origin", "http://localhost:3000")], 404,
                        shows: [("access-control-allow-origin", "http://localhost:3000")]),
                    ConformanceRow(
                        "1.8", "a route of its own", "OPTIONS /own", headers: Self.preflight, 200, "ok",
                        shows: Self.common + [("access-control-allow-methods", "GET,OPTIONS,POST")],
                        sent: .init("OPTIONS /b")),
                    ConformanceRow(
                        "1.8", "ANY with a path", "OPTIONS /any", headers: Self.preflight, 200, "ok",
                        shows: Self.common, sent: .init("OPTIONS /b")),
                ], on: gateway, backend: backend)
        }
    }

    @Test(
        "Origins by pattern",
        arguments: [
            ("*", "https://a.example", "*"), ("*", "null", "*"),
            ("https://*", "https://a.example", "https://a.example"),
            ("https://*", "http://a.example", nil), ("http://*", "http://localhost:1", "http://localhost:1"),
            ("https://a.example", "https://a.example:8443", nil), ("https://a.example", "https://A.example", nil),
        ])
    func origins(_ allowed: String, _ origin: String, _ shown: String?) async throws {
        let backend = try Backend(.respond(status: 200, headers: [], body: "ok"))
        let root = "x-amazon-apigateway-cors: {allowOrigins: ['\(allowed)'], allowMethods: ['*']}"
        try await withGateway(HTTPAPISpec.document(root: root, Self.routes(backend))) { gateway in
            let answer = try gateway.request("GET", "/pets", headers: [("Origin", origin)])
            #expect(answer["access-control-allow-origin"] == shown)
            #expect(answer["vary"] == (shown == "*" || shown == nil ? nil : "Origin"))
        }
    }

    @Test("Without settings the backend sees to it")
    func off() async throws {
        let backend = try Backend(
            .respond(status: 200, headers: [("Access-Control-Allow-Origin", "https://x")], body: "ok"))
        try await withGateway(HTTPAPISpec.document(Self.routes(backend))) { gateway in
            check(
                [
                    ConformanceRow("1.8", "no preflight", "OPTIONS /pets", headers: Self.preflight, 404),
                    ConformanceRow(
                        "1.8", "passes", "GET /pets", headers: [("Origin", "https://x")], 200, "ok",
                        shows: [("access-control-allow-origin", "https://x")]),
                ], on: gateway, backend: backend)
        }
    }

    @Test("Functions' fields are replaced as well")
    func functions() async throws {
        let backend = try Backend(
            .returns(
                #"{"statusCode":200,"headers":{"Access-Control-Allow-Origin":"*","X-Own":"1"},"body":"ok"}"#))
        let spec = HTTPAPISpec.document(
            root: Self.cors + "\n" + LambdaSpec.endpoint(backend), [.init("GET /x", HTTPAPISpec.function())])
        try await withLambda(spec) { gateway in
            let answer = try gateway.request("GET", "/x", headers: [("Origin", Self.origin)])
            #expect(answer.values("access-control-allow-origin") == [Self.origin])
            #expect(answer["X-Own"] == "1")
        }
    }

    @Test("The $default route takes preflights only if it is guarded")
    func defaultRoute() async throws {
        let backend = try Backend(.respond(status: 200, headers: [], body: "ok"))
        let proxy = HTTPAPISpec.proxy("http://\(backend.authority)")
        let schemes = """
            components: {securitySchemes: {iam: {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4}}}
            """
        for (members, status) in [("", 204), ("security: [{iam: []}]", 403)] {
            let spec = HTTPAPISpec.document(
                root: Self.cors + "\n" + schemes, [.init("$default", proxy, members)])
            try await withGateway(spec) { gateway in
                check(
                    [ConformanceRow("1.8", "default", "OPTIONS /x", headers: Self.preflight, status, sent: .notCalled)],
                    on: gateway, backend: backend)
            }
        }
    }
}
