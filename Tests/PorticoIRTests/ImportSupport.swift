import PorticoIR
import PorticoSyntax
import Testing

/// Files that live in a test.
struct MemoryFiles: FileLoader {
    var files: [String: String]

    func load(_ path: String) throws(FileLoadingError) -> [UInt8] {
        guard let text = files[path] else { throw FileLoadingError(path: path, reason: "No such file or directory") }
        return Array(text.utf8)
    }
}

/// Imports one text under a name.
func importText(
    _ text: String, name: String = "api.yaml", with files: [String: String] = [:],
    options: ImportOptions = ImportOptions()
) -> ImportResult {
    var files = files
    files[name] = text
    return Importer.importDocument(path: name, loader: MemoryFiles(files: files), options: options)
}

/// A diagnostic as tests compare it: the line, the column where the mark gives one, and a part of the message.
struct Mark: Hashable, CustomStringConvertible {
    var line: Int
    var column: Int?
    var severity: String
    var id: String
    var text: String = ""

    var description: String {
        "\(line)\(column.map { ":\($0)" } ?? "") \(severity)[\(id)]" + (text.isEmpty ? "" : ": " + text)
    }
}

/// Reads marks such as `# ^^^ error[path.invalid]: part of the message`, each about the nearest line above that is no
/// mark. Without carets only the line counts (a comment cannot point to column 1).
func marks(in text: String) -> [Mark] {
    var result: [Mark] = []
    var line = 0
    for (index, content) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
        guard let mark = mark(in: content) else {
            line = index + 1
            continue
        }
        result.append(Mark(line: line, column: mark.column, severity: mark.severity, id: mark.id, text: mark.text))
    }
    return result
}

private func mark(in line: Substring) -> (column: Int?, severity: String, id: String, text: String)? {
    let trimmed = line.drop { $0 == " " }
    guard trimmed.first == "#" else { return nil }
    var rest = trimmed.dropFirst().drop { $0 == " " }
    var column: Int?
    if rest.first == "^" {
        column = line.distance(from: line.startIndex, to: rest.startIndex) + 1
        rest = rest.drop { $0 == "^" }.drop { $0 == " " }
    }
    for severity in ["error", "warning"] where rest.hasPrefix(severity + "[") {
        rest = rest.dropFirst(severity.count + 1)
        guard let end = rest.firstIndex(of: "]") else { return nil }
        let text = rest[rest.index(after: end)...].drop { $0 == ":" || $0 == " " }
        return (column, severity, String(rest[..<end]), String(text))
    }
    return nil
}

/// Expects exactly the diagnostics that the marks of a document announce.
func expectMarks(_ text: String, _ result: ImportResult, sourceLocation: SourceLocation = #_sourceLocation) {
    var rest = result.diagnostics.map { diagnostic in
        let position = result.sources.position(of: diagnostic.span)
        return Mark(
            line: position?.line ?? 0, column: position?.column, severity: diagnostic.severity.rawValue,
            id: diagnostic.id.name, text: diagnostic.message)
    }
    for mark in marks(in: text) {
        let found = rest.firstIndex { actual in
            actual.line == mark.line && actual.severity == mark.severity && actual.id == mark.id
                && (mark.column == nil || mark.column == actual.column)
                && (mark.text.isEmpty || actual.text.contains(mark.text))
        }
        if let found {
            rest.remove(at: found)
        } else {
            Issue.record("missing: \(mark); said: \(rest)", sourceLocation: sourceLocation)
        }
    }
    for mark in rest { Issue.record("not announced: \(mark)", sourceLocation: sourceLocation) }
}

/// A document with a name for the test's report.
struct MarkedDocument: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var text: String

    init(_ description: String, _ text: String) {
        testDescription = description
        self.text = text
    }
}

/// A document of one operation around the lines given, which are indented as they must stand.
func document(operation: String, root: String = "") -> String {
    """
    openapi: 3.0.1
    info: {title: t, version: '1'}
    \(root)
    paths:
      /x:
        get:
    \(operation)
    """
}
