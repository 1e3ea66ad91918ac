import ArgumentParser
import PorticoCodegen
import PorticoSyntax

/// `portico sdk`
struct SDKCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sdk",
        abstract: "Writes a client of the API.",
        discussion: """
            Languages:
            \(SDKGenerator.languages.map { "  \($0.name): \($0.summary)" }.joined(separator: "\n"))

            Written files are remembered in .portico-sdk.json of the folder. A later run replaces them, leaves all other \
            files alone, and writes nothing when a file is in the way.
            """
    )

    @Argument(help: "The spec.")
    var spec: String

    @Option(name: .shortAndLong, help: "The language: \(SDKGenerator.languages.map(\.name).joined(separator: ", ")).")
    var language: String

    @Option(name: .shortAndLong, help: ArgumentHelp("The folder to write to.", valueName: "dir"))
    var output: String

    @Option(help: "Name of the package; from the API's title if it is not given.")
    var name: String?

    @Flag(help: "Overwrite files that Portico did not write.")
    var force = false

    @OptionGroup var specOptions: SpecOptions

    func validate() throws {
        guard SDKGenerator.isLanguage(language) else {
            let names = SDKGenerator.languages.map(\.name)
            let near = TypoDetector.closest(to: language, in: names).map { "; did you mean '\($0)'?" } ?? ""
            throw ValidationError(
                "unknown language '\(language)'\(near) (languages are \(names.joined(separator: ", ")))")
        }
    }

    func run() throws {
        var job = SDKJob(
            spec: spec, importOptions: try specOptions.compiler(for: spec).importOptions, language: language,
            folder: output)
        job.packageName = name
        job.isForced = force
        let outcome = job.run()
        if !outcome.diagnostics.isEmpty {
            Console.say(
                format(outcome.diagnostics, sources: outcome.sources, as: .text, color: Console.usesColor(2))
                    + DiagnosticSummary.line(outcome.diagnostics))
        }
        switch outcome.ending {
        case .written(let summary):
            Console.say(
                "portico: wrote \(summary.written) of \(summary.files) files (\(summary.bytes) bytes) to \(output)"
                    + (summary.removed > 0 ? ", removed \(summary.removed)" : ""))
        case .specError: throw CommandFailure(.specError)
        case .foreignFiles: throw CommandFailure(.negative)
        case .unavailable(let message): throw CommandFailure(.unavailable, message)
        }
    }
}
