/// A formula of metric math: the part of CloudWatch's language that alarms here may use.
///
/// Source: CloudWatch user guide, "Using math expressions with CloudWatch metrics".
public indirect enum MetricExpression: Sendable, Hashable {
    /// A number.
    case number(Double)
    /// Values of another query, by its `Id`.
    case query(String)
    /// `[a, b]`
    case list([MetricExpression])
    /// `METRICS("part")`: all queries that are metrics and have the part in their `Id`; all of them without a part.
    case metrics(String?)
    /// `-a`
    case negated(MetricExpression)
    /// `a + b` and its like.
    case binary(Operator, MetricExpression, MetricExpression)
    /// `ABS(a)` and its like.
    case call(Function, [MetricExpression])
    /// `FILL(a, REPEAT)`
    case fillRepeating(MetricExpression)

    /// Operators; comparisons and logic give 1 or 0.
    public enum Operator: String, Sendable, Hashable, CaseIterable {
        /// Logic, also `||`.
        case or = "OR"
        /// Logic, also `&&`.
        case and = "AND"
        /// Comparisons.
        case equal = "=="
        case notEqual = "!="
        case lessOrEqual = "<="
        case greaterOrEqual = ">="
        case less = "<"
        case greater = ">"
        /// Arithmetic.
        case plus = "+"
        case minus = "-"
        case times = "*"
        case divided = "/"
        case power = "^"

        /// How tightly it binds.
        var precedence: Int {
            switch self {
            case .or: 1
            case .and: 2
            case .equal, .notEqual, .less, .greater, .lessOrEqual, .greaterOrEqual: 3
            case .plus, .minus: 4
            case .times, .divided: 5
            case .power: 7
            }
        }
    }

    /// Functions with arguments.
    public enum Function: String, Sendable, Hashable, CaseIterable {
        /// `IF(condition, a, b)` or `IF(condition, a)`
        case `if` = "IF"
        /// `ABS(a)`
        case abs = "ABS"
        /// `MIN(a)`
        case min = "MIN"
        /// `MAX(a)`
        case max = "MAX"
        /// `SUM(a)`
        case sum = "SUM"
        /// `AVG(a)`
        case avg = "AVG"
        /// `FILL(a, value)`
        case fill = "FILL"
        /// `RATE(a)`: change per second.
        case rate = "RATE"
        /// `PERIOD(a)`: seconds from one value to the next.
        case period = "PERIOD"

        /// Numbers of arguments.
        var arguments: ClosedRange<Int> {
            switch self {
            case .if: 2...3
            case .fill: 2...2
            case .abs, .rate, .period: 1...1
            case .min, .max, .sum, .avg: 1...MetricExpression.mostArguments
            }
        }
    }

    /// Arguments of a function or elements of a list.
    static let mostArguments = 20
    /// Bytes of a formula.
    public static let longest = 2048
    /// Parentheses, calls and operands inside each other.
    public static let deepest = 48
    /// Operators of a formula.
    public static let mostOperators = 200

    /// Ids of the queries that it names.
    public var ids: Set<String> {
        switch self {
        case .number, .metrics: []
        case .query(let id): [id]
        case .negated(let inner), .fillRepeating(let inner): inner.ids
        case .binary(_, let left, let right): left.ids.union(right.ids)
        case .list(let parts), .call(_, let parts): parts.reduce(into: []) { $0.formUnion($1.ids) }
        }
    }
}

/// Why a formula is none, and where.
public struct MetricExpressionError: Error, Sendable, Hashable {
    /// What is wrong and what was expected.
    public var message: String
    /// Bytes of the text that it speaks of.
    public var range: Range<Int>
    /// A word that was probably meant there.
    public var suggestion: String?
}
