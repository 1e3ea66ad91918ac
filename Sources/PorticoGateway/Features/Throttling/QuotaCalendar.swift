// Hot: once per request with an API key. Allocates: nothing.

internal import PorticoIR

/// When quotas begin anew. All boundaries are those of UTC.
///
/// *Source:* reference, "API keys and usage plans" (3.7). Unconfirmed: that weeks begin on Monday, as in ISO 8601, and
/// months on the first.
enum QuotaCalendar {
    static let millisecondsPerDay = 86_400_000
    /// 1970-01-01 was a Thursday: three days after a Monday.
    private static let daysSinceMonday = 3

    /// Days since 1970.
    @inline(__always)
    static func day(milliseconds: Int) -> Int {
        milliseconds >= 0
            ? milliseconds / millisecondsPerDay : (milliseconds &- millisecondsPerDay &+ 1) / millisecondsPerDay
    }

    /// Number of the period that a day is in; periods that follow each other have numbers that do.
    static func period(_ period: Quota.Period, ofDay day: Int) -> Int {
        switch period {
        case .day: return day
        case .week: return floorDivide(day &+ daysSinceMonday, 7)
        case .month:
            let date = CivilDate(day: day)
            return date.year &* 12 &+ date.month &- 1
        }
    }

    /// The first day of a period.
    static func firstDay(ofPeriod number: Int, _ period: Quota.Period) -> Int {
        switch period {
        case .day: number
        case .week: number &* 7 &- daysSinceMonday
        case .month:
            CivilDate(year: floorDivide(number, 12), month: number &- floorDivide(number, 12) &* 12 &+ 1, day: 1)
                .dayNumber
        }
    }

    private static func floorDivide(_ value: Int, _ divisor: Int) -> Int {
        value >= 0 ? value / divisor : (value &- divisor &+ 1) / divisor
    }
}
