internal import PorticoSyntax

/// `x-portico-alarms`: alarms over metrics, by name or as a list, with the members of CloudWatch's `PutMetricAlarm`.
///
/// What a metric is and where its queries lead is read by ``AlarmQueryReader``.
enum AlarmsExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-portico-alarms", in: [.root], of: [.rest, .http, .webSocket],
        "Alarms over the metrics of the API.")

    /// Alarms of a file. Each is evaluated once a minute or more often.
    private static let mostAlarms = 500
    /// Source: CloudWatch API reference, "PutMetricAlarm", AlarmActions.
    private static let mostActions = 5

    private static let members: Set<String> = AlarmQueryReader.statMembers.union([
        "AlarmName", "AlarmDescription", "Metrics", "EvaluationPeriods", "DatapointsToAlarm", "Threshold",
        "ThresholdMetricId", "ComparisonOperator", "TreatMissingData", "EvaluateLowSampleCountPercentile",
        "ActionsEnabled", "OKActions", "AlarmActions", "InsufficientDataActions", "Tags",
    ])

    static func read(_ node: Node, _ context: ImporterContext) -> [AlarmDefinition] {
        let reader = context.reader
        let entries: [(name: Located<String>?, node: Node)]
        if let elements = node.sequence {
            entries = elements.map { (nil, $0) }
        } else if let mapping = node.mapping {
            entries = mapping.members.map { (Located($0.key, at: $0.keySpan), $0.value) }
        } else {
            let nothing: [AlarmDefinition]? = reader.wrongType(node, "'\(key)'", "an object or a list")
            return nothing ?? []
        }
        guard entries.count <= mostAlarms else {
            reader.report(
                ImportDiagnostics.outOfRange, "'\(key)' has \(entries.count) alarms; \(mostAlarms) are allowed",
                at: node.span)
            return []
        }
        var seen: [String: SourceSpan] = [:]
        return entries.compactMap { entry in
            guard let object = reader.mapping(entry.node, entry.name.map { "alarm '\($0.value)'" } ?? "an alarm"),
                let name = name(object, entry.name, entry.node, context)
            else { return nil }
            if let first = seen.updateValue(name.span, forKey: name.value) {
                reader.report(
                    ImportDiagnostics.duplicate, "alarm '\(name.value)' twice", at: name.span,
                    notes: [.init("first declared here", at: first)])
                return nil
            }
            return alarm(name, object, entry.node, context)
        }
    }

    private static func name(
        _ object: Mapping, _ key: Located<String>?, _ node: Node, _ context: ImporterContext
    ) -> Located<String>? {
        let written = context.located(object.present("AlarmName"), "'AlarmName'")
        guard let name = written ?? key else {
            context.reader.report(
                ImportDiagnostics.valueMissing, "the alarm has no 'AlarmName'",
                at: object.members.first?.keySpan ?? node.span)
            return nil
        }
        // Source: CloudWatch API reference, "PutMetricAlarm", AlarmName.
        guard (1...255).contains(name.value.unicodeScalars.count) else {
            context.reader.report(
                ImportDiagnostics.invalidName, "the name of an alarm has 1 to 255 characters", at: name.span)
            return nil
        }
        return name
    }

    private static func alarm(
        _ name: Located<String>, _ object: Mapping, _ node: Node, _ context: ImporterContext
    ) -> AlarmDefinition? {
        let reader = context.reader
        reader.checkMembers(object, known: members, "an alarm")
        let queries = AlarmQueryReader(context: context, alarm: name).read(object)
        let comparison = comparison(object, name, context)
        let threshold = threshold(object, name, context)
        let periods = required("EvaluationPeriods", of: object, name, context) {
            context.integer(object, "EvaluationPeriods", in: 1...10_080)
        }
        let datapoints = context.integer(
            object, "DatapointsToAlarm", in: 1...(periods?.value ?? 10_080),
            note: "it is how many of the last 'EvaluationPeriods' values must breach")
        guard let (queries, watched) = queries, let comparison, let threshold, let periods else { return nil }

        var alarm = AlarmDefinition(name: name, queries: queries, settings: settings(node, named: name))
        alarm.watched = watched
        alarm.comparison = comparison
        alarm.threshold = threshold
        alarm.evaluationPeriods = periods.value
        alarm.datapointsToAlarm = datapoints?.value ?? periods.value
        alarm.description = context.string(object, "AlarmDescription")
        if let node = object.present("TreatMissingData"),
            let treatment: MissingDataTreatment = reader.choice(node, "'TreatMissingData'")
        {
            alarm.treatMissingData = treatment
        }
        alarm.evaluatesFewSamples = evaluatesFewSamples(object, alarm, context)
        alarm.actionsEnabled = context.boolean(object, "ActionsEnabled") ?? true
        alarm.okActions = actions("OKActions", of: object, context)
        alarm.alarmActions = actions("AlarmActions", of: object, context)
        alarm.insufficientDataActions = actions("InsufficientDataActions", of: object, context)
        checkRange(alarm, periods, context)
        return alarm
    }

    /// The members, with the name that may have been the key.
    private static func settings(_ node: Node, named name: Located<String>) -> JSONValue {
        guard case .object(let members) = JSONValue(node) else { return .object([]) }
        return .object([JSONMember("AlarmName", .string(name.value))] + members.filter { $0.name != "AlarmName" })
    }

    private static func required<Value>(
        _ member: String, of object: Mapping, _ alarm: Located<String>, _ context: ImporterContext,
        _ read: () -> Value?
    ) -> Value? {
        if object.present(member) != nil { return read() }
        context.reader.report(
            ImportDiagnostics.valueMissing, "alarm '\(alarm.value)' has no '\(member)'", at: alarm.span)
        return nil
    }

    private static func comparison(
        _ object: Mapping, _ alarm: Located<String>, _ context: ImporterContext
    ) -> AlarmComparison? {
        required("ComparisonOperator", of: object, alarm, context) {
            guard let node = object.present("ComparisonOperator") else { return nil }
            let anomaly = [
                "LessThanLowerOrGreaterThanUpperThreshold", "LessThanLowerThreshold", "GreaterThanUpperThreshold",
            ]
            if let word = node.scalar?.text.string, anomaly.contains(word) {
                context.reader.report(
                    ImportDiagnostics.alarmUnsupported, "'\(word)' needs anomaly detection, which is not supported",
                    at: node.span,
                    fixIt: .init(hint: "compare with a threshold, such as 'GreaterThanThreshold'"))
                return nil
            }
            return context.reader.choice(node, "'ComparisonOperator'")
        }
    }

    private static func threshold(
        _ object: Mapping, _ alarm: Located<String>, _ context: ImporterContext
    ) -> Double? {
        if let node = object.member("ThresholdMetricId"), !node.value.isNull {
            context.reader.report(
                ImportDiagnostics.alarmUnsupported,
                "'ThresholdMetricId' needs anomaly detection, which is not supported", at: node.keySpan)
            return nil
        }
        return required("Threshold", of: object, alarm, context) {
            switch object.present("Threshold")?.scalar?.kind {
            case .integer(let value): return Double(value)
            case .number(let value) where value.isFinite: return value
            default:
                return object.present("Threshold").flatMap { context.reader.wrongType($0, "'Threshold'", "a number") }
            }
        }
    }

    private static func evaluatesFewSamples(
        _ object: Mapping, _ alarm: AlarmDefinition, _ context: ImporterContext
    ) -> Bool {
        guard let node = object.present("EvaluateLowSampleCountPercentile"),
            let word: LowSampleTreatment = context.reader.choice(node, "'EvaluateLowSampleCountPercentile'")
        else { return true }
        return word == .evaluate
    }

    /// Words of `EvaluateLowSampleCountPercentile`.
    private enum LowSampleTreatment: String, CaseIterable {
        case evaluate, ignore
    }

    private static func actions(
        _ member: String, of object: Mapping, _ context: ImporterContext
    ) -> [AlarmAction] {
        let texts = context.strings(object, member)
        if let extra = texts.dropFirst(mostActions).first {
            context.reader.report(
                ImportDiagnostics.outOfRange, "'\(member)' has \(texts.count) actions; \(mostActions) are allowed",
                at: extra.span)
        }
        return texts.prefix(mostActions).compactMap { text in
            guard let action = AlarmAction(text.value) else {
                if !context.unresolved.touches(text.span) {
                    context.reader.report(
                        ImportDiagnostics.alarmAction,
                        "\(quoted(text.value)) is no action; expected 'log', an http or https URL, or "
                            + "'command:/path argument ...'", at: text.span)
                }
                return nil
            }
            if case .arn(let arn) = action {
                context.reader.report(
                    ImportDiagnostics.alarmAction, "\(quoted(arn)) is only logged: Portico calls nothing of AWS",
                    at: text.span, severity: .warning)
            }
            return action
        }
    }

    /// How far back an alarm may look. Source: CloudWatch API reference, "PutMetricAlarm", EvaluationPeriods.
    private static func checkRange(
        _ alarm: AlarmDefinition, _ periods: Located<Int>, _ context: ImporterContext
    ) {
        let most =
            switch alarm.periodSeconds {
            case ..<60: 10_800
            case ..<3600: 86_400
            default: 604_800
            }
        let range = alarm.periodSeconds.multipliedReportingOverflow(by: alarm.evaluationPeriods)
        guard range.overflow || range.partialValue > most else { return }
        context.reader.report(
            ImportDiagnostics.outOfRange,
            "alarm '\(alarm.name.value)' looks back \(alarm.evaluationPeriods) periods of \(alarm.periodSeconds) s; "
                + "\(most) s are allowed for this period", at: periods.span)
    }
}
