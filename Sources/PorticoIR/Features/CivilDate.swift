/// A day of the Gregorian calendar. Source of the arithmetic: Howard Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms".
public struct CivilDate: Sendable, Hashable, CustomStringConvertible {
    /// Year, such as 2026.
    public var year: Int
    /// 1...12
    public var month: Int
    /// 1...31
    public var day: Int

    /// Makes a date; nothing is checked.
    public init(year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// The date of a number of days since 1970-01-01.
    public init(day number: Int) {
        let shifted = number &+ 719_468
        let era = (shifted >= 0 ? shifted : shifted &- 146_096) / 146_097
        let dayOfEra = shifted &- era &* 146_097
        let yearOfEra = (dayOfEra &- dayOfEra / 1460 &+ dayOfEra / 36_524 &- dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra &- (365 &* yearOfEra &+ yearOfEra / 4 &- yearOfEra / 100)
        // Months are counted from March.
        let shiftedMonth = (5 &* dayOfYear &+ 2) / 153
        day = dayOfYear &- (153 &* shiftedMonth &+ 2) / 5 &+ 1
        month = shiftedMonth < 10 ? shiftedMonth &+ 3 : shiftedMonth &- 9
        year = yearOfEra &+ era &* 400 &+ (month <= 2 ? 1 : 0)
    }

    /// Reads `2026-11-29`; `nil` for anything that is no date.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count == 4, parts[1].count == 2, parts[2].count == 2,
            parts.allSatisfy({ $0.utf8.allSatisfy { 0x30...0x39 ~= $0 } }),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]), 1...12 ~= month, 1...31 ~= day
        else { return nil }
        self.init(year: year, month: month, day: day)
        // The 30th of February comes back as another day.
        guard CivilDate(day: dayNumber) == self else { return nil }
    }

    /// Days since 1970-01-01.
    public var dayNumber: Int {
        let shiftedYear = month <= 2 ? year &- 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear &- 399) / 400
        let yearOfEra = shiftedYear &- era &* 400
        let shiftedMonth = month > 2 ? month &- 3 : month &+ 9
        let dayOfYear = (153 &* shiftedMonth &+ 2) / 5 &+ day &- 1
        let dayOfEra = yearOfEra &* 365 &+ yearOfEra / 4 &- yearOfEra / 100 &+ dayOfYear
        return era &* 146_097 &+ dayOfEra &- 719_468
    }

    /// `2026-11-29`
    public var description: String { "\(Self.digits(year, 4))-\(Self.digits(month, 2))-\(Self.digits(day, 2))" }

    /// A point in time in UTC, milliseconds since 1970 (earlier ones count as 1970): `2026-11-28T21:56:26Z`, or
    /// `2026-11-28T21:56:26.000Z` with a fraction. Source: RFC 3339, section 5.6.
    public static func timestamp(milliseconds: Int, hasFraction: Bool = false) -> String {
        let time = max(milliseconds, 0)
        let seconds = time / 1000
        return "\(CivilDate(day: seconds / 86_400))T\(digits(seconds / 3600 % 24, 2)):\(digits(seconds / 60 % 60, 2)):"
            + digits(seconds % 60, 2) + (hasFraction ? ".\(digits(time % 1000, 3))Z" : "Z")
    }

    private static func digits(_ value: Int, _ count: Int) -> String {
        let text = "\(value)"
        return String(repeating: "0", count: max(count - text.count, 0)) + text
    }
}
