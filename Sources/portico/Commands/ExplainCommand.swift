import ArgumentParser
import PorticoGateway
import PorticoSyntax

/// `portico explain METHOD PATH SPEC` and `portico explain CODE`
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Explains a diagnostic, or what happens to a request.",
        usage: """
            portico explain CODE
            portico explain METHOD PATH SPEC [options]
            portico explain MESSAGE TEXT SPEC [options]
            """,
        discussion: """
            CODE is the id that diagnostics print, such as 'yaml.duplicate-key'. \
            With METHOD and PATH (stage included: GET /dev/pets/3) it tells which route is chosen, why, and each step; \
            it exits with 1 when there is none. Of a WebSocket API it tells the route of a message, or, with CONNECT or \
            DISCONNECT instead of MESSAGE, that of a connection.
            """
    )

    @Argument(help: ArgumentHelp("A diagnostic's id; or method, path, and spec or .portico file.", valueName: "words"))
    var words: [String]

    @OptionGroup var specOptions: SpecOptions

    mutating func validate() throws {
        guard words.count == 1 || words.count == 3 else {
            throw ValidationError("expected CODE, or METHOD PATH SPEC; found \(words.count) words")
        }
    }

    func run() throws {
        if words.count == 1 {
            try explainDiagnostic(words[0])
        } else {
            let snapshot = try SnapshotInput.read(words[2], specOptions)
            let explanation = snapshot.explain(method: words[0].uppercased(), path: words[1])
            Console.printLine(explanation.text)
            guard explanation.isMatch else {
                throw CommandFailure(
                    .negative,
                    "no method takes \(words[0].uppercased()) \(words[1]); 'portico routes' lists those there are")
            }
        }
    }

    private func explainDiagnostic(_ name: String) throws {
        guard let row = DiagnosticTable.row(named: name) else {
            let close = TypoDetector.closest(to: name, in: DiagnosticTable.all.map(\.name))
            let question = close.map { "; did you mean '\($0)'?" } ?? ""
            throw CommandFailure(
                .negative,
                "unknown diagnostic '\(name)'\(question.isEmpty ? "; docs/diagnostics.md lists them all" : question)")
        }
        Console.printLine("\(row.severity.rawValue)[\(row.name)]\n\n\(row.explanation)")
    }
}
