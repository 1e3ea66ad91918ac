internal import GRDB
public import PorticoIR

/// Deployments and what stages serve, in `deployments.sqlite` of a state folder. What a call that writes has returned is
/// on the disk.
///
/// Any thread; calls wait for the disk and for each other, so that event loops never make them.
public final class SQLiteDeploymentStore: DeploymentStore {
    /// Bytes of the largest snapshot: ten times the largest file that API Gateway imports, as a compiled form with all of
    /// its programs may be that much larger.
    public static let longestSnapshot = 64 << 20

    private let file: SQLiteFile<DeploymentStoreError>
    private let record: StoreChangeRecorder?

    /// A store in a folder that need not exist.
    ///
    /// - Parameter record: is told of each change before it is committed.
    public init(folder: String, record: StoreChangeRecorder? = nil) {
        file = SQLiteFile(
            SQLiteLayout(
                name: "deployments.sqlite", durability: .powerFailure, shrinks: true, migrator: DeploymentRows.migrator),
            in: folder)
        self.record = record
    }

    /// The database file.
    public var path: String { file.path }

    // MARK: - Reading

    /// File, connection, own changes and SQLite's count of those of others.
    public func changeMark() throws(DeploymentStoreError) -> StoreMark { try file.changeMark() }

    /// Deployments of an API, the newest first; none if there is no file.
    public func deployments(ofAPI api: String) throws(DeploymentStoreError) -> [StoredDeployment] {
        try file.reading(else: []) { try DeploymentRows.all(api, $0) }
    }

    /// The bytes of a deployment's snapshot; `nil` if there is none of that id.
    public func snapshot(ofDeployment id: String) throws(DeploymentStoreError) -> [UInt8]? {
        try file.reading(else: nil) { try DeploymentRows.snapshot(id, $0) }
    }

    /// Stages of an API by name.
    public func stages(ofAPI api: String) throws(DeploymentStoreError) -> [StoredStage] {
        try file.reading(else: []) { try StageRows.all(api, $0) }
    }

    /// What a stage served before it first served what it serves now, and what is still there; `nil` if that was nothing.
    public func previousDeployment(
        ofStage stage: String, ofAPI api: String
    ) throws(DeploymentStoreError) -> String? {
        try file.reading(else: nil) { database in
            guard let now = try StageRows.find(stage, api, database) else { return nil }
            return try StageRows.previous(now, database)
        }
    }

    /// Ids of the deployments that a stage serves or has served, its canaries that are deployed now among them.
    public func deployments(servedByStage stage: String, ofAPI api: String) throws(DeploymentStoreError) -> Set<String>
    {
        try file.reading(else: []) { database in
            guard let now = try StageRows.find(stage, api, database) else { return [] }
            let names = try StageRows.served(now, database)
            return names.union([now.deployment, now.settings]).union([now.canary?.deployment].compactMap { $0 })
        }
    }

    // MARK: - Writing

    /// Adds a deployment with its snapshot and has a stage be as told, both or neither; makes the store if there is none.
    public func deploy(
        _ deployment: StoredDeployment, snapshot: [UInt8], to stage: StoredStage
    ) throws(DeploymentStoreError) {
        _ = try deploy(deployment, snapshot: snapshot, toStage: stage.name) { _ in stage }
    }

    /// Adds a deployment with its snapshot and has a stage be what `change` makes of what it was, both or neither; makes
    /// the store if there is none. Returns the stage as it is then.
    public func deploy(
        _ deployment: StoredDeployment, snapshot: [UInt8], toStage name: String,
        _ change: (StoredStage?) throws(DeploymentStoreError) -> StoredStage
    ) throws(DeploymentStoreError) -> StoredStage {
        guard snapshot.count <= SQLiteDeploymentStore.longestSnapshot else {
            throw .refused(
                "the compiled API has \(snapshot.count) bytes; a deployment may have "
                    + "\(SQLiteDeploymentStore.longestSnapshot >> 20) MB")
        }
        return try file.writing { database in
            let before = try StageRows.find(name, deployment.api, database)
            let stage = try change(before)
            try DeploymentRows.insert(deployment, snapshot, database)
            try StageRows.put(stage, before: before, database)
            try record?(.deployed(deployment, from: before, to: stage))
            return stage
        }
    }

    /// Has a stage be what `change` makes of it; no other change comes in between. Returns it as it is then.
    public func update(
        stage name: String, ofAPI api: String, _ change: (StoredStage) throws(DeploymentStoreError) -> StoredStage
    ) throws(DeploymentStoreError) -> StoredStage {
        guard file.mayExist else { throw .unknownStage(name) }
        return try file.writing { database in
            guard let before = try StageRows.find(name, api, database) else {
                throw DeploymentStoreError.unknownStage(name)
            }
            let stage = try change(before)
            try StageRows.put(stage, before: before, database)
            try record?(.changedStage(from: before, to: stage))
            return stage
        }
    }

    /// Lets go of what a stage serves, so that it follows the file again. Returns what it was.
    public func removeStage(_ name: String, ofAPI api: String) throws(DeploymentStoreError) -> StoredStage {
        guard file.mayExist else { throw .unknownStage(name) }
        return try file.writing { database in
            guard let stage = try StageRows.find(name, api, database) else {
                throw DeploymentStoreError.unknownStage(name)
            }
            try StageRows.delete(stage, database)
            try record?(.removedStage(stage))
            return stage
        }
    }

    /// Deletes a deployment that no stage serves. Returns what it was.
    public func deleteDeployment(
        _ id: String, ofAPI api: String
    ) throws(DeploymentStoreError) -> StoredDeployment {
        guard file.mayExist else { throw .unknownDeployment(id) }
        return try file.writing { database in
            guard let found = try DeploymentRows.all(api, database).first(where: { $0.id == id }) else {
                throw DeploymentStoreError.unknownDeployment(id)
            }
            if let stage = try StageRows.user(of: id, database) {
                throw DeploymentStoreError.deploymentInUse(id, stage: stage)
            }
            try DeploymentRows.delete(id, database)
            try record?(.deletedDeployments([found]))
            return found
        }
    }

    /// Deletes all deployments of an API but the newest ones and those that a stage serves. Returns what they were, the
    /// newest first.
    public func prune(ofAPI api: String, keeping count: Int) throws(DeploymentStoreError) -> [StoredDeployment] {
        guard file.mayExist else { return [] }
        return try file.writing { database in
            var deleted: [StoredDeployment] = []
            for deployment in try DeploymentRows.all(api, database).dropFirst(max(count, 0))
            where try StageRows.user(of: deployment.id, database) == nil {
                try DeploymentRows.delete(deployment.id, database)
                deleted.append(deployment)
            }
            if !deleted.isEmpty { try record?(.deletedDeployments(deleted)) }
            return deleted
        }
    }

    /// What commits outlast; `nil` without a file.
    func durability() throws(DeploymentStoreError) -> SQLiteLayout.Durability? { try file.durability() }
}
