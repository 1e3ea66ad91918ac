public import PorticoSyntax

/// One entry of `x-portico-identity-providers`: who signs tokens, and where the keys are.
public struct IdentityProvider: Sendable, Hashable {
    /// Where the keys are, if the issuer is not asked for them.
    public enum Keys: Sendable, Hashable {
        /// A file with a JSON Web Key Set, relative to the spec's directory.
        case file(String)
        /// The key set itself.
        case inline(JSONValue)
    }

    /// Name within the document.
    public var name: Located<String>
    /// `issuer`: what `iss` of its tokens must be, byte for byte; a slash at its end counts.
    public var issuer: Located<String>
    /// `providerArns`: the user pools that it stands for.
    public var providerARNs: [Located<String>] = []
    /// `jwksUri`: the address of the key set; `nil` asks `{issuer}/.well-known/openid-configuration` for it.
    public var jwksURI: Located<String>?
    /// `jwks`: the key set, for tests without network. Its issuer is never asked then.
    public var keys: Located<Keys>?
    /// `algorithms`: those that its tokens may be signed with; empty for all of ``TokenAlgorithm``, and for those of RSA in
    /// JWT authorizers, which know no others.
    public var algorithms: [Located<TokenAlgorithm>] = []
    /// `audiences`: values of which `aud` (or `client_id`, where there is no `aud`) must hold one; empty for any.
    public var audiences: [Located<String>] = []
    /// The members as read, for exports.
    public var settings: JSONValue

    /// Makes a provider whose issuer tells everything.
    public init(name: Located<String>, issuer: Located<String>, settings: JSONValue = .null) {
        self.name = name
        self.issuer = issuer
        self.settings = settings
    }
}

/// Signature algorithms of tokens. All are public-key ones: `none` and `HS256` and its like are not among them, so that
/// nobody who knows a public key can sign.
///
/// *Source:* RFC 7518, 3.1.
public enum TokenAlgorithm: String, Sendable, Hashable, CaseIterable {
    /// RSASSA-PKCS1-v1_5 with SHA-256
    case rs256 = "RS256"
    /// RSASSA-PKCS1-v1_5 with SHA-384
    case rs384 = "RS384"
    /// RSASSA-PKCS1-v1_5 with SHA-512
    case rs512 = "RS512"
    /// RSASSA-PSS with SHA-256
    case ps256 = "PS256"
    /// RSASSA-PSS with SHA-384
    case ps384 = "PS384"
    /// RSASSA-PSS with SHA-512
    case ps512 = "PS512"
    /// ECDSA on P-256 with SHA-256
    case es256 = "ES256"
    /// ECDSA on P-384 with SHA-384
    case es384 = "ES384"
    /// ECDSA on P-521 with SHA-512
    case es512 = "ES512"

    /// Whether an RSA key makes it.
    public var isRSA: Bool {
        switch self {
        case .rs256, .rs384, .rs512, .ps256, .ps384, .ps512: true
        case .es256, .es384, .es512: false
        }
    }
}

/// `arn:PARTITION:cognito-idp:REGION:ACCOUNT:userpool/POOL`.
public struct UserPoolARN: Sendable, Hashable {
    /// Region of the pool.
    public let region: String
    /// Pool id, such as `us-east-1_AbCdEf123`.
    public let poolID: String
    private let partition: String

    /// Parses; `nil` for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[1].hasPrefix("aws"), ASCII.consists(String(parts[1]), of: "-"),
            parts[2] == "cognito-idp", ASCII.consists(String(parts[3]), of: "-"),
            ASCII.consists(String(parts[4]), of: ""), parts[5].hasPrefix("userpool/")
        else { return nil }
        let pool = String(parts[5].dropFirst("userpool/".count))
        guard ASCII.consists(pool, of: "-_") else { return nil }
        partition = String(parts[1])
        region = String(parts[3])
        poolID = pool
    }

    /// `iss` of the pool's tokens. Source: Cognito guide, "Verifying JSON web tokens".
    public var issuer: String {
        "https://cognito-idp.\(region).\(partition == "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com")/\(poolID)"
    }
}

/// The address of an issuer or of a key set in its parts: https, or http on this machine only.
///
/// Keys that come over plain HTTP from elsewhere are whatever the network between says they are.
public struct TokenAddress: Sendable, Hashable {
    /// Whether it is called by TLS.
    public let isSecure: Bool
    /// Name or address; without the brackets of an IPv6 address.
    public let host: String
    /// Port; the usual one of the scheme unless it is written.
    public let port: Int
    /// Path and query as written: empty, or begins with `/`.
    public let path: String

    /// Parses an absolute https URL (http if the host is this machine) of visible ASCII characters, without user,
    /// fragment or, unless `allowsQuery`, query.
    public init?(_ text: String, allowsQuery: Bool = false) {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x5C && $0 != 0x22 }) else { return nil }
        let scheme: String
        if text.hasPrefix("https://") {
            scheme = "https://"
        } else if text.hasPrefix("http://") {
            scheme = "http://"
        } else {
            return nil
        }
        let rest = text.dropFirst(scheme.count)
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        guard let authority = VPCLinkTarget(scheme + rest[..<end]) else { return nil }
        path = String(rest[end...])
        guard path.isEmpty || path.hasPrefix("/"), !path.contains("#"), allowsQuery || !path.contains("?") else {
            return nil
        }
        isSecure = scheme == "https://"
        host = authority.host
        port = authority.port ?? (isSecure ? 443 : 80)
        guard isSecure || isLoopback else { return nil }
    }

    /// Whether the host is this machine.
    public var isLoopback: Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
