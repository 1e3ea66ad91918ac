internal import NIOCore
internal import NIOPosix
internal import PorticoIR
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#endif

/// Sends commands to one Redis server over one connection. Any thread.
///
/// Never makes anybody wait for a connection: while there is none, or the server owes an answer, everything fails at
/// once, and the link tries by itself.
final class RedisClient: Sendable, RedisLinkObserver {
    /// Commands and bytes of commands under way, beyond which more are refused.
    static let maximumCommands = 8192
    static let maximumBytes = 32 << 20

    let status: SharedStoreStatus
    private let loop: any EventLoop
    private let link: NIOLoopBoundBox<RedisLink?>
    private let isOpen = Atomic<Bool>(false)
    private let commands = Atomic<Int>(0)
    private let bytes = Atomic<Int>(0)
    private let digests = Mutex<[String?]>(Array(repeating: nil, count: RedisScript.allCases.count))
    private let firstAttempt: EventLoopPromise<String?>
    private let hasAttempted = Atomic<Bool>(false)
    private let whenReady: (@Sendable () -> Void)?

    /// A client that connects at once, and for ever.
    ///
    /// - Parameters:
    ///   - subscription: what it listens to instead of taking commands.
    ///   - whenReady: called on the client's loop with each connection.
    init(
        _ address: RedisAddress, name: String, loop: any EventLoop, limits: RESPLimits = RESPLimits(),
        subscription: RedisSubscription? = nil, whenReady: (@Sendable () -> Void)? = nil
    ) {
        self.whenReady = whenReady
        status = SharedStoreStatus(name: name)
        self.loop = loop
        firstAttempt = loop.makePromise()
        link = NIOLoopBoundBox.makeEmptyBox(eventLoop: loop)
        loop.execute {
            let link = RedisLink(
                address, loop: self.loop, limits: limits, subscription: subscription, events: self)
            self.link.value = link
            link.connect()
        }
    }

    /// Waits for the first attempt to connect; gives why it failed.
    func waitForFirstAttempt() async -> String? { (try? await firstAttempt.futureResult.get()) ?? nil }

    /// Runs `body` on the loop when the first attempt to connect has ended, or soon if it has.
    func afterFirstAttempt(_ body: @escaping @Sendable () -> Void) {
        firstAttempt.futureResult.whenComplete { _ in body() }
    }

    /// Whether a command would be sent.
    var isAvailable: Bool { isOpen.load(ordering: .acquiring) }

    /// Sends a command. `completion` runs on the client's loop, or at once if nothing is sent.
    func send(_ command: RedisCommand, timeout: TimeAmount, _ completion: @escaping RedisCompletion) {
        guard isAvailable else { return fail(.unavailable, completion) }
        let size = command.bytes.readableBytes
        let count = commands.add(1, ordering: .relaxed).newValue
        let total = bytes.add(size, ordering: .relaxed).newValue
        let done: RedisCompletion = { result in
            self.commands.subtract(1, ordering: .relaxed)
            self.bytes.subtract(size, ordering: .relaxed)
            if case .failure(let error) = result {
                self.status.failures.add(1, ordering: .relaxed)
                if error == .timedOut { self.status.timeouts.add(1, ordering: .relaxed) }
            }
            completion(result)
        }
        guard count <= RedisClient.maximumCommands, total <= RedisClient.maximumBytes else {
            return done(.failure(.overloaded))
        }
        let deadline = NIODeadline.now() + timeout
        let start: @Sendable () -> Void = {
            // It may have ended, or begun to stall, while this was on its way.
            guard self.isAvailable, let link = self.link.value else { return done(.failure(.unavailable)) }
            self.status.commands.add(1, ordering: .relaxed)
            link.send(command, deadline: deadline, done)
        }
        if loop.inEventLoop { start() } else { loop.execute(start) }
    }

    private func fail(_ error: SharedStoreError, _ completion: RedisCompletion) {
        status.failures.add(1, ordering: .relaxed)
        completion(.failure(error))
    }

    /// Sends a command and waits for its answer; an answer that is an error is thrown.
    func send(_ command: RedisCommand, timeout: TimeAmount) async throws(SharedStoreError) -> RESPValue {
        let result = await withCheckedContinuation { continuation in
            send(command, timeout: timeout) { continuation.resume(returning: $0) }
        }
        return try RedisClient.value(result)
    }

    /// The same for threads that may wait. Never on the client's loop.
    func sendAndWait(_ command: RedisCommand, timeout: TimeAmount) throws(SharedStoreError) -> RESPValue {
        let promise = loop.makePromise(of: Result<RESPValue, SharedStoreError>.self)
        send(command, timeout: timeout) { promise.succeed($0) }
        let result: Result<RESPValue, SharedStoreError>
        do { result = try promise.futureResult.wait() } catch { throw .connectionLost }
        return try RedisClient.value(result)
    }

    private static func value(_ result: Result<RESPValue, SharedStoreError>) throws(SharedStoreError) -> RESPValue {
        let value = try result.get()
        if case .error(let text) = value { throw .refused(RedisPipeline.printable(text)) }
        return value
    }

    // MARK: - Scripts

    /// Runs a script, whether the server knows it or not.
    func run(
        _ script: RedisScript, keys: [String], _ arguments: [RedisWord], timeout: TimeAmount
    ) async throws(SharedStoreError) -> RESPValue {
        do throws(SharedStoreError) {
            return try await send(command(script, keys, arguments, knowsDigest: true), timeout: timeout)
        } catch {
            guard RedisClient.isUnknownScript(error) else { throw error }
            return try await send(command(script, keys, arguments, knowsDigest: false), timeout: timeout)
        }
    }

    /// The same for those who do not wait. `completion` runs on the client's loop, or at once if nothing is sent.
    func run(
        _ script: RedisScript, keys: [String], _ arguments: [RedisWord], timeout: TimeAmount,
        _ completion: @escaping RedisCompletion
    ) {
        send(command(script, keys, arguments, knowsDigest: true), timeout: timeout) { result in
            guard case .success(.error(let text)) = result else { return completion(result) }
            guard RedisClient.isUnknownScript(.refused(text)) else {
                return completion(.failure(.refused(RedisPipeline.printable(text))))
            }
            self.send(self.command(script, keys, arguments, knowsDigest: false), timeout: timeout, completion)
        }
    }

    /// The same for threads that may wait.
    func runAndWait(
        _ script: RedisScript, keys: [String], _ arguments: [RedisWord], timeout: TimeAmount
    ) throws(SharedStoreError) -> RESPValue {
        do throws(SharedStoreError) {
            return try sendAndWait(command(script, keys, arguments, knowsDigest: true), timeout: timeout)
        } catch {
            guard RedisClient.isUnknownScript(error) else { throw error }
            return try sendAndWait(command(script, keys, arguments, knowsDigest: false), timeout: timeout)
        }
    }

    /// A server forgets its scripts when it starts, and when it is told to.
    private static func isUnknownScript(_ error: SharedStoreError) -> Bool {
        if case .refused(let text) = error { text.hasPrefix("NOSCRIPT") } else { false }
    }

    private func command(
        _ script: RedisScript, _ keys: [String], _ arguments: [RedisWord], knowsDigest: Bool
    ) -> RedisCommand {
        let digest = knowsDigest ? digests.withLock { $0[script.rawValue] } : nil
        var words: [RedisWord] = digest.map { ["EVALSHA", .text($0)] } ?? ["EVAL", .text(script.source)]
        words.append(RedisWord(keys.count))
        for key in keys { words.append(.text(key)) }
        return RedisCommand(words: words + arguments)
    }

    // MARK: - The link

    func linkWillConnect() { status.attempts.add(1, ordering: .relaxed) }

    func linkKnows(script: Int, digest: String) {
        digests.withLock { digests in
            if digests.indices.contains(script) { digests[script] = digest }
        }
    }

    func linkIsReady() {
        status.connected(atMilliseconds: wallMilliseconds())
        isOpen.store(true, ordering: .releasing)
        attempted(nil)
        whenReady?()
    }

    func linkIsStalled(_ isStalled: Bool) {
        if isStalled {
            isOpen.store(false, ordering: .releasing)
            status.disconnected("no answer in time")
        } else {
            status.resumed(atMilliseconds: wallMilliseconds())
            isOpen.store(true, ordering: .releasing)
        }
    }

    func linkDidEnd(_ reason: String) {
        isOpen.store(false, ordering: .releasing)
        status.disconnected(reason)
        attempted(reason)
    }

    private func attempted(_ problem: String?) {
        if !hasAttempted.exchange(true, ordering: .relaxed) { firstAttempt.succeed(problem) }
    }

    /// Ends the connection; commands under way fail, and so does everything after them.
    func shutDown() async {
        try? await loop.submit {
            self.link.value?.shutDown()
            self.isOpen.store(false, ordering: .releasing)
            self.attempted("shut down")
        }.get()
    }
}

/// Milliseconds since 1970.
func wallMilliseconds() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int(time.tv_sec) * 1000 + Int(time.tv_nsec) / 1_000_000
}
