// Hot: no, made once per TLS connection. Allocates: the texts that requests read.

internal import FoundationEssentials
internal import NIOSSL
internal import PorticoPrograms
internal import SwiftASN1
internal import X509

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// What the handshake told of a connection; all its requests share it.
final class ConnectionFacts: Sendable {
    /// Name that the client asked for, in lower case; empty if it asked for none.
    let serverName: StaticBytes
    /// Name of the custom domain whose certificate was shown because the client asked for it; empty for another one.
    let domain: StaticBytes
    /// Which truststore has let the client's certificate in; `nil` without mutual TLS.
    let truststore: TruststoreID?
    /// The certificate of the client.
    let client: ClientCertificateFacts?
    private let pool: BytePool

    init(serverName: String, domain: String, truststore: TruststoreID? = nil, client: Certificate? = nil) throws {
        let pool = BytePool(chunkBytes: client == nil ? 128 : 4096)
        self.pool = pool
        self.serverName = pool.add(serverName)
        self.domain = pool.add(domain)
        self.truststore = truststore
        self.client = try client.map { try ClientCertificateFacts($0, pool) }
    }
}

/// `$context.identity.clientCert.*`.
///
/// *Source:* API Gateway guide, "$context variables": names and forms; order and case of a distinguished name as in the
/// certificate, dates as OpenSSL prints them. Unconfirmed: a serial number of one byte is printed without colons.
struct ClientCertificateFacts: Sendable {
    let pem: StaticBytes
    let subject: StaticBytes
    let issuer: StaticBytes
    let serialNumber: StaticBytes
    let notBefore: StaticBytes
    let notAfter: StaticBytes
    /// All of it as events of functions have it: `,"clientCert":{...}`.
    /// *Source:* API Gateway guide, "Input format of a Lambda function for proxy integration". Unconfirmed: where it stands.
    let event: StaticBytes

    init(_ certificate: Certificate, _ pool: BytePool) throws {
        pem = pool.add(try certificate.serializeAsPEM().pemString + "\n")
        subject = pool.add(Self.text(certificate.subject))
        issuer = pool.add(Self.text(certificate.issuer))
        serialNumber = pool.add(Self.text(certificate.serialNumber.bytes))
        notBefore = pool.add(Self.text(seconds: certificate.notValidBefore.timeIntervalSince1970))
        notAfter = pool.add(Self.text(seconds: certificate.notValidAfter.timeIntervalSince1970))
        let output = OutputBuffer(capacity: 2048)
        for (opening, value) in [
            (",\"clientCert\":{\"clientCertPem\":", pem), (",\"subjectDN\":", subject), (",\"issuerDN\":", issuer),
            (",\"serialNumber\":", serialNumber), (",\"validity\":{\"notBefore\":", notBefore),
            (",\"notAfter\":", notAfter),
        ] {
            output.append(opening)
            EventText.appendQuoted(value.bytes, into: output)
        }
        output.append("}}")
        event = pool.add(Array(output.bytes))
    }

    /// `C=US,O=Example,CN=client`.
    static func text(_ name: DistinguishedName) -> String {
        name.map { String(describing: $0) }.joined(separator: ",")
    }

    /// `a1:0f`; `1` for one byte.
    static func text(_ serialNumber: ArraySlice<UInt8>) -> String {
        let bytes = serialNumber.drop { $0 == 0 }
        guard bytes.count > 1 else { return String(bytes.first ?? 0, radix: 16) }
        return bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
    }

    /// `Aug  5 09:36:04 2021 GMT`.
    static func text(seconds: Double) -> String {
        var time = time_t(max(min(seconds, 253_402_300_799), -62_135_596_800))
        var parts = tm()
        guard gmtime_r(&time, &parts) != nil else { return "" }
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func two(_ number: Int32, pad: String = "0") -> String { (number < 10 ? pad : "") + String(number) }
        let month = months.indices.contains(Int(parts.tm_mon)) ? months[Int(parts.tm_mon)] : ""
        return "\(month) \(two(parts.tm_mday, pad: " ")) \(two(parts.tm_hour)):\(two(parts.tm_min)):"
            + "\(two(parts.tm_sec)) \(parts.tm_year + 1900) GMT"
    }
}

/// Names the contents of a truststore: two files with the same bytes are the same one.
struct TruststoreID: Hashable, Sendable {
    /// SHA-256 of the file.
    let digest: [UInt8]
}
