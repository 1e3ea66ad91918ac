internal import PorticoIR

/// What a snapshot knows of a custom domain name. Certificates stay references to files.
struct DomainEntry: Sendable, Hashable {
    /// Lower case; begins with `*.` if it stands for many.
    var name: String
    /// PEM files, relative to the document; `nil` without TLS of its own.
    var certificate: String?
    var privateKey: String?
    /// PEM file of authorities; `nil` if clients need no certificate.
    var truststore: String?
    var tls: TLSPolicyEntry
    var usesRules: Bool
    var usesMappings: Bool
    /// Longest base path first.
    var mappings: [BasePathMappingEntry]
    /// By priority, lowest number first.
    var rules: [RoutingRuleEntry]

    var isWildcard: Bool { name.hasPrefix("*.") }
}

/// Versions and ciphers that are spoken.
struct TLSPolicyEntry: Sendable, Hashable {
    var minimumVersion: SecurityPolicy.Version = .tls12
    /// Whether only key exchanges with forward secrecy are offered.
    var needsForwardSecrecy = false
    /// Whether TLS has to name the host of the request.
    var isStrict = false
}

/// What a base path leads to.
struct BasePathMappingEntry: Sendable, Hashable {
    /// Without slashes at its ends.
    var basePath: String
    /// `nil` takes the next segment.
    var stage: String?
}

/// A routing rule.
struct RoutingRuleEntry: Sendable, Hashable {
    var priority: Int
    var headerConditions: [[RoutingHeader]]
    /// Longest first; `nil` for any.
    var basePaths: [String]?
    var stage: String
    var stripsBasePath: Bool
}

/// What a snapshot knows of the hosts that its API is reached by.
struct SnapshotHosts: Sendable, Hashable {
    var domains: [DomainEntry] = []
    /// Whether requests come by domain names only.
    var isDefaultEndpointDisabled = false
    /// TLS of requests that name none of the domains; `nil` leaves it as the domain has it whose certificate is shown.
    var defaultTLS: TLSPolicyEntry?
}
