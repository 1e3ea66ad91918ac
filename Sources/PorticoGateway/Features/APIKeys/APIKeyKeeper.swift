internal import NIOPosix
internal import PorticoIR
internal import Synchronization

/// Makes the tables of keys of a server, and makes them anew when the store changes.
///
/// The store is waited for on a thread of NIO's pool, never on a loop. Any thread may ask.
final class APIKeyKeeper: Sendable {
    /// How often the store is looked at; a change counts within a second. A look costs a `stat` and a page of the log.
    static let interval = Duration.milliseconds(250)

    /// Tables, numbered in the order in which they were made: later ones stay when earlier ones come late.
    struct Update: Sendable {
        var tables: KeyTables
        var number: Int
        /// What there is to say that was not said before.
        var problems: [String]
    }

    private struct State {
        var snapshot: DeploymentSnapshot?
        /// What the store has; the last that could be read.
        var stored: [StoredAPIKey] = []
        /// The state of the store that ``stored`` is; `nil` before it was read and after it could not be.
        var mark: APIKeyStoreMark?
        /// What was said when tables were made last.
        var said: Set<String> = []
        var storeProblem: String?
        var number = 0
    }

    private let store: (any APIKeyStore)?
    private let environment: [String: String]
    private let limits: LimitRegistry
    private let usage: UsageKeeper
    private let today: @Sendable () -> Int
    private let state = Mutex(State())

    /// - Parameters:
    ///   - limits: keeps buckets and counts of keys.
    ///   - usage: knows what was counted before.
    ///   - today: days since 1970.
    init(
        store: (any APIKeyStore)?, environment: [String: String], limits: LimitRegistry = LimitRegistry(),
        usage: UsageKeeper = UsageKeeper(store: nil), today: @escaping @Sendable () -> Int = { 0 }
    ) {
        self.store = store
        self.environment = environment
        self.limits = limits
        self.usage = usage
        self.today = today
    }

    /// The tables of a snapshot, which are made anew from then on when the store changes.
    func load(_ snapshot: DeploymentSnapshot) async -> Update? {
        await onThread { state in
            state.snapshot = snapshot
            guard snapshot.needsAPIKeys else { return self.update(&state, KeyTables.none, []) }
            var problems: [String] = []
            if let problem = self.readStore(&state).problem { problems.append(problem) }
            return self.make(&state, problems)
        }
    }

    /// New tables, if the store has changed.
    func reloadIfNeeded() async -> Update? {
        guard store != nil else { return nil }
        return await onThread { state in
            guard state.snapshot?.needsAPIKeys == true else { return nil }
            let (hasChanged, problem) = self.readStore(&state)
            guard hasChanged || problem != nil else { return nil }
            return self.make(&state, problem.map { [$0] } ?? [])
        }
    }

    /// Reads the store if it has changed. What was read before keeps counting while it cannot be read, which is told once.
    private func readStore(_ state: inout State) -> (hasChanged: Bool, problem: String?) {
        guard let store else { return (false, nil) }
        do throws(APIKeyStoreError) {
            // The mark first: a change in between is seen at the next look.
            let mark = try store.changeMark()
            guard mark != state.mark else { return (false, nil) }
            state.stored = try store.keys()
            state.mark = mark
            state.storeProblem = nil
            return (true, nil)
        } catch {
            state.mark = nil
            let problem = "\(error); the keys that were read from it before keep counting"
            guard problem != state.storeProblem else { return (false, nil) }
            state.storeProblem = problem
            return (false, problem)
        }
    }

    private func make(_ state: inout State, _ problems: [String]) -> Update? {
        guard let snapshot = state.snapshot else { return nil }
        // Read with the first key that is new: a change of keys that are known asks nobody.
        let today = today()
        var known: [UsageKey: [DailyUsage]]?
        var historyProblem: String?
        var builder = KeyTableBuilder(snapshot, environment: environment, limits: limits, today: today) { [usage] key in
            if known == nil { (known, historyProblem) = usage.history(today: today) }
            return known?[key] ?? []
        }
        let tables = builder.build(stored: state.stored)
        let found = builder.problems + [historyProblem].compactMap { $0 }
        let news = found.filter { !state.said.contains($0) }
        state.said = Set(found)
        return update(&state, tables, problems + news)
    }

    private func update(_ state: inout State, _ tables: KeyTables, _ problems: [String]) -> Update {
        state.number += 1
        return Update(tables: tables, number: state.number, problems: problems)
    }

    private func onThread(_ body: @escaping @Sendable (inout State) -> Update?) async -> Update? {
        let found = try? await NIOThreadPool.singleton.runIfActive { () -> Update? in
            self.state.withLock { body(&$0) }
        }
        return found ?? nil
    }
}
