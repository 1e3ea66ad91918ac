public import PorticoSyntax

/// One entry of `x-portico-stages`. Names of the members are those of API Gateway's Stage.
public struct Stage: Sendable, Hashable {
    /// `[A-Za-z0-9_-]{1,128}`
    public var name: Located<String>
    /// Stage variables in order.
    public var variables: [NamedValue] = []
    /// Method settings by `*/*` or `{resource path}/{verb}`, in order, as read.
    public var methodSettings: [NamedJSON] = []
    /// `canarySettings`
    public var canary: Canary?
    /// The same as read, for exports.
    public var canarySettings: JSONValue?
    /// `accessLogSettings`
    public var accessLogSettings: AccessLogSettings?
    /// `cacheClusterEnabled`
    public var cacheClusterEnabled = false
    /// `cacheClusterSize` in GB, as text.
    public var cacheClusterSize: String?
    /// `tracingEnabled`
    public var tracingEnabled = false
    /// `description`
    public var description: String?
    /// `documentationVersion`
    public var documentationVersion: String?
    /// `clientCertificateId`
    public var clientCertificateID: Located<String>?
    /// `webAclArn`
    public var webACLARN: String?
    /// `defaultRouteSettings` of an HTTP or WebSocket API: what holds for all of its routes.
    public var defaultRouteSettings: RouteSettings?
    /// `routeSettings` of an HTTP or WebSocket API by route key, in order; each wins over ``defaultRouteSettings``, member by member.
    public var routeSettings: [KeyedRouteSettings] = []
    /// `autoDeploy` of an HTTP or WebSocket API; `nil` where the document does not say.
    public var autoDeploy: Located<Bool>?

    /// Makes a stage without variables and settings.
    public init(name: Located<String>) {
        self.name = name
    }
}

extension Stage {
    /// The stage of an HTTP API that is served at the root of the host.
    public static let defaultName = "$default"

    /// The stage of a document that names none.
    ///
    /// Source: API Gateway guide, "Stages for HTTP APIs": an API that is made in one go has `$default` with automatic
    /// deployments. REST APIs have no such stage; `dev` is Portico's.
    static func standard(of kind: APIProtocol) -> Stage {
        Stage(name: Located(kind == .http ? defaultName : "dev"))
    }
}

/// Settings of one route, or of all routes, of a stage. Names are those of CloudFormation's
/// `AWS::ApiGatewayV2::Stage.RouteSettings`.
public struct RouteSettings: Sendable, Hashable {
    /// `throttlingRateLimit` and `throttlingBurstLimit`
    public var throttle = Throttle()
    /// `detailedMetricsEnabled`
    public var detailedMetricsEnabled: Bool?
    /// `loggingLevel`, of WebSocket APIs only.
    public var loggingLevel: LoggingLevel?
    /// `dataTraceEnabled`, of WebSocket APIs only.
    public var dataTraceEnabled: Bool?

    /// Makes settings that change nothing.
    public init() {}
}

/// Settings of the route with a key.
public struct KeyedRouteSettings: Sendable, Hashable {
    /// Such as `GET /pets`, `$default` or `join`.
    public var routeKey: Located<String>
    /// What holds for it.
    public var settings: RouteSettings

    /// Makes an entry.
    public init(routeKey: Located<String>, settings: RouteSettings) {
        self.routeKey = routeKey
        self.settings = settings
    }
}

/// How much of a request the execution log of its stage tells. Source: API Gateway API reference, "MethodSetting",
/// loggingLevel.
public enum LoggingLevel: String, Sendable, Hashable, CaseIterable {
    /// Nothing.
    case off = "OFF"
    /// Why requests failed.
    case error = "ERROR"
    /// Every step.
    case info = "INFO"
}

/// What a caller without permission gets who asks for fresh data. Source: API Gateway API reference, "MethodSetting",
/// unauthorizedCacheControlHeaderStrategy.
public enum UnauthorizedCacheControl: String, Sendable, Hashable, CaseIterable {
    /// 403.
    case fail = "FAIL_WITH_403"
    /// The cached answer, with a `Warning` header.
    case header = "SUCCEED_WITH_RESPONSE_HEADER"
    /// The cached answer.
    case silent = "SUCCEED_WITHOUT_RESPONSE_HEADER"
}
