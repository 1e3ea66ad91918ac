import ArgumentParser

/// `portico routes`
struct RoutesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "routes",
        abstract: "Lists methods, paths and the integrations behind them."
    )

    @Argument(help: "The spec, or a .portico file.")
    var file: String

    @Option(help: "text or json.")
    var format: OutputFormat = .text

    @OptionGroup var specOptions: SpecOptions

    func run() throws {
        let snapshot = try SnapshotInput.read(file, specOptions)
        switch format {
        case .text: Console.printLine(RouteListing.table(snapshot))
        case .json: OutputFormat.printJSON(RouteListing.json(snapshot))
        }
    }
}
