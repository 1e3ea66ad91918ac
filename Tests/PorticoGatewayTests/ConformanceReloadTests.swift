import Dispatch
import PorticoGateway
import PorticoTestSupport
import Testing

/// Source: DESIGN "Run" 10: a request under way keeps the snapshot that it began with; "Ports and operations": drain.
@Suite("Conformance: reload and drain")
struct ConformanceReloadTests {
    private static func api(_ version: Int, _ backend: Backend) -> String {
        spec([
            SpecOperation("GET /mock", mock("version \(version) $input.params('n')")),
            SpecOperation(
                "GET /backend",
                backendIntegration(
                    "http", "GET", "http://\(backend.authority)/in",
                    responses: "{default: \(response(200, "version \(version)"))}")),
        ])
    }

    @Test("200 requests on kept connections survive 20 reloads")
    func underLoad() async throws {
        let backend = try Backend()
        try await withGateway(Self.api(0, backend), configure: { $0.workers = 2 }) { gateway in
            let connections = try (0..<4).map { _ in try RawConnection(port: gateway.port) }
            var newest = 0
            for round in 0..<50 {
                // Sent before the reload, read after it: the requests are under way meanwhile.
                for (number, connection) in connections.enumerated() {
                    let path = number % 2 == 0 ? "/dev/mock?n=\(round)" : "/dev/backend"
                    try connection.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
                }
                let oldest = newest
                if round % 5 < 2 {
                    newest += 1
                    try await gateway.install(Self.api(newest, backend))
                }
                for connection in connections {
                    let answer = try connection.readResponse()
                    #expect(answer.status == 200)
                    let version = answer.text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? -1
                    #expect(version >= oldest && version <= newest)
                    #expect(answer["Connection"] == nil)
                }
            }
            #expect(newest == 20)
            #expect(try gateway.request("GET", "/dev/mock?n=x").text == "version 20 x")
        }
        backend.stop()
    }

    @Test("A request that waits for its backend ends with the snapshot that it began with")
    func underWay() async throws {
        let backend = try Backend(.silence)
        func failing(_ version: Int) -> String {
            spec(
                root: "x-amazon-apigateway-gateway-responses: {INTEGRATION_FAILURE: {responseTemplates: "
                    + "{text/plain: 'version \(version)'}}}",
                [SpecOperation("GET /x", backendIntegration("http", "GET", "http://\(backend.authority)/in"))])
        }
        try await withGateway(failing(1)) { gateway in
            let connection = try RawConnection(port: gateway.port)
            try connection.send("GET /dev/x HTTP/1.1\r\nHost: a\r\n\r\nGET /dev/x HTTP/1.1\r\nHost: a\r\n\r\n")
            try Deadline().wait(for: "the backend's call") { backend.requests.count == 1 }
            // More than one, so that what a worker keeps for the last few is not what saves it.
            for version in 2..<9 { try await gateway.install(failing(version)) }
            backend.behave(.close)
            backend.closeConnections()
            #expect(try connection.readResponse().text == "version 1")
            #expect(try connection.readResponse().text == "version 8")
        }
        backend.stop()
    }

    @Test("Routes come and go with a reload, on connections that stay")
    func routes() async throws {
        try await withGateway(spec([SpecOperation("GET /a", mock("a"))])) { gateway in
            let connection = try RawConnection(port: gateway.port)
            func get(_ path: String) throws -> RawResponse {
                try connection.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
                return try connection.readResponse()
            }
            #expect(try get("/dev/a").text == "a")
            #expect(try get("/dev/b").status == 403)
            try await gateway.install(spec([SpecOperation("GET /b", mock("b"))]))
            #expect(try get("/dev/a").status == 403)
            #expect(try get("/dev/b").text == "b")
        }
    }

    @Test("Draining closes idle connections and lets those under way end")
    func drain() async throws {
        let backend = try Backend(.silence)
        let api = spec([
            SpecOperation("GET /mock", mock("ok")),
            SpecOperation("GET /x", backendIntegration("http_proxy", "GET", "http://\(backend.authority)/in")),
        ])
        let gateway = try await TestGateway(api)
        let idle = try RawConnection(port: gateway.port)
        try idle.send("GET /dev/mock HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try idle.readResponse().text == "ok")
        let busy = try RawConnection(port: gateway.port)
        try busy.send("GET /dev/x HTTP/1.1\r\nHost: a\r\n\r\n")
        try Deadline().wait(for: "the backend's call") { backend.requests.count == 1 }
        let port = gateway.port
        let drained = Task { await gateway.drain(within: .seconds(15)) }
        // The blocking reads must not take the threads that draining runs on.
        let idleIsClosed = try await offThread { try idle.isClosedByServer() }
        #expect(idleIsClosed)
        backend.closeConnections()
        let answer = try await offThread { try busy.readResponse() }
        #expect(answer.status == 504)
        #expect(answer["Connection"] == "close")
        busy.finishSending()
        await drained.value
        #expect(try busy.isClosedByServer())
        #expect(throws: TestSupportError.self) { _ = try RawConnection(port: port) }
        backend.stop()
    }

    @Test("Draining gives a head that is not whole little time")
    func drainAmidHead() async throws {
        let gateway = try await TestGateway(spec([SpecOperation("GET /a", mock("a"))]))
        let slow = try RawConnection(port: gateway.port)
        try slow.send("GET /dev/a HTTP/1.1\r\nHost:")
        // An answer on a second connection: the first one's bytes are in.
        let answer = try gateway.request("GET", "/dev/a")
        #expect(answer.text == "a")
        // Far beyond what a test may take: only a connection that ends by itself lets this return in time.
        let drained = Task { await gateway.drain(within: .seconds(600)) }
        let refused = try await offThread { try slow.readResponse() }
        #expect(refused.status == 408)
        slow.finishSending()
        await drained.value
    }

    @Test("A port that is taken is an error that names it")
    func portInUse() async throws {
        try await withGateway(spec([SpecOperation("GET /a", mock("a"))])) { gateway in
            let taken = gateway.port
            await #expect(throws: ServerError.addressInUse(host: "127.0.0.1", port: taken)) {
                _ = try await TestGateway(spec([SpecOperation("GET /a", mock("a"))])) { $0.port = taken }
            }
            let answer = try gateway.request("GET", "/dev/a")
            #expect(answer.text == "a")
        }
    }
}

/// Runs what blocks on a thread of its own.
func offThread<Value>(_ body: @escaping () throws -> Value) async throws -> sending Value {
    nonisolated(unsafe) let body = body
    let box = await withCheckedContinuation { (continuation: CheckedContinuation<Box<Value>, Never>) in
        DispatchQueue.global().async { continuation.resume(returning: Box(result: Result { try body() })) }
    }
    return try box.result.get()
}

/// Carries a result out of the thread that made it and keeps none.
private struct Box<Value>: @unchecked Sendable {
    let result: Result<Value, any Error>
}
