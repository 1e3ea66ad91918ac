internal import PorticoIR
internal import PorticoPrograms
internal import PorticoSyntax

/// What passes share: the description, the parts made so far, and what there is to say.
struct LoweringContext {
    let description: APIDescription
    let options: CompileOptions
    var parts = SnapshotParts()
    var diagnostics: [Diagnostic] = []
    /// Position of each model's compiled schema, by name; `nil` if it does not compile.
    var schemas: [String: Int] = [:]
    /// Position of each authorizer, by name.
    var authorizers: [String: Int] = [:]
    /// Steps that stand before those of every method.
    var commonSteps: [FilterStep] = []

    /// What was said of schemas: one model may be a part of many.
    private var schemaProblems: Set<SchemaProblem> = []
    private var patternIndices: [String: Int] = [:]
    private var pathIndices: [String: Int] = [:]

    init(description: APIDescription, options: CompileOptions) {
        self.description = description
        self.options = options
        parts.identity = APIIdentity(
            name: description.info.title.value, apiID: description.apiID, accountID: options.accountID,
            region: options.region, protocolType: description.protocolType)
    }

    mutating func report(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }

    /// Says that something is read and not executed yet.
    mutating func unsupported(
        _ id: DiagnosticID, _ message: String, at span: SourceSpan, notes: [Diagnostic.Note] = []
    ) {
        report(Diagnostic(id, message, at: span, notes: notes))
    }

    /// Line of a place in the spec, from 1; 0 if unknown.
    func line(of span: SourceSpan) -> Int { options.sources.position(of: span)?.line ?? 0 }

    /// Reports something about a schema at its place in the file, once.
    mutating func report(_ problem: SchemaProblem, name: String, span: SourceSpan, source: SourceTree) {
        var (owner, pointer, span, source) = (name, problem.pointer, span, source)
        if !pointer.hasPrefix("/"), let mark = pointer.lastIndex(of: "#"),
            let model = description.models.first(where: { $0.name.value == pointer[..<mark] })
        {
            (owner, span, source) = (model.name.value, model.name.span, model.source)
            pointer = String(pointer[pointer.index(after: mark)...])
        }
        let identity = SchemaProblem(problem.message, at: owner + "#" + pointer, isFatal: problem.isFatal)
        guard schemaProblems.insert(identity).inserted else { return }
        report(
            Diagnostic(
                problem.isFatal ? CompileDiagnostics.schemaInvalid : CompileDiagnostics.schemaIgnored,
                "model '\(owner)': \(problem.message)", at: source.span(at: pointer) ?? span,
                notes: [Diagnostic.Note("at \(pointer.isEmpty ? "the root of the schema" : pointer)")]))
    }

    // MARK: - Programs

    /// Compiles a template; gives its position, also when it does not parse (it then answers 500).
    mutating func template(_ text: PositionedText, name: String) -> Int {
        let (program, problems) = TemplateProgram.compile(text.string, symbols: parts.symbols)
        for problem in problems {
            var severity = problem.id.severity
            if severity == .error, options.isLenient { severity = .warning }
            var notes = problem.notes.map { Diagnostic.Note($0.message, at: $0.range.map { text.span(of: $0) }) }
            if problem.id.severity == .error, severity == .warning {
                notes.append(Diagnostic.Note("requests that use this template answer 500, as on API Gateway"))
            }
            report(
                Diagnostic(
                    problem.id, problem.message, at: text.span(of: problem.range), severity: severity, notes: notes,
                    fixIt: problem.hint.map { Diagnostic.FixIt(hint: $0) }))
        }
        parts.templates.append(TemplateEntry(program: program, name: name, lines: lineTable(text)))
        return parts.templates.count - 1
    }

    /// Place in the spec of each line of a text.
    private func lineTable(_ text: PositionedText) -> [TemplateLine] {
        guard options.sources[text.span.file] != nil else { return [] }
        let end = text.string.utf8.count
        func entry(_ offset: Int, _ span: SourceSpan) -> TemplateLine {
            let position = options.sources.position(of: span)
            return TemplateLine(
                offset: UInt32(offset), line: UInt32(position?.line ?? 0), column: UInt32(position?.column ?? 1))
        }
        var lines = [entry(0, text.span(of: 0..<min(1, end)))]
        var offset = 0
        for byte in text.string.utf8 {
            offset += 1
            if byte == 0x0A, offset < end {
                lines.append(entry(offset, text.span(of: offset..<offset + 1)))
            }
        }
        return lines
    }

    /// Compiles a selection pattern; `nil` after reporting that it does not compile.
    mutating func pattern(_ text: PositionedText) -> Int? {
        if let index = patternIndices[text.string] { return index }
        switch Pattern.compile(text.string) {
        case .success(let pattern):
            parts.patterns.append(pattern)
            patternIndices[text.string] = parts.patterns.count - 1
            return parts.patterns.count - 1
        case .failure(let problem):
            let offset = min(problem.offset, text.string.utf8.count)
            report(
                Diagnostic(
                    CompileDiagnostics.patternInvalid,
                    "selection pattern '\(text.string)' is no regular expression: \(problem.message)",
                    at: text.span(of: offset..<min(offset + 1, text.string.utf8.count)),
                    severity: options.isLenient ? .warning : .error,
                    fixIt: Diagnostic.FixIt(
                        hint: "write a Java regular expression that matches the whole status code, such as '5\\d{2}'")))
            return nil
        }
    }

    /// Compiles a JSONPath once.
    mutating func path(_ path: JSONPath) -> Int {
        if let index = pathIndices[path.text] { return index }
        parts.paths.append(path)
        pathIndices[path.text] = parts.paths.count - 1
        return parts.paths.count - 1
    }

    /// Slot of a stage variable; one that no stage has is absent everywhere.
    func stageVariable(_ name: String) -> ValueSource {
        parts.symbols.stageVariables.firstIndex(of: name).map { .stageVariable($0) } ?? .literal("")
    }

    /// Slot of a `$context` variable; one that is not known is absent, as on API Gateway.
    func contextVariable(_ name: String) -> ValueSource {
        if let slot = ContextVariable.slot(named: name) { return .context(slot) }
        let prefix = "authorizer."
        guard name.hasPrefix(prefix), name.utf8.count > prefix.utf8.count else { return .literal("") }
        return .authorizer(String(name.dropFirst(prefix.count)))
    }
}
