// Hot: no, made when a snapshot is put into service, asked once per connection. Allocates: freely.

internal import Crypto
internal import FoundationEssentials
internal import NIOSSL
internal import PorticoIR
internal import SwiftASN1
internal import X509

/// Which certificate is shown to whom, and what is asked of the client: immutable, replaced as a whole.
///
/// Files that have not changed keep their contexts, so that sessions can be resumed after a reload.
final class TLSTable: Sendable {
    /// The TLS of one custom domain.
    final class Entry: Sendable {
        /// Name of the domain, as the snapshot has it.
        let domain: String
        let context: NIOSSLContext
        let truststore: Truststore?
        /// What it was made of.
        fileprivate let source: [UInt8]

        fileprivate init(domain: String, context: NIOSSLContext, truststore: Truststore?, source: [UInt8]) {
            self.domain = domain
            self.context = context
            self.truststore = truststore
            self.source = source
        }
    }

    private let exact: [String: Entry]
    /// By what follows the star, with the dot.
    private let wildcards: [String: Entry]
    /// For clients that ask for no name, or for another one.
    private let fallback: Entry

    private init(entries: [Entry], fallback: Entry) {
        var exact: [String: Entry] = [:]
        var wildcards: [String: Entry] = [:]
        for entry in entries {
            if entry.domain.hasPrefix("*.") {
                wildcards[String(entry.domain.dropFirst())] = entry
            } else {
                exact[entry.domain] = entry
            }
        }
        self.exact = exact
        self.wildcards = wildcards
        self.fallback = fallback
    }

    /// The TLS for a client that asks for `serverName`, in lower case, and whether that is a custom domain's.
    func entry(for serverName: String) -> (entry: Entry, isDomain: Bool) {
        if let entry = exact[serverName] { return (entry, true) }
        if let dot = serverName.firstIndex(of: "."), let entry = wildcards[String(serverName[dot...])] {
            return (entry, true)
        }
        return (fallback, false)
    }

    /// The truststore that clients of a domain are checked with; `nil` if there is none that can be used.
    func truststore(ofDomain name: String) -> Truststore? {
        name.hasPrefix("*.") ? wildcards[String(name.dropFirst())]?.truststore : exact[name]?.truststore
    }

    // MARK: - Making

    /// What came of reading certificates.
    struct Outcome {
        /// `nil` when no domain has a certificate.
        var table: TLSTable?
        /// Domains that are not served, or with their earlier certificate, and why.
        var problems: [String] = []
        /// What may surprise clients.
        var warnings: [String] = []
    }

    /// Reads the certificates of `hosts`. A domain whose files cannot be used keeps what `previous` has for it.
    static func make(_ hosts: SnapshotHosts, in directory: String, previous: TLSTable?) -> Outcome {
        var outcome = Outcome()
        var entries: [Entry] = []
        for domain in hosts.domains where domain.certificate != nil {
            do {
                let files = try Files(domain, in: directory)
                entries.append(
                    try entry(domain.name, files, domain.tls, previous: previous?.entry(named: domain.name)))
                outcome.warnings += warnings(domain, files, entries.last?.truststore)
            } catch {
                var text = "domain name '\(domain.name)': \(error.reason)"
                // Never one that lets in whom the domain now keeps out.
                if let last = previous?.entry(named: domain.name),
                    (last.truststore == nil) == (domain.truststore == nil)
                {
                    entries.append(last)
                    text += "; its earlier certificate stays"
                }
                outcome.problems.append(text)
            }
        }
        guard var fallback = entries.first(where: { $0.truststore == nil }) ?? entries.first else { return outcome }
        if let policy = hosts.defaultTLS, let domain = hosts.domains.first(where: { $0.name == fallback.domain }) {
            do {
                fallback = try entry(
                    domain.name, try Files(domain, in: directory), policy, previous: previous?.fallback)
            } catch {
                // Never with a weaker policy than the API's own.
                outcome.problems.append("the default endpoint: \(error.reason)")
                outcome.table = previous
                return outcome
            }
        }
        outcome.table = TLSTable(entries: entries, fallback: fallback)
        return outcome
    }

    private func entry(named name: String) -> Entry? {
        name.hasPrefix("*.") ? wildcards[String(name.dropFirst())] : exact[name]
    }

    private static func entry(
        _ name: String, _ files: Files, _ policy: TLSPolicyEntry, previous: Entry?
    ) throws(TLSProblem) -> Entry {
        let source = files.digest(policy)
        if let previous, previous.source == source { return previous }
        let truststore = try files.truststore()
        let context = try context(try files.identity(), policy, truststore)
        return Entry(domain: name, context: context, truststore: truststore, source: source)
    }

    /// Source: reference, "Custom domains" (4.5): ciphers of TLS 1.2. Those of TLS 1.3 are always there.
    private static let forwardSecret = [
        "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384",
        "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-ECDSA-AES128-SHA256", "ECDHE-RSA-AES128-SHA256",
        "ECDHE-ECDSA-AES256-SHA384", "ECDHE-RSA-AES256-SHA384",
    ]
    private static let others = ["AES128-GCM-SHA256", "AES256-GCM-SHA384", "AES128-SHA256", "AES256-SHA256"]
    /// Source: API Gateway guide, "Supported security policies": what TLS_1_0 has beside those of TLS_1_2.
    private static let ancient = [
        "ECDHE-ECDSA-AES128-SHA", "ECDHE-RSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA", "ECDHE-RSA-AES256-SHA",
        "AES128-SHA", "AES256-SHA",
    ]

    private static func context(
        _ identity: ClientIdentity, _ policy: TLSPolicyEntry, _ truststore: Truststore?
    ) throws(TLSProblem) -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: identity.chain.map { .certificate($0) }, privateKey: .privateKey(identity.privateKey))
        configuration.applicationProtocols = TLSAcceptor.protocols
        // A client that keeps silent must not hold up a process that drains.
        configuration.shutdownTimeout = .seconds(2)
        var ciphers = forwardSecret
        switch policy.minimumVersion {
        case .tls10:
            configuration.minimumTLSVersion = .tlsv1
            ciphers += others + ancient
        case .tls12:
            configuration.minimumTLSVersion = .tlsv12
            if !policy.needsForwardSecrecy { ciphers += others }
        case .tls13:
            configuration.minimumTLSVersion = .tlsv13
        }
        configuration.cipherSuites = ciphers.joined(separator: ":")
        if let truststore {
            // The chain is checked by the truststore itself; without a certificate the handshake fails.
            configuration.certificateVerification = .noHostnameVerification
            configuration.trustRoots = .certificates(truststore.authorities)
            configuration.sendCANameList = true
        }
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw TLSProblem(reason: "its certificate cannot be used: \(error)")
        }
    }

    private static func warnings(_ domain: DomainEntry, _ files: Files, _ truststore: Truststore?) -> [String] {
        var warnings = (truststore?.warnings ?? []).map { "truststore of domain name '\(domain.name)': \($0)" }
        guard let leaf = try? Certificate(pemEncoded: String(decoding: files.certificate, as: UTF8.self)) else {
            return warnings
        }
        if leaf.notValidAfter < Date() {
            warnings.append("the certificate of domain name '\(domain.name)' has expired")
        } else if leaf.notValidBefore > Date() {
            warnings.append("the certificate of domain name '\(domain.name)' is not valid yet")
        }
        let names = (try? leaf.extensions.subjectAlternativeNames)?.compactMap { name -> String? in
            if case .dnsName(let name) = name { name.lowercased() } else { nil }
        }
        let parent = domain.name.split(separator: ".", maxSplits: 1).last.map { "*." + $0 }
        if !(names ?? []).contains(where: { $0 == domain.name || $0 == parent }) {
            warnings.append(
                "the certificate of domain name '\(domain.name)' is not for that name; clients will refuse it")
        }
        return warnings
    }
}

/// Why a domain has no TLS.
private struct TLSProblem: Error {
    var reason: String
}

/// The files of a domain.
private struct Files {
    let certificate: [UInt8]
    let privateKey: [UInt8]
    let trusted: [UInt8]?
    private let names: (certificate: String, privateKey: String, truststore: String)

    init(_ domain: DomainEntry, in directory: String) throws(TLSProblem) {
        func path(_ path: String?) -> String { path.map { ClientIdentities.path($0, in: directory) } ?? "" }
        func load(_ path: String) throws(TLSProblem) -> [UInt8] {
            do {
                return try SystemFileLoader().load(path)
            } catch {
                throw TLSProblem(reason: "'\(error.path)': \(error.reason)")
            }
        }
        names = (path(domain.certificate), path(domain.privateKey), path(domain.truststore))
        certificate = try load(names.certificate)
        privateKey = try load(names.privateKey)
        trusted = domain.truststore == nil ? nil : try load(names.truststore)
    }

    func identity() throws(TLSProblem) -> ClientIdentity {
        do {
            return try ClientIdentity(certificate: certificate, privateKey: privateKey)
        } catch {
            switch error {
            case .certificate(let reason): throw TLSProblem(reason: "'\(names.certificate)': \(reason)")
            case .privateKey(let reason): throw TLSProblem(reason: "'\(names.privateKey)': \(reason)")
            }
        }
    }

    func truststore() throws(TLSProblem) -> Truststore? {
        guard let trusted else { return nil }
        do {
            return try Truststore(trusted)
        } catch {
            throw TLSProblem(reason: "'\(names.truststore)': \(error.reason)")
        }
    }

    /// Names all that a context is made of.
    func digest(_ policy: TLSPolicyEntry) -> [UInt8] {
        var hash = SHA256()
        for part in [certificate, privateKey, trusted ?? []] {
            withUnsafeBytes(of: UInt64(part.count).littleEndian) { hash.update(bufferPointer: $0) }
            hash.update(data: part)
        }
        hash.update(data: [
            trusted == nil ? 0 : 1, policy.minimumVersion.rawValue, policy.needsForwardSecrecy ? 1 : 0,
        ])
        return Array(hash.finalize())
    }
}
