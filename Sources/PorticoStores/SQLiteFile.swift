internal import GRDB
internal import PorticoIR
internal import Synchronization

/// What a store keeps in its file, and how safely.
struct SQLiteLayout: Sendable {
    /// What a commit outlasts. A level of `PRAGMA synchronous`; the number is SQLite's.
    enum Durability: Int, Sendable {
        /// The end of the process. The log is written when a commit returns and not yet synchronized: the system has it,
        /// but a power failure may take the last commits back. Never a part of one: the log has checksums.
        case processEnd = 1
        /// A power failure: a commit returns when the log is on the disk.
        case powerFailure = 2
    }

    /// Name of the file in the state folder.
    var name: String
    var durability: Durability
    /// Whether the file shrinks when rows are deleted, rather than keep the room for others.
    var shrinks = false
    var migrator: DatabaseMigrator
}

/// An error of a store that can also be that its file is of no use.
protocol StoreFailure: Error {
    /// The file is damaged, cannot be read or cannot be written; where it is, and why.
    static func unusable(path: String, reason: String) -> Self
    /// Nothing was changed, because the change could not be recorded; why.
    static func unrecorded(_ reason: String) -> Self
}

extension APIKeyStoreError: StoreFailure {}
extension DeploymentStoreError: StoreFailure {}
extension UsageStoreError: StoreFailure {
    /// Counts are not recorded anywhere else.
    static func unrecorded(_ reason: String) -> UsageStoreError { .unusable(path: "", reason: reason) }
}

/// A database file in a state folder, as all stores use it.
///
/// Nothing is opened or made before it is needed: reading where there is no file gives no rows, and only writing makes
/// one. The file is looked for again with each call, so that one which is replaced while a server runs is seen.
/// Any thread; calls wait for the disk and for each other, so that event loops never make them.
final class SQLiteFile<Failure: StoreFailure>: Sendable {
    let path: String
    private let folder: StateFolder
    private let layout: SQLiteLayout
    private let state = Mutex(State())

    private struct State {
        var database: DatabaseQueue?
        /// The file that ``database`` has open.
        var file: FileIdentity?
        /// How often a file was opened: marks of two connections mean nothing to each other.
        var openings: Int64 = 0
        /// Changes that this process made itself, which SQLite does not count for the connection that makes them.
        var changes: Int64 = 0
    }

    /// - Parameter folder: need not exist.
    init(_ layout: SQLiteLayout, in folder: String) {
        self.layout = layout
        self.folder = StateFolder(folder)
        path = self.folder.path(of: layout.name)
    }

    /// File, connection, own changes and SQLite's count of those of others.
    func changeMark() throws(Failure) -> StoreMark {
        try run { state in
            guard let database = try existing(&state), let file = state.file else { return StoreMark([]) }
            let version = try database.read { try Int64.fetchOne($0, sql: "PRAGMA data_version") } ?? 0
            return StoreMark([file.device, file.inode, state.openings, state.changes, version])
        }
    }

    /// Runs `body` with the database, or gives `nothing` if there is no file.
    func reading<Result: Sendable>(
        else nothing: Result, _ body: (Database) throws -> Result
    ) throws(Failure) -> Result {
        try run { state in
            guard let database = try existing(&state) else { return nothing }
            return try database.read { try body($0) }
        }
    }

    /// Runs `body` in a transaction, after which the change is as safe as the layout says; makes the file if there is
    /// none.
    func writing<Result: Sendable>(_ body: (Database) throws -> Result) throws(Failure) -> Result {
        try run { state in
            let file = try folder.lockedForWriting { () throws -> FileIdentity in
                let file = try folder.makeFile(path)
                try layout.migrator.migrate(try open(&state, file))
                return file
            }
            let result = try open(&state, file).write { try body($0) }
            state.changes += 1
            return result
        }
    }

    /// Whether there is a file, or something in its place that cannot be looked at.
    var mayExist: Bool { FileIdentity(path: path) != nil || FileIdentity.problem(path: path) != nil }

    /// The level of `PRAGMA synchronous` that writes have.
    func durability() throws(Failure) -> SQLiteLayout.Durability? {
        try reading(else: nil) {
            try Int.fetchOne($0, sql: "PRAGMA synchronous").flatMap(SQLiteLayout.Durability.init)
        }
    }

    // MARK: - Opening

    /// The connection, if there is a file.
    private func existing(_ state: inout State) throws -> DatabaseQueue? {
        guard let file = FileIdentity(path: path) else {
            if let problem = FileIdentity.problem(path: path) { throw StoreProblem(problem) }
            state.database = nil
            state.file = nil
            return nil
        }
        return try open(&state, file)
    }

    /// The connection to a file: the one that is open if it is the same file still.
    private func open(_ state: inout State, _ file: FileIdentity) throws -> DatabaseQueue {
        if let database = state.database, state.file == file { return database }
        state.database = nil
        state.file = nil
        let database = try DatabaseQueue(path: path, configuration: configuration)
        let damage = try database.read { try String.fetchOne($0, sql: "PRAGMA quick_check(1)") }
        if let damage, damage != "ok" { throw StoreProblem("is damaged (\(damage)); \(StoreProblem.remedy)") }
        if try database.read({ try layout.migrator.hasBeenSuperseded($0) }) {
            throw StoreProblem("was made by a newer version of Portico; use that version, or another folder (--state)")
        }
        state.database = database
        state.file = file
        state.openings += 1
        return database
    }

    /// Write-ahead log: readers and a writer do not wait for each other. GRDB's own WAL mode would lower `synchronous` to
    /// NORMAL, and write at every opening.
    private var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "portico.\(layout.name)"
        // Another process is done with its few rows long before that.
        configuration.busyMode = .timeout(5)
        configuration.foreignKeysEnabled = true
        let level = layout.durability.rawValue
        let shrinks = layout.shrinks
        configuration.prepareDatabase { database in
            // Has an effect on a file without tables only.
            if shrinks { try database.execute(sql: "PRAGMA auto_vacuum = FULL") }
            try database.execute(sql: "PRAGMA synchronous = \(level)")
            // An answer other than 'wal' is as safe, if slower: a file system without shared memory.
            _ = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
        }
        return configuration
    }

    /// Turns whatever is thrown into words.
    private func run<Result>(_ body: (inout State) throws -> Result) throws(Failure) -> Result {
        do {
            return try state.withLock { state in try body(&state) }
        } catch let error as Failure {
            throw error
        } catch let problem as RecordingProblem {
            throw .unrecorded(problem.reason)
        } catch let problem as StoreProblem {
            throw .unusable(path: path, reason: problem.reason)
        } catch let error as DatabaseError {
            throw .unusable(path: path, reason: StoreProblem(error).reason)
        } catch {
            throw .unusable(path: path, reason: "cannot be used: \(error)")
        }
    }
}
