internal import GRDB

/// Values of a row. GRDB's own conversions end the process where a value is of another type, which a file can bring about.
struct StoredRow {
    private let row: Row

    init(_ row: Row) { self.row = row }

    func text(_ column: Int) throws -> String {
        let value: DatabaseValue = row[column]
        guard case .string(let text) = value.storage else { throw StoredRow.damage }
        return text
    }

    func optionalText(_ column: Int) throws -> String? {
        let value: DatabaseValue = row[column]
        return value.isNull ? nil : try text(column)
    }

    func number(_ column: Int) throws -> Int {
        let value: DatabaseValue = row[column]
        guard case .int64(let number) = value.storage else { throw StoredRow.damage }
        return Int(number)
    }

    func fraction(_ column: Int) throws -> Double {
        let value: DatabaseValue = row[column]
        switch value.storage {
        case .double(let number): return number
        case .int64(let number): return Double(number)
        default: throw StoredRow.damage
        }
    }

    func bytes(_ column: Int) throws -> [UInt8] {
        let value: DatabaseValue = row[column]
        guard case .blob(let data) = value.storage else { throw StoredRow.damage }
        return [UInt8](data)
    }

    static let damage = StoreProblem("is damaged (a value is of another kind); \(StoreProblem.remedy)")

    /// All rows of a statement.
    static func all(
        _ database: Database, _ statement: String, _ arguments: StatementArguments = []
    ) throws -> [StoredRow] {
        try Row.fetchAll(database, sql: statement, arguments: arguments).map(StoredRow.init)
    }

    /// The first row of a statement.
    static func first(
        _ database: Database, _ statement: String, _ arguments: StatementArguments = []
    ) throws -> StoredRow? {
        try Row.fetchOne(database, sql: statement, arguments: arguments).map(StoredRow.init)
    }
}
