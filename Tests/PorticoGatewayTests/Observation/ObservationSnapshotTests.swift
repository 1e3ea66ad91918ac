import PorticoIR
import PorticoTestSupport
import Testing

@testable import PorticoGateway

@Suite("What watches requests, in compiled files")
struct ObservationSnapshotTests {
    private static let document = spec(
        root: """
            x-portico-stages:
              dev: {tracingEnabled: true, accessLogSettings: {destinationArn: "file:log", format: "$context.requestId é"}}
              firehose: {accessLogSettings: {destinationArn:
                "arn:aws:firehose:eu-west-1:000000000000:deliverystream/amazon-apigateway-pets", format: $context.requestId}}
              group: {accessLogSettings: {destinationArn:
                "arn:aws:logs:eu-west-1:000000000000:log-group:/a/b:*", format: $context.extendedRequestId}}
              out: {accessLogSettings: {destinationArn: stdout, format: $context.requestId}}
              none: {}
            x-portico-tracing:
              xray: "udp://[::1]:2001"
              otlp: {endpoint: "https://collector:4318/base/", headers: {A: "${env.B}"}, resourceAttributes: {c: d},
                serviceName: shop, timeoutInMillis: 500, batchSize: 3, delayInMillis: 20, queueSize: 40}
              samplingRules:
                - {RuleName: one, Priority: 7, ReservoirSize: 2, FixedRate: 0.25, URLPath: "/a*", Host: h, HTTPMethod: GET,
                   ServiceName: s, ServiceType: "*", ResourceARN: "*", Attributes: {X-A: b}}
            x-portico-alarms:
              plain: {MetricName: 5XXError, Dimensions: {ApiName: conformance, Stage: dev}, Statistic: Sum, Period: 10,
                EvaluationPeriods: 1080, DatapointsToAlarm: 3, Threshold: 0.5, ComparisonOperator: LessThanThreshold,
                TreatMissingData: ignore, EvaluateLowSampleCountPercentile: ignore, ActionsEnabled: false,
                AlarmDescription: d, Unit: Count, OKActions: [log], AlarmActions: ["http://a/b?c"],
                InsufficientDataActions: ["command:/bin/a b c"]}
              foreign: {Namespace: AWS/Lambda, MetricName: Errors, Dimensions: {FunctionName: f}, ExtendedStatistic: p99.9,
                Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanThreshold}
              math:
                EvaluationPeriods: 1
                Threshold: 5
                ComparisonOperator: GreaterThanOrEqualToThreshold
                Metrics:
                  - {Id: e1, Expression: "100 * m1 / m2", Label: share}
                  - {Id: m1, ReturnData: false, MetricStat: {Metric: {Namespace: AWS/ApiGateway, MetricName: 4XXError,
                     Dimensions: [{Name: ApiName, Value: conformance}]}, Period: 60, Stat: Sum}}
                  - {Id: m2, ReturnData: false, MetricStat: {Metric: {Namespace: AWS/ApiGateway, MetricName: Count,
                     Dimensions: [{Name: ApiName, Value: conformance}]}, Period: 60, Stat: Sum}}
            """, [SpecOperation("GET /a", mock("x"))])

    private static func isRefused(_ bytes: [UInt8]) -> Bool {
        do {
            _ = try DeploymentSnapshot.decode(bytes)
            return false
        } catch {
            return !error.description.isEmpty
        }
    }

    /// Without what a file has no use for: where things stand in the document, and their text.
    private func stripped(_ alarms: [AlarmDefinition]) -> [String] {
        alarms.map { alarm in
            let queries = alarm.queries.map { query in
                let source =
                    switch query.source {
                    case .expression(_, let text): "expression \(text)"
                    case .metric(let stat):
                        "\(stat.namespace) \(stat.metricName) \(stat.metric.map { "\($0)" } ?? "-") "
                            + "\(stat.dimensions.map { "\($0.pairs)" } ?? "-") "
                            + "\(stat.writtenDimensions.map { "\($0.name.value)=\($0.value.value)" }) "
                            + "\(stat.statistic.name) \(stat.periodSeconds) \(stat.unit ?? "-")"
                    }
                return "\(query.id) \(query.label ?? "-") \(query.returnsData) \(source)"
            }
            let actions = [alarm.okActions, alarm.alarmActions, alarm.insufficientDataActions]
            return "\(alarm.name.value) \(alarm.description ?? "-") \(queries) \(alarm.watched) "
                + "\(alarm.evaluationPeriods) \(alarm.datapointsToAlarm) \(alarm.threshold) \(alarm.comparison) "
                + "\(alarm.treatMissingData) \(alarm.evaluatesFewSamples) \(alarm.actionsEnabled) \(actions)"
        }
    }

    @Test("what was written is read as it was, and again has the same bytes")
    func roundTrip() throws {
        let snapshot = try TestGateway.compile(Self.document)
        let bytes = snapshot.encoded()
        #expect(try TestGateway.compile(Self.document).encoded() == bytes)
        let read = try DeploymentSnapshot.decode(bytes)
        #expect(read.encoded() == bytes)
        #expect(read.dump() == snapshot.dump())
        #expect(stripped(read.observation.alarms) == stripped(snapshot.observation.alarms))
        #expect(read.observation.alarms.count == 3)
        var (one, other) = (try #require(read.observation.tracing), try #require(snapshot.observation.tracing))
        (one.settings, other.settings) = (.null, .null)
        #expect(one == other && one.samplingRules.count == 1 && one.otlp?.queueSize == 40)
        for (one, other) in zip(read.stages, snapshot.stages) {
            #expect(one.accessLog?.format == other.accessLog?.format)
            #expect(one.accessLog?.destination == other.accessLog?.destination && one.isTraced == other.isTraced)
        }
        #expect(read.stages.filter { $0.accessLog != nil }.count == 4 && read.stages.filter(\.isTraced).count == 1)
    }

    @Test("damage is refused, and what is sealed again is refused or read without an accident")
    func damage() throws {
        let bytes = try TestGateway.compile(Self.document).encoded()
        for place in stride(from: 0, to: bytes.count, by: 7) {
            var damaged = bytes
            damaged[place] ^= 0x41
            #expect(Self.isRefused(damaged))
        }
        // Damage with the right checksum: the reader must check by itself.
        var refused = 0
        var random = SystemRandomNumberGenerator()
        for round in 0..<4000 {
            var damaged = bytes
            let place = 32 + (round * 13) % (bytes.count - 32)
            damaged[place] = UInt8.random(in: 0...255, using: &random)
            withUnsafeBytes(of: SnapshotFile.checksum(damaged).littleEndian) {
                damaged.replaceSubrange(24..<32, with: $0)
            }
            if let read = try? DeploymentSnapshot.decode(damaged) {
                for alarm in read.observation.alarms {
                    #expect(alarm.watchedQuery != nil && alarm.evaluationPeriods <= 10_080 && alarm.periodSeconds > 0)
                }
            } else {
                refused += 1
            }
        }
        #expect(refused > 100)
    }

    @Test("a snapshot that was read is watched as the one that was compiled")
    func serves() async throws {
        let folder = try TemporaryFolder()
        let document = spec(
            root: """
                x-portico-stages: {dev: {accessLogSettings: {destinationArn: "file:log", format: "$context.requestId $context.status"}}}
                """, [SpecOperation("GET /a", mock("x"))])
        let read = try DeploymentSnapshot.decode(try TestGateway.compile(document).encoded())
        let gateway = try await WatchedGateway(read) { $0.baseDirectory = folder.path }
        do {
            try gateway.request("GET", "/dev/a")
            #expect(try folder.lines("log", 1).first?.hasSuffix(" 200") == true)
        } catch {
            await gateway.stop()
            throw error
        }
        await gateway.stop()
    }
}
