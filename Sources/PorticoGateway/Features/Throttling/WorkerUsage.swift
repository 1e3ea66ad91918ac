// Hot: once per key between two writes. Allocates: when its lists grow.

internal import PorticoIR

/// Which counts of a worker are to be written: its own list, so that nothing on the way of a request waits for the keeper.
struct WorkerUsage {
    /// What the keeper takes at once.
    struct Changes: Sendable {
        var usages: [KeyUsage] = []
        /// Counts of days that have ended.
        var ended: [(usage: KeyUsage, day: DailyUsage)] = []

        var isEmpty: Bool { usages.isEmpty && ended.isEmpty }
    }

    private var changes = Changes()

    /// Something was counted for the first time since the last writing.
    mutating func changed(_ usage: KeyUsage) { changes.usages.append(usage) }

    /// A day has ended for a key; its count may not be written yet.
    mutating func ended(_ usage: KeyUsage, _ day: DailyUsage) { changes.ended.append((usage, day)) }

    /// Everything since the last time.
    mutating func take() -> Changes {
        guard !changes.isEmpty else { return Changes() }
        defer { changes = Changes() }
        return changes
    }
}
