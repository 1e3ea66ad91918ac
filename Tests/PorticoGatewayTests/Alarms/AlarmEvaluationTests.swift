import PorticoIR
import Testing

@testable import PorticoGateway

/// `0` does not breach, `X` does, `-` is missing; the last one is the newest.
func datapoints(_ text: String, at start: Int = 1_588_500_000) -> [AlarmDatapoint] {
    text.filter { $0 != " " }.enumerated().map { index, character in
        AlarmDatapoint(
            startSeconds: start + index * 60, value: character == "-" ? nil : character == "X" ? 3 : 0, samples: 1)
    }
}

/// An alarm over a threshold of 1.
func alarm(
    _ datapointsToAlarm: Int, of evaluationPeriods: Int, _ treatment: MissingDataTreatment = .missing,
    named name: String = "a", statistic: MetricStatistic = .sum, periodSeconds: Int = 60
) -> AlarmDefinition {
    let stat = MetricStat(
        .serverErrors, of: MetricDimensions(apiName: "Pets"), statistic: statistic, periodSeconds: periodSeconds)
    var alarm = AlarmDefinition(name: Located(name), queries: [MetricQuery(id: "m1", source: .metric(stat))])
    alarm.evaluationPeriods = evaluationPeriods
    alarm.datapointsToAlarm = datapointsToAlarm
    alarm.threshold = 1
    alarm.comparison = .greaterThan
    alarm.treatMissingData = treatment
    return alarm
}

@Suite struct AlarmEvaluationTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var datapointsToAlarm: Int
        var points: String
        /// For `missing`, `ignore`, `breaching` and `notBreaching`; `nil` for the state as it was.
        var expected: [AlarmState?]

        init(_ datapointsToAlarm: Int, _ points: String, _ expected: AlarmState?...) {
            self.datapointsToAlarm = datapointsToAlarm
            self.points = points
            self.expected = expected
        }

        var testDescription: String { "\(datapointsToAlarm) of 3: \(points)" }
    }

    /// Source: CloudWatch user guide, "Configuring how CloudWatch alarms treat missing data", both tables; then rows that
    /// follow from its text.
    static let rows: [Row] = [
        Row(3, "0 - X - X", .ok, .ok, .ok, .ok),
        Row(3, "0 - - - -", .ok, .ok, .ok, .ok),
        Row(3, "- - - - -", .insufficientData, nil, .alarm, .ok),
        Row(3, "0 X X - X", .alarm, .alarm, .alarm, .alarm),
        Row(3, "- - X - -", .alarm, nil, .alarm, .ok),
        Row(2, "0 - X - X", .alarm, .alarm, .alarm, .alarm),
        Row(2, "0 0 X 0 X", .alarm, .alarm, .alarm, .alarm),
        Row(2, "0 - X - -", .ok, .ok, .alarm, .ok),
        Row(2, "- - - - 0", .ok, .ok, .alarm, .ok),
        Row(2, "- - - X -", .alarm, nil, .alarm, .ok),
        // "Avoiding premature transitions to alarm state"
        Row(3, "- - - - X", .ok, nil, .alarm, .ok),
        Row(3, "- - - X -", .ok, nil, .alarm, .ok),
        Row(3, "- - X X -", .alarm, nil, .alarm, .ok),
        Row(3, "- - - X 0", .ok, .ok, .ok, .ok),
        Row(3, "- - X - 0", .ok, .ok, .ok, .ok),
        // The newest three count, not the oldest.
        Row(3, "X X 0 X X", .ok, .ok, .ok, .ok),
        Row(3, "0 0 X X X", .alarm, .alarm, .alarm, .alarm),
        Row(2, "X X 0 0 X", .ok, .ok, .ok, .ok),
        Row(1, "- - - - X", .alarm, .alarm, .alarm, .alarm),
        Row(1, "X - - - -", .alarm, .alarm, .alarm, .alarm),
        Row(2, "- - - X X", .alarm, .alarm, .alarm, .alarm),
    ]

    @Test("missing data is treated as the guide has it", arguments: rows)
    func table(row: Row) {
        let found = [MissingDataTreatment.missing, .ignore, .breaching, .notBreaching].map { treatment in
            AlarmEvaluation.outcome(of: alarm(row.datapointsToAlarm, of: 3, treatment), datapoints(row.points))?.state
        }
        #expect(found == row.expected)
    }

    @Test(
        "the recorded rows hold",
        arguments: [
            ("-----", MissingDataTreatment.missing, AlarmState.insufficientData), ("--X--", .notBreaching, .ok),
            ("-----", .notBreaching, .ok),
        ])
    func recorded(points: String, treatment: MissingDataTreatment, expected: AlarmState) {
        #expect(AlarmEvaluation.outcome(of: alarm(3, of: 3, treatment), datapoints(points))?.state == expected)
    }

    @Test(
        "a comparison is what its name says",
        arguments: [
            (AlarmComparison.greaterThan, [false, false, true]), (.greaterThanOrEqual, [false, true, true]),
            (.lessThan, [true, false, false]), (.lessThanOrEqual, [true, true, false]),
        ])
    func comparisons(comparison: AlarmComparison, expected: [Bool]) {
        var alarm = alarm(1, of: 1)
        alarm.comparison = comparison
        let found = [0.5, 1, 1.5].map { value in
            AlarmEvaluation.outcome(of: alarm, [AlarmDatapoint(startSeconds: 0, value: value)])?.state == .alarm
        }
        #expect(found == expected)
    }

    @Test(
        "the reason is in CloudWatch's words",
        arguments: [
            (
                alarm(3, of: 3), "0 0 X X X",
                "Threshold Crossed: 3 out of the last 3 datapoints [3.0 (03/05/20 10:04:00), 3.0 (03/05/20 10:03:00), 3.0 "
                    + "(03/05/20 10:02:00)] were greater than the threshold (1.0) (minimum 3 datapoints for OK -> ALARM "
                    + "transition)."
            ),
            (
                alarm(1, of: 1), "0 0 X",
                "Threshold Crossed: 1 out of the last 1 datapoints [3.0 (03/05/20 10:02:00)] was greater than the threshold "
                    + "(1.0) (minimum 1 datapoint for OK -> ALARM transition)."
            ),
            (
                alarm(2, of: 3), "0 0 X 0 0",
                "Threshold Crossed: 2 out of the last 3 datapoints [0.0 (03/05/20 10:04:00), 0.0 (03/05/20 10:03:00)] were not "
                    + "greater than the threshold (1.0) (minimum 2 datapoints for ALARM -> OK transition)."
            ),
            (
                alarm(6, of: 6), "X X X X X X X X",
                "Threshold Crossed: 6 out of the last 6 datapoints were greater than the threshold (1.0). The most recent "
                    + "datapoints which crossed the threshold: [3.0 (03/05/20 10:07:00), 3.0 (03/05/20 10:06:00), 3.0 "
                    + "(03/05/20 10:05:00), 3.0 (03/05/20 10:04:00), 3.0 (03/05/20 10:03:00)] (minimum 6 datapoints for OK "
                    + "-> ALARM transition)."
            ),
            (alarm(3, of: 3), "-----", "Insufficient Data: 3 datapoints were unknown."),
            (alarm(1, of: 1), "---", "Insufficient Data: 1 datapoint was unknown."),
            (
                alarm(3, of: 3, .notBreaching), "-----",
                "Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as "
                    + "[NonBreaching]."
            ),
            (
                alarm(1, of: 1, .breaching), "---",
                "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as "
                    + "[Breaching]."
            ),
        ])
    func reasons(alarm: AlarmDefinition, points: String, reason: String) {
        #expect(AlarmEvaluation.outcome(of: alarm, datapoints(points))?.reason == reason)
    }

    @Test(
        "a percentile of few values leaves the state as it is, if the alarm says so",
        arguments: [
            ("p99", 999, false), ("p99", 1000, true), ("p10", 99, false), ("p10", 100, true), ("p50", 20, true),
        ])
    func fewSamples(name: String, samples: UInt64, counts: Bool) throws {
        let statistic = try #require(MetricStatistic(name))
        var alarm = alarm(1, of: 1, statistic: statistic)
        let points = [AlarmDatapoint(startSeconds: 0, value: 5, samples: samples)]
        #expect(AlarmEvaluation.outcome(of: alarm, points)?.state == .alarm)
        alarm.evaluatesFewSamples = false
        #expect(AlarmEvaluation.outcome(of: alarm, points)?.state == (counts ? .alarm : nil))
    }
}
