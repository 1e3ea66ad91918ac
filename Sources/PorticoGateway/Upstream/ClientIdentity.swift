import NIOSSL
import PorticoIR

#if canImport(Glibc)
    import Glibc
#endif

/// A certificate with its private key that is presented to backends who ask for one.
///
/// Two are equal when their files hold the same bytes, so that a reload that changes neither keeps its connections.
final class ClientIdentity: Sendable, Hashable {
    let chain: [NIOSSLCertificate]
    let privateKey: NIOSSLPrivateKey
    private let bytes: [UInt8]
    private let hash: Int

    /// Reads PEM texts; throws ``ClientIdentityProblem``.
    init(certificate: [UInt8], privateKey: [UInt8]) throws(ClientIdentityProblem) {
        do {
            chain = try NIOSSLCertificate.fromPEMBytes(certificate)
        } catch {
            throw .certificate("it holds no certificate in PEM form")
        }
        guard !chain.isEmpty else { throw .certificate("it holds no certificate in PEM form") }
        do {
            // Without a callback the library would ask at the terminal.
            self.privateKey = try NIOSSLPrivateKey(bytes: privateKey, format: .pem) {
                (_: NIOSSLPassphraseSetter<[UInt8]>) in
                throw ClientIdentityProblem.privateKey("it is encrypted")
            }
        } catch {
            throw .privateKey("it holds no private key in PEM form, or one with a passphrase")
        }
        bytes = certificate + [0] + privateKey
        var hasher = Hasher()
        hasher.combine(bytes)
        hash = hasher.finalize()
        do {
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.trustRoots = .certificates([])
            present(in: &configuration)
            _ = try NIOSSLContext(configuration: configuration)
        } catch {
            throw .privateKey("it does not belong to the certificate")
        }
    }

    /// Makes the client side of TLS present it.
    func present(in configuration: inout TLSConfiguration) {
        configuration.certificateChain = chain.map { .certificate($0) }
        configuration.privateKey = .privateKey(privateKey)
    }

    /// Whether it is past its time.
    var hasExpired: Bool { chain.first.map { $0.notValidAfter < time(nil) } ?? false }

    static func == (left: ClientIdentity, right: ClientIdentity) -> Bool {
        left === right || left.hash == right.hash && left.bytes == right.bytes
    }

    func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}

/// Which of the two files is of no use, and why.
enum ClientIdentityProblem: Error {
    case certificate(String)
    case privateKey(String)
}

/// The client certificates of a snapshot's stages, read from their files when the snapshot is put into service.
struct ClientIdentities: Sendable {
    private var byName: [String: Result<ClientIdentity, Failure>] = [:]

    /// What the log and the requests that need it say.
    struct Failure: Error {
        var reason: String
    }

    /// None.
    init() {}

    /// Reads those that stages present; `directory` is what their paths are relative to.
    init(of snapshot: DeploymentSnapshot, in directory: String) {
        for name in Set(snapshot.stages.compactMap(\.clientCertificate)) {
            guard let entry = snapshot.clientCertificates.first(where: { $0.name == name }) else {
                byName[name] = .failure(Failure(reason: "client certificate '\(name)' is not declared"))
                continue
            }
            byName[name] = Self.read(entry, in: directory)
        }
    }

    private static func read(
        _ entry: ClientCertificateEntry, in directory: String
    ) -> Result<ClientIdentity, Failure> {
        func failure(_ path: String, _ reason: String) -> Result<ClientIdentity, Failure> {
            .failure(Failure(reason: "client certificate '\(entry.name)' cannot be presented: '\(path)': \(reason)"))
        }
        let certificate = path(entry.certificate, in: directory)
        let privateKey = path(entry.privateKey, in: directory)
        let loader = SystemFileLoader()
        do {
            let texts = (try loader.load(certificate), try loader.load(privateKey))
            do {
                return .success(try ClientIdentity(certificate: texts.0, privateKey: texts.1))
            } catch {
                switch error {
                case .certificate(let reason): return failure(certificate, reason)
                case .privateKey(let reason): return failure(privateKey, reason)
                }
            }
        } catch {
            return failure(error.path, error.reason)
        }
    }

    /// A path as the process sees it.
    static func path(_ path: String, in directory: String) -> String {
        path.hasPrefix("/") || directory.isEmpty || directory == "." ? path : directory + "/" + path
    }

    /// The certificate of that name, or why there is none.
    func identity(named name: String) -> Result<ClientIdentity, Failure> {
        byName[name] ?? .failure(Failure(reason: "client certificate '\(name)' was not loaded"))
    }

    /// What went wrong, in order of the names.
    var failures: [String] {
        byName.sorted { $0.key < $1.key }.compactMap { _, result in
            if case .failure(let failure) = result { failure.reason } else { nil }
        }
    }

    /// Names of those that are past their time.
    var expired: [String] {
        byName.sorted { $0.key < $1.key }.compactMap { name, result in
            if case .success(let identity) = result, identity.hasExpired { name } else { nil }
        }
    }

    /// All that could be read.
    var identities: [ClientIdentity] { byName.values.compactMap { try? $0.get() } }
}
