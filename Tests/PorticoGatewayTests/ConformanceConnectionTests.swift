import PorticoTestSupport
import Testing

/// How requests come over a connection. Source: DESIGN "Run"; RFC 9110 and 9112.
@Suite("Conformance: connections")
struct ConformanceConnectionTests {
    private static let api = spec([
        SpecOperation("GET /x", mock("$input.params('q')")), SpecOperation("HEAD /x", mock("never seen")),
        SpecOperation("POST /x", mock("ok", request: "{\"statusCode\": 200}")),
    ])
    private static let host = "Host: portico\r\n"

    @Test("HEAD answers with the length of the body and without the body")
    func head() async throws {
        try await withGateway(Self.api) { gateway in
            let connection = try RawConnection(port: gateway.port)
            try connection.send("HEAD /dev/x HTTP/1.1\r\n\(Self.host)\r\n")
            let answer = try connection.readResponse(toHEAD: true)
            #expect(answer.status == 200)
            #expect(answer["Content-Length"] == "10")
            // A body would stand in the way of the next answer.
            try connection.send("HEAD /dev/nothing HTTP/1.1\r\n\(Self.host)\r\n")
            #expect(try connection.readResponse(toHEAD: true).status == 403)
            try connection.send("GET /dev/x?q=next HTTP/1.1\r\n\(Self.host)\r\n")
            #expect(try connection.readResponse().text == "next")
        }
    }

    @Test("A connection is kept for HTTP/1.1 unless the client ends it")
    func keptAlive() async throws {
        try await withGateway(Self.api) { gateway in
            let connection = try RawConnection(port: gateway.port)
            for number in 0..<20 {
                try connection.send("GET /dev/x?q=\(number) HTTP/1.1\r\n\(Self.host)\r\n")
                let answer = try connection.readResponse()
                #expect(answer.text == "\(number)")
                #expect(answer["Connection"] == nil)
            }
            try connection.send("GET /dev/x?q=last HTTP/1.1\r\n\(Self.host)Connection: close\r\n\r\n")
            let last = try connection.readResponse()
            #expect(last.text == "last")
            #expect(last["Connection"] == "close")
            #expect(try connection.isClosedByServer())
        }
    }

    @Test("HTTP/1.0 closes unless the client asks to keep it")
    func oldVersion() async throws {
        try await withGateway(Self.api) { gateway in
            let connection = try RawConnection(port: gateway.port)
            try connection.send("GET /dev/x?q=1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            let first = try connection.readResponse()
            #expect(first.text == "1")
            #expect(first["Connection"] == "keep-alive")
            try connection.send("GET /dev/x?q=2 HTTP/1.0\r\n\r\n")
            let second = try connection.readResponse()
            #expect(second.text == "2")
            #expect(second.framing == .length)
            #expect(try connection.isClosedByServer())
        }
    }

    @Test("Ten requests in one write are answered in their order", arguments: [false, true])
    func pipelined(_ isBackend: Bool) async throws {
        let backend = try Backend()
        let api = spec([
            SpecOperation("GET /mock", mock("$input.params('q')")),
            SpecOperation(
                "GET /backend", backendIntegration("http_proxy", "GET", "http://\(backend.authority)/in")),
        ])
        try await withGateway(api) { gateway in
            let connection = try RawConnection(port: gateway.port)
            var text = ""
            for number in 0..<10 {
                let path = isBackend && number % 2 == 0 ? "/dev/backend" : "/dev/mock"
                text += "GET \(path)?q=n\(number) HTTP/1.1\r\n\(Self.host)\r\n"
            }
            try connection.send(text)
            for number in 0..<10 {
                let answer = try connection.readResponse()
                #expect(answer.status == 200)
                #expect(answer.text.contains("n\(number)"), "answer \(number): \(answer.text)")
            }
        }
        backend.stop()
    }

    @Test("Pipelined bodies end where their framing says")
    func pipelinedBodies() async throws {
        let backend = try Backend()
        let api = spec([
            SpecOperation("POST /x", backendIntegration("http_proxy", "POST", "http://\(backend.authority)/in"))
        ])
        try await withGateway(api) { gateway in
            let connection = try RawConnection(port: gateway.port)
            try connection.send(
                "POST /dev/x HTTP/1.1\r\n\(Self.host)Content-Length: 3\r\n\r\none"
                    + "POST /dev/x HTTP/1.1\r\n\(Self.host)Transfer-Encoding: chunked\r\n\r\n2\r\ntw\r\n1\r\no\r\n0\r\n\r\n"
                    + "POST /dev/x HTTP/1.1\r\n\(Self.host)Content-Length: 0\r\n\r\n"
                    + "POST /dev/x HTTP/1.1\r\n\(Self.host)Content-Length: 4\r\n\r\nfour")
            for _ in 0..<4 { #expect(try connection.readResponse().status == 200) }
            #expect(backend.requests.map(\.body) == ["one", "two", "", "four"])
        }
        backend.stop()
    }

    @Test("A client that expects 100-continue gets it before its body")
    func expectation() async throws {
        try await withGateway(Self.api) { gateway in
            for framing in ["Content-Length: 2", "Transfer-Encoding: chunked"] {
                let connection = try RawConnection(port: gateway.port)
                try connection.send("POST /dev/x HTTP/1.1\r\n\(Self.host)Expect: 100-continue\r\n\(framing)\r\n\r\n")
                #expect(try connection.readInterim() == 100, "\(framing)")
                try connection.send(framing.hasPrefix("C") ? "ab" : "2\r\nab\r\n0\r\n\r\n")
                #expect(try connection.readResponse().status == 200, "\(framing)")
            }
            // With the body already there the interim answer would be of no use.
            let eager = try RawConnection(port: gateway.port)
            try eager.send("POST /dev/x HTTP/1.1\r\n\(Self.host)Expect: 100-continue\r\nContent-Length: 2\r\n\r\nab")
            #expect(try eager.readResponse().status == 200)
            #expect(eager.interimStatuses.isEmpty)
            // A body that is too large is refused before it is sent.
            let large = try RawConnection(port: gateway.port)
            try large.send(
                "POST /dev/x HTTP/1.1\r\n\(Self.host)Expect: 100-continue\r\nContent-Length: 99000000\r\n\r\n")
            #expect(try large.readResponse().status == 413)
            #expect(large.interimStatuses.isEmpty)
            let other = try RawConnection(port: gateway.port)
            try other.send("POST /dev/x HTTP/1.1\r\n\(Self.host)Expect: a-miracle\r\nContent-Length: 2\r\n\r\nab")
            #expect(try other.readResponse().status == 417)
        }
    }

    @Test("Chunked bodies arrive whole, with extensions and trailers dropped")
    func chunked() async throws {
        let backend = try Backend()
        let api = spec([
            SpecOperation("POST /x", backendIntegration("http_proxy", "POST", "http://\(backend.authority)/in"))
        ])
        let rows: [(wire: String, body: String)] = [
            ("5\r\nhello\r\n0\r\n\r\n", "hello"), ("0\r\n\r\n", ""), ("1\r\na\r\n2\r\nbc\r\n0\r\n\r\n", "abc"),
            ("A\r\n0123456789\r\n0\r\n\r\n", "0123456789"),
            ("a;name=value\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n", "0123456789"),
            ("005\r\nhello\r\n000\r\n\r\n", "hello"),
        ]
        try await withGateway(api) { gateway in
            let connection = try RawConnection(port: gateway.port)
            for row in rows {
                try connection.send("POST /dev/x HTTP/1.1\r\n\(Self.host)Transfer-Encoding: chunked\r\n\r\n" + row.wire)
                #expect(try connection.readResponse().status == 200)
                #expect(backend.requests.last?.body == row.body)
                #expect(backend.requests.last?["Content-Length"] == "\(row.body.utf8.count)")
                #expect(backend.requests.last?["Trailer"] == nil)
            }
        }
        backend.stop()
    }

    @Test(
        "A request that comes byte by byte is the same request",
        arguments: [
            "GET /dev/x?q=slow HTTP/1.1\r\nHost: a\r\nX-A: b\r\n\r\n",
            "\r\nPOST /dev/x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
            "POST /dev/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\nT: v\r\n\r\n",
        ])
    func byteByByte(_ text: String) async throws {
        try await withGateway(Self.api) { gateway in
            let connection = try RawConnection(port: gateway.port)
            for byte in text.utf8 { try connection.send([byte]) }
            let answer = try connection.readResponse()
            #expect(answer.status == 200)
            try connection.send("GET /dev/x?q=next HTTP/1.1\r\n\(Self.host)\r\n")
            #expect(try connection.readResponse().text == "next")
        }
    }

    @Test("A client that has ended its side still gets its answers, and then the end", arguments: [false, true])
    func halfClosed(_ isBackend: Bool) async throws {
        let backend = try Backend()
        let api = spec([
            SpecOperation("GET /mock", mock("ok")),
            SpecOperation("GET /backend", backendIntegration("http_proxy", "GET", "http://\(backend.authority)/in")),
        ])
        try await withGateway(api) { gateway in
            let connection = try RawConnection(port: gateway.port, deadline: Deadline(after: .seconds(10)))
            let line = "GET /dev/\(isBackend ? "backend" : "mock") HTTP/1.1\r\n\(Self.host)\r\n"
            try connection.send(line + line)
            connection.finishSending()
            #expect(try connection.readResponse().status == 200)
            #expect(try connection.readResponse().status == 200)
            #expect(try connection.isClosedByServer())
        }
        backend.stop()
    }

    @Test("A client that vanishes while its backend works leaves the server well")
    func vanished() async throws {
        let backend = try Backend(.silence)
        let api = spec([
            SpecOperation("GET /x", backendIntegration("http_proxy", "GET", "http://\(backend.authority)/in")),
            SpecOperation("GET /mock", mock("ok")),
        ])
        try await withGateway(api) { gateway in
            for _ in 0..<10 {
                let connection = try RawConnection(port: gateway.port)
                let seen = backend.requests.count
                try connection.send("GET /dev/x HTTP/1.1\r\n\(Self.host)\r\n")
                try Deadline().wait(for: "the backend's call") { backend.requests.count > seen }
                connection.reset()
            }
            #expect(try gateway.request("GET", "/dev/mock").text == "ok")
            backend.behave(.echo)
            #expect(try gateway.request("GET", "/dev/x").status == 200)
            // Amid a head, amid a body, and at once.
            for text in ["GET /dev/mo", "POST /dev/x HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf", ""] {
                let connection = try RawConnection(port: gateway.port)
                try connection.send(text)
                connection.reset()
            }
            #expect(try gateway.request("GET", "/dev/mock").text == "ok")
        }
        backend.stop()
    }

    @Test("An answer larger than a socket's buffer reaches a client that reads late")
    func lateReader() async throws {
        let body = String(repeating: "0123456789abcdef", count: 1 << 18)
        let backend = try Backend(.respond(status: 200, headers: [], body: body))
        let api = spec([
            SpecOperation("GET /x", backendIntegration("http_proxy", "GET", "http://\(backend.authority)/in")),
            SpecOperation("GET /mock", mock("ok")),
        ])
        try await withGateway(api) { gateway in
            let connection = try RawConnection(port: gateway.port)
            let line = "GET /dev/x HTTP/1.1\r\n\(Self.host)\r\n"
            try connection.send(line + line + "GET /dev/mock HTTP/1.1\r\n\(Self.host)Connection: close\r\n\r\n")
            // Meanwhile others are served.
            #expect(try gateway.request("GET", "/dev/mock").text == "ok")
            for _ in 0..<2 { #expect(try connection.readResponse().body.count == body.utf8.count) }
            #expect(try connection.readResponse().text == "ok")
            #expect(try connection.isClosedByServer())
        }
        backend.stop()
    }
}
