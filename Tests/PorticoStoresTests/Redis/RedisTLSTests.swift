import PorticoIR
import PorticoStores
import PorticoTestSupport
import Testing

@Suite("Redis over TLS", .timeLimit(.minutes(5)))
struct RedisTLSTests {
    @Test("A server is talked to over TLS if its certificate is trusted, and not otherwise")
    func encryption() async throws {
        let folder = try TemporaryFolder()
        let (certificate, key) = (folder.path + "/certificate.pem", folder.path + "/key.pem")
        for (name, host) in [(certificate, "127.0.0.1"), (folder.path + "/other.pem", "127.0.0.2")] {
            let tool = try ChildProcess(
                "/usr/bin/env",
                [
                    "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-keyout", name == certificate ? key : folder.path + "/other-key.pem", "-out", name, "-days", "2",
                    "-subj", "/CN=redis", "-addext", "subjectAltName=IP:\(host)",
                ])
            #expect(try tool.wait() == 0, "\(tool.errors)")
        }
        let port = try freePort()
        let server = try await RedisServer(
            [
                "--port", "0", "--tls-port", "\(port)", "--tls-cert-file", certificate, "--tls-key-file", key,
                "--tls-auth-clients", "no",
            ], port: port)
        let taking = BucketTaking(name: "a", takenTicks: 1 << 40, capacityTicks: 1 << 50)
        let store = RedisSharedStore(try RedisAddress(url: "rediss://127.0.0.1:\(server.port)?ca=\(certificate)"))
        #expect(await store.connect() == nil)
        #expect(try await store.settle([taking])[0].ticks > 1 << 39)
        await store.shutDown()
        for (url, reason) in [
            ("rediss://127.0.0.1:\(port)", "CERTIFICATE_VERIFY_FAILED"),
            ("rediss://127.0.0.1:\(port)?ca=\(folder.path)/other.pem", "CERTIFICATE_VERIFY_FAILED"),
            ("rediss://127.0.0.1:\(port)?ca=\(folder.path)/none.pem", "TLS cannot be set up"),
            ("redis://127.0.0.1:\(port)", ""),
        ] {
            let other = RedisSharedStore(try RedisAddress(url: url))
            let problem = await other.connect()
            // What a server that expects TLS does to others is its own affair.
            let isExpected = problem.map { reason.isEmpty || $0.contains(reason) } ?? false
            #expect(isExpected, "\(problem ?? "connected") for \(url)")
            await other.shutDown()
        }
    }
}
