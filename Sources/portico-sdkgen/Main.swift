public import ArgumentParser
import Glibc
public import PorticoCodegen
import PorticoIR
import PorticoSyntax

/// The client generator alone, without the gateway: what the SwiftPM plugins run.
@main
struct SDKGen: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: commandName,
        abstract: "Writes a client of an API, as 'portico sdk' does.",
        discussion: "Exit status: 0 ok; 1 files are in the way; 3 the spec has an error; 4 cannot read or write."
    )

    /// What it is run by: the command plugin says so, in order that help and usage show what its user has to type.
    private static let commandName =
        getenv("PORTICO_SDKGEN_COMMAND").map { String(cString: $0) } ?? "portico-sdkgen"

    @Argument(help: "The spec.")
    var spec: String

    @Option(name: .shortAndLong, help: "The language: \(SDKGenerator.languages.map(\.name).joined(separator: ", ")).")
    var language: String

    @Option(name: .shortAndLong, help: ArgumentHelp("The folder to write to.", valueName: "dir"))
    var output: String

    @Option(help: "Name of the package; from the API's title if it is not given.")
    var name: String?

    @Option(help: "package: ready to be used; sources: source files alone, for a target of another package.")
    var layout: SDKOptions.Layout = .package

    @Option(help: ArgumentHelp("A file whose x-portico-* keys win over the spec's.", valueName: "file"))
    var config: String?

    @Option(
        name: .customLong("param"),
        help: ArgumentHelp("Set a CloudFormation parameter or condition. Repeatable.", valueName: "name=value"))
    var parameters: [String] = []

    @Flag(help: "Overwrite files that Portico did not write.")
    var force = false

    func validate() throws {
        guard SDKGenerator.isLanguage(language) else { throw ValidationError("unknown language '\(language)'") }
        if let wrong = parameters.first(where: { !$0.dropFirst().contains("=") }) {
            throw ValidationError("'\(wrong)' is not NAME=VALUE")
        }
    }

    func run() throws {
        var options = ImportOptions()
        options.configPath = config
        for parameter in parameters {
            let parts = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            options.parameters[String(parts[0])] = String(parts.dropFirst().joined())
        }
        var job = SDKJob(spec: spec, importOptions: options, language: language, folder: output)
        job.packageName = name
        job.layout = layout
        job.isForced = force
        let outcome = job.run()
        if !outcome.diagnostics.isEmpty { say(format(outcome.diagnostics, sources: outcome.sources, as: .text)) }
        switch outcome.ending {
        case .written: break
        case .specError: throw ExitCode(3)
        case .foreignFiles: throw ExitCode(1)
        case .unavailable(let message):
            say("error: \(message)\n")
            throw ExitCode(4)
        }
    }

    private func say(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
            if count > 0 { rest = rest.dropFirst(count) } else if errno != EINTR { return }
        }
    }
}

extension SDKOptions.Layout: ExpressibleByArgument {}
