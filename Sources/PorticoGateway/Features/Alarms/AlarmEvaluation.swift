// Hot: no, once in ten seconds. Allocates: texts.

internal import PorticoIR

/// Decides the state of an alarm: a function of its definition and its values, and of nothing else.
///
/// Source: CloudWatch user guide, "Alarm evaluation" and "Configuring how CloudWatch alarms treat missing data". The last
/// `EvaluationPeriods` values that there are in the evaluation range count. Only if there are fewer, missing ones are
/// filled in, as few as possible:
/// - `breaching`, `notBreaching`: each counts as that.
/// - `missing`: nothing at all is INSUFFICIENT_DATA. If all values breach but are too few, the state is ALARM as soon as
///   the oldest of them is `DatapointsToAlarm` periods old.
/// - `ignore`: nothing at all, or only breaching values that are too few, leaves the state as it is.
enum AlarmEvaluation {
    /// Values that a reason shows in place; of more it shows the last ones in a sentence of their own.
    private static let mostShown = 5

    /// The state that values come to; `nil` to stay in the state. `datapoints` are those of the evaluation range, oldest
    /// first.
    static func outcome(of alarm: AlarmDefinition, _ datapoints: [AlarmDatapoint]) -> AlarmOutcome? {
        let periods = alarm.evaluationPeriods
        let known = datapoints.filter { $0.value != nil }.suffix(periods)
        if !alarm.evaluatesFewSamples, hasFewSamples(alarm, known) { return nil }
        let breaching = known.filter { breaches($0, alarm) }
        let filled = periods - known.count
        if filled == 0 || breaching.count >= alarm.datapointsToAlarm {
            return compared(alarm, known, breaching, filled: 0, count: known.count)
        }
        switch alarm.treatMissingData {
        case .breaching, .notBreaching:
            return compared(alarm, known, breaching, filled: filled, count: periods)
        case .ignore:
            if breaching.count == known.count { return nil }
            return compared(alarm, known, breaching, filled: 0, count: known.count)
        case .missing:
            if known.isEmpty {
                return AlarmOutcome(
                    state: .insufficientData,
                    reason:
                        "Insufficient Data: \(plural(periods, "datapoint")) \(periods == 1 ? "was" : "were") unknown.")
            }
            if breaching.count == known.count, let oldest = datapoints.firstIndex(where: { $0.value != nil }),
                datapoints.count - oldest >= alarm.datapointsToAlarm
            {
                return AlarmOutcome(state: .alarm, reason: reason(alarm, .alarm, breaching, of: known.count))
            }
            // Unconfirmed: that too few values, all breaching and recent, are OK and not INSUFFICIENT_DATA.
            return compared(alarm, known, breaching, filled: 0, count: known.count)
        }
    }

    private static func breaches(_ datapoint: AlarmDatapoint, _ alarm: AlarmDefinition) -> Bool {
        datapoint.value.map { alarm.comparison.breaches($0, alarm.threshold) } ?? false
    }

    /// Source: CloudWatch user guide, "Percentile-based alarms and low data samples": a percentile needs 10 / (1 - p)
    /// values, or 10 / p below the median.
    private static func hasFewSamples(_ alarm: AlarmDefinition, _ known: ArraySlice<AlarmDatapoint>) -> Bool {
        guard case .metric(let stat) = alarm.watchedQuery?.source, case .percentile(let share) = stat.statistic,
            share < 1
        else { return false }
        let needed = 10 / (share >= 0.5 ? 1 - share : share)
        // The difference of two fractions is not exact.
        return known.contains { $0.samples.map { Double($0) < needed - 1e-6 } ?? false }
    }

    private static func compared(
        _ alarm: AlarmDefinition, _ known: ArraySlice<AlarmDatapoint>, _ breaching: [AlarmDatapoint], filled: Int,
        count: Int
    ) -> AlarmOutcome {
        let worst = breaching.count + (alarm.treatMissingData == .breaching ? filled : 0)
        let state: AlarmState = worst >= alarm.datapointsToAlarm ? .alarm : .ok
        guard filled > 0 else {
            let shown = state == .alarm ? breaching : known.filter { !breaches($0, alarm) }
            return AlarmOutcome(state: state, reason: reason(alarm, state, shown, of: count))
        }
        let word = alarm.treatMissingData == .breaching ? "Breaching" : "NonBreaching"
        let received =
            known.isEmpty
            ? "no datapoints were"
            : "\(plural(known.count, "datapoint")) [\(list(Array(known)))] \(known.count == 1 ? "was" : "were")"
        return AlarmOutcome(
            state: state,
            reason: "Threshold Crossed: \(received) received for \(plural(count, "period")) and "
                + "\(plural(filled, "missing datapoint")) \(filled == 1 ? "was" : "were") treated as [\(word)].")
    }

    // MARK: - Reasons

    /// The words that CloudWatch uses, as observed in notifications.
    private static func reason(
        _ alarm: AlarmDefinition, _ state: AlarmState, _ shown: [AlarmDatapoint], of count: Int
    ) -> String {
        let verb = (shown.count == 1 ? "was" : "were") + (state == .alarm ? "" : " not")
        let crossing = "\(verb) \(alarm.comparison.words) the threshold (\(alarm.threshold))"
        let needed =
            state == .alarm ? alarm.datapointsToAlarm : alarm.evaluationPeriods - alarm.datapointsToAlarm + 1
        let change = state == .alarm ? "OK -> ALARM" : "ALARM -> OK"
        let end = "(minimum \(plural(needed, "datapoint")) for \(change) transition)."
        let start = "Threshold Crossed: \(shown.count) out of the last \(plural(count, "datapoint", always: true))"
        if shown.count > mostShown {
            return "\(start) \(crossing). The most recent datapoints which crossed the threshold: "
                + "[\(list(shown))] \(end)"
        }
        return "\(start) [\(list(shown))] \(crossing) \(end)"
    }

    /// The last values, newest first, each with its time.
    private static func list(_ datapoints: [AlarmDatapoint]) -> String {
        datapoints.suffix(mostShown).reversed().map { "\($0.value ?? 0) (\(AlarmTime.short($0.startSeconds)))" }
            .joined(separator: ", ")
    }

    private static func plural(_ count: Int, _ noun: String, always: Bool = false) -> String {
        "\(count) \(noun)" + (count == 1 && !always ? "" : "s")
    }
}

/// Times as CloudWatch writes them, in UTC.
enum AlarmTime {
    /// `03/05/20 10:00:00`: day, month, year.
    static func short(_ seconds: Int) -> String {
        let text = parts(seconds)
        return "\(text[3])/\(text[2])/\(text[1]) \(text[4]):\(text[5]):\(text[6])"
    }

    /// `2020-05-03T10:00:00.000+0000`
    static func long(_ seconds: Int) -> String {
        let text = parts(seconds)
        return "\(text[0])\(text[1])-\(text[2])-\(text[3])T\(text[4]):\(text[5]):\(text[6]).000+0000"
    }

    /// Century, year, month, day, hour, minute, second; two digits each.
    private static func parts(_ seconds: Int) -> [String] {
        let digits = Array("\(SigV4Time(epochSeconds: seconds))".utf8).filter { (0x30...0x39).contains($0) }
        return stride(from: 0, to: 14, by: 2).map { String(decoding: digits[$0..<$0 + 2], as: UTF8.self) }
    }
}
