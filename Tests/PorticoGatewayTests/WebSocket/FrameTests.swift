import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Source: RFC 6455, sections 5, 7.4 and 8.1; reference, "Limits and close codes" (2.6); cases `ws-limits`.
@Suite("WebSocket frames")
struct FrameTests {
    private typealias Opcode = RawWebSocket.Opcode

    private static func spec(_ members: String = "") -> String {
        SocketSpec.api([("$default", SocketSpec.says("hi"))], members: members)
    }

    /// A two-way route whose backend answers with what it gets.
    private static func mirror(_ backend: Backend) -> String {
        SocketSpec.api([("$default", SocketSpec.http(backend))], members: "binary: allow")
    }

    private static func text(_ text: String, isLast: Bool = true) -> [UInt8] {
        RawWebSocket.frame(Opcode.text, Array(text.utf8), isLast: isLast)
    }

    private static let broken: [(name: String, bytes: [UInt8], code: Int)] = [
        ("no mask", RawWebSocket.frame(Opcode.text, Array("{}".utf8), mask: nil), 1002),
        ("no mask on a ping", RawWebSocket.frame(Opcode.ping, [], mask: nil), 1002),
        ("first reserved bit", RawWebSocket.frame(Opcode.text, Array("{}".utf8), reserved: 4), 1002),
        ("second reserved bit", RawWebSocket.frame(Opcode.text, Array("{}".utf8), reserved: 2), 1002),
        ("third reserved bit", RawWebSocket.frame(Opcode.ping, [], reserved: 1), 1002),
        ("opcode 3", RawWebSocket.frame(3, []), 1002),
        ("opcode 7", RawWebSocket.frame(7, []), 1002),
        ("opcode 11", RawWebSocket.frame(11, []), 1002),
        ("opcode 15", RawWebSocket.frame(15, []), 1002),
        ("a ping in fragments", RawWebSocket.frame(Opcode.ping, [1], isLast: false), 1002),
        ("a close frame in fragments", RawWebSocket.frame(Opcode.close, [], isLast: false), 1002),
        ("a ping of 126 bytes", RawWebSocket.frame(Opcode.ping, Array(repeating: 65, count: 126)), 1002),
        ("a continuation of nothing", RawWebSocket.frame(Opcode.continuation, []), 1002),
        ("a message within a message", text("a", isLast: false) + text("b"), 1002),
        ("a binary message", RawWebSocket.frame(Opcode.binary, [1, 2]), 1003),
        ("text that is no UTF-8", RawWebSocket.frame(Opcode.text, [0xFF]), 1007),
        ("text that ends within a character", RawWebSocket.frame(Opcode.text, [0x61, 0xC3]), 1007),
        ("an overlong form", RawWebSocket.frame(Opcode.text, [0xC0, 0xAF]), 1007),
        ("half of a surrogate pair", RawWebSocket.frame(Opcode.text, [0xED, 0xA0, 0x80]), 1007),
        // Before the last fragment has come.
        ("a fragment that is no UTF-8", RawWebSocket.frame(Opcode.text, [0x61, 0xFF], isLast: false), 1007),
        (
            "a character that goes on wrongly",
            RawWebSocket.frame(Opcode.text, [0xE2, 0x82], isLast: false)
                + RawWebSocket.frame(Opcode.continuation, [0x41], isLast: false), 1007
        ),
        ("a close code of one byte", RawWebSocket.frame(Opcode.close, [3]), 1002),
        ("close code 0", RawWebSocket.frame(Opcode.close, [0, 0]), 1002),
        ("close code 999", RawWebSocket.frame(Opcode.close, [0x03, 0xE7]), 1002),
        ("close code 1004", RawWebSocket.frame(Opcode.close, [0x03, 0xEC]), 1002),
        ("close code 1005", RawWebSocket.frame(Opcode.close, [0x03, 0xED]), 1002),
        ("close code 1006", RawWebSocket.frame(Opcode.close, [0x03, 0xEE]), 1002),
        ("close code 1015", RawWebSocket.frame(Opcode.close, [0x03, 0xF7]), 1002),
        ("close code 2999", RawWebSocket.frame(Opcode.close, [0x0B, 0xB7]), 1002),
        ("close code 5000", RawWebSocket.frame(Opcode.close, [0x13, 0x88]), 1002),
        ("a reason that is no UTF-8", RawWebSocket.frame(Opcode.close, [0x03, 0xE8, 0xFF]), 1007),
        ("a frame of 32769 bytes", RawWebSocket.frame(Opcode.text, Array(repeating: 65, count: 32_769)), 1009),
        ("a frame said to be of 2^62 bytes", RawWebSocket.frame(Opcode.text, [], length: 1 << 62), 1009),
    ]

    @Test("a frame that may not be ends the connection with its code")
    func brokenFrames() async throws {
        try await withSockets(Self.spec()) { gateway in
            for row in Self.broken {
                let socket = try gateway.connect()
                try socket.send(bytes: row.bytes)
                let end = try socket.readClose()
                #expect(end.code == row.code, "\(row.name)")
                socket.finishSending()
                #expect(try socket.isClosedByServer(), "\(row.name)")
            }
        }
    }

    @Test("a message of more than 128 KB in fragments ends the connection")
    func longMessages() async throws {
        try await withSockets(Self.spec()) { gateway in
            let socket = try gateway.connect()
            let part = Array(repeating: UInt8(65), count: 32_768)
            try socket.send(Opcode.text, part, isLast: false)
            for _ in 0..<3 { try socket.send(Opcode.continuation, part, isLast: false) }
            try socket.send(Opcode.continuation, [65])
            #expect(try socket.readClose().code == 1009)
        }
    }

    @Test("the longest frame and the longest message are taken")
    func longest() async throws {
        let backend = try Backend(.echo)
        defer { backend.stop() }
        try await withSockets(SocketSpec.api([("$default", SocketSpec.http(backend, isTwoWay: false))])) { gateway in
            let socket = try gateway.connect()
            let part = Array(repeating: UInt8(65), count: 32_768)
            try socket.send(Opcode.text, part)
            try socket.send(Opcode.text, part, isLast: false)
            for index in 0..<3 { try socket.send(Opcode.continuation, part, isLast: index == 2) }
            try Deadline().wait(for: "both messages") { backend.requests.count == 2 }
            #expect(Set(backend.requests.map(\.bytes.count)) == [32_768, 131_072])
        }
    }

    @Test("messages come together from fragments, with control frames between them")
    func fragments() async throws {
        let backend = try Backend(.respond(status: 200, headers: [], body: "taken"))
        defer { backend.stop() }
        try await withSockets(SocketSpec.api([("$default", SocketSpec.http(backend))])) { gateway in
            let socket = try gateway.connect()
            let character = Array("€".utf8)
            try socket.send(Opcode.text, Array("a".utf8) + character.prefix(1), isLast: false)
            try socket.send(Opcode.ping, Array("one".utf8))
            try socket.send(Opcode.continuation, [character[1]], isLast: false)
            try socket.send(Opcode.continuation, [], isLast: false)
            try socket.send(Opcode.pong, [])
            try socket.send(Opcode.continuation, character.suffix(1) + Array("b".utf8))
            let pong = try socket.readFrame()
            #expect(pong.opcode == Opcode.pong && pong.text == "one")
            #expect(try socket.readText() == "taken")
            #expect(try socket.ask("still here") == "taken")
            #expect(backend.requests.map(\.body) == ["a€b", "still here"])
        }
    }

    @Test("pings are answered with what they carry")
    func pings() async throws {
        try await withSockets(Self.spec()) { gateway in
            let socket = try gateway.connect()
            for payload in [[], Array("hello".utf8), Array(repeating: UInt8(0xFE), count: 125)] {
                try socket.send(Opcode.ping, payload)
                let pong = try socket.readFrame()
                #expect(pong.opcode == Opcode.pong)
                #expect(pong.payload == payload)
            }
            try socket.send(Opcode.pong, Array("nobody asked".utf8))
            try socket.send(Opcode.ping, [1])
            #expect(try socket.readFrame().payload == [1])
        }
    }

    @Test("a close frame comes back with its code, and the server ends TCP")
    func closing() async throws {
        try await withSockets(Self.spec()) { gateway in
            for code in [1000, 1001, 1003, 1007, 1011, 1014, 3000, 4999] {
                let socket = try gateway.connect()
                try socket.close(code, "bye")
                #expect(try socket.readClose().code == code)
                #expect(try socket.isClosedByServer())
            }
            let socket = try gateway.connect()
            try socket.close()
            #expect(try socket.readClose().code == nil)
            #expect(try socket.isClosedByServer())
        }
    }

    @Test("frames may come byte by byte, and many in one piece")
    func pieces() async throws {
        let routes = (0..<10).map { ("\($0)", SocketSpec.says("answer \($0)")) }
        try await withSockets(SocketSpec.api(routes)) { gateway in
            let socket = try gateway.connect()
            for byte in Self.text("{\"action\":1}") { try socket.send(bytes: [byte]) }
            #expect(try socket.readText() == "answer 1")
            var bytes: [UInt8] = []
            for number in 0..<1000 { bytes += Self.text("{\"action\":\(number % 10)}") }
            try socket.send(bytes: bytes)
            for number in 0..<1000 { #expect(try socket.readText() == "answer \(number % 10)") }
        }
    }

    @Test("binary messages are taken where the API allows them")
    func binary() async throws {
        let backend = try Backend(.respond(status: 200, headers: [], body: "{\"statusCode\":200,\"body\":\"ok\"}"))
        defer { backend.stop() }
        let spec = SocketSpec.api(
            [("$default", SocketSpec.lambda())], members: "binary: allow", root: LambdaSpec.server(backend))
        try await withSockets(spec) { gateway in
            let socket = try gateway.connect()
            try socket.send(Opcode.binary, [0xFF, 0x00, 0xFE])
            #expect(try socket.readText() == "ok")
            let event = try #require(backend.requests.first?.body)
            #expect(event.contains("\"body\":\"/wD+\",\"isBase64Encoded\":true"))
        }
    }

    @Test("bytes of a backend are sent as a binary message, others as text")
    func answers() async throws {
        let backend = try Backend(.respondBytes(status: 200, headers: [], body: [0xFF, 0x00]))
        defer { backend.stop() }
        try await withSockets(Self.mirror(backend)) { gateway in
            let socket = try gateway.connect()
            try socket.send("{}")
            let frame = try socket.readFrame()
            #expect(frame.opcode == Opcode.binary && frame.payload == [0xFF, 0x00])
        }
    }
}
