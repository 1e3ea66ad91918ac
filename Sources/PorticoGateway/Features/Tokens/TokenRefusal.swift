internal import PorticoPrograms

/// Why a token is not taken. Answers do not tell more than API Gateway's do; the log does.
///
/// *Source:* reference, "JWT authorizer" (1.9) and "Cognito user pools" (3.5).
enum TokenRefusal: Error, Hashable, CaseIterable {
    /// There is none where it should be.
    case missing
    /// No compact JWS with a claims object, or beyond the limits.
    case malformed
    /// An extension that must be understood, compression or encryption.
    case unsupportedHeader
    /// `alg` is `none`, has a shared secret, is not allowed, or does not fit the key.
    case algorithm
    /// `kid` is missing or names no key.
    case unknownKey
    /// The keys of the issuer cannot be had.
    case keysUnavailable
    case signature
    case issuer
    case audience
    case expired
    /// `nbf` or `iat` is still to come.
    case notYetValid
    /// An access token where an ID token is wanted, or the other way round.
    case tokenUse
    /// None of the wanted scopes.
    case scopes

    /// A clause for the log.
    var text: String {
        switch self {
        case .missing: "there is no token"
        case .malformed: "the token is no signed JWT"
        case .unsupportedHeader: "the token's header asks for something that is not supported"
        case .algorithm: "the token is signed with an algorithm that is not accepted"
        case .unknownKey: "the token names no key of its issuer"
        case .keysUnavailable: "the keys of the token's issuer cannot be had"
        case .signature: "the signature is wrong"
        case .issuer: "the issuer is not trusted here"
        case .audience: "the audience is another"
        case .expired: "the token has expired"
        case .notYetValid: "the token is not valid yet"
        case .tokenUse:
            "the token is of the other kind: ID tokens are for methods without scopes, access tokens for others"
        case .scopes: "the token has none of the method's scopes"
        }
    }

    /// Text of the answer of a REST API, which is 401 UNAUTHORIZED whatever is wrong.
    var restMessage: StaticString {
        // Unconfirmed: the text of expired tokens.
        self == .expired ? "The incoming token has expired" : "Unauthorized"
    }

    /// Status of the answer of an HTTP API.
    var httpStatus: Int { self == .scopes ? 403 : 401 }

    /// `error_description`. Observed: that of the audience. Unconfirmed: all others.
    private var description: StaticString {
        switch self {
        case .missing: ""
        case .malformed, .unsupportedHeader, .tokenUse: "the token is malformed"
        case .algorithm: "the token has an unsupported signing method"
        case .unknownKey, .keysUnavailable: "unable to find a signing key that matches the token"
        case .signature: "signature is invalid"
        case .issuer: "the token has an invalid issuer"
        case .audience: "the token does not have a valid audience"
        case .expired: "the token has expired"
        case .notYetValid: "the token is not valid yet"
        case .scopes: "the token does not have any of the required scopes"
        }
    }

    /// Appends the value of `www-authenticate` of an HTTP API whose route wants `scopes`. There are no commas in it.
    func appendChallenge(scopes: [[UInt8]], into output: OutputBuffer) {
        output.append("Bearer")
        guard self != .missing else { return }
        output.append(" scope=\"")
        for (index, scope) in scopes.enumerated() {
            if index > 0 { output.append(0x20) }
            // What would end the text early is no character of a scope. Source: RFC 6749, 3.3.
            for byte in scope where byte > 0x20 && byte < 0x7F && byte != 0x22 && byte != 0x5C { output.append(byte) }
        }
        output.append(self == .scopes ? "\" error=\"insufficient_scope\"" : "\" error=\"invalid_token\"")
        output.append(" error_description=\"")
        output.append(description)
        output.append(0x22)
    }
}
