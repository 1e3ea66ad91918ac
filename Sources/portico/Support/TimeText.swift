import Glibc
import PorticoIR

/// Time for rows and tables.
enum TimeText {
    /// Milliseconds since 1970.
    static func now() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int(time.tv_sec) * 1000 + Int(time.tv_nsec) / 1_000_000
    }

    /// Days since 1970-01-01, in UTC.
    static func today() -> Int { now() / 86_400_000 }

    /// `2026-11-28T21:56:26Z`
    static func iso8601(milliseconds: Int) -> String { CivilDate.timestamp(milliseconds: milliseconds) }
}
