// Hot: no, only records that are sent elsewhere come here. Allocates: the queue and its batches.

internal import Synchronization

/// A request over HTTP that carries a batch.
struct DeliveryRequest: Sendable {
    /// Header fields but those of every request (`Host`, `Content-Length`); names in their usual case.
    var headers: [(name: String, value: String)]
    var body: [UInt8]
    /// When the batch's time ends; the transport should end its call then.
    var timeoutMilliseconds = 10_000
}

/// What came of a request.
enum DeliveryResponse: Sendable {
    /// An answer. `retryAfter` is the value of that header.
    case answer(status: Int, retryAfter: String?, body: [UInt8])
    /// No answer: no connection, a broken one, or too late.
    case failure(String)
}

/// Sends one request without waiting, and calls back once, from any thread, but not before it has returned. If it never
/// does, the batch's time ends all the same, by the queue's own clock.
typealias DeliveryTransport =
    @Sendable (
        _ request: DeliveryRequest, _ completion: @escaping @Sendable (DeliveryResponse) -> Void
    ) -> Void

/// Numbers of a delivery for metrics and logs.
struct DeliveryFigures: Sendable, Hashable {
    /// Records that wait or are under way.
    var waiting: Int
    var waitingBytes: Int
    /// Records that the other side took.
    var delivered: Int
    var failedAttempts: Int
    var losses: DeliveryQueue.Losses
}

/// How batches look on the wire.
protocol DeliveryFormat: Sendable {
    /// The request for those records.
    func request(_ records: [[UInt8]]) -> DeliveryRequest
    /// What an answer means for them.
    func outcome(of response: DeliveryResponse, recordCount: Int) -> DeliveryQueue.Outcome
}

/// Sends records in batches: any thread hands them over, and one timer calls ``poll(flushes:)`` a few times a second.
///
/// Records are handed over under a lock that is held for an append. Nothing here waits.
final class Delivery<Format: DeliveryFormat>: Sendable {
    private let format: Format
    private let transport: DeliveryTransport
    private let clock: @Sendable () -> Int
    private let random: @Sendable () -> UInt64
    private let queue: Mutex<DeliveryQueue>
    private let problem = Mutex<String?>(nil)
    private let timeoutMilliseconds: Int

    /// `clock` gives milliseconds and never goes back; `random` gives any 64 bits.
    init(
        _ format: Format, limits: DeliveryQueue.Limits, transport: @escaping DeliveryTransport,
        clock: @escaping @Sendable () -> Int = { monotonicMilliseconds() },
        random: @escaping @Sendable () -> UInt64 = {
            var system = SystemRandomNumberGenerator()
            return system.next()
        }
    ) {
        self.format = format
        self.transport = transport
        self.clock = clock
        self.random = random
        timeoutMilliseconds = limits.timeoutMilliseconds
        queue = Mutex(DeliveryQueue(limits))
    }

    /// Takes records.
    func push(_ records: [[UInt8]]) {
        let now = clock()
        queue.withLock { queue in
            for record in records { queue.push(record, now: now) }
        }
    }

    /// Sends what is due. `flushes` sends what waits without waiting for more, as at the end of a server.
    func poll(flushes: Bool = false) {
        let now = clock()
        let jitter = random()
        guard let batch = queue.withLock({ $0.next(now: now, flushes: flushes, jitter: jitter) }) else { return }
        let count = batch.records.count
        var request = format.request(batch.records)
        request.timeoutMilliseconds = timeoutMilliseconds
        transport(request) { [weak self] response in
            self?.finish(batch.attempt, response, count, flushes: flushes)
        }
    }

    private func finish(_ attempt: Int, _ response: DeliveryResponse, _ count: Int, flushes: Bool) {
        let outcome = format.outcome(of: response, recordCount: count)
        if case .delivered = outcome {} else { problem.withLock { $0 = Self.describe(response) } }
        let now = clock()
        let jitter = random()
        let goesOn = queue.withLock { queue in
            queue.finish(attempt, outcome, now: now, jitter: jitter)
            return !queue.isIdle
        }
        // The next batch may be full already.
        if goesOn { poll(flushes: flushes) }
    }

    private static func describe(_ response: DeliveryResponse) -> String {
        switch response {
        case .answer(let status, _, let body):
            let text = String(decoding: body.prefix(200), as: UTF8.self)
            return text.isEmpty ? "status \(status)" : "status \(status): \(text)"
        case .failure(let reason): return reason
        }
    }

    var figures: DeliveryFigures {
        queue.withLock { queue in
            DeliveryFigures(
                waiting: queue.count, waitingBytes: queue.byteCount, delivered: queue.delivered,
                failedAttempts: queue.failedAttempts, losses: queue.losses)
        }
    }

    /// Whether nothing waits and nothing is under way.
    var isIdle: Bool { queue.withLock { $0.isIdle } }

    /// What went wrong since this was asked last; `nil` for nothing. May hold text of the other side.
    func takeProblem() -> String? {
        problem.withLock { problem in
            defer { problem = nil }
            return problem
        }
    }
}
