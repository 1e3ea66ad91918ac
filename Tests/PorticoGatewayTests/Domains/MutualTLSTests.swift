import PorticoGateway
import PorticoTestSupport
import Testing
import X509

/// Clients that show certificates, and those that had better not.
@Suite struct MutualTLSTests {
    private let folder: TemporaryFolder
    private let authority: TestAuthority
    private let middle: TestAuthority

    init() throws {
        folder = try TemporaryFolder()
        authority = try TestAuthority("Test CA")
        middle = try TestAuthority("Middle CA", signedBy: authority)
        try folder.write("ca.pem", authority.pem)
        try folder.write("trusted.pem", authority.pem)
        for name in ["m", "n", "open"] {
            try folder.write(authority.issue(name, hosts: ["\(name).example.com"]), as: name)
        }
        try folder.write(authority.issue("one"), as: "client")
    }

    private static let domains = """
        m.example.com: {certificate: m.pem, privateKey: m.key, mutualTlsAuthentication: {truststore: trusted.pem}, basePathMappings: {"": prod}}
        n.example.com: {certificate: n.pem, privateKey: n.key, mutualTlsAuthentication: {truststore: trusted.pem}, basePathMappings: {"": beta}}
        open.example.com: {certificate: open.pem, privateKey: open.key, basePathMappings: {"": dev}}
        """

    private func gateway(_ spec: String? = nil) async throws -> TestGateway {
        try await TestGateway(spec ?? DomainRoutingTests.spec(Self.domains)) { $0.baseDirectory = folder.path }
    }

    private func get(
        _ gateway: TestGateway, _ host: String, as client: String? = nil, _ more: String...
    ) throws -> Curl.Answer {
        let curl = Curl(folder: folder, port: gateway.tlsPort)
        guard let client else { return try curl.get(host, "/x") }
        let shown = ["--cert", "\(client).pem", "--key", "\(client).key"]
        switch more.count {
        case 0: return try curl.get(host, "/x", shown[0], shown[1], shown[2], shown[3])
        default: return try curl.get(host, "/x", shown[0], shown[1], shown[2], shown[3], more[0], more[1])
        }
    }

    /// Whether nothing of an API was seen: the handshake failed, which curl may see when it sends or when it receives.
    private func isShutOut(_ answer: Curl.Answer) -> Bool {
        [35, 55, 56].contains(answer.exitStatus) && answer.status == 0 && !answer.body.contains("x")
    }

    @Test("A certificate of the truststore lets in, none does not")
    func certified() async throws {
        let gateway = try await gateway()
        let known = try get(gateway, "m.example.com", as: "client")
        let nobody = try get(gateway, "m.example.com")
        let open = try get(gateway, "open.example.com")
        await gateway.stop()
        #expect(known.body == "prod x m.example.com m /x")
        #expect(isShutOut(nobody))
        #expect(open.status == 200)
    }

    @Test("A client of another authority, of the wrong time or for another use is refused")
    func refused() async throws {
        let stranger = try TestAuthority("Test CA")
        try folder.write(stranger.issue("one"), as: "stranger")
        try folder.write(authority.issue("old", from: -7200, until: -3600), as: "expired")
        try folder.write(authority.issue("new", from: 3600, until: 7200), as: "early")
        try folder.write(authority.issue("server", usage: .serverAuth), as: "server")
        // Signed by somebody who is no authority, but whose own certificate is good.
        let pretender = try TestAuthority("pretender", signedBy: authority, isAuthority: false)
        try folder.write(pretender.issue("two"), as: "pretended", followedBy: pretender.pem)
        // Its issuer is known to nobody.
        let orphan = try TestAuthority("Orphan CA", signedBy: try TestAuthority("Nobody"))
        try folder.write(orphan.issue("three"), as: "orphan", followedBy: orphan.pem)
        try folder.write(try Self.selfSigned("self"), as: "self")
        let gateway = try await gateway()
        for client in ["stranger", "expired", "early", "server", "pretended", "orphan", "self"] {
            let answer = try get(gateway, "m.example.com", as: client)
            #expect(isShutOut(answer), "\(client): \(answer)")
        }
        await gateway.stop()
    }

    private static func selfSigned(_ name: String) throws -> TestAuthority.Issued {
        let own = try TestAuthority(name)
        return TestAuthority.Issued(certificate: try own.pem, privateKey: own.privateKeyPEM)
    }

    // Source: API Gateway guide, "Mutual TLS": SHA-256 or stronger, RSA 2048 or more, four certificates at most.
    @Test("Weak keys, weak signatures and long chains are refused")
    func weak() async throws {
        let script = """
            set -e
            cat > ca.cnf <<'X'
            basicConstraints=critical,CA:true
            X
            openssl req -x509 -newkey rsa:2048 -nodes -keyout root.key -out root.pem -days 30 -subj "/CN=RSA CA" -addext "basicConstraints=critical,CA:true" 2>/dev/null
            client() { openssl req -newkey $2 -nodes -keyout $1.key -out $1.csr -subj "/CN=$1" 2>/dev/null
              openssl x509 -req -in $1.csr -CA root.pem -CAkey root.key -CAcreateserial -days 30 $3 -out $1.pem 2>/dev/null; }
            client strong rsa:2048 -sha256
            client short rsa:1024 -sha256
            client sha1 rsa:2048 -sha1
            """
        let process = try ChildProcess("/bin/sh", ["-c", script], in: folder.path)
        let status = try process.wait()
        try #require(status == 0, "\(process.errors)")
        var chain = ""
        var issuer = authority
        for depth in 1...4 {
            issuer = try TestAuthority("Depth \(depth)", signedBy: issuer)
            chain = try issuer.pem + chain
            // Client, so many authorities, and the root: four in all with two between.
            if depth == 2 { try folder.write(issuer.issue("four"), as: "four", followedBy: chain) }
            if depth == 3 { try folder.write(issuer.issue("five"), as: "five", followedBy: chain) }
        }
        try folder.write("trusted.pem", authority.pem + folder.read("root.pem"))
        let gateway = try await gateway()
        for (client, isTaken) in [("strong", true), ("short", false), ("sha1", false), ("four", true), ("five", false)]
        {
            let answer = try get(gateway, "m.example.com", as: client, "--ciphers", "DEFAULT@SECLEVEL=0")
            #expect(isTaken ? answer.status == 200 : answer.status == 0, "\(client): \(answer)")
        }
        await gateway.stop()
    }

    @Test("An authority between may be in the truststore or be shown by the client")
    func intermediates() async throws {
        try folder.write(middle.issue("two"), as: "bare")
        try folder.write(middle.issue("three"), as: "whole", followedBy: middle.pem)
        let gateway = try await gateway()
        let bare = try get(gateway, "m.example.com", as: "bare")
        let whole = try get(gateway, "m.example.com", as: "whole")
        try folder.write("trusted.pem", middle.pem + authority.pem)
        try await gateway.install(DomainRoutingTests.spec(Self.domains))
        let completed = try get(gateway, "m.example.com", as: "bare")
        await gateway.stop()
        #expect(isShutOut(bare))
        #expect(whole.status == 200)
        #expect(completed.status == 200)
    }

    // Source: API Gateway guide, "Mutual TLS": the host has to be the one of the handshake.
    @Test("No other way leads into a domain with mutual TLS")
    func otherWays() async throws {
        let gateway = try await gateway()
        // By a domain that asks for no certificate, by another one that does, and without TLS.
        let fronted = try Curl(folder: folder, port: gateway.tlsPort)
            .get("open.example.com", "/x", "-H", "Host: m.example.com")
        let neighbour = try get(gateway, "n.example.com", as: "client", "-H", "Host: m.example.com")
        let plain = try gateway.request("GET", "/x", headers: [("Host", "m.example.com")])
        let absolute = try gateway.request("GET", "http://m.example.com/x", headers: [("Host", "open.example.com")])
        let dotted = try gateway.request("GET", "/x", headers: [("Host", "M.example.com.:8443")])
        await gateway.stop()
        for status in [fronted.status, neighbour.status, plain.status, absolute.status, dotted.status] {
            #expect(status == 403)
        }
        #expect(fronted.body == #"{"message":"Forbidden"}"#)
        #expect(plain.text == #"{"message":"Forbidden"}"#)
    }

    @Test("An authority that has left the truststore lets nobody in, on no connection")
    func removedAuthority() async throws {
        let gateway = try await gateway()
        let spec = DomainRoutingTests.spec(Self.domains)
        let before = try get(gateway, "m.example.com", as: "client")
        // A connection that was opened before, and a session that would be resumed after.
        let session = try ChildProcess(
            "/bin/sh",
            [
                "-c",
                "mkfifo in; exec 3<>in; openssl s_client -quiet -ign_eof -connect 127.0.0.1:\(gateway.tlsPort) -servername m.example.com "
                    + "-cert client.pem -key client.key <in & "
                    + "request() { printf 'GET /x HTTP/1.1\\r\\nHost: m.example.com\\r\\n\\r\\n' >in; }; "
                    + "request; touch sent; while [ ! -e go ]; do sleep 0.05; done; request; sleep 2; kill %1 2>/dev/null; true",
            ], in: folder.path)
        try Deadline(after: .seconds(20)).wait(for: "the first answer") { session.output.contains("prod x") }
        try folder.write("trusted.pem", try TestAuthority("Other CA").pem)
        try await gateway.install(spec)
        try folder.write("go", "")
        _ = try session.wait()
        let after = try get(gateway, "m.example.com", as: "client")
        await gateway.stop()
        #expect(before.status == 200)
        #expect(session.output.contains("HTTP/1.1 403"), "\(session.output)")
        #expect(isShutOut(after))
    }

    @Test("Bad entries of a truststore are left out; one without any good one stops the server, or shuts the domain")
    func damagedTruststore() async throws {
        let damaged = try authority.pem.replacing("MII", with: "MIJ")
        try folder.write("trusted.pem", damaged + authority.pem + "-----BEGIN CERTIFICATE-----\nnonsense\n")
        let gateway = try await gateway()
        let known = try get(gateway, "m.example.com", as: "client")
        // A reload with a truststore that is no good keeps the one that was.
        try folder.write("trusted.pem", damaged)
        try await gateway.install(DomainRoutingTests.spec(Self.domains))
        let kept = try get(gateway, "m.example.com", as: "client")
        let nobody = try get(gateway, "m.example.com")
        await gateway.stop()
        #expect(known.status == 200)
        #expect(kept.status == 200)
        #expect(isShutOut(nobody))
        for text in [damaged, "", try authority.issue("leaf").certificate] {
            try folder.write("trusted.pem", text)
            let error = await #expect(throws: (any Error).self) { _ = try await self.gateway() }
            #expect(
                error.map { "\($0)" }?.contains("truststore") == true
                    || error.map { "\($0)" }?.contains("trusted.pem") == true)
        }
    }

    @Test("A domain that begins to ask for certificates never falls back to its open past")
    func becomesMutual() async throws {
        let open = Self.domains.replacing("mutualTlsAuthentication: {truststore: trusted.pem}, ", with: "")
        let gateway = try await gateway(DomainRoutingTests.spec(open))
        let before = try get(gateway, "m.example.com")
        try folder.write("trusted.pem", "nothing")
        try await gateway.install(DomainRoutingTests.spec(Self.domains))
        let after = try get(gateway, "m.example.com")
        let insecure = try Curl(folder: folder, port: gateway.tlsPort).get("m.example.com", "/x", "-k")
        await gateway.stop()
        #expect(before.status == 200)
        #expect(after.status != 200)
        #expect(insecure.status == 403)
    }

    // Source: API Gateway guide, "$context variables": identity.clientCert.
    @Test("$context tells who has come")
    func facts() async throws {
        let gateway = try await gateway(
            """
            openapi: 3.0.1
            info: {title: t, version: "1"}
            paths:
              /x:
                get:
                  responses: {"200": {description: ok}}
                  x-amazon-apigateway-integration:
                    type: mock
                    requestTemplates: {application/json: '{"statusCode": 200}'}
                    responses:
                      default:
                        statusCode: "200"
                        responseTemplates:
                          application/json: "$context.identity.clientCert.subjectDN|$context.identity.clientCert.issuerDN|$context.identity.clientCert.validity.notAfter|$context.identity.clientCert.serialNumber|$context.identity.clientCert.clientCertPem"
            x-portico-stages: {prod: {}, dev: {}, beta: {}}
            x-portico-domain-names:
            \(Self.domains.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))
            """)
        let known = try get(gateway, "m.example.com", as: "client")
        let open = try get(gateway, "open.example.com")
        await gateway.stop()
        let parts = known.body.split(separator: "|", omittingEmptySubsequences: false)
        try #require(parts.count == 5)
        #expect(parts[0] == "C=US,O=Example,CN=one")
        #expect(parts[1] == "C=US,O=Example,CN=Test CA")
        #expect(parts[2].hasSuffix(" GMT"))
        #expect(parts[3].contains(":"))
        #expect(String(parts[4]) == folder.read("client.pem"))
        #expect(open.body == "||||")
    }

    @Test("Events of functions tell who has come")
    func event() async throws {
        let backend = try Backend(.returns("{}"))
        defer { backend.stop() }
        let gateway = try await gateway(
            """
            openapi: 3.0.1
            info: {title: t, version: "1"}
            paths:
              /x:
                get:
                  responses: {"200": {description: ok}}
                  x-amazon-apigateway-integration: \(LambdaSpec.integration())
            \(LambdaSpec.server(backend))
            x-portico-stages: {prod: {}, dev: {}, beta: {}}
            x-portico-domain-names:
            \(Self.domains.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))
            """)
        _ = try get(gateway, "m.example.com", as: "client")
        _ = try get(gateway, "open.example.com")
        await gateway.stop()
        let requests = backend.requests
        try #require(requests.count == 2)
        let pem = folder.read("client.pem").replacing("\n", with: "\\n")
        #expect(
            requests[0].body.contains(
                #""user":null,"clientCert":{"clientCertPem":"\#(pem)","subjectDN":"C=US,O=Example,CN=one","#
                    + #""issuerDN":"C=US,O=Example,CN=Test CA","serialNumber":""#), "\(requests[0].body)")
        #expect(requests[0].body.contains(#" GMT"}}}"#))
        #expect(!requests[1].body.contains("clientCert"))
    }
}
