import Logging
import PorticoGateway
import PorticoTestSupport
import Testing

/// Source: reference, "Response streaming" (4.9).
@Suite("Conformance: streaming")
struct ConformanceStreamingTests {
    static let host = "Host: portico\r\n"
    static let chunkedHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

    static func api(_ backend: Backend, _ members: String = "", root: String = "") -> String {
        spec(
            root: root,
            [
                SpecOperation(
                    "ANY /s",
                    backendIntegration(
                        "http_proxy", "ANY", "http://\(backend.authority)/in",
                        "responseTransferMode: STREAM" + (members.isEmpty ? "" : ", " + members))),
                SpecOperation(
                    "GET /get",
                    backendIntegration(
                        "http_proxy", "GET", "http://\(backend.authority)/in", "responseTransferMode: STREAM")),
                SpecOperation(
                    "HEAD /get",
                    backendIntegration(
                        "http_proxy", "GET", "http://\(backend.authority)/in", "responseTransferMode: STREAM")),
                SpecOperation("GET /mock", mock("mocked")),
            ])
    }

    @Test("Head and pieces reach the client before the backend has ended")
    func live() async throws {
        let feed = PieceFeed()
        let backend = try Backend(.feed(feed))
        defer { backend.stop() }
        try await withGateway(Self.api(backend)) { gateway in
            let connection = try RawConnection(port: gateway.port)
            try connection.send("GET /dev/s HTTP/1.1\r\n\(Self.host)\r\n")
            feed.send(Self.chunkedHead)
            let head = try connection.readResponseHead()
            #expect(head.status == 200)
            #expect(head["Transfer-Encoding"] == "chunked")
            #expect(head["Content-Length"] == nil)
            #expect(head["Connection"] == nil)
            for text in ["one", "two", "data: three\n\n"] {
                feed.chunk(text)
                #expect(try connection.readChunk() == Array(text.utf8))
            }
            feed.send("0\r\n\r\n")
            feed.finish()
            #expect(try connection.readChunk() == nil)
            // Both connections go on.
            backend.behave(.echo)
            try connection.send("GET /dev/s HTTP/1.1\r\n\(Self.host)\r\n")
            #expect(try connection.readResponse().text.contains("\"path\":\"/in\""))
            #expect(backend.connectionCount == 1)
        }
    }

    @Test("A length that the backend tells is told, and the body goes as it is")
    func length() async throws {
        let feed = PieceFeed()
        let backend = try Backend(.feed(feed))
        defer { backend.stop() }
        try await withGateway(Self.api(backend)) { gateway in
            for version in ["1.1", "1.0"] {
                let keep = version == "1.0" ? "Connection: keep-alive\r\n" : ""
                let connection = try RawConnection(port: gateway.port)
                try connection.send("GET /dev/s HTTP/\(version)\r\n\(keep)\(Self.host)\r\n")
                feed.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nab")
                let head = try connection.readResponseHead()
                #expect(head["Content-Length"] == "6")
                #expect(head["Transfer-Encoding"] == nil)
                #expect(try connection.readBytes(2) == Array("ab".utf8))
                feed.send("cdef")
                feed.finish()
                #expect(try connection.readBytes(4) == Array("cdef".utf8))
                try connection.send("GET /dev/mock HTTP/1.1\r\n\(Self.host)\r\n")
                #expect(try connection.readResponse().text == "mocked")
            }
        }
    }

    @Test("HTTP/1.0 gets a body of unknown length until the connection closes")
    func oldVersion() async throws {
        let backend = try Backend(.raw(Self.chunkedHead + "3\r\nabc\r\n0\r\n\r\n"))
        defer { backend.stop() }
        try await withGateway(Self.api(backend)) { gateway in
            let connection = try RawConnection(port: gateway.port)
            try connection.send("GET /dev/s HTTP/1.0\r\nConnection: keep-alive\r\n\(Self.host)\r\n")
            let answer = try connection.readResponse()
            #expect(answer.framing == .untilClose)
            #expect(answer["Connection"] == "close")
            #expect(answer["Transfer-Encoding"] == nil)
            #expect(answer.text == "abc")
        }
    }

    @Test(
        "Answers without a body have none",
        arguments: [
            ("HEAD", "/s", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", 200, "5"),
            ("HEAD", "/s", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 200, nil),
            // The backend is asked with GET, and its body dropped.
            ("HEAD", "/get", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "5"),
            ("HEAD", "/get", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", 200, nil),
            ("GET", "/s", "HTTP/1.1 204 No Content\r\n\r\n", 204, nil),
            ("GET", "/s", "HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n", 304, nil),
            ("GET", "/s", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, "0"),
        ])
    func withoutBody(verb: String, path: String, answer: String, status: Int, length: String?) async throws {
        let backend = try Backend(.raw(answer))
        defer { backend.stop() }
        try await withGateway(Self.api(backend)) { gateway in
            let connection = try RawConnection(port: gateway.port)
            for _ in 0..<2 {
                try connection.send("\(verb) /dev\(path) HTTP/1.1\r\n\(Self.host)\r\n")
                let head = try connection.readResponseHead()
                #expect(head.status == status)
                #expect(head["Content-Length"] == length)
                #expect(head["Transfer-Encoding"] == nil)
            }
            // A body would stand in the way of this answer.
            try connection.send("GET /dev/mock HTTP/1.1\r\n\(Self.host)\r\n")
            #expect(try connection.readResponse().text == "mocked")
        }
    }

    @Test("Header fields follow the rules of HTTP_PROXY, but content codings pass with their bytes")
    func headers() async throws {
        let fields =
            "Content-Encoding: gzip\r\nServer: b\r\nDate: yesterday\r\nVia: x\r\nX-A: 1\r\nX-A: 2\r\n"
            + "x-amzn-RequestId: r\r\nContent-Type: text/event-stream\r\n"
        let backend = try Backend(.raw("HTTP/1.1 206 Some\r\nContent-Length: 4\r\n\(fields)\r\n\u{1}gz!"))
        defer { backend.stop() }
        let root = "x-amazon-apigateway-binary-media-types: ['*/*']\nx-amazon-apigateway-minimum-compression-size: 0"
        try await withGateway(Self.api(backend, root: root)) { gateway in
            let answer = try gateway.request(
                "GET", "/dev/s", headers: [("Accept-Encoding", "gzip"), ("Accept", "application/json")])
            #expect(answer.status == 206)
            #expect(answer.text == "\u{1}gz!")
            #expect(answer.values("Content-Encoding") == ["gzip"])
            #expect(answer.values("Content-Length") == ["4"])
            #expect(answer["x-amzn-Remapped-Content-Length"] == "4")
            #expect(answer["x-amzn-Remapped-Server"] == "b")
            #expect(answer["x-amzn-Remapped-Date"] == "yesterday")
            #expect(answer["x-amzn-Remapped-x-amzn-RequestId"] == "r")
            #expect(answer["Via"] == nil)
            #expect(answer.values("X-A") == ["1", "2"])
            #expect(answer["Content-Type"] == "text/event-stream")
            #expect(answer.values("x-amzn-RequestId").count == 1)
            #expect(answer["X-Amzn-Trace-Id"] == nil)
        }
    }

    @Test("A plain answer is not compressed, and has a content type")
    func plain() async throws {
        let body = String(repeating: "a", count: 5_000)
        let backend = try Backend(.respond(status: 200, headers: [], body: body))
        defer { backend.stop() }
        let root = "x-amazon-apigateway-minimum-compression-size: 0"
        try await withGateway(Self.api(backend, root: root)) { gateway in
            let answer = try gateway.request("GET", "/dev/s", headers: [("Accept-Encoding", "gzip")])
            #expect(answer["Content-Encoding"] == nil)
            #expect(answer["Content-Type"] == "application/json")
            #expect(answer.text == body)
        }
    }

    @Test(
        "What fails before the head is answered by the gateway",
        arguments: [
            (Backend.Behavior.close, 504, "Network error communicating with endpoint"),
            (.rawThenClose("HTTP/1.1 200 O"), 504, "Network error communicating with endpoint"),
            (.raw("HTTP/9.9 nonsense\r\n\r\n"), 504, "Network error communicating with endpoint"),
            (.silence, 504, "Endpoint request timed out"),
        ])
    func failsBeforeHead(behavior: Backend.Behavior, status: Int, text: String) async throws {
        let backend = try Backend(behavior)
        defer { backend.stop() }
        try await withGateway(Self.api(backend, "timeoutInMillis: 100")) { gateway in
            let connection = try RawConnection(port: gateway.port)
            try connection.send("GET /dev/s HTTP/1.1\r\n\(Self.host)\r\n")
            let answer = try connection.readResponse()
            #expect(answer.status == status)
            #expect(answer.text == message(text))
            #expect(answer.framing == .length)
            try connection.send("GET /dev/mock HTTP/1.1\r\n\(Self.host)\r\n")
            #expect(try connection.readResponse().text == "mocked")
        }
    }

    enum End: CaseIterable { case close, reset, malformed, timeout }

    @Test("A backend that breaks off amid the body never looks like an end", arguments: End.allCases)
    func breaksOff(end: End) async throws {
        for (version, head) in [
            ("1.1", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
            ("1.1", "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"),
            ("1.0", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
        ] {
            let isChunked = head.contains("chunked")
            if end == .malformed, !isChunked { continue }
            let feed = PieceFeed()
            let backend = try Backend(.feed(feed))
            defer { backend.stop() }
            let members = end == .timeout ? "timeoutInMillis: 1000" : "timeoutInMillis: 900000"
            try await withGateway(Self.api(backend, members)) { gateway in
                let connection = try RawConnection(port: gateway.port)
                try connection.send("GET /dev/s HTTP/\(version)\r\n\(Self.host)\r\n")
                feed.send(head)
                if isChunked { feed.chunk("part") } else { feed.send("part") }
                let answer = try connection.readResponseHead()
                #expect(answer.status == 200)
                if version == "1.1", isChunked {
                    #expect(try connection.readChunk() == Array("part".utf8))
                } else {
                    #expect(try connection.readBytes(4) == Array("part".utf8))
                }
                switch end {
                case .close: feed.close()
                case .reset: feed.reset()
                case .malformed: feed.send("nonsense\r\n")
                case .timeout: break
                }
                if version == "1.0" {
                    // An orderly end would be the end of the body.
                    #expect(throws: TestSupportError.self) { _ = try connection.readToEnd() }
                } else {
                    #expect(try connection.isClosedByServer())
                }
            }
        }
    }

    @Test("A client that goes away ends the backend's work")
    func clientGoes() async throws {
        let feed = PieceFeed()
        let backend = try Backend(.feed(feed))
        defer { backend.stop() }
        try await withGateway(Self.api(backend)) { gateway in
            do {
                let connection = try RawConnection(port: gateway.port)
                try connection.send("GET /dev/s HTTP/1.1\r\n\(Self.host)\r\n")
                feed.send(Self.chunkedHead)
                _ = try connection.readResponseHead()
                connection.reset()
            }
            try Deadline().wait(for: "the end of the backend's connection") { feed.isGone }
            #expect(try gateway.request("GET", "/dev/mock").text == "mocked")
        }
    }

    @Test("Pipelined requests wait for the stream and are answered in their order")
    func pipelined() async throws {
        let feed = PieceFeed()
        let backend = try Backend(.feed(feed))
        defer { backend.stop() }
        try await withGateway(Self.api(backend)) { gateway in
            let connection = try RawConnection(port: gateway.port)
            let mocked = "GET /dev/mock HTTP/1.1\r\n\(Self.host)\r\n"
            try connection.send("\(mocked)GET /dev/s HTTP/1.1\r\n\(Self.host)\r\n\(mocked)")
            #expect(try connection.readResponse().text == "mocked")
            feed.send(Self.chunkedHead)
            #expect(try connection.readResponseHead()["Transfer-Encoding"] == "chunked")
            try connection.send(mocked)
            feed.chunk("a")
            #expect(try connection.readChunk() == [0x61])
            feed.send("0\r\n\r\n")
            feed.finish()
            #expect(try connection.readChunk() == nil)
            #expect(try connection.readResponse().text == "mocked")
            #expect(try connection.readResponse().text == "mocked")
        }
    }

    @Test("A slow client holds the backend back, and gets all of a body that is larger than any buffer")
    func slowClient() async throws {
        let feed = PieceFeed()
        let backend = try Backend(.feed(feed))
        defer { backend.stop() }
        // Sockets of one machine hold some megabytes each; four of them stand between backend and client.
        let size = 96 << 20
        let bound = 48 << 20
        try await withGateway(Self.api(backend, "timeoutInMillis: 900000")) { gateway in
            let connection = try RawConnection(port: gateway.port)
            try connection.send("GET /dev/s HTTP/1.1\r\n\(Self.host)\r\n")
            feed.send("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n")
            #expect(try connection.readResponseHead()["Content-Length"] == "\(size)")
            let part = (0..<(1 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
            for _ in 0..<(size >> 20) { feed.send(part) }
            feed.finish()
            try Deadline().wait(for: "a full socket") { feed.sentBytes > 1 << 20 }
            for _ in 0..<100 { #expect(try gateway.request("GET", "/dev/mock").text == "mocked") }
            #expect(feed.sentBytes < bound)
            var isEqual = true
            for _ in 0..<(size >> 20) where try connection.readBytes(1 << 20) != part { isEqual = false }
            #expect(isEqual)
            try connection.send("GET /dev/mock HTTP/1.1\r\n\(Self.host)\r\n")
            #expect(try connection.readResponse().text == "mocked")
        }
    }

    @Test("A client that takes nothing of a stream is let go when its time is over")
    func clientThatTakesNothing() async throws {
        let feed = PieceFeed()
        let backend = try Backend(.feed(feed))
        defer { backend.stop() }
        try await withGateway(
            Self.api(backend, "timeoutInMillis: 900000"), configure: { $0.idleTimeout = .milliseconds(300) }
        ) { gateway in
            let connection = try RawConnection(port: gateway.port)
            try connection.send("GET /dev/s HTTP/1.1\r\n\(Self.host)\r\n")
            feed.send("HTTP/1.1 200 OK\r\nContent-Length: \(96 << 20)\r\n\r\n")
            for _ in 0..<96 { feed.send([UInt8](repeating: 7, count: 1 << 20)) }
            try Deadline().wait(for: "the end of the backend's connection") { feed.isGone }
            _ = connection
        }
    }

    @Test("A stream without bytes is no idle connection of the client")
    func quietStream() async throws {
        let feed = PieceFeed()
        let backend = try Backend(.feed(feed))
        defer { backend.stop() }
        try await withGateway(
            Self.api(backend, "timeoutInMillis: 900000"), configure: { $0.idleTimeout = .milliseconds(100) }
        ) { gateway in
            let connection = try RawConnection(port: gateway.port)
            try connection.send("GET /dev/s HTTP/1.1\r\n\(Self.host)\r\n")
            feed.send(Self.chunkedHead)
            _ = try connection.readResponseHead()
            // Two sweeps and more.
            try await Task.sleep(for: .milliseconds(700))
            feed.chunk("late")
            #expect(try connection.readChunk() == Array("late".utf8))
        }
    }

    @Test("Draining waits for a stream")
    func drain() async throws {
        let feed = PieceFeed()
        let backend = try Backend(.feed(feed))
        defer { backend.stop() }
        let gateway = try await TestGateway(Self.api(backend))
        let connection = try RawConnection(port: gateway.port)
        try connection.send("GET /dev/s HTTP/1.1\r\n\(Self.host)\r\n")
        feed.send(Self.chunkedHead)
        _ = try connection.readResponseHead()
        let idle = try RawConnection(port: gateway.port)
        let drained = Task { await gateway.drain(within: .seconds(600)) }
        // The idle connection's end shows that draining has begun.
        let isIdleClosed = try await offThread { try idle.isClosedByServer() }
        #expect(isIdleClosed)
        feed.chunk("rest")
        feed.send("0\r\n\r\n")
        feed.finish()
        let chunks = try await offThread { [try connection.readChunk(), try connection.readChunk()] }
        #expect(chunks == [Array("rest".utf8), nil])
        connection.finishSending()
        await drained.value
        #expect(try connection.isClosedByServer())
    }

    @Test("A test invocation collects the stream")
    func invocation() async throws {
        let backend = try Backend(.raw(Self.chunkedHead + "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"))
        defer { backend.stop() }
        let snapshot = try TestGateway.compile(Self.api(backend))
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let answer = try await TestInvocation(method: "GET", path: "/s").run(on: snapshot, logger: logger)
        #expect(answer.status == 200)
        #expect(String(decoding: answer.body, as: UTF8.self) == "abcde")
        #expect(answer.log.contains("Response stream ended after 5 bytes"))
        #expect(answer.log.contains("Method completed with status: 200"))
        // As much as a test invocation keeps.
        let large = String(repeating: "x", count: 3 << 20)
        backend.behave(.respond(status: 200, headers: [], body: large))
        let cut = try await TestInvocation(method: "GET", path: "/s").run(on: snapshot, logger: logger)
        #expect(cut.status == 200)
        #expect(cut.body.count > 1 << 20)
        #expect(cut.body.count < 2 << 20)
        backend.behave(.close)
        let failed = try await TestInvocation(method: "GET", path: "/s").run(on: snapshot, logger: logger)
        #expect(failed.status == 504)
        backend.behave(.rawThenClose(Self.chunkedHead + "3\r\nabc\r\n"))
        let broken = try await TestInvocation(method: "GET", path: "/s").run(on: snapshot, logger: logger)
        #expect(broken.status == 200)
        #expect(broken.log.contains("Response stream broke off after 3 bytes: closedEarly"))
    }
}
