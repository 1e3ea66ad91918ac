import Testing

@testable import PorticoGateway

/// Batches, retries and limits, with a clock of the test's own.
@Suite("Queue of a delivery")
struct DeliveryQueueTests {
    /// The queue as an object: expectations do not take calls that change values.
    @dynamicMemberLookup
    private final class Queue {
        private var queue: DeliveryQueue

        init(_ limits: DeliveryQueue.Limits) { queue = DeliveryQueue(limits) }

        subscript<Value>(dynamicMember path: KeyPath<DeliveryQueue, Value>) -> Value { queue[keyPath: path] }

        func push(_ record: [UInt8], now: Int) { queue.push(record, now: now) }

        func next(now: Int, flushes: Bool = false, jitter: UInt64) -> DeliveryQueue.Batch? {
            queue.next(now: now, flushes: flushes, jitter: jitter)
        }

        func finish(_ attempt: Int, _ outcome: DeliveryQueue.Outcome, now: Int, jitter: UInt64) {
            queue.finish(attempt, outcome, now: now, jitter: jitter)
        }
    }

    private static func limits(_ change: (inout DeliveryQueue.Limits) -> Void = { _ in }) -> DeliveryQueue.Limits {
        var limits = DeliveryQueue.Limits(
            queueRecords: 10, queueBytes: 1000, batchRecords: 3, batchBytes: 100, recordBytes: 50,
            delayMilliseconds: 500, timeoutMilliseconds: 2000, firstBackoffMilliseconds: 100,
            longestBackoffMilliseconds: 400, attempts: 3)
        change(&limits)
        return limits
    }

    private func record(_ byte: UInt8, _ count: Int = 10) -> [UInt8] { [UInt8](repeating: byte, count: count) }

    @Test("a batch goes when it is full")
    func full() throws {
        let queue = Queue(Self.limits())
        for index in 0..<2 { queue.push(record(UInt8(index)), now: 0) }
        #expect(queue.next(now: 0, jitter: 0) == nil)
        queue.push(record(2), now: 0)
        let batch = try #require(queue.next(now: 0, jitter: 0))
        #expect(batch.records.map { $0.first } == [0, 1, 2])
        #expect(queue.count == 3 && queue.byteCount == 30)
        queue.finish(batch.attempt, .delivered(refused: 1), now: 1, jitter: 0)
        #expect(queue.isIdle && queue.byteCount == 0 && queue.delivered == 2 && queue.losses.refused == 1)
    }

    @Test("a batch goes when its first record has waited long enough, or when the queue is flushed")
    func delay() throws {
        let queue = Queue(Self.limits())
        queue.push(record(1), now: 100)
        queue.push(record(2), now: 550)
        #expect(queue.next(now: 599, jitter: 0) == nil)
        let batch = try #require(queue.next(now: 600, jitter: 0))
        #expect(batch.records.count == 2)
        queue.push(record(3), now: 700)
        queue.finish(batch.attempt, .delivered(refused: 0), now: 700, jitter: 0)
        #expect(queue.next(now: 700, jitter: 0) == nil)
        #expect(queue.next(now: 700, flushes: true, jitter: 0)?.records.count == 1)
    }

    @Test("bytes end a batch too, with what each record costs beside them")
    func bytes() throws {
        let queue = Queue(Self.limits { $0.recordOverhead = 5 })
        for index in 0..<3 { queue.push(record(UInt8(index), 45), now: 0) }
        let batch = try #require(queue.next(now: 0, jitter: 0))
        #expect(batch.records.count == 2)
    }

    @Test("one batch is under way at a time")
    func single() throws {
        let queue = Queue(Self.limits())
        for index in 0..<6 { queue.push(record(UInt8(index)), now: 0) }
        let first = try #require(queue.next(now: 0, jitter: 0))
        #expect(queue.next(now: 1, flushes: true, jitter: 0) == nil)
        queue.finish(first.attempt, .delivered(refused: 0), now: 2, jitter: 0)
        #expect(queue.next(now: 2, jitter: 0)?.records.first?.first == 3)
    }

    @Test("failures are tried again with growing waits, then the batch is given up")
    func retries() throws {
        let queue = Queue(Self.limits())
        queue.push(record(7), now: 0)
        var batch = try #require(queue.next(now: 500, jitter: 0))
        queue.finish(batch.attempt, .retry(afterMilliseconds: nil), now: 500, jitter: 0)
        #expect(queue.next(now: 599, flushes: true, jitter: 0) == nil)
        batch = try #require(queue.next(now: 600, jitter: 0))
        #expect(batch.records == [record(7)])
        queue.finish(batch.attempt, .retry(afterMilliseconds: nil), now: 600, jitter: 0)
        #expect(queue.next(now: 799, jitter: 0) == nil)
        batch = try #require(queue.next(now: 800, jitter: 0))
        queue.finish(batch.attempt, .retry(afterMilliseconds: nil), now: 800, jitter: 0)
        #expect(queue.isIdle && queue.losses.givenUp == 1 && queue.failedAttempts == 3 && queue.byteCount == 0)
        #expect(queue.next(now: 9999, flushes: true, jitter: 0) == nil)
    }

    @Test("of a wait chance takes up to a half, and what the other side asks for counts within reason")
    func waits() throws {
        func due(_ wait: Int?, jitter: UInt64) throws -> Int {
            let queue = Queue(Self.limits())
            queue.push(record(7), now: 0)
            let batch = try #require(queue.next(now: 0, flushes: true, jitter: 0))
            queue.finish(batch.attempt, .retry(afterMilliseconds: wait), now: 0, jitter: jitter)
            return (0...5000).first { queue.next(now: $0, jitter: 0) != nil } ?? -1
        }
        #expect(try due(nil, jitter: 0) == 100)
        #expect(try due(nil, jitter: 49) == 51)
        #expect(try due(nil, jitter: .max) > 50)
        #expect(try due(700, jitter: 0) == 700)
        #expect(try due(.max, jitter: 0) == 1600)
        #expect(try due(-5, jitter: 0) == 100)
    }

    @Test("an attempt without an answer ends by itself, and its answer counts for nothing later")
    func timeouts() throws {
        let queue = Queue(Self.limits())
        queue.push(record(7), now: 0)
        let first = try #require(queue.next(now: 0, flushes: true, jitter: 0))
        #expect(queue.next(now: 1999, jitter: 0) == nil)
        #expect(queue.next(now: 2000, jitter: 0) == nil)
        let second = try #require(queue.next(now: 2100, jitter: 0))
        queue.finish(first.attempt, .delivered(refused: 0), now: 2150, jitter: 0)
        #expect(queue.count == 1 && queue.delivered == 0)
        queue.finish(second.attempt, .delivered(refused: 0), now: 2200, jitter: 0)
        queue.finish(second.attempt, .delivered(refused: 0), now: 2200, jitter: 0)
        #expect(queue.isIdle && queue.delivered == 1)
    }

    @Test("what there is no room for is lost and counted, also while nobody answers")
    func limits() {
        let queue = Queue(Self.limits())
        for index in 0..<1000 {
            queue.push(record(UInt8(index % 256)), now: index)
            _ = queue.next(now: index, jitter: 0)
        }
        #expect(queue.count == 10)
        #expect(queue.losses.full == 990)
        queue.push(record(0, 51), now: 0)
        #expect(queue.losses.tooLong == 1)
        let small = Queue(Self.limits { $0.queueBytes = 25 })
        for _ in 0..<3 { small.push(record(0), now: 0) }
        #expect(small.count == 2 && small.losses.full == 1 && small.byteCount == 20)
    }

    @Test("some of a batch are tried again alone")
    func some() throws {
        let queue = Queue(Self.limits())
        for index in 0..<3 { queue.push(record(UInt8(index)), now: 0) }
        let batch = try #require(queue.next(now: 0, jitter: 0))
        queue.finish(batch.attempt, .retrySome([2, 0, 2, 9, -1]), now: 0, jitter: 0)
        #expect(queue.delivered == 1 && queue.byteCount == 20)
        let again = try #require(queue.next(now: 100, jitter: 0))
        #expect(again.records.map { $0.first } == [0, 2])
        queue.finish(again.attempt, .retrySome([7]), now: 100, jitter: 0)
        #expect(queue.isIdle && queue.delivered == 3 && queue.byteCount == 0)
    }

    @Test("a refused batch is lost, and the next one goes")
    func refused() throws {
        let queue = Queue(Self.limits())
        for index in 0..<6 { queue.push(record(UInt8(index)), now: 0) }
        let batch = try #require(queue.next(now: 0, jitter: 0))
        queue.finish(batch.attempt, .refused, now: 0, jitter: 0)
        #expect(queue.losses.refused == 3 && queue.failedAttempts == 1)
        #expect(queue.next(now: 0, jitter: 0)?.records.count == 3)
    }

    @Test("many records later nothing is lost, doubled or out of order, and no memory is kept")
    func long() throws {
        let queue = Queue(
            Self.limits {
                $0.queueRecords = 5000; $0.queueBytes = 1 << 20; $0.batchRecords = 7
            })
        var expected: UInt32 = 0
        var sent: UInt32 = 0
        var random = IdentifierGenerator()
        for now in 0..<20_000 {
            for _ in 0..<random.next() % 4 where queue.count < 4000 {
                queue.push(withUnsafeBytes(of: sent.bigEndian) { Array($0) }, now: now)
                sent += 1
            }
            guard let batch = queue.next(now: now, jitter: 0) else { continue }
            for record in batch.records {
                let value = record.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
                #expect(value == expected)
                expected += 1
            }
            queue.finish(batch.attempt, .delivered(refused: 0), now: now, jitter: 0)
        }
        while let batch = queue.next(now: 30_000, flushes: true, jitter: 0) {
            expected += UInt32(batch.records.count)
            queue.finish(batch.attempt, .delivered(refused: 0), now: 30_000, jitter: 0)
        }
        #expect(expected == sent && queue.losses.all == 0 && queue.delivered == Int(sent) && queue.byteCount == 0)
    }
}

extension DeliveryQueue.Batch: Equatable {
    static func == (left: Self, right: Self) -> Bool {
        left.attempt == right.attempt && left.records == right.records
    }
}
