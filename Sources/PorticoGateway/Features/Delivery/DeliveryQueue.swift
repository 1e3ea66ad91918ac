// Hot: no, only records that are sent elsewhere come here. Allocates: the queue.

/// What waits to be sent in batches, as a state machine: it knows no clock, no network and no format. Time is in
/// milliseconds of any clock that never goes back.
///
/// One batch is under way at a time; what is under way counts against the limits, so that a place that never answers
/// holds no more memory than the limits say.
struct DeliveryQueue {
    /// Limits and waiting times.
    struct Limits: Sendable, Hashable {
        /// Records that may wait or be under way.
        var queueRecords = 2048
        /// Their bytes.
        var queueBytes = 8 << 20
        /// Records of a batch.
        var batchRecords = 512
        /// Their bytes, each with ``recordOverhead``.
        var batchBytes = 4 << 20
        /// Bytes of one record.
        var recordBytes = 1 << 20
        /// What a record costs in a batch beside its own bytes.
        var recordOverhead = 0
        /// How long the first record of a batch waits for others.
        var delayMilliseconds = 5000
        /// How long an attempt may take.
        var timeoutMilliseconds = 10_000
        /// The wait after the first failure; it doubles with each. *Source:* OTLP specification, "Retry".
        var firstBackoffMilliseconds = 1000
        var longestBackoffMilliseconds = 30_000
        /// Attempts for one batch, then it is given up.
        var attempts = 5
    }

    /// Why records are lost.
    struct Losses: Sendable, Hashable {
        /// There was no room.
        var full = 0
        /// One record alone was longer than a batch may be.
        var tooLong = 0
        /// The other side said that it will never take them.
        var refused = 0
        /// The other side did not take them in the number of attempts.
        var givenUp = 0

        var all: Int { full + tooLong + refused + givenUp }
    }

    /// What became of an attempt.
    enum Outcome: Sendable {
        /// All is there, but for so many that the other side refused.
        case delivered(refused: Int)
        /// Try again, not before that many milliseconds if the other side said so.
        case retry(afterMilliseconds: Int?)
        /// Try again with those of the batch, by index; the rest is there.
        case retrySome([Int])
        /// Never try again.
        case refused
    }

    /// Records to be sent, with a number that tells attempts apart.
    struct Batch: Sendable {
        let attempt: Int
        let records: [[UInt8]]
    }

    private struct Flight {
        var records: [[UInt8]]
        /// Attempts so far.
        var tries: Int
        /// The number of the attempt that is waited for; `nil` between attempts.
        var attempt: Int?
        /// When the attempt is given up, or when the next one is due.
        var deadline: Int
    }

    let limits: Limits
    private(set) var losses = Losses()
    /// Records that were taken by the other side.
    private(set) var delivered = 0
    /// Failed attempts, also those that were repeated with success.
    private(set) var failedAttempts = 0
    private var waiting: [[UInt8]] = []
    /// Records before it are gone; they are removed now and then.
    private var head = 0
    private var oldest = 0
    private var bytes = 0
    private var flight: Flight?
    private var lastAttempt = 0

    init(_ limits: Limits) { self.limits = limits }

    /// Records that wait or are under way.
    var count: Int { waiting.count - head + (flight?.records.count ?? 0) }
    /// Their bytes.
    var byteCount: Int { bytes }
    /// Whether nothing waits and nothing is under way.
    var isIdle: Bool { count == 0 }

    /// Takes a record; `false` if it is lost.
    @discardableResult
    mutating func push(_ record: [UInt8], now: Int) -> Bool {
        guard record.count <= limits.recordBytes, record.count + limits.recordOverhead <= limits.batchBytes else {
            losses.tooLong += 1
            return false
        }
        guard count < limits.queueRecords, bytes + record.count <= limits.queueBytes else {
            losses.full += 1
            return false
        }
        if head == waiting.count { oldest = now }
        waiting.append(record)
        bytes += record.count
        return true
    }

    /// The batch to send now, if there is one. `flushes` does not wait for more records. `jitter` is any number; of the
    /// waiting time after a failure it takes away up to a half.
    mutating func next(now: Int, flushes: Bool = false, jitter: UInt64) -> Batch? {
        if let attempt = flight?.attempt, let deadline = flight?.deadline, now >= deadline {
            finish(attempt, .retry(afterMilliseconds: nil), now: now, jitter: jitter)
        }
        if var current = flight {
            guard current.attempt == nil, now >= current.deadline else { return nil }
            lastAttempt += 1
            current.tries += 1
            current.attempt = lastAttempt
            current.deadline = now + limits.timeoutMilliseconds
            flight = current
            return Batch(attempt: lastAttempt, records: current.records)
        }
        guard head < waiting.count, flushes || isDue(now) else { return nil }
        let records = takeBatch()
        oldest = now
        lastAttempt += 1
        flight = Flight(records: records, tries: 1, attempt: lastAttempt, deadline: now + limits.timeoutMilliseconds)
        return Batch(attempt: lastAttempt, records: records)
    }

    /// What became of an attempt; answers of attempts that were given up before count for nothing.
    mutating func finish(_ attempt: Int, _ outcome: Outcome, now: Int, jitter: UInt64) {
        guard var current = flight, current.attempt == attempt else { return }
        switch outcome {
        case .delivered(let refused):
            let refused = min(max(refused, 0), current.records.count)
            delivered += current.records.count - refused
            losses.refused += refused
            end(current)
        case .refused:
            failedAttempts += 1
            losses.refused += current.records.count
            end(current)
        case .retry(let wait):
            retry(&current, after: wait, now: now, jitter: jitter)
        case .retrySome(let indices):
            let kept = Set(indices).sorted().filter { current.records.indices.contains($0) }
            guard !kept.isEmpty else {
                finish(attempt, .delivered(refused: 0), now: now, jitter: jitter)
                return
            }
            delivered += current.records.count - kept.count
            let records = kept.map { current.records[$0] }
            bytes -= Self.bytes(of: current.records) - Self.bytes(of: records)
            current.records = records
            retry(&current, after: nil, now: now, jitter: jitter)
        }
    }

    private mutating func retry(_ current: inout Flight, after wait: Int?, now: Int, jitter: UInt64) {
        failedAttempts += 1
        guard current.tries < limits.attempts else {
            losses.givenUp += current.records.count
            end(current)
            return
        }
        let doubled = min(
            limits.firstBackoffMilliseconds << min(current.tries - 1, 16), limits.longestBackoffMilliseconds)
        let backoff = doubled - Int(jitter % UInt64(max(doubled / 2, 1)))
        current.attempt = nil
        // The other side may ask for more, within reason.
        current.deadline = now + max(backoff, min(max(wait ?? 0, 0), 4 * limits.longestBackoffMilliseconds))
        flight = current
    }

    private mutating func end(_ current: Flight) {
        bytes -= Self.bytes(of: current.records)
        flight = nil
    }

    private func isDue(_ now: Int) -> Bool {
        waiting.count - head >= limits.batchRecords || now - oldest >= limits.delayMilliseconds
            || bytes >= limits.batchBytes
    }

    private mutating func takeBatch() -> [[UInt8]] {
        var size = 0
        var end = head
        while end < waiting.count, end - head < limits.batchRecords {
            let more = waiting[end].count + limits.recordOverhead
            guard size + more <= limits.batchBytes else { break }
            size += more
            end += 1
        }
        let records = Array(waiting[head..<end])
        head = end
        if head == waiting.count {
            waiting.removeAll(keepingCapacity: waiting.capacity <= 4096)
            head = 0
        } else if head >= 1024 {
            waiting.removeFirst(head)
            head = 0
        }
        return records
    }

    private static func bytes(of records: [[UInt8]]) -> Int { records.reduce(0) { $0 + $1.count } }
}
