/// Collects the diagnostics of all steps and gives them out as a person wants to read them: file by file, from the top
/// to the bottom, nothing twice.
public struct DiagnosticSink: Sendable {
    private var collected: [Diagnostic] = []
    private let limit: Int

    /// Makes a sink that gives out at most `limit` diagnostics, errors before warnings.
    public init(limit: Int = .max) {
        self.limit = limit
    }

    /// Takes one.
    public mutating func report(_ diagnostic: Diagnostic) { collected.append(diagnostic) }

    /// Takes several.
    public mutating func report(_ diagnostics: some Sequence<Diagnostic>) { collected.append(contentsOf: diagnostics) }

    /// Makes one and takes it.
    public mutating func report(
        _ id: DiagnosticID, _ message: String, at span: SourceSpan, notes: [Diagnostic.Note] = [],
        fixIt: Diagnostic.FixIt? = nil
    ) {
        collected.append(Diagnostic(id, message, at: span, notes: notes, fixIt: fixIt))
    }

    /// Whether an error was reported, even one beyond the limit.
    public var hasErrors: Bool { collected.hasErrors }

    /// Everything that was reported, in the order of the text, and how many more there were than the limit lets through.
    public func finish() -> (diagnostics: [Diagnostic], omitted: Int) {
        let sorted = Self.sorted(collected)
        guard sorted.count > limit else { return (sorted, 0) }
        var errorsLeft = min(sorted.count { $0.severity == .error }, limit)
        var warningsLeft = limit - errorsLeft
        let kept = sorted.filter { diagnostic in
            if diagnostic.severity == .error {
                errorsLeft -= 1
                return errorsLeft >= 0
            }
            warningsLeft -= 1
            return warningsLeft >= 0
        }
        return (kept, sorted.count - kept.count)
    }

    /// In the order of the text, at one place in the order given, without repetitions.
    public static func sorted(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
        let order = diagnostics.indices.sorted { left, right in
            let (first, second) = (diagnostics[left].span, diagnostics[right].span)
            return (first.file, first.offset, left) < (second.file, second.offset, right)
        }
        var result: [Diagnostic] = []
        var groupStart = 0
        for index in order {
            let diagnostic = diagnostics[index]
            let span = diagnostic.span
            if let last = result.last?.span, last.file != span.file || last.offset != span.offset {
                groupStart = result.count
            }
            if !result[groupStart...].contains(diagnostic) { result.append(diagnostic) }
        }
        return result
    }
}
