import ArgumentParser
import PorticoSyntax

/// How an answer is printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
    case text
    case json

    /// Prints a JSON value with indentation.
    static func printJSON(_ value: JSONValue) {
        Console.printLine(JSONWriter.pretty(value))
    }
}
