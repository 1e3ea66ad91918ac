import Crypto
import FoundationEssentials
import Glibc
import SwiftASN1
import X509

/// A certificate authority for one's own machine, and what it signs: `portico certs dev`.
///
/// Keys are ECDSA P-256, which every client of today knows. A certificate of a server lives 397 days, the longest that
/// browsers accept; the authority ten years.
struct DevelopmentAuthority {
    static let certificateFile = "ca.pem"
    static let keyFile = "ca-key.pem"

    let certificate: Certificate
    private let key: P256.Signing.PrivateKey

    /// A certificate with its key, as text.
    struct Issued {
        var certificate: Certificate
        var certificateText: String
        var keyText: String
    }

    /// What a certificate is for.
    enum Purpose {
        case server([CertificateName])
        case client(String)
    }

    // Source: CA/Browser Forum, baseline requirements 6.3.2: 398 days; one day less leaves room for clocks.
    private static let leafSeconds = 397.0 * 86_400
    private static let authoritySeconds = 3_652.0 * 86_400
    /// Clocks of virtual machines may be behind.
    private static let backdatedSeconds = 3_600.0

    // MARK: - The authority

    /// Makes an authority.
    static func make(now: Date = Date()) throws -> (authority: DevelopmentAuthority, issued: Issued) {
        let key = P256.Signing.PrivateKey()
        let name = try DistinguishedName {
            OrganizationName("Portico development")
            CommonName(Self.limited("Portico development CA of \(hostName())/\(userName())"))
        }
        let own = Certificate.PrivateKey(key)
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: own.publicKey,
            notValidBefore: now.addingTimeInterval(-backdatedSeconds),
            notValidAfter: now.addingTimeInterval(authoritySeconds - backdatedSeconds), issuer: name, subject: name,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                SubjectKeyIdentifier(hash: own.publicKey)
            },
            issuerPrivateKey: own)
        let authority = DevelopmentAuthority(certificate: certificate, key: key)
        return (authority, try issued(certificate, key))
    }

    /// The authority that is in `folder`; `nil` if there is none, or its time is over.
    static func read(_ folder: PrivateFolder, now: Date = Date()) throws(CommandFailure) -> DevelopmentAuthority? {
        let hasCertificate = folder.has(certificateFile)
        guard hasCertificate || folder.has(keyFile) else { return nil }
        func damaged(_ file: String, _ why: String) -> CommandFailure {
            CommandFailure(
                .unavailable,
                "the development CA cannot be used: '\(folder.path(of: file))' \(why); restore it, or make another CA "
                    + "with --force, which then has to be trusted anew")
        }
        guard hasCertificate else { throw damaged(certificateFile, "is missing") }
        guard folder.has(keyFile) else { throw damaged(keyFile, "is missing") }
        guard let certificate = try? Certificate(pemEncoded: folder.read(certificateFile)) else {
            throw damaged(certificateFile, "holds no certificate")
        }
        guard let key = try? P256.Signing.PrivateKey(pemRepresentation: folder.read(keyFile)) else {
            throw damaged(keyFile, "holds no P-256 key")
        }
        let own = Certificate.PrivateKey(key)
        guard own.publicKey == certificate.publicKey else {
            throw damaged(keyFile, "is the key of another certificate")
        }
        guard case .isCertificateAuthority? = try? certificate.extensions.basicConstraints else {
            throw damaged(certificateFile, "is the certificate of no CA")
        }
        // A certificate that is issued now should live some days at least.
        guard certificate.notValidAfter > now.addingTimeInterval(7 * 86_400) else { return nil }
        return DevelopmentAuthority(certificate: certificate, key: key)
    }

    // MARK: - What it signs

    func issue(_ purpose: Purpose, now: Date = Date()) throws -> Issued {
        let key = P256.Signing.PrivateKey()
        let publicKey = Certificate.PrivateKey(key).publicKey
        let commonName =
            switch purpose {
            case .server(let names): names.first.map(\.text) ?? ""
            case .client(let name): name
            }
        let subject = try DistinguishedName {
            OrganizationName("Portico development")
            CommonName(Self.limited(commonName))
        }
        let end = min(
            now.addingTimeInterval(Self.leafSeconds - Self.backdatedSeconds), certificate.notValidAfter)
        let issuerIdentifier = try certificate.extensions.subjectKeyIdentifier?.keyIdentifier
        let signed = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: publicKey,
            notValidBefore: max(now.addingTimeInterval(-Self.backdatedSeconds), certificate.notValidBefore),
            notValidAfter: end, issuer: certificate.subject, subject: subject,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                SubjectKeyIdentifier(hash: publicKey)
                AuthorityKeyIdentifier(keyIdentifier: issuerIdentifier)
                switch purpose {
                case .server(let names):
                    try ExtendedKeyUsage([.serverAuth])
                    SubjectAlternativeNames(names.map(Self.generalName))
                case .client:
                    try ExtendedKeyUsage([.clientAuth])
                }
            },
            issuerPrivateKey: Certificate.PrivateKey(self.key))
        return try Self.issued(signed, key)
    }

    /// Whether this authority, with this key, has signed it.
    func hasSigned(_ other: Certificate) -> Bool {
        other.issuer == certificate.subject && certificate.publicKey.isValidSignature(other.signature, for: other)
    }

    /// Whether an authority of this kind, of an earlier time, is its issuer.
    static func looksOurs(_ other: Certificate) -> Bool { "\(other.issuer)".contains("Portico development CA of ") }

    private static func generalName(_ name: CertificateName) -> GeneralName {
        switch name {
        case .dns(let name): .dnsName(name)
        case .address(_, let bytes): .ipAddress(ASN1OctetString(contentBytes: bytes[...]))
        }
    }

    private static func issued(_ certificate: Certificate, _ key: P256.Signing.PrivateKey) throws -> Issued {
        Issued(
            certificate: certificate, certificateText: try certificate.serializeAsPEM().pemString + "\n",
            keyText: key.pemRepresentation + "\n")
    }

    // MARK: - Names

    /// A common name has 64 characters at most. *Source:* RFC 5280, appendix A.1, `ub-common-name`.
    private static func limited(_ text: String) -> String { String(text.unicodeScalars.prefix(64).map(Character.init)) }

    private static func hostName() -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "localhost" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func userName() -> String {
        let environment = Environment()
        return environment["USER"] ?? environment["LOGNAME"] ?? "\(getuid())"
    }
}

extension Certificate {
    /// When it is valid, in milliseconds since 1970.
    var milliseconds: ClosedRange<Int> {
        let start = Int(notValidBefore.timeIntervalSince1970 * 1000)
        return start...max(start, Int(notValidAfter.timeIntervalSince1970 * 1000))
    }
}
