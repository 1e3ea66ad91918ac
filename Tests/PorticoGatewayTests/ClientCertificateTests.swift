import Logging
import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Source: API Gateway guide, "Generate and configure an SSL certificate for backend authentication"; reference 1.2,
/// `tlsConfig`.
@Suite("Client certificates of stages")
struct ClientCertificateTests {
    private static let root = """
        x-portico-client-certificates: {c: {certificate: client.pem, privateKey: keys.pem}}
        x-portico-stages: {dev: {clientCertificateId: c}, bare: {}}
        """

    private static func api(_ port: Int, root: String = root) -> String {
        let skips = "tlsConfig: {insecureSkipVerification: true}"
        let host = parameters("requestParameters", [("integration.request.path.h", "'localhost:\(port)'")])
        return spec(
            root: root,
            [
                SpecOperation("GET /x", backendIntegration("http_proxy", "GET", "https://localhost:\(port)/in", skips)),
                SpecOperation(
                    "GET /mapped", backendIntegration("http_proxy", "GET", "https://{h}/in", skips + ", " + host)),
                SpecOperation("GET /full", backendIntegration("http_proxy", "GET", "https://localhost:\(port)/in")),
            ])
    }

    /// A backend that insists on the client's certificate.
    private static func backend() async throws -> FakeUpstream {
        try await FakeUpstream(
            certificate: TestCertificates.goodCertificate, key: TestCertificates.goodKey,
            clientAuthority: TestCertificates.clientCertificate
        ) { _ in [.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")] }
    }

    @Test("a stage presents its certificate to HTTPS backends, another stage presents none")
    func presents() async throws {
        let backend = try await Self.backend()
        let folder = try TemporaryFolder()
        try folder.write("client.pem", TestCertificates.clientCertificate)
        try folder.write("keys.pem", TestCertificates.clientKey)
        try await withGateway(Self.api(backend.port), configure: { $0.baseDirectory = folder.path }) { gateway in
            for path in ["/dev/x", "/dev/mapped", "/dev/x"] {
                let answer = try gateway.request("GET", path)
                #expect(answer.status == 200 && answer.text == "ok", "\(path)")
            }
            // The server's certificate is not signed by an authority of the system.
            #expect(try gateway.request("GET", "/dev/full").status == 504)
            #expect(try gateway.request("GET", "/bare/x").status == 504)
        }
        var invocation = TestInvocation(method: "GET", path: "/dev/x")
        invocation.baseDirectory = folder.path
        let answer = try await invocation.run(
            on: try TestGateway.compile(Self.api(backend.port)),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        #expect(answer.status == 200)
        try await backend.stop()
    }

    @Test("a certificate that the backend does not trust is a failed call, and a reload reads the files again")
    func reload() async throws {
        let backend = try await Self.backend()
        let folder = try TemporaryFolder()
        try folder.write("client.pem", TestCertificates.otherCertificate)
        try folder.write("keys.pem", TestCertificates.otherKey)
        let api = Self.api(backend.port)
        try await withGateway(api, configure: { $0.baseDirectory = folder.path }) { gateway in
            #expect(try gateway.request("GET", "/dev/x").status == 504)
            try folder.write("client.pem", TestCertificates.clientCertificate)
            try folder.write("keys.pem", TestCertificates.clientKey)
            try await gateway.install(api)
            #expect(try gateway.request("GET", "/dev/x").status == 200)
        }
        try await backend.stop()
    }

    @Test("without its files calls of HTTPS backends answer 500, others work, and the log names the file")
    func missing() async throws {
        let plain = try Backend()
        let folder = try TemporaryFolder()
        let host = parameters("requestParameters", [("integration.request.path.h", "'localhost:1'")])
        let api = spec(
            root: Self.root,
            [
                SpecOperation("GET /plain", backendIntegration("http_proxy", "GET", "http://\(plain.authority)/in")),
                SpecOperation("GET /tls", backendIntegration("http_proxy", "GET", "https://localhost:1/in")),
                SpecOperation("GET /mapped", backendIntegration("http_proxy", "GET", "https://{h}/in", host)),
            ])
        try await withGateway(api, configure: { $0.baseDirectory = folder.path }) { gateway in
            let paths = ["/dev/plain", "/dev/tls", "/dev/mapped", "/bare/tls"]
            let statuses = try paths.map { try gateway.request("GET", $0).status }
            #expect(statuses == [200, 500, 500, 504])
        }
        var invocation = TestInvocation(method: "GET", path: "/dev/tls")
        invocation.baseDirectory = folder.path
        let answer = try await invocation.run(
            on: try TestGateway.compile(api), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        #expect(answer.status == 500)
        #expect(
            answer.log.contains(
                "client certificate 'c' cannot be presented: '\(folder.path)/client.pem': No such file or directory"),
            "\(answer.log)")
        plain.stop()
    }

    @Test(
        "files that are no pair are told apart",
        arguments: [
            (TestCertificates.clientCertificate, TestCertificates.clientKey, nil),
            ("", TestCertificates.clientKey, "/client.pem': it holds no certificate"),
            ("text", TestCertificates.clientKey, "/client.pem': it holds no certificate"),
            (TestCertificates.clientKey, TestCertificates.clientKey, "/client.pem': it holds no certificate"),
            (TestCertificates.clientCertificate, "", "/keys.pem': it holds no private key"),
            (TestCertificates.clientCertificate, TestCertificates.clientCertificate, "/keys.pem': it holds no private"),
            (TestCertificates.clientCertificate, TestCertificates.encryptedClientKey, "one with a passphrase"),
            (TestCertificates.clientCertificate, TestCertificates.goodKey, "/keys.pem': it does not belong"),
        ] as [(String, String, String?)])
    func pairs(certificate: String, key: String, problem: String?) throws {
        let folder = try TemporaryFolder()
        try folder.write("client.pem", certificate)
        try folder.write("keys.pem", key)
        let snapshot = try TestGateway.compile(Self.api(1))
        #expect(snapshot.files == ["client.pem", "keys.pem"])
        let identities = ClientIdentities(of: snapshot, in: folder.path)
        guard let problem else {
            #expect(identities.failures.isEmpty && identities.identities.count == 1 && identities.expired.isEmpty)
            return
        }
        #expect(identities.failures.count == 1)
        let reason = identities.failures.first ?? ""
        #expect(reason.contains(problem) && reason.contains(folder.path), "\(reason)")
    }

    @Test("a certificate past its time is told")
    func expired() throws {
        let folder = try TemporaryFolder()
        try folder.write("client.pem", TestCertificates.oldCertificate)
        try folder.write("keys.pem", TestCertificates.oldKey)
        let identities = ClientIdentities(of: try TestGateway.compile(Self.api(1)), in: folder.path)
        #expect(identities.failures.isEmpty && identities.expired == ["c"])
    }

    @Test("the same bytes are the same identity")
    func equality() throws {
        let texts = (Array(TestCertificates.clientCertificate.utf8), Array(TestCertificates.clientKey.utf8))
        let first = try ClientIdentity(certificate: texts.0, privateKey: texts.1)
        let second = try ClientIdentity(certificate: texts.0, privateKey: texts.1)
        let third = try ClientIdentity(certificate: texts.0 + [10], privateKey: texts.1)
        #expect(first == second && first.hashValue == second.hashValue)
        #expect(first != third)
    }

    @Test("links and certificates survive the file form, and stand in the dump")
    func fileForm() throws {
        let snapshot = try TestGateway.compile(
            spec(
                root: Self.root + """

                    x-portico-vpc-links:
                      a: http://a
                      b: {targets: [a, 'b:1'], healthCheckPath: /up, matcher: '200-299,302'}
                    """,
                [
                    SpecOperation(
                        "GET /x",
                        backendIntegration(
                            "http", "GET", "http://a/in",
                            "connectionType: VPC_LINK, connectionId: '${stageVariables.v}'"))
                ]), stageVariables: ["v": "a"])
        let again = try DeploymentSnapshot.decode(snapshot.encoded())
        #expect(again.encoded() == snapshot.encoded())
        #expect(again.vpcLinks == snapshot.vpcLinks && again.vpcLinks.count == 2)
        #expect(again.clientCertificates == snapshot.clientCertificates)
        #expect(again.stages.map(\.clientCertificate) == ["c", nil])
        let dump = again.dump()
        for line in [
            "a  http://a", "b  a, b:1", "  GET /up 200-299,302-302 every 30 s within 5 s, 2 failures, 5 successes",
            "c  client.pem  keys.pem", "  client certificate c", "  VPC link ${stageVariables.v}",
        ] { #expect(dump.contains("\n\(line)\n"), "\(line) in \(dump)") }
    }
}
