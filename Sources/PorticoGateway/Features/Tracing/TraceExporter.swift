// Hot: no, only sampled requests come here. Allocates: segments and spans.

internal import PorticoIR

/// Where finished traces go: segments to a daemon of X-Ray, spans to a collector of OpenTelemetry.
///
/// Workers hand traces over from their loops; making the bytes takes some microseconds, a datagram one system call that
/// does not wait, and spans are appended to a queue under a short lock. Requests that are not sampled never come here.
final class TraceExporter: Sendable {
    private let xray: DatagramSender?
    private let otlp: Delivery<OTLPFormat>?

    init(xray: DatagramSender?, otlp: Delivery<OTLPFormat>?) {
        self.xray = xray
        self.otlp = otlp
    }

    /// Whether traces go nowhere, so that none need to be made.
    var isOff: Bool { xray == nil && otlp == nil }

    /// Takes a trace.
    func record(_ trace: FinishedTrace) {
        if let xray {
            if let datagram = XRaySegment.datagram(trace) { xray.send(datagram) } else { xray.lose() }
        }
        otlp?.push(OTLPSpans.records(trace))
    }

    /// Sends what is due; to be called a few times a second. `flushes` sends what waits at once, as before a server ends.
    func poll(flushes: Bool = false) { otlp?.poll(flushes: flushes) }

    /// Whether nothing is left to be sent.
    var isIdle: Bool { otlp?.isIdle ?? true }

    /// What was sent and lost.
    struct Figures: Sendable, Hashable {
        /// Segments.
        var sentSegments = 0
        var lostSegments = 0
        /// Spans.
        var spans: DeliveryFigures?
    }

    var figures: Figures {
        Figures(sentSegments: xray?.sent ?? 0, lostSegments: xray?.lost ?? 0, spans: otlp?.figures)
    }

    /// What went wrong with the collector since this was asked last.
    func takeProblem() -> String? { otlp?.takeProblem() }
}

extension OTLPDestination {
    /// The limits of the queue of spans.
    var limits: DeliveryQueue.Limits {
        DeliveryQueue.Limits(
            queueRecords: queueSize, batchRecords: min(batchSize, queueSize), delayMilliseconds: delayMilliseconds,
            timeoutMilliseconds: timeoutMilliseconds)
    }

    /// Target of the requests: the base path and the path of traces.
    var requestPath: String { endpoint.path + "/v1/traces" }
}
