import Glibc
import NIOCore
import NIOPosix
import PorticoIR
import PorticoTestSupport
import Synchronization
import Testing

@testable import PorticoStores

/// What happens when a server dies, stands still, forgets, or talks nonsense.
@Suite("Outages of Redis", .timeLimit(.minutes(5)))
struct RedisOutageTests {
    private func taking(_ milliseconds: Int) -> BucketTaking {
        BucketTaking(
            name: "a", takenTicks: Int64(milliseconds) * 16_000_000, capacityTicks: 1_000_000 * 16_000_000)
    }

    private let key = SharedCacheKey(namespace: "n", key: [1])

    /// An error of a call.
    private func failure(_ body: () async throws(SharedStoreError) -> Void) async -> SharedStoreError? {
        do throws(SharedStoreError) {
            try await body()
            return nil
        } catch {
            return error
        }
    }

    @Test("A server that is not there is said, and calls fail at once")
    func nobody() async throws {
        let start = ContinuousClock.now
        let store = RedisSharedStore(try RedisAddress(url: "redis://127.0.0.1:\(try freePort())"))
        #expect(await store.connect()?.contains("refused") == true)
        for _ in 0..<100 {
            let error = await failure { () async throws(SharedStoreError) in
                _ = try await store.settle([taking(1)])
            }
            #expect(error == .unavailable)
            // At once: before the call returns.
            let answers = Setting<[SharedCacheAnswer]>([])
            store.get(key, on: DirectLoop()) { answer in answers.change { $0.append(answer) } }
            #expect(answers.load() == [.failed(.unavailable)])
        }
        #expect(store.statuses[0].failures.load(ordering: .relaxed) == 100)
        #expect(store.statuses[0].commands.load(ordering: .relaxed) == 0)
        // Pauses grow: after seven attempts none is shorter than a second.
        try await waitUntil("more attempts") { store.statuses[0].attempts.load(ordering: .relaxed) > 5 }
        let seconds = start.duration(to: .now) / .seconds(1)
        #expect(Double(store.statuses[0].attempts.load(ordering: .relaxed)) < 9 + seconds)
        await store.shutDown()
        #expect(await store.get(key) == .failed(.unavailable))
    }

    @Test(
        "When the server dies under load calls fail fast, and they go on when it is back, which has forgotten everything"
    )
    func death() async throws {
        let server = try await RedisServer()
        let store = try await server.store()
        let isOver = Count()
        let underWay = Count()
        let done = Count()
        let failed = Count()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    while isOver.value.load(ordering: .relaxed) == 0 {
                        let error = await failure { () async throws(SharedStoreError) in
                            _ = try await store.settle([taking(1)])
                        }
                        _ = await store.get(key)
                        switch error {
                        case nil: done.value.add(1, ordering: .relaxed)
                        case .unavailable: failed.value.add(1, ordering: .relaxed)
                        default: underWay.value.add(1, ordering: .relaxed)
                        }
                        // A loop that never waits would leave the machine no time for the server.
                        if error != nil { try await Task.sleep(for: .milliseconds(1)) }
                    }
                }
            }
            try await waitUntil("work") { done.value.load(ordering: .relaxed) > 100 }
            try server.kill()
            try await waitUntil("failures") { failed.value.load(ordering: .relaxed) > 200 }
            #expect(!store.statuses.contains { $0.isConnected })
            #expect(store.statuses[0].lastError != nil)
            try await server.start()
            try await waitUntil("both connections") { store.statuses.allSatisfy { $0.isConnected } }
            let before = done.value.load(ordering: .relaxed)
            try await waitUntil("work again") { done.value.load(ordering: .relaxed) > before + 100 }
            isOver.value.store(1, ordering: .relaxed)
        }
        // Only what had been sent waited, for the end of the connection; all else failed at once.
        #expect(underWay.value.load(ordering: .relaxed) <= 8)
        for status in store.statuses { #expect(status.reconnects == 1) }
        await store.shutDown()
    }

    @Test("A server that has lost its scripts or its keys is given them again")
    func forgetting() async throws {
        let server = try await RedisServer()
        let store = try await server.store()
        _ = try await store.settle([taking(100_000)])
        let batch = CounterBatch(source: "p", number: 1)
        let change = CounterChange(name: "k", period: 1, delta: 5, lifetimeSeconds: 60)
        #expect(try await store.add([change], batch: batch).map(\.value) == [5])
        #expect(try await store.control.send(RedisCommand("SCRIPT", "FLUSH"), timeout: .seconds(5)) == .simple("OK"))
        #expect(try await store.settle([taking(100_000)])[0].ticks > 190_000 * 16_000_000)
        #expect(try await store.control.send(RedisCommand("FLUSHALL"), timeout: .seconds(5)) == .simple("OK"))
        #expect(try await store.settle([taking(100_000)])[0].ticks <= 100_000 * 16_000_000)
        let next = CounterChange(name: "k", period: 1, delta: 1, known: 5, lifetimeSeconds: 60)
        #expect(try await store.add([next], batch: CounterBatch(source: "p", number: 2)).map(\.value) == [6])
        // Keys of another kind, or with nonsense in them, are as good as none.
        for command in [
            RedisCommand("DEL", "portico:b:a", "portico:q:k:1"), RedisCommand("HSET", "portico:b:a", "x", "y"),
            RedisCommand("SET", "portico:q:k:1", "nan"), RedisCommand("SET", "portico:g:n", "garbage"),
        ] {
            _ = try await store.control.send(command, timeout: .seconds(5))
        }
        #expect(try await store.settle([taking(100_000)])[0].ticks <= 100_000 * 16_000_000)
        #expect(try await store.add([next], batch: CounterBatch(source: "p", number: 3)).map(\.value) == [6])
        #expect(await store.get(key) == .failed(.malformed("no generation")))
        try await store.flush("n")
        guard case .miss = await store.get(key) else {
            Issue.record("no generation after a flush")
            return
        }
        await store.shutDown()
    }

    @Test("While an answer is owed calls fail at once, and the late answer brings them back on the same connection")
    func slowness() async throws {
        let server = try await RedisServer()
        let store = try await server.store()
        store.cache.send(RedisCommand("DEBUG", "SLEEP", "1.5"), timeout: .seconds(60)) { _ in }
        // On the client's own loop: threads that run tests may be late.
        let answers = Setting<[SharedCacheAnswer]>([])
        let (start, waited) = (ContinuousClock.now, Setting<Duration>(.zero))
        store.get(key, on: DirectLoop()) { answer in
            waited.store(start.duration(to: .now))
            answers.change { $0.append(answer) }
            store.get(key, on: DirectLoop()) { answer in answers.change { $0.append(answer) } }
            answers.change { $0.append(store.statuses[1].isConnected ? .hit([]) : .failed(.unavailable)) }
        }
        try await waitUntil("three answers") { answers.load().count == 3 }
        #expect(answers.load() == [.failed(.timedOut), .failed(.unavailable), .failed(.unavailable)])
        #expect(waited.load() >= .milliseconds(250))
        try await waitUntil("the late answer") { store.statuses[1].isConnected }
        guard case .miss = await store.get(key) else {
            Issue.record("no answer after a late one")
            return
        }
        #expect(store.statuses[1].connections.load(ordering: .relaxed) == 1)
        #expect(store.statuses[1].timeouts.load(ordering: .relaxed) == 1)
        await store.shutDown()
    }

    @Test("A peer that stands still is left, even by a connection that is not used, and is found again")
    func frozen() async throws {
        let server = try await RedisServer()
        let store = try await server.store()
        server.freeze()
        #expect(await store.get(key) == .failed(.timedOut))
        // The other connection is idle, and asks by itself.
        try await waitUntil("the end of both connections") {
            store.statuses.allSatisfy { !$0.isConnected && $0.attempts.load(ordering: .relaxed) > 1 }
        }
        let error = await failure { () async throws(SharedStoreError) in _ = try await store.settle([taking(1)]) }
        #expect(error == .unavailable)
        server.thaw()
        try await waitUntil("both connections") { store.statuses.allSatisfy { $0.isConnected } }
        #expect(try await store.settle([taking(1000)])[0].ticks > 0)
        await store.shutDown()
    }

    @Test("What waits has a limit in number and in bytes")
    func overload() async throws {
        let server = try await RedisServer()
        let store = try await server.store()
        server.freeze()
        let overloaded = Count()
        let others = Count()
        func send(_ command: RedisCommand, _ count: Int) async throws {
            overloaded.value.store(0, ordering: .relaxed)
            others.value.store(0, ordering: .relaxed)
            for _ in 0..<count {
                store.cache.send(command, timeout: .seconds(60)) { result in
                    (result == .failure(.overloaded) ? overloaded : others).value.add(1, ordering: .relaxed)
                }
            }
            try await waitUntil("refusals") { overloaded.value.load(ordering: .relaxed) > 0 }
        }
        try await send(RedisCommand("PING"), RedisClient.maximumCommands + 100)
        #expect(overloaded.value.load(ordering: .relaxed) == 100)
        try await waitUntil("the end of the connection") {
            others.value.load(ordering: .relaxed) == RedisClient.maximumCommands
        }
        server.thaw()
        try await waitUntil("a connection") { store.cache.isAvailable }
        server.freeze()
        let large = RedisCommand("ECHO", .bytes([UInt8](repeating: 1, count: 1 << 20)))
        try await send(large, 40)
        #expect((8...10).contains(overloaded.value.load(ordering: .relaxed)))
        server.thaw()
        await store.shutDown()
    }

    @Test(
        "Answers that are none, or too large, end the connection and not the process",
        arguments: [
            "HTTP/1.1 400 Bad Request\r\n\r\n", "$99999999999\r\n", "*1000000000\r\n", "+", "",
            "-NOAUTH Authentication required.\r\n",
            "-LOADING Redis is loading the dataset in memory\r\n", "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n",
            "+OK\r\n+OK\r\n+OK\r\n+OK\r\n+OK\r\n+OK\r\n+OK\r\n+OK\r\n",
        ])
    func nonsense(_ answer: String) async throws {
        let server = try await ScriptedServer(answer)
        let store = RedisSharedStore(try RedisAddress(url: "redis://127.0.0.1:\(server.port)"))
        let problem = await store.connect()
        #expect(problem != nil)
        #expect(problem?.contains("\r") == false)
        #expect(await store.get(key) == .failed(.unavailable))
        try await waitUntil("another attempt") { store.statuses[0].attempts.load(ordering: .relaxed) > 1 }
        await store.shutDown()
        await server.shutDown()
    }

    @Test("Password, user and database are those of the URL; a wrong password is said without it")
    func authentication() async throws {
        let server = try await RedisServer([
            "--requirepass", "p:w/@%", "--user", "gate", "on", ">other", "~*", "&*", "+@all",
        ])
        for url in [
            "redis://127.0.0.1:\(server.port)", "redis://:wrong@127.0.0.1:\(server.port)",
            "redis://gate:wrong@127.0.0.1:\(server.port)",
        ] {
            let store = RedisSharedStore(try RedisAddress(url: url))
            let problem = await store.connect()
            #expect(
                problem?.contains("NOAUTH") == true || problem?.contains("WRONGPASS") == true, "\(problem ?? "none")")
            #expect(problem?.contains("wrong@") == false)
            await store.shutDown()
        }
        for url in [
            "redis://:p%3Aw%2F%40%25@127.0.0.1:\(server.port)/9?prefix=x",
            "valkey://gate:other@127.0.0.1:\(server.port)/9?prefix=x",
        ] {
            let store = RedisSharedStore(try RedisAddress(url: url))
            #expect(await store.connect() == nil)
            _ = try await store.settle([taking(100_000)])
            #expect(try await store.control.send(RedisCommand("EXISTS", "x:b:a"), timeout: .seconds(5)) == .integer(1))
            _ = try await store.control.send(RedisCommand("SELECT", "0"), timeout: .seconds(5))
            #expect(try await store.control.send(RedisCommand("EXISTS", "x:b:a"), timeout: .seconds(5)) == .integer(0))
            await store.shutDown()
        }
        let store = RedisSharedStore(try RedisAddress(url: "redis://:p%3Aw%2F%40%25@127.0.0.1:\(server.port)/99"))
        #expect(await store.connect()?.contains("SELECT: ERR") == true)
        await store.shutDown()
    }
}

/// Sends the same bytes to each connection, once something has come.
private final class ScriptedServer {
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let channel: any Channel

    init(_ answer: String) async throws {
        channel = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Answerer(answer))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    var port: Int { channel.localAddress?.port ?? 0 }

    func shutDown() async { try? await group.shutdownGracefully() }

    private final class Answerer: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let answer: String
        private var hasAnswered = false

        init(_ answer: String) {
            self.answer = answer
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            if hasAnswered { return }
            hasAnswered = true
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
        }
    }
}
