internal import NIOPosix
internal import PorticoIR
internal import Synchronization

/// Writes what workers have counted into the store of usage, twice a second: an end of the process without a warning loses
/// at most that.
///
/// The store is waited for on a thread of NIO's pool, never on a loop. One writing at a time.
final class UsageKeeper: Sendable {
    /// How often counts are written.
    static let interval = Duration.milliseconds(500)
    /// Days whose counts may still matter: the longest period of a quota, and a day for clocks that differ.
    private static let daysOfHistory = 32

    private struct State {
        /// What could not be written, to be tried again.
        var waiting: [UsageRecord] = []
        var problem: String?
    }

    private let store: (any UsageStore)?
    private let state = Mutex(State())

    init(store: (any UsageStore)?) {
        self.store = store
    }

    /// What was counted before, by key; and why that is not known. Waits for the store.
    func history(today: Int) -> (records: [UsageKey: [DailyUsage]], problem: String?) {
        guard let store else { return ([:], nil) }
        do throws(UsageStoreError) {
            var found: [UsageKey: [DailyUsage]] = [:]
            for record in try store.usage(from: today - UsageKeeper.daysOfHistory, to: today) {
                found[UsageKey(plan: record.plan, key: record.key), default: []].append(record.usage)
            }
            return (found, nil)
        } catch {
            return ([:], "\(error); quotas begin anew")
        }
    }

    /// Writes what has changed. Returns what there is to say that was not said before.
    func write(_ changes: [WorkerUsage.Changes]) async -> String? {
        guard let store else { return nil }
        let said = try? await NIOThreadPool.singleton.runIfActive { self.write(changes, to: store) }
        return said ?? nil
    }

    private func write(_ changes: [WorkerUsage.Changes], to store: any UsageStore) -> String? {
        state.withLock { state in
            var records = state.waiting
            var ended: [ObjectIdentifier: [DailyUsage]] = [:]
            var usages: [ObjectIdentifier: KeyUsage] = [:]
            for change in changes {
                for usage in change.usages { usages[ObjectIdentifier(usage)] = usage }
                for entry in change.ended {
                    usages[ObjectIdentifier(entry.usage)] = entry.usage
                    ended[ObjectIdentifier(entry.usage), default: []].append(entry.day)
                }
            }
            for (identifier, usage) in usages {
                for day in usage.takeUnwritten(rolled: ended[identifier] ?? []) {
                    records.append(UsageRecord(plan: usage.key.plan, key: usage.key.key, usage: day))
                }
            }
            guard !records.isEmpty else { return nil }
            do throws(UsageStoreError) {
                try store.add(records)
                state.waiting = []
                let hadProblem = state.problem != nil
                state.problem = nil
                return hadProblem ? "usage is written again" : nil
            } catch {
                // One record for each key and day, so that a disk that stays full does not fill the memory, too.
                state.waiting = UsageKeeper.merged(records)
                let problem = "\(error); counts are kept in memory until it can be written"
                guard problem != state.problem else { return nil }
                state.problem = problem
                return problem
            }
        }
    }

    private static func merged(_ records: [UsageRecord]) -> [UsageRecord] {
        struct Place: Hashable {
            var key: UsageKey
            var day: Int
        }
        var sums: [Place: Int] = [:]
        for record in records {
            let place = Place(key: UsageKey(plan: record.plan, key: record.key), day: record.usage.day)
            sums[place, default: 0] += record.usage.used
        }
        return sums.map {
            UsageRecord(plan: $0.key.key.plan, key: $0.key.key.key, usage: DailyUsage(day: $0.key.day, used: $0.value))
        }
    }
}
