import Crypto
import Glibc
import PorticoSyntax
import SwiftASN1
import X509

/// Opens the authority and writes what it signs.
struct CertificateDesk {
    struct Files {
        var certificate: String
        var key: String
        var names: [String]
        var end: String

        var json: JSONValue {
            .object([
                JSONMember("certificate", .string(certificate)), JSONMember("privateKey", .string(key)),
                JSONMember("names", .array(names.map { .string($0) })), JSONMember("notAfter", .string(end)),
            ])
        }
    }

    private let folder: PrivateFolder
    private let force: Bool
    private var authority: DevelopmentAuthority?
    private(set) var isAuthorityNew = false
    /// Paths in the order of writing.
    private(set) var written: [String] = []

    var authorityPath: String { folder.path(of: DevelopmentAuthority.certificateFile) }

    init(folder: PrivateFolder, force: Bool) {
        self.folder = folder
        self.force = force
    }

    /// Reads the authority, or makes one.
    mutating func openAuthority() throws {
        do {
            authority = try DevelopmentAuthority.read(folder)
        } catch {
            guard force else { throw error }
        }
        guard authority == nil else { return }
        let (authority, issued) = try DevelopmentAuthority.make()
        self.authority = authority
        isAuthorityNew = true
        // The key first: a certificate that is there can be counted on.
        try write(DevelopmentAuthority.keyFile, issued.keyText, isKey: true)
        try write(DevelopmentAuthority.certificateFile, issued.certificateText, isKey: false)
    }

    /// Signs a certificate and writes it with its key.
    mutating func issue(_ purpose: DevelopmentAuthority.Purpose, as name: String) throws -> Files {
        guard let authority else { throw CommandFailure(.internalFault, "there is no CA") }
        let certificateFile = name + ".pem"
        let keyFile = name + "-key.pem"
        if !force { try check(certificateFile, keyFile, authority) }
        let issued = try authority.issue(purpose)
        try write(keyFile, issued.keyText, isKey: true)
        try write(certificateFile, issued.certificateText, isKey: false)
        let report = CertificateReport(certificate: issued.certificate)
        return Files(
            certificate: folder.path(of: certificateFile), key: folder.path(of: keyFile), names: report.names,
            end: report.end)
    }

    /// Refuses to replace what is not from here: a certificate of another issuer, or a key of another certificate.
    private func check(
        _ certificateFile: String, _ keyFile: String, _ authority: DevelopmentAuthority
    ) throws(CommandFailure) {
        func refusal(_ file: String) -> CommandFailure {
            CommandFailure(
                .negative, "'\(folder.path(of: file))' was not made by this command and was left as it is; see --force")
        }
        var key: Certificate.PublicKey?
        if folder.has(certificateFile) {
            guard let certificate = try? Certificate(pemEncoded: folder.read(certificateFile)),
                authority.hasSigned(certificate) || DevelopmentAuthority.looksOurs(certificate)
            else { throw refusal(certificateFile) }
            key = certificate.publicKey
        }
        if folder.has(keyFile) {
            guard let own = try? P256.Signing.PrivateKey(pemRepresentation: folder.read(keyFile)), let key,
                Certificate.PrivateKey(own).publicKey == key
            else { throw refusal(keyFile) }
        }
    }

    private mutating func write(_ name: String, _ text: String, isKey: Bool) throws(CommandFailure) {
        try folder.write(name, text, isKey: isKey)
        written.append(folder.path(of: name))
    }
}
