// Hot: no, once in ten seconds. Allocates: values.

internal import PorticoIR

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Values of a formula, period by period.
///
/// Source: CloudWatch user guide, "Using math expressions with CloudWatch metrics". A period is missing in the result of an
/// operator when it is missing in an operand, and when the result is no number, as after a division by zero.
struct MetricExpressionEvaluation {
    /// What a part of a formula comes to.
    enum Value {
        case number(Double)
        /// One value a period, oldest first.
        case series([Double?])
        case list([[Double?]])
    }

    /// Values of the alarm's queries by `Id`.
    private var known: [String: [Double?]] = [:]
    private let queries: [String: MetricQuery]
    /// Ids of the metrics among them, in order.
    private let metricIDs: [String]
    private let periods: Int
    private let periodSeconds: Int

    /// Makes an evaluation over `periods` periods; `values` are those of a metric, as many.
    init(_ alarm: AlarmDefinition, periods: Int, values: (MetricStat) -> [Double?]) {
        self.periods = periods
        periodSeconds = alarm.periodSeconds
        queries = Dictionary(alarm.queries.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        metricIDs = alarm.queries.filter { if case .metric = $0.source { true } else { false } }.map(\.id)
        for case (let id, .metric(let stat)) in alarm.queries.map({ ($0.id, $0.source) }) { known[id] = values(stat) }
    }

    /// Values of a query. A query that needs itself, which import refuses, has none.
    mutating func values(of id: String) -> [Double?] {
        if let values = known[id] { return values }
        let none = [Double?](repeating: nil, count: periods)
        guard case .expression(let expression, _) = queries[id]?.source else { return none }
        known[id] = none
        let values = series(evaluate(expression))
        known[id] = values
        return values
    }

    private func series(_ value: Value) -> [Double?] {
        switch value {
        case .number(let number): Array(repeating: number, count: periods)
        case .series(let values): values
        // Unconfirmed: what a list comes to where one series is wanted; alarms take one series only.
        case .list(let lists): lists.first ?? Array(repeating: nil, count: periods)
        }
    }

    private mutating func evaluate(_ expression: MetricExpression) -> Value {
        switch expression {
        case .number(let number): return .number(number)
        case .query(let id): return .series(values(of: id))
        case .metrics(let part):
            let ids = metricIDs.filter { part.map($0.contains) ?? true }
            return .list(ids.map { values(of: $0) })
        case .list(let parts):
            var lists: [[Double?]] = []
            for part in parts { lists += elements(evaluate(part)) }
            return .list(lists)
        case .negated(let inner): return map(evaluate(inner)) { -$0 }
        case .fillRepeating(let inner):
            return eachSeries(evaluate(inner)) { values in
                var last: Double?
                return values.map { value in
                    last = value ?? last
                    return last
                }
            }
        case .binary(let symbol, let left, let right):
            return combine(evaluate(left), evaluate(right)) { Self.apply(symbol, $0, $1) }
        case .call(let function, let arguments): return call(function, arguments)
        }
    }

    private static func apply(_ symbol: MetricExpression.Operator, _ left: Double, _ right: Double) -> Double {
        func truth(_ flag: Bool) -> Double { flag ? 1 : 0 }
        return switch symbol {
        case .or: truth(left != 0 || right != 0)
        case .and: truth(left != 0 && right != 0)
        case .equal: truth(left == right)
        case .notEqual: truth(left != right)
        case .less: truth(left < right)
        case .greater: truth(left > right)
        case .lessOrEqual: truth(left <= right)
        case .greaterOrEqual: truth(left >= right)
        case .plus: left + right
        case .minus: left - right
        case .times: left * right
        case .divided: left / right
        case .power: pow(left, right)
        }
    }

    private mutating func call(_ function: MetricExpression.Function, _ arguments: [MetricExpression]) -> Value {
        guard let first = arguments.first else { return .series([]) }
        switch function {
        case .abs: return map(evaluate(first)) { abs($0) }
        case .min: return reduce(arguments) { $0.min() }
        case .max: return reduce(arguments) { $0.max() }
        case .sum: return reduce(arguments) { $0.isEmpty ? nil : $0.reduce(0, +) }
        case .avg: return reduce(arguments) { $0.isEmpty ? nil : $0.reduce(0, +) / Double($0.count) }
        case .period: return .number(Double(periodSeconds))
        case .rate: return eachSeries(evaluate(first)) { rate($0) }
        case .fill:
            guard arguments.count > 1 else { return evaluate(first) }
            let filler = series(evaluate(arguments[1]))
            return eachSeries(evaluate(first)) { values in zip(values, filler).map { $0 ?? $1 } }
        case .if:
            guard arguments.count > 1 else { return evaluate(first) }
            let condition = series(evaluate(first))
            let then = series(evaluate(arguments[1]))
            let otherwise = arguments.count > 2 ? series(evaluate(arguments[2])) : Array(repeating: nil, count: periods)
            return .series(
                condition.indices.map { index in
                    condition[index].flatMap { $0 != 0 ? then[index] : otherwise[index] }
                })
        }
    }

    /// One series alone comes to one number over all its periods; several come to a series, period by period.
    private mutating func reduce(_ arguments: [MetricExpression], _ body: ([Double]) -> Double?) -> Value {
        if arguments.count == 1, let only = arguments.first {
            switch evaluate(only) {
            case .number(let number): return .number(number)
            case .series(let values):
                return body(values.compactMap { $0 }).map { .number($0) }
                    ?? .series(Array(repeating: nil, count: periods))
            case .list(let lists): return .series(across(lists, body))
            }
        }
        var lists: [[Double?]] = []
        for argument in arguments { lists += elements(evaluate(argument)) }
        return .series(across(lists, body))
    }

    private func across(_ lists: [[Double?]], _ body: ([Double]) -> Double?) -> [Double?] {
        (0..<periods).map { index in body(lists.compactMap { index < $0.count ? $0[index] : nil }) }
    }

    /// Change a second since the last value that there was.
    private func rate(_ values: [Double?]) -> [Double?] {
        var last: (index: Int, value: Double)?
        return values.enumerated().map { index, value in
            guard let value else { return nil }
            defer { last = (index, value) }
            return last.map { (value - $0.value) / Double((index - $0.index) * periodSeconds) }
        }
    }

    private func elements(_ value: Value) -> [[Double?]] {
        if case .list(let lists) = value { return lists }
        return [series(value)]
    }

    private func map(_ value: Value, _ body: (Double) -> Double) -> Value {
        if case .number(let number) = value { return .number(body(number)) }
        return eachSeries(value) { $0.map { $0.map(body) } }
    }

    private func eachSeries(_ value: Value, _ body: ([Double?]) -> [Double?]) -> Value {
        if case .list(let lists) = value { return .list(lists.map(body)) }
        return .series(body(series(value)))
    }

    private func combine(_ left: Value, _ right: Value, _ body: (Double, Double) -> Double) -> Value {
        func together(_ left: [Double?], _ right: [Double?]) -> [Double?] {
            zip(left, right).map { left, right in
                guard let left, let right else { return nil }
                let result = body(left, right)
                return result.isFinite ? result : nil
            }
        }
        switch (left, right) {
        case (.number(let left), .number(let right)):
            let result = body(left, right)
            return result.isFinite ? .number(result) : .series(Array(repeating: nil, count: periods))
        case (.list(let lists), let other): return .list(lists.map { together($0, series(other)) })
        case (let other, .list(let lists)): return .list(lists.map { together(series(other), $0) })
        default: return .series(together(series(left), series(right)))
        }
    }
}
