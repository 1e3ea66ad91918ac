import NIOCore
import Testing

@testable import PorticoGateway

/// Source: reference, "Response streaming" (4.9).
@Suite("Upstream streams")
struct UpstreamStreamTests {
    private func serving(
        _ configuration: UpstreamConfiguration = UpstreamConfiguration(), script: @escaping FakeUpstream.Script,
        _ body: (FakeUpstream, UpstreamClient) async throws -> Void
    ) async throws {
        let server = try await FakeUpstream(script: script)
        let client = try await UpstreamClient(configuration)
        try await body(server, client)
        await client.shutdown()
        try await server.stop()
    }

    private static let chunkedHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

    @Test("The head comes before the body, and the body without its framing")
    func order() async throws {
        try await serving(script: { _ in [.write(Self.chunkedHead)] }) { server, client in
            let stream = client.stream(server.target())
            #expect(await stream.next() == .head(200, .chunked))
            #expect(await server.requests == 1)
            stream.cancel()
        }
        try await serving(script: { _ in
            [.write(Self.chunkedHead), .write("2\r\nhe\r\n"), .write("3;a=b\r\nllo\r\n0\r\nT: u\r\n\r\n")]
        }) { server, client in
            let (head, body, end) = await client.stream(server.target()).collect()
            #expect(head == .head(200, .chunked))
            #expect(body == "hello")
            #expect(end == .end)
        }
    }

    @Test(
        "Bodies end as their heads say, and connections are kept as for whole responses",
        arguments: [
            ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "", 1),
            ("HTTP/1.1 204 No Content\r\n\r\n", "", 1),
            ("HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n", "", 1),
            ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello", 1),
            ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello", 1),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "hello", 1),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "", 1),
            ("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello", "hello", 2),
            ("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello", 2),
            ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\n\r\n", "hello", 2),
            ("HTTP/1.1 200 OK\r\n\r\nhello", "hello", 2),
        ])
    func framing(text: String, body: String, connections: Int) async throws {
        for trickles in [false, true] where !trickles || !text.contains("helloHTTP") {
            let ends: [UpstreamStep] = text.contains("OK\r\n\r\nhello") ? [.close] : []
            try await serving(script: { _ in [trickles ? .trickle(text) : .write(text)] + ends }) { server, client in
                for _ in 0..<2 {
                    let (_, collected, end) = await client.stream(server.target()).collect()
                    #expect(collected == body)
                    #expect(end == .end)
                }
                #expect(await server.connections == connections)
            }
        }
    }

    @Test("A body may be larger than the limit of whole ones")
    func large() async throws {
        var configuration = UpstreamConfiguration()
        configuration.maximumBodyBytes = 1000
        let body = String(repeating: "x", count: 300_000)
        for text in [
            "HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n\(body)",
            "\(Self.chunkedHead)493e0\r\n\(body)\r\n0\r\n\r\n",
        ] {
            try await serving(configuration, script: { _ in [.write(text)] }) { server, client in
                #expect(await client.call(server.target()).failure == .tooLarge)
                let (_, collected, end) = await client.stream(server.target()).collect()
                #expect(collected.utf8.count == 300_000)
                #expect(end == .end)
            }
        }
    }

    @Test(
        "A response that is not whole fails, before its head or amid its body",
        arguments: [
            ([UpstreamStep.close], UpstreamFailure.closedEarly),
            ([.write("HTTP/1.1 2")], .timeout),
            ([.write("HTTP/9\r\n\r\n")], .malformed),
            ([.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe"), .close], .closedEarly),
            ([.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe"), .reset], .closedEarly),
            ([.write("\(chunkedHead)5\r\nhe"), .close], .closedEarly),
            ([.write("\(chunkedHead)5\r\nhello\r\n"), .close], .closedEarly),
            ([.write("\(chunkedHead)5\r\nhello\r\nx"), .close], .malformed),
            ([.write("\(chunkedHead)ffffffffffffffff\r\n")], .tooLarge),
            ([.write("HTTP/1.1 200 OK\r\n\r\nhello"), .reset], .closedEarly),
            ([.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe")], .timeout),
        ])
    func failures(steps: [UpstreamStep], failure: UpstreamFailure) async throws {
        try await serving(script: { _ in steps }) { server, client in
            let milliseconds = failure == .timeout ? 100 : 60_000
            let (_, _, end) = await client.stream(server.target(), timeoutMilliseconds: milliseconds).collect()
            #expect(end == .failure(failure))
        }
    }

    @Test("Silence between bytes ends a stream long before its time is over")
    func idle() async throws {
        var configuration = UpstreamConfiguration()
        configuration.streamIdleMilliseconds = 50
        try await serving(configuration, script: { _ in [.write("\(Self.chunkedHead)1\r\nx\r\n")] }) {
            server, client in
            let (head, body, end) = await client.stream(server.target(), timeoutMilliseconds: 900_000).collect()
            #expect(head == .head(200, .chunked))
            #expect(body == "x")
            #expect(end == .failure(.timeout))
        }
    }

    @Test("Bytes that keep coming are no silence")
    func slowIsNotIdle() async throws {
        var configuration = UpstreamConfiguration()
        configuration.streamIdleMilliseconds = 2_000
        let body = String(repeating: "y", count: 3_000)
        let text = "HTTP/1.1 200 OK\r\nContent-Length: 3000\r\n\r\n\(body)"
        // One byte a millisecond: more than three seconds.
        try await serving(configuration, script: { _ in [.trickle(text)] }) { server, client in
            let (_, collected, end) = await client.stream(server.target(), timeoutMilliseconds: 900_000).collect()
            #expect(collected == body)
            #expect(end == .end)
        }
    }

    @Test("A paused stream takes no more than was read, and the rest when it goes on")
    func pause() async throws {
        let size = 50 << 20
        let part = String(repeating: "z", count: 1 << 20)
        try await serving(script: { request in
            if request.text.contains("/other") {
                return [.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")]
            }
            return [.write("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n")]
                + Array(repeating: .write(part), count: size >> 20)
        }) { server, client in
            let stream = client.stream(server.target(), pausesAtHead: true)
            #expect(await stream.next() == .head(200, .length(size)))
            // Each of these is several turns of the loop in which the stream would be read if it were.
            for _ in 0..<200 {
                let other = await client.call(server.target(), "GET /other HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(other.answer?.body == "ok")
            }
            #expect(await stream.receivedBytes() <= 1 << 19)
            await stream.resume()
            let (bytes, end) = await stream.count()
            #expect(bytes == size)
            #expect(end == .end)
        }
    }

    @Test("A paused stream is not silent, but its time runs")
    func pausedTime() async throws {
        var configuration = UpstreamConfiguration()
        configuration.streamIdleMilliseconds = 20
        try await serving(configuration, script: { _ in [.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")] }) {
            server, client in
            let start = NIODeadline.now()
            let stream = client.stream(server.target(), timeoutMilliseconds: 300, pausesAtHead: true)
            let (_, _, end) = await stream.collect()
            #expect(end == .failure(.timeout))
            #expect(NIODeadline.now() - start >= .milliseconds(300))
        }
    }

    @Test("Cancelling closes the connection, and nothing comes any more")
    func cancel() async throws {
        try await serving(script: { _ in [.write("\(Self.chunkedHead)1\r\nx\r\n")] }) { server, client in
            let stream = client.stream(server.target())
            #expect(await stream.next() == .head(200, .chunked))
            stream.cancel()
            #expect(await client.onLoop { $0.connectionCount } == 0)
            #expect(await client.call(server.target(), timeoutMilliseconds: 50).failure == .timeout)
            #expect(await server.connections == 2)
        }
    }

    @Test("A kept connection that is dead is replaced before the head came")
    func retry() async throws {
        try await serving(script: { request in
            let answer = UpstreamStep.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx")
            return request.connection == 0 && request.index == 1 ? [.close] : [answer]
        }) { server, client in
            for _ in 0..<2 {
                let (_, body, end) = await client.stream(server.target()).collect()
                #expect(body == "x")
                #expect(end == .end)
            }
            #expect(await server.connections == 2)
        }
    }
}
