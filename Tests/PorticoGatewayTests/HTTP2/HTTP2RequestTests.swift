import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Requests over HTTP/2 through the phases. *Source:* RFC 9113.
@Suite("HTTP/2: requests")
struct HTTP2RequestTests {
    static func api(_ backend: Backend) -> String {
        spec([
            SpecOperation("GET /x", mock("$input.params('q')")), SpecOperation("HEAD /x", mock("never seen")),
            SpecOperation("GET /protocol", mock("$context.protocol $context.identity.sourceIp")),
            SpecOperation("GET /none", mock("", request: "{\"statusCode\": 200}", status: 204), statuses: [204]),
            SpecOperation("GET /headers", mock("$input.params().header")),
            SpecOperation(
                "ANY /backend", backendIntegration("http_proxy", "ANY", "http://\(backend.authority)/in")),
        ])
    }

    @Test("Streams of a session are answered, and the session goes on")
    func several() async throws {
        let backend = try Backend()
        defer { backend.stop() }
        try await withHTTP2Gateway(Self.api(backend)) { gateway in
            let client = try RawHTTP2(port: gateway.port)
            var bytes: [UInt8] = []
            for number in 0..<10 {
                let path = number % 2 == 0 ? "/dev/x?q=n\(number)" : "/dev/backend?q=n\(number)"
                bytes += RawHTTP2.headers(number * 2 + 1, RawHTTP2.request("GET", path), end: true)
            }
            try client.send(bytes)
            for number in 0..<10 {
                let answer = try client.answer(number * 2 + 1)
                #expect(answer.status == "200")
                #expect(answer.reset == nil)
                #expect(answer.text.contains("n\(number)"), "\(answer.text)")
                for name in ["connection", "keep-alive", "transfer-encoding"] { #expect(answer[name] == nil) }
                #expect(answer.fields.allSatisfy { $0.name == $0.name.lowercased() })
                #expect(answer["content-length"] == "\(answer.body.count)")
                #expect(answer["x-amzn-requestid"] != nil)
            }
            // Handlers are used again.
            for stream in stride(from: 101, to: 301, by: 2) {
                #expect(try client.get(stream, "/dev/x?q=\(stream)").text == "\(stream)")
            }
            #expect(client.settings[3] == 128)
            let open = await gateway.ask { ($0.openConnections, $0.counters.connectionsAccepted) }
            #expect(open == (1, 1))
        }
    }

    @Test("The protocol is told as for HTTP/1.1, and the client's address")
    func protocolName() async throws {
        let backend = try Backend()
        defer { backend.stop() }
        try await withHTTP2Gateway(Self.api(backend)) { gateway in
            let client = try RawHTTP2(port: gateway.port)
            #expect(try client.get(1, "/dev/protocol").text == "HTTP/1.1 127.0.0.1")
            #expect(try client.get(3, "/dev/protocol").text == "HTTP/1.1 127.0.0.1")
        }
    }

    @Test("HEAD and 204 have no content, and a length where HTTP/1.1 has one")
    func withoutContent() async throws {
        let backend = try Backend()
        defer { backend.stop() }
        try await withHTTP2Gateway(Self.api(backend)) { gateway in
            let client = try RawHTTP2(port: gateway.port)
            try client.sendRequest(1, "HEAD", "/dev/x")
            let head = try client.answer(1)
            #expect(head.status == "200")
            #expect(head["content-length"] == "10")
            #expect(head.pieces.isEmpty)
            let none = try client.get(3, "/dev/none")
            #expect(none.status == "204")
            #expect(none["content-length"] == nil)
            #expect(none.pieces.isEmpty)
        }
    }

    @Test("Bodies reach a backend whole, told or not, cut or not", arguments: [true, false])
    func bodies(isLengthTold: Bool) async throws {
        let backend = try Backend()
        defer { backend.stop() }
        try await withHTTP2Gateway(Self.api(backend)) { gateway in
            let client = try RawHTTP2(port: gateway.port)
            let more = isLengthTold ? [("content-length", "11")] : []
            for (number, pieces) in [["hello world"], ["hello ", "world"], ["hello world", ""]].enumerated() {
                let stream = number * 2 + 1
                try client.sendRequest(stream, "POST", "/dev/backend", more, end: false)
                for (place, piece) in pieces.enumerated() {
                    try client.sendData(stream, piece, end: place == pieces.count - 1)
                }
                #expect(try client.answer(stream).status == "200")
            }
            // Trailers end a body too.
            try client.sendRequest(7, "POST", "/dev/backend", more, end: false)
            try client.sendData(7, "hello world", end: false)
            try client.send(RawHTTP2.headers(7, [("x-sum", "1")], end: true))
            #expect(try client.answer(7).status == "200")
            #expect(backend.requests.map(\.body) == Array(repeating: "hello world", count: 4))
            for request in backend.requests {
                #expect(request["transfer-encoding"] == nil)
                #expect(request["content-length"] == "11")
                #expect(request["x-sum"] == nil)
            }
        }
    }

    @Test("What the client did not send is shown to nobody")
    func noFraming() async throws {
        let backend = try Backend()
        defer { backend.stop() }
        try await withHTTP2Gateway(Self.api(backend)) { gateway in
            let client = try RawHTTP2(port: gateway.port)
            try client.sendRequest(1, "GET", "/dev/headers", [("cookie", "a=1"), ("cookie", "b=2")], end: false)
            try client.sendData(1, "x", end: true)
            let text = try client.answer(1).text
            #expect(text.contains("cookie=a=1; b=2"), "\(text)")
            #expect(!text.lowercased().contains("transfer-encoding"), "\(text)")
            #expect(!text.contains(":method"), "\(text)")
        }
    }

    @Test("A client that expects 100-continue gets it before the answer")
    func expectation() async throws {
        let backend = try Backend()
        defer { backend.stop() }
        try await withHTTP2Gateway(Self.api(backend)) { gateway in
            let client = try RawHTTP2(port: gateway.port)
            try client.sendRequest(1, "POST", "/dev/backend", [("expect", "100-continue")], end: false)
            try client.wait(for: .headers)
            #expect(client.soFar(1).interim == ["100"])
            try client.sendData(1, "body", end: true)
            let answer = try client.answer(1)
            #expect(answer.status == "200")
            #expect(answer.interim == ["100"])
        }
    }

    @Test(
        "Malformed requests are reset, and other streams go on",
        arguments: [
            [(":path", "/a b")], [("connection", "close")], [("x", "a\r\nb: c")], [("host", "other")],
            [("content-length", "4")],
        ] as [[(String, String)]])
    func malformed(_ more: [(String, String)]) async throws {
        let backend = try Backend()
        defer { backend.stop() }
        try await withHTTP2Gateway(Self.api(backend)) { gateway in
            let client = try RawHTTP2(port: gateway.port)
            var fields = RawHTTP2.request("GET", "/dev/backend")
            for (name, value) in more {
                if let place = fields.firstIndex(where: { $0.0 == name }) {
                    fields[place].1 = value
                } else {
                    fields.append((name, value))
                }
            }
            try client.send(RawHTTP2.headers(1, fields, end: true))
            #expect(try client.answer(1).reset == 1)
            #expect(try client.get(3, "/dev/x?q=on").text == "on")
            #expect(backend.requests.isEmpty)
        }
    }

    @Test("More or less content than its length is malformed", arguments: [("hello", ""), ("hel", "lo"), ("h", "")])
    func wrongLength(first: String, second: String) async throws {
        let backend = try Backend()
        defer { backend.stop() }
        try await withHTTP2Gateway(Self.api(backend)) { gateway in
            let client = try RawHTTP2(port: gateway.port)
            try client.sendRequest(1, "POST", "/dev/backend", [("content-length", "3")], end: false)
            try client.sendData(1, first, end: second.isEmpty)
            if !second.isEmpty { try client.sendData(1, second, end: true) }
            #expect(try client.answer(1).reset == 1)
            #expect(try client.get(3, "/dev/x?q=on").text == "on")
            #expect(backend.requests.isEmpty)
        }
    }

    @Test("A method that nobody knows, and a request without host, are answered as over HTTP/1.1")
    func answeredRefusals() async throws {
        let backend = try Backend()
        defer { backend.stop() }
        try await withHTTP2Gateway(Self.api(backend)) { gateway in
            let client = try RawHTTP2(port: gateway.port)
            try client.send(RawHTTP2.headers(1, [(":method", "CONNECT"), (":authority", "a:1")], end: true))
            let method = try client.answer(1)
            #expect(method.status == "400")
            try client.send(
                RawHTTP2.headers(3, [(":method", "GET"), (":scheme", "https"), (":path", "/dev/x")], end: true))
            #expect(try client.answer(3).status == "400")
            // Refusals end a connection of HTTP/1.1, not a session.
            #expect(try client.get(5, "/dev/x?q=on").text == "on")
        }
    }

    @Test("A large answer comes as the client makes room")
    func flowControl() async throws {
        let backend = try Backend()
        defer { backend.stop() }
        let body = String(repeating: "0123456789", count: 40_000)
        backend.behave(.respond(status: 200, headers: [("Content-Type", "text/plain")], body: body))
        try await withHTTP2Gateway(Self.api(backend)) { gateway in
            let client = try RawHTTP2(port: gateway.port, settings: [(4, 1000)])
            try client.sendRequest(1, "GET", "/dev/backend")
            while client.soFar(1).body.count < 1000 { _ = try client.next() }
            // Others are not held up.
            #expect(try client.get(3, "/dev/x?q=small").text == "small")
            #expect(client.soFar(1).body.count == 1000)
            try client.sendWindow(1, 1 << 20)
            let answer = try client.answer(1)
            #expect(answer.text == body)
            #expect(answer["content-length"] == "400000")
        }
    }

    @Test("A client that goes away cancels its calls")
    func cancelled() async throws {
        let backend = try Backend(.silence)
        defer { backend.stop() }
        try await withHTTP2Gateway(Self.api(backend)) { gateway in
            let client = try RawHTTP2(port: gateway.port)
            try client.sendRequest(1, "GET", "/dev/backend")
            try Deadline().wait(for: "the call") { backend.requests.count == 1 }
            try client.sendReset(1)
            #expect(try client.get(3, "/dev/x?q=on").text == "on")
            let deadline = Deadline()
            while await gateway.ask({ $0.connections.count }) > 0 {
                if deadline.hasPassed { throw TestSupportError("the stream is still there") }
                try await Task.sleep(for: .milliseconds(5))
            }
            client.connection.reset()
            while await gateway.ask({ $0.openConnections }) > 0 {
                if deadline.hasPassed { throw TestSupportError("the session is still there") }
                try await Task.sleep(for: .milliseconds(5))
            }
        }
    }

    @Test("Pieces of a streamed answer come as the backend sends them")
    func streamed() async throws {
        let feed = PieceFeed()
        let backend = try Backend(.feed(feed))
        defer { backend.stop() }
        try await withHTTP2Gateway(ConformanceStreamingTests.api(backend)) { gateway in
            let client = try RawHTTP2(port: gateway.port, settings: [(4, 1 << 20)])
            try client.sendRequest(1, "GET", "/dev/s")
            feed.send(ConformanceStreamingTests.chunkedHead)
            try client.wait(for: .headers)
            #expect(client.soFar(1)["transfer-encoding"] == nil)
            #expect(client.soFar(1)["content-length"] == nil)
            let long = String(repeating: "x", count: 100_000)
            var sent = ""
            for text in ["one", "two", long, "data: three\n\n"] {
                feed.chunk(text)
                sent += text
                while client.soFar(1).body.count < sent.utf8.count { try client.wait(for: .data) }
                #expect(!client.soFar(1).isWhole)
            }
            feed.send("0\r\n\r\n")
            feed.finish()
            #expect(try client.answer(1).text == sent)
        }
    }

    @Test("An answer that breaks off is reset", arguments: [ConformanceStreamingTests.chunkedHead, "length"])
    func brokenOff(head: String) async throws {
        let feed = PieceFeed()
        let backend = try Backend(.feed(feed))
        defer { backend.stop() }
        try await withHTTP2Gateway(ConformanceStreamingTests.api(backend)) { gateway in
            let client = try RawHTTP2(port: gateway.port)
            try client.sendRequest(1, "GET", "/dev/s")
            if head == "length" {
                feed.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab")
            } else {
                feed.send(head)
                feed.chunk("ab")
            }
            try client.wait(for: .data)
            feed.close()
            let answer = try client.answer(1)
            #expect(answer.text == "ab")
            #expect(answer.reset == 2)
            #expect(!answer.isWhole)
            #expect(try client.get(3, "/dev/mock").text == "mocked")
        }
    }

    @Test("curl gets its answers", .enabled(if: HTTP2RequestTests.curlPath != nil))
    func realClient() async throws {
        let backend = try Backend()
        defer { backend.stop() }
        try await withHTTP2Gateway(Self.api(backend)) { gateway in
            guard let curl = Self.curlPath else { return }
            let origin = "http://127.0.0.1:\(gateway.port)"
            let arguments = ["-sS", "--http2-prior-knowledge", "-w", "%{http_version} %{http_code}"]
            let get = try ChildProcess(curl, arguments + ["\(origin)/dev/x?q=curl"])
            #expect(try get.wait() == 0, "\(get.errors)")
            #expect(get.output == "curl2 200")
            let body = String(repeating: "b", count: 200_000)
            let folder = try TemporaryFolder()
            try folder.write("body", body)
            let post = try ChildProcess(
                curl, arguments + ["--data-binary", "@\(folder.path)/body", "\(origin)/dev/backend"])
            #expect(try post.wait() == 0, "\(post.errors)")
            #expect(post.output.hasSuffix("2 200"))
            #expect(backend.requests.first?.body == body)
        }
    }

    static let curlPath = ["/usr/bin/curl", "/usr/local/bin/curl"].first { supportsHTTP2($0) }

    private static func supportsHTTP2(_ path: String) -> Bool {
        guard let process = try? ChildProcess(path, ["--version"]), (try? process.wait()) == 0 else {
            return false
        }
        return process.output.contains("HTTP2")
    }
}
