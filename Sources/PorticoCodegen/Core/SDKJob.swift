public import PorticoIR
public import PorticoSyntax

/// One run of `portico sdk`: from the path of a spec to files in a folder. Both commands run it.
public struct SDKJob: Sendable {
    /// How it ended.
    public enum Ending: Sendable {
        /// The client is in the folder.
        case written(SDKSummary)
        /// The spec has errors; nothing was written.
        case specError
        /// Files are in the way; nothing was written.
        case foreignFiles
        /// The system refused, in words.
        case unavailable(String)
    }

    /// Ending, what there is to say, and the files that it speaks of.
    public struct Outcome: Sendable {
        /// How it ended.
        public var ending: Ending
        /// What there is to say, in the order of the spec.
        public var diagnostics: [Diagnostic]
        /// Files that were read.
        public var sources: SourceSet
    }

    /// Path of the spec.
    public var spec: String
    /// How it is read.
    public var importOptions: ImportOptions
    /// One of ``SDKGenerator/languages``.
    public var language: String
    /// Target folder; made if it is not there.
    public var folder: String
    /// Name of the package; from the API's title unless given.
    public var packageName: String?
    /// A whole package or sources alone.
    public var layout: SDKOptions.Layout = .package
    /// Whether files that are in the way are overwritten.
    public var isForced = false

    /// Makes a job.
    public init(spec: String, importOptions: ImportOptions = ImportOptions(), language: String, folder: String) {
        self.spec = spec
        self.importOptions = importOptions
        self.language = language
        self.folder = folder
    }

    /// Reads, generates, writes.
    public func run(loader: any FileLoader = SystemFileLoader()) -> Outcome {
        do { _ = try loader.load(spec) } catch {
            return Outcome(
                ending: .unavailable("cannot read '\(spec)': \(error.reason)"), diagnostics: [], sources: SourceSet())
        }
        let imported = Importer.importDocument(path: spec, loader: loader, options: importOptions)
        var diagnostics = Self.relevant(imported)
        guard !diagnostics.hasErrors, let description = imported.description else {
            return Outcome(ending: .specError, diagnostics: diagnostics, sources: imported.sources)
        }
        var options = SDKOptions(packageName: packageName ?? SDKGenerator.packageName(for: description))
        options.layout = layout
        let generated = SDKGenerator.generate(description, language: language, options: options)
        diagnostics = DiagnosticSink.sorted(diagnostics + generated.diagnostics)
        guard !diagnostics.hasErrors else {
            return Outcome(ending: .specError, diagnostics: diagnostics, sources: imported.sources)
        }
        do {
            let outcome = try SDKFolder(path: folder).write(generated.files, isForced: isForced)
            diagnostics += outcome.foreign.map { path in
                Diagnostic(
                    SDKDiagnostics.foreignFile, "'\(folder)/\(path)' was not written by Portico, or was changed since",
                    at: .none, fixIt: .init(hint: "move it, choose another folder, or overwrite it with --force"))
            }
            diagnostics += outcome.kept.map { path in
                Diagnostic(
                    SDKDiagnostics.changedFileKept,
                    "'\(folder)/\(path)' is not part of the client any more, but was changed, so it stays", at: .none)
            }
            let ending: Ending =
                outcome.foreign.isEmpty
                ? .written(
                    SDKSummary(
                        files: generated.files.count, bytes: generated.files.reduce(0) { $0 + $1.text.utf8.count },
                        written: outcome.written.count, removed: outcome.removed.count)) : .foreignFiles
            return Outcome(ending: ending, diagnostics: diagnostics, sources: imported.sources)
        } catch {
            return Outcome(ending: .unavailable(error.message), diagnostics: diagnostics, sources: imported.sources)
        }
    }

    /// What the import says that matters to clients: its errors, and CloudFormation functions without a value, which may
    /// leave operations out. What API Gateway ignores is for `portico validate` to tell, and that an HTTP API is not served
    /// yet does not keep anybody from calling one; nor does it matter to a client which pools its tokens come from.
    private static func relevant(_ imported: ImportResult) -> [Diagnostic] {
        imported.diagnostics.filter { diagnostic in
            guard diagnostic.severity == .error else { return CloudFormationDiagnostics.all.contains(diagnostic.id) }
            if diagnostic.id == ImportDiagnostics.userPool { return false }
            return diagnostic.id != ImportDiagnostics.protocolUnsupported
        }
    }
}

/// What was written.
public struct SDKSummary: Sendable {
    /// Files of the client.
    public var files: Int
    /// Their bytes.
    public var bytes: Int
    /// Files that were absent or different.
    public var written: Int
    /// Files of an earlier client that were removed.
    public var removed: Int
}
