import NIOCore
import NIOPosix
import NIOSSL

@testable import PorticoGateway

#if canImport(Glibc)
    import Glibc
#endif

/// What the fake upstream does when a request is whole.
enum UpstreamStep: Sendable {
    case write(String)
    /// Writes one byte a millisecond.
    case trickle(String)
    case close
    case reset
}

/// A server on a loopback port that answers each request with scripted steps; no step means silence.
final class FakeUpstream: Sendable {
    struct Request: Sendable {
        /// Counts from 0 in the order of accepting.
        var connection: Int
        /// Counts from 0 on its connection.
        var index: Int
        var text: String
    }

    typealias Script = @Sendable (Request) -> [UpstreamStep]

    private let channel: any Channel
    private let accepted: NIOLoopBound<Counter>

    final class Counter {
        var connections = 0
        var requests = 0
    }

    static let group = MultiThreadedEventLoopGroup.singleton

    /// - Parameter clientAuthority: certificates of which clients must present one.
    init(
        certificate: String? = nil, key: String? = nil, clientAuthority: String? = nil, script: @escaping Script
    ) async throws {
        let loop = Self.group.next()
        let counter = try await loop.submit { NIOLoopBound(Counter(), eventLoop: loop) }.get()
        var tls: NIOSSLContext?
        if let certificate, let key {
            let chain = try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8)).map {
                NIOSSLCertificateSource.certificate($0)
            }
            let privateKey = try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain, privateKey: .privateKey(privateKey))
            configuration.applicationProtocols = ["http/1.1"]
            if let clientAuthority {
                configuration.certificateVerification = .noHostnameVerification
                configuration.trustRoots = .certificates(
                    try NIOSSLCertificate.fromPEMBytes(Array(clientAuthority.utf8)))
            }
            tls = try NIOSSLContext(configuration: configuration)
        }
        let context = tls
        accepted = counter
        channel = try await ServerBootstrap(group: loop)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let context {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
                    }
                    let number = counter.value.connections
                    counter.value.connections += 1
                    try channel.pipeline.syncOperations.addHandler(
                        ScriptedConnection(number: number, counter: counter.value, script: script))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    var port: Int { channel.localAddress?.port ?? 0 }

    func target(
        isTLS: Bool = false, host: String = "127.0.0.1", serverName: String? = nil,
        verification: UpstreamTarget.Verification = .full
    ) -> UpstreamTarget {
        UpstreamTarget(host: host, port: port, isTLS: isTLS, serverName: serverName, verification: verification)
    }

    var connections: Int {
        get async { await channel.eventLoop.run { self.accepted.value.connections } }
    }

    var requests: Int {
        get async { await channel.eventLoop.run { self.accepted.value.requests } }
    }

    func stop() async throws { try await channel.close() }
}

extension EventLoop {
    fileprivate func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in execute { continuation.resume(returning: body()) } }
    }
}

private final class ScriptedConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let number: Int
    private let counter: FakeUpstream.Counter
    private let script: FakeUpstream.Script
    private var received = ""
    private var index = 0

    init(number: Int, counter: FakeUpstream.Counter, script: @escaping FakeUpstream.Script) {
        self.number = number
        self.counter = counter
        self.script = script
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received += String(buffer: unwrapInboundIn(data))
        while let length = requestLength() {
            let text = String(decoding: received.utf8.prefix(length), as: UTF8.self)
            received = String(decoding: received.utf8.dropFirst(length), as: UTF8.self)
            let request = FakeUpstream.Request(connection: number, index: index, text: text)
            index += 1
            counter.requests += 1
            run(script(request)[...], context)
        }
    }

    private func requestLength() -> Int? {
        let bytes = Array(received.utf8)
        let parser = HTTPRequestParser()
        return bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress,
                case .head(let head) = parser.parse(base, count: bytes.count)
            else { return nil }
            let length = head.headLength + max(head.contentLength, 0)
            return length <= bytes.count ? length : nil
        }
    }

    private func run(_ steps: ArraySlice<UpstreamStep>, _ context: ChannelHandlerContext) {
        var steps = steps
        guard let step = steps.popFirst(), context.channel.isActive else { return }
        switch step {
        case .write(let text):
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
            run(steps, context)
        case .trickle(let text):
            guard let byte = text.utf8.first else { return run(steps, context) }
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: [byte])), promise: nil)
            let rest = String(decoding: text.utf8.dropFirst(), as: UTF8.self)
            let next = [UpstreamStep.trickle(rest)] + steps
            context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(1)) { self.run(next[...], context) }
        case .close:
            context.close(promise: nil)
        case .reset:
            // With a zero linger time the kernel sends RST instead of FIN.
            if let options = context.channel as? any SocketOptionProvider {
                options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).assumeIsolated().whenComplete { _ in
                    context.close(promise: nil)
                }
            }
        }
    }
}

/// The pools of one loop, called from a test.
final class UpstreamClient: Sendable {
    struct Answer: Sendable, Equatable {
        var status: Int
        var reason: String
        var fields: [String]
        var known: [KnownHeader]
        var body: String
        var bufferedBytes: Int
    }

    let loop: any EventLoop
    let pools: NIOLoopBound<UpstreamPools>

    init(_ configuration: UpstreamConfiguration = UpstreamConfiguration()) async throws {
        let loop = FakeUpstream.group.next()
        self.loop = loop
        pools = try await loop.submit {
            NIOLoopBound(UpstreamPools(loop: loop, configuration: configuration), eventLoop: loop)
        }.get()
    }

    /// Sends a request and waits for its outcome.
    func call(
        _ target: UpstreamTarget, _ text: String = "GET / HTTP/1.1\r\nHost: a\r\n\r\n", isHead: Bool = false,
        canRetry: Bool = true, timeoutMilliseconds: Int = 10_000
    ) async -> Result<Answer, UpstreamFailure> {
        await withCheckedContinuation { continuation in
            loop.execute {
                let receiver = Collector { continuation.resume(returning: $0) }
                let pool = self.pools.value.pool(for: target)
                _ = pool.send(
                    ByteBuffer(string: text), isHead: isHead, canRetry: canRetry,
                    timeoutMilliseconds: timeoutMilliseconds, receiver: receiver)
                receiver.hasReturned = true
            }
        }
    }

    /// Sends requests in one turn of the loop, so that they are under way together, and waits for all outcomes.
    func calls(_ target: UpstreamTarget, _ texts: [String]) async -> [Result<Answer, UpstreamFailure>] {
        let (outcomes, continuation) = AsyncStream.makeStream(of: (Int, Result<Answer, UpstreamFailure>).self)
        loop.execute {
            let pool = self.pools.value.pool(for: target)
            for (index, text) in texts.enumerated() {
                let receiver = Collector { continuation.yield((index, $0)) }
                _ = pool.send(
                    ByteBuffer(string: text), isHead: false, canRetry: false, timeoutMilliseconds: 10_000,
                    receiver: receiver)
                receiver.hasReturned = true
            }
        }
        var collected: [(Int, Result<Answer, UpstreamFailure>)] = []
        for await outcome in outcomes {
            collected.append(outcome)
            if collected.count == texts.count { break }
        }
        return collected.sorted { $0.0 < $1.0 }.map(\.1)
    }

    /// Runs on the client's loop.
    func onLoop<Value: Sendable>(_ body: @escaping @Sendable (UpstreamPools) -> Value) async -> Value {
        await loop.run { body(self.pools.value) }
    }

    func shutdown() async { await onLoop { $0.shutdown() } }

    private final class Collector: UpstreamReceiver {
        private var outcome: ((Result<Answer, UpstreamFailure>) -> Void)?
        var hasReturned = false

        init(_ outcome: @escaping (Result<Answer, UpstreamFailure>) -> Void) {
            self.outcome = outcome
        }

        func upstreamDidReceive(_ response: UpstreamResponse) {
            let answer = response.withHeadBytes { bytes in
                func text(_ offset: Int, _ length: Int) -> String {
                    String(decoding: bytes[offset..<offset + length], as: UTF8.self)
                }
                return Answer(
                    status: response.status, reason: text(response.reasonOffset, response.reasonLength),
                    fields: response.headers.spans.map {
                        text(Int($0.nameOffset), Int($0.nameLength)) + ": "
                            + text(Int($0.valueOffset), Int($0.valueLength))
                    }, known: response.headers.spans.map(\.known), body: String(buffer: response.body),
                    bufferedBytes: response.bufferedBytes)
            }
            finish(.success(answer))
        }

        func upstreamDidFail(_ failure: UpstreamFailure) { finish(.failure(failure)) }

        private func finish(_ result: Result<Answer, UpstreamFailure>) {
            precondition(hasReturned, "called back before `send` returned")
            guard let outcome else { preconditionFailure("called back twice") }
            self.outcome = nil
            outcome(result)
        }
    }
}

extension Result where Success == UpstreamClient.Answer, Failure == UpstreamFailure {
    var answer: UpstreamClient.Answer? { try? get() }

    var failure: UpstreamFailure? {
        if case .failure(let failure) = self { return failure }
        return nil
    }
}
