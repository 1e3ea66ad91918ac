internal import PorticoSyntax

/// One structural check of a description. What needs a program (templates, patterns, expressions, models) is checked by
/// the passes that compile it.
protocol Rule: Sendable {
    /// What the rule insists on, in one sentence.
    static var documentation: String { get }
    /// What there is to say about an API.
    static func check(_ api: APIDescription) -> [Diagnostic]
}

/// Every rule; import runs them in this order.
enum RuleList {
    static let all: [any Rule.Type] = [
        PathSyntaxRule.self,
        RouteClashRule.self,
        OperationNameRule.self,
        RequestValidatorRule.self,
        ModelNameRule.self,
        IntegrationURIRule.self,
        StageVariableRule.self,
        VPCLinkRule.self,
        StreamingRule.self,
        LambdaURIRule.self,
        CredentialsRule.self,
        MappingDestinationRule.self,
        UndeclaredSourceRule.self,
        URIPlaceholderRule.self,
        RefusedHeaderRule.self,
        IntegrationResponseRule.self,
        ProxyMappingRule.self,
        CacheKeyRule.self,
        GatewayResponseRule.self,
        EndpointRule.self,
        DomainNameRule.self,
        MethodSettingRule.self,
        ClientCertificateRule.self,
        UserPoolRule.self,
        APIKeyRule.self,
        UsagePlanRule.self,
        LimitsRule.self,
    ]
}

extension APIDescription {
    /// Calls `body` for each method with its resource.
    func forEachMethod(_ body: (Resource, Method) -> Void) {
        for resource in resources {
            for method in resource.methods { body(resource, method) }
        }
    }

    /// Calls `body` for each integration with its method.
    func forEachIntegration(_ body: (Method, Integration) -> Void) {
        for resource in resources {
            for method in resource.methods {
                if let integration = method.integration { body(method, integration) }
            }
        }
    }
}
