/// Prints diagnostics as a SARIF log.
///
/// Source: OASIS "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".
public struct SARIFFormatter: Sendable {
    private let sources: SourceSet

    /// Makes a formatter.
    public init(sources: SourceSet) {
        self.sources = sources
    }

    /// The log and a line break.
    public func format(_ diagnostics: [Diagnostic]) -> String {
        var rules: [DiagnosticID] = []
        var indices: [DiagnosticID: Int] = [:]
        for diagnostic in diagnostics where indices[diagnostic.id] == nil {
            indices[diagnostic.id] = rules.count
            rules.append(diagnostic.id)
        }
        let driver = object([
            ("name", .string("portico")), ("rules", .array(rules.map { rule($0) })),
        ])
        let run = object([
            ("tool", object([("driver", driver)])), ("columnKind", .string("unicodeCodePoints")),
            ("results", .array(diagnostics.map { result($0, rule: indices[$0.id] ?? 0) })),
        ])
        let log = object([
            ("$schema", .string("https://json.schemastore.org/sarif-2.1.0.json")), ("version", .string("2.1.0")),
            ("runs", .array([run])),
        ])
        return JSONWriter.pretty(log) + "\n"
    }

    private func object(_ members: [(String, JSONValue)]) -> JSONValue {
        .object(members.map { JSONMember($0, $1) })
    }

    private func message(_ text: String) -> JSONValue { object([("text", .string(text))]) }

    private func rule(_ id: DiagnosticID) -> JSONValue {
        object([
            ("id", .string(id.name)), ("shortDescription", message(id.explanation)),
            ("defaultConfiguration", object([("level", .string(id.severity.rawValue))])),
        ])
    }

    private func result(_ diagnostic: Diagnostic, rule: Int) -> JSONValue {
        let loose = diagnostic.notes.filter { $0.span == nil }.map { "\n\($0.message)" }.joined()
        let hint = diagnostic.fixIt.map { "\nhint: \($0.hint)" } ?? ""
        var members = [
            ("ruleId", JSONValue.string(diagnostic.id.name)), ("ruleIndex", .number(String(rule))),
            ("level", .string(diagnostic.severity.rawValue)), ("message", message(diagnostic.message + loose + hint)),
        ]
        if let location = location(diagnostic.span) {
            members.append(("locations", .array([object([("physicalLocation", location)])])))
        }
        let related = diagnostic.notes.compactMap { note in
            note.span.flatMap { location($0) }.map {
                object([("physicalLocation", $0), ("message", message(note.message))])
            }
        }
        if !related.isEmpty { members.append(("relatedLocations", .array(related))) }
        if let fixIt = diagnostic.fixIt, let span = fixIt.span, let place = DiagnosticPlace(span, in: sources) {
            let replacement = object([
                ("deletedRegion", region(place)), ("insertedContent", message(fixIt.replacement)),
            ])
            let change = object([("artifactLocation", artifact(place)), ("replacements", .array([replacement]))])
            let fix = object([("description", message(fixIt.hint)), ("artifactChanges", .array([change]))])
            members.append(("fixes", .array([fix])))
        }
        return object(members)
    }

    private func location(_ span: SourceSpan) -> JSONValue? {
        DiagnosticPlace(span, in: sources).map { object([("artifactLocation", artifact($0)), ("region", region($0))]) }
    }

    private func region(_ place: DiagnosticPlace) -> JSONValue {
        let numbers = [
            ("startLine", place.start.line), ("startColumn", place.start.column), ("endLine", place.end.line),
            ("endColumn", place.end.column),
        ]
        return object(numbers.map { ($0, .number(String($1))) })
    }

    private func artifact(_ place: DiagnosticPlace) -> JSONValue {
        var uri = place.path.utf8.first == UInt8(ascii: "/") ? "file://" : ""
        for byte in place.path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "/"):
                uri.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                uri += "%" + hexadecimal(UInt32(byte))
            }
        }
        return object([("uri", .string(uri))])
    }
}
