internal import FoundationEssentials
internal import Logging
internal import PorticoIR
internal import Synchronization

/// Everything that watches a server's requests: metrics and alarms, destinations of access logs, where traces go. It
/// outlives reloads. Any thread; requests never come here.
final class ObservationCenter: Sendable {
    private struct State {
        var history: MetricHistory
        /// Destinations of access logs by their text.
        var sinks: [String: AccessLogSinkTarget] = [:]
        var exporter: TraceExporter?
        var tracing: TracingSettings?
        /// Sampling programs by stage: reservoirs outlive reloads as long as the rules are the same.
        var sampling: [String: (rules: [SamplingRule], program: SamplingProgram)] = [:]
        var identity = APIIdentity()
        var retired = RetiredDestinations()
    }

    let registry = MetricRegistry()
    let alarms = AlarmEngine()
    private let configuration: ServerConfiguration
    private let logger: Logger
    private let state: Mutex<State>

    init(configuration: ServerConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        state = Mutex(State(history: MetricHistory(registry: registry)))
    }

    // MARK: - Snapshots

    /// Makes ready what a snapshot's stages need. To be called before its tables are made.
    func prepare(_ snapshot: DeploymentSnapshot, by worker: WorkerHandle?) {
        let (settings, problems) = TracingEnvironment.apply(
            configuration.environment, to: snapshot.observation.tracing)
        for problem in problems { logger.warning("\(problem)") }
        state.withLock { state in
            state.identity = snapshot.identity
            state.history.watch(snapshot.observation.alarms)
            if settings != state.tracing || state.exporter == nil {
                state.tracing = settings
                if let old = state.exporter { state.retired.add(old, at: monotonicMilliseconds()) }
                state.exporter = exporter(settings, snapshot.identity, worker)
            }
        }
        alarms.install(snapshot.observation.alarms)
    }

    /// What is told of the requests of a stage.
    func observation(
        of stage: StageEntry, in snapshot: DeploymentSnapshot, isCanary: Bool, by worker: WorkerHandle?
    ) -> ServingObservation {
        let identity = snapshot.identity
        func series(_ method: String = "", _ resource: String = "", isDetailed: Bool = false) -> Int {
            registry.series(
                MetricSeriesKey(
                    apiName: identity.name, apiID: identity.apiID, stage: stage.name, method: method,
                    resource: resource, isCanary: isCanary, kind: identity.protocolType),
                isDetailed: isDetailed)
        }
        let methods = snapshot.methods.enumerated().map { index, method in
            series(
                method.verb, snapshot.resources[method.resource].path,
                isDetailed: stage.setting(ofMethod: index).isMetered)
        }
        return ServingObservation(
            accessLog: accessLog(of: stage, in: snapshot, isCanary: isCanary, by: worker),
            tracing: stage.isTraced ? tracing(of: stage, in: snapshot) : nil, kind: identity.protocolType,
            series: series(), methodSeries: methods)
    }

    /// Lets go of destinations that no stage has any more.
    func keep(_ table: ServingTable) {
        let used = table.accessLogSinks
        state.withLock { state in
            let unused = state.sinks.filter { entry in !used.contains { $0 === entry.value } }
            for (name, sink) in unused {
                state.sinks[name] = nil
                state.retired.add(sink, at: monotonicMilliseconds())
            }
        }
    }

    private func accessLog(
        of stage: StageEntry, in snapshot: DeploymentSnapshot, isCanary: Bool, by worker: WorkerHandle?
    ) -> ServingAccessLog? {
        guard let entry = stage.accessLog, let destination = AccessLogDestination(entry.destination) else { return nil }
        let (format, _) = AccessLogCompiler.compile(entry.format, symbols: snapshot.symbols)
        // Source: reference 4.3: the canary's lines go to the group's own part.
        let name = isCanary ? entry.destination + "/Canary" : entry.destination
        let sink: AccessLogSinkTarget? = state.withLock { state in
            if let sink = state.sinks[name] { return sink }
            let sink = make(destination, isCanary: isCanary, snapshot, worker)
            state.sinks[name] = sink
            return sink
        }
        return sink.map { ServingAccessLog(format: format, sink: $0) }
    }

    private func make(
        _ destination: AccessLogDestination, isCanary: Bool, _ snapshot: DeploymentSnapshot, _ worker: WorkerHandle?
    ) -> AccessLogSinkTarget? {
        let logger = logger
        func file(_ path: String) -> AccessLogSinkTarget {
            AccessLogSinkTarget(
                .file(
                    AccessLogFile(
                        .file(path: path),
                        rotation: AccessLogSink.Rotation(
                            bytes: configuration.accessLogBytes, files: configuration.accessLogFiles),
                        note: { logger.warning("access log '\(path)': \($0)") })))
        }
        switch destination {
        case .standardOutput:
            return AccessLogSinkTarget(
                .file(AccessLogFile(.standardOutput, note: { logger.warning("access log: \($0)") })))
        case .file(let path):
            return file(
                (path.hasPrefix("/") ? path : "\(configuration.baseDirectory)/\(path)") + (isCanary ? ".canary" : ""))
        case .logGroup(_, _, let name):
            let plain = name.split(separator: "/").joined(separator: "-")
            do throws(FunctionLaunchError) {
                try StatePath.makeDirectory(configuration.logDirectory)
            } catch {
                logger.error("\(error)")
            }
            return file("\(configuration.logDirectory)/\(plain)\(isCanary ? "-Canary" : "").log")
        case .deliveryStream(let region, _, let name):
            guard let worker else { return nil }
            let service = AWSService.named("firehose")
            let endpoints = ServiceEndpoints(snapshot.endpoints, environment: configuration.environment)
            let url =
                service.flatMap { endpoints.address(of: $0, named: "firehose") }
                ?? "https://firehose.\(region).amazonaws.com"
            guard let address = CollectorAddress(url) else {
                logger.error("access logs of delivery stream '\(name)' go nowhere: '\(url)' is no address")
                return nil
            }
            let target = CollectorCall.Destination(
                target: UpstreamTarget(host: address.host, port: address.port, isTLS: address.isSecure),
                path: address.path + "/", scope: SigningScope(region: region, service: "firehose"))
            return AccessLogSinkTarget(
                .stream(
                    Delivery(
                        FirehoseFormat(deliveryStream: name), limits: FirehoseFormat.limits,
                        transport: CollectorCall.transport(to: target, by: worker))))
        }
    }

    // MARK: - Traces

    private func tracing(of stage: StageEntry, in snapshot: DeploymentSnapshot) -> ServingTracing? {
        state.withLock { state in
            guard let exporter = state.exporter, !exporter.isOff else { return nil }
            let identity = snapshot.identity
            let rules = state.tracing?.samplingRules ?? []
            if let known = state.sampling[stage.name], known.rules == rules {
                return ServingTracing(sampling: known.program, exporter: exporter)
            }
            let place = SamplingProgram.Place(
                serviceName: "\(identity.name)/\(stage.name)",
                resourceARN: XRaySegment.resourceARN(region: identity.region, apiID: identity.apiID, stage: stage.name))
            let program = SamplingProgram(rules, at: place)
            state.sampling[stage.name] = (rules, program)
            return ServingTracing(sampling: program, exporter: exporter)
        }
    }

    private func exporter(
        _ settings: TracingSettings?, _ identity: APIIdentity, _ worker: WorkerHandle?
    ) -> TraceExporter? {
        guard let settings else { return nil }
        var xray: DatagramSender?
        if let daemon = settings.xray {
            do {
                xray = try DatagramSender(host: daemon.host, port: daemon.port)
            } catch {
                logger.error("segments cannot be sent to '\(daemon.host)': \(error)")
            }
        }
        guard let otlp = settings.otlp, let worker else { return TraceExporter(xray: xray, otlp: nil) }
        let secrets = SecretText(environment: configuration.environment, directory: configuration.baseDirectory)
        var headers: [NamedText] = []
        for header in otlp.headers {
            do throws(EnvironmentText.Problem) {
                headers.append(NamedText(header.name, try secrets.expand(header.value)))
            } catch {
                logger.error("header '\(header.name)' of the collector is left out: \(error)")
            }
        }
        let target = CollectorCall.Destination(
            target: UpstreamTarget(
                host: otlp.endpoint.host, port: otlp.endpoint.port, isTLS: otlp.endpoint.isSecure),
            path: otlp.requestPath)
        let resource = OTLPResource(
            serviceName: otlp.serviceName, attributes: otlp.resourceAttributes, fallback: identity.name)
        return TraceExporter(
            xray: xray,
            otlp: Delivery(
                OTLPFormat(resource: resource, headers: headers), limits: otlp.limits,
                transport: CollectorCall.transport(to: target, by: worker)))
    }

    // MARK: - Timers

    /// How often ``poll(flushes:)`` is called.
    static let pollInterval = Duration.milliseconds(250)

    /// Sends what is due to whoever collects it.
    func poll(flushes: Bool = false) {
        let now = monotonicMilliseconds()
        let (exporter, sinks, ended) = state.withLock { state in
            (state.exporter, Array(state.sinks.values), state.retired.poll(at: now))
        }
        for file in ended {
            Task {
                await file.close()
                state.withLock { $0.retired.forget(file) }
            }
        }
        exporter?.poll(flushes: flushes)
        if let problem = exporter?.takeProblem() { logger.warning("the collector of traces: \(problem)") }
        for case .stream(let delivery) in sinks.map(\.kind) {
            delivery.poll(flushes: flushes)
            if let problem = delivery.takeProblem() { logger.warning("a delivery stream of access logs: \(problem)") }
        }
    }

    /// Whether nothing is left to be sent.
    var isIdle: Bool {
        let (exporter, sinks, isRetiredIdle) = state.withLock {
            ($0.exporter, Array($0.sinks.values), $0.retired.isIdle)
        }
        return (exporter?.isIdle ?? true) && isRetiredIdle
            && sinks.allSatisfy { sink in
                if case .stream(let delivery) = sink.kind { delivery.isIdle } else { true }
            }
    }

    /// Closes minutes, writes them as EMF lines if wanted, and evaluates alarms. About every ten seconds.
    func roll(at seconds: Int) {
        let minutes = state.withLock { state in
            let minutes = state.history.advance(to: seconds)
            alarms.evaluate(state.history, at: seconds)
            return minutes
        }
        guard let output = configuration.metricsOutput else { return }
        for minute in minutes {
            var bytes: [UInt8] = []
            EmbeddedMetrics.append(minute, to: &bytes)
            output(bytes)
        }
    }

    /// Opens files anew, as after SIGHUP.
    func reopen() {
        for case .file(let file) in state.withLock({ $0.sinks.values.map(\.kind) }) { file.reopen() }
    }

    /// Sends what there is, for at most two seconds. The workers must still be there.
    func flush() async {
        let deadline = ContinuousClock.now + .seconds(2)
        poll(flushes: true)
        while !isIdle, ContinuousClock.now < deadline {
            try? await Task.sleep(for: .milliseconds(20))
            poll(flushes: true)
        }
    }

    /// Writes what there is, and ends everything.
    func close() async {
        alarms.stop()
        let kinds = state.withLock { $0.sinks.values.map(\.kind) + $0.retired.sinks.map(\.kind) }
        for case .file(let file) in kinds { await file.close() }
    }

    /// What was lost on the way to those who collect, in Prometheus text.
    func appendFigures(to bytes: inout [UInt8]) {
        let (figures, isTraced) = state.withLock { state in
            var figures = state.retired.figures
            for sink in state.sinks.values { figures.add(sink) }
            if let exporter = state.exporter { figures.add(exporter) }
            return (figures, state.exporter != nil || state.retired.hasTraces)
        }
        func metric(_ name: String, _ help: String, _ value: Int) {
            bytes += "# HELP \(name) \(help)\n# TYPE \(name) counter\n\(name) \(value)\n".utf8
        }
        metric("portico_access_log_lines_total", "Lines of access logs written or delivered.", figures.lines)
        metric("portico_access_log_lines_lost_total", "Lines of access logs that were lost.", figures.lostLines)
        metric("portico_alarm_actions_dropped_total", "Actions of alarms that found no room.", alarms.droppedActions)
        guard isTraced else { return }
        metric("portico_trace_segments_total", "Segments sent to the X-Ray daemon.", figures.segments)
        metric("portico_trace_segments_lost_total", "Segments that were lost.", figures.lostSegments)
        metric("portico_trace_spans_total", "Spans that the collector took.", figures.spans)
        metric("portico_trace_spans_lost_total", "Spans that were lost.", figures.lostSpans)
    }
}
