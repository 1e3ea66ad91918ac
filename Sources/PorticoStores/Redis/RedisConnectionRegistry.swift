internal import NIOCore
public import PorticoIR
internal import Synchronization

/// WebSocket connections of several processes in one Redis server.
///
/// A key for each connection names the process that has it, for a minute unless that says so again, and a key for each
/// process says that it is there. A call is published in the channel of the process that the key names, and its answer in
/// that of the process that asks. What a server without contents does not find it may not have been told of yet, so for
/// its first seconds nobody is said to be gone.
///
/// One connection sends commands and one listens. Both are made when an API with WebSocket connections is served, so that
/// other APIs have none of them. Any thread.
public final class RedisConnectionRegistry: ConnectionRegistry {
    /// How long a process that is gone is taken for one that listens anew soon.
    static let processSeconds = 5
    /// How long a server without contents says that it cannot tell: processes connect anew within three seconds.
    static let settlingSeconds = 5
    /// How long a connection counts without being told of again.
    static let connectionSeconds = 60
    /// Seconds between two times that all are told of.
    private static let refreshSeconds = 20
    /// Keys of one command.
    private static let batch = 256
    /// Calls that wait for their answers at once.
    static let mostCalls = 8192
    private static let commandTimeout = TimeAmount.seconds(1)
    /// How long a call may take.
    private static let callTimeout = TimeAmount.seconds(2)

    /// Runs calls of connections that this process has.
    typealias Run = @Sendable (ConnectionCommand, @escaping @Sendable (ConnectionAnswer) -> Void) -> Void

    private struct Clients {
        var commands: RedisClient
        var calls: RedisClient

        var areAvailable: Bool { commands.isAvailable && calls.isAvailable }
    }

    private struct Waiting {
        var loop: any CompletionLoop
        var completion: @Sendable (ConnectionAnswer) -> Void
        var timer: Scheduled<Void>?
    }

    private struct State {
        var run: Run?
        var clients: Clients?
        var timer: RepeatedTask?
        var owned: Set<ConnectionAddress> = []
        /// What changed since the server was last told; whether the connection is there.
        var changes: [ConnectionAddress: Bool] = [:]
        var isFlushing = false
        /// All are to be told of with the next tick.
        var isStale = false
        var ticks = 0
        var waiting: [UInt64: Waiting] = [:]
        var lastCall: UInt64 = 0
        var hasProblem = false
        var hasEnded = false
    }

    private let address: RedisAddress
    private let loop: any EventLoop
    /// A name that no other process has.
    private let process =
        String(UInt64.random(in: .min ... .max), radix: 36) + String(UInt64.random(in: .min ... .max), radix: 36)
    private let state = Mutex(State())

    init(_ address: RedisAddress, loop: any EventLoop) {
        self.address = address
        self.loop = loop
    }

    /// Of the connection for commands and of the one that listens, once there are any.
    public var statuses: [SharedStoreStatus] {
        state.withLock { $0.clients }.map { [$0.commands.status, $0.calls.status] } ?? []
    }

    // MARK: - Names in the server

    private func key(_ connection: ConnectionAddress) -> String {
        "\(address.prefix):w:\(connection.apiID)/\(connection.stage)/\(connection.connectionID)"
    }

    private var processKeys: String { "\(address.prefix):wp:" }
    private var beginningKey: String { "\(address.prefix):wb" }
    private var channels: String { "\(address.prefix):wc:" }

    // MARK: - Connections of this process

    /// Tells who runs calls of connections that this process has.
    public func begin(
        _ run: @escaping @Sendable (ConnectionCommand, @escaping @Sendable (ConnectionAnswer) -> Void) -> Void
    ) { state.withLock { $0.run = run } }

    /// Connects, and waits for the first attempt.
    public func connect() async {
        guard let clients = clients() else { return }
        _ = await clients.commands.waitForFirstAttempt()
        _ = await clients.calls.waitForFirstAttempt()
    }

    /// This process has that connection from now on.
    public func add(_ connection: ConnectionAddress) { change(connection, isThere: true) }

    /// This process has that connection no longer.
    public func remove(_ connection: ConnectionAddress) { change(connection, isThere: false) }

    private func change(_ connection: ConnectionAddress, isThere: Bool) {
        guard clients() != nil else { return }
        let flushes = state.withLock { state in
            guard !state.hasEnded else { return false }
            if isThere { state.owned.insert(connection) } else { state.owned.remove(connection) }
            state.changes[connection] = isThere
            defer { state.isFlushing = true }
            return !state.isFlushing
        }
        // Thousands that come or go together make few commands.
        if flushes { loop.execute { self.flush() } }
    }

    private func flush() {
        let (changes, clients) = state.withLock { state in
            defer { state.changes = [:] }
            state.isFlushing = false
            return (state.changes, state.clients)
        }
        guard let clients else { return }
        keep(changes.filter(\.value).map(\.key), clients.commands)
        let gone = changes.filter { !$0.value }.map(\.key)
        for batch in RedisConnectionRegistry.batches(gone) {
            let command = RedisCommand(words: ["DEL"] + batch.map { .text(key($0)) })
            clients.commands.send(command, timeout: RedisConnectionRegistry.commandTimeout) { _ in }
        }
    }

    /// Tells that this process has these connections.
    private func keep(_ connections: [ConnectionAddress], _ client: RedisClient) {
        for batch in RedisConnectionRegistry.batches(connections) {
            client.run(
                .keepConnections, keys: batch.map(key),
                [.text(process), RedisWord(RedisConnectionRegistry.connectionSeconds)],
                timeout: RedisConnectionRegistry.commandTimeout
            ) { result in
                if case .success(.integer) = result { return }
                self.state.withLock { $0.isStale = true }
            }
        }
    }

    private static func batches(_ connections: [ConnectionAddress]) -> [ArraySlice<ConnectionAddress>] {
        stride(from: 0, to: connections.count, by: batch).map {
            connections[$0..<min($0 + batch, connections.count)]
        }
    }

    /// The clients, which connect with the first use.
    private func clients() -> Clients? {
        state.withLock { state in
            guard state.clients == nil, !state.hasEnded else { return state.clients }
            let whenReady: @Sendable () -> Void = { [weak self] in self?.tick(tellsAll: true) }
            let made = Clients(
                commands: RedisClient(address, name: "connections", loop: loop, whenReady: whenReady),
                calls: RedisClient(
                    address, name: "calls", loop: loop,
                    subscription: RedisSubscription(channel: channels + process) { [weak self] in self?.take($0) }))
            state.clients = made
            state.timer = loop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { [weak self] _ in
                self?.tick(tellsAll: false)
            }
            return made
        }
    }

    /// Says that this process is there, and which connections it has: from time to time, on each new connection to the
    /// server, which may have lost everything, and when it may not have heard.
    private func tick(tellsAll: Bool) {
        let (clients, connections) = state.withLock { state -> (Clients?, [ConnectionAddress]) in
            guard let clients = state.clients, !state.hasEnded, clients.commands.isAvailable else { return (nil, []) }
            state.ticks += 1
            guard tellsAll || state.isStale || state.ticks >= RedisConnectionRegistry.refreshSeconds else {
                return (clients, [])
            }
            state.ticks = 0
            state.isStale = false
            return (clients, Array(state.owned))
        }
        guard let clients else { return }
        let sign = RedisCommand(
            "SET", .text(processKeys + process), "1", "EX", RedisWord(RedisConnectionRegistry.processSeconds))
        clients.commands.send(sign, timeout: RedisConnectionRegistry.commandTimeout) { _ in }
        keep(connections, clients.commands)
    }

    // MARK: - Calls of others' connections

    /// Hands a call to the process that has the connection.
    public func call(
        _ command: ConnectionCommand, on loop: any CompletionLoop,
        _ completion: @escaping @Sendable (ConnectionAnswer) -> Void
    ) {
        guard let clients = clients() else { return loop.execute { completion(.unavailable) } }
        let number = state.withLock { state -> UInt64? in
            guard state.waiting.count < RedisConnectionRegistry.mostCalls, !state.hasEnded else { return nil }
            state.lastCall &+= 1
            state.waiting[state.lastCall] = Waiting(loop: loop, completion: completion)
            return state.lastCall
        }
        guard let number else { return loop.execute { completion(.unavailable) } }
        clients.commands.afterFirstAttempt {
            clients.calls.afterFirstAttempt { self.send(command, number, clients) }
        }
    }

    /// On the loop.
    private func send(_ command: ConnectionCommand, _ number: UInt64, _ clients: Clients) {
        // Without the one that listens the answer would be lost, and the call may have been heard.
        let status = clients.calls.status
        guard clients.areAvailable else {
            status.failures.add(1, ordering: .relaxed)
            return finish(number, .unavailable)
        }
        let timer = loop.scheduleTask(in: RedisConnectionRegistry.callTimeout) {
            status.failures.add(1, ordering: .relaxed)
            status.timeouts.add(1, ordering: .relaxed)
            self.finish(number, .unavailable)
        }
        state.withLock { $0.waiting[number]?.timer = timer }
        let message = ConnectionMessage.call(number: number, process: process, command).bytes
        clients.commands.run(
            .callConnection, keys: [key(command.address), beginningKey],
            [.text(channels), .text(processKeys), .bytes(message)], timeout: RedisConnectionRegistry.commandTimeout
        ) { result in
            switch result {
            case .success(.integer(1)): break
            case .success(.integer(0)): self.finish(number, .gone)
            case .success, .failure: self.finish(number, .unavailable)
            }
        }
    }

    private func finish(_ number: UInt64, _ answer: ConnectionAnswer) {
        guard let waiting = state.withLock({ $0.waiting.removeValue(forKey: number) }) else { return }
        waiting.timer?.cancel()
        waiting.loop.execute { waiting.completion(answer) }
    }

    /// Takes what another process has published for this one. On the loop.
    private func take(_ bytes: [UInt8]) {
        // Whatever else is published there is no business of ours.
        switch ConnectionMessage(bytes) {
        case .answer(let number, let answer): finish(number, answer)
        case .call(let number, let process, let command):
            let (run, clients) = state.withLock { ($0.run, $0.clients) }
            guard let run, let clients else { return }
            run(command) { answer in
                let reply = ConnectionMessage.answer(number: number, answer).bytes
                clients.commands.send(
                    RedisCommand("PUBLISH", .text(self.channels + process), .bytes(reply)),
                    timeout: RedisConnectionRegistry.commandTimeout
                ) { _ in }
            }
        case nil: break
        }
    }

    // MARK: - State

    /// What is to be logged and was not said before.
    public func news() -> String? {
        state.withLock { state in
            guard let clients = state.clients, !state.hasEnded else { return nil }
            let lost = [clients.commands, clients.calls].first { !$0.isAvailable }
            guard let lost else {
                defer { state.hasProblem = false }
                return state.hasProblem ? "WebSocket connections of other processes can be called again" : nil
            }
            // One that was never made has no reason yet.
            guard !state.hasProblem, let reason = lost.status.lastError else { return nil }
            state.hasProblem = true
            return "the shared store: \(reason); only WebSocket connections of this process can be called"
        }
    }

    /// Says that this process has no connections any more, and ends. What waits fails.
    func shutDown() async {
        let (clients, timer, waiting) = state.withLock { state in
            state.hasEnded = true
            return (state.clients, state.timer, Array(state.waiting.keys))
        }
        timer?.cancel()
        for number in waiting { finish(number, .unavailable) }
        guard let clients else { return }
        _ = try? await clients.commands.send(
            RedisCommand("DEL", .text(processKeys + process)), timeout: RedisConnectionRegistry.commandTimeout)
        await clients.commands.shutDown()
        await clients.calls.shutDown()
    }
}
