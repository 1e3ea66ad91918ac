import PorticoIR
import Testing

@testable import PorticoGateway

@Suite("Quotas")
struct QuotaTests {
    private static let key = UsageKey(plan: "plan", key: "key")

    private static func day(_ text: String) throws -> Int { try #require(CivilDate(text)).dayNumber }

    @Test(
        "Dates and days since 1970 lead to each other",
        arguments: [
            ("1970-01-01", 0), ("1969-12-31", -1), ("2000-02-29", 11_016), ("2026-11-29", 20_786),
            ("2100-03-01", 47_541),
        ])
    func dates(_ text: String, _ number: Int) throws {
        let date = try #require(CivilDate(text))
        #expect(date.dayNumber == number)
        #expect(CivilDate(day: number) == date)
        #expect("\(date)" == text)
    }

    @Test(
        "Points in time are written as RFC 3339 has them",
        arguments: [
            (0, "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z"),
            (-1, "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z"),
            (951_868_799_007, "2000-02-29T23:59:59Z", "2000-02-29T23:59:59.007Z"),
            (1_795_989_856_123, "2026-11-29T22:04:16Z", "2026-11-29T22:04:16.123Z"),
        ])
    func timestamps(_ milliseconds: Int, _ whole: String, _ fraction: String) {
        #expect(CivilDate.timestamp(milliseconds: milliseconds) == whole)
        #expect(CivilDate.timestamp(milliseconds: milliseconds, hasFraction: true) == fraction)
    }

    @Test(
        "What is no date",
        arguments: ["2026-02-30", "2026-13-01", "26-01-01", "2026-1-01", "2026-01-0a", "", "2026-00-10"])
    func noDates(_ text: String) { #expect(CivilDate(text) == nil) }

    @Test(
        "Periods begin at midnight, on Monday and on the first",
        arguments: [
            (Quota.Period.day, "2026-11-28", "2026-11-29", false), (.week, "2026-11-29", "2026-11-30", false),
            (.week, "2026-11-23", "2026-11-29", true), (.week, "1970-01-04", "1970-01-05", false),
            (.week, "1969-12-28", "1969-12-29", false), (.month, "2026-11-01", "2026-11-30", true),
            (.month, "2026-12-31", "2027-01-01", false), (.month, "2028-02-29", "2028-02-01", true),
        ])
    func periods(_ period: Quota.Period, _ one: String, _ other: String, _ isSame: Bool) throws {
        let numbers = (
            QuotaCalendar.period(period, ofDay: try Self.day(one)),
            QuotaCalendar.period(period, ofDay: try Self.day(other))
        )
        #expect((numbers.0 == numbers.1) == isSame)
        if !isSame {
            #expect(numbers.1 == numbers.0 + 1)
            #expect(QuotaCalendar.firstDay(ofPeriod: numbers.1, period) == (try Self.day(other)))
        }
        #expect(QuotaCalendar.period(period, ofDay: QuotaCalendar.firstDay(ofPeriod: numbers.0, period)) == numbers.0)
    }

    @Test("Days begin at midnight, also before 1970", arguments: [(0, 0), (86_399_999, 0), (86_400_000, 1), (-1, -1)])
    func days(_ milliseconds: Int, _ day: Int) { #expect(QuotaCalendar.day(milliseconds: milliseconds) == day) }

    /// Counts until the quota is used up, at most `most` times.
    private func drain(_ usage: KeyUsage, _ quota: Quota, day: Int, most: Int = 1000) -> Int {
        var count = 0
        while count < most, case .counted = usage.count(quota, day: day, rolled: { _ in }) { count += 1 }
        return count
    }

    @Test("A quota lets its limit through in each period", arguments: Quota.Period.allCases)
    func limit(_ period: Quota.Period) throws {
        let today = try Self.day("2026-11-29")
        let quota = Quota(limit: 5, period: period)
        let usage = KeyUsage(Self.key, quota: quota, today: today, history: [])
        #expect(!usage.isExhausted(quota, day: today) && usage.remaining(quota, day: today) == 5)
        #expect(drain(usage, quota, day: today) == 5)
        #expect(usage.isExhausted(quota, day: today) && usage.remaining(quota, day: today) == 0)
        let next = QuotaCalendar.firstDay(ofPeriod: QuotaCalendar.period(period, ofDay: today) + 1, period)
        #expect(drain(usage, quota, day: next - 1) == 0)
        #expect(!usage.isExhausted(quota, day: next))
        #expect(drain(usage, quota, day: next) == 5)
        // A clock that steps back gives nothing.
        #expect(drain(usage, quota, day: today) == 0)
        #expect(usage.isExhausted(quota, day: today))
    }

    @Test("The offset is taken off the first period alone")
    func offset() throws {
        let today = try Self.day("2026-11-29")
        let quota = Quota(limit: 10, offset: 4, period: .week)
        let usage = KeyUsage(Self.key, quota: quota, today: today, history: [])
        #expect(drain(usage, quota, day: today) == 6)
        #expect(drain(usage, quota, day: today + 1) == 10)
        let known = KeyUsage(
            Self.key, quota: quota, today: today, history: [DailyUsage(day: today - 30, used: 1)])
        #expect(drain(known, quota, day: today) == 10)
        let begun = KeyUsage(
            Self.key, quota: quota, today: today, history: [DailyUsage(day: today - 1, used: 2)])
        #expect(drain(begun, quota, day: today) == 4)
    }

    @Test("What was counted before counts, by the period of its day")
    func history() throws {
        let today = try Self.day("2026-12-02")
        let history = [
            DailyUsage(day: today - 3, used: 100), DailyUsage(day: today - 1, used: 3), DailyUsage(day: today, used: 2),
        ]
        let month = Quota(limit: 20, period: .month)
        #expect(drain(KeyUsage(Self.key, quota: month, today: today, history: history), month, day: today) == 15)
        let day = Quota(limit: 20, period: .day)
        #expect(drain(KeyUsage(Self.key, quota: day, today: today, history: history), day, day: today) == 18)
        let week = Quota(limit: 20, period: .week)
        // 2026-11-29 was a Sunday.
        #expect(drain(KeyUsage(Self.key, quota: week, today: today, history: history), week, day: today) == 15)
    }

    @Test("Threads share a quota to the request, and all that is counted is written once")
    func threads() async throws {
        let today = try Self.day("2026-11-29")
        let quota = Quota(limit: 12_345, period: .day)
        let usage = KeyUsage(Self.key, quota: quota, today: today, history: [])
        let counts = await withTaskGroup(of: (counted: Int, firsts: Int).self) { group in
            for _ in 0..<8 {
                group.addTask {
                    var sum = (counted: 0, firsts: 0)
                    for _ in 0..<5000 {
                        guard case .counted(let isFirst) = usage.count(quota, day: today, rolled: { _ in }) else {
                            continue
                        }
                        sum.counted += 1
                        if isFirst { sum.firsts += 1 }
                    }
                    return sum
                }
            }
            return await group.reduce((0, 0)) { ($0.0 + $1.counted, $0.1 + $1.firsts) }
        }
        #expect(counts.0 == 12_345 && counts.1 == 1)
        #expect(usage.takeUnwritten(rolled: []) == [DailyUsage(day: today, used: 12_345)])
        #expect(usage.takeUnwritten(rolled: []) == [])
    }

    @Test("A day that ends before its count is written is written with the next")
    func midnight() throws {
        let today = try Self.day("2026-11-30")
        let usage = KeyUsage(Self.key, quota: nil, today: today, history: [DailyUsage(day: today, used: 7)])
        var rolled: [DailyUsage] = []
        var marks: [Bool] = []
        func count(_ day: Int) {
            if case .counted(let isFirst) = usage.count(nil, day: day, rolled: { rolled.append($0) }) {
                marks.append(isFirst)
            }
        }
        count(today)
        count(today)
        #expect(usage.takeUnwritten(rolled: rolled) == [DailyUsage(day: today, used: 2)])
        count(today)
        count(today + 1)
        #expect(marks == [true, false, true, false])
        #expect(rolled == [DailyUsage(day: today, used: 10)])
        #expect(
            usage.takeUnwritten(rolled: rolled) == [
                DailyUsage(day: today, used: 1), DailyUsage(day: today + 1, used: 1),
            ])
    }
}
