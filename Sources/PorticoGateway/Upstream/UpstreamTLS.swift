import NIOConcurrencyHelpers
import NIOCore
import NIOSSL

#if canImport(Glibc)
    import Glibc
#endif

/// Makes the TLS side of upstream connections. One value serves all workers: a context holds the parsed trust roots,
/// which are too large and too slow to read for each.
struct UpstreamTLS: Sendable {
    /// Where trusted authorities come from.
    enum TrustRoots: Sendable {
        /// `SSL_CERT_FILE` when set, else the system's.
        case system
        /// PEM text.
        case pem([UInt8])
    }

    private struct ContextKey: Hashable {
        var verification: UpstreamTarget.Verification
        var identity: ClientIdentity?
    }

    private let trustRoots: TrustRoots
    private let contexts = NIOLockedValueBox<[ContextKey: NIOSSLContext]>([:])

    init(trustRoots: TrustRoots = .system) {
        self.trustRoots = trustRoots
    }

    /// Reads the trust roots now, so that neither the first call waits for them nor a bad `SSL_CERT_FILE` shows late.
    func prepare(_ verification: UpstreamTarget.Verification) throws {
        _ = try context(verification, nil)
    }

    /// Forgets what was made for client certificates that are in service no more.
    func keep(_ identities: [ClientIdentity]) {
        contexts.withLockedValue { contexts in
            contexts = contexts.filter { key, _ in key.identity.map(identities.contains) ?? true }
        }
    }

    /// The first handler of a connection to `target`.
    func makeHandler(for target: UpstreamTarget) throws -> NIOSSLClientHandler {
        let name = target.serverName ?? target.host
        // An IP address is no server name (RFC 6066, 3); it is checked against the certificate's addresses.
        let identity = CertificateIdentity(name: name)
        let serverHostname = identity.isAddress ? nil : name
        switch target.verification {
        case .full:
            let context = try context(.full, target.clientIdentity)
            guard let serverHostname else { return try NIOSSLClientHandler(context: context, serverHostname: nil) }
            // The library also takes a certificate of the connected IP address for any name; whoever can redirect
            // the name to an address of his own may have one.
            return try NIOSSLClientHandler._makeSSLClientHandler(
                context: context, serverHostname: serverHostname,
                additionalPeerCertificateVerificationCallback: { certificate, channel in
                    channel.eventLoop.makeCompletedFuture(
                        identity.namesOther(certificate) ? .failure(UpstreamFailure.tlsFailed) : .success(()))
                })
        case .skipAuthority:
            return try NIOSSLClientHandler(
                context: context(.skipAuthority, target.clientIdentity), serverHostname: serverHostname,
                customVerificationCallback: { chain, verdict in
                    let isFit = chain.first.map { identity.fits($0, now: time(nil)) } ?? false
                    verdict.succeed(isFit ? .certificateVerified : .failed)
                })
        }
    }

    private func context(
        _ verification: UpstreamTarget.Verification, _ identity: ClientIdentity?
    ) throws -> NIOSSLContext {
        let key = ContextKey(verification: verification, identity: identity)
        return try contexts.withLockedValue { contexts in
            if let made = contexts[key] { return made }
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.applicationProtocols = ["http/1.1"]
            configuration.shutdownTimeout = .seconds(1)
            // The callback judges instead of the roots; they are not even read.
            configuration.trustRoots = verification == .skipAuthority ? .certificates([]) : try nioTrustRoots()
            identity?.present(in: &configuration)
            let made = try NIOSSLContext(configuration: configuration)
            contexts[key] = made
            return made
        }
    }

    private func nioTrustRoots() throws -> NIOSSLTrustRoots {
        switch trustRoots {
        case .pem(let bytes): return .certificates(try NIOSSLCertificate.fromPEMBytes(bytes))
        case .system:
            if let path = getenv("SSL_CERT_FILE"), path.pointee != 0 { return .file(String(cString: path)) }
            return .default
        }
    }
}

/// What remains to be checked of a certificate when its authority is not: that it is of this server and of today.
///
/// Source: `tlsConfig.insecureSkipVerification` skips the authority, not the expiry nor the host name.
struct CertificateIdentity: Sendable {
    private let name: [UInt8]
    private let address: [UInt8]?

    init(name: String) {
        self.name = Self.canonical(Array(name.utf8))
        address = Self.address(name, family: AF_INET, bytes: 4) ?? Self.address(name, family: AF_INET6, bytes: 16)
    }

    /// The server is known by its IP address.
    var isAddress: Bool { address != nil }

    private static func address(_ text: String, family: Int32, bytes: Int) -> [UInt8]? {
        var address = [UInt8](repeating: 0, count: bytes)
        return inet_pton(family, text, &address) == 1 ? address : nil
    }

    func fits(_ certificate: NIOSSLCertificate, now: time_t) -> Bool {
        guard certificate.notValidBefore <= now, now <= certificate.notValidAfter else { return false }
        for alternative in certificate._subjectAlternativeNames() {
            switch alternative.nameType {
            case .dnsName where address == nil:
                if matches(pattern: Array(alternative.contents)) { return true }
            case .ipAddress:
                if let address, Array(alternative.contents) == address { return true }
            default: continue
            }
        }
        return false
    }

    /// The certificate has alternative names, and the server's is not among them. One without any is judged by the
    /// library, by its common name.
    func namesOther(_ certificate: NIOSSLCertificate) -> Bool {
        var hasAlternatives = false
        for alternative in certificate._subjectAlternativeNames() {
            hasAlternatives = true
            if alternative.nameType == .dnsName, matches(pattern: Array(alternative.contents)) { return false }
        }
        return hasAlternatives
    }

    /// RFC 6125, 6.4: a wildcard stands for the whole first label, and for one label only.
    func matches(pattern: [UInt8]) -> Bool {
        let pattern = Self.canonical(pattern)
        if pattern == name { return !pattern.isEmpty }
        guard pattern.starts(with: [0x2A, 0x2E]), let dot = name.firstIndex(of: 0x2E), dot > 0 else { return false }
        let suffix = pattern[1...]
        // `*.com` would cover everyone.
        return suffix.dropFirst().contains(0x2E) && suffix == name[dot...]
    }

    private static func canonical(_ name: [UInt8]) -> [UInt8] {
        let lower = name.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
        return lower.last == 0x2E ? lower.dropLast() : lower
    }
}
