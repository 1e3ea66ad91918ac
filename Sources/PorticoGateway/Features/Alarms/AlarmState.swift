// Hot: no, once in ten seconds. Allocates: texts.

/// State of an alarm.
enum AlarmState: String, Sendable, Hashable, CaseIterable {
    /// Too few values breach.
    case ok = "OK"
    /// Enough values breach.
    case alarm = "ALARM"
    /// Nothing is known, as at the start.
    case insufficientData = "INSUFFICIENT_DATA"
}

/// One period of what an alarm compares.
struct AlarmDatapoint: Sendable, Equatable {
    /// Seconds since 1970 at which the period began.
    var startSeconds: Int
    /// The value; `nil` when it is missing.
    var value: Double?
    /// How many values of the metric it comes from; `nil` for an expression.
    var samples: UInt64?
}

/// What an alarm's values come to.
struct AlarmOutcome: Sendable, Equatable {
    var state: AlarmState
    /// Why, in CloudWatch's words.
    var reason: String
}
