internal import PorticoIR
internal import PorticoPrograms

// ORDER SNAPSHOT: each `write` has its `read` below it.

extension ByteWriter {
    mutating func write(_ value: AccessLogEntry?) {
        write(value != nil)
        guard let value else { return }
        write(value.format)
        write(value.destination)
    }

    mutating func write(_ value: ObservationParts) {
        write(value.alarms) { $0.write($1) }
        write(value.tracing != nil)
        if let tracing = value.tracing { write(tracing) }
    }

    private mutating func write(_ value: Double) { write(value.bitPattern) }

    private mutating func write(_ value: AlarmDefinition) {
        write(value.name.value)
        write(value.description)
        write(value.queries) { $0.write($1) }
        write(count: value.watched)
        write(count: value.evaluationPeriods)
        write(count: value.datapointsToAlarm)
        write(value.threshold)
        write(value.comparison.rawValue)
        write(value.treatMissingData.rawValue)
        write(value.evaluatesFewSamples)
        write(value.actionsEnabled)
        for actions in [value.okActions, value.alarmActions, value.insufficientDataActions] {
            write(actions) { $0.write($1.text) }
        }
    }

    private mutating func write(_ value: MetricQuery) {
        write(value.id)
        write(value.label)
        write(value.returnsData)
        switch value.source {
        case .expression(_, let text):
            write(UInt8(0))
            write(text)
        case .metric(let stat):
            write(UInt8(1))
            write(stat.namespace)
            write(stat.metricName)
            write(stat.metric != nil)
            write(stat.dimensions != nil)
            write(stat.writtenDimensions) {
                $0.write($1.name.value)
                $0.write($1.value.value)
            }
            write(stat.statistic.name)
            write(count: stat.periodSeconds)
            write(stat.unit)
        }
    }

    private mutating func write(_ value: TracingSettings) {
        write(value.samplingRules) { writer, rule in
            for text in [
                rule.ruleName, rule.serviceName, rule.serviceType, rule.host, rule.httpMethod, rule.urlPath,
                rule.resourceARN,
            ] { writer.write(text) }
            writer.write(count: rule.priority)
            writer.write(count: rule.reservoirSize)
            writer.write(rule.fixedRate)
            writer.write(rule.attributes) {
                $0.write($1.name)
                $0.write($1.pattern)
            }
        }
        write(value.xray != nil)
        if let xray = value.xray {
            write(xray.host)
            write(count: xray.port)
        }
        write(value.otlp != nil)
        guard let otlp = value.otlp else { return }
        write(otlp.endpoint.text)
        for pairs in [otlp.headers, otlp.resourceAttributes] {
            write(pairs) {
                $0.write($1.name)
                $0.write($1.value)
            }
        }
        write(otlp.serviceName)
        for count in [otlp.timeoutMilliseconds, otlp.batchSize, otlp.delayMilliseconds, otlp.queueSize] {
            write(count: count)
        }
    }
}

extension ByteReader {
    mutating func readAccessLog() throws(ProgramDecodingError) -> AccessLogEntry? {
        guard try readBool() else { return nil }
        return AccessLogEntry(format: try readString(), destination: try readString())
    }

    /// `kind` is that of the API, which decides what the names of metrics are.
    mutating func readObservation(of kind: APIProtocol) throws(ProgramDecodingError) -> ObservationParts {
        ObservationParts(
            alarms: try readArray { reader throws(ProgramDecodingError) in try reader.readAlarm(kind) },
            tracing: try readBool() ? try readTracing() : nil)
    }

    private mutating func readDouble() throws(ProgramDecodingError) -> Double {
        Double(bitPattern: try read(UInt64.self))
    }

    private mutating func readAlarm(_ kind: APIProtocol) throws(ProgramDecodingError) -> AlarmDefinition {
        let name = try readString()
        let description = try readOptionalString()
        var alarm = AlarmDefinition(
            name: Located(name),
            queries: try readArray { reader throws(ProgramDecodingError) in try reader.readQuery(kind) })
        alarm.description = description
        alarm.watched = try readIndex()
        alarm.evaluationPeriods = try readIndex()
        alarm.datapointsToAlarm = try readIndex()
        alarm.threshold = try readDouble()
        alarm.comparison = try readRaw(AlarmComparison.self)
        alarm.treatMissingData = try readRaw(MissingDataTreatment.self)
        alarm.evaluatesFewSamples = try readBool()
        alarm.actionsEnabled = try readBool()
        alarm.okActions = try readActions()
        alarm.alarmActions = try readActions()
        alarm.insufficientDataActions = try readActions()
        guard alarm.watchedQuery != nil, (1...10_080).contains(alarm.evaluationPeriods),
            (1...alarm.evaluationPeriods).contains(alarm.datapointsToAlarm), alarm.threshold.isFinite
        else {
            throw ProgramDecodingError("an alarm that watches nothing", at: offset)
        }
        return alarm
    }

    private mutating func readActions() throws(ProgramDecodingError) -> [AlarmAction] {
        try readArray { reader throws(ProgramDecodingError) in
            guard let action = AlarmAction(try reader.readString()) else {
                throw ProgramDecodingError("an action that is none", at: reader.offset)
            }
            return action
        }
    }

    private mutating func readQuery(_ kind: APIProtocol) throws(ProgramDecodingError) -> MetricQuery {
        let id = try readString()
        let label = try readOptionalString()
        let returnsData = try readBool()
        let source: MetricQuery.Source
        switch try read(UInt8.self) {
        case 0:
            let text = try readString()
            do {
                source = .expression(try MetricExpression(parsing: text), text: text)
            } catch {
                throw ProgramDecodingError("an expression that does not parse", at: offset)
            }
        case 1: source = .metric(try readStat(kind))
        default: throw ProgramDecodingError("unknown kind of query", at: offset)
        }
        return MetricQuery(id: id, source: source, label: label, returnsData: returnsData)
    }

    private mutating func readStat(_ kind: APIProtocol) throws(ProgramDecodingError) -> MetricStat {
        let namespace = try readString()
        let metricName = try readString()
        let isKnown = try readBool()
        let hasDimensions = try readBool()
        let pairs = try readArray { reader throws(ProgramDecodingError) in
            NamedValue(Located(try reader.readString()), Located(try reader.readString()))
        }
        guard let statistic = MetricStatistic(try readString()) else {
            throw ProgramDecodingError("unknown statistic", at: offset)
        }
        let period = try readIndex()
        guard (1...86_400).contains(period) else { throw ProgramDecodingError("a period that is none", at: offset) }
        var stat = MetricStat(
            named: metricName, of: pairs, in: kind, statistic: statistic, periodSeconds: period)
        stat.namespace = namespace
        if !isKnown { stat.metric = nil }
        if !hasDimensions { stat.dimensions = nil }
        stat.unit = try readOptionalString()
        return stat
    }

    private mutating func readTracing() throws(ProgramDecodingError) -> TracingSettings {
        var tracing = TracingSettings()
        tracing.samplingRules = try readArray { reader throws(ProgramDecodingError) in try reader.readSamplingRule() }
        if try readBool() { tracing.xray = XRayDestination(host: try readString(), port: try readIndex()) }
        guard try readBool() else { return tracing }
        guard let endpoint = CollectorAddress(try readString()) else {
            throw ProgramDecodingError("an address that is none", at: offset)
        }
        var otlp = OTLPDestination(endpoint: endpoint)
        otlp.headers = try readPairs()
        otlp.resourceAttributes = try readPairs()
        otlp.serviceName = try readOptionalString()
        otlp.timeoutMilliseconds = try readIndex()
        otlp.batchSize = max(try readIndex(), 1)
        otlp.delayMilliseconds = try readIndex()
        otlp.queueSize = max(try readIndex(), 1)
        tracing.otlp = otlp
        return tracing
    }

    private mutating func readPairs() throws(ProgramDecodingError) -> [NamedText] {
        try readArray { reader throws(ProgramDecodingError) in
            NamedText(try reader.readString(), try reader.readString())
        }
    }

    private mutating func readSamplingRule() throws(ProgramDecodingError) -> SamplingRule {
        var texts: [String] = []
        for _ in 0..<7 { texts.append(try readString()) }
        var rule = SamplingRule(
            ruleName: texts[0], priority: try readIndex(), reservoirSize: try readIndex(), fixedRate: try readDouble())
        rule.serviceName = texts[1]
        rule.serviceType = texts[2]
        rule.host = texts[3]
        rule.httpMethod = texts[4]
        rule.urlPath = texts[5]
        rule.resourceARN = texts[6]
        rule.attributes = try readArray { reader throws(ProgramDecodingError) in
            SamplingAttribute(name: try reader.readString(), pattern: try reader.readString())
        }
        return rule
    }
}
