import PorticoGateway
import PorticoIR
import Testing

@Suite("Usage report")
struct UsageReportTests {
    private func day(_ text: String) throws -> Int { try #require(CivilDate(text)).dayNumber }

    private func report(
        _ usage: [(String, Int)], _ quota: Quota?, _ first: String, _ last: String
    ) throws -> [[Int?]] {
        let usage = try usage.map { DailyUsage(day: try day($0.0), used: $0.1) }
        return UsageReport(usage, quota: quota, from: try day(first), to: try day(last)).days.map {
            [$0.used, $0.remaining]
        }
    }

    @Test("A daily quota is whole again each day")
    func daily() throws {
        let quota = Quota(limit: 10, period: .day)
        #expect(
            try report([("2026-11-01", 3), ("2026-11-03", 12)], quota, "2026-11-01", "2026-11-03")
                == [[3, 7], [0, 10], [12, 0]])
    }

    @Test("What a month leaves takes the days before the report into account, and begins anew with the next month")
    func monthly() throws {
        let quota = Quota(limit: 100, period: .month)
        #expect(try UsageReport.firstDayNeeded(for: day("2026-11-20"), quota: quota) == day("2026-11-01"))
        #expect(
            try report(
                [("2026-11-02", 30), ("2026-11-29", 5), ("2026-12-01", 7)], quota, "2026-11-29", "2026-12-02")
                == [[5, 65], [0, 65], [7, 93], [0, 93]])
    }

    @Test("Weeks begin on Monday")
    func weekly() throws {
        let quota = Quota(limit: 10, period: .week)
        // 2026-11-29 is a Sunday.
        #expect(try UsageReport.firstDayNeeded(for: day("2026-11-29"), quota: quota) == day("2026-11-23"))
        #expect(
            try report([("2026-11-23", 4), ("2026-11-29", 1)], quota, "2026-11-29", "2026-11-30") == [
                [1, 5], [0, 10],
            ])
    }

    @Test("The offset is taken off the period of the very first request only")
    func offset() throws {
        let quota = Quota(limit: 10, offset: 4, period: .week)
        #expect(
            try report([("2026-11-25", 1), ("2026-12-01", 1)], quota, "2026-11-25", "2026-12-01").map { $0[1] }
                == [5, 5, 5, 5, 5, 10, 9])
        #expect(try report([("2026-10-01", 1), ("2026-11-25", 1)], quota, "2026-11-25", "2026-11-25") == [[1, 9]])
    }

    @Test("Without a quota nothing is told to be left")
    func noQuota() throws {
        #expect(try UsageReport.firstDayNeeded(for: day("2026-11-29"), quota: nil) == day("2026-11-29"))
        #expect(try report([("2026-11-28", 2)], nil, "2026-11-28", "2026-11-29") == [[2, nil], [0, nil]])
    }

    @Test("Counts that a damaged file may have do not end the process")
    func extremes() throws {
        let quota = Quota(limit: 10, period: .month)
        #expect(
            try report(
                [("2026-11-01", .max), ("2026-11-01", .max), ("2026-11-02", .min)], quota, "2026-11-01", "2026-11-02"
            )
            .map { $0[1] } == [0, 0])
    }
}
