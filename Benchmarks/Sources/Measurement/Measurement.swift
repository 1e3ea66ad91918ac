import Glibc

/// Time on the CPU: unlike wall time it does not count what other processes do.
public enum Measurement {
    /// Nanoseconds that this process has spent on a CPU.
    public static var processNanoseconds: Int {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    /// Median CPU time of a run of `body`, in nanoseconds, after one run that does not count.
    public static func median(runs: Int, _ body: () throws -> Void) rethrows -> Double {
        try body()
        var times: [Int] = []
        for _ in 0..<runs {
            let begin = processNanoseconds
            try body()
            times.append(processNanoseconds - begin)
        }
        return Double(times.sorted()[times.count / 2])
    }

    /// How often `body` runs in a second on the CPU: the best of four rounds, as the other engines are measured.
    public static func perSecond(seconds: Double, _ body: () -> Void) -> Double {
        let limit = Int(seconds / 4 * 1e9)
        var best = 0.0
        for _ in 0..<4 {
            let begin = processNanoseconds
            var count = 0
            var spent = 0
            repeat {
                for _ in 0..<64 { body() }
                count += 64
                spent = processNanoseconds - begin
            } while spent < limit
            best = max(best, Double(count) * 1e9 / Double(spent))
        }
        return best
    }

    /// Prints one figure and whether it is within its limit.
    public static func report(_ name: String, _ value: Double, _ unit: String, limit: Double) -> Bool {
        let isWithin = value <= limit
        let rounded = (value * 10).rounded() / 10
        print("\(name): \(rounded) \(unit) (at most \(limit))\(isWithin ? "" : "   OVER THE LIMIT")")
        return isWithin
    }
}
