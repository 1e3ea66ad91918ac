import PorticoIR
import PorticoSyntax
import PorticoTestSupport
import Synchronization
import Testing

@testable import PorticoGateway

/// Source: reference, "Limits and close codes" (2.6).
@Suite("Traffic of WebSocket APIs")
struct SocketTrafficTests {
    @Test("routes have their own limits, beside those of the stage")
    func throttles() async throws {
        let root = """
            x-portico-stages:
              dev:
                defaultRouteSettings: {throttlingRateLimit: 1000, throttlingBurstLimit: 1000}
                routeSettings: {slow: {throttlingRateLimit: 0.001, throttlingBurstLimit: 2}}
            """
        let spec = SocketSpec.api(
            [("slow", SocketSpec.says("slow")), ("$default", SocketSpec.says("default"))], root: root)
        try await withSockets(spec) { gateway in
            let socket = try gateway.connect()
            for _ in 0..<2 { #expect(try socket.ask("{\"action\":\"slow\"}") == "slow") }
            let answer = try socket.ask("{\"action\":\"slow\"}")
            let refused = try #require(JSONValue(parsing: answer))
            #expect(refused["message"]?.string == "Too Many Requests")
            #expect(refused["connectionId"] != nil && refused["requestId"] != nil)
            for _ in 0..<20 { #expect(try socket.ask("{}") == "default") }
        }
    }

    @Test("connecting, messages and calls share the account's limit")
    func account() async throws {
        let root = "x-portico-account: {throttleSettings: {rateLimit: 0.001, burstLimit: 3}}\n" + SocketSpec.identities
        let spec = SocketSpec.api([("$default", SocketSpec.says("$context.connectionId"))], root: root)
        try await withSockets(spec) { gateway in
            let socket = try gateway.connect()
            let id = try socket.ask("{}")
            #expect(try gateway.call("POST", id, body: "x").status == 200)
            #expect(try socket.readText() == "x")
            let refused = try gateway.call("POST", id, body: "x")
            #expect(refused.status == 429)
            #expect(refused["x-amzn-errortype"] == "LimitExceededException")
            #expect(try socket.ask("{}").contains("Too Many Requests"))
            #expect(try gateway.connect().response.status == 429)
        }
    }

    @Test("access logs have a line for each event, and metrics a series for each route")
    func observation() async throws {
        let folder = try TemporaryFolder()
        let format =
            "$context.eventType $context.routeKey $context.status $context.connectionId $context.messageId "
            + "$context.disconnectStatusCode $context.authorizer.x $context.integrationLatency $context.requestId"
        let backend = try Backend(.respond(status: 200, headers: [], body: "ok"))
        defer { backend.stop() }
        let root =
            "x-portico-stages: {dev: {accessLogSettings: {destinationArn: \(quoted("file:\(folder.path)/log")), "
            + "format: \(quoted(format))}, defaultRouteSettings: {detailedMetricsEnabled: true}}}"
        let spec = SocketSpec.api(
            [("say", SocketSpec.http(backend)), ("$disconnect", SocketSpec.status(200))], root: root)
        try await withWatchedGateway(spec) { gateway in
            let socket = try RawWebSocket(port: gateway.port)
            #expect(try socket.ask("{\"action\":\"say\"}") == "ok")
            #expect(try socket.ask("{\"action\":\"other\"}").contains("Forbidden"))
            try socket.close(1000)
            _ = try socket.readClose()
            let lines = try folder.lines("log", 4).map { $0.split(separator: " ").map(String.init) }
            #expect(
                lines.map { Array($0[0...2]) } == [
                    ["CONNECT", "$connect", "200"], ["MESSAGE", "say", "200"], ["MESSAGE", "-", "403"],
                    ["DISCONNECT", "$disconnect", "200"],
                ])
            #expect(Set(lines.map { $0[3] }).count == 1)
            #expect(lines[1][4].utf8.count == 16 && lines[0][4] == "-")
            #expect(lines[3][5] == "1000" && lines[1][5] == "-")
            #expect(lines[1][7] != "-" && lines[0][7] == "-")
            for (route, count) in [("$connect", 1.0), ("say", 1), ("$disconnect", 1), ("", 1)] {
                #expect(try gateway.metric("portico_api_requests_total", ["resource": route]) == count, "\(route)")
            }
            #expect(try gateway.metric("portico_api_client_errors_total", ["resource": ""]) == 1)
            let totals = gateway.server.observation.registry.read().totals
            var sum = MetricTotals()
            for total in totals { sum.add(total) }
            #expect(sum.share(of: .connects) == 1 && sum.share(of: .messages) == 2)
            #expect(sum.share(of: .refusals) == 1 && sum.share(of: .integrationErrors) == 0)
            #expect(sum.share(of: .executionErrors) == 0)
        }
    }

    @Test("execution logs tell of connections and messages")
    func executionLog() async throws {
        let text = Mutex("")
        let root =
            "x-portico-stages: {dev: {defaultRouteSettings: {loggingLevel: INFO, dataTraceEnabled: true}}}"
        let spec = SocketSpec.api(
            [("say", SocketSpec.says("hi")), ("$disconnect", SocketSpec.status(200))], root: root)
        try await withSockets(
            spec,
            configure: {
                $0.executionLogOutput = { bytes in text.withLock { $0 += String(decoding: bytes, as: UTF8.self) } }
            }
        ) { gateway in
            let socket = try gateway.connect()
            #expect(try socket.ask("{\"action\":\"say\"}") == "hi")
            try socket.close(1000)
            _ = try socket.readClose()
            try Deadline().wait(for: "the log") { text.withLock { $0.contains("disconnected") } }
            let log = text.withLock { $0 }
            for line in [
                "WebSocket Request Route: [$connect]", "WebSocket Request Route: [say]",
                "is connecting to WebSocket API",
                "sent a message to WebSocket API", "Method request body before transformations: {\"action\":\"say\"}",
            ] { #expect(log.contains(line), "\(line)") }
        }
    }

    // MARK: - Other processes

    /// A registry of processes that are in one.
    private final class Exchange: Sendable {
        private struct State {
            var owners: [ConnectionAddress: Int] = [:]
            var runs: [@Sendable (ConnectionCommand, @escaping @Sendable (ConnectionAnswer) -> Void) -> Void] = []
        }

        private let state = Mutex(State())

        struct Member: ConnectionRegistry {
            let exchange: Exchange
            let number: Int

            func begin(
                _ run: @escaping @Sendable (ConnectionCommand, @escaping @Sendable (ConnectionAnswer) -> Void) -> Void
            ) { exchange.state.withLock { $0.runs.append(run) } }

            func add(_ connection: ConnectionAddress) {
                exchange.state.withLock { $0.owners[connection] = number }
            }

            func remove(_ connection: ConnectionAddress) {
                exchange.state.withLock { $0.owners[connection] = nil }
            }

            func call(
                _ command: ConnectionCommand, on loop: any CompletionLoop,
                _ completion: @escaping @Sendable (ConnectionAnswer) -> Void
            ) {
                let run = exchange.state.withLock { state in state.owners[command.address].map { state.runs[$0] } }
                guard let run else { return loop.execute { completion(.gone) } }
                run(command) { answer in loop.execute { completion(answer) } }
            }

            func connect() async {}

            func news() -> String? { nil }
        }

        var count: Int { state.withLock { $0.owners.count } }
    }

    @Test("a call reaches the process that has the connection")
    func registry() async throws {
        let spec = SocketSpec.api(
            [("$default", SocketSpec.says("$context.connectionId"))], root: SocketSpec.identities)
        let exchange = Exchange()
        try await withSockets(
            spec, workers: 2, configure: { $0.connectionRegistry = Exchange.Member(exchange: exchange, number: 0) }
        ) { first in
            try await withSockets(
                spec, configure: { $0.connectionRegistry = Exchange.Member(exchange: exchange, number: 1) }
            ) { second in
                for (here, there) in [(first, second), (second, first), (first, first), (second, second)] {
                    let socket = try here.connect()
                    let id = try socket.ask("{}")
                    #expect(exchange.count == 1)
                    #expect(try there.call("POST", id, body: "from there").status == 200)
                    #expect(try socket.readText() == "from there")
                    #expect(try there.call("GET", id).status == 200)
                    #expect(try there.call("DELETE", id).status == 204)
                    #expect(try socket.readClose().code == 1000)
                    try socket.close(1000)
                    #expect(try socket.isClosedByServer())
                    #expect(try there.call("POST", id, body: "x").status == 410)
                    try Deadline().wait(for: "the end") { exchange.count == 0 }
                }
            }
        }
    }

    // MARK: - Snapshots

    @Test("a compiled file has the routes, and serves them")
    func compiledFile() async throws {
        let spec = SocketSpec.api(
            [
                (
                    "join",
                    SocketSpec.says("joined")
                        + ", modelSelectionExpression: $default, requestModels: {$default: {$ref: '#/components/schemas/M'}}"
                ),
                ("$default", SocketSpec.says("default")),
            ], members: "binary: allow", root: "components: {schemas: {M: {type: object, required: [n]}}}")
        let snapshot = try TestGateway.compile(spec)
        let read = try DeploymentSnapshot.decode(snapshot.encoded())
        #expect(read.webSocket == snapshot.webSocket)
        #expect(read.dump() == snapshot.dump())
        #expect(read.encoded() == snapshot.encoded())
        for line in ["route selection $request.body.action", "binary frames are messages", "join  two-way"] {
            #expect(snapshot.dump().contains(line), "\(line)")
        }
        let message = read.explain(method: "MESSAGE", path: "{\"action\":\"join\"}")
        #expect(message.isMatch && message.text.contains("route: join"))
        #expect(read.explain(method: "MESSAGE", path: "x").text.contains("no JSON"))
        #expect(read.explain(method: "CONNECT", path: "/dev").text.contains("not declared"))
        #expect(!read.explain(method: "DISCONNECT", path: "/dev").isMatch)
        #expect(!read.explain(method: "GET", path: "/dev").isMatch)
        try await withSockets(SocketSpec.api([("$default", SocketSpec.says("old"))])) { gateway in
            let socket = try gateway.connect()
            #expect(try socket.ask("{}") == "old")
            await gateway.server.install(read)
            #expect(try socket.ask("{\"action\":\"join\",\"n\":1}") == "joined")
            #expect(try socket.ask("{\"action\":\"join\"}").contains("Bad request body"))
        }
    }
}
