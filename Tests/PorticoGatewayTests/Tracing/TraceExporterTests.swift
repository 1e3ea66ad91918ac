import PorticoIR
import Synchronization
import Testing

@testable import PorticoGateway

/// Spans on their way to a collector that the test plays, with a clock of its own.
@Suite("Export of traces")
struct TraceExporterTests {
    /// A collector that answers when it is told to.
    private final class Collector: Sendable {
        private let calls = Mutex<[(request: DeliveryRequest, completion: @Sendable (DeliveryResponse) -> Void)]>([])
        private let time = Mutex(0)
        private let requestCount = Atomic<Int>(0)

        var requests: Int { requestCount.load(ordering: .relaxed) }
        var open: Int { calls.withLock { $0.count } }
        var now: Int {
            get { time.withLock { $0 } }
            set { time.withLock { $0 = newValue } }
        }

        func exporter(_ change: (inout OTLPDestination) -> Void = { _ in }) throws -> TraceExporter {
            var destination = OTLPDestination(endpoint: try #require(CollectorAddress("http://127.0.0.1:4318")))
            change(&destination)
            let format = OTLPFormat(resource: OTLPResource(serviceName: "s", attributes: [], fallback: "f"))
            let delivery = Delivery(
                format, limits: destination.limits,
                transport: { request, completion in
                    self.requestCount.add(1, ordering: .relaxed)
                    self.calls.withLock { $0.append((request, completion)) }
                }, clock: { self.now }, random: { 0 })
            return TraceExporter(xray: nil, otlp: delivery)
        }

        @discardableResult
        func answer(_ status: Int, retryAfter: String? = nil, body: [UInt8] = []) -> DeliveryRequest? {
            guard let call = calls.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) else { return nil }
            call.completion(.answer(status: status, retryAfter: retryAfter, body: body))
            return call.request
        }

        func fail() { calls.withLock { $0.isEmpty ? nil : $0.removeFirst() }?.completion(.failure("refused")) }
    }

    private let one = TraceSamples.trace(calls: [])

    @Test("a batch goes with its count, the next one right after the answer, and the rest with time")
    func batches() throws {
        let collector = Collector()
        let exporter = try collector.exporter { $0.batchSize = 2 }
        for _ in 0..<5 { exporter.record(one) }
        #expect(collector.requests == 0)
        exporter.poll()
        exporter.poll()
        #expect(collector.requests == 1)
        let request = try #require(collector.answer(200))
        #expect(request.timeoutMilliseconds == 10_000)
        #expect(collector.requests == 2)
        collector.answer(200)
        #expect(collector.requests == 2)
        collector.now = 5000
        exporter.poll()
        collector.answer(200)
        #expect(collector.requests == 3 && exporter.isIdle)
        #expect(exporter.figures.spans?.delivered == 5)
        #expect(exporter.takeProblem() == nil)
    }

    @Test("a request and its calls are spans of one batch")
    func spans() throws {
        let collector = Collector()
        let exporter = try collector.exporter()
        exporter.record(TraceSamples.trace())
        #expect(exporter.figures.spans?.waiting == 3)
        exporter.poll(flushes: true)
        collector.answer(200, body: [0x0A, 2, 0x08, 1])
        #expect(exporter.figures.spans?.delivered == 2)
        #expect(exporter.figures.spans?.losses.refused == 1)
    }

    @Test("a collector that is away for a moment gets everything", arguments: [429, 502, 503, 504, 0])
    func away(_ status: Int) throws {
        let collector = Collector()
        let exporter = try collector.exporter()
        exporter.record(one)
        exporter.poll(flushes: true)
        if status == 0 { collector.fail() } else { collector.answer(status) }
        #expect(exporter.takeProblem() == (status == 0 ? "refused" : "status \(status)"))
        collector.now += 999
        exporter.poll()
        #expect(collector.requests == 1)
        collector.now += 1
        exporter.poll()
        collector.answer(200)
        #expect(collector.requests == 2 && exporter.isIdle)
        #expect(exporter.figures.spans?.delivered == 1 && exporter.figures.spans?.failedAttempts == 1)
    }

    @Test("a collector that asks for time gets it")
    func retryAfter() throws {
        let collector = Collector()
        let exporter = try collector.exporter()
        exporter.record(one)
        exporter.poll(flushes: true)
        collector.answer(429, retryAfter: "20")
        collector.now = 19_999
        exporter.poll()
        #expect(collector.requests == 1)
        collector.now = 20_000
        exporter.poll()
        #expect(collector.requests == 2)
    }

    @Test("a batch that is refused is not sent again")
    func refused() throws {
        let collector = Collector()
        let exporter = try collector.exporter()
        exporter.record(one)
        exporter.poll(flushes: true)
        collector.answer(400, body: Array("bad".utf8))
        #expect(exporter.isIdle && exporter.figures.spans?.losses.refused == 1)
        #expect(exporter.takeProblem() == "status 400: bad")
        #expect(exporter.takeProblem() == nil)
    }

    @Test("a collector that never answers holds no more than the queue, and is given up again and again")
    func hangs() throws {
        let collector = Collector()
        let exporter = try collector.exporter {
            $0.queueSize = 50; $0.batchSize = 10
        }
        var most = 0
        for step in 0..<20_000 {
            collector.now = step * 100
            exporter.record(one)
            exporter.poll()
            most = max(most, exporter.figures.spans?.waiting ?? 0)
        }
        let figures = try #require(exporter.figures.spans)
        #expect(most == 50 && figures.waiting <= 50)
        #expect(figures.waitingBytes < 50 * 1024)
        #expect(figures.losses.givenUp > 0 && figures.losses.full > 0)
        #expect(figures.delivered == 0)
        #expect(figures.losses.all + figures.waiting == 20_000)
        // An attempt takes ten seconds, and there is never more than one in that time.
        #expect(collector.requests <= 2000 / 10 + 1)
    }

    @Test("without destinations nothing is made")
    func off() {
        let exporter = TraceExporter(xray: nil, otlp: nil)
        #expect(exporter.isOff && exporter.isIdle)
        exporter.record(one)
        exporter.poll(flushes: true)
        #expect(exporter.figures == TraceExporter.Figures())
    }

    @Test("threads that hand over at once lose nothing")
    func threads() async throws {
        let collector = Collector()
        let exporter = try collector.exporter {
            $0.queueSize = 65_536; $0.batchSize = 8192
        }
        let one = one
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask { for _ in 0..<500 { exporter.record(one) } }
            }
        }
        exporter.poll(flushes: true)
        collector.answer(200)
        #expect(exporter.figures.spans?.delivered == 2000)
    }
}
