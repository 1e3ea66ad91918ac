public import PorticoSyntax

/// One entry of `x-portico-domain-names`: a custom domain name.
///
/// *Source:* API Gateway guide, "Custom domain names"; members have the names of API reference, `DomainName`.
public struct DomainName: Sendable, Hashable {
    /// Host name in lower case; `*.example.com` stands for every name of one label more.
    public var name: Located<String>
    /// PEM file of the certificate and its chain, relative to the document; `nil` leaves TLS to whoever is in front.
    public var certificate: Located<String>?
    /// PEM file of the private key.
    public var privateKey: Located<String>?
    /// PEM file of the certificate authorities whose clients are let in; `nil` asks no client for a certificate.
    public var truststore: Located<String>?
    /// Which versions and ciphers are offered.
    public var securityPolicy: Located<SecurityPolicy>?
    /// Whether TLS has to name the very host that the request names.
    public var endpointAccessMode: Located<EndpointAccessMode>?
    /// Who chooses the stage: mappings, rules, or rules first.
    public var routingMode = RoutingMode.basePathMappingOnly
    /// Which base path leads to which stage.
    public var basePathMappings: [BasePathMapping] = []
    /// Rules by priority, lowest first.
    public var routingRules: [RoutingRule] = []
    /// All members as read, for export.
    public var settings: JSONValue

    /// Makes a domain name without mappings.
    public init(name: Located<String>, settings: JSONValue) {
        self.name = name
        self.settings = settings
    }
}

/// What a base path of a domain leads to.
public struct BasePathMapping: Sendable, Hashable {
    /// Without slashes at its ends; empty catches what no other mapping does.
    public var basePath: Located<String>
    /// `nil` takes the stage from the next segment of the path.
    public var stage: Located<String>?

    /// Makes a mapping.
    public init(basePath: Located<String>, stage: Located<String>?) {
        self.basePath = basePath
        self.stage = stage
    }
}

/// A routing rule of a domain name: a request that fulfils all conditions goes to the stage.
///
/// *Source:* API Gateway guide, "Routing rules to connect API stages to a custom domain name for REST APIs".
public struct RoutingRule: Sendable, Hashable {
    /// 1 to 1,000,000; the rule with the lowest number wins.
    public var priority: Located<Int>
    /// Each is fulfilled by any of its headers; all must be.
    public var headerConditions: [[RoutingHeader]]
    /// Any of these base paths, without slashes at their ends; `nil` for any path.
    public var basePaths: [String]?
    /// Where the request goes.
    public var stage: Located<String>
    /// Whether the base path is taken off before the API's paths are looked at.
    public var stripsBasePath: Bool

    /// Makes a rule.
    public init(
        priority: Located<Int>, headerConditions: [[RoutingHeader]], basePaths: [String]?, stage: Located<String>,
        stripsBasePath: Bool
    ) {
        self.priority = priority
        self.headerConditions = headerConditions
        self.basePaths = basePaths
        self.stage = stage
        self.stripsBasePath = stripsBasePath
    }
}

/// A header that a routing rule asks for.
public struct RoutingHeader: Sendable, Hashable {
    /// Name in lower case.
    public var name: String
    /// `text`, `text*`, `*text`, `*text*` or `*`; the case of letters counts.
    public var valueGlob: String

    /// Makes a condition on one header.
    public init(name: String, valueGlob: String) {
        self.name = name
        self.valueGlob = valueGlob
    }
}

/// Who chooses the stage of a request that came by a domain name.
public enum RoutingMode: String, Sendable, CaseIterable {
    /// Base path mappings.
    case basePathMappingOnly = "BASE_PATH_MAPPING_ONLY"
    /// Routing rules.
    case routingRuleOnly = "ROUTING_RULE_ONLY"
    /// Routing rules, and base path mappings where none applies.
    case routingRuleThenBasePathMapping = "ROUTING_RULE_THEN_BASE_PATH_MAPPING"
    /// The first, as the API of version 2 names it.
    case apiMappingOnly = "API_MAPPING_ONLY"
    /// The third, as the API of version 2 names it.
    case routingRuleThenAPIMapping = "ROUTING_RULE_THEN_API_MAPPING"

    /// Whether rules are looked at.
    public var usesRules: Bool { self != .basePathMappingOnly && self != .apiMappingOnly }
    /// Whether mappings are looked at.
    public var usesMappings: Bool { self != .routingRuleOnly }
}

/// Whether TLS has to name the host that the request names. *Source:* API reference, `endpointAccessMode`.
public enum EndpointAccessMode: String, Sendable, CaseIterable {
    /// It need not.
    case basic = "BASIC"
    /// A request whose `Host` is not the server name of its connection is refused.
    case strict = "STRICT"
}

/// A TLS security policy: lowest version and ciphers.
///
/// *Source:* API Gateway guide, "Supported security policies"; service model, `SecurityPolicy`.
public enum SecurityPolicy: String, Sendable, CaseIterable {
    // Before the older one, so that it is the word that is proposed for a mistaken one.
    case tls12 = "TLS_1_2"
    case tls10 = "TLS_1_0"
    case tls13 = "SecurityPolicy_TLS13_1_3_2025_09"
    case tls13FIPS = "SecurityPolicy_TLS13_1_3_FIPS_2025_09"
    case tls13And12PFSPQ = "SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09"
    case tls13And12FIPSPQ = "SecurityPolicy_TLS13_1_2_FIPS_PQ_2025_09"
    case tls13And12FIPSPFSPQ = "SecurityPolicy_TLS13_1_2_FIPS_PFS_PQ_2025_09"
    case tls13And12PQ = "SecurityPolicy_TLS13_1_2_PQ_2025_09"
    case tls13And12 = "SecurityPolicy_TLS13_1_2_2021_06"
    case edge13 = "SecurityPolicy_TLS13_2025_EDGE"
    case edge12PFS = "SecurityPolicy_TLS12_PFS_2025_EDGE"
    case edge12 = "SecurityPolicy_TLS12_2018_EDGE"

    /// Lowest version of TLS that is spoken.
    public enum Version: UInt8, Sendable {
        case tls10 = 10
        case tls12 = 12
        case tls13 = 13
    }

    /// Lowest version of TLS that is spoken.
    public var minimumVersion: Version {
        switch self {
        case .tls10: .tls10
        case .tls13, .tls13FIPS, .edge13: .tls13
        default: .tls12
        }
    }

    /// Whether only key exchanges with forward secrecy are offered.
    public var needsForwardSecrecy: Bool {
        switch self {
        case .tls13And12PFSPQ, .tls13And12FIPSPFSPQ, .edge12PFS: true
        default: minimumVersion == .tls13
        }
    }

    /// Whether it is one of those that need an endpoint access mode, and that mutual TLS cannot have.
    public var isEnhanced: Bool { self != .tls10 && self != .tls12 }

    /// Whether its name promises a FIPS module.
    public var isFIPS: Bool {
        switch self {
        case .tls13FIPS, .tls13And12FIPSPQ, .tls13And12FIPSPFSPQ: true
        default: false
        }
    }
}
