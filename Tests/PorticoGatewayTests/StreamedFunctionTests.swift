import Logging
import NIOCore
import NIOPosix
import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// The answer of a streaming function, on a real connection of the gateway, from a server or from one that runs here.
/// Source: reference, "Response streaming" (4.9), "Headers" (4.6), "Response" (5.2).
@Suite("Streamed functions")
struct StreamedFunctionTests {
    static let delimiter = String(repeating: "\0", count: 8)
    static let get = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n"

    enum Kind: CaseIterable { case events, server, local }

    /// Runs `body` with a connection that waits for the function, and what the function does.
    private func streaming(
        _ kind: Kind, request: String = get, timeoutMilliseconds: Int = 60_000, idleMilliseconds: Int64 = 300_000,
        _ body: (RawConnection, FunctionFeed) throws -> Void
    ) async throws {
        let feed = FunctionFeed(kind)
        let backend = try Backend(.feed(feed.pieces))
        defer { backend.stop() }
        let server = try await FunctionServer(request, idleMilliseconds: idleMilliseconds) { exchange in
            switch kind {
            case .local:
                return StreamedFunctionResponse.invoke(
                    exchange,
                    FunctionInvocation(function: "f", payload: ByteBuffer(string: "{}"), invokedARN: "", traceID: ""),
                    by: feed, timeoutMilliseconds: timeoutMilliseconds)
            case .events, .server:
                let pool = exchange.worker.pools.pool(for: UpstreamTarget(host: "127.0.0.1", port: backend.port))
                return StreamedFunctionResponse.send(
                    exchange, ByteBuffer(string: "POST /f HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}"),
                    by: pool,
                    format: kind == .events ? .events : .bytes, timeoutMilliseconds: timeoutMilliseconds)
            }
        }
        do {
            let connection = try RawConnection(port: server.port)
            try body(connection, feed)
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    @Test("Metadata becomes the head as soon as the delimiter has come, and the body goes on", arguments: Kind.allCases)
    func live(kind: Kind) async throws {
        try await streaming(kind) { connection, feed throws in
            feed.begin()
            feed.write(#"{"statusCode":201,"headers":{"Content-Type":"text/event-"#)
            feed.write(
                #"stream","Server":"f","Transfer-Encoding":"x","WWW-Authenticate":"w"},"cookies":["a=1","b=2"]}"#)
            feed.write("\0\0\0\0\0")
            feed.write("\0\0\0first")
            let head = try connection.readResponseHead()
            #expect(head.status == 201)
            #expect(head["Content-Type"] == "text/event-stream")
            #expect(head.values("Set-Cookie") == ["a=1", "b=2"])
            #expect(head["x-amzn-Remapped-Server"] == "f")
            #expect(head["x-amzn-Remapped-WWW-Authenticate"] == "w")
            #expect(head.values("Transfer-Encoding") == ["chunked"])
            #expect(head["x-amzn-RequestId"]?.count == 36)
            #expect(try connection.readChunk() == Array("first".utf8))
            feed.write("second")
            #expect(try connection.readChunk() == Array("second".utf8))
            feed.end()
            #expect(try connection.readChunk() == nil)
        }
    }

    @Test("Without a content type it is JSON, and without a body empty", arguments: Kind.allCases)
    func empty(kind: Kind) async throws {
        try await streaming(kind) { connection, feed throws in
            feed.begin()
            feed.write("{}\(Self.delimiter)")
            feed.end()
            let answer = try connection.readResponse()
            #expect(answer.status == 200)
            #expect(answer["Content-Type"] == "application/json")
            #expect(answer.body.isEmpty)
        }
    }

    @Test("HEAD has the head only", arguments: Kind.allCases)
    func head(kind: Kind) async throws {
        try await streaming(kind, request: "HEAD /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n") {
            connection, feed throws in
            feed.begin()
            feed.write("{\"headers\":{\"A\":\"b\"}}\(Self.delimiter)body")
            let text = String(decoding: try connection.readToEnd(), as: UTF8.self)
            #expect(text.contains("\r\nA: b\r\n"))
            #expect(text.hasSuffix("\r\n\r\n"))
        }
    }

    @Test("Output of another form is a bad gateway", arguments: Kind.allCases)
    func malformed(kind: Kind) async throws {
        for output in [
            "", "hello", "{}", #"{"statusCode":200,"body":"buffered"}"#, "{}\0\0\0x", "nonsense\(Self.delimiter)x",
            "{\"statusCode\":1}\(Self.delimiter)x", String(repeating: "x", count: 20_000),
        ] {
            try await streaming(kind) { connection, feed throws in
                feed.begin()
                feed.write(output)
                feed.end()
                let answer = try connection.readResponse()
                #expect(answer.status == 502)
                #expect(answer["x-amzn-ErrorType"] == "InternalServerErrorException")
                #expect(answer.framing == .length)
            }
        }
    }

    @Test(
        "A function that fails before the head is a bad gateway, and amid the body a broken answer",
        arguments: Kind.allCases)
    func failures(kind: Kind) async throws {
        try await streaming(kind) { connection, feed throws in
            feed.begin()
            feed.write("{\"statusC")
            feed.fail()
            #expect(try connection.readResponse().status == (kind == .server ? 504 : 502))
        }
        try await streaming(kind) { connection, feed throws in
            feed.begin()
            feed.write("{}\(Self.delimiter)part")
            #expect(try connection.readResponseHead().status == 200)
            #expect(try connection.readChunk() == Array("part".utf8))
            feed.fail()
            #expect(try connection.isClosedByServer())
        }
    }

    @Test("An event stream that ends without saying so was cut off")
    func incomplete() async throws {
        try await streaming(.events) { connection, feed throws in
            feed.begin()
            feed.write("{}\(Self.delimiter)part")
            #expect(try connection.readResponseHead().status == 200)
            #expect(try connection.readChunk() == Array("part".utf8))
            feed.pieces.send("0\r\n\r\n")
            feed.pieces.finish()
            #expect(try connection.isClosedByServer())
        }
    }

    @Test("A damaged event breaks the answer off")
    func damaged() async throws {
        try await streaming(.events) { connection, feed throws in
            feed.begin()
            feed.write("{}\(Self.delimiter)part")
            #expect(try connection.readResponseHead().status == 200)
            #expect(try connection.readChunk() == Array("part".utf8))
            feed.pieces.chunk("0123456789abcdef")
            #expect(try connection.isClosedByServer())
        }
    }

    @Test("A refusal is a bad gateway", arguments: Kind.allCases)
    func refused(kind: Kind) async throws {
        try await streaming(kind) { connection, feed throws in
            feed.refuse(429, "TooManyRequestsException", "Rate exceeded")
            #expect(try connection.readResponse().status == 502)
        }
    }

    @Test("An endpoint that says that the function failed is a bad gateway", arguments: [Kind.events, .server])
    func functionError(kind: Kind) async throws {
        try await streaming(kind) { connection, feed throws in
            feed.pieces.send(
                "HTTP/1.1 200 OK\r\nX-Amz-Function-Error: Unhandled\r\nContent-Length: 20\r\n\r\n{\"errorMessage\":\"x\"}"
            )
            feed.pieces.finish()
            #expect(try connection.readResponse().status == 502)
        }
    }

    @Test("A function that returns instead of streaming must return the same form")
    func returned() async throws {
        try await streaming(.local) { connection, feed throws in
            feed.tell { call, loop in call.answer(.returned(payload: ByteBuffer(string: "{}\(Self.delimiter)whole"))) }
            #expect(try connection.readResponse().text == "whole")
        }
        try await streaming(.local) { connection, feed throws in
            feed.tell { call, loop in call.answer(.returned(payload: ByteBuffer(string: #"{"statusCode":200}"#))) }
            #expect(try connection.readResponse().status == 502)
        }
    }

    @Test("Silence and length of time end a function's answer", arguments: Kind.allCases)
    func timeouts(kind: Kind) async throws {
        try await streaming(kind, timeoutMilliseconds: 100) { connection, _ throws in
            let answer = try connection.readResponse()
            #expect(answer.status == 504)
            #expect(answer.text == message("Endpoint request timed out"))
        }
        try await streaming(kind, idleMilliseconds: 1_000) { connection, feed throws in
            feed.begin()
            feed.write("{}\(Self.delimiter)part")
            #expect(try connection.readResponseHead().status == 200)
            #expect(try connection.readChunk() == Array("part".utf8))
            #expect(try connection.isClosedByServer())
        }
    }

    @Test("A slow client holds a function back, and one that goes away is told to it")
    func pausesAndCancels() async throws {
        try await streaming(.local) { connection, feed throws in
            feed.begin()
            feed.write("{}\(Self.delimiter)")
            #expect(try connection.readResponseHead().status == 200)
            // More than sockets hold.
            let part = String(repeating: "p", count: 1 << 20)
            for _ in 0..<32 { feed.write(part) }
            try Deadline().wait(for: "the pause") { feed.isPaused }
            for _ in 0..<32 { #expect(try connection.readChunk()?.count == 1 << 20) }
            try Deadline().wait(for: "the end of the pause") { !feed.isPaused }
            connection.reset()
            feed.write("x")
            feed.write("y")
            try Deadline().wait(for: "the cancellation") {
                feed.write("z")
                return feed.isCancelled
            }
        }
    }
}
