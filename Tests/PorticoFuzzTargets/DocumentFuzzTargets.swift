import PorticoCodegen
import PorticoIR
import PorticoSyntax

extension FuzzTarget {
    /// YAML and JSON documents with their positions.
    public static let document = FuzzTarget(
        "document", "reads YAML; every place it names lies within it, and what was read can be written and read again",
        dictionary: "yaml.dict"
    ) {
        { (input: UnsafeRawBufferPointer) throws(FuzzFinding) in
            var sources = SourceSet()
            let (node, diagnostics) = DocumentReader.read(path: "api.yaml", bytes: Array(input), into: &sources)
            let size = sources.files.first?.bytes.count ?? 0
            for diagnostic in diagnostics {
                try FuzzDocument.check(diagnostic.span, size, diagnostic.id.name)
                for note in diagnostic.notes {
                    if let span = note.span { try FuzzDocument.check(span, size, "a note") }
                }
            }
            guard let node else {
                try require(diagnostics.hasErrors, "neither a tree nor an error")
                return
            }
            try FuzzDocument.check(node, size)
            for form in DiagnosticFormat.allCases { _ = format(diagnostics, sources: sources, as: form, color: false) }
            // A key that comes twice, or an alias that is not there, has no text that reads back.
            guard !diagnostics.hasErrors else { return }
            let value = JSONValue(node)
            try require(JSONValue(parsing: JSONWriter.compact(value)) == value, "reads back from JSON as another")
            var copies = SourceSet()
            let text = YAMLWriter.write(value)
            let again = DocumentReader.read(path: "api.yaml", bytes: Array(text.utf8), into: &copies).node
            try require(again.map { JSONValue($0) } == value, "reads back from YAML as another")
        }
    }

    /// Import and export of OpenAPI.
    public static let api = FuzzTarget(
        "api", "imports a document; without mistakes, the description that it exports reads back as the same",
        dictionary: "yaml.dict", maximumBytes: 8192
    ) {
        { (input: UnsafeRawBufferPointer) throws(FuzzFinding) in
            let bytes = Array(input)
            let first = Importer.importDocument(path: "api.yaml", loader: FuzzDocument.Memory(bytes: bytes))
            for diagnostic in first.diagnostics {
                try require(
                    diagnostic.span.file == .none || first.sources.position(of: diagnostic.span) != nil,
                    "\(diagnostic.id.name) is nowhere")
            }
            guard let description = first.description else {
                try require(first.diagnostics.hasErrors, "neither a description nor an error")
                return
            }
            let exported = Exporter.text(description, stage: "dev", as: .yaml)
            guard !first.diagnostics.hasErrors else { return }
            let loader = FuzzDocument.Memory(bytes: Array(exported.utf8))
            let second = Importer.importDocument(path: "api.yaml", loader: loader)
            // Export writes version 3.0, in which a value may be a mistake that was none in another version.
            guard !second.diagnostics.hasErrors else { return }
            var again = second.description
            // The stage's address stands in place of the document's servers.
            again?.servers = description.servers
            try require(again == description, "the export reads back as another description")
        }
    }

    /// Clients. The languages take turns by the input's bytes: all of them at once would be slow.
    public static let client = FuzzTarget(
        "client", "writes a client; there are files or errors, each below the folder, twice with the same bytes",
        dictionary: "yaml.dict", maximumBytes: 8192
    ) {
        { (input: UnsafeRawBufferPointer) throws(FuzzFinding) in
            let bytes = Array(input)
            let imported = Importer.importDocument(path: "api.yaml", loader: FuzzDocument.Memory(bytes: bytes))
            guard let description = imported.description else { return }
            let languages = SDKGenerator.languages
            let language = languages[bytes.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF } % languages.count].name
            let options = SDKOptions(packageName: SDKGenerator.packageName(for: description))
            let first = SDKGenerator.generate(description, language: language, options: options)
            try require(first.files.isEmpty == first.diagnostics.hasErrors, "\(language): neither files nor an error")
            for diagnostic in first.diagnostics {
                try require(
                    diagnostic.span.file == .none || imported.sources.position(of: diagnostic.span) != nil,
                    "\(diagnostic.id.name) is nowhere")
            }
            var paths: Set<String> = []
            for file in first.files {
                let parts = file.path.split(separator: "/", omittingEmptySubsequences: false)
                try require(paths.insert(file.path.lowercased()).inserted, "\(language): two files \(file.path)")
                try require(
                    parts.allSatisfy { !$0.isEmpty && $0 != ".." && $0 != "." && $0.utf8.count < 200 },
                    "\(language): a file \(file.path)")
                try require(file.text.hasSuffix("\n"), "\(language): \(file.path) does not end with a line break")
            }
            let second = SDKGenerator.generate(description, language: language, options: options)
            try require(first.files == second.files, "\(language): another client the second time")
        }
    }
}

/// Properties of positioned trees.
enum FuzzDocument {
    struct Memory: FileLoader {
        var bytes: [UInt8]

        func load(_ path: String) throws(FileLoadingError) -> [UInt8] {
            if path != "api.yaml" { throw FileLoadingError(path: path, reason: "No such file or directory") }
            return bytes
        }
    }

    static func check(_ span: SourceSpan, _ size: Int, _ what: String) throws(FuzzFinding) {
        try require(
            span.offset >= 0 && span.length >= 0 && span.end <= size, "\(what) at \(span.offset)+\(span.length)")
    }

    static func check(_ node: Node, _ size: Int) throws(FuzzFinding) {
        try check(node.span, size, "a value")
        switch node.content {
        case .scalar(let scalar): try check(scalar.text.span, size, "a text")
        case .sequence(let nodes):
            for node in nodes { try check(node, size) }
        case .mapping(let mapping):
            for member in mapping.members {
                try check(member.keySpan, size, "a key")
                try check(member.value, size)
            }
        }
    }
}
