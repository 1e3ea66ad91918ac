public import PorticoSyntax

/// Kinds of authorizer of REST APIs.
public enum AuthorizerType: String, Sendable, Hashable, CaseIterable {
    /// Lambda authorizer that reads one token.
    case token = "TOKEN"
    /// Lambda authorizer that reads the request.
    case request = "REQUEST"
    /// Cognito user pools.
    case cognitoUserPools = "COGNITO_USER_POOLS"
    /// JWT (HTTP APIs).
    case jwt = "JWT"
}

/// `x-amazon-apigateway-authorizer` of a security scheme.
public struct Authorizer: Sendable, Hashable {
    /// Name of the security scheme.
    public var name: Located<String>
    /// Kind.
    public var type: Located<AuthorizerType>
    /// `x-amazon-apigateway-authtype`
    public var authType: String?
    /// Lambda invocation ARN, intrinsics resolved.
    public var authorizerURI: Located<PositionedText>?
    /// Role ARN.
    public var authorizerCredentials: Located<String>?
    /// Comma-separated sources; for TOKEN and Cognito always `method.request.header.{scheme.name}`.
    public var identitySource: Located<String>?
    /// Pattern that a token must match, TOKEN only.
    public var identityValidationExpression: Located<PositionedText>?
    /// 0...3600 seconds; 300 at run time when absent.
    public var resultTTLSeconds: Located<Int>?
    /// User pool ARNs.
    public var providerARNs: [Located<String>] = []
    /// `authorizerPayloadFormatVersion`, HTTP APIs only.
    public var payloadFormatVersion: String?
    /// `enableSimpleResponses`, HTTP APIs only.
    public var enableSimpleResponses: Bool?
    /// `jwtConfiguration`, HTTP APIs only.
    public var jwtConfiguration: JSONValue?
    /// Header name and place of the scheme (`in: header`), for export.
    public var schemeHeader: String = "Authorization"

    /// Makes an authorizer.
    public init(name: Located<String>, type: Located<AuthorizerType>) {
        self.name = name
        self.type = type
    }
}
