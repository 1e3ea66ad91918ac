import Glibc
import PorticoIR
import PorticoTestSupport
import Testing

@testable import PorticoStores

@Suite("Usage in SQLite")
struct SQLiteUsageStoreTests {
    let folder: TemporaryFolder
    let store: SQLiteUsageStore

    init() throws {
        folder = try TemporaryFolder()
        store = SQLiteUsageStore(folder: folder.path + "/.portico")
    }

    private func record(_ plan: String, _ key: String, _ day: Int, _ used: Int) -> UsageRecord {
        UsageRecord(plan: plan, key: key, usage: DailyUsage(day: day, used: used))
    }

    @Test("Without a store nothing was used, and reading makes none; adding nothing makes none either")
    func noStore() throws {
        #expect(try store.usage(from: 0, to: 100_000).isEmpty)
        try store.add([])
        #expect(access(folder.path + "/.portico", F_OK) != 0)
    }

    @Test("Counts of a plan, key and day add up, also by another store over the same file; the file is its owner's")
    func sums() throws {
        let odd = "a'); DROP TABLE usage; --"
        try store.add([record("p", "k", 10, 3), record("p", "k", 11, 1), record("p", odd, 10, 2)])
        try SQLiteUsageStore(folder: folder.path + "/.portico").add([record("p", "k", 10, 4), record("q", "k", 10, 1)])
        let all = [record("p", odd, 10, 2), record("p", "k", 10, 7), record("p", "k", 11, 1), record("q", "k", 10, 1)]
        #expect(try store.usage(from: 10, to: 11) == all)
        #expect(try store.usage(from: 10, to: 10) == all.filter { $0.usage.day == 10 })
        for file in ["usage.sqlite", "usage.sqlite-wal"] {
            #expect(StoreFile.mode("\(folder.path)/.portico/\(file)") == 0o600, "\(file)")
        }
    }

    @Test("Beside the days asked for come the first days of all, once each")
    func firstDays() throws {
        try store.add([
            record("p", "a", 1, 5), record("p", "a", 2, 6), record("p", "a", 9, 7), record("p", "b", 9, 8),
            record("q", "a", 3, 9), record("q", "a", 20, 10),
        ])
        #expect(
            try store.usage(from: 8, to: 12) == [
                record("p", "a", 1, 5), record("p", "a", 9, 7), record("p", "b", 9, 8), record("q", "a", 3, 9),
            ])
        #expect(try store.usage(from: 1, to: 2) == [record("p", "a", 1, 5), record("p", "a", 2, 6)])
    }

    @Test("Rows of more than 400 days are deleted with the first addition of a day, but never a first day")
    func pruning() throws {
        try store.add([record("p", "a", 100, 1), record("p", "a", 101, 2), record("p", "b", 101, 3)])
        try store.add([record("p", "a", 501, 4)])
        // Day 101 is 400 days old.
        #expect(try store.usage(from: 0, to: 501).count == 4)
        try store.add([record("p", "c", 502, 5)])
        let left = [
            record("p", "a", 100, 1), record("p", "a", 501, 4), record("p", "b", 101, 3), record("p", "c", 502, 5),
        ]
        #expect(try store.usage(from: 0, to: 502) == left)
        // A store that was just opened prunes, too, and an earlier day deletes nothing more.
        let other = SQLiteUsageStore(folder: folder.path + "/.portico")
        try other.add([record("p", "a", 902, 6)])
        try other.add([record("p", "a", 50, 7)])
        #expect(
            try store.usage(from: 0, to: 902) == [
                record("p", "a", 50, 7), record("p", "a", 100, 1), record("p", "a", 902, 6), record("p", "b", 101, 3),
                record("p", "c", 502, 5),
            ])
    }

    @Test("An addition outlasts the end of the process, and does not wait for the disk")
    func durability() throws {
        try store.add([record("p", "k", 1, 1)])
        #expect(try store.durability() == .processEnd)
    }

    @Test("A damaged, foreign or newer file is refused in words", arguments: StoreFile.damages)
    func damage(_ kind: String, _ reason: String) throws {
        do { try SQLiteUsageStore(folder: folder.path + "/.portico").add([record("p", "k", 1, 1)]) }
        try StoreFile.damage(store.path, kind, tables: ["usage"])
        if reason.isEmpty {
            #expect(try store.usage(from: 0, to: 9).isEmpty)
            return
        }
        for attempt in [{ _ = try store.usage(from: 0, to: 9) }, { try store.add([record("p", "k", 1, 1)]) }]
            as [() throws -> Void]
        {
            do {
                try attempt()
                Issue.record("\(kind) is taken for a store")
            } catch let error as UsageStoreError {
                #expect("\(error)".contains(reason) && "\(error)".contains(store.path), "\(error)")
            }
        }
    }

    @Test("A value of another kind, and a count that is too large, are errors and do not end the process")
    func wrongKinds() throws {
        try store.add([record("p", "k", 1, .max)])
        #expect(throws: UsageStoreError.self) { try store.add([record("p", "k", 1, 1)]) }
        #expect(try store.usage(from: 1, to: 1) == [record("p", "k", 1, .max)])
        try StoreFile.execute(
            store.path,
            "DROP TABLE usage; CREATE TABLE usage (plan, key, day, used); INSERT INTO usage VALUES (x'00', 1.5, 1, 'many')"
        )
        #expect(throws: UsageStoreError.self) {
            _ = try SQLiteUsageStore(folder: folder.path + "/.portico").usage(from: 0, to: 9)
        }
    }

    @Test("Of four writers that begin at once no count is lost")
    func writersAtOnce() async throws {
        let path = folder.path + "/.portico"
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                group.addTask {
                    let store = SQLiteUsageStore(folder: path)
                    for _ in 0..<50 {
                        try store.add([
                            UsageRecord(plan: "p", key: "all", usage: DailyUsage(day: 1, used: 1)),
                            UsageRecord(plan: "p", key: "\(writer)", usage: DailyUsage(day: 1, used: 2)),
                        ])
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(
            try store.usage(from: 1, to: 1)
                == (0..<4).map { record("p", "\($0)", 1, 100) } + [record("p", "all", 1, 200)])
    }
}
