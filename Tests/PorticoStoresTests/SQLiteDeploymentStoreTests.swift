import Glibc
import PorticoIR
import PorticoTestSupport
import Testing

@testable import PorticoStores

@Suite("Deployments in SQLite")
struct SQLiteDeploymentStoreTests {
    let folder: TemporaryFolder
    let store: SQLiteDeploymentStore

    init() throws {
        folder = try TemporaryFolder()
        store = SQLiteDeploymentStore(folder: folder.path + "/.portico")
    }

    private func deployment(_ id: String, api: String = "api", at time: Int = 1) -> StoredDeployment {
        StoredDeployment(id: id, api: api, description: "about \(id)", createdMilliseconds: time)
    }

    private func stage(
        _ deployment: String, _ name: String = "prod", api: String = "api", canary: StoredCanary? = nil,
        variables: [StoredVariable] = []
    ) -> StoredStage {
        StoredStage(
            api: api, name: name, deployment: deployment, settings: deployment, canary: canary, variables: variables,
            updatedMilliseconds: 7)
    }

    /// Deploys to `prod` of `api` the bytes of its own id.
    private func deploy(_ ids: String..., to name: String = "prod", api: String = "api") throws {
        for id in ids {
            try store.deploy(deployment(id, api: api), snapshot: Array(id.utf8), to: stage(id, name, api: api))
        }
    }

    private func serve(_ id: String, on name: String = "prod") throws {
        _ = try store.update(stage: name, ofAPI: "api") { stage in
            var stage = stage
            stage.deployment = id
            return stage
        }
    }

    @Test("Without a store there is nothing, and neither reading nor changing makes one")
    func noStore() throws {
        #expect(try store.deployments(ofAPI: "api").isEmpty && store.stages(ofAPI: "api").isEmpty)
        #expect(try store.snapshot(ofDeployment: "a") == nil)
        #expect(try store.previousDeployment(ofStage: "prod", ofAPI: "api") == nil)
        #expect(try store.changeMark() == store.changeMark())
        #expect(throws: DeploymentStoreError.unknownStage("prod")) {
            _ = try store.update(stage: "prod", ofAPI: "api") { $0 }
        }
        #expect(throws: DeploymentStoreError.unknownStage("prod")) { try store.removeStage("prod", ofAPI: "api") }
        #expect(throws: DeploymentStoreError.unknownDeployment("a")) { try store.deleteDeployment("a", ofAPI: "api") }
        #expect(try store.prune(ofAPI: "api", keeping: 0).isEmpty)
        #expect(access(folder.path + "/.portico", F_OK) != 0)
    }

    @Test("All comes back as it was written, also from another store over the same file, each API its own")
    func roundTrip() throws {
        let bytes = [UInt8](0...255) + [UInt8](repeating: 0, count: 300_000)
        try store.deploy(deployment("one", at: 5), snapshot: bytes, to: stage("one"))
        let canary = StoredCanary(
            deployment: "two", percentTraffic: 12.5, overrides: [StoredVariable(name: "b", value: "2")],
            usesStageCache: true)
        let full = stage(
            "one", canary: canary,
            variables: [
                StoredVariable(name: "a", value: "'); DROP TABLE stage; --"), StoredVariable(name: "b", value: ""),
            ])
        try store.deploy(deployment("two", at: 5), snapshot: [], to: full)
        try deploy("other", to: "beta", api: "another")
        for store in [store, SQLiteDeploymentStore(folder: folder.path + "/.portico")] {
            #expect(try store.deployments(ofAPI: "api") == [deployment("two", at: 5), deployment("one", at: 5)])
            #expect(try store.snapshot(ofDeployment: "one") == bytes && store.snapshot(ofDeployment: "two") == [])
            #expect(try store.stages(ofAPI: "api") == [full])
            #expect(try store.stages(ofAPI: "another") == [stage("other", "beta", api: "another")])
            #expect(try store.stages(ofAPI: "none").isEmpty)
        }
        #expect(StoreFile.mode(store.path) == 0o600)
        #expect(try store.durability() == .powerFailure)
    }

    @Test("A deployment and its stage are written both or neither")
    func atomicity() throws {
        try deploy("a")
        let before = try store.stages(ofAPI: "api")
        #expect(throws: DeploymentStoreError.unknownDeployment("nothing")) {
            try store.deploy(deployment("b"), snapshot: [1], to: stage("nothing"))
        }
        #expect(throws: DeploymentStoreError.refused("there is a deployment 'a' already")) {
            try store.deploy(deployment("a"), snapshot: [1], to: stage("a", "beta"))
        }
        #expect(throws: DeploymentStoreError.refused("no")) {
            _ = try store.deploy(deployment("c"), snapshot: [1], toStage: "prod") {
                _ throws(DeploymentStoreError) in throw .refused("no")
            }
        }
        // A deployment of another API is none of this one.
        try deploy("foreign", api: "another")
        #expect(throws: DeploymentStoreError.unknownDeployment("foreign")) { try serve("foreign") }
        #expect(try store.deployments(ofAPI: "api").map(\.id) == ["a"])
        #expect(try store.stages(ofAPI: "api") == before)
    }

    @Test("A snapshot may have 64 MB and no more")
    func largestSnapshot() throws {
        let bytes = [UInt8](repeating: 7, count: SQLiteDeploymentStore.longestSnapshot)
        try store.deploy(deployment("large"), snapshot: bytes, to: stage("large"))
        #expect(try store.snapshot(ofDeployment: "large")?.count == bytes.count)
        do {
            try store.deploy(deployment("larger"), snapshot: bytes + [7], to: stage("larger"))
            Issue.record("a snapshot of more than 64 MB was taken")
        } catch {
            #expect("\(error)" == "the compiled API has 67108865 bytes; a deployment may have 64 MB")
        }
        // What is deleted gives its room back.
        try deploy("small")
        _ = try store.deleteDeployment("large", ofAPI: "api")
        do { let size = try fileSizeOnceClosed(); #expect(size < 1 << 20, "\(size)") }
    }

    /// Size of the database file after another program has put the log into it.
    private func fileSizeOnceClosed() throws -> Int {
        try StoreFile.execute(store.path, "PRAGMA wal_checkpoint(TRUNCATE)")
        var status = stat()
        #expect(stat(store.path, &status) == 0)
        return Int(status.st_size)
    }

    @Test("What a stage names cannot be deleted; what none names can")
    func deletion() throws {
        try deploy("a", "b", "c", "d")
        try deploy("e", to: "beta")
        _ = try store.update(stage: "prod", ofAPI: "api") { _ in
            StoredStage(
                api: "api", name: "prod", deployment: "a", settings: "b",
                canary: StoredCanary(deployment: "c", percentTraffic: 1), updatedMilliseconds: 1)
        }
        for (id, stage) in [("a", "prod"), ("b", "prod"), ("c", "prod"), ("e", "beta")] {
            #expect(throws: DeploymentStoreError.deploymentInUse(id, stage: stage)) {
                try store.deleteDeployment(id, ofAPI: "api")
            }
        }
        #expect(throws: DeploymentStoreError.unknownDeployment("d")) { try store.deleteDeployment("d", ofAPI: "other") }
        #expect(try store.deleteDeployment("d", ofAPI: "api") == deployment("d"))
        #expect(try store.snapshot(ofDeployment: "d") == nil)
        #expect(try store.removeStage("beta", ofAPI: "api").deployment == "e")
        #expect(try store.deleteDeployment("e", ofAPI: "api").id == "e")
        #expect(try store.stages(ofAPI: "api").map(\.name) == ["prod"])
    }

    @Test("Pruning keeps the newest ones and those in use")
    func pruning() throws {
        try deploy("a", "b", "c", "d", "e")
        try serve("b")
        try deploy("x", api: "another")
        // 'e' has the settings still.
        #expect(try store.prune(ofAPI: "api", keeping: 2).map(\.id) == ["c", "a"])
        #expect(try store.deployments(ofAPI: "api").map(\.id) == ["e", "d", "b"])
        #expect(try store.prune(ofAPI: "api", keeping: 0).map(\.id) == ["d"])
        #expect(try store.prune(ofAPI: "api", keeping: -1).isEmpty)
        #expect(try store.deployments(ofAPI: "another").map(\.id) == ["x"])
    }

    @Test("A stage goes back to what it served before, over what was rolled back and what was deleted")
    func history() throws {
        func previous(_ name: String = "prod") throws -> String? {
            try store.previousDeployment(ofStage: name, ofAPI: "api")
        }
        try deploy("a")
        #expect(try previous() == nil)
        try deploy("x", to: "beta")
        try deploy("b", "c")
        #expect(try store.deployments(servedByStage: "prod", ofAPI: "api") == ["a", "b", "c"])
        // Not 'x', which was deployed to another stage.
        #expect(try previous() == "b" && previous("beta") == nil)
        try serve("b")
        #expect(try previous() == "a")
        // 'c' was rolled back: whoever goes back from 'd' wants 'b' again.
        try deploy("d")
        #expect(try previous() == "b")
        _ = try store.update(stage: "prod", ofAPI: "api") { stage in
            var stage = stage
            stage.settings = "d"
            return stage
        }
        _ = try store.deleteDeployment("b", ofAPI: "api")
        #expect(try previous() == "a")
        // One of another stage.
        try serve("x")
        #expect(try previous() == "d")
        try serve("a")
        #expect(try previous() == nil)
        _ = try store.removeStage("prod", ofAPI: "api")
        #expect(try previous() == nil)
        try deploy("z")
        #expect(try previous() == nil)
    }

    @Test("A history in a circle, as a damaged file may have it, ends")
    func circle() throws {
        try deploy("a", "b")
        try StoreFile.execute(
            store.path,
            "UPDATE stageHistory SET previous = 'gone' WHERE deployment = 'b'; "
                + "INSERT INTO stageHistory VALUES ('api', 'prod', 'gone', 'lost'), ('api', 'prod', 'lost', 'gone')")
        #expect(try store.previousDeployment(ofStage: "prod", ofAPI: "api") == nil)
    }

    @Test("The mark changes with each change by anybody, and with nothing else")
    func marks() throws {
        let other = SQLiteDeploymentStore(folder: folder.path + "/.portico")
        var seen: Set<StoreMark> = []
        func expectNew(_ what: Comment) throws {
            #expect(seen.insert(try store.changeMark()).inserted, what)
            #expect(try store.changeMark() == store.changeMark(), what)
        }
        try expectNew("no store")
        try other.deploy(deployment("a"), snapshot: [], to: stage("a"))
        try expectNew("made by another")
        _ = try other.stages(ofAPI: "api")
        #expect(try seen.contains(store.changeMark()))
        try deploy("b")
        try expectNew("a change of one's own")
        _ = try other.update(stage: "prod", ofAPI: "api") { stage in
            var stage = stage
            stage.deployment = "a"
            return stage
        }
        try expectNew("a rollback by another")
        _ = try other.removeStage("prod", ofAPI: "api")
        try expectNew("removed by another")
    }

    @Test("A damaged, foreign or newer file is refused in words", arguments: StoreFile.damages)
    func damage(_ kind: String, _ reason: String) throws {
        do {
            let first = SQLiteDeploymentStore(folder: folder.path + "/.portico")
            try first.deploy(deployment("a"), snapshot: [1], to: stage("a"))
        }
        try StoreFile.damage(store.path, kind, tables: ["stageHistory", "stageVariable", "stage", "deployment"])
        let attempts: [() throws -> Void] = [
            { _ = try store.deployments(ofAPI: "api") }, { _ = try store.stages(ofAPI: "api") },
            { _ = try store.snapshot(ofDeployment: "a") }, { _ = try store.changeMark() },
            { _ = try store.previousDeployment(ofStage: "prod", ofAPI: "api") },
            { _ = try store.deployments(servedByStage: "prod", ofAPI: "api") },
        ]
        if reason.isEmpty {
            for attempt in attempts { try attempt() }
            #expect(try store.deployments(ofAPI: "api").isEmpty)
            return
        }
        let changes: [() throws -> Void] = [
            { try deploy("b") }, { _ = try store.update(stage: "prod", ofAPI: "api") { $0 } },
            { _ = try store.deleteDeployment("a", ofAPI: "api") },
        ]
        for attempt in attempts + changes {
            do {
                try attempt()
                Issue.record("\(kind) is taken for a store")
            } catch let error as DeploymentStoreError {
                #expect("\(error)".contains(reason) && "\(error)".contains(store.path), "\(error)")
            }
        }
    }

    @Test("A value of another kind in the file is damage, and does not end the process")
    func wrongKinds() throws {
        try deploy("a")
        try StoreFile.execute(
            store.path,
            """
            PRAGMA foreign_keys = OFF;
            DROP TABLE stage;
            CREATE TABLE stage (api, name, deployment, settings, canary, percentTraffic, usesStageCache, updated);
            INSERT INTO stage VALUES ('api', 'prod', NULL, x'00', 1.5, 'all', 'yes', 'now');
            DROP TABLE deployment;
            CREATE TABLE deployment (number, id, api, description, created, snapshot);
            INSERT INTO deployment VALUES (1, 'a', 'api', NULL, 'now', 'text');
            """)
        let fresh = SQLiteDeploymentStore(folder: folder.path + "/.portico")
        #expect(throws: DeploymentStoreError.self) { try fresh.deployments(ofAPI: "api") }
        #expect(throws: DeploymentStoreError.self) { try fresh.stages(ofAPI: "api") }
        #expect(throws: DeploymentStoreError.self) { try fresh.snapshot(ofDeployment: "a") }
    }

    @Test("What cannot be recorded is not changed, and what is recorded is what was changed")
    func recording() throws {
        let log = ChangeLog()
        let recorded = SQLiteDeploymentStore(folder: folder.path + "/.portico", record: log.record)
        try recorded.deploy(deployment("a"), snapshot: [], to: stage("a"))
        try recorded.deploy(deployment("b"), snapshot: [], to: stage("b"))
        _ = try recorded.update(stage: "prod", ofAPI: "api") { _ in stage("a") }
        _ = try recorded.deleteDeployment("b", ofAPI: "api")
        #expect(
            log.changes == [
                .deployed(deployment("a"), from: nil, to: stage("a")),
                .deployed(deployment("b"), from: stage("a"), to: stage("b")),
                .changedStage(from: stage("b"), to: stage("a")), .deletedDeployments([deployment("b")]),
            ])
        try deploy("c", to: "beta")
        _ = try store.removeStage("beta", ofAPI: "api")
        log.refuse()
        let refusal = DeploymentStoreError.unrecorded("no ink")
        #expect(throws: refusal) { try recorded.deploy(deployment("d"), snapshot: [], to: stage("d")) }
        #expect(throws: refusal) { _ = try recorded.update(stage: "prod", ofAPI: "api") { _ in stage("c") } }
        #expect(throws: refusal) { _ = try recorded.removeStage("prod", ofAPI: "api") }
        #expect(throws: refusal) { _ = try recorded.deleteDeployment("c", ofAPI: "api") }
        #expect(throws: refusal) { _ = try recorded.prune(ofAPI: "api", keeping: 0) }
        #expect(try store.deployments(ofAPI: "api").map(\.id) == ["c", "a"])
        #expect(try store.stages(ofAPI: "api") == [stage("a")])
    }

    @Test(
        "Writers that begin at once both have all their deployments in the end, and changes of a stage follow each other"
    )
    func writersAtOnce() async throws {
        let path = folder.path + "/.portico"
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                group.addTask {
                    let store = SQLiteDeploymentStore(folder: path)
                    for number in 0..<15 {
                        let id = "\(writer)-\(number)"
                        // Each adds one to what it finds.
                        _ = try store.deploy(
                            StoredDeployment(id: id, api: "api", createdMilliseconds: 0), snapshot: [1], toStage: "prod"
                        ) { before throws(DeploymentStoreError) in
                            StoredStage(
                                api: "api", name: "prod", deployment: id, settings: id,
                                updatedMilliseconds: (before?.updatedMilliseconds ?? 0) + 1)
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try store.deployments(ofAPI: "api").count == 60)
        #expect(try store.stages(ofAPI: "api").first?.updatedMilliseconds == 60)
    }
}
