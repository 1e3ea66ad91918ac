/// Documents of `x-portico-alarms`, each of which announces what is said about it.
enum AlarmDocuments {
    private static func alarms(_ description: String, _ lines: String) -> MarkedDocument {
        MarkedDocument(
            description, "openapi: 3.0.1\ninfo: {title: t}\npaths: {}\nx-portico-alarms:\n" + lines)
    }

    /// An alarm without mistakes around the lines given, in which `Threshold` may be written again.
    private static func alarm(_ description: String, _ lines: String) -> MarkedDocument {
        alarms(
            description,
            """
              errors:
                MetricName: 5XXError
                Dimensions: [{Name: ApiName, Value: t}]
                EvaluationPeriods: 3
            \(lines)
            """)
    }

    private static let rest =
        "    Statistic: Sum\n    Period: 60\n    Threshold: 1\n    ComparisonOperator: GreaterThanThreshold\n"

    /// The lines of an alarm with `Metrics`.
    private static func math(_ description: String, _ lines: String) -> MarkedDocument {
        alarms(
            description,
            """
              share:
                EvaluationPeriods: 1
                Threshold: 1
                ComparisonOperator: GreaterThanThreshold
                Metrics:
            \(lines)
            """)
    }

    private static let stat =
        "{Metric: {Namespace: AWS/ApiGateway, MetricName: Count, Dimensions: [{Name: ApiName, Value: t}]}, Period: 60, Stat: Sum}"

    static let all: [MarkedDocument] = [
        alarm("an alarm without mistakes", rest),
        alarms(
            "a list",
            """
            - AlarmName: a
              MetricName: Latency
              Namespace: AWS/ApiGateway
              Dimensions: {ApiName: t, Stage: dev, Method: GET, Resource: /a}
              ExtendedStatistic: p99.9
              Unit: Milliseconds
              Period: 10
              EvaluationPeriods: 5
              DatapointsToAlarm: 3
              Threshold: 1.5e3
              ComparisonOperator: LessThanOrEqualToThreshold
              TreatMissingData: notBreaching
              EvaluateLowSampleCountPercentile: ignore
              ActionsEnabled: false
              AlarmActions: [log, "https://hooks.example.com/a?b", "command:/usr/bin/page me"]
              Tags: []
            - MetricName: Count
            # ^ error[openapi.value-missing]: no 'AlarmName'
            - AlarmName: a
            #            ^ error[openapi.duplicate]: alarm 'a' twice
            - 5
            # ^ error[openapi.wrong-type]
            """),
        alarms("another type", "  5\n# ^ error[openapi.wrong-type]: an object or a list"),
        alarms(
            "an alarm that says nothing",
            """
              nothing: {}
            # ^ error[openapi.value-missing]: no 'Statistic'
            # ^ error[openapi.value-missing]: no 'Period'
            # ^ error[openapi.value-missing]: no 'MetricName'
            # ^ error[openapi.value-missing]: no 'ComparisonOperator'
            # ^ error[openapi.value-missing]: no 'Threshold'
            # ^ error[openapi.value-missing]: no 'EvaluationPeriods'
            """),
        alarm(
            "words that were not meant",
            """
                Statistics: Sum
            #   ^ warning[extension.unknown-member]: did you mean 'Statistic'?
                Statistic: Summ
            #              ^ error[extension.unknown-value]: did you mean 'Sum'?
                Period: 45
            #           ^ error[extension.out-of-range]: a multiple of 60
                Threshold: much
            #              ^ error[openapi.wrong-type]: a number
                ComparisonOperator: GreaterThanTreshold
            #                       ^ error[extension.unknown-value]: did you mean 'GreaterThanThreshold'?
                TreatMissingData: notbreached
                EvaluateLowSampleCountPercentile: never
            """),
        alarm(
            "settings out of their range",
            rest + """
                    DatapointsToAlarm: 4
                #                      ^ error[extension.out-of-range]: from 1 to 3
                    TreatMissingData: breeching
                #                     ^ error[extension.unknown-value]: did you mean 'breaching'?
                    EvaluateLowSampleCountPercentile: never
                #                                     ^ error[extension.unknown-value]: 'evaluate' or 'ignore'
                """),
        alarm(
            "anomaly detection",
            """
                Statistic: Sum
                Period: 60
                ThresholdMetricId: ad1
            #   ^ error[alarm.unsupported]: anomaly detection
                ComparisonOperator: LessThanLowerOrGreaterThanUpperThreshold
            #                       ^ error[alarm.unsupported]: anomaly detection
            """),
        alarm(
            "statistics that are not computed",
            """
                ExtendedStatistic: tc99
            #                      ^ error[alarm.unsupported]: such as 'p99.9'
                Period: 60
                Threshold: 1
                ComparisonOperator: GreaterThanThreshold
            """),
        alarm(
            "a percentile beyond all values, and two statistics",
            """
                Statistic: Sum
                ExtendedStatistic: p101
            #   ^ error[alarm.query]: both 'Statistic' and 'ExtendedStatistic'
            #                      ^ error[alarm.unsupported]
                Period: 60
                Threshold: 1
                ComparisonOperator: GreaterThanThreshold
            """),
        alarm(
            "actions",
            rest + """
                    OKActions: [lgo, 'http://', 'https:// a', 'command:ls', 'command:', 'arn:x']
                #               ^ error[alarm.action]: 'lgo' is no action
                #                    ^ error[alarm.action]
                #                               ^ error[alarm.action]
                #                                             ^ error[alarm.action]
                #                                                           ^ error[alarm.action]
                #                                                                       ^ error[extension.out-of-range]
                """),
        alarm(
            "actions of AWS",
            rest + """
                    AlarmActions: arn:aws:sns:us-east-1:123456789012:topic
                #                 ^ warning[openapi.near-miss]
                #                 ^ warning[alarm.action]: only logged
                """),
        alarms(
            "metrics that never have a value",
            """
            - AlarmName: a
              MetricName: 5XXErrors
            #             ^ warning[alarm.metric]: did you mean '5XXError'?
              Dimensions: {ApiName: t}
              Statistic: Sum
              Period: 60
              EvaluationPeriods: 1
              Threshold: 1
              ComparisonOperator: GreaterThanThreshold
            - AlarmName: b
              MetricName: Latency
              Namespace: AWS/EC2
            #            ^ warning[alarm.metric]: not of 'AWS/EC2'
              Dimensions: {ApiName: t, Method: GET, Resource: /}
            #             ^ warning[alarm.metric]: ApiName, Method, Resource and Stage
              Unit: Seconds
            #       ^ warning[alarm.metric]: 'Milliseconds'
              Statistic: Average
              Period: 60
              EvaluationPeriods: 1
              Threshold: 1
              ComparisonOperator: GreaterThanThreshold
            - AlarmName: c
              MetricName: Count
              Dimensions: [{Name: APIName, Value: t}, {Name: Stage}]
            #                     ^ warning[alarm.metric]: did you mean 'ApiName'?
            #                                         ^ error[openapi.value-missing]: 'Name' and 'Value'
              Statistic: Sum
              Period: 60
              EvaluationPeriods: 1
              Threshold: 1
              ComparisonOperator: GreaterThanThreshold
            """),
        alarms(
            "alarms that look back too far",
            """
              a:
                MetricName: Count
                Dimensions: {ApiName: t}
                Statistic: Sum
                Period: 300
                EvaluationPeriods: 289
            #                      ^ error[extension.out-of-range]: 86400 s are allowed
                Threshold: 1
                ComparisonOperator: GreaterThanThreshold
              b:
                MetricName: Count
                Dimensions: {ApiName: t}
                Statistic: Sum
                Period: 10
                EvaluationPeriods: 1081
            #                      ^ error[extension.out-of-range]: 10800 s are allowed
                Threshold: 1
                ComparisonOperator: GreaterThanThreshold
              c:
                MetricName: Count
                Dimensions: {ApiName: t}
                Statistic: Sum
                Period: 3600
                EvaluationPeriods: 168
                Threshold: 1
                ComparisonOperator: GreaterThanThreshold
            """),
        math(
            "an alarm over an expression",
            """
                - {Id: e1, Expression: "100 * m1 / FILL(m2, 0)", Label: Share}
                - {Id: m1, ReturnData: false, MetricStat: \(stat)}
                - {Id: m2, ReturnData: false, MetricStat: \(stat)}
            """),
        math(
            "a formula that is none",
            """
                - {Id: e1, Expression: "m1 + * 2"}
            #                                ^ error[alarm.expression]: unexpected '*'
                - {Id: m1, ReturnData: false, MetricStat: \(stat)}
            """),
        math(
            "a function that is none",
            """
                - {Id: e1, Expression: "1 + AVGG(m1)"}
            #                               ^ error[alarm.expression]: did you mean 'AVG'?
                - {Id: m1, ReturnData: false, MetricStat: \(stat)}
            """),
        math(
            "queries that do not fit",
            """
                - {Id: e1, Expression: "m1 + mm2"}
            #                                ^ error[alarm.query]: did you mean 'm2'?
                - {Id: m1, MetricStat: \(stat)}
            #          ^ error[alarm.query]: 'ReturnData' is true for 2
                - {Id: m1, ReturnData: false, MetricStat: \(stat)}
            #          ^ error[alarm.query]: 'Id' 'm1' twice
                - {Id: m2, ReturnData: false, MetricStat: \(stat.replacing("60", with: "300"))}
            # error[alarm.query]: one 'Period'
            """),
        math(
            "expressions in a circle",
            """
                - {Id: a, Expression: b + 1}
            #          ^ error[alarm.query]: 'a' needs itself
                - {Id: b, Expression: a + m1, ReturnData: false}
                - {Id: m1, ReturnData: false, MetricStat: \(stat)}
            """),
        math(
            "members that are none",
            """
                - {Id: M1, MetricStat: \(stat)}
            #          ^ error[name.invalid]: a small letter
                - {Id: e}
            #          ^ error[alarm.query]: either 'MetricStat' or 'Expression'
                - {Expression: 1 + 1}
            #     ^ error[openapi.value-missing]: no 'Id'
                - {Id: a, AccountId: 1, MetricStat: {}}
            #          ^ error[openapi.value-missing]: query 'a' has no 'Stat'
            #          ^ error[openapi.value-missing]: query 'a' has no 'Metric'
            #             ^ warning[extension.ignored-member]
            """),
        math("no queries", "      []\n#     ^ error[extension.out-of-range]: from 1 to 20"),
        math(
            "a metric beside the queries",
            """
                - {Id: m1, MetricStat: \(stat)}
                Statistic: Sum
            #   ^ error[alarm.query]: both 'Metrics' and 'Statistic'
            """),
    ]
}
