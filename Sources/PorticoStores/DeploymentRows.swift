internal import FoundationEssentials
internal import GRDB
internal import PorticoIR

/// Deployments as rows. A change of the tables is one more migration below; those that are there stay as they are.
enum DeploymentRows {
    static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("deployments") { database in
            // The snapshot stands last: SQLite reads the pages of a long value only when it is asked for.
            // What a stage served earlier may be deleted, so that stageHistory refers to stages only.
            try database.execute(
                sql: """
                    CREATE TABLE deployment (
                        number INTEGER PRIMARY KEY AUTOINCREMENT,
                        id TEXT NOT NULL UNIQUE,
                        api TEXT NOT NULL,
                        description TEXT NOT NULL,
                        created INTEGER NOT NULL,
                        snapshot BLOB NOT NULL
                    ) STRICT;
                    CREATE TABLE stage (
                        api TEXT NOT NULL,
                        name TEXT NOT NULL,
                        deployment TEXT NOT NULL REFERENCES deployment (id),
                        settings TEXT NOT NULL REFERENCES deployment (id),
                        canary TEXT REFERENCES deployment (id),
                        percentTraffic REAL NOT NULL CHECK (percentTraffic BETWEEN 0 AND 100),
                        usesStageCache INTEGER NOT NULL CHECK (usesStageCache IN (0, 1)),
                        updated INTEGER NOT NULL,
                        PRIMARY KEY (api, name)
                    ) STRICT;
                    CREATE TABLE stageVariable (
                        api TEXT NOT NULL,
                        stage TEXT NOT NULL,
                        ofCanary INTEGER NOT NULL CHECK (ofCanary IN (0, 1)),
                        name TEXT NOT NULL,
                        value TEXT NOT NULL,
                        PRIMARY KEY (api, stage, ofCanary, name),
                        FOREIGN KEY (api, stage) REFERENCES stage (api, name) ON DELETE CASCADE
                    ) STRICT, WITHOUT ROWID;
                    CREATE TABLE stageHistory (
                        api TEXT NOT NULL,
                        stage TEXT NOT NULL,
                        deployment TEXT NOT NULL,
                        previous TEXT,
                        PRIMARY KEY (api, stage, deployment),
                        FOREIGN KEY (api, stage) REFERENCES stage (api, name) ON DELETE CASCADE
                    ) STRICT, WITHOUT ROWID;
                    CREATE INDEX deploymentByAPI ON deployment (api);
                    """)
        }
        return migrator
    }()

    /// Of an API, the newest first; none in a database that was made and not filled.
    static func all(_ api: String, _ database: Database) throws -> [StoredDeployment] {
        guard try database.tableExists("deployment") else { return [] }
        return try StoredRow.all(
            database, "SELECT id, api, description, created FROM deployment WHERE api = ? ORDER BY number DESC", [api]
        ).map { row in
            StoredDeployment(
                id: try row.text(0), api: try row.text(1), description: try row.text(2),
                createdMilliseconds: try row.number(3))
        }
    }

    static func snapshot(_ id: String, _ database: Database) throws -> [UInt8]? {
        guard try database.tableExists("deployment") else { return nil }
        return try StoredRow.first(database, "SELECT snapshot FROM deployment WHERE id = ?", [id])?.bytes(0)
    }

    /// Whether an API has a deployment of that id.
    static func has(_ id: String, _ api: String, _ database: Database) throws -> Bool {
        try StoredRow.first(database, "SELECT 1 FROM deployment WHERE id = ? AND api = ?", [id, api]) != nil
    }

    static func insert(_ deployment: StoredDeployment, _ snapshot: [UInt8], _ database: Database) throws {
        if try StoredRow.first(database, "SELECT 1 FROM deployment WHERE id = ?", [deployment.id]) != nil {
            throw DeploymentStoreError.refused("there is a deployment '\(deployment.id)' already")
        }
        try database.execute(
            sql: "INSERT INTO deployment (id, api, description, created, snapshot) VALUES (?, ?, ?, ?, ?)",
            arguments: [
                deployment.id, deployment.api, deployment.description, deployment.createdMilliseconds, Data(snapshot),
            ])
    }

    static func delete(_ id: String, _ database: Database) throws {
        try database.execute(sql: "DELETE FROM deployment WHERE id = ?", arguments: [id])
    }
}
