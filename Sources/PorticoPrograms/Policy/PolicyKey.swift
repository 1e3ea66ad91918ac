/// A condition key that a policy may ask for, by its slot in a ``PolicyRequest``.
///
/// The table is all there is: a key that has no row is absent from every request.
///
/// *Source:* API Gateway guide, "AWS condition keys that can be used in API Gateway resource policies"; IAM guide,
/// "AWS global condition context keys".
public enum PolicyKey: UInt8, Sendable, CaseIterable {
    /// Address that the request came from.
    case sourceIP
    /// `User-Agent` header.
    case userAgent
    /// `Referer` header.
    case referer
    /// `true` when the request came by TLS.
    case secureTransport
    /// Time of the request in ISO 8601.
    case currentTime
    /// Time of the request in seconds since 1970.
    case epochTime
    /// VPC that the request came from (private APIs).
    case sourceVPC
    /// VPC endpoint that the request came by (private APIs).
    case sourceVPCEndpoint
    /// Address within the VPC (private APIs).
    case vpcSourceIP
    /// Resource on whose behalf a service calls.
    case sourceARN
    /// Account of that resource.
    case sourceAccount
    /// The caller's user or role; for a session of a role, the role.
    case principalARN
    /// The caller's account.
    case principalAccount
    /// Organization of the caller's account.
    case principalOrgID
    /// Paths of the caller's account in its organization; may have several values.
    case principalOrgPaths
    /// `Account`, `User`, `AssumedRole` or `FederatedUser`.
    case principalType
    /// The caller's unique id.
    case userID
    /// The caller's name, if it is a user.
    case userName
    /// When temporary credentials were issued.
    case tokenIssueTime
    /// Whether temporary credentials were issued with a second factor.
    case multiFactorAuthPresent
    /// Seconds since that.
    case multiFactorAuthAge
    /// Region that the request goes to.
    case requestedRegion
    /// Tags of the caller, each by its name. Last, so that those before are slots of one value list.
    case principalTag

    /// The name as AWS writes it; that of a tag goes on with the tag's name.
    public var name: String { Self.names[Int(rawValue)] }

    // ORDER OF KEYS: as the cases above.
    private static let names: [String] = [
        "aws:SourceIp", "aws:UserAgent", "aws:Referer", "aws:SecureTransport", "aws:CurrentTime", "aws:EpochTime",
        "aws:SourceVpc", "aws:SourceVpce", "aws:VpcSourceIp", "aws:SourceArn", "aws:SourceAccount", "aws:PrincipalArn",
        "aws:PrincipalAccount", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:PrincipalType", "aws:userid",
        "aws:username", "aws:TokenIssueTime", "aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge",
        "aws:RequestedRegion", "aws:PrincipalTag/",
    ]

    /// Number of keys without tags.
    static let slotCount = Int(PolicyKey.principalTag.rawValue)

    private static let byName: [String: PolicyKey] = Dictionary(
        uniqueKeysWithValues: allCases.map { ($0.name.lowercased(), $0) })

    /// All names, for suggestions.
    public static var allNames: [String] { names }

    /// Finds a key by its name, whose case does not matter; `tag` is the lower-case name of a tag.
    public static func find(_ name: String) -> (key: PolicyKey, tag: String)? {
        let name = name.lowercased()
        let prefix = "aws:principaltag/"
        if name.hasPrefix(prefix) {
            let tag = String(name.dropFirst(prefix.count))
            return tag.isEmpty ? nil : (.principalTag, tag)
        }
        return byName[name].map { ($0, "") }
    }
}

/// The keys that a program reads, so that a gateway fills no others.
public struct PolicyKeySet: Sendable, Hashable {
    private var bits: UInt64 = 0

    /// No keys.
    public init() {}

    /// Adds a key.
    public mutating func insert(_ key: PolicyKey) { bits |= 1 << UInt64(key.rawValue) }

    /// Adds the keys of another set.
    public mutating func formUnion(_ other: PolicyKeySet) { bits |= other.bits }

    /// Whether the key is among them; for tags, whether any tag is.
    public func contains(_ key: PolicyKey) -> Bool { bits & (1 << UInt64(key.rawValue)) != 0 }

    /// Whether there are none.
    public var isEmpty: Bool { bits == 0 }
}
