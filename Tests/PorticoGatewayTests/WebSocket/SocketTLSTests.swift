import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// `wss`, spoken by clients that others wrote, with the same words as without TLS.
///
/// Source: RFC 6455, sections 4.1 and 11.1.2; guide, "Set up custom domain names for WebSocket APIs".
@Suite("WebSocket connections by TLS", .serialized)
struct SocketTLSTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        let authority = try TestAuthority("Test CA")
        try folder.write("ca.pem", authority.pem)
        try folder.write(authority.issue("chat", hosts: ["chat.example.com", "localhost"]), as: "chat")
    }

    /// The endpoint of the API itself, a mapping of everything, one of a path, and one that leaves the stage to the path.
    private static let endpoints = [
        "localhost/dev", "chat.example.com", "chat.example.com/rooms/v1", "chat.example.com/any/dev",
    ]

    private func spec(_ route: String, _ backend: Backend) -> String {
        SocketSpec.api(
            [
                (route, SocketSpec.http(backend, isTwoWay: false)),
                ("id", SocketSpec.says("$context.connectionId")),
                ("where", SocketSpec.says("$context.stage $context.domainName")),
                ("$default", FrameConformanceTests.echoRoute()),
            ],
            root: SocketSpec.identities + """

                x-portico-stages: {dev: {}}
                x-portico-domain-names:
                  chat.example.com:
                    certificate: chat.pem
                    privateKey: chat.key
                    basePathMappings: {"": dev, rooms/v1: dev, any: null}
                """)
    }

    private func withGateway(
        calling route: String = "$connect", _ body: (SocketGateway, Backend) async throws -> Void
    ) async throws {
        let backend = try Backend(.respond(status: 200, headers: [("Sec-WebSocket-Protocol", "chat.v2")], body: ""))
        defer { backend.stop() }
        try await withSockets(spec(route, backend), configure: { $0.baseDirectory = folder.path }) { gateway in
            try await body(gateway, backend)
        }
    }

    private func run(
        _ client: String, _ address: String, _ options: [String], _ gateway: SocketGateway
    ) throws {
        let parts = address.split(separator: "/", maxSplits: 1)
        let path = parts.count > 1 ? "/\(parts[1])" : "/"
        let signer = PlainSigner()
        let process = try ChildProcess(
            try PythonEnvironment.python(),
            [
                "\(GoldenFile.packageRoot)/Tests/WebSocketClients/clients.py", client,
                "--url", "wss://\(parts[0]):\(gateway.tlsPort)\(path)", "--authority", "ca.pem",
            ] + options,
            environment: ["AWS_ACCESS_KEY_ID": signer.accessKeyID, "AWS_SECRET_ACCESS_KEY": signer.secret],
            in: folder.path)
        let status = try process.wait(Deadline(after: .seconds(200)))
        #expect(status == 0, "\(process.output)\(process.errors)")
    }

    @Test("messages, fragments, pings, calls of @connections and ends are as without TLS", arguments: endpoints)
    func talk(_ address: String) async throws {
        try await withGateway { gateway, _ in
            let isDomain = address.hasPrefix("chat.")
            try run("websockets", address, isDomain ? ["--place", "dev chat.example.com"] : [], gateway)
        }
    }

    @Test("another client is understood, and curl's handshake", arguments: ["aiohttp", "curl"])
    func clients(_ client: String) async throws {
        try await withGateway { gateway, _ in try run(client, "chat.example.com", [], gateway) }
    }

    // Source: RFC 8446, section 6.1: nobody need wait for the other side's alert. Python's clients send none.
    @Test("a client that goes without a word of TLS is gone at once")
    func silentEnd() async throws {
        try await withGateway(calling: "$disconnect") { gateway, backend in
            try run("websockets", "localhost/dev", ["--only-end"], gateway)
            // Less than the two seconds that the handler of TLS waits.
            try Deadline(after: .seconds(1.5)).wait(for: "$disconnect") { backend.requests.count == 1 }
        }
    }
}
