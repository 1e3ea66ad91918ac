import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// What a session allows, and how it ends.
@Suite("HTTP/2: limits")
struct HTTP2LimitTests {
    private static func settle(_ what: String, _ condition: () async -> Bool) async throws {
        let deadline = Deadline()
        while await !condition() {
            if deadline.hasPassed { throw TestSupportError("timed out waiting for \(what)") }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    @Test("Streams beyond 128 are refused, and the others answered")
    func streams() async throws {
        let backend = try Backend(.silence)
        defer { backend.stop() }
        try await withHTTP2Gateway(HTTP2RequestTests.api(backend)) { gateway in
            let client = try RawHTTP2(port: gateway.port)
            // Once the settings are confirmed they bind the client.
            #expect(try client.get(1, "/dev/x?q=on").text == "on")
            for number in 1...HTTP2Session.maximumStreams {
                try client.sendRequest(number * 2 + 1, "GET", "/dev/backend")
            }
            try await Self.settle("the streams") {
                await gateway.ask { $0.connections.count } == HTTP2Session.maximumStreams
            }
            try client.sendRequest(1001, "GET", "/dev/x?q=over")
            // The library takes it for an error of the session.
            try client.readToEnd()
            #expect(client.goAways.last?.code == 1)
            try await Self.settle("the end") { await gateway.ask { $0.openConnections } == 0 }
        }
    }

    @Test("Header fields over 10,240 bytes are answered with 431, over 32 KB end the session")
    func headers() async throws {
        let backend = try Backend()
        defer { backend.stop() }
        try await withHTTP2Gateway(HTTP2RequestTests.api(backend)) { gateway in
            let client = try RawHTTP2(port: gateway.port)
            #expect(try client.get(1, "/dev/x", [("x", String(repeating: "v", count: 10_000))]).status == "200")
            let long = try client.get(3, "/dev/x", [("x", String(repeating: "v", count: 10_300))])
            #expect(long.status == "431")
            #expect(long.isWhole)
            #expect(try client.get(5, "/dev/x?q=on").text == "on")
            // Several frames, none of which is too long.
            let fields = (0..<12).map { ("x\($0)", String(repeating: "v", count: 3_000)) }
            try client.sendRequest(7, "GET", "/dev/x", fields)
            try client.readToEnd()
            #expect(client.goAways.last?.code != 0)
        }
    }

    @Test("A body over the limit is answered with 413, and need not be sent", arguments: [true, false])
    func bodies(isLengthTold: Bool) async throws {
        let backend = try Backend()
        defer { backend.stop() }
        try await withHTTP2Gateway(HTTP2RequestTests.api(backend), configure: { $0.maximumBodyBytes = 1000 }) {
            gateway in
            let client = try RawHTTP2(port: gateway.port)
            try client.sendRequest(
                1, "POST", "/dev/backend", isLengthTold ? [("content-length", "1001")] : [], end: false)
            if !isLengthTold { try client.sendData(1, String(repeating: "x", count: 1001), end: false) }
            let answer = try client.answer(1)
            #expect(answer.status == "413")
            #expect(answer.isWhole)
            #expect(try client.wait(for: .reset).code == 0)
            #expect(try client.get(3, "/dev/x?q=on").text == "on")
            #expect(backend.requests.isEmpty)
        }
    }

    @Test("Bodies of a session together have a limit")
    func allBodies() async throws {
        let backend = try Backend()
        defer { backend.stop() }
        try await withHTTP2Gateway(HTTP2RequestTests.api(backend), configure: { $0.maximumBodyBytes = 100 }) {
            gateway in
            let client = try RawHTTP2(port: gateway.port)
            let piece = String(repeating: "x", count: 90)
            for number in 0..<20 {
                try client.sendRequest(number * 2 + 1, "POST", "/dev/backend", end: false)
                try client.sendData(number * 2 + 1, piece, end: false)
            }
            #expect(try client.answer(39).reset == 11)
            try client.sendData(1, "", end: true)
            #expect(try client.answer(1).status == "200")
        }
    }

    @Test("A client that resets its streams again and again is sent away")
    func rapidReset() async throws {
        let backend = try Backend(.silence)
        defer { backend.stop() }
        try await withHTTP2Gateway(HTTP2RequestTests.api(backend)) { gateway in
            let client = try RawHTTP2(port: gateway.port)
            for number in 0...HTTP2Session.maximumResets {
                try? client.sendRequest(number * 2 + 1, "GET", "/dev/backend")
                try? client.sendReset(number * 2 + 1)
            }
            try client.readToEnd()
            #expect(client.goAways.last?.code == 11)
            try await Self.settle("the end") { await gateway.ask { $0.openConnections } == 0 }
        }
    }

    @Test("A client that sends malformed requests again and again is sent away")
    func manyMalformed() async throws {
        let backend = try Backend()
        defer { backend.stop() }
        try await withHTTP2Gateway(HTTP2RequestTests.api(backend)) { gateway in
            let client = try RawHTTP2(port: gateway.port)
            for number in 0...HTTP2Session.maximumMalformed {
                let stream = number * 2 + 1
                try client.sendRequest(stream, "GET", "/a b")
                #expect(try client.answer(stream).reset == 1)
            }
            try client.readToEnd()
            #expect(client.goAways.last?.code == 11)
        }
    }

    @Test("What is no HTTP/2 ends the connection")
    func noPreface() async throws {
        let backend = try Backend()
        defer { backend.stop() }
        try await withHTTP2Gateway(HTTP2RequestTests.api(backend)) { gateway in
            let connection = try RawConnection(port: gateway.port)
            try connection.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n" + String(repeating: "x", count: 100))
            _ = try connection.readToEnd()
            connection.finishSending()
            try await Self.settle("the end") { await gateway.ask { $0.openConnections } == 0 }
        }
    }

    @Test("A session without streams ends after the idle time, one with streams does not")
    func idle() async throws {
        let backend = try Backend(.silence)
        defer { backend.stop() }
        try await withHTTP2Gateway(
            HTTP2RequestTests.api(backend), configure: { $0.idleTimeout = .milliseconds(100) }
        ) { gateway in
            let busy = try RawHTTP2(port: gateway.port)
            try busy.sendRequest(1, "GET", "/dev/backend")
            try Deadline().wait(for: "the call") { backend.requests.count == 1 }
            let client = try RawHTTP2(port: gateway.port)
            #expect(try client.get(1, "/dev/x?q=on").text == "on")
            try client.readToEnd()
            #expect(client.goAways.last?.code == 0)
            #expect(client.goAways.last?.lastStream == 1)
            let open = await gateway.ask { $0.connections.count }
            #expect(open == 1)
        }
    }

    @Test("A body that comes too slowly is answered with 408")
    func slowBody() async throws {
        let backend = try Backend()
        defer { backend.stop() }
        try await withHTTP2Gateway(
            HTTP2RequestTests.api(backend), configure: { $0.bodyTimeout = .milliseconds(100) }
        ) { gateway in
            let client = try RawHTTP2(port: gateway.port)
            try client.sendRequest(1, "POST", "/dev/backend", end: false)
            try client.sendData(1, "a", end: false)
            #expect(try client.answer(1).status == "408")
            #expect(try client.get(3, "/dev/x?q=on").text == "on")
        }
    }

    @Test("Draining lets streams end, also those that were under way, then ends the session")
    func drain() async throws {
        let feed = PieceFeed()
        let backend = try Backend(.feed(feed))
        defer { backend.stop() }
        try await withHTTP2Gateway(HTTP2RequestTests.api(backend)) { gateway in
            let idle = try RawHTTP2(port: gateway.port)
            #expect(try idle.get(1, "/dev/x?q=on").text == "on")
            let client = try RawHTTP2(port: gateway.port)
            try client.sendRequest(1, "GET", "/dev/backend")
            try Deadline().wait(for: "the call") { backend.requests.count == 1 }
            await gateway.drain()
            let first = try client.wait(for: .goAway)
            #expect(first.code == 0)
            #expect(first.lastStream == Int(Int32.max))
            // Sent before the client knew.
            let late = try client.get(3, "/dev/x?q=late")
            #expect(late.text == "late", "\(late)")
            while client.goAways.count < 2 { _ = try client.next() }
            #expect(client.goAways.map(\.lastStream) == [Int(Int32.max), 3])
            // From then on it knows, and may ask another server.
            try client.sendRequest(5, "GET", "/dev/x?q=never")
            feed.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            feed.finish()
            #expect(try client.answer(1).text == "ok")
            try client.readToEnd()
            #expect(client.soFar(5).status == nil)
            client.connection.finishSending()
            try idle.readToEnd()
            #expect(idle.goAways.map(\.code) == [0])
            idle.connection.finishSending()
            try await Self.settle("the end") { await gateway.ask { $0.openConnections } == 0 }
        }
    }

    @Test("A client that takes nothing loses its stream after the idle time")
    func untaken() async throws {
        let backend = try Backend()
        defer { backend.stop() }
        backend.behave(
            .respond(status: 200, headers: [], body: String(repeating: "x", count: 300_000)))
        try await withHTTP2Gateway(
            HTTP2RequestTests.api(backend), configure: { $0.idleTimeout = .milliseconds(300) }
        ) { gateway in
            let client = try RawHTTP2(port: gateway.port, settings: [(4, 1000)])
            try client.sendRequest(1, "GET", "/dev/backend")
            let answer = try client.answer(1)
            #expect(answer.reset == 8)
            #expect(answer.body.count == 1000)
        }
    }
}
