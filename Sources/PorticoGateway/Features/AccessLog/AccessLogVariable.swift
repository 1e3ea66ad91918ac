// Hot: no, a table. Allocates: nothing once per request.

/// `$context` variables that access logs have and templates have not, the one table of them. Those that both have are in
/// ``ContextVariable``.
///
/// *Source:* reference, "$context" (6.7) and "Access logs" of HTTP APIs (1.15); API Gateway guide, "Variables for access
/// logging". Variables of features that are not executed yet are absent.
enum AccessLogVariable: UInt8, CaseIterable, Sendable {
    /// Status that the client got.
    case status
    /// Bytes of the answer's body.
    case responseLength
    /// Milliseconds from the request's first byte to the end of its answer.
    case responseLatency
    /// Milliseconds that the backend took.
    case integrationLatency
    /// Status that the backend answered; of Lambda proxies that of the call of Lambda.
    case integrationStatus
    /// What went wrong with the backend.
    case integrationErrorMessage
    case integrationError
    /// The same as ``integrationStatus``.
    case integrationIntegrationStatus
    /// The same as ``integrationLatency``.
    case integrationLatencyMember
    /// The id that the backend gave to the call.
    case integrationRequestID
    /// Status that the backend means; of Lambda proxies the function's `statusCode`.
    case integrationStatusMember
    /// Root of the trace.
    case xrayTraceID
    case customDomainBasePathMatched
    case endpointType
    case authorizeError
    case authorizeLatency
    case authorizeStatus
    case authorizerError
    case authorizerIntegrationLatency
    case authorizerIntegrationStatus
    case authorizerLatency
    case authorizerRequestID
    case authorizerStatus
    case authenticateError
    case authenticateLatency
    case authenticateStatus
    case wafError
    case wafLatency
    case wafStatus
    /// Bytes of request and answer together, of HTTP APIs.
    case dataProcessed
    case awsEndpointRequestID2

    /// Name without `$context.`.
    var name: String {
        switch self {
        case .status: "status"
        case .responseLength: "responseLength"
        case .responseLatency: "responseLatency"
        case .integrationLatency: "integrationLatency"
        case .integrationStatus: "integrationStatus"
        case .integrationErrorMessage: "integrationErrorMessage"
        case .integrationError: "integration.error"
        case .integrationIntegrationStatus: "integration.integrationStatus"
        case .integrationLatencyMember: "integration.latency"
        case .integrationRequestID: "integration.requestId"
        case .integrationStatusMember: "integration.status"
        case .xrayTraceID: "xrayTraceId"
        case .customDomainBasePathMatched: "customDomain.basePathMatched"
        case .endpointType: "endpointType"
        case .authorizeError: "authorize.error"
        case .authorizeLatency: "authorize.latency"
        case .authorizeStatus: "authorize.status"
        case .authorizerError: "authorizer.error"
        case .authorizerIntegrationLatency: "authorizer.integrationLatency"
        case .authorizerIntegrationStatus: "authorizer.integrationStatus"
        case .authorizerLatency: "authorizer.latency"
        case .authorizerRequestID: "authorizer.requestId"
        case .authorizerStatus: "authorizer.status"
        case .authenticateError: "authenticate.error"
        case .authenticateLatency: "authenticate.latency"
        case .authenticateStatus: "authenticate.status"
        case .wafError: "waf.error"
        case .wafLatency: "waf.latency"
        case .wafStatus: "waf.status"
        case .dataProcessed: "dataProcessed"
        case .awsEndpointRequestID2: "awsEndpointRequestId2"
        }
    }

    /// By name.
    static let byName: [String: AccessLogVariable] = Dictionary(
        uniqueKeysWithValues: allCases.map { ($0.name, $0) })
}
