import ArgumentParser
import PorticoPrograms
import PorticoSyntax

/// `portico schema`
struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Checks a JSON value against a JSON schema (draft 4), as request validators check bodies.",
        discussion: """
            Ends with 0 when the value is valid, 1 when it is not (the violations are printed), 3 when the schema is none \
            or refers to nothing. Nothing is fetched: --remote supplies what a '$ref' names; the meta-schema of draft 4 \
            is known. Files that end in .yaml or .yml are YAML.
            """
    )

    @Option(help: ArgumentHelp("The schema.", valueName: "file"))
    var schema: String

    @Option(help: ArgumentHelp("The value.", valueName: "file"))
    var instance: String

    @Option(
        name: .customLong("remote"),
        help: ArgumentHelp("A document that a '$ref' names by its address. Repeatable.", valueName: "url=file"))
    var remotes: [RemoteDocument] = []

    @Option(help: "text or json.")
    var format: OutputFormat = .text

    func run() throws {
        let program = try SchemaSource.compile(path: schema, remotes: remotes)
        let report = SchemaReport(path: instance, bytes: try SchemaReport.read(instance), program: program)
        switch format {
        case .text: for line in report.lines { Console.printLine(line) }
        case .json: OutputFormat.printJSON(report.json)
        }
        Console.say("\(instance): \(report.summary)")
        if !report.violations.isEmpty { throw CommandFailure(.negative) }
    }
}

/// `URL=FILE` on the command line. An address may hold equals signs, so the last one separates.
struct RemoteDocument: ExpressibleByArgument, Sendable {
    var address: String
    var path: String

    init?(argument: String) {
        guard let separator = argument.lastIndex(of: "="), separator != argument.startIndex,
            argument.index(after: separator) != argument.endIndex
        else { return nil }
        address = String(argument[..<separator])
        path = String(argument[argument.index(after: separator)...])
    }
}
