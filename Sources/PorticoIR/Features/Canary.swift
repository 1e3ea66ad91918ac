/// `canarySettings` of a stage: another version of it, for a part of its requests.
///
/// Source: API Gateway API reference, "CanarySettings".
public struct Canary: Sendable, Hashable {
    /// Percent of the requests that the canary gets, 0...100; fractions count.
    public var percentTraffic: Double
    /// Deployment that the canary serves; `nil` for that of the stage.
    public var deploymentID: Located<String>?
    /// Stage variables of the canary's own, over those of the stage.
    public var stageVariableOverrides: [NamedValue]
    /// Whether the canary uses the cache of the stage; it has none otherwise.
    public var usesStageCache: Bool

    /// Makes a canary.
    public init(
        percentTraffic: Double, deploymentID: Located<String>? = nil, stageVariableOverrides: [NamedValue] = [],
        usesStageCache: Bool = false
    ) {
        self.percentTraffic = percentTraffic
        self.deploymentID = deploymentID
        self.stageVariableOverrides = stageVariableOverrides
        self.usesStageCache = usesStageCache
    }
}
