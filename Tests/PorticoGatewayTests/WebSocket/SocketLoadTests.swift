import Glibc
import PorticoTestSupport
import Testing

@testable import PorticoGateway

@Suite("Many WebSocket connections", .serialized)
struct SocketLoadTests {
    /// As many connections as the system lets a test have, both ends of each being here.
    private static func count(_ wanted: Int) -> Int {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = min(limit.rlim_max, rlim_t(wanted * 2 + 1000))
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return min(wanted, (Int(limit.rlim_cur) - 500) / 2)
    }

    @Test("ten thousand clients who go at once are told of one by one, and hold nobody up")
    func disconnects() async throws {
        let backend = try Backend(.respond(status: 200, headers: [], body: "{\"statusCode\":200}"))
        defer { backend.stop() }
        let spec = SocketSpec.api(
            [("$disconnect", SocketSpec.lambda(isTwoWay: false)), ("$default", SocketSpec.says("hi"))],
            root: LambdaSpec.server(backend))
        let count = Self.count(10_000)
        try await withSockets(spec, workers: 2) { gateway in
            var sockets = try (0..<count).map { _ in try gateway.connect() }
            let open = sockets.filter { $0.isOpen }.count
            #expect(open == count)
            for socket in sockets { socket.reset() }
            sockets.removeAll()
            let other = try gateway.connect()
            #expect(try other.ask("{}") == "hi")
            try Deadline().wait(for: "\(count) events, there are \(backend.requests.count)") {
                backend.requests.count == count
            }
            #expect(try other.ask("{}") == "hi")
            #expect(backend.requests.count == count)
            // No more than 64 of each event loop are under way.
            #expect(backend.connectionCount <= 128)
        }
    }

    @Test("an idle connection takes little memory")
    func memory() async throws {
        let spec = SocketSpec.api([("$default", SocketSpec.says("hi"))])
        let count = Self.count(4000)
        try await withSockets(spec) { gateway in
            // Buffers and pools grow first.
            let first = try (0..<100).map { _ in try gateway.connect() }
            for socket in first { _ = try socket.ask("{}") }
            let before = try #require(ProcessMemory.residentBytes)
            let sockets = try (0..<count).map { _ in try gateway.connect() }
            for socket in sockets {
                let answer = try socket.ask("{}")
                #expect(answer == "hi")
            }
            let after = try #require(ProcessMemory.residentBytes)
            let each = (Int(after) - Int(before)) / count
            print("bytes of an idle connection with its client: \(each)")
            // The client's end has some hundred bytes of it.
            #expect(each < 12_000, "\(each)")
            withExtendedLifetime((first, sockets)) {}
        }
    }
}
