public import ArgumentParser
public import PorticoSyntax

/// `portico validate`
struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Reports everything there is to say about a spec, in one run.",
        discussion: "Ends with 0 when it would serve, 3 when it has errors, 1 when --strict finds only warnings."
    )

    @Argument(help: "The spec.")
    var spec: String

    @Option(help: "text, json, sarif or github.")
    var format: DiagnosticFormat = .text

    @OptionGroup var specOptions: SpecOptions

    func run() throws {
        let compilation = try specOptions.compiler(for: spec).compile()
        // The diagnostics are this command's answer, so they are data, not talk.
        Console.write(
            Array(
                PorticoSyntax.format(
                    compilation.diagnostics, sources: compilation.sources, as: format, color: Console.usesColor(1)
                ).utf8))
        Console.say("\(spec): \(DiagnosticSummary.line(compilation.diagnostics))")
        guard compilation.status == .success else { throw CommandFailure(compilation.status) }
    }
}

extension DiagnosticFormat: ExpressibleByArgument {}
