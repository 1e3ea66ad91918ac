internal import PorticoIR
internal import PorticoPrograms
internal import Synchronization

/// Where the keys of an issuer come from, by the value that makes two the same: it is what a reload keeps keys by.
struct KeySource: Hashable, Sendable {
    /// Asked for `/.well-known/openid-configuration`.
    var issuer: String
    /// Address of the key set, if discovery is not needed.
    var keySetAddress: String?
    /// How long its keys are used without asking again.
    var maximumAgeMilliseconds: Int
}

/// An issuer that an authorizer trusts.
struct TrustedIssuer: Sendable {
    enum Keys: Sendable {
        /// From the document or a file: never asked for.
        case fixed(KeySet)
        case remote(KeySource)
        /// They could not be read when the snapshot was put into service; the text says why.
        case none(String)
    }

    /// What `iss` must be.
    let name: [UInt8]
    /// Those that tokens may be signed with.
    let algorithms: Set<TokenAlgorithm>
    /// One of them must be in `aud`, or be `client_id` where there is no `aud`; empty for any.
    let audiences: [[UInt8]]
    let keys: Keys
}

/// Whom an authorizer trusts: what a token is verified against once and then remembered by.
///
/// One for each authorizer and snapshot.
final class TokenTrust: Sendable {
    enum Kind: Sendable {
        /// A user pool authorizer of a REST API. `audience`: `identityValidationExpression`.
        case userPools(audience: Pattern?)
        /// A JWT authorizer of an HTTP API.
        case jwt
    }

    /// No other has it, nor will: what was verified for one is not verified for another. (An address would come again.)
    let number: UInt64
    let kind: Kind
    let issuers: [TrustedIssuer]
    let style: ClaimStyle

    private static let numbers = Atomic<UInt64>(0)

    init(kind: Kind, issuers: [TrustedIssuer]) {
        number = Self.numbers.add(1, ordering: .relaxed).newValue
        self.kind = kind
        self.issuers = issuers
        style =
            switch kind {
            case .userPools: .userPool
            case .jwt: .jwt
            }
    }

    /// Whether the signature is looked at before the claims, as the one issuer's keys are known whatever the token says.
    ///
    /// *Source:* reference, 1.9, the order of JWT authorizers: signature, `iss`, `aud`, times.
    var verifiesFirst: Bool {
        if case .jwt = kind { true } else { false }
    }

    /// The issuer whose keys a token must be signed with.
    func issuer(of claims: TokenClaims) -> TrustedIssuer? {
        verifiesFirst ? issuers.first : issuer(named: claims.issuer)
    }

    /// What claims say against their token.
    func objection(to claims: TokenClaims, of issuer: TrustedIssuer, at now: Int) -> TokenRefusal? {
        if verifiesFirst {
            if claims.issuer != issuer.name { return .issuer }
            if !issuer.accepts(audienceOf: claims) { return .audience }
        }
        if claims.expiry <= now { return .expired }
        return claims.notBefore > now + TokenLimits.clockSkewMilliseconds ? .notYetValid : nil
    }

    /// The issuer of that name.
    func issuer(named name: [UInt8]) -> TrustedIssuer? { issuers.first { $0.name == name } }

    /// Where keys must be fetched from.
    var sources: [KeySource] {
        issuers.compactMap { issuer in
            if case .remote(let source) = issuer.keys { source } else { nil }
        }
    }
}

/// What a method asks of tokens: whom to trust, and scopes of which one is enough.
struct TokenRules: Sendable {
    let trust: TokenTrust
    let scopes: [[UInt8]]

    init(trust: TokenTrust, scopes: [String] = []) {
        self.trust = trust
        self.scopes = scopes.map { Array($0.utf8) }
    }

    /// Judges claims whose signature, issuer, audience and times are good. Pure.
    ///
    /// *Source:* reference, 3.5: without scopes a user pool authorizer takes ID tokens, with scopes access tokens; 1.9 (8).
    func judge(_ token: VerifiedToken) -> TokenRefusal? {
        switch trust.kind {
        case .userPools:
            if scopes.isEmpty {
                guard token.use == .id else { return .tokenUse }
                return token.fitsAudience ? nil : .audience
            }
            guard token.use == .access else { return .tokenUse }
            return hasScope(token) ? nil : .scopes
        case .jwt:
            return scopes.isEmpty || hasScope(token) ? nil : .scopes
        }
    }

    private func hasScope(_ token: VerifiedToken) -> Bool {
        token.scopes.contains { held in scopes.contains { $0 == held } }
    }
}

extension TrustedIssuer {
    /// Whether `aud`, or `client_id` in its absence, is one of ours. Source: reference, 1.9 (6).
    func accepts(audienceOf claims: TokenClaims) -> Bool {
        guard !audiences.isEmpty else { return true }
        if let own = claims.audiences { return own.contains { audiences.contains($0) } }
        return claims.clientID.map { audiences.contains($0) } ?? false
    }
}
