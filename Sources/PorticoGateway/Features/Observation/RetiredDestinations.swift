/// Destinations of access logs and traces that a reload has replaced, until they have what was meant for them.
///
/// Requests under way end with the table that they began with, and workers hand lines over a moment later, so that
/// nothing is ended at once. What they counted stays in the sums, which never fall.
struct RetiredDestinations {
    /// How long one waits for lines that workers still have.
    static let leastMilliseconds = 2000
    /// How long one that does not take them is waited for.
    static let mostMilliseconds = 30_000

    /// What was delivered and lost.
    struct Figures: Sendable, Hashable {
        var lines = 0
        var lostLines = 0
        var segments = 0
        var lostSegments = 0
        var spans = 0
        var lostSpans = 0

        mutating func add(_ sink: AccessLogSinkTarget) {
            switch sink.kind {
            case .file(let file):
                let figures = file.figures
                lines += figures.written
                lostLines += figures.lostInQueue + figures.lostOnWrite
            case .stream(let delivery):
                let figures = delivery.figures
                lines += figures.delivered
                lostLines += figures.losses.all
            }
        }

        mutating func add(_ exporter: TraceExporter) {
            let figures = exporter.figures
            segments += figures.sentSegments
            lostSegments += figures.lostSegments
            spans += figures.spans?.delivered ?? 0
            lostSpans += figures.spans?.losses.all ?? 0
        }
    }

    private(set) var sinks: [AccessLogSinkTarget] = []
    private var exporters: [(exporter: TraceExporter, since: Int)] = []
    private var since: [ObjectIdentifier: Int] = [:]
    /// Files that are being closed.
    private var closing: Set<ObjectIdentifier> = []
    private var gone = Figures()
    /// Whether anything was traced before.
    private(set) var hasTraces = false

    mutating func add(_ sink: AccessLogSinkTarget, at now: Int) {
        sinks.append(sink)
        since[ObjectIdentifier(sink)] = now
    }

    mutating func add(_ exporter: TraceExporter, at now: Int) {
        hasTraces = true
        exporters.append((exporter, now))
    }

    /// What all of them have delivered and lost, those that are gone too.
    var figures: Figures {
        var sum = gone
        for sink in sinks { sum.add(sink) }
        for entry in exporters { sum.add(entry.exporter) }
        return sum
    }

    /// Whether nothing is left to be sent by those that send.
    var isIdle: Bool {
        exporters.allSatisfy(\.exporter.isIdle)
            && sinks.allSatisfy { sink in
                if case .stream(let delivery) = sink.kind { delivery.isIdle } else { true }
            }
    }

    /// Sends what waits, and lets go of those that are done; gives files that are to be closed and then forgotten.
    mutating func poll(at now: Int) -> [AccessLogFile] {
        var files: [AccessLogFile] = []
        for sink in sinks {
            let age = now - (since[ObjectIdentifier(sink)] ?? now)
            switch sink.kind {
            case .file(let file):
                if age >= Self.leastMilliseconds, closing.insert(ObjectIdentifier(file)).inserted { files.append(file) }
            case .stream(let delivery):
                delivery.poll(flushes: true)
                if Self.isOver(age, isIdle: delivery.isIdle) { remove { $0 === sink } }
            }
        }
        for (exporter, since) in exporters {
            exporter.poll(flushes: true)
            guard Self.isOver(now - since, isIdle: exporter.isIdle) else { continue }
            gone.add(exporter)
            exporters.removeAll { $0.exporter === exporter }
        }
        return files
    }

    /// Lets go of a file that was closed.
    mutating func forget(_ file: AccessLogFile) {
        closing.remove(ObjectIdentifier(file))
        remove { sink in
            if case .file(let other) = sink.kind { other === file } else { false }
        }
    }

    private mutating func remove(_ isMeant: (AccessLogSinkTarget) -> Bool) {
        for sink in sinks where isMeant(sink) {
            gone.add(sink)
            since[ObjectIdentifier(sink)] = nil
        }
        sinks.removeAll(where: isMeant)
    }

    private static func isOver(_ age: Int, isIdle: Bool) -> Bool {
        age >= mostMilliseconds || age >= leastMilliseconds && isIdle
    }
}
