import PorticoIR
import Testing

@testable import PorticoGateway

@Suite struct MetricExpressionEvaluationTests {
    private static let metrics: [(id: String, values: [Double?])] = [
        ("m1", [1, 2, nil, 4]), ("m2", [10, 0, 30, nil]), ("e1", [nil, nil, nil, nil]), ("n", [-1, 1, -3, 5]),
    ]

    @Test(
        "a formula comes to what CloudWatch's does",
        arguments: [
            ("m1 + m2", [11, 2, nil, nil]), ("m1 - 1", [0, 1, nil, 3]), ("2 * m1 ^ 2", [2, 8, nil, 32]),
            ("-m1 ^ 2", [-1, -4, nil, -16]), ("10 - 2 - 3", [5, 5, 5, 5]), ("2 ^ 3 ^ 2", [64, 64, 64, 64]),
            ("m1 / m2", [0.1, nil, nil, nil]), ("(1 + m1) * 2", [4, 6, nil, 10]), ("1.5e1 / 3", [5, 5, 5, 5]),
            ("m1 > 1", [0, 1, nil, 1]), ("m1 >= 2 AND m1 < 4", [0, 1, nil, 0]), ("m1 == 1 || m1 == 4", [1, 0, nil, 1]),
            ("m1 != 2", [1, 0, nil, 1]), ("n <= 1 && n > -3 OR 0", [1, 1, 0, 0]), ("ABS(n)", [1, 1, 3, 5]),
            ("MIN(n)", [-3, -3, -3, -3]), ("MAX(m1)", [4, 4, 4, 4]), ("SUM(m2)", [40, 40, 40, 40]),
            ("AVG(m1)", [7.0 / 3, 7.0 / 3, 7.0 / 3, 7.0 / 3]), ("SUM([m1, m2])", [11, 2, 30, 4]),
            ("MAX(METRICS())", [10, 2, 30, 5]), ("SUM(METRICS(\"m\"))", [11, 2, 30, 4]),
            ("AVG([m1, n])", [0, 1.5, -3, 4.5]),
            ("FILL(m1, 0)", [1, 2, 0, 4]), ("FILL(m1, REPEAT)", [1, 2, 2, 4]), ("FILL(m2, m1)", [10, 0, 30, 4]),
            ("FILL(e1, 7)", [7, 7, 7, 7]), ("FILL(e1, REPEAT)", [nil, nil, nil, nil]),
            ("RATE(n)", [nil, 2.0 / 60, -4.0 / 60, 8.0 / 60]),
            ("RATE(m1)", [nil, 1.0 / 60, nil, 2.0 / 120]), ("IF(m1 > 1, n, 0)", [0, 1, nil, 5]),
            ("IF(m1 > 1, n)", [nil, 1, nil, 5]), ("IF(FILL(m1, 0) > 0, m2, n)", [10, 0, -3, nil]),
            ("m1 / PERIOD(m1)", [1.0 / 60, 2.0 / 60, nil, 4.0 / 60]), ("SUM(e1)", [nil, nil, nil, nil]),
            ("1 / 0", [nil, nil, nil, nil]),
            ("m1 * -1", [-1, -2, nil, -4]), ("SUM(ABS([n, m1]))", [2, 3, 3, 9]),
        ] as [(String, [Double?])])
    func formulas(text: String, expected: [Double?]) throws {
        let dimensions = MetricDimensions(apiName: "Pets")
        var queries = Self.metrics.map { id, _ in
            MetricQuery(
                id: id,
                source: .metric(MetricStat(.count, of: dimensions, statistic: .sum, periodSeconds: 60)),
                label: id, returnsData: false)
        }
        // The values tell which metric is asked for.
        for index in queries.indices {
            guard case .metric(var stat) = queries[index].source else { continue }
            stat.metricName = queries[index].id
            queries[index].source = .metric(stat)
        }
        let expression = try MetricExpression(parsing: text)
        queries.append(MetricQuery(id: "x", source: .expression(expression, text: text)))
        let alarm = AlarmDefinition(name: Located("a"), queries: queries)
        var evaluation = MetricExpressionEvaluation(alarm, periods: 4) { stat in
            Self.metrics.first { $0.id == stat.metricName }?.values ?? []
        }
        let found = evaluation.values(of: "x")
        #expect(found.count == expected.count)
        for (value, wanted) in zip(found, expected) {
            #expect((value == nil) == (wanted == nil), "\(found)")
            #expect(abs((value ?? 0) - (wanted ?? 0)) < 1e-9, "\(found)")
        }
    }

    @Test("expressions may need others, and one that needs itself has no values")
    func chain() throws {
        func expression(_ id: String, _ text: String) throws -> MetricQuery {
            MetricQuery(id: id, source: .expression(try MetricExpression(parsing: text), text: text))
        }
        let alarm = AlarmDefinition(
            name: Located("a"),
            queries: [
                try expression("a", "b * 2"), try expression("b", "c + 1"), try expression("c", "3"),
                try expression("d", "e + 1"), try expression("e", "d + 1"), try expression("f", "unknown"),
            ])
        var evaluation = MetricExpressionEvaluation(alarm, periods: 2) { _ in [] }
        #expect(evaluation.values(of: "a") == [8, 8])
        #expect(evaluation.values(of: "d") == [nil, nil] && evaluation.values(of: "f") == [nil, nil])
    }
}
