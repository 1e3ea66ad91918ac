// Hot: once per request whose stage is traced. Allocates: nothing; what is sampled is made into texts at its end.

internal import PorticoPrograms

/// The trace of a request under way.
struct RequestTrace {
    /// Whether its stage is traced at all.
    private(set) var isOn = false
    private(set) var isSampled = false
    private(set) var root = TraceIdentifier(epochSeconds: 0, 0, 0)
    /// The span of the request, and that of the call of its backend.
    private(set) var span = SpanIdentifier(random: 1)
    private(set) var call = SpanIdentifier(random: 1)
    /// The caller's span.
    private(set) var parent: SpanIdentifier?
    /// Index of the sampling rule that decided; -1 when the caller had.
    private(set) var rule = -1

    /// Forgets the last request.
    @inline(__always)
    mutating func reset() { if isOn { isOn = false } }

    /// Reads what the caller says (`X-Amzn-Trace-Id`, else `traceparent`) and decides.
    ///
    /// *Source:* reference, "X-Ray" (9.4) and "X-Ray sampling" (4.7); W3C Trace Context, section 3.
    mutating func begin(_ exchange: Exchange, _ sampling: SamplingProgram) {
        isOn = true
        let worker = exchange.worker
        let header = XRayTraceHeader(exchange.headerValue(.amznTraceID) ?? StaticBytes.empty.bytes)
        var decision: Bool?
        parent = header.parent
        switch header.sampling {
        case .yes: decision = true
        case .no: decision = false
        case .undecided: break
        }
        if let given = header.root {
            root = given
        } else if let value = exchange.field("traceparent"), let context = Traceparent(value) {
            root = context.traceID
            parent = context.parentID
            decision = context.isSampled
        } else {
            root = TraceIdentifier(
                epochSeconds: exchange.startMilliseconds / 1000, worker.identifiers.next(), worker.identifiers.next())
        }
        span = SpanIdentifier(random: worker.identifiers.next())
        call = SpanIdentifier(random: worker.identifiers.next())
        rule = -1
        if let decision {
            isSampled = decision
        } else {
            let chosen = sampling.decide(
                exchange, second: worker.clock.seconds, random: worker.identifiers.next())
            isSampled = chosen.isSampled
            rule = chosen.rule
        }
    }

    /// Appends the value of `X-Amzn-Trace-Id` for the backend, whose parent is the call.
    func appendHeader(to output: OutputBuffer) {
        output.appendUninitialized(XRayTraceHeader.length) {
            XRayTraceHeader.write(root: root, parent: call, isSampled: isSampled, to: $0)
        }
    }

    /// The same as `traceparent`.
    var traceparent: Traceparent { Traceparent(traceID: root, parentID: call, isSampled: isSampled) }
}

extension Exchange: SampledRequest {
    var samplingHost: UnsafeRawBufferPointer { slice(head.hostOffset, head.hostLength) }
    var samplingMethod: UnsafeRawBufferPointer { verbText }
    var samplingPath: UnsafeRawBufferPointer { path }
    func samplingHeader(_ lowerName: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        for span in headers.spans where bytesEqualIgnoringCase(name(of: span), lowerName) { return value(of: span) }
        return nil
    }
}
