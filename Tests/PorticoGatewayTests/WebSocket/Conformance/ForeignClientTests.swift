import FoundationEssentials
import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Clients that others wrote, by `Tests/WebSocketClients/clients.py`: those of PyPI, curl, and a browser where there is one.
@Suite("WebSocket conformance: clients of others", .serialized)
struct ForeignClientTests {
    @Test("packages of PyPI and curl are understood", arguments: ["websockets", "wsproto", "aiohttp", "curl"])
    func package(_ client: String) async throws { try await run(client) }

    private static let browser = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    @Test("a browser is understood", .enabled(if: browser != nil, "Chromium is not installed"))
    func chromium() async throws { try await run("chromium", ["--chromium", Self.browser ?? ""]) }

    private func run(_ client: String, _ options: [String] = []) async throws {
        let backend = try Backend(.respond(status: 200, headers: [("Sec-WebSocket-Protocol", "chat.v2")], body: ""))
        defer { backend.stop() }
        let spec = SocketSpec.api(
            [
                ("$connect", SocketSpec.http(backend, isTwoWay: false)),
                ("id", SocketSpec.says("$context.connectionId")),
                ("$default", FrameConformanceTests.echoRoute()),
            ], root: SocketSpec.identities)
        let python = try PythonEnvironment.python()
        let signer = PlainSigner()
        try await withSockets(spec) { gateway in
            let process = try ChildProcess(
                python,
                [
                    "\(GoldenFile.packageRoot)/Tests/WebSocketClients/clients.py", client, "--url",
                    "ws://127.0.0.1:\(gateway.port)/dev",
                ] + options,
                environment: ["AWS_ACCESS_KEY_ID": signer.accessKeyID, "AWS_SECRET_ACCESS_KEY": signer.secret])
            let status = try process.wait(Deadline(after: .seconds(200)))
            #expect(status == 0, "\(process.output)\(process.errors)")
        }
    }
}
