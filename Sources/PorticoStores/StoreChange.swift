public import PorticoIR

/// A change of a store that is about to be committed. Says nothing of values of keys: stores do not have them.
public enum StoreChange: Sendable, Hashable {
    /// Keys that are new.
    case addedKeys([StoredAPIKey])
    /// A key that was enabled or disabled.
    case changedKey(from: StoredAPIKey, to: StoredAPIKey)
    /// A key that is gone for good.
    case deletedKey(StoredAPIKey)
    /// A new deployment with what its stage was, if there was one, and is then.
    case deployed(StoredDeployment, from: StoredStage?, to: StoredStage)
    /// A stage that serves something else, or otherwise.
    case changedStage(from: StoredStage, to: StoredStage)
    /// A stage that follows its file again.
    case removedStage(StoredStage)
    /// Deployments that are gone for good.
    case deletedDeployments([StoredDeployment])
}

/// Why a change cannot be recorded, in words. Thrown by a ``StoreChangeRecorder``, it takes the change back.
public struct RecordingProblem: Error, Sendable {
    /// The words.
    public var reason: String

    /// Makes a problem.
    public init(_ reason: String) {
        self.reason = reason
    }
}

/// Writes changes down, each before it is committed, so that there is none that is not recorded.
public typealias StoreChangeRecorder = @Sendable (StoreChange) throws(RecordingProblem) -> Void
