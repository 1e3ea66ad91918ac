import PorticoSyntax
import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Source: reference, "Life of a connection" (2.1), "Limits and close codes" (2.6); cases `ws-limits`.
@Suite("Life of WebSocket connections")
struct SocketLifeTests {
    private typealias Opcode = RawWebSocket.Opcode

    private static let ok = Backend.Behavior.respond(status: 200, headers: [], body: "{\"statusCode\":200}")

    private static func spec(_ backend: Backend, _ routes: [(String, String)] = []) -> String {
        SocketSpec.api(
            [("$disconnect", SocketSpec.lambda(isTwoWay: false)), ("$default", SocketSpec.says("hi"))] + routes,
            root: LambdaSpec.server(backend))
    }

    private static func ending(_ backend: Backend, _ number: Int = 0) throws -> (code: String, reason: String?) {
        try Deadline().wait(for: "the end") { backend.requests.count > number }
        let context = try #require(JSONValue(parsing: backend.requests[number].body))["requestContext"]
        guard case .number(let code)? = context?["disconnectStatusCode"] else { return ("", nil) }
        return (code, context?["disconnectReason"]?.string)
    }

    @Test("a connection without messages is closed after ten minutes")
    func idle() async throws {
        let backend = try Backend(Self.ok)
        defer { backend.stop() }
        try await withSockets(Self.spec(backend)) { gateway in
            let socket = try gateway.connect()
            await gateway.letPass(590_000)
            #expect(try socket.ask("{}") == "hi")
            // Pings are no messages.
            await gateway.letPass(590_000)
            try socket.send(Opcode.ping, [])
            #expect(try socket.readFrame().opcode == Opcode.pong)
            await gateway.letPass(11_000)
            let end = try socket.readClose()
            #expect(end.code == 1001 && end.reason == "Going away")
            try socket.close(1001)
            let told = try Self.ending(backend)
            #expect(told.code == "1001" && told.reason == "Going away")
        }
    }

    @Test("a connection lives for two hours")
    func lifetime() async throws {
        let backend = try Backend(Self.ok)
        defer { backend.stop() }
        try await withSockets(Self.spec(backend)) { gateway in
            let socket = try gateway.connect()
            for _ in 0..<12 {
                await gateway.letPass(595_000)
                #expect(try socket.ask("{}") == "hi")
            }
            await gateway.letPass(61_000)
            #expect(try socket.readClose().code == 1001)
            #expect(try Self.ending(backend).code == "1001")
        }
    }

    @Test("a client that does not answer a close frame is let go")
    func silentClient() async throws {
        let backend = try Backend(Self.ok)
        defer { backend.stop() }
        try await withSockets(Self.spec(backend)) { gateway in
            let socket = try gateway.connect()
            await gateway.letPass(600_001)
            #expect(try socket.readClose().code == 1001)
            await gateway.letPass(10_000)
            #expect(try socket.isClosedByServer())
            #expect(try Self.ending(backend).code == "1001")
        }
    }

    @Test("a server that ends says so, and tells the disconnect")
    func drain() async throws {
        let backend = try Backend(Self.ok)
        defer { backend.stop() }
        let gateway = try await SocketGateway(Self.spec(backend), workers: 2)
        let sockets = try (0..<5).map { _ in try gateway.connect() }
        for socket in sockets { #expect(try socket.ask("{}") == "hi") }
        async let end: Void = gateway.server.drain(within: .seconds(20))
        for socket in sockets {
            let close = try socket.readClose()
            #expect(close.code == 1001 && close.reason == "Going away")
            try socket.close(1001)
            #expect(try socket.isClosedByServer())
        }
        await end
        #expect(backend.requests.count == 5)
    }

    @Test("a reload serves connected clients by the new routes")
    func reload() async throws {
        let old = SocketSpec.api([("$default", SocketSpec.says("old"))])
        try await withSockets(old) { gateway in
            let socket = try gateway.connect()
            #expect(try socket.ask("{}") == "old")
            let new = SocketSpec.api([("$default", SocketSpec.says("new")), ("x", SocketSpec.says("added"))])
            await gateway.server.install(try TestGateway.compile(new))
            #expect(try socket.ask("{}") == "new")
            #expect(try socket.ask("{\"action\":\"x\"}") == "added")
        }
    }

    @Test("a reload without the stage ends its connections, those of other stages go on")
    func removedStage() async throws {
        func spec(_ stages: String) -> String {
            SocketSpec.api([("$default", SocketSpec.says("$context.stage"))], root: "x-portico-stages: \(stages)")
        }
        try await withSockets(spec("{dev: {}, prod: {}}")) { gateway in
            let removed = try gateway.connect()
            let kept = try gateway.connect("/prod")
            #expect(try removed.ask("{}") == "dev" && kept.ask("{}") == "prod")
            await gateway.server.install(try TestGateway.compile(spec("{prod: {}}")))
            // The list is looked through in parts.
            for _ in 0..<8 { await gateway.letPass(1) }
            #expect(try removed.readClose().code == 1001)
            #expect(try kept.ask("{}") == "prod")
        }
    }

    // MARK: - Faults

    @Test("a client that takes nothing is given up before its backlog grows without end")
    func slowReader() async throws {
        let backend = try Backend(Self.ok)
        defer { backend.stop() }
        let routes = [("id", SocketSpec.says("$context.connectionId"))]
        let spec = Self.spec(backend, routes) + SocketSpec.identities
        try await withSockets(spec) { gateway in
            let socket = try gateway.connect()
            let id = try socket.ask("{\"action\":\"id\"}")
            let part = String(repeating: "a", count: 131_072)
            var status = 200
            var sent = 0
            while status == 200, sent < 1000 {
                status = try gateway.call("POST", id, body: part).status
                sent += 1
            }
            #expect(status == 429)
            // What the system keeps for a socket, and what we do.
            #expect(sent < 200)
            // Who reads on gets all of it.
            for _ in 0..<(sent - 1) { #expect(try socket.readText().utf8.count == 131_072) }
            #expect(try gateway.call("POST", id, body: "x").status == 200)
            #expect(try socket.readText() == "x")
        }
    }

    @Test("a client that asks and never reads holds up itself alone")
    func askWithoutReading() async throws {
        let backend = try Backend(Self.ok)
        defer { backend.stop() }
        let long = String(repeating: "b", count: 20_000)
        let spec = SocketSpec.api([
            ("$disconnect", SocketSpec.status(200)), ("$default", SocketSpec.says(long)), ("x", SocketSpec.says("x")),
        ])
        try await withSockets(spec) { gateway in
            let greedy = try gateway.connect()
            var frames: [UInt8] = []
            for _ in 0..<5000 { frames += RawWebSocket.frame(Opcode.text, Array("{}".utf8)) }
            try greedy.send(bytes: frames)
            let other = try gateway.connect()
            #expect(try other.ask("{\"action\":\"x\"}") == "x")
            for _ in 0..<5000 { #expect(try greedy.readText().utf8.count == 20_000) }
        }
    }

    @Test("a half-open client is given up when it takes nothing for a minute")
    func halfOpen() async throws {
        let backend = try Backend(Self.ok)
        defer { backend.stop() }
        let spec = Self.spec(backend, [("id", SocketSpec.says("$context.connectionId"))]) + SocketSpec.identities
        try await withSockets(spec) { gateway in
            let socket = try gateway.connect()
            let id = try socket.ask("{\"action\":\"id\"}")
            let part = String(repeating: "a", count: 131_072)
            var status = 200
            while status == 200 { status = try gateway.call("POST", id, body: part).status }
            // The first time tells what is left, the second that nothing of it went.
            for _ in 0..<2 { await gateway.letPass(61_000) }
            let told = try Self.ending(backend)
            #expect(told.code == "1006")
        }
    }

    @Test("ten thousand tiny frames in one piece are answered, and others are served meanwhile")
    func flood() async throws {
        try await withSockets(SocketSpec.api([("$default", SocketSpec.says("."))])) { gateway in
            let socket = try gateway.connect()
            var frames: [UInt8] = []
            for _ in 0..<10_000 { frames += RawWebSocket.frame(Opcode.text, []) }
            // Empty fragments, which make no message.
            frames += RawWebSocket.frame(Opcode.text, [], isLast: false)
            for _ in 0..<10_000 { frames += RawWebSocket.frame(Opcode.continuation, [], isLast: false) }
            frames += RawWebSocket.frame(Opcode.continuation, [])
            let bytes = frames
            inThread { try? socket.send(bytes: bytes) }
            let other = try gateway.connect()
            #expect(try other.ask("{}") == ".")
            for _ in 0..<10_001 { #expect(try socket.readText() == ".") }
        }
    }

    @Test("pings that nobody lets be answered do not pile up")
    func pingFlood() async throws {
        try await withSockets(SocketSpec.api([("$default", SocketSpec.says("hi"))])) { gateway in
            let socket = try gateway.connect()
            let ping = RawWebSocket.frame(Opcode.ping, Array(repeating: 1, count: 125))
            var frames: [UInt8] = []
            for _ in 0..<50_000 { frames += ping }
            let bytes = frames
            inThread { try? socket.send(bytes: bytes + RawWebSocket.frame(Opcode.text, Array("{}".utf8))) }
            var pongs = 0
            while true {
                let frame = try socket.readFrame()
                guard frame.opcode == Opcode.pong else {
                    #expect(frame.text == "hi")
                    break
                }
                pongs += 1
            }
            #expect(pongs > 0 && pongs <= 50_000)
        }
    }

    @Test("backends that are down refuse who wants in, and hold up nobody who goes")
    func backendDown() async throws {
        let port = try freePort()
        let dead = "{type: http_proxy, httpMethod: POST, uri: \"http://127.0.0.1:\(port)/\"}"
        let refusing = SocketSpec.api([
            ("$connect", SocketSpec.integration(dead, isTwoWay: false)), ("$default", SocketSpec.says("hi")),
        ])
        try await withSockets(refusing) { gateway in
            let socket = try gateway.connect()
            #expect(socket.response.status == 504)
        }
        let forgetting = SocketSpec.api([
            ("$disconnect", SocketSpec.integration(dead, isTwoWay: false)), ("$default", SocketSpec.says("hi")),
        ])
        try await withSockets(forgetting) { gateway in
            for _ in 0..<20 {
                let socket = try gateway.connect()
                #expect(try socket.ask("{}") == "hi")
                try socket.close(1000)
                #expect(try socket.readClose().code == 1000)
            }
        }
    }

    @Test("a call of a connection that is closing finds nobody")
    func callWhileClosing() async throws {
        let spec = SocketSpec.api(
            [("$default", SocketSpec.says("$context.connectionId"))], root: SocketSpec.identities)
        try await withSockets(spec) { gateway in
            let socket = try gateway.connect()
            let id = try socket.ask("{}")
            #expect(try gateway.call("DELETE", id).status == 204)
            // The client has not answered yet.
            #expect(try gateway.call("POST", id, body: "x").status == 410)
            #expect(try gateway.call("DELETE", id).status == 410)
            #expect(try socket.readClose().code == 1000)
        }
    }
}
