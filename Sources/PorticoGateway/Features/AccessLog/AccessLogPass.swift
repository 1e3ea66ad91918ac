// Hot: no, once per spec. Allocates: the formats.

internal import PorticoIR
internal import PorticoPrograms
internal import PorticoSyntax

/// Compiles the access logs of stages.
enum AccessLogPass {
    /// The format of a stage, and what there is to say about its variables. `nil` if there is no format, which the importer
    /// has reported then.
    static func compile(
        _ settings: AccessLogSettings, symbols: SymbolTable
    ) -> (format: AccessLogFormat?, diagnostics: [Diagnostic]) {
        guard let format = settings.format else { return (nil, []) }
        let (compiled, problems) = AccessLogCompiler.compile(format.value.string, symbols: symbols)
        let diagnostics = problems.map { problem in
            let span = format.value.span(of: problem.range)
            return Diagnostic(
                problem.isError ? ImportDiagnostics.accessLogFormat : CompileDiagnostics.accessLogVariable,
                problem.message, at: span,
                fixIt: problem.suggestion.map { .init("write '\($0)'", replace: span, with: $0) })
        }
        return (compiled, diagnostics)
    }
}
