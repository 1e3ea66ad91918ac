import Glibc

/// Time on the CPU: unlike wall time it does not count what other processes do.
enum Measurement {
    /// Nanoseconds that this process has spent on a CPU.
    static var processNanoseconds: Int {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    /// Median CPU time of a run of `body`, in nanoseconds, after one run that does not count.
    static func median(runs: Int, _ body: () throws -> Void) rethrows -> Double {
        try body()
        var times: [Int] = []
        for _ in 0..<runs {
            let begin = processNanoseconds
            try body()
            times.append(processNanoseconds - begin)
        }
        return Double(times.sorted()[times.count / 2])
    }

    /// Prints one figure and whether it is within its limit.
    static func report(_ name: String, _ value: Double, _ unit: String, limit: Double) -> Bool {
        let isWithin = value <= limit
        let rounded = (value * 10).rounded() / 10
        print("\(name): \(rounded) \(unit) (at most \(limit))\(isWithin ? "" : "   OVER THE LIMIT")")
        return isWithin
    }
}
