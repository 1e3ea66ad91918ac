import Crypto
import FoundationEssentials
import Glibc
import PorticoSyntax
import PorticoTestSupport
import SwiftASN1
import Testing
import X509

@Suite("portico certs")
struct CertsCommandTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private var certs: String { ".portico/certs/" }

    /// Runs `portico certs WORDS...` in the folder.
    @discardableResult
    private func run(
        _ words: String..., status: Int32 = 0, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> PorticoProcess.Outcome {
        let outcome = try PorticoProcess.run(["certs"] + words, in: folder.path)
        #expect(outcome.status == status, "\(outcome.errors)\(outcome.output)", sourceLocation: sourceLocation)
        return outcome
    }

    private func certificate(_ name: String) throws -> Certificate {
        try Certificate(pemEncoded: folder.read(certs + name))
    }

    private func rights(_ name: String) -> mode_t {
        var status = stat()
        return lstat("\(folder.path)/\(name)", &status) == 0 ? status.st_mode & 0o777 : 0
    }

    static let opensslPath = ["/usr/bin/openssl", "/usr/local/bin/openssl"].first { (path: String) in
        access(path, X_OK) == 0
    }

    private func openssl(_ words: String...) throws -> String? {
        guard let program = Self.opensslPath else { return nil }
        let process = try ChildProcess(program, words, in: folder.path)
        let status = try process.wait()
        return "\(status) \(process.output)\(process.errors)"
    }

    @Test("Without names the certificate is for this machine")
    func usual() throws {
        let outcome = try run("dev")
        let paths = outcome.output.split(separator: "\n").map(String.init)
        #expect(
            paths.map { $0.split(separator: "/").last ?? "" } == [
                "ca-key.pem", "ca.pem", "localhost-key.pem", "localhost.pem",
            ])
        #expect(paths.allSatisfy { access($0, R_OK) == 0 }, "\(paths)")
        #expect(outcome.errors.contains("curl --cacert"))
        #expect(outcome.errors.contains("update-ca-certificates"))
        #expect(outcome.errors.contains("x-portico-domain-names:\n    localhost:\n      certificate: "))

        #expect(rights(".portico") == 0o700)
        #expect(rights(".portico/certs") == 0o700)
        for name in ["ca-key.pem", "localhost-key.pem"] { #expect(rights(certs + name) == 0o600, "\(name)") }

        let authority = try certificate("ca.pem")
        let server = try certificate("localhost.pem")
        #expect(authority.publicKey.isValidSignature(authority.signature, for: authority))
        #expect(authority.publicKey.isValidSignature(server.signature, for: server))
        #expect(server.issuer == authority.subject)
        #expect("\(authority.subject)".contains("Portico development CA of "))
        let key = try P256.Signing.PrivateKey(pemRepresentation: folder.read(certs + "localhost-key.pem"))
        #expect(Certificate.PrivateKey(key).publicKey == server.publicKey)

        #expect(try authority.extensions.basicConstraints == .isCertificateAuthority(maxPathLength: 0))
        #expect(try authority.extensions.keyUsage == KeyUsage(keyCertSign: true, cRLSign: true))
        #expect(authority.extensions[oid: .X509ExtensionID.keyUsage]?.critical == true)
        #expect(try server.extensions.basicConstraints == .notCertificateAuthority)
        #expect(try server.extensions.extendedKeyUsage == ExtendedKeyUsage([.serverAuth]))
        let identifier = try authority.extensions.subjectKeyIdentifier?.keyIdentifier
        #expect(identifier != nil)
        #expect(try server.extensions.authorityKeyIdentifier?.keyIdentifier == identifier)
        let names = try server.extensions.subjectAlternativeNames.map(Array.init) ?? []
        #expect(
            names == [
                .dnsName("localhost"), .ipAddress(ASN1OctetString(contentBytes: [127, 0, 0, 1])),
                .ipAddress(ASN1OctetString(contentBytes: ArraySlice([UInt8](repeating: 0, count: 15) + [1]))),
            ])
        let days = server.notValidAfter.timeIntervalSince(server.notValidBefore) / 86_400
        #expect(days > 390 && days <= 397)
        #expect(authority.notValidAfter.timeIntervalSince(authority.notValidBefore) / 86_400 > 3_600)
    }

    @Test("openssl accepts them", .enabled(if: CertsCommandTests.opensslPath != nil))
    func accepted() throws {
        try run("dev", "api.example.test", "*.example.test", "192.0.2.1", "2001:db8::1", "--client", "alice")
        let authority = certs + "ca.pem"
        let server = certs + "api.example.test.pem"
        for name in ["api.example.test", "any.example.test"] {
            let said = try openssl(
                "verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", authority, "-verify_hostname", name,
                server)
            #expect(said?.hasPrefix("0 ") == true, "\(said ?? "")")
        }
        for address in ["192.0.2.1", "2001:db8::1"] {
            let said = try openssl(
                "verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", authority, "-verify_ip", address, server)
            #expect(said?.hasPrefix("0 ") == true, "\(said ?? "")")
        }
        let other = try openssl("verify", "-CAfile", authority, "-verify_hostname", "example.test", server)
        #expect(other?.hasPrefix("0 ") == false)
        let client = try openssl(
            "verify", "-x509_strict", "-purpose", "sslclient", "-CAfile", authority, certs + "client-alice.pem")
        #expect(client?.hasPrefix("0 ") == true, "\(client ?? "")")
        let wrongUse = try openssl(
            "verify", "-purpose", "sslserver", "-CAfile", authority, certs + "client-alice.pem")
        #expect(wrongUse?.hasPrefix("0 ") == false)
        let key = try openssl("pkey", "-in", certs + "client-alice-key.pem", "-noout", "-check")
        #expect(key?.hasPrefix("0 ") == true, "\(key ?? "")")
    }

    @Test("A second run uses the CA again and renews its own files")
    func again() throws {
        try run("dev")
        let authority = folder.read(certs + "ca.pem")
        let first = folder.read(certs + "localhost.pem")
        let outcome = try run("dev")
        #expect(folder.read(certs + "ca.pem") == authority)
        #expect(folder.read(certs + "localhost.pem") != first)
        #expect(outcome.output.split(separator: "\n").count == 2)
        #expect(outcome.errors.contains("signed by the CA that was there"))
        try run("dev", "other.test")
        let signer = try certificate("ca.pem")
        for name in ["localhost.pem", "other.test.pem"] {
            let server = try certificate(name)
            #expect(signer.publicKey.isValidSignature(server.signature, for: server))
        }
    }

    @Test("With a client and no names there is a client's certificate alone")
    func client() throws {
        let outcome = try run("dev", "--client", "Alice Ä", "--format", "json")
        let value = JSONValue(parsing: outcome.output)
        #expect(value?["server"] == nil)
        #expect(value?["authority"]?["isNew"] == .boolean(true))
        guard case .array(let clients)? = value?["clients"], case .string(let path)? = clients.first?["certificate"]
        else {
            Issue.record("\(outcome.output)")
            return
        }
        #expect(path.hasSuffix("/client-Alice__.pem"))
        let alice = try certificate("client-Alice__.pem")
        #expect(try alice.extensions.extendedKeyUsage == ExtendedKeyUsage([.clientAuth]))
        #expect("\(alice.subject)".contains("Alice"))
        #expect(access("\(folder.path)/\(certs)localhost.pem", F_OK) != 0)
        #expect(outcome.errors.contains("truststore"))
    }

    @Test("The folder is beside the spec, or where it is wished")
    func places() throws {
        #expect(try run("dev", "--spec", "some/api.yaml", status: 4).errors.contains("some/api.yaml"))
        #expect(mkdir("\(folder.path)/some", 0o755) == 0)
        // The spec need not be there yet.
        let entry = try run("dev", "--spec", "some/api.yaml").errors
        #expect(entry.contains("certificate: .portico/certs/localhost.pem"), "\(entry)")
        #expect(access("\(folder.path)/some/.portico/certs/ca.pem", F_OK) == 0)
        try run("dev", "--directory", "tls")
        #expect(access("\(folder.path)/tls/localhost-key.pem", F_OK) == 0)
        let outcome = try PorticoProcess.run(
            "certs", "dev", environment: ["PORTICO_STATE": "state"], in: folder.path)
        #expect(outcome.status == 0)
        #expect(access("\(folder.path)/state/certs/ca.pem", F_OK) == 0)
    }

    @Test(
        "Names that are none are refused, and nothing is made",
        arguments: [
            "", "a b", "-a.test", "a-.test", "a..test", "a.test.", "*", "*.test", "a.*.test", "a*.b.test", "1.2.3",
            "300.1.1.1",
            "ü.test", "a/b", "a_b.test", "https://a.test", String(repeating: "a", count: 64) + ".test",
        ])
    func badNames(name: String) throws {
        let outcome = try run("dev", "--", "good.test", name, status: 2)
        #expect(outcome.errors.contains("is no name for a server"), "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
        #expect(access("\(folder.path)/.portico", F_OK) != 0)
    }

    @Test("A client's name is text", arguments: ["a\u{7}b", String(repeating: "x", count: 65)])
    func badClient(name: String) throws {
        #expect(try run("dev", "--client=\(name)", status: 2).errors.contains("is no name for a client"))
    }

    @Test(
        "A damaged CA is told, and replaced only if it is wished",
        arguments: [("ca.pem", "no certificate"), ("ca-key.pem", "nothing"), ("ca.pem", nil), ("ca-key.pem", nil)]
            as [(String, String?)])
    func damaged(file: String, text: String?) throws {
        try run("dev")
        let before = folder.read(certs + "localhost.pem")
        if let text { try folder.replace(certs + file, text) } else { unlink("\(folder.path)/\(certs)\(file)") }
        let outcome = try run("dev", status: 4)
        #expect(outcome.errors.contains("the development CA cannot be used"), "\(outcome.errors)")
        #expect(outcome.errors.contains(file))
        #expect(folder.read(certs + "localhost.pem") == before)
        try run("dev", "--force")
        let authority = try certificate("ca.pem")
        let server = try certificate("localhost.pem")
        #expect(authority.publicKey.isValidSignature(server.signature, for: server))
    }

    @Test("The key of another CA is a damage")
    func foreignKey() throws {
        try run("dev")
        try run("dev", "--directory", "other")
        try folder.replace(certs + "ca-key.pem", folder.read("other/ca-key.pem"))
        #expect(try run("dev", status: 4).errors.contains("is the key of another certificate"))
    }

    @Test("Files of others are left as they are", arguments: ["localhost.pem", "localhost-key.pem"])
    func foreignFiles(name: String) throws {
        try run("dev", "other.test")
        try folder.write(certs + name, "somebody's")
        let outcome = try run("dev", status: 1)
        #expect(outcome.errors.contains("was not made by this command"), "\(outcome.errors)")
        #expect(folder.read(certs + name) == "somebody's")
        try run("dev", "--force")
        #expect(folder.read(certs + name).hasPrefix("-----BEGIN"))
    }

    @Test("show tells what a certificate says")
    func show() throws {
        try run("dev", "api.test", "127.0.0.1", "--directory", "c")
        let server = try run("show", "c/api.test.pem").output
        for text in [
            "CN=api.test", "Portico development CA of", "api.test, 127.0.0.1", "(valid)", "ECDSA P-256", "servers",
        ] {
            #expect(server.contains(text), "\(server)")
        }
        #expect(try run("show", "c/ca.pem").output.contains("signing certificates"))
        try folder.write("both.pem", folder.read("c/api.test.pem") + folder.read("c/ca.pem"))
        guard case .array(let all)? = JSONValue(parsing: try run("show", "both.pem", "--format", "json").output) else {
            throw TestSupportError("no list")
        }
        #expect(all.count == 2)
        #expect(all.first?["names"] == .array([.string("api.test"), .string("127.0.0.1")]))
        #expect(all.first?["key"] == .string("ECDSA P-256"))
        #expect(all.last?["isAuthority"] == .boolean(true))
        if let said = try openssl("x509", "-in", "c/ca.pem", "-noout", "-fingerprint", "-sha256"),
            case .string(let fingerprint)? = all.last?["sha256"]
        {
            #expect(said.contains(fingerprint))
        }
    }

    @Test("show refuses what is no certificate")
    func showNothing() throws {
        try run("dev", "--directory", "c")
        try folder.write("text", "hello")
        #expect(try run("show", "c/ca-key.pem", status: 4).errors.contains("holds no certificate"))
        #expect(try run("show", "text", status: 4).errors.contains("text"))
        try run("show", "missing", status: 4)
        try folder.write("bad.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
        #expect(try run("show", "bad.pem", status: 4).errors.contains("is damaged"))
    }
}
