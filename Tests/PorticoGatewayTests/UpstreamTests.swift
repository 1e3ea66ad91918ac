import NIOCore
import Testing

@testable import PorticoGateway

@Suite("Upstream calls")
struct UpstreamTests {
    static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: b\r\n\r\nhello"

    /// A server, a client and a call between them, all ended afterwards.
    private func serving(
        _ configuration: UpstreamConfiguration = UpstreamConfiguration(), certificate: String? = nil,
        key: String? = nil, script: @escaping FakeUpstream.Script,
        _ body: (FakeUpstream, UpstreamClient) async throws -> Void
    ) async throws {
        let server = try await FakeUpstream(certificate: certificate, key: key, script: script)
        let client = try await UpstreamClient(configuration)
        try await body(server, client)
        await client.shutdown()
        try await server.stop()
    }

    @Test("A response arrives with its fields and body")
    func simple() async throws {
        try await serving(script: { _ in [.write(Self.ok)] }) { server, client in
            let answer = await client.call(server.target()).answer
            #expect(answer?.status == 200)
            #expect(answer?.reason == "OK")
            #expect(answer?.fields == ["Content-Length: 5", "X-A: b"])
            #expect(answer?.known == [.contentLength, .other])
            #expect(answer?.body == "hello")
            #expect(answer?.bufferedBytes == Self.ok.utf8.count)
        }
    }

    @Test("The request goes out as it is given")
    func request() async throws {
        let text = "POST /x HTTP/1.1\r\nHost: b\r\nContent-Length: 3\r\n\r\nabc"
        try await serving(script: { [.write($0.text == text ? Self.ok : "HTTP/1.1 500 No\r\n\r\n"), .close] }) {
            server, client in
            #expect(await client.call(server.target(), text).answer?.status == 200)
        }
    }

    @Test("A connection is used again, and the last one first")
    func reuse() async throws {
        try await serving(script: { request in
            [.write("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n\(request.connection)-\(request.index)")]
        }) { server, client in
            for index in 0..<5 {
                #expect(await client.call(server.target()).answer?.body == "0-\(index)")
            }
            #expect(await server.connections == 1)
            #expect(await client.onLoop { $0.pool(for: server.target()).idleCount } == 1)
        }
    }

    @Test(
        "Bodies end as their heads say",
        arguments: [
            ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "", 1),
            ("HTTP/1.1 204 No Content\r\n\r\n", "", 1),
            ("HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n", "", 1),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "hello", 1),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nT: u\r\n\r\n",
                "hello", 1
            ),
            ("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello", "hello", 2),
            ("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello", 2),
            ("HTTP/1.0 200 OK\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\nhello", "hello", 1),
            ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\n\r\n", "hello", 2),
        ])
    func framing(text: String, body: String, connections: Int) async throws {
        for trickles in [false, true] {
            // A response with something behind it must come in one piece: in two, the second is unsolicited.
            try await serving(script: { _ in [trickles && !text.contains("helloHTTP") ? .trickle(text) : .write(text)] }
            ) {
                server, client in
                for _ in 0..<2 {
                    #expect(await client.call(server.target()).answer?.body == body)
                }
                #expect(await server.connections == connections)
            }
        }
    }

    @Test("A body without a length ends with the connection")
    func untilClose() async throws {
        try await serving(script: { _ in [.write("HTTP/1.1 200 OK\r\n\r\nhel"), .trickle("lo"), .close] }) {
            server, client in
            #expect(await client.call(server.target()).answer?.body == "hello")
            #expect(await client.call(server.target()).answer?.body == "hello")
            #expect(await server.connections == 2)
        }
    }

    @Test("HEAD has no body, whatever its length says")
    func head() async throws {
        try await serving(script: { _ in [.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")] }) { server, client in
            for _ in 0..<2 {
                let text = "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"
                let answer = await client.call(server.target(), text, isHead: true).answer
                #expect(answer?.body == "")
                #expect(answer?.fields == ["Content-Length: 5"])
            }
            #expect(await server.connections == 1)
        }
    }

    @Test("Interim responses are passed over")
    func interim() async throws {
        let interim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
        try await serving(script: { $0.index == 0 ? [.write(interim + Self.ok)] : [.trickle(interim + Self.ok)] }) {
            server, client in
            for _ in 0..<2 {
                let answer = await client.call(server.target()).answer
                #expect(answer?.status == 200)
                #expect(answer?.fields.count == 2)
            }
        }
    }

    @Test("Endless interim responses are refused")
    func endlessInterim() async throws {
        let interim = String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 40)
        try await serving(script: { _ in [.write(interim)] }) { server, client in
            #expect(await client.call(server.target()).failure == .malformed)
        }
    }

    @Test(
        "Responses that are none",
        arguments: [
            ("garbage\r\n\r\n", UpstreamFailure.malformed), ("HTTP/1.1 101 Switching Protocols\r\n\r\n", .malformed),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", .malformed),
            ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", .malformed),
            ("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n", .tooLarge),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3E9\r\n", .tooLarge),
            ("HTTP/1.1 200 OK\r\n\r\n" + String(repeating: "x", count: 1001), .tooLarge),
            ("HTTP/1.1 200 OK\r\nX: " + String(repeating: "x", count: 2000), .tooLarge),
        ])
    func refused(text: String, failure: UpstreamFailure) async throws {
        var configuration = UpstreamConfiguration()
        configuration.maximumBodyBytes = 1000
        configuration.maximumHeadBytes = 1000
        try await serving(configuration, script: { _ in [.write(text)] }) { server, client in
            #expect(await client.call(server.target()).failure == failure)
            #expect(await client.onLoop { $0.connectionCount } == 0)
        }
    }

    @Test(
        "Bodies up to the limit",
        arguments: [
            "HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n", "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n493E0\r\n",
        ])
    func large(head: String) async throws {
        var configuration = UpstreamConfiguration()
        configuration.maximumBodyBytes = 300_000
        let body = String(repeating: "0123456789", count: 30_000)
        let end = head.contains("chunked") ? "\r\n0\r\n\r\n" : ""
        let steps: [UpstreamStep] = [.write(head + body + end)] + (head.contains("close") ? [.close] : [])
        try await serving(configuration, script: { _ in steps }) { server, client in
            #expect(await client.call(server.target()).answer?.body == body)
        }
    }

    @Test(
        "A server that breaks off in its response",
        arguments: [
            "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        ])
    func breaksOff(text: String) async throws {
        try await serving(script: { _ in [.write(text), .close] }) { server, client in
            #expect(await client.call(server.target()).failure == .closedEarly)
            #expect(await server.requests == 1)
            #expect(await client.onLoop { $0.connectionCount } == 0)
        }
    }

    @Test("A reset ends no body")
    func reset() async throws {
        try await serving(script: { _ in [.write("HTTP/1.1 200 OK\r\n\r\nhel"), .reset] }) { server, client in
            #expect(await client.call(server.target()).failure == .closedEarly)
        }
    }

    @Test("A refused connection")
    func connectionRefused() async throws {
        let server = try await FakeUpstream(script: { _ in [] })
        let target = server.target()
        try await server.stop()
        let client = try await UpstreamClient()
        #expect(await client.call(target).failure == .connectFailed)
        #expect(await client.onLoop { $0.connectionCount } == 0)
        await client.shutdown()
    }

    @Test("A name without an address")
    func unknownName() async throws {
        let client = try await UpstreamClient()
        let target = UpstreamTarget(host: "nobody.invalid", port: 80)
        #expect(await client.call(target).failure == .connectFailed)
        await client.shutdown()
    }

    @Test("A name is resolved")
    func localhost() async throws {
        try await serving(script: { _ in [.write(Self.ok)] }) { server, client in
            #expect(await client.call(server.target(host: "localhost")).answer?.body == "hello")
        }
    }

    @Test(
        "Silence runs into the time-out, and the connection is given up",
        arguments: [
            [], [UpstreamStep.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nh")],
            [.write("HTTP/1.1 100 Continue\r\n\r\n")],
        ])
    func silence(steps: [UpstreamStep]) async throws {
        // Warm, because a connection that is still being made is kept for the next call.
        try await serving(script: { $0.index == 0 ? [.write(Self.ok)] : steps }) { server, client in
            #expect(await client.call(server.target()).answer?.status == 200)
            #expect(await client.call(server.target(), timeoutMilliseconds: 60).failure == .timeout)
            #expect(await client.onLoop { $0.connectionCount } == 0)
            #expect(await client.onLoop { $0.active.isEmpty })
        }
    }

    @Test("A slow trickle is one response")
    func trickle() async throws {
        try await serving(script: { _ in [.trickle(Self.ok)] }) { server, client in
            #expect(await client.call(server.target()).answer?.body == "hello")
        }
    }

    @Test("A kept connection that died is retried once, on a new one", arguments: [UpstreamStep.close, .reset])
    func retry(ending: UpstreamStep) async throws {
        try await serving(script: { request in
            request.connection == 0 && request.index == 1 ? [ending] : [.write(Self.ok)]
        }) { server, client in
            #expect(await client.call(server.target()).answer?.status == 200)
            #expect(await client.call(server.target()).answer?.status == 200)
            #expect(await server.connections == 2)
            #expect(await server.requests == 3)
        }
    }

    @Test("A call is retried once only")
    func retryOnce() async throws {
        try await serving(script: { request in
            request.connection == 0 && request.index == 0 ? [.write(Self.ok)] : [.close]
        }) { server, client in
            #expect(await client.call(server.target()).answer?.status == 200)
            #expect(await client.call(server.target()).failure == .closedEarly)
            #expect(await server.requests == 3)
        }
    }

    @Test("What must not be sent twice is not, nor is anything on a new connection or after a byte")
    func noRetry() async throws {
        try await serving(script: { $0.index == 0 ? [.write(Self.ok)] : [.close] }) { server, client in
            #expect(await client.call(server.target()).answer?.status == 200)
            #expect(await client.call(server.target(), canRetry: false).failure == .closedEarly)
            #expect(await server.requests == 2)
        }
        try await serving(script: { _ in [.close] }) { server, client in
            #expect(await client.call(server.target()).failure == .closedEarly)
            #expect(await server.requests == 1)
        }
        try await serving(script: { $0.index == 0 ? [.write(Self.ok)] : [.write("H"), .close] }) { server, client in
            #expect(await client.call(server.target()).answer?.status == 200)
            #expect(await client.call(server.target()).failure == .closedEarly)
            #expect(await server.requests == 2)
        }
    }

    @Test("A connection on which the server speaks unasked is dropped")
    func unsolicited() async throws {
        try await serving(script: {
            $0.connection == 0 ? [.write(Self.ok), .trickle("HTTP/1.1 200 OK\r\n\r\n")] : [.write(Self.ok)]
        }) {
            server, client in
            #expect(await client.call(server.target()).answer?.status == 200)
            while await client.onLoop({ $0.pool(for: server.target()).idleCount }) > 0 { await Task.yield() }
            #expect(await client.call(server.target()).answer?.body == "hello")
            #expect(await server.connections == 2)
        }
    }

    @Test("Twenty calls at once, then twenty more on the same connections")
    func concurrent() async throws {
        try await serving(script: { request in
            let path = String(request.text.split(separator: " ")[1])
            return [.trickle("HTTP/1.1 200 OK\r\nContent-Length: \(path.utf8.count)\r\n\r\n\(path)")]
        }) { server, client in
            for _ in 0..<2 {
                let texts = (0..<20).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }
                let bodies = await client.calls(server.target(), texts).map { $0.answer?.body }
                #expect(bodies == (0..<20).map { "/\($0)" })
            }
            #expect(await server.connections == 20)
        }
    }

    @Test("Calls beyond the connections wait, and beyond the queue are refused")
    func limits() async throws {
        var configuration = UpstreamConfiguration()
        configuration.maximumConnections = 2
        configuration.maximumWaitingCalls = 3
        try await serving(configuration, script: { _ in [.trickle(Self.ok)] }) { server, client in
            let outcomes = await client.calls(server.target(), Array(repeating: Self.get, count: 8))
            #expect(outcomes[..<5].allSatisfy { $0.answer?.body == "hello" })
            #expect(outcomes[5...].allSatisfy { $0.failure == .saturated })
            #expect(await server.connections == 2)
            #expect(await client.onLoop { $0.pool(for: server.target()).idleCount } == 2)
        }
    }

    @Test("Waiting calls time out, and go on when a connection dies")
    func waiting() async throws {
        var configuration = UpstreamConfiguration()
        configuration.maximumConnections = 1
        try await serving(configuration, script: { $0.connection == 0 ? [] : [.write(Self.ok)] }) { server, client in
            async let first = client.call(server.target())
            while await server.requests == 0 { await Task.yield() }
            #expect(await client.call(server.target(), timeoutMilliseconds: 50).failure == .timeout)
            async let second = client.call(server.target())
            while await client.onLoop({ $0.active.count }) < 2 { await Task.yield() }
            await client.onLoop { pools in
                for call in pools.active where call.connection != nil {
                    call.fail(.malformed)
                    break
                }
            }
            #expect(await first.failure == .malformed)
            #expect(await second.answer?.body == "hello")
            #expect(await server.connections == 2)
        }
    }

    @Test("A cancelled call says nothing and closes its connection")
    func cancel() async throws {
        try await serving(script: { _ in [] }) { server, client in
            let target = server.target()
            await client.onLoop { pools in
                _ = pools.pool(for: target).send(
                    ByteBuffer(string: Self.get), isHead: false, canRetry: true, timeoutMilliseconds: 10_000,
                    receiver: NeverCalled())
            }
            while await server.requests == 0 { await Task.yield() }
            await client.onLoop { pools in
                for call in pools.active {
                    call.cancel()
                    call.cancel()
                }
            }
            #expect(await client.onLoop { $0.connectionCount } == 0)
            #expect(await client.onLoop { $0.active.isEmpty })
        }
    }

    @Test("A connection whose call was cancelled while it was made serves the next call")
    func unclaimed() async throws {
        try await serving(script: { _ in [.write(Self.ok)] }) { server, client in
            let target = server.target()
            let receiver = await client.onLoop { pools in
                let pool = pools.pool(for: target)
                let bytes = ByteBuffer(string: "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                let call = pool.send(
                    bytes, isHead: false, canRetry: true, timeoutMilliseconds: 10_000, receiver: NeverCalled())
                call.cancel()
                return pool.connectionCount
            }
            #expect(receiver == 1)
            #expect(await client.call(target).answer?.body == "hello")
            #expect(await server.connections == 1)
        }
    }

    @Test("Idle connections age and their pool is forgotten")
    func aging() async throws {
        try await serving(script: { _ in [.write(Self.ok)] }) { server, client in
            #expect(await client.call(server.target()).answer?.status == 200)
            #expect(
                await client.onLoop { pools in
                    pools.sweep(pools.coarseNow + .seconds(10))
                    return pools.connectionCount
                } == 1)
            #expect(
                await client.onLoop { pools in
                    pools.sweep(pools.coarseNow + .seconds(100))
                    return pools.connectionCount
                } == 0)
            #expect(await client.call(server.target()).answer?.status == 200)
            #expect(await server.connections == 2)
        }
    }

    @Test("Idle connections are bounded")
    func boundedIdle() async throws {
        var configuration = UpstreamConfiguration()
        configuration.maximumIdleConnections = 3
        try await serving(configuration, script: { _ in [.trickle(Self.ok)] }) { server, client in
            _ = await client.calls(server.target(), Array(repeating: Self.get, count: 8))
            #expect(await client.onLoop { $0.pool(for: server.target()).idleCount } == 3)
            #expect(await client.onLoop { $0.connectionCount } == 3)
        }
    }

    @Test("Shut down, calls fail and connections close")
    func shutdown() async throws {
        try await serving(script: { $0.text.hasPrefix("GET / ") ? [.write(Self.ok)] : [] }) { server, client in
            #expect(await client.call(server.target()).answer?.status == 200)
            let silent = "GET /silent HTTP/1.1\r\nHost: a\r\n\r\n"
            async let outcomes = client.calls(server.target(), [silent, silent])
            while await server.requests < 3 { await Task.yield() }
            await client.shutdown()
            #expect(await outcomes.allSatisfy { $0.failure == .closedEarly })
            #expect(await client.call(server.target()).failure == .saturated)
            #expect(await client.onLoop { $0.connectionCount } == 0)
        }
    }
}

@Suite("Upstream TLS")
struct UpstreamTLSTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var host = "localhost"
        var serverName: String?
        var verification = UpstreamTarget.Verification.full
        var certificate = TestCertificates.goodCertificate
        var key = TestCertificates.goodKey
        var isTrusted = true
        var works: Bool
    }

    @Test(
        "What is checked of a certificate",
        arguments: [
            Row(testDescription: "trusted, by name", works: true),
            Row(testDescription: "trusted, by address", host: "127.0.0.1", works: true),
            Row(testDescription: "trusted, by another name of its own", serverName: "x.api.test", works: true),
            Row(testDescription: "trusted, by a wrong name", serverName: "wrong.test", works: false),
            Row(testDescription: "unknown authority", isTrusted: false, works: false),
            Row(
                testDescription: "unknown authority, not asked for", verification: .skipAuthority, isTrusted: false,
                works: true),
            Row(
                testDescription: "not asked for the authority, by address", host: "127.0.0.1",
                verification: .skipAuthority,
                isTrusted: false, works: true),
            Row(
                testDescription: "not asked for the authority, wrong name", verification: .skipAuthority,
                certificate: TestCertificates.otherCertificate, key: TestCertificates.otherKey, isTrusted: false,
                works: false),
            Row(
                testDescription: "not asked for the authority, name given", serverName: "other.test",
                verification: .skipAuthority, certificate: TestCertificates.otherCertificate,
                key: TestCertificates.otherKey,
                isTrusted: false, works: true),
            Row(
                testDescription: "expired", certificate: TestCertificates.oldCertificate, key: TestCertificates.oldKey,
                works: false),
            Row(
                testDescription: "not asked for the authority, expired", verification: .skipAuthority,
                certificate: TestCertificates.oldCertificate, key: TestCertificates.oldKey, works: false),
        ])
    func verification(row: Row) async throws {
        let server = try await FakeUpstream(certificate: row.certificate, key: row.key) { request in
            [.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n\(request.index)")]
        }
        var configuration = UpstreamConfiguration()
        let roots = row.isTrusted ? row.certificate : TestCertificates.oldCertificate
        configuration.tls = UpstreamTLS(trustRoots: .pem(Array(roots.utf8)))
        let client = try await UpstreamClient(configuration)
        let target = server.target(
            isTLS: true, host: row.host, serverName: row.serverName, verification: row.verification)
        let first = await client.call(target)
        if row.works {
            #expect(first.answer?.body == "0")
            #expect(await client.call(target).answer?.body == "1")
            #expect(await server.connections == 1)
        } else {
            #expect(first.failure == .tlsFailed)
            #expect(await server.requests == 0)
            #expect(await client.onLoop { $0.connectionCount } == 0)
        }
        await client.shutdown()
        try await server.stop()
    }

    @Test("Unreadable trust roots show at once, and fail calls")
    func badRoots() async throws {
        let tls = UpstreamTLS(trustRoots: .pem(Array("no certificate".utf8)))
        #expect(throws: (any Error).self) { try tls.prepare(.full) }
        try tls.prepare(.skipAuthority)
        let server = try await FakeUpstream { _ in [] }
        var configuration = UpstreamConfiguration()
        configuration.tls = tls
        let client = try await UpstreamClient(configuration)
        #expect(await client.call(server.target(isTLS: true)).failure == .tlsFailed)
        await client.shutdown()
        try await server.stop()
    }

    @Test("TLS with a server that speaks none")
    func plainServer() async throws {
        let server = try await FakeUpstream { _ in [] }
        let client = try await UpstreamClient()
        // The server waits for a request head that never comes: the client hello is none.
        #expect(await client.call(server.target(isTLS: true), timeoutMilliseconds: 60).failure == .timeout)
        await client.shutdown()
        try await server.stop()
    }

    @Test(
        "Names and patterns",
        arguments: [
            ("api.test", "api.test", true), ("API.Test.", "api.test", true), ("api.test", "API.TEST.", true),
            ("a.api.test", "*.api.test", true), ("a.b.api.test", "*.api.test", false),
            ("api.test", "*.api.test", false),
            ("a.test", "*.test", false), ("a.test", "a*.test", false), ("a.test", "*", false), ("", "", false),
            (".api.test", "*.api.test", false),
        ])
    func patterns(name: String, pattern: String, matches: Bool) {
        #expect(CertificateIdentity(name: name).matches(pattern: Array(pattern.utf8)) == matches)
    }
}

private final class NeverCalled: UpstreamReceiver {
    func upstreamDidReceive(_ response: UpstreamResponse) { Issue.record("answered after cancel") }
    func upstreamDidFail(_ failure: UpstreamFailure) { Issue.record("failed after cancel") }
}
