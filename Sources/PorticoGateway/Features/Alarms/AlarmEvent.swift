// Hot: no, once per change of an alarm's state. Allocates: the text.

internal import PorticoIR
internal import PorticoSyntax

/// A change of an alarm's state, which its actions are told of.
struct AlarmEvent: Sendable, Equatable {
    /// The alarm as it was then.
    var alarm: AlarmDefinition
    var oldState: AlarmState
    var newState: AlarmState
    /// Why, in CloudWatch's words.
    var reason: String
    /// Seconds since 1970.
    var timeSeconds: Int

    /// The message that an SNS topic gets of a CloudWatch alarm.
    ///
    /// Source: CloudWatch user guide, "Notifying users on alarm changes", and observed messages. Unconfirmed: that nothing
    /// else is in it.
    func message(region: String, accountID: String) -> JSONValue {
        func texts(_ actions: [AlarmAction]) -> JSONValue { .array(actions.map { .string($0.text) }) }
        return .object([
            JSONMember("AlarmName", .string(alarm.name.value)),
            JSONMember("AlarmDescription", alarm.description.map { .string($0) } ?? .null),
            JSONMember("AWSAccountId", .string(accountID)),
            JSONMember("NewStateValue", .string(newState.rawValue)),
            JSONMember("NewStateReason", .string(reason)),
            JSONMember("StateChangeTime", .string(AlarmTime.long(timeSeconds))),
            JSONMember("Region", .string(region)),
            JSONMember(
                "AlarmArn", .string("arn:aws:cloudwatch:\(region):\(accountID):alarm:\(alarm.name.value)")),
            JSONMember("OldStateValue", .string(oldState.rawValue)),
            JSONMember("OKActions", texts(alarm.okActions)),
            JSONMember("AlarmActions", texts(alarm.alarmActions)),
            JSONMember("InsufficientDataActions", texts(alarm.insufficientDataActions)),
            JSONMember("Trigger", .object(trigger)),
        ])
    }

    private var trigger: [JSONMember] {
        var members: [JSONMember]
        if alarm.queries.count == 1, case .metric(let stat) = alarm.watchedQuery?.source {
            members = metric(stat)
            if MetricStatistic.named.contains(where: { $0.value == stat.statistic }) {
                members.append(JSONMember("StatisticType", .string("Statistic")))
                members.append(JSONMember("Statistic", .string(Self.spelled(stat.statistic.name))))
            } else {
                members.append(JSONMember("StatisticType", .string("ExtendedStatistic")))
                members.append(JSONMember("ExtendedStatistic", .string(stat.statistic.name)))
            }
            members.append(JSONMember("Unit", stat.unit.map { .string($0) } ?? .null))
            members.append(JSONMember("Period", .number("\(stat.periodSeconds)")))
        } else {
            members = [
                JSONMember("Period", .number("\(alarm.periodSeconds)")),
                JSONMember("Metrics", .array(alarm.queries.map(query))),
            ]
        }
        return members + [
            JSONMember("EvaluationPeriods", .number("\(alarm.evaluationPeriods)")),
            JSONMember("DatapointsToAlarm", .number("\(alarm.datapointsToAlarm)")),
            JSONMember("ComparisonOperator", .string(alarm.comparison.rawValue)),
            JSONMember("Threshold", .number("\(alarm.threshold)")),
            JSONMember("TreatMissingData", .string(alarm.treatMissingData.rawValue)),
            JSONMember(
                "EvaluateLowSampleCountPercentile", .string(alarm.evaluatesFewSamples ? "" : "ignore")),
        ]
    }

    private func metric(_ stat: MetricStat) -> [JSONMember] {
        [
            JSONMember("MetricName", .string(stat.metricName)), JSONMember("Namespace", .string(stat.namespace)),
            JSONMember(
                "Dimensions",
                .array(
                    stat.writtenDimensions.map {
                        .object([
                            JSONMember("value", .string($0.value.value)), JSONMember("name", .string($0.name.value)),
                        ])
                    })),
        ]
    }

    private func query(_ query: MetricQuery) -> JSONValue {
        var members = [JSONMember("Id", .string(query.id))]
        switch query.source {
        case .expression(_, let text): members.append(JSONMember("Expression", .string(text)))
        case .metric(let stat):
            members.append(
                JSONMember(
                    "MetricStat",
                    .object([
                        JSONMember("Metric", .object(metric(stat))),
                        JSONMember("Period", .number("\(stat.periodSeconds)")),
                        JSONMember("Stat", .string(stat.statistic.name)),
                    ])))
        }
        if let label = query.label { members.append(JSONMember("Label", .string(label))) }
        members.append(JSONMember("ReturnData", .boolean(query.returnsData)))
        return .object(members)
    }

    /// `SampleCount` as `SAMPLE_COUNT`.
    private static func spelled(_ name: String) -> String {
        name == "SampleCount" ? "SAMPLE_COUNT" : name.uppercased()
    }
}
