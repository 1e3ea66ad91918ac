import PorticoTestSupport
import Testing

/// Backends that fail. Source: reference, "Failures" (4.1); DESIGN "Limits and the answer beyond them".
@Suite("Conformance: failing backends")
struct ConformanceBackendFailureTests {
    private static let failed = message("Network error communicating with endpoint")
    private static let timedOut = message("Endpoint request timed out")
    private static let internalError = message("Internal server error")

    private static func api(_ authority: String, _ members: String = "") -> String {
        spec([
            SpecOperation("ANY /proxy", backendIntegration("http_proxy", "ANY", "http://\(authority)/in", members)),
            SpecOperation("GET /http", backendIntegration("http", "GET", "http://\(authority)/in", members)),
            SpecOperation("GET /mock", mock("ok")),
        ])
    }

    private static func isWell(_ gateway: TestGateway) throws {
        let answer = try gateway.request("GET", "/dev/mock")
        #expect(answer.text == "ok")
    }

    @Test("A refused connection is 504 INTEGRATION_FAILURE")
    func refused() async throws {
        try await withGateway(Self.api("127.0.0.1:\(try freePort())")) { gateway in
            check(
                ["GET /dev/proxy", "POST /dev/proxy", "GET /dev/http"].map {
                    ConformanceRow(
                        "7", "refused", $0, 504, Self.failed,
                        shows: [("x-amzn-ErrorType", "InternalServerErrorException"), ("X-Amzn-Trace-Id", nil)])
                }, on: gateway)
            try Self.isWell(gateway)
        }
    }

    @Test("A name that has no address is 504 INTEGRATION_FAILURE")
    func unknownName() async throws {
        try await withGateway(Self.api("no-such-host.invalid")) { gateway in
            check([ConformanceRow("7", "no address", "GET /dev/proxy", 504, Self.failed)], on: gateway)
            try Self.isWell(gateway)
        }
    }

    @Test("A silent backend is 504 INTEGRATION_TIMEOUT after timeoutInMillis")
    func silence() async throws {
        let backend = try Backend(.silence)
        try await withGateway(Self.api(backend.authority, "timeoutInMillis: 100")) { gateway in
            let rows = ["GET /dev/proxy", "POST /dev/proxy", "GET /dev/http"].map {
                ConformanceRow("7", "silence", $0, 504, Self.timedOut, sent: SentRequest())
            }
            check(rows, on: gateway, backend: backend)
            check(
                [
                    ConformanceRow(
                        "7", "half an answer", "GET /dev/proxy",
                        reply: .raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"), 504, Self.timedOut)
                ], on: gateway, backend: backend)
            backend.behave(.echo)
            check([ConformanceRow("7", "well again", "GET /dev/proxy", 200)], on: gateway, backend: backend)
            try Self.isWell(gateway)
        }
        backend.stop()
    }

    @Test("An answer that is broken off or is no HTTP is 504 INTEGRATION_FAILURE")
    func broken() async throws {
        let backend = try Backend()
        func row(_ name: String, _ reply: Backend.Behavior) -> ConformanceRow {
            ConformanceRow("7", name, "POST /dev/proxy", body: "b", reply: reply, 504, Self.failed)
        }
        let rows = [
            row("closed without a byte", .close), row("reset without a byte", .reset),
            row("closed amid the head", .rawThenClose("HTTP/1.1 200 OK\r\nContent-Le")),
            row("closed amid the body", .rawThenClose("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")),
            row(
                "closed amid the chunks",
                .rawThenClose("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")),
            row("no HTTP", .rawThenClose("SSH-2.0-OpenSSH_9.2\r\n")),
            row("nonsense", .rawThenClose("\u{0}\u{1}\u{2}\r\n\r\n")),
            row("no number as status", .rawThenClose("HTTP/1.1 abc OK\r\n\r\n")),
            row("a status out of range", .rawThenClose("HTTP/1.1 99 Odd\r\nContent-Length: 0\r\n\r\n")),
            row("two lengths", .rawThenClose("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab")),
            row("a bad length", .rawThenClose("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nab")),
            row("a bad chunk", .rawThenClose("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n")),
            row("a bad field", .rawThenClose("HTTP/1.1 200 OK\r\nX A: b\r\nContent-Length: 0\r\n\r\n")),
        ]
        try await withGateway(Self.api(backend.authority)) { gateway in
            check(rows, on: gateway, backend: backend)
            backend.behave(.echo)
            check([ConformanceRow("7", "well again", "POST /dev/proxy", 200)], on: gateway, backend: backend)
        }
        backend.stop()
    }

    @Test("An answer over 10 MB is 500, and its connection is given up")
    func oversize() async throws {
        let large = String(repeating: "x", count: (10 << 20) + 1)
        let backend = try Backend(.respond(status: 200, headers: [], body: large))
        try await withGateway(Self.api(backend.authority)) { gateway in
            check([ConformanceRow("8.3", "over the limit", "GET /dev/proxy", 500, Self.internalError)], on: gateway)
            backend.behave(
                .rawThenClose("HTTP/1.1 200 OK\r\nX-Large: " + String(repeating: "h", count: 100_000) + "\r\n\r\n"))
            check(
                [ConformanceRow("8.3", "a head over the limit", "GET /dev/proxy", 500, Self.internalError)], on: gateway
            )
            backend.behave(.respond(status: 200, headers: [], body: String(large.dropLast())))
            let answer = try gateway.request("GET", "/dev/proxy")
            #expect(answer.body.count == 10 << 20)
            backend.behave(.echo)
            check([ConformanceRow("8.3", "well again", "GET /dev/proxy", 200)], on: gateway)
        }
        backend.stop()
    }

    @Test("Calls are made over a kept connection")
    func kept() async throws {
        let backend = try Backend()
        try await withGateway(Self.api(backend.authority)) { gateway in
            for _ in 0..<10 {
                let answer = try gateway.request("GET", "/dev/proxy")
                #expect(answer.status == 200)
            }
            #expect(backend.connectionCount == 1)
        }
        backend.stop()
    }

    @Test("A kept connection that died is replaced without the client's notice, once")
    func stale() async throws {
        let backend = try Backend()
        try await withGateway(Self.api(backend.authority)) { gateway in
            let first = try gateway.request("GET", "/dev/proxy")
            #expect(first.status == 200)
            // The backend takes the call and closes without a byte: as if it had closed just before.
            backend.behave(.close, .echo)
            check([ConformanceRow("DESIGN 10", "retried", "GET /dev/proxy", 200)], on: gateway, backend: backend)
            #expect(backend.requests.map(\.connection) == [0, 0, 1])
            // Twice is a failure.
            backend.behave(.close, .close, .echo)
            let seen = backend.requests.count
            check(
                [ConformanceRow("DESIGN 10", "once only", "GET /dev/proxy", 504, Self.failed)], on: gateway,
                backend: backend)
            #expect(backend.requests.count == seen + 2)
            // A new connection that dies is not retried.
            backend.behave(.close, .echo)
            check(
                [ConformanceRow("DESIGN 10", "a fresh connection", "GET /dev/proxy", 504, Self.failed)], on: gateway,
                backend: backend)
        }
        backend.stop()
    }

    @Test("A request that may have had an effect is not sent twice")
    func notRetried() async throws {
        let backend = try Backend()
        try await withGateway(Self.api(backend.authority)) { gateway in
            let first = try gateway.request("POST", "/dev/proxy")
            #expect(first.status == 200)
            backend.behave(.close, .echo)
            check(
                [ConformanceRow("DESIGN 10", "POST", "POST /dev/proxy", 504, Self.failed)], on: gateway,
                backend: backend)
            #expect(backend.requests.count == 2)
        }
        backend.stop()
    }

    @Test("Connections that the backend closed while idle are not used")
    func idleClosed() async throws {
        let backend = try Backend()
        try await withGateway(Self.api(backend.authority)) { gateway in
            for number in 0..<5 {
                let answer = try gateway.request("POST", "/dev/proxy", body: "\(number)")
                #expect(answer.status == 200)
                let open = backend.connectionCount
                backend.closeConnections()
                // The close has to arrive: a request to a mock makes the same loop turn.
                for _ in 0..<20 { try Self.isWell(gateway) }
                #expect(open == number + 1)
            }
        }
        backend.stop()
    }

    @Test("The gateway's own answers to failures go through the API's gateway responses")
    func customised() async throws {
        let root = """
            x-amazon-apigateway-gateway-responses: {INTEGRATION_FAILURE: {statusCode: '502', responseTemplates:
            {application/json: '{"failed": "$context.error.responseType"}'}},
            INTEGRATION_TIMEOUT: {responseParameters: {gatewayresponse.header.Retry-After: "'5'"}}}
            """
        let backend = try Backend(.silence)
        let uri = "http://\(backend.authority)/in"
        let api = spec(
            root: root,
            [
                SpecOperation("GET /slow", backendIntegration("http_proxy", "GET", uri, "timeoutInMillis: 50")),
                SpecOperation(
                    "GET /refused", backendIntegration("http_proxy", "GET", "http://127.0.0.1:\(try freePort())/")),
            ])
        try await withGateway(api) { gateway in
            check(
                [
                    ConformanceRow("7", "failure", "GET /dev/refused", 502, "{\"failed\": \"INTEGRATION_FAILURE\"}"),
                    ConformanceRow("7", "timeout", "GET /dev/slow", 504, Self.timedOut, shows: [("Retry-After", "5")]),
                ], on: gateway)
        }
        backend.stop()
    }
}
