// Hot: no, once a minute. Allocates: the text.

internal import PorticoIR
internal import PorticoSyntax

/// Metrics in CloudWatch's embedded metric format: a line of JSON for each minute and dimension set.
///
/// Source: CloudWatch user guide, "Specification: Embedded metric format". Each metric is an object of `Values` and
/// `Counts`, so that all statistics come out as on API Gateway: counts have a 1 for each request that counts and a 0 for
/// each other one, times are milliseconds. A line has the metrics of its kind of API, by the names that they have there.
enum EmbeddedMetrics {
    /// Values of a metric in a line. Source: as above.
    static let mostValues = 100

    /// Appends the lines of a minute.
    static func append(_ minute: MetricMinute, to bytes: inout [UInt8]) {
        for row in minute.rows {
            JSONWriter.append(line(row, minute.startSeconds), to: &bytes)
            bytes.append(UInt8(ascii: "\n"))
        }
    }

    private static func line(_ row: MetricMinute.Row, _ startSeconds: Int) -> JSONValue {
        let metrics = MetricName.allCases.filter { $0.namespace == MetricName.awsNamespace }.compactMap { name in
            name.name(in: row.dimensions.kind).flatMap { title in
                value(of: name, row.totals).map { (title, name, $0) }
            }
        }
        let pairs = row.dimensions.pairs
        let directive = JSONValue.object([
            JSONMember("Namespace", .string(MetricName.awsNamespace)),
            JSONMember("Dimensions", .array([.array(pairs.map { .string($0.name) })])),
            JSONMember(
                "Metrics",
                .array(
                    metrics.map { title, name, _ in
                        .object([JSONMember("Name", .string(title)), JSONMember("Unit", .string(name.unit))])
                    })),
        ])
        let header = JSONMember(
            "_aws",
            .object([
                JSONMember("Timestamp", .number("\(startSeconds * 1000)")),
                JSONMember("CloudWatchMetrics", .array([directive])),
            ]))
        return .object(
            [header] + pairs.map { JSONMember($0.name, .string($0.value)) }
                + metrics.map { title, _, value in JSONMember(title, value) })
    }

    private static func value(of name: MetricName, _ totals: MetricTotals) -> JSONValue? {
        let values: [(Double, UInt64)]
        if let (all, perUnit) = totals.distribution(of: name) {
            let rounded = all.values(limit: mostValues)
            // Values are those of buckets. Bytes are added up, and their sum is known.
            let sum = rounded.reduce(0.0) { $0 + $1.value * Double($1.count) }
            let scale = name == .dataProcessed && sum > 0 ? Double(all.sum) / sum : 1
            values = rounded.map { ($0.value * scale / perUnit, $0.count) }
        } else {
            guard let ones = totals.share(of: name) else { return nil }
            values = [(0, totals.count &- min(ones, totals.count)), (1, ones)].filter { $0.1 > 0 }
        }
        guard !values.isEmpty else { return nil }
        return .object([
            JSONMember("Values", .array(values.map { .number("\($0.0)") })),
            JSONMember("Counts", .array(values.map { .number("\($0.1)") })),
        ])
    }
}
