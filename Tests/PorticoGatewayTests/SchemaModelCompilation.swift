import PorticoGateway
import PorticoIR
import PorticoSyntax

/// Compiles a spec for what is said of its models.
enum SchemaModelCompilation {
    private struct Files: FileLoader {
        let text: String

        func load(_ path: String) throws(FileLoadingError) -> [UInt8] { Array(text.utf8) }
    }

    /// "LINE ID: MESSAGE", in the order of the lines.
    static func diagnostics(_ spec: String) throws -> [String] {
        let imported = Importer.importDocument(path: "api.yaml", loader: Files(text: spec))
        guard let description = imported.description else { return [] }
        var options = CompileOptions()
        options.sources = imported.sources
        let diagnostics = imported.diagnostics + Compiler.compile(description, options: options).diagnostics
        return diagnostics.sorted { $0.span.offset < $1.span.offset }.map { diagnostic in
            let line = imported.sources.position(of: diagnostic.span)?.line ?? 0
            return "\(line) \(diagnostic.id.name): \(diagnostic.message)"
        }
    }
}
