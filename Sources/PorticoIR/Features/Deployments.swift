/// A deployment of a store: an API as it was at one time. Its snapshot is kept apart, by its id.
///
/// Source: API Gateway API reference, "Deployment".
public struct StoredDeployment: Sendable, Hashable {
    /// Ten base-36 characters.
    public var id: String
    /// Id of the API.
    public var api: String
    /// What it is.
    public var description: String
    /// Milliseconds since 1970.
    public var createdMilliseconds: Int

    /// Makes a deployment as a store keeps it.
    public init(id: String, api: String, description: String = "", createdMilliseconds: Int) {
        self.id = id
        self.api = api
        self.description = description
        self.createdMilliseconds = createdMilliseconds
    }
}

/// Which deployment a stage serves.
public struct StoredStage: Sendable, Hashable {
    /// Id of the API.
    public var api: String
    /// Name of the stage.
    public var name: String
    /// Id of the deployment that it serves.
    public var deployment: String
    /// Id of the deployment whose stage settings count: that of the last `deploy`. A rollback goes back to older methods,
    /// not to older settings.
    public var settings: String
    /// Its canary.
    public var canary: StoredCanary?
    /// Stage variables that a promoted canary has left, over those of the settings.
    public var variables: [StoredVariable]
    /// Milliseconds since 1970.
    public var updatedMilliseconds: Int

    /// Makes a stage as a store keeps it.
    public init(
        api: String, name: String, deployment: String, settings: String, canary: StoredCanary? = nil,
        variables: [StoredVariable] = [], updatedMilliseconds: Int
    ) {
        self.api = api
        self.name = name
        self.deployment = deployment
        self.settings = settings
        self.canary = canary
        self.variables = variables
        self.updatedMilliseconds = updatedMilliseconds
    }
}

/// A stage variable of a store.
public struct StoredVariable: Sendable, Hashable {
    /// Name.
    public var name: String
    /// Value.
    public var value: String

    /// Makes a variable.
    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// The canary of a stage in a store.
public struct StoredCanary: Sendable, Hashable {
    /// Id of the deployment that it serves.
    public var deployment: String
    /// 0...100
    public var percentTraffic: Double
    /// Stage variables of its own.
    public var overrides: [StoredVariable]
    /// Whether it uses the stage's cache.
    public var usesStageCache: Bool

    /// Makes a canary as a store keeps it.
    public init(
        deployment: String, percentTraffic: Double, overrides: [StoredVariable] = [], usesStageCache: Bool = false
    ) {
        self.deployment = deployment
        self.percentTraffic = percentTraffic
        self.overrides = overrides
        self.usesStageCache = usesStageCache
    }
}

/// Keeps deployments and what stages serve, beyond the end of a process. What it has acknowledged outlasts a power
/// failure; several processes may use one store at once. Any thread.
public protocol DeploymentStore: Sendable {
    /// Something that is another thing after every change by any process. Asked several times a second.
    func changeMark() throws(DeploymentStoreError) -> StoreMark
    /// Deployments of an API, the newest first; none if there is no store.
    func deployments(ofAPI api: String) throws(DeploymentStoreError) -> [StoredDeployment]
    /// The bytes of a deployment's snapshot; `nil` if there is none of that id.
    func snapshot(ofDeployment id: String) throws(DeploymentStoreError) -> [UInt8]?
    /// Stages of an API by name.
    func stages(ofAPI api: String) throws(DeploymentStoreError) -> [StoredStage]
    /// Adds a deployment with its snapshot and has a stage be as told, both or neither; makes the store if there is none.
    func deploy(_ deployment: StoredDeployment, snapshot: [UInt8], to stage: StoredStage) throws(DeploymentStoreError)
    /// Has a stage be what `change` makes of it; no other change comes in between. Returns it as it is then.
    func update(
        stage: String, ofAPI api: String, _ change: (StoredStage) throws(DeploymentStoreError) -> StoredStage
    ) throws(DeploymentStoreError) -> StoredStage
    /// Lets go of what a stage serves, so that it follows the file again. Returns what it was.
    func removeStage(_ stage: String, ofAPI api: String) throws(DeploymentStoreError) -> StoredStage
    /// Deletes a deployment that no stage serves. Returns what it was.
    func deleteDeployment(_ id: String, ofAPI api: String) throws(DeploymentStoreError) -> StoredDeployment
}

/// A state of a store; equal marks mean that nothing has changed.
public typealias StoreMark = APIKeyStoreMark

/// Why a store did not do what it was asked.
public enum DeploymentStoreError: Error, Sendable, Hashable, CustomStringConvertible {
    /// There is no such deployment.
    case unknownDeployment(String)
    /// No deployment was made to the stage.
    case unknownStage(String)
    /// A stage serves the deployment.
    case deploymentInUse(String, stage: String)
    /// What was asked for cannot be, in words.
    case refused(String)
    /// Nothing was changed, because the change could not be recorded; why.
    case unrecorded(String)
    /// The store is damaged, cannot be read or cannot be written; where it is, and why.
    case unusable(path: String, reason: String)

    /// What is wrong.
    public var description: String {
        switch self {
        case .unknownDeployment(let id): "there is no deployment '\(id)' of this API"
        case .unknownStage(let stage): "nothing was deployed to stage '\(stage)'; use 'portico deploy' first"
        case .deploymentInUse(let id, let stage):
            "deployment '\(id)' cannot be deleted: stage '\(stage)' serves it, or has its settings"
        case .refused(let reason): reason
        case .unrecorded(let reason): "nothing was changed: \(reason)"
        case .unusable(let path, let reason): "the store of deployments, '\(path)', \(reason)"
        }
    }
}
