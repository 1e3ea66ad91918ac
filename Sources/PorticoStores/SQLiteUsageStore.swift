internal import GRDB
public import PorticoIR
internal import Synchronization

/// Counts of requests in `usage.sqlite` of a state folder. What a call that adds has returned outlasts the end of the
/// process, also by kill -9; a power failure may take the last additions back, of which there are two a second.
/// Synchronizing each of them would keep the disk busy all day for counts that are only as exact as the half second
/// between two additions anyway.
///
/// Any thread; calls wait for the disk and for each other, so that event loops never make them.
public final class SQLiteUsageStore: UsageStore {
    /// Days that rows are kept: a year and a month, so that each month can be compared with that of the year before.
    /// The first day of each key and plan is kept for ever, as a quota's offset is taken off the period that it is in.
    public static let daysKept = 400

    private let file: SQLiteFile<UsageStoreError>
    /// The last day for which old rows were deleted; `nil` before the first.
    private let prunedDay = Mutex<Int?>(nil)

    /// A store in a folder that need not exist.
    public init(folder: String) {
        file = SQLiteFile(
            SQLiteLayout(name: "usage.sqlite", durability: .processEnd, migrator: UsageRows.migrator), in: folder)
    }

    /// The database file.
    public var path: String { file.path }

    /// Adds all counts, or none; makes folder and file if there are none. The first addition of a day deletes the rows
    /// that are too old.
    public func add(_ records: [UsageRecord]) throws(UsageStoreError) {
        guard let newest = records.map(\.usage.day).max() else { return }
        let prunes = prunedDay.withLock { $0.map { $0 < newest } ?? true }
        try file.writing { database in
            for record in records { try UsageRows.add(record, database) }
            if prunes { try UsageRows.prune(before: newest - SQLiteUsageStore.daysKept, database) }
        }
        if prunes { prunedDay.withLock { $0 = max($0 ?? newest, newest) } }
    }

    /// Counts of the days from `first` to `last`, and besides those the first day of each key and plan; by plan, key and
    /// day. None if there is no file.
    public func usage(from first: Int, to last: Int) throws(UsageStoreError) -> [UsageRecord] {
        try file.reading(else: []) { try UsageRows.all(from: first, to: last, $0) }
    }

    /// What commits outlast; `nil` without a file.
    func durability() throws(UsageStoreError) -> SQLiteLayout.Durability? { try file.durability() }
}

/// Counts as rows, one for each plan, key and day. A change of the tables is one more migration below.
enum UsageRows {
    static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("usage") { database in
            try database.execute(
                sql: """
                    CREATE TABLE usage (
                        plan TEXT NOT NULL,
                        key TEXT NOT NULL,
                        day INTEGER NOT NULL,
                        used INTEGER NOT NULL,
                        PRIMARY KEY (plan, key, day)
                    ) STRICT, WITHOUT ROWID;
                    """)
        }
        return migrator
    }()

    static func add(_ record: UsageRecord, _ database: Database) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO usage (plan, key, day, used) VALUES (?, ?, ?, ?)
                ON CONFLICT (plan, key, day) DO UPDATE SET used = used + excluded.used
                """
        ).execute(arguments: [record.plan, record.key, record.usage.day, record.usage.used])
    }

    /// Deletes rows of earlier days, but the first of each key and plan.
    static func prune(before day: Int, _ database: Database) throws {
        try database.execute(
            sql: """
                DELETE FROM usage WHERE day < ? AND day > (
                    SELECT MIN(day) FROM usage AS other WHERE other.plan = usage.plan AND other.key = usage.key)
                """,
            arguments: [day])
    }

    static func all(from first: Int, to last: Int, _ database: Database) throws -> [UsageRecord] {
        guard try database.tableExists("usage") else { return [] }
        // Beside MIN, SQLite takes the other columns from the row that has the minimum.
        return try StoredRow.all(
            database,
            """
            SELECT plan, key, day, used FROM usage WHERE day BETWEEN ? AND ?
            UNION ALL
            SELECT plan, key, MIN(day), used FROM usage GROUP BY plan, key HAVING MIN(day) < ?
            ORDER BY plan, key, day
            """, [first, last, first]
        ).map { row in
            UsageRecord(
                plan: try row.text(0), key: try row.text(1),
                usage: DailyUsage(day: try row.number(2), used: try row.number(3)))
        }
    }
}
