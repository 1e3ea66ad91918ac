import Logging
import PorticoTestSupport
import Synchronization
import Testing

@testable import PorticoGateway

@Suite("Lines about failed requests")
struct LogLimitTests {
    /// Counts lines.
    private final class Lines: Sendable {
        let messages = Mutex<[String]>([])
    }

    private struct CountingHandler: LogHandler {
        let lines: Lines
        var metadata = Logger.Metadata()
        var logLevel = Logger.Level.info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            lines.messages.withLock { $0.append("\(event.message)") }
        }
    }

    @Test("a request that fails again and again writes few lines")
    func limited() async throws {
        let lines = Lines()
        let snapshot = try TestGateway.compile(
            """
            openapi: 3.0.1
            info: { title: t, version: "1" }
            paths:
              /x:
                get:
                  responses: { "200": { description: ok } }
                  x-amazon-apigateway-integration: { type: http, httpMethod: GET, uri: "not an address" }
            """)
        var configuration = ServerConfiguration()
        configuration.port = 0
        configuration.adminPort = nil
        configuration.workers = 1
        let server = GatewayServer(
            configuration: configuration, logger: Logger(label: "test") { _ in CountingHandler(lines: lines) })
        let addresses = try await server.start(snapshot)
        for _ in 0..<600 {
            let response = try HTTP.request("GET", "/dev/x", port: addresses.port)
            #expect(response.status == 500)
        }
        await server.drain(within: .zero)
        // Twenty a second, and the requests take no minute.
        let count = lines.messages.withLock { $0.filter { $0.contains("Invalid endpoint address") }.count }
        #expect(count >= 20)
        #expect(count < 600)
    }
}
