import PorticoIR
import PorticoSyntax
import Synchronization
import Testing

@testable import PorticoGateway

@Suite struct AlarmEngineTests {
    /// 2026-01-01T00:00:00Z
    private let start = 1_767_225_600
    private let registry = MetricRegistry()
    private let key = MetricSeriesKey(apiName: "Pets", apiID: "abc", stage: "dev", method: "GET", resource: "/")

    /// Runs minutes, each with so many answers of 500 and one of 200; `nil` is a minute without requests.
    private func run(
        _ engine: AlarmEngine, _ alarms: [AlarmDefinition], minutes: [Int?], tick: Int = 60
    ) -> [AlarmEvent] {
        let shard = registry.makeShard()
        let series = registry.series(key)
        var history = MetricHistory(registry: registry)
        history.watch(alarms)
        _ = history.advance(to: start)
        var events: [AlarmEvent] = []
        for (minute, errors) in minutes.enumerated() {
            if let errors {
                shard.record(series: series, status: 200, latencyMicroseconds: 1)
                for _ in 0..<errors { shard.record(series: series, status: 500, latencyMicroseconds: 1) }
            }
            for second in stride(from: tick, through: 60, by: tick) {
                let now = start + minute * 60 + second
                _ = history.advance(to: now)
                events += engine.evaluate(history, at: now)
            }
        }
        return events
    }

    @Test("states follow what is counted, and each change is told once")
    func changes() {
        let engine = AlarmEngine()
        let alarm = alarm(2, of: 2)
        engine.install([alarm])
        #expect(engine.statuses.map(\.state) == [.insufficientData])
        #expect(engine.statuses.map(\.reason) == ["Unchecked: Initial alarm creation"])
        let events = run(engine, [alarm], minutes: [nil, 0, 0, 5, 6, 7, 0, 0, nil, nil, nil, nil, nil])
        #expect(events.map(\.newState) == [.ok, .alarm, .ok, .insufficientData])
        #expect(events.map(\.oldState) == [.insufficientData, .ok, .alarm, .ok])
        #expect(events.map { ($0.timeSeconds - start) / 60 } == [2, 5, 7, 12])
        #expect(
            events[1].reason
                == "Threshold Crossed: 2 out of the last 2 datapoints [6.0 (01/01/26 00:04:00), 5.0 (01/01/26 00:03:00)] were "
                + "greater than the threshold (1.0) (minimum 2 datapoints for OK -> ALARM transition).")
        #expect(engine.statuses.first?.state == .insufficientData)
        #expect(engine.statuses.first?.changedSeconds == start + 12 * 60)
    }

    @Test("an alarm with a short period does not wait for the minute; one with a long period looks once a minute")
    func shortPeriods() {
        let engine = AlarmEngine()
        let alarms = [alarm(1, of: 1, named: "short", periodSeconds: 10), alarm(1, of: 1, named: "long")]
        engine.install(alarms)
        let events = run(engine, alarms, minutes: [0, 3], tick: 10)
        #expect(
            events.map { "\($0.alarm.name.value) \($0.newState.rawValue) \($0.timeSeconds - start)" } == [
                "short OK 10", "short INSUFFICIENT_DATA 40", "long OK 60", "short ALARM 70",
                "short INSUFFICIENT_DATA 100", "long ALARM 120",
            ])
    }

    @Test("an alarm over an expression compares what it comes to")
    func expression() throws {
        let engine = AlarmEngine()
        let dimensions = MetricDimensions(apiName: "Pets", stage: "dev")
        func metric(_ id: String, _ name: MetricName) -> MetricQuery {
            MetricQuery(
                id: id, source: .metric(MetricStat(name, of: dimensions, statistic: .sum, periodSeconds: 60)),
                returnsData: false)
        }
        let text = "100 * errors / requests"
        var alarm = alarm(1, of: 1)
        alarm.queries = [
            metric("errors", .serverErrors), metric("requests", .count),
            MetricQuery(id: "share", source: .expression(try MetricExpression(parsing: text), text: text)),
        ]
        alarm.watched = 2
        alarm.threshold = 50
        engine.install([alarm])
        let events = run(engine, [alarm], minutes: [1, 2, 9])
        #expect(events.map(\.newState) == [.ok, .alarm])
        #expect(events.map { ($0.timeSeconds - start) / 60 } == [1, 2])
        #expect(events[1].reason.contains("[66.66666666666667 (01/01/26 00:01:00)]"))
    }

    @Test("a reload keeps the states of alarms that are as they were")
    func reload() {
        let engine = AlarmEngine()
        let kept = alarm(1, of: 1, named: "kept")
        var changed = alarm(1, of: 1, named: "changed")
        engine.install([kept, changed])
        _ = run(engine, [kept, changed], minutes: [5])
        #expect(engine.statuses.map(\.state) == [.alarm, .alarm])
        changed.threshold = 2
        engine.install([changed, kept, alarm(1, of: 1, named: "new")])
        #expect(engine.statuses.map(\.state) == [.insufficientData, .alarm, .insufficientData])
        engine.install([])
        #expect(engine.statuses.isEmpty)
    }

    private func withActions(_ alarm: AlarmDefinition) -> AlarmDefinition {
        var alarm = alarm
        alarm.alarmActions = [.log, .webhook("https://a/alarm")]
        alarm.okActions = [.webhook("https://a/ok")]
        alarm.insufficientDataActions = [.command(["/bin/x", "y"])]
        return alarm
    }

    @Test("actions of a state are performed in the order of the changes")
    func actions() async {
        let engine = AlarmEngine()
        var silent = withActions(alarm(1, of: 1, named: "silent"))
        silent.actionsEnabled = false
        let alarms = [withActions(alarm(1, of: 1)), silent]
        engine.install(alarms)
        let events = run(engine, alarms, minutes: [5, 0, nil, nil, nil])
        #expect(events.count == 6)
        engine.stop()
        let performed = Mutex<[String]>([])
        await engine.performActions { action, event in
            performed.withLock { $0.append("\(event.alarm.name.value) \(event.newState.rawValue) \(action.text)") }
        }
        #expect(
            performed.withLock { $0 } == [
                "a ALARM log", "a ALARM https://a/alarm", "a OK https://a/ok",
                "a INSUFFICIENT_DATA command:/bin/x y",
            ])
        #expect(engine.droppedActions == 0)
    }

    @Test("actions that find no room are left out and counted")
    func queue() async {
        let engine = AlarmEngine(queueLimit: 3)
        let alarms = [withActions(alarm(1, of: 1))]
        engine.install(alarms)
        // Seven changes: four with two actions, three with one.
        let events = run(engine, alarms, minutes: [5, 0, 5, 0, 5, 0, 5])
        #expect(events.count == 7)
        #expect(engine.droppedActions == 11 - 3)
        engine.stop()
        let performed = Atomic(0)
        await engine.performActions { _, _ in performed.wrappingAdd(1, ordering: .relaxed) }
        #expect(performed.load(ordering: .relaxed) == 3)
    }

    @Test("cancelling ends the performing of actions")
    func cancelling() async {
        let engine = AlarmEngine()
        let task = Task { await engine.performActions { _, _ in } }
        task.cancel()
        await task.value
    }

    @Test("a message is what an SNS topic gets")
    func message() {
        var alarm = withActions(alarm(2, of: 3, named: "errors"))
        alarm.description = "too many"
        let event = AlarmEvent(
            alarm: alarm, oldState: .ok, newState: .alarm, reason: "because", timeSeconds: start + 61)
        let expected =
            #"{"AlarmName":"errors","AlarmDescription":"too many","AWSAccountId":"123456789012","#
            + #""NewStateValue":"ALARM","NewStateReason":"because","StateChangeTime":"2026-01-01T00:01:01.000+0000","#
            + #""Region":"eu-west-1","AlarmArn":"arn:aws:cloudwatch:eu-west-1:123456789012:alarm:errors","#
            + #""OldStateValue":"OK","OKActions":["https://a/ok"],"AlarmActions":["log","https://a/alarm"],"#
            + #""InsufficientDataActions":["command:/bin/x y"],"Trigger":{"MetricName":"5XXError","#
            + #""Namespace":"AWS/ApiGateway","Dimensions":[{"value":"Pets","name":"ApiName"}],"#
            + #""StatisticType":"Statistic","Statistic":"SUM","Unit":null,"Period":60,"EvaluationPeriods":3,"#
            + #""DatapointsToAlarm":2,"ComparisonOperator":"GreaterThanThreshold","Threshold":1.0,"#
            + #""TreatMissingData":"missing","EvaluateLowSampleCountPercentile":""}}"#
        #expect(JSONWriter.compact(event.message(region: "eu-west-1", accountID: "123456789012")) == expected)
    }

    @Test("the message of an alarm over an expression has all its queries")
    func expressionMessage() throws {
        var alarm = alarm(1, of: 1, statistic: .percentile(0.999))
        alarm.queries[0].returnsData = false
        alarm.queries.append(
            MetricQuery(
                id: "e", source: .expression(try MetricExpression(parsing: "m1*2"), text: "m1*2"), label: "twice"))
        alarm.watched = 1
        let event = AlarmEvent(alarm: alarm, oldState: .ok, newState: .alarm, reason: "", timeSeconds: start)
        let trigger = try #require(event.message(region: "r", accountID: "1")["Trigger"])
        let metrics = try #require(trigger["Metrics"])
        #expect(
            JSONWriter.compact(metrics)
                == #"[{"Id":"m1","MetricStat":{"Metric":{"MetricName":"5XXError","Namespace":"AWS/ApiGateway","#
                + #""Dimensions":[{"value":"Pets","name":"ApiName"}]},"Period":60,"Stat":"p99.9"},"ReturnData":false},"#
                + #"{"Id":"e","Expression":"m1*2","Label":"twice","ReturnData":true}]"#)
    }
}
