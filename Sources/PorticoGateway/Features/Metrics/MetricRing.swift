// Hot: no, once in ten seconds. Allocates: a point for each period with requests.

/// What was counted of one dimension set, period by period; old periods make room for new ones.
///
/// Periods begin at multiples of their length since 1970, in seconds. Those without requests take no room.
struct MetricRing: Sendable {
    /// Seconds of a period.
    let periodSeconds: Int
    /// Periods that are kept, the open one with them.
    private(set) var capacity: Int
    private var points: [(start: Int, totals: MetricTotals)] = []

    /// Makes a ring of `capacity` periods.
    init(periodSeconds: Int, capacity: Int) {
        self.periodSeconds = max(periodSeconds, 1)
        self.capacity = max(capacity, 1)
    }

    /// Keeps at least so many periods from now on.
    mutating func widen(to capacity: Int) { self.capacity = max(self.capacity, capacity) }

    /// Adds what was counted in a time that begins at `seconds`. After a clock that was set back, what is later is gone.
    mutating func add(_ totals: MetricTotals?, at seconds: Int) {
        let start = floorMultiple(seconds, of: periodSeconds)
        while let last = points.last, last.start > start { points.removeLast() }
        let oldest = start - (capacity - 1) * periodSeconds
        if let first = points.first, first.start < oldest { points.removeAll { $0.start < oldest } }
        guard let totals else { return }
        if let last = points.last, last.start == start {
            points[points.count - 1].totals.add(totals)
        } else {
            points.append((start, totals))
        }
    }

    /// The last `count` periods that ended by `end`, oldest first; `nil` for those without requests.
    func last(_ count: Int, endingBy end: Int) -> [(start: Int, totals: MetricTotals?)] {
        let stop = floorMultiple(end, of: periodSeconds)
        var index = points.partition { $0.start >= stop - count * periodSeconds }
        return (0..<max(count, 0)).map { number in
            let start = stop - (count - number) * periodSeconds
            guard index < points.count, points[index].start == start else { return (start, nil) }
            index += 1
            return (start, points[index - 1].totals)
        }
    }
}

extension Array {
    /// Position of the first element that `belongs`, in an array whose elements that do not come first.
    fileprivate func partition(_ belongs: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if belongs(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

/// The greatest multiple of `step`, above 0, that is not above `value`.
func floorMultiple(_ value: Int, of step: Int) -> Int {
    let rest = value % step
    return value - (rest < 0 ? rest + step : rest)
}
