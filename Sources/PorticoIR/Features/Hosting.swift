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
