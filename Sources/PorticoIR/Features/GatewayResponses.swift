/// Types of answer that the gateway makes itself, in the order of the AWS table "Gateway response types".
///
/// This is the one table of them: importer, runtime, docs and tests read it.
public enum GatewayResponseType: String, Sendable, Hashable, CaseIterable {
    case accessDenied = "ACCESS_DENIED"
    case apiConfigurationError = "API_CONFIGURATION_ERROR"
    case authorizerConfigurationError = "AUTHORIZER_CONFIGURATION_ERROR"
    case authorizerFailure = "AUTHORIZER_FAILURE"
    case badRequestBody = "BAD_REQUEST_BODY"
    case badRequestParameters = "BAD_REQUEST_PARAMETERS"
    case default4XX = "DEFAULT_4XX"
    case default5XX = "DEFAULT_5XX"
    case expiredToken = "EXPIRED_TOKEN"
    case integrationFailure = "INTEGRATION_FAILURE"
    case integrationTimeout = "INTEGRATION_TIMEOUT"
    case invalidAPIKey = "INVALID_API_KEY"
    case invalidSignature = "INVALID_SIGNATURE"
    case missingAuthenticationToken = "MISSING_AUTHENTICATION_TOKEN"
    case quotaExceeded = "QUOTA_EXCEEDED"
    case requestTooLarge = "REQUEST_TOO_LARGE"
    case resourceNotFound = "RESOURCE_NOT_FOUND"
    case throttled = "THROTTLED"
    case unauthorized = "UNAUTHORIZED"
    case unsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE"
    case wafFiltered = "WAF_FILTERED"

    /// Status that the type has of itself; `nil` for the two defaults.
    /// Source: reference "Gateway responses".
    public var defaultStatus: Int? {
        switch self {
        case .default4XX, .default5XX: nil
        case .badRequestBody, .badRequestParameters: 400
        case .unauthorized: 401
        case .accessDenied, .expiredToken, .invalidAPIKey, .invalidSignature, .missingAuthenticationToken, .wafFiltered:
            403
        case .resourceNotFound: 404
        case .requestTooLarge: 413
        case .unsupportedMediaType: 415
        case .quotaExceeded, .throttled: 429
        case .apiConfigurationError, .authorizerConfigurationError, .authorizerFailure: 500
        case .integrationFailure, .integrationTimeout: 504
        }
    }

    /// Value of `x-amzn-ErrorType`.
    public var errorType: String {
        switch self {
        case .accessDenied: "AccessDeniedException"
        case .apiConfigurationError: "InternalServerErrorException"
        case .authorizerConfigurationError: "AuthorizerConfigurationException"
        case .authorizerFailure: "AuthorizerFailureException"
        case .badRequestBody, .badRequestParameters, .default4XX, .unsupportedMediaType: "BadRequestException"
        case .default5XX, .integrationFailure, .integrationTimeout: "InternalServerErrorException"
        case .expiredToken: "ExpiredTokenException"
        case .invalidAPIKey, .wafFiltered: "ForbiddenException"
        case .invalidSignature: "InvalidSignatureException"
        case .missingAuthenticationToken: "MissingAuthenticationTokenException"
        case .quotaExceeded: "LimitExceededException"
        case .requestTooLarge: "RequestTooLargeException"
        case .resourceNotFound: "ResourceNotFoundException"
        case .throttled: "TooManyRequestsException"
        case .unauthorized: "UnauthorizedException"
        }
    }

    /// Usual text of `$context.error.message`; `nil` prints as JSON null.
    public var defaultMessage: String? {
        switch self {
        case .accessDenied: "User is not authorized to access this resource"
        case .apiConfigurationError, .default5XX: "Internal server error"
        case .authorizerConfigurationError, .authorizerFailure: nil
        case .badRequestBody: "Invalid request body"
        case .badRequestParameters: "Missing required request parameters"
        case .default4XX: "Bad request"
        case .expiredToken: "The security token included in the request is expired"
        case .integrationFailure: "Network error communicating with endpoint"
        case .integrationTimeout: "Endpoint request timed out"
        case .invalidAPIKey, .wafFiltered: "Forbidden"
        case .invalidSignature:
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
                + "Access Key and signing method. Consult the service documentation for details."
        case .missingAuthenticationToken: "Missing Authentication Token"
        case .quotaExceeded: "Limit Exceeded"
        case .requestTooLarge: "Request Too Long"
        case .resourceNotFound: "Resource Not Found"
        case .throttled: "Too Many Requests"
        case .unauthorized: "Unauthorized"
        case .unsupportedMediaType: "Unsupported Media Type"
        }
    }
}

/// One entry of `x-amazon-apigateway-gateway-responses`.
public struct GatewayResponse: Sendable, Hashable {
    /// Which answer it shapes.
    public var type: Located<GatewayResponseType>
    /// Status instead of the type's own.
    public var statusCode: Located<String>?
    /// `gatewayresponse.header.NAME` to expression, in order.
    public var responseParameters: [ParameterMapping] = []
    /// Media type to text with plain substitutions (not VTL), in order.
    public var responseTemplates: [MappingTemplate] = []

    /// Makes an entry.
    public init(type: Located<GatewayResponseType>) {
        self.type = type
    }
}
