import PorticoIR
import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Source: API Gateway guide, "Monitor WebSocket API execution with CloudWatch metrics".
@Suite("Metrics of WebSocket APIs")
struct SocketMetricsTests {
    private static let stage =
        "x-portico-stages: {dev: {defaultRouteSettings: {detailedMetricsEnabled: true}}}"

    /// Waits until so many events were counted at all stages and routes together.
    private static func wait(for count: UInt64, _ event: SocketCount, _ gateway: SocketGateway) throws {
        try Deadline().wait(for: "\(count) times \(event)") {
            gateway.server.observation.registry.read().totals.reduce(0) { $0 + $1.sockets(event) } == count
        }
    }

    @Test("connections, messages either way, and what went wrong with them are told by API, stage and route")
    func traffic() async throws {
        let good = try Backend(.respond(status: 200, headers: [], body: "ok"))
        let bad = try Backend(.respond(status: 500, headers: [], body: "no"))
        defer {
            good.stop()
            bad.stop()
        }
        let away = "{type: http_proxy, httpMethod: POST, uri: \(quoted("http://127.0.0.1:9/"))}"
        let spec = SocketSpec.api(
            [
                ("id", SocketSpec.says("$context.connectionId")), ("say", SocketSpec.http(good)),
                ("bad", SocketSpec.http(bad, isTwoWay: false)), ("away", SocketSpec.integration(away)),
            ], root: Self.stage + "\n" + SocketSpec.identities)
        let api = try "ApiId=\(TestGateway.compile(spec).identity.apiID)"
        try await withSockets(spec) { gateway in
            let socket = try gateway.connect()
            let id = try socket.ask("{\"action\":\"id\"}")
            #expect(try socket.ask("{\"action\":\"say\"}") == "ok")
            try socket.send("{\"action\":\"bad\"}")
            try Self.wait(for: 1, .integrationError, gateway)
            #expect(try socket.ask("{\"action\":\"away\"}").contains("message"))
            #expect(try socket.ask("{\"action\":\"other\"}").contains("Forbidden"))
            for text in ["one", "two"] {
                #expect(try gateway.call("POST", id, body: text).status == 200)
                #expect(try socket.readText() == text)
            }
            #expect(try gateway.call("GET", id).status == 200)
            try socket.close(1000)
            _ = try socket.readClose()
            #expect(try gateway.call("POST", id, body: "late").status == 410)

            let lines = gateway.server.observation.registry.minute()
            let routes = ["$connect", "id", "say", "bad", "away"]
            #expect(Set(lines.keys) == Set([api, api + " Stage=dev"] + routes.map { "\(api) Stage=dev Route=\($0)" }))
            for name in [api, api + " Stage=dev"] {
                let line = try #require(lines[name])
                #expect(
                    line.units == [
                        "ConnectCount": "Count", "MessageCount": "Count", "ClientError": "Count",
                        "IntegrationError": "Count", "ExecutionError": "Count", "IntegrationLatency": "Milliseconds",
                    ])
                #expect(line.sums["ConnectCount"] == 1)
                // Five of the client, two of the backend.
                #expect(line.sums["MessageCount"] == 7)
                // A message without a route, and a callback to nobody.
                #expect(line.sums["ClientError"] == 2)
                #expect(line.sums["IntegrationError"] == 1 && line.sums["ExecutionError"] == 1)
                #expect((line.sums["IntegrationLatency"] ?? 0) > 0)
            }
            func sum(_ route: String, _ metric: String) -> Double? {
                lines["\(api) Stage=dev Route=\(route)"]?.sums[metric]
            }
            #expect(routes.map { sum($0, "ConnectCount") } == [1, 0, 0, 0, 0])
            #expect(routes.map { sum($0, "MessageCount") } == [0, 1, 1, 1, 1])
            #expect(routes.map { sum($0, "ClientError") } == [0, 0, 0, 0, 0])
            #expect(routes.map { sum($0, "IntegrationError") } == [0, 0, 0, 1, 0])
            #expect(routes.map { sum($0, "ExecutionError") } == [0, 0, 0, 0, 1])
            // Mocks have none.
            #expect(routes.map { sum($0, "IntegrationLatency") != nil } == [false, false, true, true, true])
        }
    }

    @Test("what is refused before the integration of $connect is a client's error, what that refuses is its own")
    func connecting() async throws {
        let spec = SocketSpec.api([("$connect", SocketSpec.status(403))], root: Self.stage)
        try await withSockets(spec) { gateway in
            #expect(try gateway.connect().response.status == 403)
            #expect(try HTTP.request("GET", "/dev", port: gateway.port).status == 426)
            let lines = gateway.server.observation.registry.minute()
            let stage = try #require(lines.first { $0.key.hasSuffix(" Stage=dev") }).value
            #expect(stage.sums["ConnectCount"] == 1 && stage.sums["MessageCount"] == 0)
            #expect(stage.sums["ClientError"] == 1 && stage.sums["IntegrationError"] == 1)
            #expect(stage.sums["ExecutionError"] == 0 && stage.sums["IntegrationLatency"] == nil)
            let route = try #require(lines.first { $0.key.hasSuffix(" Route=$connect") }).value
            #expect(route.sums["ConnectCount"] == 1 && route.sums["ClientError"] == 0)
            #expect(route.sums["IntegrationError"] == 1)
        }
    }

    @Test("a client that goes while $connect is at work has been sent there, and was refused by nobody")
    func leaving() async throws {
        let backend = try Backend(.silence)
        defer { backend.stop() }
        let spec = SocketSpec.api([("$connect", SocketSpec.http(backend, isTwoWay: false))], root: Self.stage)
        try await withSockets(spec) { gateway in
            let client = try RawConnection(port: gateway.port)
            try client.send(RawWebSocket.request(port: gateway.port, "/dev"))
            try Deadline().wait(for: "the backend's request") { backend.requests.count == 1 }
            client.reset()
            try Self.wait(for: 1, .connect, gateway)
            let stage = try #require(
                gateway.server.observation.registry.minute().first { $0.key.hasSuffix(" Stage=dev") }
            ).value
            #expect(stage.sums["ConnectCount"] == 1 && stage.sums["ClientError"] == 0)
        }
    }

    @Test("events have samples of their own in /metrics, and the cache has none")
    func prometheus() async throws {
        try await withWatchedGateway(SocketSpec.api([("$default", SocketSpec.says("hi"))])) { gateway in
            let socket = try RawWebSocket(port: gateway.port)
            #expect(try socket.ask("{}") == "hi")
            let document = try gateway.metrics()
            let events = "portico_api_websocket_events_total"
            #expect(document.value(events, ["resource": "$connect", "event": "connect"]) == 1)
            #expect(document.value(events, ["resource": "$default", "event": "message"]) == 1)
            #expect(document.value(events, ["resource": "$default", "event": "client_error"]) == 0)
            #expect(document.samples.allSatisfy { !$0.name.hasPrefix("portico_api_cache") })
        }
    }
}
