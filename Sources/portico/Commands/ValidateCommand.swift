public import ArgumentParser
import PorticoIR
public import PorticoSyntax

/// `portico validate`
struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Reports everything there is to say about a spec, in one run.",
        discussion: """
            Ends with 0 when it would serve, 3 when it has errors, 1 when --strict finds only warnings. With --examples an \
            example that its schema refuses is an error.
            """
    )

    @Argument(help: "The spec.")
    var spec: String

    @Option(help: "text, json, sarif or github.")
    var format: DiagnosticFormat = .text

    @Flag(help: "Check the examples of bodies, parameters, headers and schemas against their schemas.")
    var examples = false

    @OptionGroup var specOptions: SpecOptions

    func run() throws {
        var compiler = try specOptions.compiler(for: spec)
        compiler.importOptions.collectsExamples = examples
        let compilation = try compiler.compile()
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
