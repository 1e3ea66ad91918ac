import ArgumentParser
import PorticoGateway
import PorticoIR
import PorticoSyntax

/// `portico export`
struct ExportCommand: ParsableCommand {
    /// Syntax of the exported document.
    enum Format: String, ExpressibleByArgument, CaseIterable, Sendable {
        case yaml
        case json
    }

    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes a spec back as OpenAPI 3.0, with everything resolved."
    )

    @Argument(help: "The spec.")
    var spec: String

    @Option(help: "yaml or json.")
    var format: Format = .yaml

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write instead of standard output.", valueName: "file"))
    var output: String?

    @OptionGroup var specOptions: SpecOptions

    func run() throws {
        let compiler = try specOptions.compiler(for: spec)
        let compilation = try compiler.compile()
        compilation.reportDiagnostics()
        guard compilation.status == .success, let description = compilation.description else {
            throw CommandFailure(compilation.status)
        }
        let document = Exporter.openAPI30(description, stage: compiler.compileOptions.stage)
        let text =
            switch format {
            case .yaml: YAMLWriter.write(document)
            case .json: JSONWriter.pretty(document)
            }
        if let output {
            try LocalFile.replace(output, with: Array((text.hasSuffix("\n") ? text : text + "\n").utf8))
        } else {
            Console.printLine(text)
        }
    }
}
