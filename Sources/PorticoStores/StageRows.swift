internal import GRDB
internal import PorticoIR

/// Stages as rows: what each serves, its variables, and what it served before.
enum StageRows {
    /// Of an API, by name; none in a database that was made and not filled.
    static func all(_ api: String, _ database: Database) throws -> [StoredStage] {
        guard try database.tableExists("stage") else { return [] }
        return try StoredRow.all(database, "\(selection) WHERE api = ? ORDER BY name", [api]).map {
            try stage($0, database)
        }
    }

    static func find(_ name: String, _ api: String, _ database: Database) throws -> StoredStage? {
        guard try database.tableExists("stage") else { return nil }
        return try StoredRow.first(database, "\(selection) WHERE api = ? AND name = ?", [api, name]).map {
            try stage($0, database)
        }
    }

    private static let selection =
        "SELECT api, name, deployment, settings, canary, percentTraffic, usesStageCache, updated FROM stage"

    private static func stage(_ row: StoredRow, _ database: Database) throws -> StoredStage {
        var stage = StoredStage(
            api: try row.text(0), name: try row.text(1), deployment: try row.text(2), settings: try row.text(3),
            updatedMilliseconds: try row.number(7))
        stage.variables = try variables(stage, ofCanary: false, database)
        if let deployment = try row.optionalText(4) {
            stage.canary = StoredCanary(
                deployment: deployment, percentTraffic: try row.fraction(5),
                overrides: try variables(stage, ofCanary: true, database), usesStageCache: try row.number(6) != 0)
        }
        return stage
    }

    private static func variables(
        _ stage: StoredStage, ofCanary: Bool, _ database: Database
    ) throws -> [StoredVariable] {
        try StoredRow.all(
            database,
            "SELECT name, value FROM stageVariable WHERE api = ? AND stage = ? AND ofCanary = ? ORDER BY name",
            [stage.api, stage.name, ofCanary]
        ).map { StoredVariable(name: try $0.text(0), value: try $0.text(1)) }
    }

    /// Has a stage be as told. All that it names must be there.
    static func put(_ stage: StoredStage, before: StoredStage?, _ database: Database) throws {
        for id in [stage.deployment, stage.settings] + [stage.canary?.deployment].compactMap({ $0 })
        where try !DeploymentRows.has(id, stage.api, database) {
            throw DeploymentStoreError.unknownDeployment(id)
        }
        try database.execute(
            sql: """
                INSERT INTO stage (api, name, deployment, settings, canary, percentTraffic, usesStageCache, updated)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (api, name) DO UPDATE SET
                    deployment = excluded.deployment, settings = excluded.settings, canary = excluded.canary,
                    percentTraffic = excluded.percentTraffic, usesStageCache = excluded.usesStageCache,
                    updated = excluded.updated
                """,
            arguments: [
                stage.api, stage.name, stage.deployment, stage.settings, stage.canary?.deployment,
                stage.canary?.percentTraffic ?? 0, stage.canary?.usesStageCache ?? false, stage.updatedMilliseconds,
            ])
        try database.execute(
            sql: "DELETE FROM stageVariable WHERE api = ? AND stage = ?", arguments: [stage.api, stage.name])
        for (ofCanary, variables) in [(false, stage.variables), (true, stage.canary?.overrides ?? [])] {
            for variable in variables {
                // Of two of one name the last one counts, as in the runtime.
                try database.execute(
                    sql: """
                        INSERT OR REPLACE INTO stageVariable (api, stage, ofCanary, name, value)
                        VALUES (?, ?, ?, ?, ?)
                        """,
                    arguments: [stage.api, stage.name, ofCanary, variable.name, variable.value])
            }
        }
        // What it served when it came to serve a deployment for the first time: a rollback that came later leaves that.
        try database.execute(
            sql: "INSERT OR IGNORE INTO stageHistory (api, stage, deployment, previous) VALUES (?, ?, ?, ?)",
            arguments: [stage.api, stage.name, stage.deployment, before?.deployment])
    }

    static func delete(_ stage: StoredStage, _ database: Database) throws {
        try database.execute(
            sql: "DELETE FROM stage WHERE api = ? AND name = ?", arguments: [stage.api, stage.name])
    }

    /// A stage that a deployment cannot be taken from.
    static func user(of deployment: String, _ database: Database) throws -> String? {
        try StoredRow.first(
            database, "SELECT name FROM stage WHERE ? IN (deployment, settings, canary) ORDER BY name", [deployment]
        )?.text(0)
    }

    /// What a stage has served.
    static func served(_ stage: StoredStage, _ database: Database) throws -> Set<String> {
        Set(
            try StoredRow.all(
                database, "SELECT deployment FROM stageHistory WHERE api = ? AND stage = ?", [stage.api, stage.name]
            ).map { try $0.text(0) })
    }

    /// What a stage served before what it serves, and before that where it was deleted meanwhile.
    static func previous(_ stage: StoredStage, _ database: Database) throws -> String? {
        var id = stage.deployment
        // Each entry names an older one; what a damaged file has in a circle ends with the count.
        let count =
            try StoredRow.first(
                database, "SELECT COUNT(*) FROM stageHistory WHERE api = ? AND stage = ?", [stage.api, stage.name]
            )?.number(0) ?? 0
        for _ in 0..<count {
            guard
                let previous = try StoredRow.first(
                    database, "SELECT previous FROM stageHistory WHERE api = ? AND stage = ? AND deployment = ?",
                    [stage.api, stage.name, id]
                )?.optionalText(0)
            else { return nil }
            if try DeploymentRows.has(previous, stage.api, database) { return previous }
            id = previous
        }
        return nil
    }
}
