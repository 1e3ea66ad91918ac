import ArgumentParser
import PorticoGateway
import PorticoPrograms
import PorticoSyntax

/// `portico vtl`
struct VTLCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vtl",
        abstract: "Renders a mapping template as API Gateway would, with no API around it.",
        discussion: """
            The rendered text goes to standard output as it is; traces, overrides and problems go to standard error. \
            --format json prints one object with all of it instead. \
            Ends with 3 when the template does not compile, and with 1 when the run fails.
            """
    )

    @Argument(help: ArgumentHelp("The template; '-' reads standard input.", valueName: "template"))
    var template: String

    @Option(help: ArgumentHelp("The body that $input works on; '-' reads standard input.", valueName: "file"))
    var body: String?

    @Option(
        help: ArgumentHelp(
            "An object with 'path', 'querystring' and 'header', each an object of names and values: what $input.params "
                + "reads. A file, or the JSON itself.", valueName: "file-or-json"))
    var params: String?

    @Option(
        help: ArgumentHelp(
            "An object of $context values, nested as they are read: identity, authorizer, requestOverride... Others "
                + "have defaults. A file, or the JSON itself.", valueName: "file-or-json"))
    var context: String?

    @Option(
        help: ArgumentHelp("An object of stage variables. A file, or the JSON itself.", valueName: "file-or-json"))
    var stageVariables: String?

    @Flag(help: "Tell each reference, #set, #if and turn of #foreach, in order, with place, value and type.")
    var trace = false

    @Flag(help: "Print the bytecode with its places instead of running it.")
    var disassemble = false

    @Option(help: "text or json.")
    var format: OutputFormat = .text

    mutating func validate() throws {
        if trace && disassemble { throw ValidationError("give --trace or --disassemble, not both") }
        let readers = [template, body, params, context, stageVariables].count { $0 == "-" }
        if readers > 1 {
            throw ValidationError("standard input can be read once only, and \(readers) options name '-'")
        }
    }

    func run() throws {
        let input = try VTLInput(
            body: body.map { try VTLInput.file($0) } ?? [],
            params: VTLInput.object(params, option: "--params"),
            context: VTLInput.object(context, option: "--context"),
            stageVariables: VTLInput.object(stageVariables, option: "--stage-variables"))
        let source = try VTLSource(path: template, bytes: VTLInput.file(template))
        let (program, problems) = TemplateProgram.compile(source.text, symbols: input.symbols, isTraced: trace)
        let diagnostics = source.diagnostics(problems)
        guard let program else {
            report(diagnostics, source)
            throw CommandFailure(.specError)
        }
        if disassemble {
            report(diagnostics, source)
            Console.printLine(program.disassemble { source.place($0) })
            return
        }
        let run = try VTLRun(program, input)
        switch format {
        case .text:
            report(diagnostics, source)
            for event in run.events { Console.say(VTLReport.line(event, source)) }
            if run.omittedEvents > 0 { Console.say("... and \(run.omittedEvents) more steps") }
            if run.failure == nil {
                for (name, json) in run.overrides.assignments { Console.say("$context.\(name) = \(json)") }
                Console.write(run.output)
            }
        case .json:
            OutputFormat.printJSON(VTLReport.json(run, diagnostics, source, isTraced: trace))
        }
        if let failure = run.failure {
            throw CommandFailure(
                .negative, "\(source.path):\(failure.line):\(failure.column): the template fails: \(failure.reason)")
        }
    }

    /// Prints what the compiler has to say: talk beside the text, but the answer where JSON was asked for.
    private func report(_ diagnostics: [Diagnostic], _ source: VTLSource) {
        let hasErrors = diagnostics.hasErrors
        if format == .json {
            guard hasErrors else { return }
            Console.write(Array(PorticoSyntax.format(diagnostics, sources: source.sources, as: .json).utf8))
        } else if !diagnostics.isEmpty {
            Console.say(
                PorticoSyntax.format(
                    diagnostics, sources: source.sources, as: .text, color: Console.usesColor(2)))
        }
        if hasErrors { Console.say("\(source.path): \(DiagnosticSummary.line(diagnostics))") }
    }
}
