/// How diagnostics are printed.
public enum DiagnosticFormat: String, CaseIterable, Sendable {
    /// For a terminal: the source line with a caret under it.
    case text
    /// One JSON object.
    case json
    /// SARIF 2.1.0, which code-scanning services read.
    case sarif
    /// Commands of GitHub Actions, which become annotations of a pull request.
    case github
}

/// Prints diagnostics in the order given; the text ends with a line break unless it is empty. Only ``DiagnosticFormat/text``
/// has colours.
public func format(
    _ diagnostics: [Diagnostic], sources: SourceSet, as format: DiagnosticFormat, color: Bool = false
) -> String {
    switch format {
    case .text: TerminalFormatter(sources: sources, color: color).format(diagnostics)
    case .json: JSONFormatter(sources: sources).format(diagnostics)
    case .sarif: SARIFFormatter(sources: sources).format(diagnostics)
    case .github: GitHubFormatter(sources: sources).format(diagnostics)
    }
}

/// Begin and end of a span in lines and columns.
struct DiagnosticPlace {
    /// Path of the file as the user wrote it.
    let path: String
    /// Of the first byte.
    let start: SourcePosition
    /// After the last byte.
    let end: SourcePosition

    /// The place of a span; `nil` when it is in no file.
    init?(_ span: SourceSpan, in sources: SourceSet) {
        guard let file = sources[span.file], let start = sources.position(of: span),
            let end = sources.position(of: SourceSpan(file: span.file, offset: max(span.end, span.offset), length: 0))
        else { return nil }
        path = file.path
        self.start = start
        self.end = end
    }
}
