import PorticoGateway
import PorticoTestSupport
import Testing

/// HTTPS of custom domains, asked by curl and openssl.
@Suite struct TLSListenerTests {
    private let folder: TemporaryFolder
    private let authority: TestAuthority

    init() throws {
        folder = try TemporaryFolder()
        authority = try TestAuthority("Test CA")
        try folder.write("ca.pem", authority.pem)
        try folder.write(authority.issue("api", hosts: ["api.example.com"]), as: "api")
        try folder.write(authority.issue("wild", hosts: ["*.wild.example.com"]), as: "wild")
        try folder.write(authority.issue("old", hosts: ["old.example.com"]), as: "old")
    }

    private static let domains = """
        api.example.com: {certificate: api.pem, privateKey: api.key, basePathMappings: {"": prod}}
        "*.wild.example.com": {certificate: wild.pem, privateKey: wild.key, endpointAccessMode: STRICT, basePathMappings: {"": beta}}
        old.example.com: {certificate: old.pem, privateKey: old.key, securityPolicy: TLS_1_0, basePathMappings: {"": dev}}
        new.example.com: {certificate: api.pem, privateKey: api.key, securityPolicy: SecurityPolicy_TLS13_1_3_2025_09, endpointAccessMode: BASIC, basePathMappings: {"": dev}}
        """

    private func gateway(_ domains: String = Self.domains, more: String = "") async throws -> TestGateway {
        try await TestGateway(DomainRoutingTests.spec(domains, more: more)) { $0.baseDirectory = folder.path }
    }

    private func curl(_ gateway: TestGateway) -> Curl { Curl(folder: folder, port: gateway.tlsPort) }

    @Test("Each domain shows its own certificate and leads to its own stage")
    func serverNames() async throws {
        let gateway = try await gateway()
        let curl = curl(gateway)
        let api = try curl.get("api.example.com", "/x")
        let wild = try curl.get("a.wild.example.com", "/x")
        // Nobody has a certificate for it.
        let stranger = try curl.get("stranger.test", "/dev/x")
        let insecure = try curl.get("stranger.test", "/dev/x", "-k")
        await gateway.stop()
        #expect(api.body == "prod x api.example.com api /x")
        #expect(wild.body == "beta x a.wild.example.com a /x")
        #expect(stranger.exitStatus == 60)
        #expect(insecure.body.hasPrefix("dev x "))
        #expect(insecure.body.contains(".execute-api."))
    }

    @Test("Ten requests share one connection")
    func keepsConnections() async throws {
        let gateway = try await gateway()
        let config = (0..<10).map {
            "url = \"https://api.example.com:\(gateway.tlsPort)/x\($0)\"\noutput = /dev/null\n"
        }
        try folder.write("urls", config.joined())
        let process = try ChildProcess(
            "/usr/bin/curl",
            [
                "-sS", "--noproxy", "*", "--cacert", "ca.pem", "--resolve",
                "api.example.com:\(gateway.tlsPort):127.0.0.1", "-w", "%{http_code} %{num_connects}\n", "-K", "urls",
            ], in: folder.path)
        let status = try process.wait()
        let metrics = try HTTP.request("GET", "/metrics", port: gateway.adminPort).text
        await gateway.stop()
        #expect(status == 0)
        #expect(process.output == "200 1\n" + String(repeating: "200 0\n", count: 9))
        #expect(metrics.contains("\nportico_tls_handshakes_total 1\n"))
    }

    // Source: API Gateway guide, "Supported security policies".
    @Test(
        "A security policy says which versions are spoken",
        arguments: [
            ("api.example.com", "1.2", true), ("api.example.com", "1.3", true), ("api.example.com", "1.1", false),
            ("new.example.com", "1.2", false), ("new.example.com", "1.3", true),
            ("old.example.com", "1.0", true), ("old.example.com", "1.2", true),
        ])
    func versions(_ host: String, _ version: String, _ isTaken: Bool) async throws {
        let gateway = try await gateway()
        let flag = "-tls\(version.split(separator: ".").joined(separator: "_"))".replacing("_0", with: "")
        let process = try ChildProcess(
            "/bin/sh",
            [
                "-c",
                "printf 'GET /x HTTP/1.1\\r\\nHost: \(host)\\r\\nConnection: close\\r\\n\\r\\n' | timeout 20 openssl s_client -quiet -ign_eof "
                    + "-cipher 'ALL:@SECLEVEL=0' -connect 127.0.0.1:\(gateway.tlsPort) -servername \(host) \(flag)",
            ])
        _ = try process.wait()
        await gateway.stop()
        #expect(process.output.contains("HTTP/1.1 200") == isTaken, "\(process.output) \(process.errors)")
    }

    @Test("Strict access refuses a host that TLS did not name, and what comes without TLS")
    func strictAccess() async throws {
        let gateway = try await gateway()
        let same = try curl(gateway).get("a.wild.example.com", "/x", "-H", "Host: A.wild.example.com")
        let other = try curl(gateway).get("a.wild.example.com", "/x", "-H", "Host: b.wild.example.com")
        let fronted = try curl(gateway).get("api.example.com", "/x", "-H", "Host: a.wild.example.com")
        let plain = try gateway.request("GET", "/x", headers: [("Host", "a.wild.example.com")])
        // A domain that is not strict takes what its name in the request says.
        let basic = try curl(gateway).get("old.example.com", "/x", "-H", "Host: api.example.com")
        await gateway.stop()
        #expect(same.status == 200)
        for refused in [other, fronted] {
            #expect(refused.status == 403)
            #expect(refused.body == #"{"message":"Forbidden"}"#)
        }
        #expect(plain.status == 403)
        #expect(basic.body.hasPrefix("prod x "))
    }

    @Test("A strict default endpoint takes no request whose TLS named a domain")
    func strictDefaultEndpoint() async throws {
        let gateway = try await gateway(
            more: """
                x-amazon-apigateway-security-policy: SecurityPolicy_TLS13_1_3_2025_09
                x-amazon-apigateway-endpoint-access-mode: STRICT
                """)
        let named = try curl(gateway).get("localhost", "/dev/x", "-k")
        let fronted = try curl(gateway).get("api.example.com", "/dev/x", "-H", "Host: localhost")
        let old = try curl(gateway).get("localhost", "/dev/x", "-k", "--tls-max", "1.2")
        await gateway.stop()
        #expect(named.status == 200)
        #expect(fronted.status == 403)
        #expect(old.exitStatus == 35)
    }

    @Test("New files bring a new certificate; broken ones leave the old one")
    func renewal() async throws {
        let gateway = try await gateway()
        let other = try TestAuthority("Other CA")
        let spec = DomainRoutingTests.spec(Self.domains)
        try folder.write(other.issue("api", hosts: ["api.example.com"]), as: "api")
        try await gateway.install(spec)
        let before = try curl(gateway).get("api.example.com", "/x")
        try folder.write("ca.pem", other.pem)
        let after = try curl(gateway).get("api.example.com", "/x")
        // Half a renewal: the key is already that of the next certificate.
        try folder.write("api.key", other.issue("api", hosts: ["api.example.com"]).privateKey)
        try await gateway.install(spec)
        let kept = try curl(gateway).get("api.example.com", "/x")
        await gateway.stop()
        #expect(before.exitStatus == 60)
        #expect(after.status == 200)
        #expect(kept.status == 200)
    }

    @Test("The port opens when the first certificate comes")
    func firstCertificate() async throws {
        let port = try freePort()
        let gateway = try await TestGateway(DomainRoutingTests.spec("api.example.com: {basePathMappings: {'': prod}}"))
        {
            $0.baseDirectory = folder.path
            $0.tlsPort = port
        }
        #expect(gateway.tlsPort == 0)
        let closed = try Curl(folder: folder, port: port).get("api.example.com", "/x")
        try await gateway.install(DomainRoutingTests.spec(Self.domains))
        let open = try Curl(folder: folder, port: port).get("api.example.com", "/x")
        await gateway.stop()
        #expect(closed.exitStatus == 7)
        #expect(open.status == 200)
    }

    @Test(
        "A server whose certificate cannot be used does not start",
        arguments: [
            ("gone.pem", "api.key", "gone.pem"), ("api.pem", "gone.key", "gone.key"),
            ("api.pem", "old.key", "does not belong to the certificate"), ("api.key", "api.key", "no certificate"),
            ("api.pem", "api.pem", "no private key"), ("empty.pem", "api.key", "no certificate"),
        ])
    func badFiles(_ certificate: String, _ key: String, _ reason: String) async throws {
        try folder.write("empty.pem", "")
        let error = await #expect(throws: (any Error).self) {
            _ = try await self.gateway(
                "api.example.com: {certificate: \(certificate), privateKey: \(key), basePathMappings: {'': prod}}")
        }
        let text = error.map { "\($0)" } ?? ""
        #expect(text.contains("domain name 'api.example.com'"))
        #expect(text.contains(reason), "\(text)")
    }

    @Test("What is no TLS ends the connection and nothing else")
    func noise() async throws {
        let gateway = try await gateway()
        for noise in ["GET / HTTP/1.1\r\nHost: api.example.com\r\n\r\n", "\u{16}\u{3}\u{1}\u{0}\u{5}xxxxx", "\u{0}"] {
            // Less than the time of a handshake.
            let connection = try RawConnection(port: gateway.tlsPort, deadline: Deadline(after: .seconds(10)))
            try connection.send(Array(noise.utf8))
            connection.finishSending()
            // An alert may come first.
            while try !connection.isClosedByServer() { _ = try connection.readBytes(1) }
        }
        let answer = try curl(gateway).get("api.example.com", "/x")
        let metrics = try HTTP.request("GET", "/metrics", port: gateway.adminPort).text
        await gateway.stop()
        #expect(answer.status == 200)
        #expect(metrics.contains("\nportico_tls_handshakes_total 1\n"))
    }

    // Source: RFC 9112, section 9.6: a server may go on with its answer. RFC 8446, section 6.1.
    @Test(
        "A client that ends its side gets its whole answer, whether it says so in TLS or not",
        arguments: ["http/1.1", "h2"], ["notify", "silent"])
    func halfClose(_ version: String, _ ending: String) async throws {
        let length = 4 << 20
        let backend = try Backend(.respond(status: 200, headers: [], body: String(repeating: "x", count: length)))
        defer { backend.stop() }
        let spec = """
            openapi: 3.0.1
            info: {title: large, version: "1"}
            paths:
              /large:
                get:
                  responses: {"200": {description: ok}}
                  x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, uri: "http://\(backend.authority)/"}
            x-portico-stages: {dev: {}}
            x-portico-domain-names:
              api.example.com: {certificate: api.pem, privateKey: api.key, basePathMappings: {"": dev}}
            """
        let gateway = try await TestGateway(spec) { $0.baseDirectory = folder.path }
        let process = try ChildProcess(
            "/usr/bin/env",
            [
                "python3", "\(GoldenFile.packageRoot)/Tests/TLSClients/half_close.py", "\(gateway.tlsPort)",
                "api.example.com", "/large", "ca.pem", version, ending,
            ], in: folder.path)
        _ = try process.wait()
        await gateway.stop()
        let count = Int(process.output.filter(\.isNumber)) ?? 0
        // Records have more bytes than their contents.
        #expect(ending == "silent" ? count == length : count > length, "\(process.output) \(process.errors)")
    }

    @Test("A handshake that does not go on has a limit")
    func slowHandshake() async throws {
        let gateway = try await TestGateway(DomainRoutingTests.spec(Self.domains)) {
            $0.baseDirectory = folder.path
            $0.headTimeout = .milliseconds(300)
        }
        let connection = try RawConnection(port: gateway.tlsPort)
        try connection.send([0x16, 0x03, 0x01])
        // Ends by itself; the reader's own limit would throw.
        let rest = try connection.readToEnd()
        await gateway.stop()
        #expect(rest.isEmpty)
    }

    // Source: reference 4.6: `X-Forwarded-Proto` tells the scheme of the client.
    @Test("Events and backends see https")
    func scheme() async throws {
        let backend = try PorticoTestSupport.FakeUpstream()
        defer { backend.stop() }
        let gateway = try await TestGateway(
            """
            openapi: 3.0.1
            info: {title: t, version: "1"}
            paths:
              /x:
                get:
                  responses: {"200": {description: ok}}
                  x-amazon-apigateway-integration:
                    {type: http_proxy, httpMethod: GET, uri: "http://127.0.0.1:\(backend.port)/x"}
            x-portico-stages: {prod: {}}
            x-portico-domain-names:
              api.example.com: {certificate: api.pem, privateKey: api.key, basePathMappings: {v1: prod}}
            """
        ) { $0.baseDirectory = folder.path }
        let answer = try curl(gateway).get("api.example.com", "/v1/x")
        await gateway.stop()
        #expect(answer.status == 200)
        let request = try #require(backend.requests.first)
        #expect(request["X-Forwarded-Proto"] == "https")
        #expect(request["X-Forwarded-Port"] == "\(gateway.tlsPort)")
    }
}
