internal import PorticoIR
internal import PorticoPrograms

/// An identity provider as a snapshot carries it.
struct IdentityProviderEntry: Sendable, Hashable {
    /// Where its keys are, if the issuer is not asked.
    enum Keys: Sendable, Hashable {
        /// Relative to the directory of the document or of the compiled file; read when the snapshot is put into service.
        case file(String)
        /// JSON text.
        case inline(String)
    }

    var name: String
    /// What `iss` must be.
    var issuer: String
    /// User pools that it stands for.
    var providerARNs: [String] = []
    /// Address of the key set; `nil` asks the issuer for it.
    var keySetAddress: String?
    var keys: Keys?
    /// Empty for the usual ones of the authorizer.
    var algorithms: [TokenAlgorithm] = []
    /// Empty for any.
    var audiences: [String] = []
}

extension ByteWriter {
    /// ORDER SNAPSHOT
    mutating func write(_ value: IdentityProviderEntry) {
        write(value.name)
        write(value.issuer)
        write(value.providerARNs) { $0.write($1) }
        write(value.keySetAddress)
        switch value.keys {
        case nil: write(UInt8(0))
        case .file(let path):
            write(UInt8(1))
            write(path)
        case .inline(let text):
            write(UInt8(2))
            write(text)
        }
        write(value.algorithms) { $0.write($1.rawValue) }
        write(value.audiences) { $0.write($1) }
    }
}

extension ByteReader {
    /// ORDER SNAPSHOT
    mutating func readIdentityProvider() throws(ProgramDecodingError) -> IdentityProviderEntry {
        var entry = IdentityProviderEntry(name: try readString(), issuer: try readString())
        entry.providerARNs = try readArray { reader throws(ProgramDecodingError) in try reader.readString() }
        entry.keySetAddress = try readOptionalString()
        switch try read(UInt8.self) {
        case 0: break
        case 1: entry.keys = .file(try readString())
        case 2: entry.keys = .inline(try readString())
        default: throw ProgramDecodingError("unknown source of keys", at: offset)
        }
        entry.algorithms = try readArray { reader throws(ProgramDecodingError) in
            let name = try reader.readString()
            guard let algorithm = TokenAlgorithm(rawValue: name) else {
                throw ProgramDecodingError("'\(name)' is no algorithm", at: reader.offset)
            }
            return algorithm
        }
        entry.audiences = try readArray { reader throws(ProgramDecodingError) in try reader.readString() }
        return entry
    }
}

extension SnapshotVerifier {
    /// Addresses that may be called, as the importer left them.
    func verify(_ provider: IdentityProviderEntry) throws(SnapshotError) {
        try require(TokenAddress(provider.issuer) != nil, .identityProviders, "an issuer that is none")
        if let address = provider.keySetAddress {
            try require(
                TokenAddress(address, allowsQuery: true) != nil, .identityProviders, "an address of keys that is none")
        }
    }
}
