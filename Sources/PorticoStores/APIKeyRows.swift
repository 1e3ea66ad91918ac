internal import GRDB
internal import PorticoIR

/// API keys as rows. A change of the tables is one more migration below; those that are there stay as they are.
enum APIKeyRows {
    static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("API keys") { database in
            try database.execute(
                sql: """
                    CREATE TABLE apiKey (
                        id TEXT PRIMARY KEY NOT NULL,
                        name TEXT NOT NULL UNIQUE,
                        digest TEXT NOT NULL UNIQUE CHECK (length(digest) = 64),
                        prefix TEXT NOT NULL,
                        description TEXT NOT NULL,
                        isEnabled INTEGER NOT NULL CHECK (isEnabled IN (0, 1)),
                        created INTEGER NOT NULL,
                        updated INTEGER NOT NULL
                    ) STRICT;
                    CREATE TABLE apiKeyPlan (
                        apiKey TEXT NOT NULL REFERENCES apiKey (id) ON DELETE CASCADE,
                        position INTEGER NOT NULL,
                        name TEXT NOT NULL,
                        PRIMARY KEY (apiKey, name)
                    ) STRICT;
                    """)
        }
        return migrator
    }()

    /// All keys by name; none in a database that was made and not filled.
    static func all(_ database: Database) throws -> [StoredAPIKey] {
        guard try database.tableExists("apiKey") else { return [] }
        var plans: [String: [String]] = [:]
        for row in try StoredRow.all(database, "SELECT apiKey, name FROM apiKeyPlan ORDER BY apiKey, position") {
            plans[try row.text(0), default: []].append(try row.text(1))
        }
        return try StoredRow.all(database, "\(selection) ORDER BY name").map { row in
            try key(row, plans[try row.text(0)] ?? [])
        }
    }

    /// The key of that id, or else that name.
    static func find(_ key: String, _ database: Database) throws -> StoredAPIKey? {
        guard
            let row = try StoredRow.first(
                database, "\(selection) WHERE id = ? OR name = ? ORDER BY id = ? DESC LIMIT 1", [key, key, key])
        else { return nil }
        let plans = try StoredRow.all(
            database, "SELECT name FROM apiKeyPlan WHERE apiKey = ? ORDER BY position", [try row.text(0)])
        return try self.key(row, try plans.map { try $0.text(0) })
    }

    static func insert(_ key: StoredAPIKey, _ database: Database) throws {
        if try Row.fetchOne(database, sql: "SELECT 1 FROM apiKey WHERE name = ?", arguments: [key.name]) != nil {
            throw APIKeyStoreError.nameTaken(key.name)
        }
        let digest = Hexadecimal.text(key.digest)
        if try Row.fetchOne(database, sql: "SELECT 1 FROM apiKey WHERE digest = ?", arguments: [digest]) != nil {
            throw APIKeyStoreError.valueTaken(name: key.name)
        }
        try database.execute(
            sql: """
                INSERT INTO apiKey (id, name, digest, prefix, description, isEnabled, created, updated)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                key.id, key.name, digest, key.prefix, key.description, key.isEnabled, key.createdMilliseconds,
                key.updatedMilliseconds,
            ])
        for (position, plan) in key.usagePlans.enumerated() {
            try database.execute(
                sql: "INSERT INTO apiKeyPlan (apiKey, position, name) VALUES (?, ?, ?)",
                arguments: [key.id, position, plan])
        }
    }

    private static let selection =
        "SELECT id, name, digest, prefix, description, isEnabled, created, updated FROM apiKey"

    private static func key(_ row: StoredRow, _ plans: [String]) throws -> StoredAPIKey {
        guard let digest = Hexadecimal.bytes(try row.text(2)), digest.count == 32 else { throw StoredRow.damage }
        return StoredAPIKey(
            id: try row.text(0), name: try row.text(1), digest: digest, prefix: try row.text(3),
            description: try row.text(4), isEnabled: try row.number(5) != 0, usagePlans: plans,
            createdMilliseconds: try row.number(6), updatedMilliseconds: try row.number(7))
    }
}

/// Bytes as hexadecimal digits, two for each.
enum Hexadecimal {
    static func text(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// `nil` for anything else.
    static func bytes(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var high: UInt8?
        for character in text.utf8 {
            let digit: UInt8
            switch character {
            case 0x30...0x39: digit = character - 0x30
            case 0x61...0x66: digit = character - 0x57
            default: return nil
            }
            if let first = high {
                bytes.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        return high == nil ? bytes : nil
    }
}
