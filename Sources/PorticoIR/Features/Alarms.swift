public import PorticoSyntax

/// One entry of `x-portico-alarms`. Members are those of CloudWatch's `PutMetricAlarm`.
public struct AlarmDefinition: Sendable, Hashable {
    /// `AlarmName`
    public var name: Located<String>
    /// `AlarmDescription`
    public var description: String?
    /// What is watched: one metric, or the members of `Metrics`. Never empty.
    public var queries: [MetricQuery]
    /// Position in `queries` of the one whose values are compared.
    public var watched = 0
    /// `EvaluationPeriods`: how many values are looked at, 1 or more.
    public var evaluationPeriods = 1
    /// `DatapointsToAlarm`: how many of them must breach, from 1 to `evaluationPeriods`.
    public var datapointsToAlarm = 1
    /// `Threshold`
    public var threshold = 0.0
    /// `ComparisonOperator`
    public var comparison = AlarmComparison.greaterThanOrEqual
    /// `TreatMissingData`
    public var treatMissingData = MissingDataTreatment.missing
    /// Whether percentiles of few values count: `EvaluateLowSampleCountPercentile` is not `ignore`.
    public var evaluatesFewSamples = true
    /// `ActionsEnabled`
    public var actionsEnabled = true
    /// `OKActions`
    public var okActions: [AlarmAction] = []
    /// `AlarmActions`
    public var alarmActions: [AlarmAction] = []
    /// `InsufficientDataActions`
    public var insufficientDataActions: [AlarmAction] = []
    /// The members as read.
    public var settings: JSONValue

    /// Makes an alarm with the defaults of CloudWatch.
    public init(name: Located<String>, queries: [MetricQuery], settings: JSONValue = .object([])) {
        self.name = name
        self.queries = queries
        self.settings = settings
    }

    /// The query whose values are compared.
    public var watchedQuery: MetricQuery? { queries.indices.contains(watched) ? queries[watched] : nil }

    /// Seconds from one value to the next: the period that all metrics of the alarm have.
    public var periodSeconds: Int {
        for query in queries {
            if case .metric(let metric) = query.source { return metric.periodSeconds }
        }
        return 60
    }

    /// Periods that are looked at to find enough values when some are missing.
    ///
    /// Source: CloudWatch user guide, "Configuring how CloudWatch alarms treat missing data", whose examples have 5
    /// for 3. Unconfirmed: that it is two more for every number.
    public var evaluationRange: Int { evaluationPeriods + 2 }

    /// The members as JSON text.
    public var settingsText: String { JSONWriter.compact(settings) }
}

/// A member of `Metrics`, or the alarm's only metric.
public struct MetricQuery: Sendable, Hashable {
    /// Where its values come from.
    public enum Source: Sendable, Hashable {
        /// A metric of this gateway.
        case metric(MetricStat)
        /// A formula over other queries.
        case expression(MetricExpression, text: String)
    }

    /// `Id`; `m1` for the only metric of an alarm.
    public var id: String
    /// Where its values come from.
    public var source: Source
    /// `Label`
    public var label: String?
    /// `ReturnData`
    public var returnsData: Bool

    /// Makes a query.
    public init(id: String, source: Source, label: String? = nil, returnsData: Bool = true) {
        self.id = id
        self.source = source
        self.label = label
        self.returnsData = returnsData
    }
}

/// A metric with how its values become one a period: `MetricStat`.
public struct MetricStat: Sendable, Hashable {
    /// `Namespace`
    public var namespace: String
    /// `MetricName`; `nil` for one that APIs of this kind do not have, which never has values.
    public var metric: MetricName?
    /// `MetricName` as written.
    public var metricName: String
    /// `Dimensions`; `nil` for a set that is not published, which never has values.
    public var dimensions: MetricDimensions?
    /// `Dimensions` as written.
    public var writtenDimensions: [NamedValue]
    /// `Statistic`, `ExtendedStatistic` or `Stat`.
    public var statistic: MetricStatistic
    /// `Period`: 10, 20, 30 or a multiple of 60 seconds.
    public var periodSeconds: Int
    /// `Unit`
    public var unit: String?

    /// Makes a metric of this gateway.
    public init(
        _ metric: MetricName, of dimensions: MetricDimensions, statistic: MetricStatistic, periodSeconds: Int
    ) {
        self.init(
            named: metric.name(in: dimensions.kind) ?? "",
            of: dimensions.pairs.map { NamedValue(Located($0.name), Located($0.value)) }, in: dimensions.kind,
            statistic: statistic, periodSeconds: periodSeconds)
        namespace = metric.namespace
    }

    /// Makes a metric as it is written for an API of that kind, which may not have it.
    public init(
        named metricName: String, of writtenDimensions: [NamedValue], in kind: APIProtocol,
        statistic: MetricStatistic, periodSeconds: Int
    ) {
        namespace = MetricName.awsNamespace
        metric = MetricName(named: metricName, in: kind)
        self.metricName = metricName
        dimensions = MetricDimensions(pairs: writtenDimensions.map { ($0.name.value, $0.value.value) }, of: kind)
        self.writtenDimensions = writtenDimensions
        self.statistic = statistic
        self.periodSeconds = periodSeconds
    }
}

/// `ComparisonOperator`; those that need anomaly detection are not executed.
public enum AlarmComparison: String, Sendable, Hashable, CaseIterable {
    /// At the threshold or above.
    case greaterThanOrEqual = "GreaterThanOrEqualToThreshold"
    /// Above.
    case greaterThan = "GreaterThanThreshold"
    /// Below.
    case lessThan = "LessThanThreshold"
    /// At the threshold or below.
    case lessThanOrEqual = "LessThanOrEqualToThreshold"

    /// Whether a value breaches.
    public func breaches(_ value: Double, _ threshold: Double) -> Bool {
        switch self {
        case .greaterThanOrEqual: value >= threshold
        case .greaterThan: value > threshold
        case .lessThan: value < threshold
        case .lessThanOrEqual: value <= threshold
        }
    }

    /// As CloudWatch's reasons have it.
    public var words: String {
        switch self {
        case .greaterThanOrEqual: "greater than or equal to"
        case .greaterThan: "greater than"
        case .lessThan: "less than"
        case .lessThanOrEqual: "less than or equal to"
        }
    }
}

/// `TreatMissingData`: what a period without values counts as, if there are too few others.
public enum MissingDataTreatment: String, Sendable, Hashable, CaseIterable {
    /// Nothing; without any value the state is INSUFFICIENT_DATA.
    case missing
    /// A reason to stay in the state.
    case ignore
    /// Breaching.
    case breaching
    /// Not breaching.
    case notBreaching
}

/// What happens on a change of state.
public enum AlarmAction: Sendable, Hashable {
    /// `log`: a line of the log.
    case log
    /// `https://...` or `http://...`: the event is posted there as JSON.
    case webhook(String)
    /// `command:/path argument ...`: the program is started, without a shell, with the event as JSON on its standard
    /// input. Words are separated by blanks.
    case command([String])
    /// `arn:...`: something of AWS, which is not called; a line of the log names it.
    case arn(String)

    /// Bytes of an action. Source: CloudWatch API reference, "PutMetricAlarm", AlarmActions.
    public static let longest = 1024

    /// Reads an action; `nil` for anything else.
    public init?(_ text: String) {
        let isPrintable = text.utf8.allSatisfy { $0 > 0x1F && $0 != 0x7F }
        guard isPrintable, text.utf8.count <= Self.longest else { return nil }
        if text == "log" {
            self = .log
        } else if text.hasPrefix("https://") || text.hasPrefix("http://") {
            let rest = text[text.index(text.firstIndex(of: "/") ?? text.startIndex, offsetBy: 2)...]
            guard let first = rest.utf8.first, first != UInt8(ascii: "/"), !rest.utf8.contains(0x20) else { return nil }
            self = .webhook(text)
        } else if text.hasPrefix("command:") {
            let words = text.dropFirst("command:".count).split(separator: " ").map(String.init)
            guard let program = words.first, program.hasPrefix("/"), program.utf8.count > 1 else { return nil }
            self = .command(words)
        } else if text.hasPrefix("arn:") {
            guard text.split(separator: ":", omittingEmptySubsequences: false).count >= 6 else { return nil }
            self = .arn(text)
        } else {
            return nil
        }
    }

    /// As written.
    public var text: String {
        switch self {
        case .log: "log"
        case .webhook(let address): address
        case .command(let words): "command:" + words.joined(separator: " ")
        case .arn(let arn): arn
        }
    }
}
