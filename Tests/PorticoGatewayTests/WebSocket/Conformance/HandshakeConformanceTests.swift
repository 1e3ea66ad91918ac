import Crypto
import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// The rows of ``HandshakeCase`` against a server. Source: RFC 6455, section 4.2; reference, "Life of a connection" (2.1).
@Suite("WebSocket conformance: handshakes")
struct HandshakeConformanceTests {
    private static let spec = SocketSpec.api([("$default", SocketSpec.says("hello"))])

    @Test("each request has the answer of its row; who is let in can talk, and who is not gets no frames")
    func rows() async throws {
        try await withSockets(Self.spec) { gateway in
            for row in HandshakeCase.all {
                let connection = try RawConnection(port: gateway.port)
                try connection.send(row.request(port: gateway.port))
                let response =
                    row.method == "HEAD"
                    ? try connection.readResponse(toHEAD: true) : try connection.readUpgradeResponse()
                #expect(response.status == row.status, "\(row.name): \(response.status) \(response.text)")
                #expect(response["sec-websocket-extensions"] == nil, "\(row.name)")
                #expect(response["sec-websocket-protocol"] == nil, "\(row.name)")
                switch response.status {
                case 101:
                    #expect(response["upgrade"]?.lowercased() == "websocket", "\(row.name)")
                    #expect(response["connection"]?.lowercased() == "upgrade", "\(row.name)")
                    #expect(response.values("sec-websocket-accept").count == 1, "\(row.name)")
                    #expect(response["content-length"] == nil && response["transfer-encoding"] == nil, "\(row.name)")
                    try connection.send(text("hi").bytes)
                    #expect(try connection.readBytes(7) == [0x81, 5] + Array("hello".utf8), "\(row.name)")
                case 426:
                    #expect(response["upgrade"] == "websocket", "\(row.name)")
                    #expect(response["sec-websocket-version"] == "13", "\(row.name)")
                    #expect(response["sec-websocket-accept"] == nil, "\(row.name)")
                default:
                    #expect(response["sec-websocket-accept"] == nil, "\(row.name)")
                }
            }
        }
    }

    @Test("each key is answered with its own digest")
    func keys() async throws {
        try await withSockets(Self.spec) { gateway in
            var random = SystemRandomNumberGenerator()
            let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
            for _ in 0..<50 {
                // Of the last digit the lower four bits are zero.
                let key = String((0..<21).map { _ in digits[Int.random(in: 0..<64, using: &random)] }) + "A=="
                let socket = try gateway.connect("/dev", [("Sec-WebSocket-Key", key)])
                let digest = Array(Insecure.SHA1.hash(data: Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)))
                let accept = try #require(socket.response["sec-websocket-accept"])
                #expect(accept.count == 28)
                #expect(Self.decoded(accept) == digest, "\(key): \(accept)")
            }
        }
    }

    private static func decoded(_ text: String) -> [UInt8] {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var bits = 0
        var count = 0
        var bytes: [UInt8] = []
        for digit in text {
            guard let value = digits.firstIndex(of: digit) else { break }
            bits = bits << 6 | value
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> count))
            }
        }
        return bytes
    }

    @Test("a handshake may come byte by byte")
    func pieces() async throws {
        try await withSockets(Self.spec) { gateway in
            let connection = try RawConnection(port: gateway.port)
            for byte in RawWebSocket.request(port: gateway.port, "/dev").utf8 { try connection.send([byte]) }
            #expect(try connection.readUpgradeResponse().status == 101)
        }
    }

    @Test("frames in front of the answer are read, whole or cut anywhere")
    func early() async throws {
        try await withSockets(Self.spec) { gateway in
            let frame = text("hi").bytes
            for cut in 0...frame.count {
                let socket = try RawWebSocket(port: gateway.port, following: Array(frame[..<cut]))
                #expect(socket.isOpen)
                try socket.send(bytes: Array(frame[cut...]))
                #expect(try socket.readText() == "hello")
                try socket.close(1000)
                #expect(try socket.readClose().code == 1000)
            }
        }
    }
}
