import PorticoGateway
import PorticoIR
import PorticoSyntax

/// Import and compile of one spec with fixed options, as often as the file changes.
struct SpecCompiler: Sendable {
    /// Path of the spec as the user wrote it.
    let path: String
    var importOptions: ImportOptions
    let compileOptions: CompileOptions
    /// Whether a warning is as bad as an error.
    let isStrict: Bool

    /// Reads and compiles. A mistake in the spec is a diagnostic; only the spec or the overlay being unreadable throws,
    /// because that is the machine's state and not the text's.
    func compile() throws(CommandFailure) -> Compilation {
        let bytes = try LocalFile.read(path)
        var primed = [path: bytes]
        if let config = importOptions.configPath { primed[config] = try LocalFile.read(config) }

        let imported = Importer.importDocument(
            path: path, loader: PrimedFileLoader(primed: primed), options: importOptions)
        var diagnostics = imported.diagnostics
        var snapshot: DeploymentSnapshot?
        // Of a kind of API that is not served the importer has said so; passes would only say it again.
        if let description = imported.description {
            var options = compileOptions
            options.sources = imported.sources
            let compiled = Compiler.compile(description, options: options)
            diagnostics += compiled.diagnostics
            snapshot = compiled.snapshot
        }
        if importOptions.collectsExamples {
            diagnostics += ExampleCheck.diagnostics(imported.examples, models: imported.description?.models ?? [])
        }
        // Import and passes each sort their own; what a person reads is one list from top to bottom.
        diagnostics = diagnostics.enumerated().sorted { left, right in
            let (first, second) = (left.element.span, right.element.span)
            return (first.file, first.offset, left.offset) < (second.file, second.offset, right.offset)
        }.map(\.element)

        let files = snapshot?.files ?? []
        let hadErrors = diagnostics.hasErrors
        let hadWarnings = diagnostics.contains { $0.severity == .warning }
        if isStrict {
            for index in diagnostics.indices { diagnostics[index].severity = .error }
        }
        let status: ExitStatus
        if hadErrors || snapshot == nil {
            status = .specError
        } else {
            status = isStrict && hadWarnings ? .negative : .success
        }
        return Compilation(
            description: imported.description, snapshot: status == .success ? snapshot : nil,
            diagnostics: diagnostics, sources: imported.sources,
            dependencies: imported.dependencies + files.map { LocalFile.path($0, besides: path) }, status: status)
    }
}

/// What compiling a spec gave.
struct Compilation: Sendable {
    var description: APIDescription?
    /// `nil` unless ``status`` is success.
    var snapshot: DeploymentSnapshot?
    /// From the top of the first file to the bottom of the last.
    var diagnostics: [Diagnostic]
    var sources: SourceSet
    /// Files to follow.
    var dependencies: [String]
    /// Success, ``ExitStatus/specError``, or ``ExitStatus/negative`` for warnings under `--strict`.
    var status: ExitStatus

    /// Prints the diagnostics to standard error.
    func reportDiagnostics() {
        guard !diagnostics.isEmpty else { return }
        Console.say(
            format(diagnostics, sources: sources, as: .text, color: Console.usesColor(2))
                + DiagnosticSummary.line(diagnostics))
    }

    /// The snapshot, after the diagnostics were printed; throws when there is none.
    func snapshotOrFailure() throws(CommandFailure) -> DeploymentSnapshot {
        reportDiagnostics()
        guard let snapshot else { throw CommandFailure(status) }
        return snapshot
    }
}

/// `2 errors, 1 warning`
enum DiagnosticSummary {
    static func line(_ diagnostics: [Diagnostic]) -> String {
        let errors = diagnostics.count { $0.severity == .error }
        let warnings = diagnostics.count - errors
        var parts: [String] = []
        if errors > 0 { parts.append("\(errors) error\(errors == 1 ? "" : "s")") }
        if warnings > 0 { parts.append("\(warnings) warning\(warnings == 1 ? "" : "s")") }
        return parts.isEmpty ? "no errors, no warnings" : parts.joined(separator: ", ")
    }
}

/// Gives the files that were read already, so that the text that was found readable is the text that is compiled.
private struct PrimedFileLoader: FileLoader {
    let primed: [String: [UInt8]]
    private let system = SystemFileLoader()

    init(primed: [String: [UInt8]]) {
        self.primed = primed
    }

    func load(_ path: String) throws(FileLoadingError) -> [UInt8] {
        if let bytes = primed[path] { return bytes }
        return try system.load(path)
    }
}
