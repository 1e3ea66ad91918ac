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

    /// Makes a stage without variables and settings.
    public init(name: Located<String>) {
        self.name = name
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
