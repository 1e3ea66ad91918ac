internal import PorticoIR
internal import Synchronization

/// Settles limits and quotas with other processes: tells a shared store what was taken and counted here, and raises the
/// buckets and counts of this process to what all have.
///
/// Requests never wait for it. What all processes let in beyond a limit is what they let in between two settlings, and is
/// paid back; beyond a quota, what they let in within ``quotaInterval``. While the store is away this process limits
/// alone.
///
/// Asked by one task for buckets and one for quotas, each after the other's own interval; neither overtakes itself.
final class SharedLimits: Sendable {
    /// Pauses between two settlings.
    static let bucketInterval = Duration.milliseconds(25)
    static let quotaInterval = Duration.milliseconds(100)
    /// Quotas of which nothing was counted here that are asked for in a settling, in turn.
    static let idleQuotas = 64
    /// Settlings after which the lists are made anew, so that buckets and counts that nobody needs can go.
    private static let listLife = 400

    private struct Buckets {
        var list: [(name: String, bucket: TokenBucket)] = []
        var additions = -1
        var uses = 0
        var problem: String?
        /// When the last settling began.
        var last: LimitTicks
    }

    private struct Quotas {
        var list: [(period: Quota.Period, usage: KeyUsage)] = []
        var additions = -1
        var uses = 0
        var problem: String?
        /// Where the turn of those stands of which nothing was counted.
        var turn = 0
        var batchNumber = 0
        /// Sent, and perhaps added: sent again as it was.
        var doubtful: QuotaBatch?
    }

    private struct QuotaBatch {
        var number: Int
        var usages: [(usage: KeyUsage, sent: KeyUsage.Unsettled)]
        var changes: [CounterChange]
    }

    private let store: any SharedLimitStore & SharedCounterStore
    private let registry: LimitRegistry
    private let now: @Sendable () -> LimitTicks
    /// A name that no other process has.
    private let source: String
    private let buckets: Mutex<Buckets>
    private let quotas = Mutex(Quotas())

    /// - Parameters:
    ///   - registry: one that is shared.
    ///   - now: the clock that buckets are asked with.
    init(
        store: any SharedLimitStore & SharedCounterStore, registry: LimitRegistry,
        now: @escaping @Sendable () -> LimitTicks = { LimitTicks.now(ahead: 0) }
    ) {
        self.store = store
        self.registry = registry
        self.now = now
        buckets = Mutex(Buckets(last: now()))
        source =
            String(UInt64.random(in: .min ... .max), radix: 36) + String(UInt64.random(in: .min ... .max), radix: 36)
    }

    // MARK: - Buckets

    /// Settles all buckets from which something was taken. Returns what there is to say that was not said before.
    func settleBuckets() async -> String? {
        let start = now()
        let (list, last) = bucketList(at: start)
        let age = start &- last
        var takings: [BucketTaking] = []
        var owners: [TokenBucket] = []
        // By index: most of thousands of buckets are at rest, and their names need not be touched.
        for index in list.indices {
            guard let (taken, capacity) = list[index].bucket.takeUnsettled() else { continue }
            takings.append(
                BucketTaking(name: list[index].name, takenTicks: taken, ageTicks: age, capacityTicks: capacity))
            owners.append(list[index].bucket)
        }
        guard !takings.isEmpty else { return nil }
        // The store's answer is about an instant between the start and its coming; the earlier one keeps nobody waiting
        // for nothing.
        let problem = await withTaskGroup(of: SharedStoreError?.self) { group in
            for first in stride(from: 0, to: takings.count, by: BucketTaking.maximumCount) {
                let range = first..<min(first + BucketTaking.maximumCount, takings.count)
                let (part, buckets) = (Array(takings[range]), Array(owners[range]))
                group.addTask { await self.settle(part, buckets, at: start) }
            }
            return await group.reduce(nil) { $0 ?? $1 }
        }
        return buckets.withLock { state in
            SharedLimits.news(problem, &state.problem, "throttles count for this process alone", "throttles")
        }
    }

    private func settle(_ takings: [BucketTaking], _ owners: [TokenBucket], at start: LimitTicks) async
        -> SharedStoreError?
    {
        do throws(SharedStoreError) {
            let debts = try await store.settle(takings)
            guard debts.count == owners.count else {
                throw .malformed("\(debts.count) debts of \(owners.count) buckets")
            }
            for (bucket, debt) in zip(owners, debts) where debt.ticks > 0 {
                let instant = start.addingReportingOverflow(debt.ticks)
                if !instant.overflow { bucket.raise(to: instant.partialValue) }
            }
            return nil
        } catch {
            // What may have been added is taken for added: a few hundredths of a second's worth.
            if !error.mayHaveHappened {
                for (bucket, taking) in zip(owners, takings) { bucket.putBack(taking.takenTicks) }
            }
            return error
        }
    }

    /// All buckets, and when the last settling began.
    private func bucketList(at start: LimitTicks) -> ([(name: String, bucket: TokenBucket)], LimitTicks) {
        buckets.withLock { state in
            defer { state.last = start }
            state.uses += 1
            let additions = registry.additionCount
            if additions != state.additions || state.uses > SharedLimits.listLife {
                state.list = registry.namedBuckets()
                state.additions = additions
                state.uses = 0
            }
            return (state.list, state.last)
        }
    }

    // MARK: - Quotas

    /// Settles all quotas of which something was counted, and some others. Returns what there is to say that was not said
    /// before.
    func settleQuotas() async -> String? {
        var problem: SharedStoreError?
        let doubtful = quotas.withLock { $0.doubtful }
        if let doubtful { problem = await send(doubtful) }
        if problem == nil {
            for batch in quotaBatches() {
                problem = await send(batch)
                if problem != nil { break }
            }
        }
        return quotas.withLock { state in
            SharedLimits.news(problem, &state.problem, "quotas count for this process alone", "quotas")
        }
    }

    /// Sends a batch; what fails is computed anew the next time, and what is in doubt is sent again as it is.
    private func send(_ batch: QuotaBatch) async -> SharedStoreError? {
        do throws(SharedStoreError) {
            let totals = try await store.add(
                batch.changes, batch: CounterBatch(source: source, number: batch.number))
            guard totals.count == batch.usages.count else {
                throw .malformed("\(totals.count) totals of \(batch.usages.count) quotas")
            }
            for (entry, total) in zip(batch.usages, totals) { entry.usage.settle(entry.sent, total: total.value) }
            quotas.withLock { $0.doubtful = nil }
            return nil
        } catch {
            // One that was in doubt stays so, whatever happens to its second sending.
            quotas.withLock { state in
                if error.mayHaveHappened { state.doubtful = batch }
            }
            return error
        }
    }

    private func quotaBatches() -> [QuotaBatch] {
        quotas.withLock { state in
            state.uses += 1
            let additions = registry.additionCount
            if additions != state.additions || state.uses > SharedLimits.listLife {
                state.list = registry.quotas()
                state.additions = additions
                state.uses = 0
            }
            var usages: [(usage: KeyUsage, sent: KeyUsage.Unsettled)] = []
            var changes: [CounterChange] = []
            let count = state.list.count
            let turn = state.turn % max(count, 1)
            state.turn = (turn + SharedLimits.idleQuotas) % max(count, 1)
            for (index, entry) in state.list.enumerated() {
                let unsettled = entry.usage.unsettled()
                let isItsTurn = (index - turn + count) % count < SharedLimits.idleQuotas
                guard unsettled.delta != 0 || unsettled.isFirst || isItsTurn else { continue }
                usages.append((entry.usage, unsettled))
                changes.append(
                    CounterChange(
                        name: "\(entry.usage.key.plan)/\(entry.usage.key.key)/\(entry.period.rawValue)",
                        period: unsettled.period, delta: unsettled.delta, known: unsettled.known,
                        lifetimeSeconds: entry.period.counterLifetimeSeconds))
            }
            return stride(from: 0, to: changes.count, by: CounterBatch.maximumChanges).map { first in
                let range = first..<min(first + CounterBatch.maximumChanges, changes.count)
                state.batchNumber += 1
                return QuotaBatch(
                    number: state.batchNumber, usages: Array(usages[range]), changes: Array(changes[range]))
            }
        }
    }

    // MARK: - Words

    /// What to say of a problem that is new, or has ended.
    private static func news(
        _ problem: SharedStoreError?, _ known: inout String?, _ consequence: String, _ what: String
    ) -> String? {
        guard let problem else {
            guard known != nil else { return nil }
            known = nil
            return "\(what) are shared again"
        }
        // One outage shows itself as more than one error: the first is told.
        guard known == nil else { return nil }
        known = "\(problem)"
        return "\(problem); \(consequence)"
    }
}

extension Quota.Period {
    /// The period and two days, for clocks that differ.
    fileprivate var counterLifetimeSeconds: Int {
        switch self {
        case .day: 3 * 86_400
        case .week: 9 * 86_400
        case .month: 33 * 86_400
        }
    }
}
