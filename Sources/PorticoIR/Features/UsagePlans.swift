public import PorticoSyntax

/// `x-amazon-apigateway-api-key-source`
public enum APIKeySource: String, Sendable, Hashable, CaseIterable {
    /// `x-api-key` header.
    case header = "HEADER"
    /// `usageIdentifierKey` of the authorizer.
    case authorizer = "AUTHORIZER"
}

/// One entry of `x-portico-usage-plans`; members as read.
public struct UsagePlan: Sendable, Hashable {
    /// Name.
    public var name: Located<String>
    /// `throttle`, `quota`, `apiStages` and others as read.
    public var settings: JSONValue

    /// Makes a plan.
    public init(name: Located<String>, settings: JSONValue) {
        self.name = name
        self.settings = settings
    }
}

/// One entry of `x-portico-api-keys`.
public struct APIKey: Sendable, Hashable {
    /// Name.
    public var name: Located<String>
    /// Value, or `${env.NAME}`; 20...128 characters on AWS.
    public var value: Located<String>
    /// `enabled`, true unless the file says otherwise.
    public var isEnabled: Bool
    /// Names of usage plans.
    public var usagePlans: [Located<String>]

    /// Makes a key.
    public init(name: Located<String>, value: Located<String>, isEnabled: Bool, usagePlans: [Located<String>]) {
        self.name = name
        self.value = value
        self.isEnabled = isEnabled
        self.usagePlans = usagePlans
    }
}
