import Crypto
import PorticoSyntax
import SwiftASN1
import X509

/// What a certificate says, for people and scripts.
struct CertificateReport {
    let certificate: Certificate

    /// Certificates of a PEM file.
    static func read(_ path: String) throws(CommandFailure) -> [CertificateReport] {
        let text = String(decoding: try LocalFile.read(path), as: UTF8.self)
        let documents: [PEMDocument]
        do {
            documents = try PEMDocument.parseMultiple(pemString: text)
        } catch {
            throw CommandFailure(.unavailable, "'\(path)' is no PEM file")
        }
        var reports: [CertificateReport] = []
        for document in documents where document.discriminator == Certificate.defaultPEMDiscriminator {
            do {
                reports.append(CertificateReport(certificate: try Certificate(pemDocument: document)))
            } catch {
                throw CommandFailure(.unavailable, "certificate \(reports.count + 1) of '\(path)' is damaged: \(error)")
            }
        }
        guard !reports.isEmpty else { throw CommandFailure(.unavailable, "'\(path)' holds no certificate") }
        return reports
    }

    var names: [String] {
        guard let names = try? certificate.extensions.subjectAlternativeNames else { return [] }
        return names.map { name in
            switch name {
            case .dnsName(let name): name
            case .ipAddress(let bytes): CertificateName.text(ofAddress: Array(bytes.bytes)) ?? "\(name)"
            case .rfc822Name(let address): address
            case .uniformResourceIdentifier(let uri): uri
            default: "\(name)"
            }
        }
    }

    var isAuthority: Bool {
        if case .isCertificateAuthority? = try? certificate.extensions.basicConstraints { return true }
        return false
    }

    private var usages: [String] {
        guard let usages = try? certificate.extensions.extendedKeyUsage else { return [] }
        return usages.map { usage in
            switch usage {
            case .serverAuth: "servers"
            case .clientAuth: "clients"
            default: "\(usage)"
            }
        }
    }

    /// `ECDSA P-256`
    var keyKind: String {
        let key = certificate.publicKey
        if P256.Signing.PublicKey(key) != nil { return "ECDSA P-256" }
        if P384.Signing.PublicKey(key) != nil { return "ECDSA P-384" }
        if P521.Signing.PublicKey(key) != nil { return "ECDSA P-521" }
        let text = "\(key)"
        return text.hasSuffix(".PublicKey") ? String(text.dropLast(10)) : text
    }

    var start: String { TimeText.iso8601(milliseconds: certificate.milliseconds.lowerBound) }
    var end: String { TimeText.iso8601(milliseconds: certificate.milliseconds.upperBound) }

    /// Whether it is good now.
    private var validity: String {
        let now = TimeText.now()
        if certificate.milliseconds.contains(now) { return "valid" }
        return now < certificate.milliseconds.lowerBound ? "not yet valid" : "expired"
    }

    /// SHA-256 of the certificate, as other programs write it.
    private var fingerprint: String {
        var serializer = DER.Serializer()
        guard (try? serializer.serialize(certificate)) != nil else { return "" }
        return SHA256.hash(data: serializer.serializedBytes).map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return digits.count == 1 ? "0" + digits : digits
        }.joined(separator: ":")
    }

    func text() -> String {
        var table = TextTable()
        table.add("subject", "\(certificate.subject)")
        table.add("issuer", "\(certificate.issuer)")
        if !names.isEmpty { table.add("names", names.joined(separator: ", ")) }
        table.add("valid", "\(start) to \(end) (\(validity))")
        table.add("key", keyKind)
        if isAuthority || !usages.isEmpty {
            table.add("for", isAuthority ? "signing certificates" : usages.joined(separator: ", "))
        }
        table.add("sha-256", fingerprint)
        return table.text
    }

    func json() -> JSONValue {
        .object([
            JSONMember("subject", .string("\(certificate.subject)")),
            JSONMember("issuer", .string("\(certificate.issuer)")),
            JSONMember("names", .array(names.map { .string($0) })),
            JSONMember("notBefore", .string(start)), JSONMember("notAfter", .string(end)),
            JSONMember("validity", .string(validity)), JSONMember("key", .string(keyKind)),
            JSONMember("isAuthority", .boolean(isAuthority)),
            JSONMember("usages", .array(usages.map { .string($0) })),
            JSONMember("sha256", .string(fingerprint)),
        ])
    }
}
