import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Source: RFC 6455, sections 1.4 and 7.1.1.
@Suite("Ends of WebSocket connections")
struct SocketEndTests {
    private static let ok = Backend.Behavior.respond(status: 200, headers: [], body: "{\"statusCode\":200}")

    @Test("of a client that closes and stays, the end is told at once; TCP ends shortly after")
    func staying() async throws {
        let backend = try Backend(Self.ok)
        defer { backend.stop() }
        let spec = SocketSpec.api(
            [("$disconnect", SocketSpec.lambda(isTwoWay: false)), ("$default", SocketSpec.says("hi"))],
            root: LambdaSpec.server(backend))
        try await withSockets(spec) { gateway in
            let socket = try gateway.connect()
            try socket.close(1000)
            #expect(try socket.readClose().code == 1000)
            // The server's side of TCP ends, the client's is still there.
            #expect(try socket.isClosedByServer())
            try Deadline().wait(for: "the event") { backend.requests.count == 1 }
            let deadline = Deadline()
            while await gateway.connections() > 0 {
                try #require(!deadline.hasPassed, "the connection is left")
                await gateway.letPass(1000)
            }
            #expect(backend.requests.count == 1)
            withExtendedLifetime(socket) {}
        }
    }

    @Test("messages that wait for backends are not lost when their client closes or goes", arguments: [true, false])
    func waiting(_ saysSo: Bool) async throws {
        let backend = try Backend(Self.ok)
        defer { backend.stop() }
        let spec = SocketSpec.api([("$default", SocketSpec.lambda())], root: LambdaSpec.server(backend))
        try await withSockets(spec) { gateway in
            let socket = try gateway.connect()
            let frames = (0..<100).map { text("message \($0)").bytes } + (saysSo ? [closing(1000).bytes] : [])
            try socket.send(bytes: Array(frames.joined()))
            socket.finishSending()
            try Deadline().wait(for: "100 messages") { backend.requests.count == 100 }
            if saysSo {
                var last = try socket.readFrame()
                while last.opcode == RawWebSocket.Opcode.text { last = try socket.readFrame() }
                #expect(last.opcode == RawWebSocket.Opcode.close && last.code == 1000)
            }
        }
    }

    @Test("a client that takes its answers slowly gets all of them, and then the end")
    func slowReader() async throws {
        let answer = "$context.requestId " + String(repeating: "long ", count: 800)
        try await withSockets(SocketSpec.api([("$default", SocketSpec.says(answer))])) { gateway in
            let socket = try gateway.connect()
            let count = 2000
            let frames = (0..<count).map { text("\($0)").bytes } + [closing(3000).bytes]
            try socket.send(bytes: Array(frames.joined()))
            for _ in 0..<count {
                let text = try socket.readText()
                #expect(text.utf8.count > 4000)
            }
            #expect(try socket.readClose().code == 3000)
        }
    }
}
