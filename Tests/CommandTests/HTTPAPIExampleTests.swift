import PorticoSyntax
import PorticoTestSupport
import Testing

/// The example of an HTTP API, by the built command.
@Suite("The example of an HTTP API", .serialized)
struct HTTPAPIExampleTests {
    private static let spec = "\(GoldenFile.packageRoot)/specs/http.yaml"

    @Test("It is served: a Python function, an HTTP backend, CORS")
    func serve() throws {
        let backend = try FakeUpstream(.respond(status: 200, headers: [("Content-Type", "image/png")], body: "png"))
        let server = try ServingPortico("serve", Self.spec, "--no-watch", "--var", "backend=\(backend.authority)")
        try server.waitUntilInstalled("/orders/1")
        func send(
            _ method: String, _ path: String, _ headers: [(String, String)] = [], _ body: String = ""
        ) throws -> RawResponse {
            try HTTP.request(method, path, port: server.port, headers: headers, body: body)
        }
        let order = try send("GET", "/orders/7?size=L")
        #expect(order.status == 200, "\(order.text) \(server.process.errors)")
        #expect(order.text == #"{"id": "7", "size": "L"}"#)
        let made = try send("POST", "/orders", [("Content-Type", "application/json")], #"{"size": "S"}"#)
        #expect(made.status == 201)
        #expect(made.values("set-cookie") == ["last=8; Path=/; HttpOnly"])
        #expect(made["location"] == "/orders/8")
        #expect(try send("POST", "/orders", [], "{").status == 400)

        #expect(try send("GET", "/images/a/b.png").text == "png")
        #expect(backend.requests.last?.path == "/static/a/b.png")
        #expect(try send("PUT", "/anything/else?a=b", [], "x").status == 200)
        #expect(backend.requests.last?.path == "/anything/else?a=b")

        let preflight = try send(
            "OPTIONS", "/orders",
            [("Origin", "https://shop.example.com"), ("Access-Control-Request-Method", "POST")])
        #expect(preflight.status == 204)
        #expect(preflight["access-control-allow-origin"] == "https://shop.example.com")
        #expect(preflight["access-control-allow-methods"] == "GET,POST,OPTIONS")
        #expect(order["access-control-allow-origin"] == nil)
    }

    @Test("Commands know routes, default route and stage")
    func commands() throws {
        let routes = try PorticoProcess.run("routes", Self.spec)
        #expect(routes.status == 0)
        #expect(routes.output.contains("$default") && routes.output.contains("/orders/{id}"), "\(routes.output)")

        let explained = try PorticoProcess.run("explain", "GET", "/beta/orders/7", Self.spec)
        #expect(explained.output.contains("stage: 'beta'"), "\(explained.output)")
        #expect(explained.output.contains("route key: GET /orders/{id}"))
        #expect(explained.output.contains("payload format 2.0"))
        let fallback = try PorticoProcess.run("explain", "DELETE", "/orders", Self.spec)
        #expect(fallback.output.contains("route key: $default"), "\(fallback.output)")
        #expect(fallback.output.contains("appends the request's path"))

        let dump = try PorticoProcess.run("dump", Self.spec)
        #expect(dump.output.contains("protocol HTTP") && dump.output.contains("== CORS =="), "\(dump.output)")

        let invoked = try PorticoProcess.run("invoke", "GET", "/orders/3", Self.spec)
        #expect(invoked.output.contains(#"{"id": "3", "size": "M"}"#), "\(invoked.output) \(invoked.errors)")

        let exported = try PorticoProcess.run("export", Self.spec)
        #expect(exported.output.contains("payloadFormatVersion"), "\(exported.output)")
        #expect(!exported.output.contains("passthroughBehavior"))
    }
}
