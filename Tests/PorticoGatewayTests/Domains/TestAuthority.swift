import Crypto
import FoundationEssentials
import PorticoTestSupport
import SwiftASN1
import X509

/// A certificate authority of the tests, which makes good and bad certificates.
struct TestAuthority {
    let certificate: Certificate
    private let key: Certificate.PrivateKey
    /// Its own key, for a client that shows it.
    let privateKeyPEM: String

    /// Signs itself, or is signed by another one.
    init(_ name: String, signedBy parent: TestAuthority? = nil, isAuthority: Bool = true) throws {
        let own = P256.Signing.PrivateKey()
        key = Certificate.PrivateKey(own)
        privateKeyPEM = own.pemRepresentation + "\n"
        let publicKey = key.publicKey
        let subject = try DistinguishedName {
            CountryName("US")
            OrganizationName("Example")
            CommonName(name)
        }
        let extensions = try Certificate.Extensions {
            if isAuthority {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
            }
            SubjectKeyIdentifier(hash: publicKey)
        }
        certificate = try Self.make(
            subject, publicKey, extensions, issuer: parent?.certificate.subject ?? subject, signer: parent?.key ?? key)
    }

    var pem: String { get throws { try certificate.serializeAsPEM().pemString + "\n" } }

    /// A certificate with its private key, as PEM texts.
    struct Issued {
        var certificate: String
        var privateKey: String
    }

    /// For hosts, or for a client when there are none.
    func issue(
        _ name: String, hosts: [String] = [], from: Double = -86_400, until: Double = 86_400,
        usage: ExtendedKeyUsage.Usage? = nil
    ) throws -> Issued {
        let own = P256.Signing.PrivateKey()
        let subject = try DistinguishedName {
            CountryName("US")
            OrganizationName("Example")
            CommonName(name)
        }
        let usages = try ExtendedKeyUsage([usage ?? (hosts.isEmpty ? .clientAuth : .serverAuth)])
        let extensions = try Certificate.Extensions {
            Critical(BasicConstraints.notCertificateAuthority)
            usages
            if !hosts.isEmpty { SubjectAlternativeNames(hosts.map { .dnsName($0) }) }
        }
        let made = try Self.make(
            subject, Certificate.PrivateKey(own).publicKey, extensions, issuer: certificate.subject, signer: key,
            from: from, until: until)
        return Issued(
            certificate: try made.serializeAsPEM().pemString + "\n", privateKey: own.pemRepresentation + "\n")
    }

    private static func make(
        _ subject: DistinguishedName, _ publicKey: Certificate.PublicKey, _ extensions: Certificate.Extensions,
        issuer: DistinguishedName, signer: Certificate.PrivateKey, from: Double = -86_400, until: Double = 864_000
    ) throws -> Certificate {
        let now = Date()
        return try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: publicKey,
            notValidBefore: now.addingTimeInterval(from), notValidAfter: now.addingTimeInterval(until), issuer: issuer,
            subject: subject, extensions: extensions, issuerPrivateKey: signer)
    }
}

extension TemporaryFolder {
    /// Writes `NAME.pem` and `NAME.key`.
    func write(_ issued: TestAuthority.Issued, as name: String, followedBy chain: String = "") throws {
        try write("\(name).pem", issued.certificate + chain)
        try write("\(name).key", issued.privateKey)
    }
}

/// `curl`, which is a client like any other.
struct Curl {
    let folder: TemporaryFolder
    let port: Int

    struct Answer {
        /// 0 when the request was answered; 35 and 56 when TLS came to nothing.
        var exitStatus: Int32
        var status: Int
        var version: String
        var body: String
    }

    /// Asks a host at the loopback address. Arguments come before the address.
    func get(_ host: String, _ path: String, _ arguments: String..., scheme: String = "https") throws -> Answer {
        let fixed = [
            "-sS", "--noproxy", "*", "--max-time", "20", "--resolve", "\(host):\(port):127.0.0.1", "-w",
            "\n%{http_code} %{http_version}",
        ]
        let process = try ChildProcess(
            "/usr/bin/curl",
            fixed + (scheme == "https" ? ["--cacert", "ca.pem"] : []) + arguments
                + ["\(scheme)://\(host):\(port)\(path)"], in: folder.path)
        let exitStatus = try process.wait()
        var lines = process.output.split(separator: "\n", omittingEmptySubsequences: false)
        let facts = (lines.popLast() ?? "").split(separator: " ")
        return Answer(
            exitStatus: exitStatus, status: facts.first.flatMap { Int($0) } ?? 0,
            version: facts.last.map(String.init) ?? "",
            body: lines.joined(separator: "\n"))
    }
}
