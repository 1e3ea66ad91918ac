import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Source: RFC 6455, section 4.2; reference, "Life of a connection" (2.1).
@Suite("WebSocket handshake")
struct HandshakeTests {
    private static let spec = SocketSpec.api([("$default", SocketSpec.says("hello"))])

    @Test("a client that asks rightly is connected, and its key is answered")
    func accepted() async throws {
        try await withSockets(Self.spec) { gateway in
            let socket = try gateway.connect()
            #expect(socket.response.status == 101)
            #expect(socket.response["sec-websocket-accept"] == RawWebSocket.accept)
            #expect(socket.response["upgrade"] == "websocket")
            #expect(socket.response["connection"]?.lowercased() == "upgrade")
            #expect(socket.response["sec-websocket-extensions"] == nil)
            #expect(socket.response["sec-websocket-protocol"] == nil)
            #expect(try socket.ask("{}") == "hello")
        }
    }

    @Test("names and lists of the handshake may be written in every way")
    func leniency() async throws {
        try await withSockets(Self.spec) { gateway in
            for headers in [
                [("Upgrade", "WebSocket"), ("Connection", "keep-alive, uPgRaDe")],
                [("upgrade", "h2c, websocket"), ("connection", "upgrade")],
                [("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits")],
                [("Sec-WebSocket-Protocol", "soap, wamp")],
            ] {
                let socket = try gateway.connect("/dev", headers)
                #expect(socket.response.status == 101, "\(headers)")
                #expect(socket.response["sec-websocket-extensions"] == nil)
                #expect(socket.response["sec-websocket-protocol"] == nil)
            }
            #expect(try gateway.connect("/dev/").isOpen)
            #expect(try gateway.connect("/dev?a=b").isOpen)
        }
    }

    private static let refused: [(headers: [(String, String)], status: Int)] = [
        ([("Upgrade", "")], 426),
        ([("Connection", "")], 426),
        ([("Upgrade", "h2c")], 426),
        ([("Sec-WebSocket-Version", "8")], 426),
        ([("Sec-WebSocket-Version", "")], 426),
        ([("Sec-WebSocket-Version", "13, 8")], 426),
        ([("Sec-WebSocket-Key", "")], 400),
        ([("Sec-WebSocket-Key", "c2hvcnQ=")], 400),
        ([("Sec-WebSocket-Key", "no base64 at all, is it?")], 400),
        ([("Sec-WebSocket-Key", RawWebSocket.key), ("Sec-WebSocket-Key", RawWebSocket.key)], 400),
    ]

    @Test("a handshake that is none is refused", arguments: refused.indices)
    func refusals(_ index: Int) async throws {
        let row = Self.refused[index]
        try await withSockets(Self.spec) { gateway in
            let socket = try gateway.connect("/dev", row.headers)
            #expect(socket.response.status == row.status)
            if row.status == 426 {
                #expect(socket.response["sec-websocket-version"] == "13")
                #expect(socket.response["upgrade"] == "websocket")
            }
        }
    }

    @Test("plain requests are answered 426, and the connection goes on")
    func plain() async throws {
        try await withSockets(Self.spec) { gateway in
            let connection = try RawConnection(port: gateway.port)
            for method in ["GET", "POST", "DELETE"] {
                try connection.send("\(method) /dev HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
                let response = try connection.readResponse()
                #expect(response.status == 426)
                #expect(response["upgrade"] == "websocket")
            }
            try connection.send("GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try connection.readResponse().status == 403)
            try connection.send("GET /dev/some/where HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try connection.readResponse().status == 426)
            // The same connection may still become one of WebSocket.
            try connection.send(RawWebSocket.request(port: gateway.port, "/dev"))
            #expect(try connection.readUpgradeResponse().status == 101)
        }
    }

    @Test("other verbs, HTTP/1.0 and paths behind the stage do not connect")
    func otherRequests() async throws {
        try await withSockets(Self.spec) { gateway in
            let connection = try RawConnection(port: gateway.port)
            try connection.send(RawWebSocket.request("POST", port: gateway.port, "/dev"))
            #expect(try connection.readUpgradeResponse().status == 426)
            #expect(try gateway.connect("/dev/behind").response.status == 403)
            #expect(try gateway.connect("/nowhere").response.status == 403)
            let old = try RawConnection(port: gateway.port)
            try old.send(RawWebSocket.request(port: gateway.port, "/dev").replacing("HTTP/1.1", with: "HTTP/1.0"))
            #expect(try old.readUpgradeResponse().status == 426)
        }
    }

    @Test("frames that come with the handshake are read")
    func early() async throws {
        try await withSockets(Self.spec) { gateway in
            let frames = RawWebSocket.frame(RawWebSocket.Opcode.text, Array("{}".utf8))
            let socket = try RawWebSocket(port: gateway.port, following: frames + frames)
            #expect(socket.isOpen)
            #expect(try socket.readText() == "hello")
            #expect(try socket.readText() == "hello")
        }
    }
}
