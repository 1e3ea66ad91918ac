public import PorticoIR

/// What API Gateway's GetUsage tells of one API key in a usage plan: the requests of each day, and what the quota had left
/// when the day ended.
///
/// *Source:* API Gateway API reference, "GetUsage". Unconfirmed: that what is left is that of the quota's period, which
/// may be longer than a day.
public struct UsageReport: Sendable, Hashable {
    /// One day.
    public struct Day: Sendable, Hashable {
        /// Days since 1970-01-01, in UTC.
        public var day: Int
        /// Requests that counted.
        public var used: Int
        /// Requests that the quota had left; `nil` without a quota.
        public var remaining: Int?
    }

    /// Each day of the range, also those without requests.
    public var days: [Day]

    /// The first day whose counts are needed for a report that begins with `first`: that of the quota's period.
    public static func firstDayNeeded(for first: Int, quota: Quota?) -> Int {
        guard let quota else { return first }
        return QuotaCalendar.firstDay(ofPeriod: QuotaCalendar.period(quota.period, ofDay: first), quota.period)
    }

    /// A report of the days from `first` to `last`.
    ///
    /// - Parameter usage: what the key used on the days from ``firstDayNeeded(for:quota:)`` to `last`, and on the very
    ///   first day: of its period the quota's offset is taken off. In the order of the days.
    public init(_ usage: [DailyUsage], quota: Quota?, from first: Int, to last: Int) {
        var used: [Int: Int] = [:]
        // Counts come from a file. Sums of a few hundred of these do not overflow.
        for entry in usage { used[entry.day, default: 0] += min(max(entry.used, 0), 1 << 44) }
        var days: [Day] = []
        var ofPeriod = 0
        var period: Int?
        var day = UsageReport.firstDayNeeded(for: first, quota: quota)
        let firstPeriod = quota.flatMap { quota in
            usage.first.map { QuotaCalendar.period(quota.period, ofDay: $0.day) }
        }
        while day <= last {
            let count = used[day] ?? 0
            var remaining: Int?
            if let quota {
                let current = QuotaCalendar.period(quota.period, ofDay: day)
                if current != period { ofPeriod = 0 }
                period = current
                ofPeriod += count
                let limit = current == firstPeriod ? quota.limit - quota.offset : quota.limit
                remaining = max(limit - ofPeriod, 0)
            }
            if day >= first { days.append(Day(day: day, used: count, remaining: remaining)) }
            day += 1
        }
        self.days = days
    }
}
