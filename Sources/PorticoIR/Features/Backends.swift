public import PorticoSyntax

/// One entry of `x-portico-vpc-links`: the hosts behind a VPC link or a load balancer's listener.
public struct VPCLink: Sendable, Hashable {
    /// VPC link id, or ARN of a load balancer or listener, as `connectionId` or `integrationTarget` has it.
    public var name: Located<String>
    /// Hosts, each `host`, `host:port`, or an http or https URL without path. Without scheme and port they are those of
    /// the integration's `uri`.
    public var targets: [Located<String>]
    /// How hosts are found fit to be called; `nil` calls all of them.
    public var healthCheck: HealthCheck?
    /// The members as read, for exports.
    public var settings: JSONValue

    /// Makes a link.
    public init(
        name: Located<String>, targets: [Located<String>], healthCheck: HealthCheck? = nil, settings: JSONValue = .null
    ) {
        self.name = name
        self.targets = targets
        self.healthCheck = healthCheck
        self.settings = settings
    }
}

/// How hosts behind a VPC link are checked. Names and defaults are those of an Application Load Balancer's target group,
/// except that hosts are asked for a path only if one is named.
public struct HealthCheck: Sendable, Hashable {
    /// `healthCheckPath`: what is asked with GET; empty checks only that a connection can be made.
    public var path = ""
    /// `healthCheckIntervalSeconds`: 1...300.
    public var intervalSeconds = 30
    /// `healthCheckTimeoutSeconds`: 1...120.
    public var timeoutSeconds = 5
    /// `healthyThresholdCount`: successes in a row that make a host healthy, 1...10.
    public var healthyThreshold = 5
    /// `unhealthyThresholdCount`: failures in a row that make a host unhealthy, 1...10.
    public var unhealthyThreshold = 2
    /// `matcher`: statuses that count as a success, such as `200`, `200-399` or `200,302`; never empty.
    public var successStatuses: [ClosedRange<Int>] = [200...200]

    /// Makes the default check.
    public init() {}
}

/// One entry of `x-portico-identities`: keys that Portico signs with, or that callers sign with.
public struct Identity: Sendable, Hashable {
    /// Name within the document.
    public var name: Located<String>
    /// ARN of the role or user that it stands for, as `credentials` of an integration names it.
    public var arn: Located<String>?
    /// Access key id, or `${env.NAME}`.
    public var accessKeyID: String
    /// Secret access key, or `${env.NAME}`.
    public var secretAccessKey: String
    /// Session token, or `${env.NAME}`.
    public var sessionToken: String?
    /// Account that the identity belongs to; twelve digits.
    public var accountID: String?
    /// What it may do when it signs requests.
    public var policies: [PolicyDocument]
    /// The members as read, for exports.
    public var settings: JSONValue

    /// Makes an identity.
    public init(
        name: Located<String>, arn: Located<String>? = nil, accessKeyID: String, secretAccessKey: String,
        sessionToken: String? = nil, accountID: String? = nil, policies: [PolicyDocument] = [],
        settings: JSONValue = .null
    ) {
        self.name = name
        self.arn = arn
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.accountID = accountID
        self.policies = policies
        self.settings = settings
    }
}

/// An entry of `x-portico-identities` with `endpoint`: a service that knows the identities of further access keys.
public struct IdentityEndpoint: Sendable, Hashable {
    /// Name within the document.
    public var name: Located<String>
    /// Absolute https URL, or http on this machine; may have a query.
    public var address: Located<String>
    /// `ttl`: how long an answer is used, 0...3600.
    public var timeToLiveSeconds = 300
    /// `timeoutInMillis`: 50...10,000.
    public var timeoutMilliseconds = 1500
    /// `authorization`: what it is asked with in the `Authorization` header, or `${env.NAME}`.
    public var authorization: String?
    /// The members as read, for exports.
    public var settings: JSONValue

    /// Makes an endpoint.
    public init(name: Located<String>, address: Located<String>, settings: JSONValue = .null) {
        self.name = name
        self.address = address
        self.settings = settings
    }
}

/// One entry of `x-portico-client-certificates`: what a stage's `clientCertificateId` stands for.
public struct ClientCertificate: Sendable, Hashable {
    /// Client certificate id.
    public var name: Located<String>
    /// PEM file of the certificate chain, relative to the spec's directory.
    public var certificate: Located<String>
    /// PEM file of the private key, relative to the spec's directory.
    public var privateKey: Located<String>

    /// Makes a certificate.
    public init(name: Located<String>, certificate: Located<String>, privateKey: Located<String>) {
        self.name = name
        self.certificate = certificate
        self.privateKey = privateKey
    }
}
