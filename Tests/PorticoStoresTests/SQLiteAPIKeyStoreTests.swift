import Glibc
import PorticoIR
import PorticoTestSupport
import Testing

@testable import PorticoStores

@Suite("API keys in SQLite")
struct SQLiteAPIKeyStoreTests {
    let folder: TemporaryFolder
    let store: SQLiteAPIKeyStore

    init() throws {
        folder = try TemporaryFolder()
        store = SQLiteAPIKeyStore(folder: folder.path + "/.portico")
    }

    /// Digest and id are made of the name.
    private func key(
        _ name: String, digest: UInt8? = nil, isEnabled: Bool = true, plans: [String] = []
    ) -> StoredAPIKey {
        StoredAPIKey(
            id: "id-\(name)", name: name, digest: [UInt8](repeating: digest ?? name.utf8.first ?? 0, count: 32),
            prefix: "abcd", description: "d", isEnabled: isEnabled, usagePlans: plans, createdMilliseconds: 5,
            updatedMilliseconds: 6)
    }

    @Test("Without a store there are no keys, and reading makes none")
    func noStore() throws {
        #expect(try store.keys().isEmpty)
        #expect(try store.changeMark() == store.changeMark())
        #expect(throws: APIKeyStoreError.unknownKey("a")) { try store.delete(key: "a") }
        #expect(throws: APIKeyStoreError.unknownKey("a")) {
            try store.setEnabled(true, key: "a", atMilliseconds: 1)
        }
        #expect(access(folder.path + "/.portico", F_OK) != 0)
    }

    @Test("Keys come back as they were added, by name, also from another store over the same file")
    func roundTrip() throws {
        let keys = [
            key("a", plans: ["x", "a'); DROP TABLE apiKey; --"]), key("b", isEnabled: false), key("ü \" '", digest: 9),
        ]
        try store.add(keys.reversed())
        #expect(try store.keys() == keys)
        #expect(try SQLiteAPIKeyStore(folder: folder.path + "/.portico").keys() == keys)
    }

    @Test("Folder and files are their owner's alone")
    func rights() throws {
        let old = umask(0)
        defer { umask(old) }
        try store.add([key("a")])
        #expect(StoreFile.mode(folder.path + "/.portico") == 0o700)
        for file in ["keys.sqlite", "keys.sqlite-wal", "keys.sqlite-shm"] {
            #expect(StoreFile.mode("\(folder.path)/.portico/\(file)") == 0o600, "\(file)")
        }
        // A folder that others could read before, and a file that somebody opened to others, are closed.
        let other = try TemporaryFolder()
        mkdir(other.path + "/.portico", 0o755)
        let second = SQLiteAPIKeyStore(folder: other.path + "/.portico")
        try second.add([key("a")])
        #expect(StoreFile.mode(other.path + "/.portico") == 0o700)
        chmod(second.path, 0o644)
        try second.add([key("b")])
        #expect(StoreFile.mode(second.path) == 0o600)
    }

    @Test("A folder that the user names keeps its rights, and the file in it has its own")
    func namedFolder() throws {
        chmod(folder.path, 0o755)
        let store = SQLiteAPIKeyStore(folder: folder.path + "/")
        try store.add([key("a")])
        #expect(StoreFile.mode(folder.path) == 0o755)
        #expect(StoreFile.mode(store.path) == 0o600)
    }

    @Test("Every commit is on the disk before it is acknowledged")
    func durability() throws {
        try store.add([key("a")])
        // FULL: the write-ahead log is synchronized at each commit.
        #expect(try store.durability() == .powerFailure)
    }

    @Test("Names and values are each there once; of several keys all are added or none")
    func uniqueness() throws {
        try store.add([key("a"), key("b")])
        #expect(throws: APIKeyStoreError.nameTaken("b")) { try store.add([key("c"), key("b", digest: 1)]) }
        #expect(throws: APIKeyStoreError.valueTaken(name: "d")) { try store.add([key("c"), key("d", digest: 97)]) }
        #expect(throws: APIKeyStoreError.nameTaken("e")) { try store.add([key("e"), key("e", digest: 1)]) }
        #expect(try store.keys().map(\.name) == ["a", "b"])
    }

    @Test("Keys are found by id, else by name; changes say what the key is then")
    func changes() throws {
        var confusing = key("z", digest: 1)
        confusing.name = "id-a"
        try store.add([key("a"), confusing])
        #expect(try store.setEnabled(false, key: "id-a", atMilliseconds: 77).name == "a")
        #expect(try store.keys().first { $0.name == "a" }?.isEnabled == false)
        #expect(try store.keys().first { $0.name == "a" }?.updatedMilliseconds == 77)
        #expect(try store.setEnabled(true, key: "a", atMilliseconds: 78).isEnabled)
        // What is so already keeps its time.
        #expect(try store.setEnabled(true, key: "a", atMilliseconds: 79).updatedMilliseconds == 78)
        #expect(try store.delete(key: "a").id == "id-a")
        #expect(throws: APIKeyStoreError.unknownKey("a")) { try store.delete(key: "a") }
        #expect(try store.keys().map(\.name) == ["id-a"])
    }

    @Test("The mark changes with each change by anybody, and with nothing else")
    func marks() throws {
        let other = SQLiteAPIKeyStore(folder: folder.path + "/.portico")
        var seen: Set<APIKeyStoreMark> = []
        func expectNew(_ what: Comment) throws {
            #expect(seen.insert(try store.changeMark()).inserted, what)
            #expect(try store.changeMark() == store.changeMark(), what)
        }
        try expectNew("no store")
        try other.add([key("a")])
        try expectNew("made by another")
        _ = try other.keys()
        #expect(try seen.contains(store.changeMark()))
        try store.add([key("b")])
        try expectNew("a change of one's own")
        _ = try other.setEnabled(false, key: "a", atMilliseconds: 1)
        try expectNew("disabled by another")
        _ = try other.delete(key: "a")
        try expectNew("deleted by another")
        for file in ["keys.sqlite", "keys.sqlite-wal", "keys.sqlite-shm"] { unlink("\(folder.path)/.portico/\(file)") }
        #expect(try store.keys().isEmpty)
        try SQLiteAPIKeyStore(folder: folder.path + "/.portico").add([key("c")])
        try expectNew("another file")
        #expect(try store.keys().map(\.name) == ["c"])
    }

    @Test(
        "A damaged, foreign or newer file is refused in words, and stays as it is",
        arguments: StoreFile.damages)
    func damage(_ kind: String, _ reason: String) throws {
        let path = store.path
        do {
            // The last connection that is closed puts the log into the file.
            let first = SQLiteAPIKeyStore(folder: folder.path + "/.portico")
            try first.add([key("a", plans: ["p"]), key("b")])
        }
        #expect(access(path + "-wal", F_OK) != 0)
        try StoreFile.damage(path, kind, tables: ["apiKeyPlan", "apiKey"])
        let fresh = SQLiteAPIKeyStore(folder: folder.path + "/.portico")
        if reason.isEmpty {
            #expect(try fresh.keys().isEmpty)
            return
        }
        for attempt in [{ _ = try fresh.keys() }, { try fresh.add([self.key("c")]) }] as [() throws -> Void] {
            do {
                try attempt()
                Issue.record("\(kind) is taken for a store")
            } catch let error as APIKeyStoreError {
                #expect("\(error)".contains(reason), "\(error)")
                #expect("\(error)".contains(path), "\(error)")
            }
        }
    }

    @Test("A value of another kind in the file is damage, and does not end the process")
    func wrongKinds() throws {
        try store.add([key("a")])
        _ = try StoreFile.execute(
            store.path,
            "DROP TABLE apiKey; CREATE TABLE apiKey (id, name, digest, prefix, description, isEnabled, created, updated); "
                + "INSERT INTO apiKey VALUES ('i', NULL, x'00', 1.5, 'd', 'yes', 'now', NULL)")
        let fresh = SQLiteAPIKeyStore(folder: folder.path + "/.portico")
        #expect(throws: APIKeyStoreError.self) { try fresh.keys() }
        #expect(throws: APIKeyStoreError.self) { try fresh.delete(key: "i") }
    }

    @Test("What cannot be recorded is not changed, and what is recorded is what was changed")
    func recording() throws {
        let log = ChangeLog()
        let recorded = SQLiteAPIKeyStore(folder: folder.path + "/.portico", record: log.record)
        try recorded.add([key("a"), key("b")])
        _ = try recorded.setEnabled(false, key: "a", atMilliseconds: 9)
        _ = try recorded.setEnabled(false, key: "a", atMilliseconds: 10)
        _ = try recorded.delete(key: "b")
        var disabled = key("a", isEnabled: false)
        disabled.updatedMilliseconds = 9
        #expect(
            log.changes == [
                .addedKeys([key("a"), key("b")]), .changedKey(from: key("a"), to: disabled), .deletedKey(key("b")),
            ])
        log.refuse()
        let refusal = APIKeyStoreError.unrecorded("no ink")
        #expect(throws: refusal) { try recorded.add([key("c")]) }
        #expect(throws: refusal) { _ = try recorded.setEnabled(true, key: "a", atMilliseconds: 11) }
        #expect(throws: refusal) { _ = try recorded.delete(key: "a") }
        #expect(try store.keys() == [disabled])
    }

    @Test("Two stores that begin at once and write at once both have all their keys in the end")
    func twoAtOnce() async throws {
        let path = folder.path + "/.portico"
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                group.addTask {
                    let store = SQLiteAPIKeyStore(folder: path)
                    for number in 0..<25 {
                        let id = "\(writer)-\(number)"
                        var digest = [UInt8](repeating: 0, count: 32)
                        digest[0] = UInt8(writer)
                        digest[1] = UInt8(number)
                        try store.add([
                            StoredAPIKey(
                                id: id, name: id, digest: digest, prefix: "", createdMilliseconds: 0,
                                updatedMilliseconds: 0)
                        ])
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try store.keys().count == 100)
    }
}
