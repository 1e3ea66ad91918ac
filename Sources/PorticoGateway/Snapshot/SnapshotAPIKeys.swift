public import PorticoIR

/// A usage plan, compiled.
struct UsagePlanEntry: Sendable, Hashable {
    /// Six base-36 characters, a hash of the API and the name.
    var id: String
    var name: String
    var throttle: Throttle?
    var quota: Quota?
    /// Stages that its keys open.
    var stages: [UsagePlanStageEntry]
}

/// A stage of a usage plan, compiled.
struct UsagePlanStageEntry: Sendable, Hashable {
    /// Name of the stage, which need not be one of the snapshot's.
    var stage: String
    var methods: [MethodThrottleEntry]
}

/// A throttle of one method in a usage plan, compiled.
struct MethodThrottleEntry: Sendable, Hashable {
    var path: String
    var verb: String
    var throttle: Throttle
}

/// An API key of the document, without its value.
struct APIKeyEntry: Sendable, Hashable {
    /// Ten base-36 characters, a hash of the API and the name.
    var id: String
    var name: String
    var isEnabled: Bool
    var secret: APIKeySecret
    /// Names of usage plans.
    var usagePlans: [String]
}

/// What a snapshot knows of the value of a key.
enum APIKeySecret: Sendable, Hashable {
    /// SHA-256 of a value that stands in the document; 32 bytes.
    case digest([UInt8])
    /// Name of the environment variable that holds the value when the snapshot is put into service.
    case environment(String)
}

/// What the commands know of a usage plan.
public struct UsagePlanSummary: Sendable, Hashable {
    /// Six base-36 characters.
    public var id: String
    /// Name.
    public var name: String
    /// Stages that its keys open.
    public var stages: [String]
    /// How often the holder of a key may call; `nil` for no limit.
    public var quota: Quota?
}

/// What the commands know of an API key of the document.
public struct APIKeySummary: Sendable, Hashable {
    /// Ten base-36 characters.
    public var id: String
    /// Name; other keys may have the same.
    public var name: String
}

extension DeploymentSnapshot {
    /// Usage plans in the order of the document.
    public var usagePlanSummaries: [UsagePlanSummary] {
        usagePlans.map { plan in
            UsagePlanSummary(id: plan.id, name: plan.name, stages: plan.stages.map(\.stage), quota: plan.quota)
        }
    }

    /// API keys in the order of the document.
    public var apiKeySummaries: [APIKeySummary] { apiKeys.map { APIKeySummary(id: $0.id, name: $0.name) } }

    /// Whether some method wants an API key.
    var needsAPIKeys: Bool {
        methods.contains { $0.steps.contains { if case .requireAPIKey = $0 { true } else { false } } }
    }
}
