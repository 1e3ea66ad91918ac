import PorticoSyntax
import Testing

@testable import PorticoIR

/// What is read of alarms, and how their formulas are.
@Suite struct AlarmTests {
    @Test("alarms get exactly the diagnostics that they announce", arguments: AlarmDocuments.all)
    func documents(_ document: MarkedDocument) {
        expectMarks(document.text, importText(document.text))
    }

    private static let text = """
        openapi: 3.0.1
        info: {title: t}
        paths: {}
        x-portico-alarms:
          slow:
            AlarmDescription: too slow
            MetricName: Latency
            Dimensions: [{Name: ApiName, Value: t}, {Name: Stage, Value: dev}]
            ExtendedStatistic: p99.9
            Period: 300
            EvaluationPeriods: 3
            DatapointsToAlarm: 2
            Threshold: 1500
            ComparisonOperator: GreaterThanThreshold
            TreatMissingData: notBreaching
            EvaluateLowSampleCountPercentile: ignore
            ActionsEnabled: false
            OKActions: [log]
            AlarmActions: ['http://localhost:9/x', 'command:/bin/page  a b']
            InsufficientDataActions: ['arn:aws:sns:us-east-1:123456789012:topic']
          plain:
            Namespace: Portico
            MetricName: ThrottleCount
            Dimensions: {ApiName: t}
            Statistic: Sum
            Period: 60
            EvaluationPeriods: 4
            Threshold: -0.5
            ComparisonOperator: lessThanThreshold
          math:
            EvaluationPeriods: 1
            Threshold: 5
            ComparisonOperator: GreaterThanOrEqualToThreshold
            Metrics:
            - Id: m1
              ReturnData: false
              MetricStat: {Period: 30, Stat: Sum, Metric: {MetricName: 5XXError, Dimensions: {ApiName: t}}}
            - {Id: e, Expression: m1 * 2, Label: twice}
        """

    @Test("an alarm is read with all its members, and has CloudWatch's defaults")
    func members() throws {
        let result = importText(Self.text)
        #expect(result.diagnostics.map(\.id.name) == ["alarm.action"])
        let alarms = try #require(result.description).alarms
        #expect(alarms.map(\.name.value) == ["slow", "plain", "math"])
        let slow = alarms[0]
        var stat = MetricStat(
            .latency, of: MetricDimensions(apiName: "t", stage: "dev"), statistic: .percentile(0.999),
            periodSeconds: 300)
        stat.writtenDimensions = [
            NamedValue(Located("ApiName"), Located("t")), NamedValue(Located("Stage"), Located("dev")),
        ]
        #expect(slow.queries == [MetricQuery(id: "m1", source: .metric(stat))] && slow.watched == 0)
        #expect(slow.description == "too slow" && slow.threshold == 1500 && slow.comparison == .greaterThan)
        #expect(slow.evaluationPeriods == 3 && slow.datapointsToAlarm == 2 && slow.evaluationRange == 5)
        #expect(slow.treatMissingData == .notBreaching && !slow.evaluatesFewSamples && !slow.actionsEnabled)
        #expect(slow.okActions == [.log])
        #expect(slow.alarmActions == [.webhook("http://localhost:9/x"), .command(["/bin/page", "a", "b"])])
        #expect(slow.insufficientDataActions == [.arn("arn:aws:sns:us-east-1:123456789012:topic")])
        #expect(slow.settingsText.hasPrefix(#"{"AlarmName":"slow","AlarmDescription":"too slow","#))

        let plain = alarms[1]
        #expect(plain.datapointsToAlarm == 4 && plain.threshold == -0.5 && plain.comparison == .lessThan)
        #expect(plain.treatMissingData == .missing && plain.evaluatesFewSamples && plain.actionsEnabled)

        let math = alarms[2]
        #expect(math.watched == 1 && math.periodSeconds == 30 && math.watchedQuery?.label == "twice")
        #expect(math.watchedQuery?.source == .expression(.binary(.times, .query("m1"), .number(2)), text: "m1 * 2"))
        guard case .metric(let errors) = math.queries[0].source else { throw Missing() }
        #expect(errors.metric == .serverErrors && errors.dimensions == MetricDimensions(apiName: "t"))
    }

    private struct Missing: Error {}

    private static func alarm(of kind: APIProtocol, _ metric: String, _ dimensions: String) -> ImportResult {
        let routes =
            kind == .webSocket
            ? "x-portico-websocket: {routeSelectionExpression: $request.body.action, "
                + "routes: {a: {x-amazon-apigateway-integration: {type: mock}}}}"
            : "paths: {}"
        return importText(
            """
            openapi: 3.0.1
            info: {title: t}
            x-portico-protocol: \(kind.rawValue)
            \(routes)
            x-portico-alarms:
              a: {MetricName: \(metric), Dimensions: {\(dimensions)}, Statistic: Sum, Period: 60, EvaluationPeriods: 1,
                Threshold: 1, ComparisonOperator: GreaterThanThreshold}
            """)
    }

    @Test(
        "each kind of API has alarms over its own metrics",
        arguments: [
            (APIProtocol.rest, "4XXError", MetricName.clientErrors, MetricDimensions(apiName: "t")),
            (.http, "4xx", .clientErrors, MetricDimensions(httpAPI: "t")),
            (.http, "DataProcessed", .dataProcessed, MetricDimensions(httpAPI: "t", stage: "dev")),
            (
                .http, "Count", .count,
                MetricDimensions(httpAPI: "t", stage: "dev", method: "GET", resource: "/a")
            ),
            (.webSocket, "MessageCount", .messages, MetricDimensions(webSocketAPI: "t")),
            (.webSocket, "ClientError", .refusals, MetricDimensions(webSocketAPI: "t", stage: "dev")),
            (
                .webSocket, "IntegrationLatency", .integrationLatency,
                MetricDimensions(webSocketAPI: "t", stage: "dev", route: "say")
            ),
        ])
    func kinds(kind: APIProtocol, name: String, metric: MetricName, dimensions: MetricDimensions) throws {
        let pairs = dimensions.pairs.map { "\($0.name): \($0.value)" }.joined(separator: ", ")
        let result = Self.alarm(of: kind, name, pairs)
        #expect(!result.diagnostics.contains { $0.id.name == "alarm.metric" })
        let query = try #require(result.description?.alarms.first?.watchedQuery)
        guard case .metric(let stat) = query.source else { throw Missing() }
        #expect(stat.metric == metric && stat.dimensions == dimensions)
    }

    @Test(
        "a metric or a dimension of another kind of API is none",
        arguments: [
            (
                APIProtocol.rest, "5xx", "ApiName: t",
                "'5xx' is no metric of REST APIs and never has a value; did you mean '5XXError'?"
            ),
            (.rest, "DataProcessed", "ApiName: t", "'DataProcessed' is no metric of REST APIs"),
            (.rest, "Count", "ApiId: t", "no dimension 'ApiId'"),
            (
                .http, "4XXError", "ApiId: t",
                "'4XXError' is no metric of HTTP APIs and never has a value; did you mean '4xx'?"
            ),
            (.http, "CacheHitCount", "ApiId: t", "'CacheHitCount' is no metric of HTTP APIs"),
            (.http, "Count", "ApiName: t", "no dimension 'ApiName'"),
            (.http, "Count", "ApiId: t, Stage: dev, Route: a", "no dimension 'Route'"),
            (.webSocket, "Count", "ApiId: t", "'Count' is no metric of WEBSOCKET APIs"),
            (.webSocket, "Latency", "ApiId: t", "'Latency' is no metric of WEBSOCKET APIs"),
            (.webSocket, "ConnectCounts", "ApiId: t", "did you mean 'ConnectCount'?"),
            (.webSocket, "MessageCount", "ApiId: t, Stage: dev, Method: a, Resource: b", "no dimension 'Method'"),
            (
                .webSocket, "MessageCount", "ApiId: t, Route: b",
                "the dimensions ApiId, or ApiId and Stage, or ApiId, Stage and Route, and not these"
            ),
        ])
    func otherKinds(kind: APIProtocol, name: String, dimensions: String, message: String) throws {
        let found = Self.alarm(of: kind, name, dimensions).diagnostics.filter { $0.id.name == "alarm.metric" }
        #expect(found.count == 1 && found[0].message.contains(message), "\(found.map(\.message))")
    }

    @Test("alarms read back from an export as they were, also those of a list")
    func export() throws {
        for text in [
            Self.text,
            """
            openapi: 3.0.1
            info: {title: t}
            paths: {}
            x-portico-alarms:
            - {Threshold: 1, AlarmName: a, MetricName: Count, Dimensions: {ApiName: t}, Statistic: Sum, Period: 60,
               EvaluationPeriods: 1, ComparisonOperator: LessThanThreshold}
            """,
        ] {
            let first = try #require(importText(text).description)
            let exported = Exporter.text(first, stage: nil, as: .json)
            let second = try #require(importText(exported, name: "api.json").description)
            #expect(first.alarms == second.alarms && !first.alarms.isEmpty)
        }
    }

    @Test("there are only so many alarms")
    func limit() {
        let lines = (0...500).map { "  a\($0): {}\n" }.joined()
        let result = importText("openapi: 3.0.1\ninfo: {title: t}\npaths: {}\nx-portico-alarms:\n" + lines)
        #expect(result.diagnostics.map(\.message) == ["'x-portico-alarms' has 501 alarms; 500 are allowed"])
    }

    @Test(
        "statistics read and print as CloudWatch's",
        arguments: [
            ("Sum", MetricStatistic.sum), ("SampleCount", .sampleCount), ("p50", .percentile(0.5)),
            ("p99.9", .percentile(0.999)), ("p99.99", .percentile(0.9999)), ("p100", .percentile(1)),
            ("tm90", .trimmedMean(0.9)), ("p0.1", .percentile(0.001)),
        ])
    func statistics(text: String, statistic: MetricStatistic) {
        #expect(MetricStatistic(text) == statistic && statistic.name == text)
    }

    @Test(
        "others are none",
        arguments: ["", "sum", "p", "p0", "p100.1", "p-5", "p1e1", "pnan", "pinf", "q50", "tm", "tm(5%:95%)", "p 5"])
    func noStatistics(text: String) {
        #expect(MetricStatistic(text) == nil)
    }

    @Test(
        "formulas group as arithmetic does",
        arguments: [
            ("1 - 2 - 3", "1 - (2 - 3)", false), ("1 - 2 - 3", "(1 - 2) - 3", true), ("1 + 2 * 3", "1 + (2 * 3)", true),
            ("-a ^ 2", "-(a ^ 2)", true), ("-a * 2", "(-a) * 2", true),
            ("a < 1 AND b > 2 OR c", "((a < 1) AND (b > 2)) OR c", true),
            ("a<=1&&b>=2||c", "a <= 1 AND b >= 2 OR c", true), ("a ORb", "a OR b", true),
            (" [ a , b ] ", "[a,b]", true),
            ("METRICS()", "METRICS ( )", true), ("METRICS('a')", "METRICS(\"a\")", true), (".5", "0.5", true),
            ("1e-3", "0.001", true),
        ])
    func grouping(text: String, other: String, isSame: Bool) throws {
        if text == "a ORb" {
            #expect(throws: MetricExpressionError.self) { try MetricExpression(parsing: text) }
            return
        }
        let (one, two) = (try MetricExpression(parsing: text), try MetricExpression(parsing: other))
        #expect((one == two) == isSame)
    }

    @Test(
        "what is no formula is told where it ceases to be one",
        arguments: [
            ("", 0..<0, "ends too early"), ("1 +", 3..<3, "ends too early"), ("a b", 2..<3, "unexpected 'b'"),
            ("(a", 2..<2, "expected ')'"), ("a)", 1..<2, "expected an operator or the end"),
            ("1.2.3", 0..<5, "is no number"),
            ("1e999", 0..<5, "is no number"), ("min(a)", 3..<4, "unexpected '('"), ("MIN()", 4..<5, "unexpected ')'"),
            ("ABS(a, b)", 0..<3, "2 arguments; expected 1"), ("IF(a)", 0..<2, "1 arguments; expected 2 to 3"),
            ("MEAN(a)", 0..<4, "expected IF, ABS"), ("FILL(a)", 6..<7, "expected ','"),
            ("FILL(a, LINEAR)", 8..<14, "not supported"),
            ("METRICS('a)", 11..<11, "end of the text"), ("a + é", 4..<6, "unexpected 'é'"),
            ("a @ b", 2..<3, "unexpected '@'"),
            ("SUM(\(Array(repeating: "a", count: 21).joined(separator: ",")))", 44..<45, "at most 20 arguments"),
        ])
    func errors(text: String, range: Range<Int>, message: String) throws {
        let error = #expect(throws: MetricExpressionError.self) { try MetricExpression(parsing: text) }
        #expect(error?.range == range && error?.message.contains(message) == true, "\(String(describing: error))")
    }

    @Test(
        "formulas have limits",
        arguments: [
            (String(repeating: "(", count: 1000), "levels deep"), (String(repeating: "-", count: 1000), "levels deep"),
            (String(repeating: "ABS(", count: 500), "levels deep"),
            (String(repeating: "[", count: 1000), "levels deep"),
            (Array(repeating: "1", count: 202).joined(separator: "+"), "more than 200 operators"),
            (String(repeating: " ", count: 2049), "2048 are allowed"),
        ])
    func limits(text: String, message: String) {
        let error = #expect(throws: MetricExpressionError.self) { try MetricExpression(parsing: text) }
        #expect(error?.message.contains(message) == true, "\(String(describing: error))")
    }

    @Test("the longest formulas that are allowed are read")
    func longest() throws {
        let chain = Array(repeating: "1", count: 201).joined(separator: "+")
        #expect(try MetricExpression(parsing: chain).ids.isEmpty)
        let deep = String(repeating: "(", count: 47) + "a" + String(repeating: ")", count: 47)
        #expect(try MetricExpression(parsing: deep) == .query("a"))
    }
}
