internal import GRDB
public import PorticoIR

/// API keys in `keys.sqlite` of a state folder. What a call that writes has returned is on the disk.
///
/// Any thread; calls wait for the disk and for each other, so that event loops never make them.
public final class SQLiteAPIKeyStore: APIKeyStore {
    private let file: SQLiteFile<APIKeyStoreError>
    private let record: StoreChangeRecorder?

    /// A store in a folder that need not exist.
    ///
    /// - Parameter record: is told of each change before it is committed.
    public init(folder: String, record: StoreChangeRecorder? = nil) {
        file = SQLiteFile(
            SQLiteLayout(name: "keys.sqlite", durability: .powerFailure, migrator: APIKeyRows.migrator), in: folder)
        self.record = record
    }

    /// The database file.
    public var path: String { file.path }

    /// File, connection, own changes and SQLite's count of those of others.
    public func changeMark() throws(APIKeyStoreError) -> APIKeyStoreMark { try file.changeMark() }

    /// All keys by name; none if there is no file.
    public func keys() throws(APIKeyStoreError) -> [StoredAPIKey] {
        try file.reading(else: []) { try APIKeyRows.all($0) }
    }

    /// Adds all keys, or none; makes folder and file if there are none.
    public func add(_ keys: [StoredAPIKey]) throws(APIKeyStoreError) {
        try file.writing { database in
            for key in keys { try APIKeyRows.insert(key, database) }
            try record?(.addedKeys(keys))
        }
    }

    /// Enables or disables the key of that id, or else that name.
    public func setEnabled(
        _ isEnabled: Bool, key: String, atMilliseconds now: Int
    ) throws(APIKeyStoreError) -> StoredAPIKey {
        try changing(key) { found, database in
            var changed = found
            if found.isEnabled != isEnabled {
                changed.isEnabled = isEnabled
                changed.updatedMilliseconds = now
                try database.execute(
                    sql: "UPDATE apiKey SET isEnabled = ?, updated = ? WHERE id = ?",
                    arguments: [isEnabled, now, found.id])
                try record?(.changedKey(from: found, to: changed))
            }
            return changed
        }
    }

    /// Deletes the key of that id, or else that name.
    public func delete(key: String) throws(APIKeyStoreError) -> StoredAPIKey {
        try changing(key) { found, database in
            try database.execute(sql: "DELETE FROM apiKey WHERE id = ?", arguments: [found.id])
            try record?(.deletedKey(found))
            return found
        }
    }

    /// Changes one key of a store that must be there already.
    private func changing(
        _ key: String, _ body: (StoredAPIKey, Database) throws -> StoredAPIKey
    ) throws(APIKeyStoreError) -> StoredAPIKey {
        guard file.mayExist else { throw .unknownKey(key) }
        return try file.writing { database in
            guard let found = try APIKeyRows.find(key, database) else { throw APIKeyStoreError.unknownKey(key) }
            return try body(found, database)
        }
    }

    /// What commits outlast; `nil` without a file.
    func durability() throws(APIKeyStoreError) -> SQLiteLayout.Durability? { try file.durability() }
}
