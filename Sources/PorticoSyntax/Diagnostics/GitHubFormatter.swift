/// Prints diagnostics as workflow commands of GitHub Actions, one a line.
///
/// Source: GitHub documentation, "Workflow commands for GitHub Actions", error and warning messages; the escapes are those
/// of `@actions/core`.
public struct GitHubFormatter: Sendable {
    private let sources: SourceSet

    /// Makes a formatter.
    public init(sources: SourceSet) {
        self.sources = sources
    }

    /// A line for each.
    public func format(_ diagnostics: [Diagnostic]) -> String { diagnostics.map { line($0) + "\n" }.joined() }

    private func line(_ diagnostic: Diagnostic) -> String {
        var properties: [(String, String)] = []
        if let place = DiagnosticPlace(diagnostic.span, in: sources) {
            properties = [
                ("file", place.path), ("line", String(place.start.line)), ("col", String(place.start.column)),
            ]
            properties.append(("endLine", String(place.end.line)))
            // Columns are only understood when both are of one line; the end is the last character, not the one after.
            if place.end.line == place.start.line {
                properties.append(("endColumn", String(max(place.end.column - 1, place.start.column))))
            }
        }
        properties.append(("title", diagnostic.id.name))
        var message = diagnostic.message
        for note in diagnostic.notes {
            let place = note.span.flatMap { DiagnosticPlace($0, in: sources) }
            message +=
                "\nnote: \(note.message)" + (place.map { " (\($0.path):\($0.start.line):\($0.start.column))" } ?? "")
        }
        if let fixIt = diagnostic.fixIt { message += "\nhint: \(fixIt.hint)" }
        let list = properties.map { "\($0)=\(Self.escape($1, isProperty: true))" }.joined(separator: ",")
        return "::\(diagnostic.severity.rawValue) \(list)::\(Self.escape(message, isProperty: false))"
    }

    private static func escape(_ text: String, isProperty: Bool) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "%": result.append(contentsOf: "%25".unicodeScalars)
            case "\r": result.append(contentsOf: "%0D".unicodeScalars)
            case "\n": result.append(contentsOf: "%0A".unicodeScalars)
            case ":" where isProperty: result.append(contentsOf: "%3A".unicodeScalars)
            case "," where isProperty: result.append(contentsOf: "%2C".unicodeScalars)
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}
