/// Prints diagnostics as one JSON object for other programs.
///
/// Shape: `{"errors": 1, "warnings": 0, "diagnostics": [{"id", "severity", "message", "place", "notes": [{"message",
/// "place"}], "fixIt": {"hint", "place", "replacement"}}]}`; a place is `{"file", "line", "column", "endLine",
/// "endColumn", "offset", "length"}`, with columns in Unicode scalars from 1 and offsets in bytes of the UTF-8 text from
/// 0. What there is not (a place, a fix-it) is left out.
public struct JSONFormatter: Sendable {
    private let sources: SourceSet

    /// Makes a formatter.
    public init(sources: SourceSet) {
        self.sources = sources
    }

    /// The object and a line break.
    public func format(_ diagnostics: [Diagnostic]) -> String {
        let errors = diagnostics.count { $0.severity == .error }
        let object = JSONValue.object([
            JSONMember("errors", .number(String(errors))),
            JSONMember("warnings", .number(String(diagnostics.count - errors))),
            JSONMember("diagnostics", .array(diagnostics.map { value($0) })),
        ])
        return JSONWriter.pretty(object) + "\n"
    }

    private func value(_ diagnostic: Diagnostic) -> JSONValue {
        var members = [
            JSONMember("id", .string(diagnostic.id.name)),
            JSONMember("severity", .string(diagnostic.severity.rawValue)),
            JSONMember("message", .string(diagnostic.message)),
        ]
        members += place(diagnostic.span)
        if !diagnostic.notes.isEmpty {
            let notes = diagnostic.notes.map { note in
                JSONValue.object([JSONMember("message", .string(note.message))] + (note.span.map { place($0) } ?? []))
            }
            members.append(JSONMember("notes", .array(notes)))
        }
        if let fixIt = diagnostic.fixIt {
            var edit = [JSONMember("hint", .string(fixIt.hint))]
            if let span = fixIt.span {
                edit += place(span)
                edit.append(JSONMember("replacement", .string(fixIt.replacement)))
            }
            members.append(JSONMember("fixIt", .object(edit)))
        }
        return .object(members)
    }

    private func place(_ span: SourceSpan) -> [JSONMember] {
        guard let place = DiagnosticPlace(span, in: sources) else { return [] }
        let numbers = [
            ("line", place.start.line), ("column", place.start.column), ("endLine", place.end.line),
            ("endColumn", place.end.column), ("offset", span.offset), ("length", span.length),
        ]
        let members = [JSONMember("file", .string(place.path))] + numbers.map { JSONMember($0, .number(String($1))) }
        return [JSONMember("place", .object(members))]
    }
}
