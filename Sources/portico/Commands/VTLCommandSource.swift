import PorticoPrograms
import PorticoSyntax

/// A template's file: its text, and where things stand in it.
struct VTLSource {
    let path: String
    let text: String
    let sources: SourceSet
    private let file: SourceFileID

    init(path: String, bytes: [UInt8]) throws(CommandFailure) {
        self.path = path == "-" ? "<stdin>" : path
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandFailure(.specError, "'\(self.path)' is no UTF-8 text")
        }
        self.text = text
        var sources = SourceSet()
        file = sources.add(path: self.path, bytes: bytes).id
        self.sources = sources
    }

    func span(_ range: Range<Int>) -> SourceSpan {
        SourceSpan(file: file, offset: range.lowerBound, length: range.count)
    }

    /// `3:14`
    func place(_ offset: Int) -> String {
        guard let position = position(offset) else { return "?" }
        return "\(position.line):\(position.column)"
    }

    func position(_ offset: Int) -> SourcePosition? { sources.position(of: span(offset..<offset)) }

    /// The text of a range, on one line.
    func excerpt(_ range: Range<Int>) -> String {
        let text = sources[file]?.text(range) ?? ""
        return text.contains("\n") ? text.split(separator: "\n").joined(separator: " ") : text
    }

    func diagnostics(_ problems: [TemplateProblem]) -> [Diagnostic] {
        problems.map { problem in
            Diagnostic(
                problem.id, problem.message, at: span(problem.range), severity: problem.id.severity,
                notes: problem.notes.map { Diagnostic.Note($0.message, at: $0.range.map(span)) },
                fixIt: problem.hint.map { Diagnostic.FixIt(hint: $0) })
        }
    }
}

/// What a run is told as, for people and for programs.
enum VTLReport {
    /// `t.vtl:3:14: $x.y = "text" (string)`
    static func line(_ event: TemplateTraceEvent, _ source: VTLSource) -> String {
        let text = source.excerpt(event.range)
        let value = value(event)
        let statement =
            switch event.kind {
            case .reference: "\(text) = \(value)"
            case .set: "#set \(text) = \(value)"
            case .condition: "#if \(text): \(value)"
            case .turn: "#foreach turn = \(value)"
            }
        return "\(source.path):\(source.place(event.range.lowerBound)): \(statement)"
    }

    private static func value(_ event: TemplateTraceEvent) -> String {
        let dots = event.isCut ? "..." : ""
        switch event.type {
        case "undefined", "block": return event.type
        case "boolean" where event.kind == .condition: return event.text
        case "string": return "\(JSONWriter.compact(.string(event.text)))\(dots) (string)"
        default: return "\(event.text)\(dots) (\(event.type))"
        }
    }

    /// The whole run as one object.
    static func json(
        _ run: VTLRun, _ diagnostics: [Diagnostic], _ source: VTLSource, isTraced: Bool
    ) -> JSONValue {
        var members: [JSONMember] = []
        if let failure = run.failure {
            members.append(
                JSONMember(
                    "failure",
                    .object([
                        JSONMember("reason", .string(failure.reason)), JSONMember("template", .string(source.path)),
                        JSONMember("line", .number("\(failure.line)")),
                        JSONMember("column", .number("\(failure.column)")),
                    ])))
        } else {
            members.append(JSONMember("output", .string(String(decoding: run.output, as: UTF8.self))))
            members.append(JSONMember("overrides", overrides(run)))
        }
        if isTraced {
            members.append(JSONMember("trace", .array(run.events.map { json($0, source) })))
            if run.omittedEvents > 0 { members.append(JSONMember("omitted", .number("\(run.omittedEvents)"))) }
        }
        if !diagnostics.isEmpty {
            members.append(
                JSONMember(
                    "warnings",
                    .array(
                        diagnostics.map {
                            .string("\(source.place($0.span.offset)): \($0.message) [\($0.id.name)]")
                        })))
        }
        return .object(members)
    }

    private static func overrides(_ run: VTLRun) -> JSONValue {
        .object(run.overrides.assignments.map { JSONMember($0.name, JSONValue(parsing: $0.json) ?? .string($0.json)) })
    }

    private static func json(_ event: TemplateTraceEvent, _ source: VTLSource) -> JSONValue {
        let position = source.position(event.range.lowerBound)
        let kind =
            switch event.kind {
            case .reference: "reference"
            case .set: "set"
            case .condition: "if"
            case .turn: "foreach"
            }
        var members = [
            JSONMember("kind", .string(kind)), JSONMember("line", .number("\(position?.line ?? 0)")),
            JSONMember("column", .number("\(position?.column ?? 0)")),
            JSONMember("source", .string(source.excerpt(event.range))), JSONMember("type", .string(event.type)),
            JSONMember("value", event.type == "undefined" ? .null : .string(event.text)),
        ]
        if event.isCut { members.append(JSONMember("cut", .boolean(true))) }
        return .object(members)
    }
}
