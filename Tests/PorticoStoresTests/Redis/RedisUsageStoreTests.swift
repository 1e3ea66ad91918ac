import NIOCore
import NIOPosix
import PorticoIR
import PorticoTestSupport
import Testing

@testable import PorticoStores

@Suite("Usage in Redis", .timeLimit(.minutes(5)))
struct RedisUsageStoreTests {
    private func record(_ plan: String, _ key: String, _ day: Int, _ used: Int) -> UsageRecord {
        UsageRecord(plan: plan, key: key, usage: DailyUsage(day: day, used: used))
    }

    @Test("Counts add up by plan, key and day, and are read with the first day of each")
    func roundTrip() async throws {
        let server = try await RedisServer()
        let connection = try await server.store()
        let (first, second) = (RedisUsageStore(connection), RedisUsageStore(connection))
        try await offLoop {
            #expect(try first.usage(from: 0, to: 30_000).isEmpty)
            try first.add([])
            try first.add([record("p", "k", 20_000, 3), record("p", "k", 20_000, 1), record("p:1", "ü\r\n", 20_001, 2)])
            try second.add([record("p", "k", 20_000, 1), record("p", "k", 20_002, 7), record("p", "l", 20_002, 1)])
            #expect(
                try second.usage(from: 20_000, to: 20_002) == [
                    record("p", "k", 20_000, 5), record("p", "k", 20_002, 7), record("p", "l", 20_002, 1),
                    record("p:1", "ü\r\n", 20_001, 2),
                ])
            // The first day of each, though it lies before.
            #expect(
                try first.usage(from: 20_002, to: 20_002) == [
                    record("p", "k", 20_000, 5), record("p", "k", 20_002, 7), record("p", "l", 20_002, 1),
                    record("p:1", "ü\r\n", 20_001, 2),
                ])
            #expect(try first.usage(from: 5, to: 4).count == 3)
            // Many.
            let many = (0..<5000).map { record("plan", "key \($0)", 20_005, $0 + 1) }
            try first.add(many)
            #expect(
                try second.usage(from: 20_005, to: 20_005).filter { $0.plan == "plan" }.map(\.usage.used).sorted()
                    == Array(1...5000))
        }
        await connection.shutDown()
    }

    @Test("Counts whose answer was lost are added once, whether they arrived or not")
    func doubt() async throws {
        let server = try await RedisServer()
        let connection = try await server.store()
        let store = RedisUsageStore(connection)
        try await offLoop { try store.add([record("p", "k", 1, 1)]) }
        server.freeze()
        await #expect(throws: UsageStoreError.self) {
            try await offLoop { try store.add([record("p", "k", 1, 10), record("p", "l", 1, 5)]) }
        }
        // It is in the server's hands, and is carried out now.
        server.thaw()
        try await waitUntil("a connection") { connection.control.isAvailable }
        try await waitUntil("the lost command") {
            try await connection.control.send(RedisCommand("HGET", "portico:u:d:1", "1:pl"), timeout: .seconds(5))
                == .bulk(Array("5".utf8))
        }
        try await offLoop {
            try store.add([record("p", "k", 1, 110), record("p", "l", 1, 5)])
            #expect(try store.usage(from: 1, to: 1) == [record("p", "k", 1, 111), record("p", "l", 1, 5)])
        }
        // Now one that does not arrive.
        server.freeze()
        await #expect(throws: UsageStoreError.self) { try await offLoop { try store.add([record("p", "k", 1, 1000)]) } }
        try server.kill()
        try await server.start()
        try await waitUntil("a connection") { connection.control.isAvailable }
        try await offLoop {
            try store.add([record("p", "k", 1, 1000)])
            #expect(try store.usage(from: 1, to: 1) == [record("p", "k", 1, 1000)])
        }
        await connection.shutDown()
    }

    @Test("A server that is not there is an error in words")
    func absence() async throws {
        let connection = RedisSharedStore(try RedisAddress(url: "redis://:secret@127.0.0.1:\(try freePort())"))
        let store = RedisUsageStore(connection)
        do {
            _ = try await offLoop { try store.usage(from: 1, to: 2) }
            Issue.record("usage from nowhere")
        } catch {
            #expect("\(error)".contains("the shared store cannot be reached"))
            #expect(!"\(error)".contains("secret"))
        }
        await connection.shutDown()
    }

    @Test(
        "A plan and a key have one name together, and come back from it",
        arguments: [("", ""), ("p", ""), ("1:", "2:x"), ("ü", "ü")])
    func fields(_ plan: String, _ key: String) throws {
        let names = try #require(RedisUsageStore.names(of: RedisUsageStore.field(plan, key)))
        #expect(names == (plan, key))
    }

    @Test("What is no such name is none", arguments: ["", ":", "x:a", "-1:a", "9:a", "99999999999999999999:a", "1"])
    func strangers(_ field: String) { #expect(RedisUsageStore.names(of: field) == nil) }

    /// On a thread that may wait.
    private func offLoop<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await NIOThreadPool.singleton.runIfActive { try body() }
    }
}
