// Hot: once per request with an API key. Allocates: nothing.

internal import PorticoIR
internal import Synchronization

/// What the holder of one API key has used of one usage plan: its bucket, and its requests of the day and of the quota's
/// period. Shared by all loops without a lock; outlives reloads.
final class KeyUsage: Sendable {
    /// How a request was counted.
    enum Outcome {
        /// It counts; something is there to be written from now on.
        case counted(isFirst: Bool)
        /// The quota is used up.
        case exhausted
    }

    // What every request reads comes first.
    /// The plan's throttle for this key.
    var bucket: TokenBucket { heldBucket.object }
    private let heldBucket: HeldReference<TokenBucket>
    private let days: PeriodCounter
    private let periods: PeriodCounter
    /// Number of the first period that counted anything, of which the quota's offset is taken off; `Int.min` before.
    private let firstPeriod: Atomic<Int>
    /// Whether the keeper has it on its list.
    private let isDirty = Atomic<Bool>(false)
    let key: UsageKey
    /// Requests of ``writtenDay`` that are written. The keeper's alone.
    private let written = Atomic<Int>(0)
    private let writtenDay = Atomic<Int>(.min)
    /// What all processes have counted in ``settledPeriod``, as far as this one was told; and whether it was told at all.
    /// The settler's alone.
    private let settled = Atomic<Int>(0)
    private let settledPeriod = Atomic<Int>(.min)
    private let wasSettled = Atomic<Bool>(false)

    /// - Parameters:
    ///   - bucket: of the plan's throttle for this key.
    ///   - history: what was counted before, by day; oldest first.
    init(
        _ key: UsageKey, quota: Quota?, today: Int, history: [DailyUsage], bucket: TokenBucket = TokenBucket()
    ) {
        self.key = key
        heldBucket = HeldReference(bucket)
        var ofPeriod = 0
        var ofDay = 0
        var period = today
        var first = Int.min
        if let quota {
            period = QuotaCalendar.period(quota.period, ofDay: today)
            for entry in history where QuotaCalendar.period(quota.period, ofDay: entry.day) == period {
                ofPeriod += entry.used
            }
            if let oldest = history.first { first = QuotaCalendar.period(quota.period, ofDay: oldest.day) }
        }
        for entry in history where entry.day == today { ofDay += entry.used }
        periods = PeriodCounter(period: period, count: ofPeriod)
        days = PeriodCounter(period: today, count: ofDay)
        firstPeriod = Atomic(first)
        // Whoever counted it has told the others already.
        settled.store(ofPeriod, ordering: .relaxed)
        settledPeriod.store(period, ordering: .relaxed)
        written.store(ofDay, ordering: .relaxed)
        writtenDay.store(today, ordering: .relaxed)
    }

    /// Whether the quota is used up, without counting.
    func isExhausted(_ quota: Quota, day: Int) -> Bool {
        let period = QuotaCalendar.period(quota.period, ofDay: day)
        return periods.count(in: period) >= limit(quota, in: period)
    }

    /// Requests that the quota leaves in the period of that day.
    func remaining(_ quota: Quota, day: Int) -> Int {
        let period = QuotaCalendar.period(quota.period, ofDay: day)
        return max(limit(quota, in: period) - periods.count(in: period), 0)
    }

    /// Counts a request of that day, if the quota lets it.
    ///
    /// - Parameter rolled: gets the count of an earlier day that ends with this request, if that was not all written.
    @inline(__always)
    func count(_ quota: Quota?, day: Int, rolled: (DailyUsage) -> Void) -> Outcome {
        if let quota {
            let period = QuotaCalendar.period(quota.period, ofDay: day)
            if firstPeriod.load(ordering: .relaxed) == .min {
                _ = firstPeriod.compareExchange(expected: .min, desired: period, ordering: .relaxed)
            }
            guard periods.add(in: period, upTo: limit(quota, in: period)) else { return .exhausted }
        }
        if let ended = days.add(in: day) { rolled(ended) }
        // Released, so that whoever clears the mark sees the count.
        let isFirst = !isDirty.load(ordering: .relaxed) && !isDirty.exchange(true, ordering: .acquiringAndReleasing)
        return .counted(isFirst: isFirst)
    }

    /// Adds what other processes, or an administrator, have counted.
    func adjust(_ quota: Quota, day: Int, by count: Int) {
        periods.adjust(in: QuotaCalendar.period(quota.period, ofDay: day), by: count)
    }

    @inline(__always)
    private func limit(_ quota: Quota, in period: Int) -> Int {
        guard quota.offset > 0, firstPeriod.load(ordering: .relaxed) == period else { return quota.limit }
        return max(quota.limit &- quota.offset, 0)
    }

    // MARK: - The settler's side

    /// What the others do not know yet.
    struct Unsettled: Hashable {
        var period: Int
        /// Counted here, or taken off, since the last settling.
        var delta: Int
        /// What all processes had counted then.
        var known: Int
        /// Whether it is the first of this process.
        var isFirst: Bool
    }

    /// What the others do not know yet.
    func unsettled() -> Unsettled {
        let value = periods.value
        let isSame = settledPeriod.load(ordering: .relaxed) == value.day
        let known = isSame ? settled.load(ordering: .relaxed) : 0
        return Unsettled(
            period: value.day, delta: value.used - known, known: known,
            isFirst: !isSame || !wasSettled.load(ordering: .relaxed))
    }

    /// The others know `sent` now; together they have counted `total`.
    func settle(_ sent: Unsettled, total: Int) {
        periods.adjust(in: sent.period, by: total - sent.known - sent.delta)
        settled.store(total, ordering: .relaxed)
        settledPeriod.store(sent.period, ordering: .relaxed)
        wasSettled.store(true, ordering: .relaxed)
    }

    // MARK: - The keeper's side

    /// What is to be written now: requests that were counted since the last time, by day.
    func takeUnwritten(rolled: [DailyUsage]) -> [DailyUsage] {
        // Before the count is read: a request that comes later marks it anew.
        isDirty.store(false, ordering: .sequentiallyConsistent)
        var changes: [DailyUsage] = []
        for ended in rolled { append(ended, to: &changes) }
        append(days.value, to: &changes)
        return changes
    }

    private func append(_ usage: DailyUsage, to changes: inout [DailyUsage]) {
        let before = writtenDay.load(ordering: .relaxed) == usage.day ? written.load(ordering: .relaxed) : 0
        guard usage.used > before else { return }
        changes.append(DailyUsage(day: usage.day, used: usage.used - before))
        // Days come in their order, but for one that ends on another loop meanwhile: its rest is a change of its own.
        writtenDay.store(usage.day, ordering: .relaxed)
        written.store(usage.used, ordering: .relaxed)
    }
}

/// A period and how often something happened in it, in one word: a later period begins at nothing.
private struct PeriodCounter: ~Copyable, Sendable {
    /// Bits of the count; what is left is that of the period, enough for days until the year 4840.
    private static let countBits: UInt64 = 44
    private static let countMask: UInt64 = 1 << countBits - 1
    private let word: Atomic<UInt64>

    init(period: Int, count: Int) {
        word = Atomic(PeriodCounter.pack(period, count))
    }

    private static func pack(_ period: Int, _ count: Int) -> UInt64 {
        UInt64(truncatingIfNeeded: max(period, 0)) &<< countBits | UInt64(truncatingIfNeeded: max(count, 0)) & countMask
    }

    @inline(__always)
    private static func parts(_ word: UInt64) -> (period: Int, count: Int) {
        (Int(word &>> countBits), Int(word & countMask))
    }

    var value: DailyUsage {
        let (period, count) = PeriodCounter.parts(word.load(ordering: .acquiring))
        return DailyUsage(day: period, used: count)
    }

    func count(in period: Int) -> Int {
        let parts = PeriodCounter.parts(word.load(ordering: .relaxed))
        // A clock that stepped back finds a later period, whose count goes on until it comes.
        return parts.period < period ? 0 : parts.count
    }

    /// Adds one unless there are `limit` already.
    @inline(__always)
    func add(in period: Int, upTo limit: Int) -> Bool {
        var current = word.load(ordering: .relaxed)
        while true {
            let parts = PeriodCounter.parts(current)
            let count = parts.period < period ? 0 : parts.count
            guard count < limit else { return false }
            let next = PeriodCounter.pack(max(parts.period, period), count &+ 1)
            let (exchanged, original) = word.weakCompareExchange(expected: current, desired: next, ordering: .relaxed)
            if exchanged { return true }
            current = original
        }
    }

    /// Adds one; gives the count of a period that ends with this.
    @inline(__always)
    func add(in period: Int) -> DailyUsage? {
        var current = word.load(ordering: .relaxed)
        while true {
            let parts = PeriodCounter.parts(current)
            let isNew = parts.period < period
            let next = PeriodCounter.pack(max(parts.period, period), isNew ? 1 : parts.count &+ 1)
            let (exchanged, original) = word.weakCompareExchange(
                expected: current, desired: next, ordering: .acquiringAndReleasing)
            if exchanged { return isNew && parts.count > 0 ? DailyUsage(day: parts.period, used: parts.count) : nil }
            current = original
        }
    }

    /// Adds, or takes off; a period that has ended stays as it was.
    func adjust(in period: Int, by count: Int) {
        var current = word.load(ordering: .relaxed)
        while true {
            let parts = PeriodCounter.parts(current)
            guard parts.period <= period else { return }
            let before = parts.period < period ? 0 : parts.count
            let next = PeriodCounter.pack(max(parts.period, period), max(before + count, 0))
            let (exchanged, original) = word.weakCompareExchange(expected: current, desired: next, ordering: .relaxed)
            if exchanged { return }
            current = original
        }
    }
}
