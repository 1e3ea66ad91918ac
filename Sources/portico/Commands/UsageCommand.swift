import ArgumentParser
import PorticoGateway
import PorticoIR
import PorticoSyntax

/// `portico usage`
struct UsageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "usage",
        abstract: "Tells how often the holders of API keys have called, and what their quotas leave.",
        discussion: """
            Counts are those of '.portico' beside the spec; a server writes them twice a second. Days are those of UTC. \
            --format json gives the answers of API Gateway's GetUsage: one with --plan, and otherwise a list with one for \
            each usage plan.
            """
    )

    @Argument(help: "The spec, or a .portico file.")
    var file: String

    @Option(help: ArgumentHelp("A usage plan of the spec; default: all.", valueName: "name or id"))
    var plan: String?

    @Option(help: ArgumentHelp("An API key; default: all that have called.", valueName: "name or id"))
    var key: String?

    @Option(
        help: ArgumentHelp("The first day; default: the first of the month of the last day.", valueName: "yyyy-mm-dd"))
    var from: String?

    @Option(help: ArgumentHelp("The last day; default: today.", valueName: "yyyy-mm-dd"))
    var to: String?

    @Option(help: "text or json.")
    var format: OutputFormat = .text

    @OptionGroup var stateOptions: StateOptions
    @OptionGroup var specOptions: SpecOptions

    /// Days of one report. Source: API Gateway guide, "Maintain a usage plan's usage data". Unconfirmed: that API Gateway
    /// refuses more.
    static let longestRange = 90

    func run() throws {
        let range = try UsageRange(from: from, to: to)
        let snapshot = try snapshot()
        let plans = try plans(snapshot)
        let stored = try KeyStoreInput.reporting { () throws(APIKeyStoreError) in
            try KeyStoreInput.open(stateOptions, besides: file).keys()
        }
        let names = KeyNames(snapshot.apiKeySummaries, stored)
        let wanted = try key.map { try names.ids($0) }
        let store = UsageStoreInput.open(stateOptions, besides: file)
        var usages: [PlanUsage] = []
        for plan in plans {
            let first = UsageReport.firstDayNeeded(for: range.first, quota: plan.quota)
            let records = try UsageStoreInput.reporting { () throws(UsageStoreError) in
                try store.usage(from: first, to: range.last)
            }
            usages.append(PlanUsage(plan, records, range, keys: wanted))
        }
        switch format {
        case .text: UsageListing.say(usages, names, range)
        case .json:
            let answers = usages.map { UsageListing.json($0, range) }
            if plan != nil, let answer = answers.first {
                OutputFormat.printJSON(answer)
            } else {
                OutputFormat.printJSON(.array(answers))
            }
        }
    }

    private func snapshot() throws -> DeploymentSnapshot {
        if CompiledFile.isNamed(by: file) { return try CompiledFile.read(file) }
        var compilation = try specOptions.compiler(for: file).compile()
        // Warnings of a spec have no place beside counts.
        if compilation.snapshot != nil { compilation.diagnostics = [] }
        return try compilation.snapshotOrFailure()
    }

    private func plans(_ snapshot: DeploymentSnapshot) throws(CommandFailure) -> [UsagePlanSummary] {
        let all = snapshot.usagePlanSummaries
        guard let plan else { return all }
        if let found = all.first(where: { $0.id == plan }) ?? all.first(where: { $0.name == plan }) { return [found] }
        throw CommandFailure(.negative, "there is no usage plan with the id or name '\(plan)'")
    }
}

/// The days of a report, both ends included.
struct UsageRange {
    var first: Int
    var last: Int

    init(from: String?, to: String?, today: Int = TimeText.today()) throws(CommandFailure) {
        last = try to.map { text throws(CommandFailure) in try UsageRange.day(text, "--to") } ?? today
        var month = CivilDate(day: last)
        month.day = 1
        first = try from.map { text throws(CommandFailure) in try UsageRange.day(text, "--from") } ?? month.dayNumber
        guard first <= last else {
            throw CommandFailure(
                .usage, "the first day, \(CivilDate(day: first)), comes after the last, \(CivilDate(day: last))")
        }
        let count = last - first + 1
        guard count <= UsageCommand.longestRange else {
            throw CommandFailure(.usage, "\(count) days; a report has \(UsageCommand.longestRange) at most")
        }
    }

    private static func day(_ text: String, _ option: String) throws(CommandFailure) -> Int {
        guard let date = CivilDate(text) else {
            throw CommandFailure(.usage, "\(option) is '\(text)'; expected a date such as 2026-11-29")
        }
        return date.dayNumber
    }
}
