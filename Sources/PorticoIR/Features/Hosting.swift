public import PorticoSyntax

/// `x-amazon-apigateway-endpoint-configuration`
public struct EndpointConfiguration: Sendable, Hashable {
    /// Whether the default `execute-api` host is off.
    public var disableExecuteAPIEndpoint: Located<Bool>?
    /// VPC endpoint ids (PRIVATE only).
    public var vpcEndpointIDs: [Located<String>] = []

    /// Makes the default configuration.
    public init() {}
}

/// One entry of `x-portico-domain-names`; members as read.
public struct DomainName: Sendable, Hashable {
    /// Host name.
    public var name: Located<String>
    /// `certificate`, `privateKey`, `mutualTlsAuthentication`, `basePathMappings` and others as read.
    public var settings: JSONValue

    /// Makes a domain name.
    public init(name: Located<String>, settings: JSONValue) {
        self.name = name
        self.settings = settings
    }
}
