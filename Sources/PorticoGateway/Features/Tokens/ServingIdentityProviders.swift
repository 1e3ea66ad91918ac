internal import PorticoIR
internal import PorticoPrograms

/// The identity providers of a snapshot with the keys that do not come from issuers, read when the snapshot is put into
/// service.
struct ServingIdentityProviders: Sendable {
    private let entries: [IdentityProviderEntry]
    private var fixed: [String: Result<KeySet, KeySetProblem>] = [:]

    /// Reads keys; `directory` is what their paths are relative to.
    init(_ entries: [IdentityProviderEntry], in directory: String, files: any FileLoader = SystemFileLoader()) {
        self.entries = entries
        for entry in entries {
            guard let keys = entry.keys else { continue }
            fixed[entry.name] = Self.read(keys, in: directory, files)
        }
    }

    private static func read(
        _ keys: IdentityProviderEntry.Keys, in directory: String, _ files: any FileLoader
    ) -> Result<KeySet, KeySetProblem> {
        let bytes: [UInt8]
        var place = ""
        switch keys {
        case .inline(let text): bytes = Array(text.utf8)
        case .file(let path):
            let file = ClientIdentities.path(path, in: directory)
            place = "'\(file)': "
            do {
                bytes = try files.load(file)
            } catch {
                return .failure(KeySetProblem(place + error.reason))
            }
        }
        do throws(KeySetProblem) {
            return .success(try KeySetReader().read(bytes).keys)
        } catch {
            return .failure(KeySetProblem(place + error.text))
        }
    }

    /// What went wrong, in the order of the document.
    var failures: [String] {
        entries.compactMap { entry in
            guard case .failure(let problem) = fixed[entry.name] else { return nil }
            return "keys of identity provider '\(entry.name)' cannot be read: \(problem.text)"
        }
    }

    private func keys(of entry: IdentityProviderEntry, maximumAge: Int) -> TrustedIssuer.Keys {
        switch fixed[entry.name] {
        case .success(let keys): .fixed(keys)
        case .failure(let problem): .none(problem.text)
        case nil:
            .remote(
                KeySource(
                    issuer: entry.issuer, keySetAddress: entry.keySetAddress, maximumAgeMilliseconds: maximumAge))
        }
    }

    /// Whom a user pool authorizer of a REST API trusts. A pool that no provider stands for is the real one, which signs
    /// with RS256. An ARN that is none trusts nobody.
    ///
    /// - Parameter audience: `identityValidationExpression`.
    func trust(userPools arns: [String], audience: Pattern? = nil) -> TokenTrust {
        var issuers: [TrustedIssuer] = []
        for arn in arns {
            if let entry = entries.first(where: { $0.providerARNs.contains(arn) }) {
                // Two pools that one provider stands for are one issuer.
                guard !issuers.contains(where: { $0.name == Array(entry.issuer.utf8) }) else { continue }
                let algorithms = entry.algorithms.isEmpty ? TokenAlgorithm.allCases : entry.algorithms
                issuers.append(
                    TrustedIssuer(
                        name: Array(entry.issuer.utf8), algorithms: Set(algorithms),
                        audiences: entry.audiences.map { Array($0.utf8) },
                        keys: keys(of: entry, maximumAge: TokenLimits.restKeyAgeMilliseconds)))
            } else if let pool = UserPoolARN(arn) {
                issuers.append(
                    TrustedIssuer(
                        name: Array(pool.issuer.utf8), algorithms: [.rs256], audiences: [],
                        keys: .remote(
                            KeySource(
                                issuer: pool.issuer, keySetAddress: nil,
                                maximumAgeMilliseconds: TokenLimits.restKeyAgeMilliseconds))))
            }
        }
        return TokenTrust(kind: .userPools(audience: audience), issuers: issuers)
    }

    /// Whom a JWT authorizer of an HTTP API trusts: one issuer, and tokens signed with RSA unless a provider of that issuer
    /// allows others. An issuer that may not be called, or no audience that it and the authorizer have in common, trusts
    /// nobody.
    ///
    /// *Source:* reference, 1.9.
    func trust(jwtIssuer issuer: String, audiences: [String]) -> TokenTrust {
        let entry = entries.first { $0.issuer == issuer } ?? IdentityProviderEntry(name: "", issuer: issuer)
        let common = entry.audiences.isEmpty ? audiences : audiences.filter { entry.audiences.contains($0) }
        guard TokenAddress(issuer) != nil, !common.isEmpty else { return TokenTrust(kind: .jwt, issuers: []) }
        let algorithms = entry.algorithms.isEmpty ? TokenAlgorithm.allCases.filter(\.isRSA) : entry.algorithms
        return TokenTrust(
            kind: .jwt,
            issuers: [
                TrustedIssuer(
                    name: Array(issuer.utf8), algorithms: Set(algorithms), audiences: common.map { Array($0.utf8) },
                    keys: keys(of: entry, maximumAge: TokenLimits.httpKeyAgeMilliseconds))
            ])
    }
}
