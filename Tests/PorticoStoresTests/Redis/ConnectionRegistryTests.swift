import NIOCore
import NIOPosix
import PorticoIR
import PorticoTestSupport
import Synchronization
import Testing

@testable import PorticoStores

/// One suite for all registries of WebSocket connections.
@Suite("Registries of WebSocket connections", .timeLimit(.minutes(5)))
struct ConnectionRegistryTests {
    /// A process as registries see it: what it has, and what it was asked for.
    final class Home: Sendable {
        let registry: any ConnectionRegistry
        let answer = Setting<ConnectionAnswer>(.sent)
        let commands = Setting<[ConnectionCommand]>([])
        /// Whether it leaves calls without an answer.
        let isSilent = Setting(false)

        init(_ registry: any ConnectionRegistry) {
            self.registry = registry
            registry.begin { [weak self] command, completion in
                guard let self else { return }
                commands.change { $0.append(command) }
                if !isSilent.load() { completion(answer.load()) }
            }
        }

        func call(_ action: ConnectionCommand.Action, _ address: ConnectionAddress) async -> ConnectionAnswer {
            await withCheckedContinuation { continuation in
                registry.call(ConnectionCommand(action, of: address), on: DirectLoop()) {
                    continuation.resume(returning: $0)
                }
            }
        }
    }

    /// Two processes of one registry.
    private func run(_ kind: SharedStoreTests.Kind, _ body: (Home, Home) async throws -> Void) async throws {
        switch kind {
        case .embedded:
            let first = EmbeddedConnectionRegistry()
            let second = EmbeddedConnectionRegistry(besides: first)
            try await body(Home(first), Home(second))
        case .redis:
            let server = try await RedisServer()
            let (first, second) = (try await server.store(), try await server.store())
            try await body(Home(first.connections), Home(second.connections))
            await first.shutDown()
            await second.shutDown()
        }
    }

    private func address(_ id: String, _ stage: String = "prod", _ api: String = "a1b2c3d4e5") -> ConnectionAddress {
        ConnectionAddress(apiID: api, stage: stage, connectionID: id)
    }

    /// Waits until a call reaches somebody.
    private func wait(for address: ConnectionAddress, from home: Home) async throws {
        try await waitUntil("the connection") {
            switch await home.call(.get, address) {
            case .gone, .unavailable: false
            default: true
            }
        }
    }

    private func waitUntilGone(_ address: ConnectionAddress, from home: Home) async throws {
        // A server without contents does not know at first.
        try await waitUntil("the end") { await home.call(.get, address) == .gone }
    }

    @Test(
        "A call reaches the process that has the connection, byte for byte, and its answer comes back",
        arguments: SharedStoreTests.Kind.allCases)
    func calls(_ kind: SharedStoreTests.Kind) async throws {
        try await run(kind) { (first, second) async throws in
            let connection = address("AAAAAAAAAAAAAAA=")
            first.registry.add(connection)
            try await wait(for: connection, from: second)
            let bodies: [[UInt8]] = [
                [], [0, 10, 13, 32, 255], Array("ünïcode \u{1F44B}\nanswer 1 gone\n".utf8),
                (0..<131_072).map { UInt8(truncatingIfNeeded: $0 &* 31) },
            ]
            for body in bodies {
                first.commands.store([])
                #expect(await second.call(.post(body), connection) == .sent)
                #expect(first.commands.load() == [ConnectionCommand(.post(body), of: connection)])
            }
            for (action, answer) in [
                (.post([1]), .limited), (.delete, .closed), (.delete, .gone), (.get, .unavailable),
                (.get, .connection(report(nil))), (.get, .connection(report("a b\n c"))),
                (.get, .connection(report(""))),
            ] as [(ConnectionCommand.Action, ConnectionAnswer)] {
                first.answer.store(answer)
                first.commands.store([])
                #expect(await second.call(action, connection) == answer)
                #expect(first.commands.load() == [ConnectionCommand(action, of: connection)])
            }
            // Its own process finds it, too.
            first.answer.store(.sent)
            #expect(await first.call(.post([]), connection) == .sent)
            #expect(second.commands.load().isEmpty)
        }
    }

    private func report(_ agent: String?) -> ConnectionReport {
        ConnectionReport(
            connectedMilliseconds: 1_800_000_000_123, activeMilliseconds: 1_800_000_000_456,
            sourceAddress: "2001:db8::1", userAgent: agent)
    }

    @Test(
        "What nobody has is gone: another stage, another API, one that was removed",
        arguments: SharedStoreTests.Kind.allCases)
    func gone(_ kind: SharedStoreTests.Kind) async throws {
        try await run(kind) { (first, second) async throws in
            let connection = address("AAAAAAAAAAAAAAA=")
            first.registry.add(connection)
            try await wait(for: connection, from: second)
            for other in [
                address("AAAAAAAAAAAAAAE="), address("AAAAAAAAAAAAAAA=", "dev"),
                address("AAAAAAAAAAAAAAA=", "prod", "b1b2c3d4e5"),
            ] { try await waitUntilGone(other, from: second) }
            #expect(await second.call(.get, connection) == .sent)
            first.registry.remove(connection)
            try await waitUntilGone(connection, from: second)
            first.registry.add(connection)
            try await wait(for: connection, from: second)
        }
    }

    @Test("Hundreds that come, are called and go together", arguments: SharedStoreTests.Kind.allCases)
    func many(_ kind: SharedStoreTests.Kind) async throws {
        try await run(kind) { (first, second) async throws in
            let all = (0..<1000).map { address("connection\($0)=") }
            for connection in all { first.registry.add(connection) }
            try await wait(for: all[999], from: second)
            let answers = await withTaskGroup(of: ConnectionAnswer.self) { group in
                for connection in all { group.addTask { await second.call(.post([1]), connection) } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers == all.map { _ in .sent })
            for connection in all { first.registry.remove(connection) }
            try await waitUntilGone(all[0], from: second)
            for connection in [all[1], all[500], all[999]] { #expect(await second.call(.get, connection) == .gone) }
        }
    }

    // MARK: - Redis

    @Test("A process that does not answer leaves its caller waiting no longer than two seconds")
    func silence() async throws {
        try await run(.redis) { (first, second) async throws in
            let connection = address("AAAAAAAAAAAAAAA=")
            first.registry.add(connection)
            try await wait(for: connection, from: second)
            first.isSilent.store(true)
            #expect(await second.call(.get, connection) == .unavailable)
        }
    }

    @Test("Calls over the limit of those that wait fail at once, until others have their answers")
    func limit() async throws {
        try await run(.redis) { (first, second) async throws in
            let connection = address("AAAAAAAAAAAAAAA=")
            first.registry.add(connection)
            try await wait(for: connection, from: second)
            first.isSilent.store(true)
            let answers = Setting<[ConnectionAnswer]>([])
            let command = ConnectionCommand(.get, of: connection)
            for _ in 0..<RedisConnectionRegistry.mostCalls {
                second.registry.call(command, on: DirectLoop()) { answer in answers.change { $0.append(answer) } }
            }
            #expect(answers.load().isEmpty)
            second.registry.call(command, on: DirectLoop()) { answer in answers.change { $0.append(answer) } }
            #expect(answers.load() == [.unavailable])
            try await waitUntil("all answers") { answers.load().count == RedisConnectionRegistry.mostCalls + 1 }
            #expect(answers.load().allSatisfy { $0 == .unavailable })
            first.isSilent.store(false)
            try await waitUntil("an answer") { await second.call(.get, connection) == .sent }
        }
    }

    @Test("Connections of a process that is gone are gone, those of one that listens anew soon are not")
    func deadProcess() async throws {
        let server = try await RedisServer()
        let store = try await server.store()
        let home = Home(store.connections)
        let prefix = try server.address.prefix
        let connection = address("AAAAAAAAAAAAAAA=")
        let key = "\(prefix):w:a1b2c3d4e5/prod/AAAAAAAAAAAAAAA="
        let timeout = TimeAmount.seconds(1)
        try await waitUntilGone(connection, from: home)
        for _ in 0..<2 {
            _ = try await store.control.send(RedisCommand("SET", .text(key), "other"), timeout: timeout)
            _ = try await store.control.send(RedisCommand("SET", "\(prefix):wp:other", "1"), timeout: timeout)
            #expect(await home.call(.get, connection) == .unavailable)
            _ = try await store.control.send(RedisCommand("DEL", "\(prefix):wp:other"), timeout: timeout)
            #expect(await home.call(.get, connection) == .gone)
            #expect(try await store.control.send(RedisCommand("EXISTS", .text(key)), timeout: timeout) == .integer(0))
        }
        await store.shutDown()
    }

    @Test("What a process has told is forgotten a minute after it has last said so, and it says so again")
    func lifetimes() async throws {
        let server = try await RedisServer()
        let (store, watcher) = (try await server.store(), try await server.store())
        let home = Home(store.connections)
        let prefix = try server.address.prefix
        home.registry.add(address("AAAAAAAAAAAAAAA="))
        let key = RedisWord.text("\(prefix):w:a1b2c3d4e5/prod/AAAAAAAAAAAAAAA=")
        func ask(_ command: RedisCommand) async throws -> RESPValue {
            try await watcher.control.send(command, timeout: .seconds(1))
        }
        try await waitUntil("the connection") { try await ask(RedisCommand("EXISTS", key)) == .integer(1) }
        guard case .integer(let life) = try await ask(RedisCommand("TTL", key)) else {
            Issue.record("no lifetime")
            return
        }
        #expect((1...60).contains(life))
        guard case .array(let processes) = try await ask(RedisCommand("KEYS", "\(prefix):wp:*")), processes.count == 1,
            case .bulk(let process) = processes[0],
            case .integer(let processLife) = try await ask(RedisCommand("TTL", .bytes(process)))
        else {
            Issue.record("no process")
            return
        }
        #expect((1...5).contains(processLife))
        // A new connection to the server tells of everything anew.
        _ = try await ask(RedisCommand("DEL", key))
        _ = try await ask(RedisCommand("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"))
        try await waitUntil("the connection") { (try? await ask(RedisCommand("EXISTS", key))) == .integer(1) }
        await store.shutDown()
        try await waitUntil("the end of the process") {
            (try? await ask(RedisCommand("EXISTS", .bytes(process)))) == .integer(0)
        }
        await watcher.shutDown()
    }

    @Test("While the server is away nobody can tell, which is said once; a new one without contents is told everything")
    func outage() async throws {
        let server = try await RedisServer()
        let (store, other) = (try await server.store(), try await server.store())
        let (home, away) = (Home(store.connections), Home(other.connections))
        let connection = address("AAAAAAAAAAAAAAA=")
        #expect(home.registry.news() == nil)
        away.registry.add(connection)
        try await wait(for: connection, from: home)
        #expect(home.registry.news() == nil)
        try server.kill()
        try await waitUntil("the loss") { await home.call(.post([1]), connection) == .unavailable }
        var news: String?
        try await waitUntil("news") {
            news = home.registry.news()
            return news != nil
        }
        #expect(news?.contains("only WebSocket connections of this process") == true)
        #expect(home.registry.news() == nil)
        let failures = store.connections.statuses.map { $0.failures.load(ordering: .relaxed) }
        #expect(failures.reduce(0, +) > 0)
        try await server.start()
        // It may say that it cannot tell, never that the connection is gone.
        try await waitUntil("the connection again") {
            let answer = await home.call(.post([2]), connection)
            #expect(answer != .gone)
            return answer == .sent
        }
        try await waitUntil("good news") { home.registry.news()?.contains("can be called again") == true }
        await store.shutDown()
        await other.shutDown()
    }

    @Test("Without a server calls fail at once, and the connections of the process are kept for a server that comes")
    func late() async throws {
        let port = try freePort()
        let store = RedisSharedStore(try RedisAddress(url: "redis://127.0.0.1:\(port)"))
        _ = await store.connect()
        let home = Home(store.connections)
        let connection = address("AAAAAAAAAAAAAAA=")
        home.registry.add(connection)
        #expect(await home.call(.get, connection) == .unavailable)
        let server = try await RedisServer(port: port)
        let other = try await server.store()
        try await wait(for: connection, from: Home(other.connections))
        await store.shutDown()
        #expect(await home.call(.get, connection) == .unavailable)
        await other.shutDown()
    }

    // MARK: - Messages

    @Test("Messages are read as they were written")
    func messages() throws {
        let connection = address("AAAAAAAAAAAAAAA=")
        let messages: [ConnectionMessage] = [
            .call(number: 0, process: "p", ConnectionCommand(.post([10, 0, 32]), of: connection)),
            .call(number: .max, process: "p", ConnectionCommand(.get, of: connection)),
            .call(number: 1, process: "p", ConnectionCommand(.delete, of: connection)),
            .answer(number: 7, .sent), .answer(number: 7, .closed), .answer(number: 7, .gone),
            .answer(number: 7, .limited), .answer(number: 7, .unavailable),
            .answer(number: 7, .connection(report(nil))), .answer(number: 7, .connection(report("\n a"))),
        ]
        for message in messages { #expect(ConnectionMessage(message.bytes) == message) }
    }

    @Test(
        "What is no message is none",
        arguments: [
            "", "\n", "call", "call 1 p get a s c", "call x p get a s c\n", "call 1 p put a s c\n",
            "call 1 p get a s\n", "call 1 p get a s c d\n", "call -1 p get a s c\n", "answer 1\n", "answer 1 maybe\n",
            "answer 1 sent now\n",
            "answer 1 connection 1 2 a\n", "answer 1 connection 1 2 a b\n", "answer 1 connection x 2 a none\n",
            "other 1 sent\n", "answer 99999999999999999999 sent\n",
        ])
    func noMessages(_ text: String) { #expect(ConnectionMessage(Array(text.utf8)) == nil) }
}
