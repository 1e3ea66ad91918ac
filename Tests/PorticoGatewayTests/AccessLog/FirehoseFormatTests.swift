import PorticoSyntax
import Synchronization
import Testing

@testable import PorticoGateway

/// Access logs as batches of Firehose. Source: Firehose API reference, "PutRecordBatch".
@Suite("Batches of Firehose")
struct FirehoseFormatTests {
    private let format = FirehoseFormat(deliveryStream: "amazon-apigateway-logs")

    private func record(_ line: String) -> [UInt8] { Array(line.utf8).withUnsafeBytes { FirehoseFormat.record($0) } }

    @Test("lines are records in Base64")
    func body() {
        let request = format.request([record("a\n"), record("bcd\n")])
        #expect(
            String(decoding: request.body, as: UTF8.self)
                == "{\"DeliveryStreamName\":\"amazon-apigateway-logs\",\"Records\":[{\"Data\":\"YQo=\"},{\"Data\":\"YmNkCg==\"}]}"
        )
        #expect(
            request.headers.map { "\($0.name): \($0.value)" } == [
                "Content-Type: application/x-amz-json-1.1", "X-Amz-Target: Firehose_20150804.PutRecordBatch",
            ])
    }

    @Test("answers say which records are sent again")
    func outcomes() {
        func outcome(_ status: Int, _ body: String) -> String {
            "\(format.outcome(of: .answer(status: status, retryAfter: nil, body: Array(body.utf8)), recordCount: 3))"
        }
        let entry = "{\"RecordId\":\"x\"}"
        let failed = "{\"ErrorCode\":\"ServiceUnavailableException\",\"ErrorMessage\":\"slow down\"}"
        #expect(
            outcome(200, "{\"FailedPutCount\":0,\"RequestResponses\":[\(entry),\(entry),\(entry)]}")
                == "delivered(refused: 0)")
        #expect(
            outcome(200, "{\"FailedPutCount\":2,\"RequestResponses\":[\(failed),\(entry),\(failed)]}")
                == "retrySome([0, 2])")
        #expect(outcome(200, "{\"FailedPutCount\":1,\"RequestResponses\":[\(failed)]}") == "delivered(refused: 0)")
        #expect(outcome(200, "no JSON") == "delivered(refused: 0)")
        #expect(outcome(500, "") == "retry(afterMilliseconds: nil)")
        #expect(outcome(503, "") == "retry(afterMilliseconds: nil)")
        #expect(
            outcome(400, "{\"__type\":\"com.amazonaws.x#LimitExceededException\"}") == "retry(afterMilliseconds: nil)")
        #expect(outcome(400, "{\"__type\":\"ResourceNotFoundException\"}") == "refused")
        #expect(outcome(403, "") == "refused")
        #expect("\(format.outcome(of: .failure("x"), recordCount: 1))" == "retry(afterMilliseconds: nil)")
    }

    @Test("a batch has at most 500 records and 4 MB, and a record 1,000 KB")
    func limits() throws {
        var queue = DeliveryQueue(FirehoseFormat.limits)
        for _ in 0..<1200 { queue.push(record("x\n"), now: 0) }
        var sizes: [Int] = []
        while let batch = queue.next(now: 0, flushes: true, jitter: 0) {
            sizes.append(batch.records.count)
            queue.finish(batch.attempt, .delivered(refused: 0), now: 0, jitter: 0)
        }
        #expect(sizes == [500, 500, 200])
        let longest = record(String(repeating: "x", count: FirehoseFormat.longestRecord))
        for _ in 0..<5 { queue.push(longest, now: 0) }
        #expect(queue.losses.all == 0)
        while let batch = queue.next(now: 0, flushes: true, jitter: 0) {
            #expect(format.request(batch.records).body.count <= 4 << 20)
            #expect(batch.records.count <= 3)
            queue.finish(batch.attempt, .delivered(refused: 0), now: 0, jitter: 0)
        }
        queue.push(record(String(repeating: "x", count: FirehoseFormat.longestRecord + 3)), now: 0)
        #expect(queue.losses.tooLong == 1)
    }

    @Test("records that failed are sent alone, until they are there")
    func repeats() throws {
        let bodies = Mutex<[String]>([])
        let pending = Mutex<(@Sendable (DeliveryResponse) -> Void)?>(nil)
        let time = Mutex(0)
        let delivery = Delivery(
            format, limits: FirehoseFormat.limits,
            transport: { request, completion in
                bodies.withLock { $0.append(String(decoding: request.body, as: UTF8.self)) }
                pending.withLock { $0 = completion }
            }, clock: { time.withLock { $0 } }, random: { 0 })
        delivery.push([record("a\n"), record("b\n")])
        delivery.poll(flushes: true)
        let answer =
            "{\"FailedPutCount\":1,\"RequestResponses\":[{\"RecordId\":\"x\"},{\"ErrorCode\":\"InternalFailure\"}]}"
        pending.withLock { $0 }?(.answer(status: 200, retryAfter: nil, body: Array(answer.utf8)))
        #expect(delivery.figures.delivered == 1 && delivery.figures.waiting == 1)
        time.withLock { $0 = 1000 }
        delivery.poll()
        pending.withLock { $0 }?(.answer(status: 200, retryAfter: nil, body: Array("{\"FailedPutCount\":0}".utf8)))
        #expect(delivery.isIdle && delivery.figures.delivered == 2)
        let last = try #require(bodies.withLock { $0.last })
        #expect(last.hasSuffix("[{\"Data\":\"Ygo=\"}]}"))
    }
}
