public import PorticoSyntax

/// Kinds of authorizer. REST APIs have all but the last, HTTP APIs the last and `REQUEST`.
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

/// A security scheme without authorizer: REST APIs do not know it, but generated clients can meet it.
public struct ClientSecurityScheme: Sendable, Hashable {
    /// What a request carries.
    public enum Kind: Sendable, Hashable {
        /// `Authorization: Bearer` and a token: `http` with `bearer`, `oauth2`, `openIdConnect`.
        case bearer
        /// `Authorization: Basic` and user and password.
        case basic
        /// A key in a header or query parameter of that name.
        case key(name: String, inQuery: Bool)
        /// Something that a request cannot carry, by the scheme's `type`.
        case other(type: String)
    }

    /// Name of the scheme.
    public var name: String
    /// What a request carries.
    public var kind: Kind

    /// Makes a scheme.
    public init(name: String, kind: Kind) {
        self.name = name
        self.kind = kind
    }
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
    /// Comma-separated sources; for TOKEN and Cognito always `method.request.header.{scheme.name}`. Those of HTTP APIs begin
    /// with `$`.
    public var identitySource: Located<String>?
    /// Pattern that a token must match (TOKEN), or one of the audiences of an ID token (Cognito).
    public var identityValidationExpression: Located<PositionedText>?
    /// 0...3600 seconds; when absent, 300 at run time in REST APIs, and 0 in HTTP APIs.
    public var resultTTLSeconds: Located<Int>?
    /// User pool ARNs.
    public var providerARNs: [Located<String>] = []
    /// `authorizerPayloadFormatVersion`, HTTP APIs only.
    public var payloadFormatVersion: String?
    /// `enableSimpleResponses`, HTTP APIs only.
    public var enableSimpleResponses: Bool?
    /// `jwtConfiguration.issuer`, or what `openIdConnectUrl` of the scheme says; of JWT authorizers, which always have it.
    public var jwtIssuer: Located<String>?
    /// `jwtConfiguration.audience`; of JWT authorizers.
    public var jwtAudiences: [Located<String>] = []
    /// Header name and place of the scheme (`in: header`), for export.
    public var schemeHeader: String = "Authorization"

    /// Makes an authorizer.
    public init(name: Located<String>, type: Located<AuthorizerType>) {
        self.name = name
        self.type = type
    }
}
