// Hot: once per variable that a program reads. Allocates: nothing once the worker's scratch memory has grown.

/// `$context` variables, the one table of them: templates, mappings, gateway responses and, later, access logs read it
/// by slot, which is the raw value.
///
/// Source: API Gateway guide, "$context variables for data models, authorizers, mapping templates, and CloudWatch
/// access logging". Variables of features that are not executed yet are absent, as they are on AWS when the feature is
/// off.
enum ContextVariable: UInt16, CaseIterable, Sendable {
    case resourceId
    case resourcePath
    case httpMethod
    case extendedRequestId
    case requestTime
    case path
    case accountId
    case `protocol`
    case stage
    case domainPrefix
    case requestTimeEpoch
    case requestId
    case domainName
    case deploymentId
    case apiId
    case errorMessage
    case errorMessageString
    case errorResponseType
    case errorValidationErrorString
    case identitySourceIp
    case identityUserAgent
    case identityAccountId
    case identityApiKey
    case identityApiKeyId
    case identityCaller
    case identityCognitoAuthenticationProvider
    case identityCognitoAuthenticationType
    case identityCognitoIdentityId
    case identityCognitoIdentityPoolId
    case identityPrincipalOrgId
    case identityUser
    case identityUserArn
    case identityVpcId
    case identityVpceId
    case isCanaryRequest
    case awsEndpointRequestId
    case wafResponseCode
    case webaclArn
    case authorizerPrincipalId
    case identityAccessKey
    case clientCertPem
    case clientCertSubjectDN
    case clientCertIssuerDN
    case clientCertSerialNumber
    case clientCertNotBefore
    case clientCertNotAfter
    case connectionId
    case connectedAt
    case eventType
    case messageDirection
    case messageId
    case routeKey
    case disconnectStatusCode
    case disconnectReason

    /// Name without `$context.`.
    var name: String {
        switch self {
        case .resourceId: "resourceId"
        case .resourcePath: "resourcePath"
        case .httpMethod: "httpMethod"
        case .extendedRequestId: "extendedRequestId"
        case .requestTime: "requestTime"
        case .path: "path"
        case .accountId: "accountId"
        case .protocol: "protocol"
        case .stage: "stage"
        case .domainPrefix: "domainPrefix"
        case .requestTimeEpoch: "requestTimeEpoch"
        case .requestId: "requestId"
        case .domainName: "domainName"
        case .deploymentId: "deploymentId"
        case .apiId: "apiId"
        case .errorMessage: "error.message"
        case .errorMessageString: "error.messageString"
        case .errorResponseType: "error.responseType"
        case .errorValidationErrorString: "error.validationErrorString"
        case .identitySourceIp: "identity.sourceIp"
        case .identityUserAgent: "identity.userAgent"
        case .identityAccountId: "identity.accountId"
        case .identityApiKey: "identity.apiKey"
        case .identityApiKeyId: "identity.apiKeyId"
        case .identityCaller: "identity.caller"
        case .identityCognitoAuthenticationProvider: "identity.cognitoAuthenticationProvider"
        case .identityCognitoAuthenticationType: "identity.cognitoAuthenticationType"
        case .identityCognitoIdentityId: "identity.cognitoIdentityId"
        case .identityCognitoIdentityPoolId: "identity.cognitoIdentityPoolId"
        case .identityPrincipalOrgId: "identity.principalOrgId"
        case .identityUser: "identity.user"
        case .identityUserArn: "identity.userArn"
        case .identityVpcId: "identity.vpcId"
        case .identityVpceId: "identity.vpceId"
        case .isCanaryRequest: "isCanaryRequest"
        case .awsEndpointRequestId: "awsEndpointRequestId"
        case .wafResponseCode: "wafResponseCode"
        case .webaclArn: "webaclArn"
        case .authorizerPrincipalId: "authorizer.principalId"
        case .identityAccessKey: "identity.accessKey"
        case .clientCertPem: "identity.clientCert.clientCertPem"
        case .clientCertSubjectDN: "identity.clientCert.subjectDN"
        case .clientCertIssuerDN: "identity.clientCert.issuerDN"
        case .clientCertSerialNumber: "identity.clientCert.serialNumber"
        case .clientCertNotBefore: "identity.clientCert.validity.notBefore"
        case .clientCertNotAfter: "identity.clientCert.validity.notAfter"
        case .connectionId: "connectionId"
        case .connectedAt: "connectedAt"
        case .eventType: "eventType"
        case .messageDirection: "messageDirection"
        case .messageId: "messageId"
        case .routeKey: "routeKey"
        case .disconnectStatusCode: "disconnectStatusCode"
        case .disconnectReason: "disconnectReason"
        }
    }

    /// Names by slot, for ``SymbolTable``.
    static let names = allCases.map(\.name)

    /// Slot by name, for passes.
    static func slot(named name: String) -> Int? { names.firstIndex(of: name) }
}
