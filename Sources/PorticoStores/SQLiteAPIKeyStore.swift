internal import GRDB
public import PorticoIR
internal import Synchronization

/// API keys in `keys.sqlite` of a state folder. What a call that writes has returned is on the disk.
///
/// Nothing is opened or made before it is needed: reading where there is no store gives no keys, and only adding makes
/// one. The file is looked for again with each call, so that one which is replaced while a server runs is seen.
/// Any thread; calls wait for the disk and for each other, so that event loops never make them.
public final class SQLiteAPIKeyStore: APIKeyStore {
    /// The database file.
    public let path: String
    private let folder: StateFolder
    private let state = Mutex(State())

    private struct State {
        var database: DatabaseQueue?
        /// The file that ``database`` has open.
        var file: FileIdentity?
        /// How often a file was opened: marks of two connections mean nothing to each other.
        var openings: Int64 = 0
        /// Changes that this store made itself, which SQLite does not count for the connection that makes them.
        var changes: Int64 = 0
    }

    /// A store in a folder that need not exist.
    public init(folder: String) {
        self.folder = StateFolder(folder)
        path = self.folder.path(of: "keys.sqlite")
    }

    // MARK: - Reading

    /// File, connection, own changes and SQLite's count of those of others.
    public func changeMark() throws(APIKeyStoreError) -> APIKeyStoreMark {
        try reading { state, database in
            guard let database, let file = state.file else { return APIKeyStoreMark([]) }
            let version = try database.read { try Int64.fetchOne($0, sql: "PRAGMA data_version") } ?? 0
            return APIKeyStoreMark([file.device, file.inode, state.openings, state.changes, version])
        }
    }

    /// All keys by name; none if there is no file.
    public func keys() throws(APIKeyStoreError) -> [StoredAPIKey] {
        try reading { _, database in
            guard let database else { return [] }
            return try database.read { try APIKeyRows.all($0) }
        }
    }

    /// Runs `body` with the database, or without one if there is no file.
    private func reading<Result: Sendable>(
        _ body: (inout State, DatabaseQueue?) throws -> Result
    ) throws(APIKeyStoreError) -> Result {
        try run { state in
            guard let file = FileIdentity(path: path) else {
                if let problem = FileIdentity.problem(path: path) { throw StoreProblem(problem) }
                state.database = nil
                state.file = nil
                return try body(&state, nil)
            }
            return try body(&state, try open(&state, file))
        }
    }

    // MARK: - Writing

    /// Adds all keys, or none; makes folder and file if there are none.
    public func add(_ keys: [StoredAPIKey]) throws(APIKeyStoreError) {
        try writing { database in
            for key in keys { try APIKeyRows.insert(key, database) }
        }
    }

    /// Enables or disables the key of that id, or else that name.
    public func setEnabled(
        _ isEnabled: Bool, key: String, atMilliseconds now: Int
    ) throws(APIKeyStoreError) -> StoredAPIKey {
        try changing(key) { found, database in
            guard found.isEnabled != isEnabled else { return found }
            var changed = found
            changed.isEnabled = isEnabled
            changed.updatedMilliseconds = now
            try database.execute(
                sql: "UPDATE apiKey SET isEnabled = ?, updated = ? WHERE id = ?", arguments: [isEnabled, now, found.id])
            return changed
        }
    }

    /// Deletes the key of that id, or else that name.
    public func delete(key: String) throws(APIKeyStoreError) -> StoredAPIKey {
        try changing(key) { found, database in
            try database.execute(sql: "DELETE FROM apiKey WHERE id = ?", arguments: [found.id])
            return found
        }
    }

    /// Changes one key of a store that must be there already.
    private func changing(
        _ key: String, _ body: (StoredAPIKey, Database) throws -> StoredAPIKey
    ) throws(APIKeyStoreError) -> StoredAPIKey {
        guard FileIdentity(path: path) != nil || FileIdentity.problem(path: path) != nil else { throw .unknownKey(key) }
        return try writing { database in
            guard let found = try APIKeyRows.find(key, database) else { throw APIKeyStoreError.unknownKey(key) }
            return try body(found, database)
        }
    }

    /// Runs `body` in a transaction that is on the disk when this returns; makes the store if there is none.
    private func writing<Result: Sendable>(_ body: (Database) throws -> Result) throws(APIKeyStoreError) -> Result {
        try run { state in
            let file = try folder.lockedForWriting { () throws -> FileIdentity in
                let file = try folder.makeFile(path)
                try APIKeyRows.migrator.migrate(try open(&state, file))
                return file
            }
            let result = try open(&state, file).write { try body($0) }
            state.changes += 1
            return result
        }
    }

    // MARK: - The file

    /// The connection to a file: the one that is open if it is the same file still.
    private func open(_ state: inout State, _ file: FileIdentity) throws -> DatabaseQueue {
        if let database = state.database, state.file == file { return database }
        state.database = nil
        state.file = nil
        let database = try DatabaseQueue(path: path, configuration: Self.configuration)
        let damage = try database.read { try String.fetchOne($0, sql: "PRAGMA quick_check(1)") }
        if let damage, damage != "ok" { throw StoreProblem("is damaged (\(damage)); \(StoreProblem.remedy)") }
        if try database.read({ try APIKeyRows.migrator.hasBeenSuperseded($0) }) {
            throw StoreProblem("was made by a newer version of Portico; use that version, or another folder (--state)")
        }
        state.database = database
        state.file = file
        state.openings += 1
        return database
    }

    /// Write-ahead log: readers and a writer do not wait for each other. `synchronous = FULL`: a commit returns when the
    /// log is on the disk. GRDB's own WAL mode would lower that to NORMAL, and write at every opening.
    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "portico.keys"
        // Another process is done with its few rows long before that.
        configuration.busyMode = .timeout(5)
        configuration.foreignKeysEnabled = true
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA synchronous = FULL")
            // An answer other than 'wal' is as safe, if slower: a file system without shared memory.
            _ = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
        }
        return configuration
    }

    /// The level of `PRAGMA synchronous` that writes have; 2 is FULL.
    func synchronousLevel() throws(APIKeyStoreError) -> Int? {
        try reading { _, database in
            try database?.read { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
        }
    }

    /// Turns whatever is thrown into words.
    private func run<Result>(_ body: (inout State) throws -> Result) throws(APIKeyStoreError) -> Result {
        do {
            return try state.withLock { state in try body(&state) }
        } catch let error as APIKeyStoreError {
            throw error
        } catch let problem as StoreProblem {
            throw .unusable(path: path, reason: problem.reason)
        } catch let error as DatabaseError {
            throw .unusable(path: path, reason: StoreProblem(error).reason)
        } catch {
            throw .unusable(path: path, reason: "cannot be used: \(error)")
        }
    }
}
