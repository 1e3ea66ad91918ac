import ArgumentParser
import Glibc
import PorticoSyntax

/// `portico audit`
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Shows who changed deployments, stages and API keys, and when.",
        discussion:
            "The log is '.portico/audit.log' beside the spec, a JSON object a line; values of keys are never in it."
    )

    @Argument(help: "The spec, or a .portico file.")
    var file: String

    @Option(help: "text or json; json prints the lines as they are.")
    var format: OutputFormat = .text

    @OptionGroup var stateOptions: StateOptions

    func run() throws {
        let path = AuditLog.path(stateOptions, besides: file)
        guard access(path, F_OK) == 0 else {
            Console.say("portico: nothing was changed yet")
            return
        }
        let bytes = try LocalFile.read(path)
        switch format {
        case .json: Console.write(bytes)
        case .text: Console.printLine(Self.table(String(decoding: bytes, as: UTF8.self)))
        }
    }

    /// A line that is no JSON object is shown as it is: whoever looks for changes must not miss one.
    private static func table(_ text: String) -> String {
        var table = TextTable()
        table.add("TIME", "USER", "COMMAND", "STAGE", "IDS")
        for line in text.split(separator: "\n") {
            guard let entry = JSONValue(parsing: String(line)), case .object = entry else {
                table.add(String(line))
                continue
            }
            func member(_ name: String) -> String {
                if case .string(let text)? = entry[name] { text } else { "-" }
            }
            var ids = "-"
            if case .array(let values)? = entry["ids"] {
                ids = values.map { if case .string(let id) = $0 { id } else { "?" } }.joined(separator: " ")
            }
            if entry["undone"] == .boolean(true) { ids = "(the change before was not made)" }
            table.add(member("time"), member("user"), member("command"), member("stage"), ids)
        }
        return table.text
    }
}
