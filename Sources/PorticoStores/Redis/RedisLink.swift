internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import PorticoIR

/// Keeps one connection to a server: makes it, and makes it anew when it has ended, after 50 ms at first and 2 s at last.
///
/// A new connection is one when the server has taken password, database and subscription, knows the scripts, and has
/// answered a ping.
/// Belongs to its event loop.
final class RedisLink: RedisPipelineObserver {
    /// Pauses between attempts. Each is shortened by up to a half, by chance, so that many processes do not come back at
    /// once.
    static let shortestPause = TimeAmount.milliseconds(50)
    static let longestPause = TimeAmount.seconds(2)
    private static let connectTimeout = TimeAmount.seconds(1)
    private static let handshakeTimeout = TimeAmount.seconds(1)
    /// A connection that lasted as long was a good one: the next pause is the shortest again.
    private static let goodLife = TimeAmount.seconds(5)
    /// A connection that is not used is asked whether it is there.
    private static let pingInterval = TimeAmount.seconds(5)

    private let address: RedisAddress
    private let loop: any EventLoop
    private let limits: RESPLimits
    private let events: any RedisLinkObserver
    private let subscription: RedisSubscription?
    private var pipeline: RedisPipeline?
    /// Taken in service after the handshake.
    private var isReady = false
    private var readySince = NIODeadline.now()
    private var pause = RedisLink.shortestPause
    private var isShutDown = false
    /// Why the handshake fails, if it does.
    private var handshakeProblem: String?
    private var tlsContext: NIOSSLContext?

    init(
        _ address: RedisAddress, loop: any EventLoop, limits: RESPLimits, subscription: RedisSubscription? = nil,
        events: any RedisLinkObserver
    ) {
        self.address = address
        self.loop = loop
        self.limits = limits
        self.subscription = subscription
        self.events = events
    }

    /// Sends on the connection that there is.
    func send(_ command: RedisCommand, deadline: NIODeadline, _ completion: @escaping RedisCompletion) {
        guard isReady, let pipeline else { return completion(.failure(.unavailable)) }
        pipeline.send(command, deadline: deadline, completion)
    }

    /// Makes the first connection, and every other one by itself.
    func connect() {
        guard !isShutDown, pipeline == nil else { return }
        events.linkWillConnect()
        let pipeline = RedisPipeline(loop: loop, limits: limits)
        pipeline.observer = self
        pipeline.subscriber = subscription?.receive
        self.pipeline = pipeline
        handshakeProblem = nil
        do {
            if address.isEncrypted, tlsContext == nil { tlsContext = try RedisLink.tlsContext(address) }
        } catch {
            return failed(pipeline, "TLS cannot be set up: \(error)")
        }
        let bound = NIOLoopBound((link: self, pipeline: pipeline), eventLoop: loop)
        let (tlsContext, host) = (tlsContext, address.host)
        ClientBootstrap(group: loop)
            .connectTimeout(RedisLink.connectTimeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tlsContext {
                        try channel.pipeline.syncOperations.addHandler(
                            RedisLink.tlsHandler(tlsContext, host: host))
                    }
                    try channel.pipeline.syncOperations.addHandler(bound.value.pipeline)
                }
            }
            .connect(host: address.host, port: address.port)
            .whenComplete { result in
                let (link, pipeline) = bound.value
                switch result {
                case .success: link.shakeHands(pipeline)
                case .failure(let error): link.failed(pipeline, RedisLink.text(of: error))
                }
            }
    }

    /// Ends the connection for good.
    func shutDown() {
        isShutDown = true
        isReady = false
        pipeline?.close("shut down")
    }

    // MARK: - Handshake

    private func shakeHands(_ pipeline: RedisPipeline) {
        guard pipeline === self.pipeline else { return }
        if isShutDown { return pipeline.close("shut down") }
        let deadline = NIODeadline.now() + RedisLink.handshakeTimeout
        let bound = NIOLoopBound((link: self, pipeline: pipeline), eventLoop: loop)
        func step(_ name: String, _ command: RedisCommand, _ take: @escaping @Sendable (RESPValue) -> Bool) {
            pipeline.send(command, deadline: deadline) { result in
                bound.value.link.answered(name, result, take)
            }
        }
        if let password = address.password {
            let words: [RedisWord] =
                address.user.map { ["AUTH", .text($0), .text(password)] } ?? ["AUTH", .text(password)]
            step("AUTH", RedisCommand(words: words)) { $0 == .simple("OK") }
        }
        if address.database != 0 {
            step("SELECT", RedisCommand("SELECT", RedisWord(address.database))) { $0 == .simple("OK") }
        }
        for (index, script) in RedisScript.allCases.enumerated() {
            let events = events
            step("SCRIPT LOAD", RedisCommand("SCRIPT", "LOAD", .text(script.source))) { value in
                guard case .bulk(let digest) = value, digest.count == 40 else { return false }
                events.linkKnows(script: index, digest: String(decoding: digest, as: UTF8.self))
                return true
            }
        }
        guard let subscription else {
            pipeline.send(RedisCommand("PING"), deadline: deadline) { result in
                bound.value.link.answered("PING", result) { $0 == .simple("PONG") }
                bound.value.link.finish(bound.value.pipeline)
            }
            return
        }
        // Behind it come messages, and nothing but a ping may be sent.
        pipeline.send(RedisCommand("SUBSCRIBE", .text(subscription.channel)), deadline: deadline) { result in
            bound.value.link.answered("SUBSCRIBE", result) { value in
                if case .array(let parts) = value { parts.last == .integer(1) } else { false }
            }
            bound.value.link.finish(bound.value.pipeline)
        }
    }

    private func answered(_ name: String, _ result: Result<RESPValue, SharedStoreError>, _ take: (RESPValue) -> Bool) {
        guard handshakeProblem == nil else { return }
        switch result {
        case .success(.error(let text)): handshakeProblem = "\(name): \(RedisPipeline.printable(text))"
        case .success(let value): if !take(value) { handshakeProblem = "\(name): no answer of Redis" }
        case .failure(let error): handshakeProblem = "\(name): \(error)"
        }
    }

    private func finish(_ pipeline: RedisPipeline) {
        guard pipeline === self.pipeline else { return }
        if let handshakeProblem { return pipeline.close(handshakeProblem) }
        isReady = true
        readySince = .now()
        events.linkIsReady()
        startPinging(pipeline)
    }

    private func startPinging(_ pipeline: RedisPipeline) {
        let bound = NIOLoopBound((link: self, pipeline: pipeline), eventLoop: loop)
        loop.scheduleTask(in: RedisLink.pingInterval) {
            let (link, pipeline) = bound.value
            guard pipeline === link.pipeline, link.isReady else { return }
            if pipeline.isIdle {
                pipeline.send(RedisCommand("PING"), deadline: .now() + RedisLink.handshakeTimeout) { _ in }
            }
            link.startPinging(pipeline)
        }
    }

    // MARK: - Ends

    func pipeline(_ pipeline: RedisPipeline, isStalled: Bool) {
        guard pipeline === self.pipeline, isReady else { return }
        events.linkIsStalled(isStalled)
    }

    func pipelineDidEnd(_ pipeline: RedisPipeline, _ reason: String) { failed(pipeline, handshakeProblem ?? reason) }

    private func failed(_ failed: RedisPipeline, _ reason: String) {
        guard failed === pipeline else { return }
        pipeline = nil
        if isReady, NIODeadline.now() - readySince > RedisLink.goodLife { pause = RedisLink.shortestPause }
        isReady = false
        events.linkDidEnd(reason)
        guard !isShutDown else { return }
        let nanoseconds = Int64.random(in: pause.nanoseconds / 2...pause.nanoseconds)
        pause = min(pause * 2, RedisLink.longestPause)
        let bound = NIOLoopBound(self, eventLoop: loop)
        loop.scheduleTask(in: .nanoseconds(nanoseconds)) { bound.value.connect() }
    }

    private static func text(of error: any Error) -> String {
        guard let failure = error as? NIOConnectionError else { return "\(error)" }
        if let last = failure.connectionErrors.last { return "\(last.error)" }
        if let problem = failure.dnsAError ?? failure.dnsAAAAError {
            return "'\(failure.host)' is not known: \(problem)"
        }
        return "cannot connect"
    }

    // MARK: - TLS

    private static func tlsContext(_ address: RedisAddress) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        if let file = address.trustedCertificates { configuration.trustRoots = .file(file) }
        return try NIOSSLContext(configuration: configuration)
    }

    private static func tlsHandler(_ context: NIOSSLContext, host: String) throws -> NIOSSLClientHandler {
        // Certificates for addresses are checked against the address that was connected to, without a name.
        let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        return try NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : host)
    }
}

/// A channel that a connection listens to, and does nothing else.
struct RedisSubscription: Sendable {
    var channel: String
    /// Called on the link's loop.
    var receive: @Sendable ([UInt8]) -> Void
}

/// Hears of a link's state. On its loop.
protocol RedisLinkObserver: AnyObject, Sendable {
    func linkWillConnect()
    /// The server has a script, under this SHA-1.
    func linkKnows(script: Int, digest: String)
    func linkIsReady()
    /// It waits for a late answer, or goes on.
    func linkIsStalled(_ isStalled: Bool)
    /// There is no connection any more, or there was none.
    func linkDidEnd(_ reason: String)
}
