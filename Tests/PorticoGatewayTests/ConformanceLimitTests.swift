import PorticoGateway
import PorticoTestSupport
import Testing

/// Limits and requests that two servers could read differently. Source: DESIGN "Limits and the answer beyond them";
/// reference, "Limits" (8.3); RFC 9112.
@Suite("Conformance: limits and refusals", .serialized)
struct ConformanceLimitTests {
    private static let api = spec([
        SpecOperation("GET /x", mock("ok")), SpecOperation("POST /x", mock("ok")),
        SpecOperation("GET /{rest+}", mock("rest")),
    ])

    /// Sends, expects one readable answer of that status, then the end; and that the server goes on.
    private static func refused(
        _ text: String, _ status: Int, on gateway: TestGateway, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let shown = text.utf8.count > 200 ? String(text.prefix(200)) + "..." : text
        do {
            let connection = try RawConnection(port: gateway.port)
            try connection.send(text)
            let answer = try connection.readResponse()
            #expect(answer.status == status, "\(shown)", sourceLocation: sourceLocation)
            #expect(answer["Connection"] == "close", "\(shown)", sourceLocation: sourceLocation)
            #expect(answer.text.hasPrefix("{\"message\":"), "\(shown)", sourceLocation: sourceLocation)
            connection.finishSending()
            #expect(try connection.isClosedByServer(), "\(shown)", sourceLocation: sourceLocation)
        } catch {
            Issue.record("\(shown): \(error)", sourceLocation: sourceLocation)
        }
    }

    private static func goesOn(_ gateway: TestGateway) throws {
        let answer = try gateway.request("GET", "/dev/x")
        #expect(answer.text == "ok")
    }

    @Test("A head over its limits is 431 or 414")
    func heads() async throws {
        try await withGateway(Self.api) { gateway in
            Self.refused(
                "GET /dev/x HTTP/1.1\r\nHost: a\r\nX-Large: \(String(repeating: "a", count: 20_000))\r\n\r\n", 431,
                on: gateway)
            let many = (0..<30).map { "X-\($0): \(String(repeating: "b", count: 400))\r\n" }.joined()
            Self.refused("GET /dev/x HTTP/1.1\r\nHost: a\r\n\(many)\r\n", 431, on: gateway)
            let names = (0..<2000).map { "X-\($0): 1\r\n" }.joined()
            Self.refused("GET /dev/x HTTP/1.1\r\nHost: a\r\n\(names)\r\n", 431, on: gateway)
            Self.refused(
                "GET /dev/\(String(repeating: "p", count: 9000)) HTTP/1.1\r\nHost: a\r\n\r\n", 414, on: gateway)
            Self.refused("GET /dev/x?q=\(String(repeating: "q", count: 20_000))", 414, on: gateway)
            let fits = String(repeating: "f", count: 10_000)
            let answer = try gateway.request("GET", "/dev/x", headers: [("X-Fits", fits)])
            #expect(answer.status == 200)
            let long = try gateway.request("GET", "/dev/\(String(repeating: "p", count: 8000))")
            #expect(long.text == "rest")
            try Self.goesOn(gateway)
        }
    }

    @Test("A body over its limit is 413, and the answer can be read", arguments: [10_485_761, 50 << 20])
    func bodies(_ size: Int) async throws {
        try await withGateway(Self.api) { gateway in
            // Told by its length: refused before the body, which the client nevertheless sends.
            for framing in ["Content-Length: \(size)", "Transfer-Encoding: chunked"] {
                let connection = try RawConnection(port: gateway.port)
                try connection.send("POST /dev/x HTTP/1.1\r\nHost: a\r\n\(framing)\r\n\r\n")
                let isChunked = framing.hasPrefix("T")
                let piece = [UInt8](repeating: 0x61, count: 1 << 16)
                var left = size
                while left > 0 {
                    let count = min(left, piece.count)
                    if isChunked { try connection.send(String(count, radix: 16) + "\r\n") }
                    try connection.send(Array(piece.prefix(count)))
                    if isChunked { try connection.send("\r\n") }
                    left -= count
                }
                if isChunked { try connection.send("0\r\n\r\n") }
                let answer = try connection.readResponse()
                #expect(answer.status == 413, "\(framing)")
                #expect(answer["x-amzn-ErrorType"] == "RequestTooLargeException", "\(framing)")
                #expect(answer["Connection"] == "close", "\(framing)")
            }
            try Self.goesOn(gateway)
        }
    }

    @Test("A body of exactly the limit is taken")
    func largestBody() async throws {
        try await withGateway(Self.api) { gateway in
            let body = String(repeating: "b", count: 10 << 20)
            let answer = try gateway.request(
                "POST", "/dev/x", headers: [("Content-Type", "application/json")], body: body)
            #expect(answer.text == "ok")
        }
    }

    @Test("The limit of bodies can be set lower")
    func configuredBodies() async throws {
        try await withGateway(Self.api, configure: { $0.maximumBodyBytes = 100 }) { gateway in
            let fits = try gateway.request("POST", "/dev/x", body: String(repeating: "b", count: 100))
            #expect(fits.status == 200)
            Self.refused("POST /dev/x HTTP/1.1\r\nHost: a\r\nContent-Length: 101\r\n\r\n", 413, on: gateway)
            Self.refused(
                "POST /dev/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n"
                    + String(repeating: "b", count: 101),
                413, on: gateway)
        }
    }

    private static let get = "GET /dev/x HTTP/1.1\r\nHost: a\r\n"
    private static let post = "POST /dev/x HTTP/1.1\r\nHost: a\r\n"
    private static let hidden = "GET /dev/hidden HTTP/1.1\r\nHost: a\r\n\r\n"

    private static let smuggling = [
        post + "Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcd" + hidden,
        post + "Content-Length: 4, 5\r\n\r\nabcd" + hidden,
        post + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden,
        post + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + hidden,
        post + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + hidden,
        post + "Transfer-Encoding: identity\r\n\r\n" + hidden,
        post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + hidden,
        post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden,
        post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + hidden,
        post + "Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n" + hidden,
        post + "X-A: b\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden,
        post + " Content-Length: 4\r\n\r\nabcd", post + "Content-Length: +4\r\n\r\nabcd",
        post + "Content-Length: -4\r\n\r\nabcd", post + "Content-Length: 0x4\r\n\r\nabcd",
        post + "Content-Length: 4a\r\n\r\nabcd", post + "Content-Length: \r\n\r\nabcd",
        post + "Content-Length: 99999999999999999999999\r\n\r\nabcd", post + "Content-Length : 4\r\n\r\nabcd",
        post + "Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n" + hidden,
        post + "Transfer-Encoding: chunked\r\n\r\n-1\r\nabc\r\n0\r\n\r\n" + hidden,
        post + "Transfer-Encoding: chunked\r\n\r\n3 \r\nabc\r\n0\r\n\r\n" + hidden,
        post + "Transfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n" + hidden,
        post + "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n" + hidden,
        post + "Transfer-Encoding: chunked\r\n\r\n\r\nabc\r\n0\r\n\r\n" + hidden,
        "POST /dev/x HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden,
        get + "X-A: b\rX-B: c\r\n\r\n", get + "X-A: b\nX-B: c\r\n\r\n", get + "X-A: a\u{0}b\r\n\r\n",
        get + "X A: b\r\n\r\n", get + ": b\r\n\r\n", get + "X-A\r\n\r\n", get + "X-A: b\r\n c\r\n\r\n",
        get + "Host: b\r\n\r\n", "GET /dev/x HTTP/1.1\r\n\r\n", "GET /dev/x HTTP/1.1\r\nHost: a b\r\n\r\n",
        "GET  /dev/x HTTP/1.1\r\nHost: a\r\n\r\n", "GET /dev/x  HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /dev/x\r\nHost: a\r\n\r\n", "GET /dev/x HTTP/1.1 \r\nHost: a\r\n\r\n",
        "GET /dev/x http/1.1\r\nHost: a\r\n\r\n",
        "GET /dev/x#y HTTP/1.1\r\nHost: a\r\n\r\n", "GET dev/x HTTP/1.1\r\nHost: a\r\n\r\n",
        "G\u{0}T /dev/x HTTP/1.1\r\nHost: a\r\n\r\n", "FROB /dev/x HTTP/1.1\r\nHost: a\r\n\r\n",
        "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}", "hello\r\n\r\n",
        "GET /dev/x\u{7F} HTTP/1.1\r\nHost: a\r\n\r\n", "GET /dev/é HTTP/1.1\r\nHost: a\r\n\r\n",
    ]

    @Test("What two servers could read differently is 400 and the end of the connection")
    func smuggled() async throws {
        try await withGateway(Self.api) { gateway in
            for text in Self.smuggling { Self.refused(text, 400, on: gateway) }
            // A chunk that no memory could hold is a size, and too large.
            let chunk =
                Self.post + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nabc\r\n0\r\n\r\n" + Self.hidden
            Self.refused(chunk, 413, on: gateway)
            Self.refused("GET /dev/x HTTP/2.0\r\nHost: a\r\n\r\n", 505, on: gateway)
            try Self.goesOn(gateway)
        }
    }

    @Test("Requests before a refused one are answered, those behind it are not")
    func amongOthers() async throws {
        try await withGateway(Self.api) { gateway in
            let connection = try RawConnection(port: gateway.port)
            try connection.send(Self.get + "\r\n" + Self.post + "Content-Length: x\r\n\r\n" + Self.get + "\r\n")
            #expect(try connection.readResponse().text == "ok")
            #expect(try connection.readResponse().status == 400)
            connection.finishSending()
            #expect(try connection.isClosedByServer())
        }
    }

    @Test("A refusal goes through the API's gateway responses like any other fault of the client")
    func refusalHeaders() async throws {
        try await withGateway(Self.api) { gateway in
            let connection = try RawConnection(port: gateway.port)
            try connection.send("GET /dev/x HTTP/1.1\r\n\r\n")
            let answer = try connection.readResponse()
            #expect(answer.text == message("Bad Request"))
            #expect(answer["x-amzn-RequestId"]?.utf8.count == 36)
            #expect(answer["Content-Type"] == "application/json")
        }
    }

    @Test("A head and a body that stay away are 408; an idle connection is closed")
    func slow() async throws {
        let configure: (inout ServerConfiguration) -> Void = {
            $0.headTimeout = .milliseconds(300)
            $0.bodyTimeout = .milliseconds(300)
            $0.idleTimeout = .milliseconds(300)
        }
        try await withGateway(Self.api, configure: configure) { gateway in
            for text in [
                "GET /dev/x HT", Self.post + "Content-Length: 9\r\n\r\nhalf",
                Self.post + "Transfer-Encoding: chunked\r\n\r\n5\r\nab",
            ] {
                let connection = try RawConnection(port: gateway.port)
                try connection.send(text)
                let answer = try connection.readResponse()
                #expect(answer.status == 408, "\(text)")
                connection.finishSending()
                #expect(try connection.isClosedByServer(), "\(text)")
            }
            let idle = try RawConnection(port: gateway.port)
            #expect(try idle.isClosedByServer())
            try Self.goesOn(gateway)
        }
    }
}
