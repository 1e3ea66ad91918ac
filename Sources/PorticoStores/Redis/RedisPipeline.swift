internal import NIOCore
internal import PorticoIR

/// Hears what happens on a connection. On its loop.
protocol RedisPipelineObserver: AnyObject {
    /// A command was not answered in time, or an answer came after all.
    func pipeline(_ pipeline: RedisPipeline, isStalled: Bool)
    /// The connection has ended; every command was told.
    func pipelineDidEnd(_ pipeline: RedisPipeline, _ reason: String)
}

/// Takes the answer of a command, or why there is none. Called once.
typealias RedisCompletion = @Sendable (Result<RESPValue, SharedStoreError>) -> Void

/// One connection to a Redis server: commands go out as they come, answers come back in their order.
///
/// A command that is not answered in time fails, and its place is kept, so that a late answer meets nobody else. Until
/// something comes nothing more is sent; if nothing comes for ``stallLimit``, the peer is taken for gone.
///
/// Belongs to its event loop.
final class RedisPipeline: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// How long a connection may be silent that owes an answer.
    static let stallLimit = TimeAmount.seconds(2)
    /// How often deadlines are looked at.
    private static let tick = TimeAmount.milliseconds(10)
    /// Answers of a server that will not be of use soon: it loads its data, or it became a replica.
    private static let hopelessErrors = ["LOADING", "READONLY", "MASTERDOWN", "NOAUTH"]

    private struct Waiting {
        var deadline: NIODeadline
        /// `nil` once it has failed.
        var completion: RedisCompletion?
    }

    weak var observer: (any RedisPipelineObserver)?
    /// Takes what is published in the channel that the connection has subscribed to, at any time between answers.
    var subscriber: (@Sendable ([UInt8]) -> Void)?
    private let loop: any EventLoop
    private var context: ChannelHandlerContext?
    private var parser: RESPParser
    private var waiting = CircularBuffer<Waiting>()
    private var lastSign = NIODeadline.now()
    private var isStalled = false
    private var isFlushing = false
    private var isTicking = false
    private var hasEnded = false
    /// Why it is being closed.
    private var reason: String?

    init(loop: any EventLoop, limits: RESPLimits) {
        self.loop = loop
        parser = RESPParser(limits: limits)
    }

    /// Whether an answer is owed.
    var isIdle: Bool { waiting.isEmpty }

    /// Sends a command.
    func send(_ command: RedisCommand, deadline: NIODeadline, _ completion: @escaping RedisCompletion) {
        guard let context, !hasEnded, reason == nil else { return completion(.failure(.unavailable)) }
        if waiting.isEmpty { lastSign = .now() }
        waiting.append(Waiting(deadline: deadline, completion: completion))
        context.write(wrapOutboundOut(command.bytes), promise: nil)
        if !isFlushing {
            isFlushing = true
            // Behind the commands that wait in the loop's queue: one write to the socket for all of them.
            let bound = NIOLoopBound(self, eventLoop: loop)
            loop.execute { bound.value.flush() }
        }
        startTicking()
    }

    /// Ends the connection; commands under way fail.
    func close(_ reason: String) {
        if self.reason == nil { self.reason = reason }
        context?.close(promise: nil)
    }

    private func flush() {
        isFlushing = false
        context?.flush()
    }

    // MARK: - Time

    private func startTicking() {
        guard !isTicking else { return }
        isTicking = true
        let bound = NIOLoopBound(self, eventLoop: loop)
        loop.scheduleTask(in: RedisPipeline.tick) { bound.value.check() }
    }

    private func check() {
        isTicking = false
        guard !hasEnded, !waiting.isEmpty else { return }
        let now = NIODeadline.now()
        if now - lastSign > RedisPipeline.stallLimit {
            return close("no answer for \(RedisPipeline.stallLimit.nanoseconds / 1_000_000) ms")
        }
        // Before anybody is told, who might send more at once.
        var late: [RedisCompletion] = []
        for index in waiting.indices where waiting[index].deadline <= now {
            guard let completion = waiting[index].completion else { continue }
            waiting[index].completion = nil
            late.append(completion)
        }
        if !late.isEmpty, !isStalled {
            isStalled = true
            observer?.pipeline(self, isStalled: true)
        }
        startTicking()
        for completion in late { completion(.failure(.timedOut)) }
    }

    // MARK: - The channel

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        end("the connection was closed")
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        lastSign = .now()
        parser.append(&bytes)
        do throws(RESPProblem) {
            while let value = try parser.next() {
                if let subscriber, let message = RedisPipeline.published(value) {
                    subscriber(message)
                    continue
                }
                guard !waiting.isEmpty else { return close("an answer to no command") }
                let command = waiting.removeFirst()
                command.completion?(.success(value))
                if case .error(let text) = value, let word = text.split(separator: " ").first,
                    RedisPipeline.hopelessErrors.contains(String(word))
                {
                    close("the server answers \(RedisPipeline.printable(text))")
                }
            }
        } catch {
            return close("an answer that is none: \(error.reason)")
        }
        // Answers that came while somebody waited in vain show that it goes on; the next late one stops it again.
        if isStalled, waiting.allSatisfy({ $0.completion != nil }) {
            isStalled = false
            observer?.pipeline(self, isStalled: false)
        }
    }

    /// The message, if that is one and no answer. Source: Redis, "Pub/Sub", format of pushed messages.
    private static func published(_ value: RESPValue) -> [UInt8]? {
        guard case .array(let parts) = value, parts.count == 3, parts[0] == messageKind,
            case .bulk(let bytes) = parts[2]
        else { return nil }
        return bytes
    }

    private static let messageKind = RESPValue.bulk(Array("message".utf8))

    func channelInactive(context: ChannelHandlerContext) {
        end("the server ended the connection")
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        close("\(error)")
    }

    private func end(_ reason: String) {
        guard !hasEnded else { return }
        hasEnded = true
        let failed = waiting
        waiting.removeAll()
        observer?.pipelineDidEnd(self, self.reason ?? reason)
        for command in failed { command.completion?(.failure(.connectionLost)) }
    }

    /// What a server says, fit for a log: one line of at most 200 characters.
    static func printable(_ text: String) -> String {
        String(text.unicodeScalars.prefix(200).map { $0.value < 0x20 || $0.value == 0x7F ? "?" : Character($0) })
    }
}
