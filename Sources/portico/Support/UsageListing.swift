import PorticoGateway
import PorticoIR
import PorticoSyntax

/// What the keys of one usage plan have used.
struct PlanUsage {
    var plan: UsagePlanSummary
    /// By id of the key, in its order; keys that used nothing in the range are not among them.
    var keys: [(id: String, report: UsageReport)]

    /// - Parameters:
    ///   - records: of all plans, in the order of the days.
    ///   - wanted: ids of the keys to tell about; `nil` for all.
    init(_ plan: UsagePlanSummary, _ records: [UsageRecord], _ range: UsageRange, keys wanted: Set<String>?) {
        self.plan = plan
        var usages: [String: [DailyUsage]] = [:]
        for record in records where record.plan == plan.id && wanted?.contains(record.key) ?? true {
            usages[record.key, default: []].append(record.usage)
        }
        keys = usages.sorted { $0.key < $1.key }.compactMap { id, usage in
            guard usage.contains(where: { $0.day >= range.first && $0.day <= range.last }) else { return nil }
            return (id, UsageReport(usage, quota: plan.quota, from: range.first, to: range.last))
        }
    }
}

/// Names of API keys: those of the document and those of the store.
struct KeyNames {
    private var names: [(id: String, name: String)]

    init(_ declared: [APIKeySummary], _ stored: [StoredAPIKey]) {
        names = declared.map { ($0.id, $0.name) } + stored.map { ($0.id, $0.name) }
    }

    /// The name of a key; `-` for one that was deleted.
    func name(_ id: String) -> String { names.first { $0.id == id }?.name ?? "-" }

    /// Ids that an id or name stands for. The id of a deleted key is taken as it is, for what it has used.
    func ids(_ key: String) throws(CommandFailure) -> Set<String> {
        if names.contains(where: { $0.id == key }) { return [key] }
        let ids = Set(names.filter { $0.name == key }.map(\.id))
        if !ids.isEmpty { return ids }
        let isID = key.utf8.count == 10 && key.utf8.allSatisfy { RandomText.base36.contains($0) }
        guard isID else { throw CommandFailure(.negative, "there is no API key with the id or name '\(key)'") }
        return [key]
    }
}

/// Usage as a table for people and as JSON for programs.
enum UsageListing {
    /// Days on which something was used.
    static func say(_ usages: [PlanUsage], _ names: KeyNames, _ range: UsageRange) {
        var table = TextTable()
        table.add("PLAN", "KEY", "ID", "DAY", "USED", "REMAINING")
        var isEmpty = true
        for usage in usages {
            for (id, report) in usage.keys {
                for day in report.days where day.used > 0 {
                    isEmpty = false
                    table.add(
                        usage.plan.name, names.name(id), id, "\(CivilDate(day: day.day))", "\(day.used)",
                        day.remaining.map { "\($0)" } ?? "-")
                }
            }
        }
        if isEmpty {
            Console.say(
                "portico: nothing was used from \(CivilDate(day: range.first)) to \(CivilDate(day: range.last))")
        } else {
            Console.printLine(table.text)
        }
    }

    /// The answer of API Gateway's GetUsage. Unconfirmed: what it has for what is left where there is no quota; here that is
    /// `null`.
    static func json(_ usage: PlanUsage, _ range: UsageRange) -> JSONValue {
        let items = usage.keys.map { id, report in
            JSONMember(
                id,
                .array(
                    report.days.map { day in
                        .array([.number("\(day.used)"), day.remaining.map { .number("\($0)") } ?? .null])
                    }))
        }
        return .object([
            JSONMember("usagePlanId", .string(usage.plan.id)),
            JSONMember("startDate", .string("\(CivilDate(day: range.first))")),
            JSONMember("endDate", .string("\(CivilDate(day: range.last))")),
            JSONMember("items", .object(items)),
        ])
    }
}
