// Hot: once per request. Allocates: nothing once buffers have grown; traces that are sampled are made into texts.

internal import PorticoIR
internal import PorticoPrograms

/// What is told of a request when it has ended: metrics, a line of the access log, a trace, the dashboard.
enum RequestObservation {
    /// The answer is written, or was sent as it came.
    static func end(_ exchange: Exchange) {
        guard let stage = exchange.stage, exchange.invocation == nil, !exchange.isObserved else { return }
        exchange.isObserved = true
        let now = monotonicNanoseconds()
        let latency = Int(truncatingIfNeeded: (now &- exchange.startNanoseconds) / 1000)
        exchange.latencyMicroseconds = latency
        if !exchange.hasForeignStage { tell(exchange, stage.observation) }
        if exchange.marks.isOn { record(exchange, latency) }
    }

    @inline(__always)
    private static func tell(_ exchange: Exchange, _ observation: ServingObservation) {
        let series = exchange.method.map { observation.series(ofMethod: $0.index) } ?? observation.series
        if let metrics = exchange.worker.metrics {
            switch observation.kind {
            case .rest: break
            case .http: metrics.record(series: series, dataProcessed: exchange.dataProcessed)
            case .webSocket: count(exchange, metrics, series)
            }
            metrics.record(
                series: series, status: exchange.answerStatus, latencyMicroseconds: exchange.latencyMicroseconds,
                integrationLatencyMicroseconds: exchange.integrationMicroseconds,
                cache: exchange.cacheResult.metric, throttle: exchange.throttle)
        }
        if let log = observation.accessLog { write(exchange, log) }
        if exchange.trace.isOn, exchange.trace.isSampled, let tracing = observation.tracing {
            tracing.exporter.record(FinishedTrace(exchange, tracing.sampling))
        }
    }

    /// What is counted of WebSocket APIs beside each event.
    ///
    /// Source: reference, "Limits and close codes" (2.6). Unconfirmed: that what a function raises is an error of the
    /// integration, and what keeps it from being called one of the execution; that a callback counts when it was sent, and
    /// as a client's error when it was not; that the answer of a two-way route is no message.
    @inline(never)
    private static func count(_ exchange: Exchange, _ metrics: MetricShard, _ series: Int) {
        let status = exchange.answerStatus
        let wasCalled = exchange.integrationStatus > 0 || exchange.integrationStart > 0
        // Who goes away (499) has heard of no refusal.
        let isRefused = !wasCalled && (400..<499).contains(status)
        switch exchange.webSocket?.kind {
        case .connect?:
            if wasCalled || status >= 500 { metrics.record(series: series, .connect) }
        case .message?:
            metrics.record(series: series, .message)
        case .call?:
            if exchange.head.method == .post, status == 200 { metrics.record(series: series, .message) }
        case .disconnect?, nil:
            break
        }
        if isRefused {
            metrics.record(series: series, .clientError)
        } else if exchange.integrationStatus > 0 {
            if exchange.integrationStatus >= 400 || status >= 400 || exchange.fault != nil {
                metrics.record(series: series, .integrationError)
            }
        } else if exchange.method != nil, status >= 500 {
            metrics.record(series: series, .executionError)
        }
    }

    @inline(never)
    private static func write(_ exchange: Exchange, _ log: ServingAccessLog) {
        let batch = exchange.worker.accessLogs.batch(of: log.sink)
        log.format.write(exchange, into: batch.lines)
        batch.add()
    }

    @inline(never)
    private static func record(_ exchange: Exchange, _ latency: Int) {
        let worker = exchange.worker
        exchange.marks.end(.respond, at: monotonicNanoseconds())
        var request = FinishedRequest(
            time: exchange.startMilliseconds, durationMicroseconds: UInt64(max(latency, 0)),
            status: exchange.answerStatus, generation: worker.table?.generation ?? 0,
            requestID: exchange.shownRequestID, verb: exchange.verbText, path: exchange.path)
        if !exchange.hasForeignStage { request.stage = exchange.stage.flatMap { worker.table?.position(of: $0) } }
        if let stage = request.stage, let method = exchange.method {
            request.route = DashboardNumbering.route(stage: stage, method: method.index)
        }
        request.fault = exchange.fault?.type
        request.cache = FinishedRequest.CacheOutcome(rawValue: exchange.cacheResult.rawValue) ?? .none
        request.requestBytes = exchange.bytes.count
        request.responseBytes = max(worker.output.count &- exchange.answerStart, exchange.answerLength)
        request.marks = exchange.marks
        if let log = exchange.executionLog {
            log.text.withUnsafeBytes { text in
                request.log = text
                worker.recorder?.record(request)
            }
        } else {
            worker.recorder?.record(request)
        }
    }
}

/// Numbers of routes on the dashboard: stages share the methods of a snapshot.
enum DashboardNumbering {
    /// Methods that a stage can have.
    private static let methodsPerStage = 1 << 16

    static func route(stage: Int, method: Int) -> Int { stage &* methodsPerStage &+ method }
}

extension CacheResult {
    var metric: CacheOutcome {
        switch self {
        case .none: .none
        case .hit: .hit
        case .miss: .miss
        }
    }
}

/// Lines of access logs that a worker has not handed over yet: one buffer for each destination.
struct WorkerAccessLogs {
    /// Lines for one destination.
    final class Batch {
        /// Lines wait until they are that long together, or the worker's timer comes.
        private static let longest = 32 << 10

        let sink: AccessLogSinkTarget
        let lines = OutputBuffer(capacity: 4096)
        private var count = 0

        init(_ sink: AccessLogSinkTarget) { self.sink = sink }

        /// A line was appended.
        @inline(__always)
        func add() {
            count &+= 1
            if lines.count > Batch.longest { flush() }
        }

        /// Hands everything over.
        func flush() {
            guard count > 0 else { return }
            sink.write(lines.bytes, count: count)
            lines.reset()
            count = 0
        }
    }

    private var batches: [Batch] = []

    /// The lines of a destination. Destinations are few.
    @inline(__always)
    mutating func batch(of sink: AccessLogSinkTarget) -> Batch {
        for batch in batches where batch.sink === sink { return batch }
        let batch = Batch(sink)
        batches.append(batch)
        return batch
    }

    /// Hands all lines over.
    func flush() { for batch in batches { batch.flush() } }

    /// Forgets destinations that no stage has any more.
    mutating func keep(_ isNeeded: (AccessLogSinkTarget) -> Bool) {
        flush()
        batches.removeAll { !isNeeded($0.sink) }
    }
}
