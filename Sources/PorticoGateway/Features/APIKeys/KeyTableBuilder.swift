internal import PorticoIR

/// Makes the tables of a snapshot's stages from the keys of the document and those of a store, and says which of them
/// count for nothing.
struct KeyTableBuilder {
    /// In words that name no values.
    private(set) var problems: [String] = []

    private let snapshot: DeploymentSnapshot
    private let environment: [String: String]
    private let limits: LimitRegistry
    private let history: (UsageKey) -> [DailyUsage]
    private let today: Int
    private let plans: [String: UsagePlanEntry]
    private var candidates: [Candidate] = []
    private var owners: [APIKeyDigest: String] = [:]

    /// A key of any origin.
    private struct Candidate {
        var digest: APIKeyDigest
        var id: String
        var name: String
        var isEnabled: Bool
        var plans: [UsagePlanEntry]
    }

    /// - Parameters:
    ///   - environment: where `${env.NAME}` is looked up.
    ///   - limits: keeps buckets and counts.
    ///   - today: days since 1970.
    ///   - history: what was counted before, oldest first.
    init(
        _ snapshot: DeploymentSnapshot, environment: [String: String], limits: LimitRegistry = LimitRegistry(),
        today: Int = 0, history: @escaping (UsageKey) -> [DailyUsage] = { _ in [] }
    ) {
        self.snapshot = snapshot
        self.environment = environment
        self.limits = limits
        self.today = today
        self.history = history
        plans = Dictionary(snapshot.usagePlans.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The tables with these keys of a store beside those of the document.
    mutating func build(stored: [StoredAPIKey]) -> KeyTables {
        problems = []
        candidates = []
        owners = [:]
        for key in snapshot.apiKeys {
            guard let digest = digest(of: key) else { continue }
            add(digest, id: key.id, name: key.name, isEnabled: key.isEnabled, plans: key.usagePlans)
        }
        for key in stored {
            guard let digest = APIKeyDigest(bytes: key.digest) else { continue }
            add(digest, id: key.id, name: key.name, isEnabled: key.isEnabled, plans: key.usagePlans)
        }
        // Stages that only a store of deployments has are named by the plans.
        var names = snapshot.stages.map(\.name)
        for stage in snapshot.usagePlans.flatMap(\.stages) where !names.contains(stage.stage) {
            names.append(stage.stage)
        }
        return KeyTables(names.map { ($0, table(of: $0)) })
    }

    /// Of two keys with one value the first one counts, even if it is disabled: who calls must be told without doubt, and
    /// what is disabled stays so.
    private mutating func add(_ digest: APIKeyDigest, id: String, name: String, isEnabled: Bool, plans names: [String])
    {
        if let owner = owners[digest] {
            problems.append("API key '\(name)' has the value of '\(owner)' and is left out")
            return
        }
        owners[digest] = name
        var entries: [UsagePlanEntry] = []
        for plan in names {
            if let entry = plans[plan] {
                entries.append(entry)
            } else {
                problems.append("API key '\(name)' is in usage plan '\(plan)', which the API does not have")
            }
        }
        candidates.append(Candidate(digest: digest, id: id, name: name, isEnabled: isEnabled, plans: entries))
    }

    private mutating func table(of stage: String) -> KeyTable {
        var serving: [String: ServingUsagePlan] = [:]
        let pool = BytePool()
        var keys: [(digest: APIKeyDigest, key: ServingAPIKey)] = []
        for candidate in candidates {
            let fitting = candidate.plans.compactMap { plan in
                plan.stages.first { $0.stage == stage }.map { (plan: plan, stage: $0) }
            }
            let state: ServingAPIKey.State
            var usage: KeyUsage?
            var buckets: [TokenBucket] = []
            if !candidate.isEnabled {
                state = .disabled
            } else if let first = fitting.first, fitting.count == 1 {
                let plan = serving[first.plan.name] ?? ServingUsagePlan(first.plan, stage: first.stage, pool: pool)
                serving[first.plan.name] = plan
                state = .opens(plan)
                usage = self.usage(UsageKey(plan: plan.id, key: candidate.id), plan.quota)
                buckets = plan.methods.map { method in
                    limits.bucket(
                        "\(plan.id)/\(candidate.id)/\(stage)/\(method.verb.text) \(method.path.text)")
                }
            } else {
                state = .noPlan
                if fitting.count > 1 {
                    let names = fitting.map { "'\($0.plan.name)'" }.joined(separator: " and ")
                    problems.append(
                        "API key '\(candidate.name)' is in more than one usage plan of stage '\(stage)', \(names), and is "
                            + "refused there")
                }
            }
            let key = ServingAPIKey(
                id: candidate.id, name: candidate.name, state: state, usage: usage, methodBuckets: buckets, pool: pool)
            keys.append((candidate.digest, key))
        }
        return KeyTable(keys)
    }

    private func usage(_ key: UsageKey, _ quota: Quota?) -> KeyUsage {
        // Before, because making a count holds the registry.
        let bucket = limits.bucket("plan/\(key.plan)/\(key.key)")
        return limits.usage(key, quota?.period) {
            KeyUsage(key, quota: quota, today: today, history: history(key), bucket: bucket)
        }
    }

    /// The digest of a key's value; `nil` after saying why it has none.
    private mutating func digest(of key: APIKeyEntry) -> APIKeyDigest? {
        switch key.secret {
        case .digest(let digest):
            return APIKeyDigest(bytes: digest)
        case .environment(let name):
            guard let value = environment[name], !value.isEmpty else {
                problems.append(
                    "API key '\(key.name)' is left out: environment variable '\(name)', which has its value, is not set"
                )
                return nil
            }
            if let problem = APIKeyValue.problem(value) {
                problems.append(
                    "API key '\(key.name)' is left out: its value, environment variable '\(name)', \(problem)")
                return nil
            }
            return APIKeyDigest(bytes: APIKeyHash.digest(of: value))
        }
    }
}
