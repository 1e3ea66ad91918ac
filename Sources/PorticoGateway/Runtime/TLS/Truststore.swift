// Hot: no, read when a snapshot is put into service, and asked once per handshake. Allocates: freely.

internal import Crypto
internal import CryptoExtras
internal import NIOSSL
internal import SwiftASN1
internal import X509

/// The certificate authorities whose clients a domain lets in.
///
/// *Source:* reference, "Mutual TLS and client certificates" (3.8): a bundle of PEM certificates; a client's chain ends in
/// one of the bundle that signed itself, has four certificates at most, SHA-256 or better and RSA 2048 or ECDSA 256 or
/// better; bad entries are warnings. Revocation is not looked at.
final class Truststore: Sendable {
    /// Source: API Gateway guide, "Configuring your truststore": a chain of four at most.
    static let longestChain = 4

    let id: TruststoreID
    /// Those that signed themselves.
    private let roots: CertificateStore
    private let intermediates: CertificateStore
    /// Names that are told to clients.
    let authorities: [NIOSSLCertificate]
    /// What is wrong with entries that are left out.
    let warnings: [String]

    /// Reads a bundle.
    ///
    /// - Throws: ``TruststoreProblem`` if no certificate of it can be used.
    init(_ bytes: [UInt8]) throws(TruststoreProblem) {
        var warnings: [String] = []
        var roots: [Certificate] = []
        var intermediates: [Certificate] = []
        var subjects: [DistinguishedName: Int] = [:]
        for (index, text) in Self.blocks(String(decoding: bytes, as: UTF8.self)).enumerated() {
            let place = "certificate \(index + 1)"
            guard let certificate = try? Certificate(pemEncoded: text) else {
                warnings.append("\(place) is damaged and left out")
                continue
            }
            let name = "\(place) (\(ClientCertificateFacts.text(certificate.subject)))"
            if let weakness = Self.weakness(of: certificate) {
                warnings.append("\(name) is left out: \(weakness)")
                continue
            }
            guard Self.mayIssue(certificate) else {
                warnings.append("\(name) is left out: it is no certificate authority")
                continue
            }
            // Source: reference 3.8: one issuer a subject.
            if let first = subjects.updateValue(index + 1, forKey: certificate.subject) {
                warnings.append("\(name) is left out: certificate \(first) has the same subject")
                subjects[certificate.subject] = first
                continue
            }
            if certificate.subject == certificate.issuer,
                certificate.publicKey.isValidSignature(certificate.signature, for: certificate)
            {
                roots.append(certificate)
            } else {
                intermediates.append(certificate)
            }
        }
        for certificate in intermediates where subjects[certificate.issuer] == nil {
            warnings.append(
                "certificate \(subjects[certificate.subject] ?? 0) (\(ClientCertificateFacts.text(certificate.subject))) is "
                    + "of no use: its issuer is not in the truststore")
        }
        self.warnings = warnings
        guard !roots.isEmpty else {
            throw TruststoreProblem(
                reason: "it has no certificate authority that signed itself, so that no client could be let in"
                    + (warnings.first.map { " (\($0))" } ?? ""))
        }
        id = TruststoreID(digest: Array(SHA256.hash(data: bytes)))
        self.roots = CertificateStore(roots)
        self.intermediates = CertificateStore(intermediates)
        authorities = (roots + intermediates).compactMap { certificate in
            var serializer = DER.Serializer()
            guard (try? serializer.serialize(certificate)) != nil else { return nil }
            return try? NIOSSLCertificate(bytes: serializer.serializedBytes, format: .der)
        }
    }

    /// Whether the chain that a client shows, its own certificate first, leads to an authority; gives its certificate.
    func verify(_ chain: [Certificate]) async -> Certificate? {
        // Source: a chain of four has at most so many; more is somebody who wants us to work.
        guard let leaf = chain.first, chain.count <= Truststore.longestChain + 1 else { return nil }
        var verifier = Verifier(rootCertificates: roots) {
            RFC5280Policy()
            StrengthPolicy()
            ClientPolicy()
        }
        let between = intermediates.appending(contentsOf: chain.dropFirst())
        guard case .validCertificate = await verifier.validate(leaf: leaf, intermediates: between) else { return nil }
        return leaf
    }

    /// The PEM blocks of a text, also those that hold nothing of use.
    private static func blocks(_ text: String) -> [String] {
        let (begin, end) = ("-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----")
        var blocks: [String] = []
        var lines: [Substring]?
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            let isEnd = line.hasPrefix(end)
            if line.hasPrefix(begin) {
                if let lines { blocks.append(lines.joined(separator: "\n")) }
                lines = []
            }
            lines?.append(line)
            if isEnd, let block = lines {
                blocks.append(block.joined(separator: "\n"))
                lines = nil
            }
        }
        if let lines { blocks.append(lines.joined(separator: "\n")) }
        return blocks
    }

    private static func mayIssue(_ certificate: Certificate) -> Bool {
        guard let constraints = try? certificate.extensions.basicConstraints else { return false }
        if case .isCertificateAuthority = constraints { return true }
        return false
    }

    /// Why a certificate is too weak; `nil` if it is not.
    static func weakness(of certificate: Certificate) -> String? {
        let algorithm = certificate.signatureAlgorithm
        let isStrong =
            [
                .ecdsaWithSHA256, .ecdsaWithSHA384, .ecdsaWithSHA512, .sha256WithRSAEncryption,
                .sha384WithRSAEncryption, .sha512WithRSAEncryption, .ed25519,
            ].contains(algorithm)
        guard isStrong else { return "its signature is not SHA-256 or better" }
        if let key = _RSA.Signing.PublicKey(certificate.publicKey), key.keySizeInBits < 2048 {
            return "its RSA key has \(key.keySizeInBits) bits, not 2048 or more"
        }
        return nil
    }
}

/// Why a truststore is of no use.
struct TruststoreProblem: Error, Sendable {
    var reason: String
}

/// Signatures and keys are strong enough, and the chain is short enough.
private struct StrengthPolicy: VerifierPolicy {
    let verifyingCriticalExtensions: [ASN1ObjectIdentifier] = []

    func chainMeetsPolicyRequirements(chain: UnverifiedCertificateChain) -> PolicyEvaluationResult {
        guard chain.count <= Truststore.longestChain else {
            return .failsToMeetPolicy(reason: "the chain is too long")
        }
        for certificate in chain {
            if let weakness = Truststore.weakness(of: certificate) { return .failsToMeetPolicy(reason: weakness) }
        }
        return .meetsPolicy
    }
}

/// The certificate is one that a client may show.
///
/// Source: RFC 5280, section 4.2.1.12: who restricts the use of a key means it. Names of other hosts are of no interest.
private struct ClientPolicy: VerifierPolicy {
    let verifyingCriticalExtensions: [ASN1ObjectIdentifier] = [
        .X509ExtensionID.extendedKeyUsage, .X509ExtensionID.subjectAlternativeName,
    ]

    func chainMeetsPolicyRequirements(chain: UnverifiedCertificateChain) -> PolicyEvaluationResult {
        guard let usages = try? chain.leaf.extensions.extendedKeyUsage else {
            // Damaged is not the same as absent.
            return chain.leaf.extensions[oid: .X509ExtensionID.extendedKeyUsage] == nil
                ? .meetsPolicy : .failsToMeetPolicy(reason: "its extended key usage cannot be read")
        }
        return usages.contains(.clientAuth) || usages.contains(.any)
            ? .meetsPolicy : .failsToMeetPolicy(reason: "its key is not for clients")
    }
}
