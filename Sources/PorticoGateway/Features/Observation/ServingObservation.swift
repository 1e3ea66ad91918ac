internal import PorticoIR

/// What is told of the requests of a stage. Immutable; any loop.
final class ServingObservation: Sendable {
    /// `nil` without access logs.
    let accessLog: ServingAccessLog?
    /// `nil` when the stage is not traced, or traces go nowhere.
    let tracing: ServingTracing?
    /// The kind of API, which decides what is counted beside each request.
    let kind: APIProtocol
    /// Number of the series of requests that reach no method.
    let series: Int
    /// Numbers of the series of methods, by their position in the snapshot.
    let methodSeries: [Int]

    init(
        accessLog: ServingAccessLog?, tracing: ServingTracing?, kind: APIProtocol = .rest, series: Int,
        methodSeries: [Int]
    ) {
        self.accessLog = accessLog
        self.tracing = tracing
        self.kind = kind
        self.series = series
        self.methodSeries = methodSeries
    }

    /// Nothing is told.
    static let none = ServingObservation(
        accessLog: nil, tracing: nil, series: MetricRegistry.overflow, methodSeries: [])

    func series(ofMethod index: Int) -> Int { index < methodSeries.count ? methodSeries[index] : series }
}

/// The access log of a stage: what a line has, and where it goes.
final class ServingAccessLog: Sendable {
    let format: AccessLogFormat
    let sink: AccessLogSinkTarget

    init(format: AccessLogFormat, sink: AccessLogSinkTarget) {
        self.format = format
        self.sink = sink
    }
}

/// Where lines of access logs go. One for each destination of a server.
final class AccessLogSinkTarget: Sendable {
    enum Kind: Sendable {
        case file(AccessLogFile)
        case stream(Delivery<FirehoseFormat>)
    }

    let kind: Kind

    init(_ kind: Kind) { self.kind = kind }

    /// Takes whole lines.
    func write(_ lines: UnsafeRawBufferPointer, count: Int) {
        switch kind {
        case .file(let file): file.write(lines, count: count)
        case .stream(let delivery):
            delivery.push(
                lines.split(separator: 0x0A).map { line in
                    (Array(line) + [0x0A]).withUnsafeBytes { FirehoseFormat.record($0) }
                })
        }
    }
}

/// How requests of a stage are traced.
final class ServingTracing: Sendable {
    let sampling: SamplingProgram
    let exporter: TraceExporter

    init(sampling: SamplingProgram, exporter: TraceExporter) {
        self.sampling = sampling
        self.exporter = exporter
    }
}
