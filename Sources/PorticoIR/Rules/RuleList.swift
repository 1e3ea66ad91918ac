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
    /// The rules for a kind of API.
    static func rules(of kind: APIProtocol) -> [any Rule.Type] {
        switch kind {
        case .rest: all
        case .http: http
        case .webSocket: webSocket
        }
    }

    /// Rules of REST APIs.
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

    /// Rules of WebSocket APIs.
    static let webSocket: [any Rule.Type] = [
        OperationNameRule.self,
        ModelNameRule.self,
        IntegrationURIRule.self,
        StageVariableRule.self,
        VPCLinkRule.self,
        LambdaURIRule.self,
        CredentialsRule.self,
        MappingDestinationRule.self,
        WebSocketSourceRule.self,
        URIPlaceholderRule.self,
        RefusedHeaderRule.self,
        ProxyMappingRule.self,
        DomainNameRule.self,
        RouteSettingRule.self,
        ClientCertificateRule.self,
        APIKeyRule.self,
        UsagePlanRule.self,
        LimitsRule.self,
    ]

    /// Rules of HTTP APIs.
    static let http: [any Rule.Type] = [
        PathSyntaxRule.self,
        RouteKeyRule.self,
        OperationNameRule.self,
        RouteIntegrationRule.self,
        CredentialsRule.self,
        StageVariableRule.self,
        CORSRule.self,
        DomainNameRule.self,
        RouteSettingRule.self,
        HTTPAPILimitsRule.self,
    ]
}

extension APIDescription {
    /// Calls `body` for each method with its resource. Routes of a WebSocket API count as methods.
    func forEachMethod(_ body: (Resource, Method) -> Void) {
        for resource in resources {
            for method in resource.methods { body(resource, method) }
        }
        for method in webSocket?.methods ?? [] { body(Resource(path: Located("", at: method.verb.span)), method) }
    }

    /// Calls `body` for each integration with its method.
    func forEachIntegration(_ body: (Method, Integration) -> Void) {
        forEachMethod { _, method in
            if let integration = method.integration { body(method, integration) }
        }
    }
}

extension WebSocketAPI {
    /// Routes as methods, for what is said of both alike. Whoever connects is the caller of every message.
    var methods: [Method] {
        let connecting = routes.first { $0.routeKey.value == "$connect" }?.authorization ?? Located(.none)
        return routes.map { route in
            var method = Method(verb: Located(.any, at: route.routeKey.span))
            method.operationName = route.operationName
            method.authorization = connecting
            method.apiKeyRequired = route.apiKeyRequired
            method.requestParameters = route.requestParameters
            method.integration = route.integration
            return method
        }
    }
}
