/// Reads one YAML or JSON file into a positioned tree.
public enum DocumentReader {
    /// Decodes `bytes`, adds the text to `sources` and reads it.
    ///
    /// A `.json` file is JSON. Anything else is YAML, except that a text which begins with `{` or `[` and is JSON is
    /// read as JSON: nearly every JSON text is YAML too, but libyaml refuses some (tabs, U+0080 in a string).
    /// The node is `nil` only when the text is too broken to give a tree; with lesser mistakes there are both a node
    /// and errors, so that the next steps can report theirs in the same run.
    public static func read(
        path: String, bytes: [UInt8], into sources: inout SourceSet, limits: ReaderLimits = ReaderLimits()
    ) -> (node: Node?, diagnostics: [Diagnostic]) {
        let text = SourceText(decoding: bytes)
        let file = sources.add(path: path, bytes: text.bytes)
        var diagnostics = text.problems.map { problem in
            Diagnostic(
                SyntaxDiagnostics.encoding, problem.message,
                at: SourceSpan(file: file.id, offset: problem.offset, length: problem.length),
                fixIt: .init(hint: problem.hint))
        }
        if bytes.count > limits.importBytes {
            diagnostics.append(
                Diagnostic(
                    SyntaxDiagnostics.large,
                    "the file has \(megabytes(bytes.count)) MB; API Gateway imports at most "
                        + "\(megabytes(limits.importBytes)) MB",
                    at: SourceSpan(file: file.id, offset: 0, length: 0)))
        }
        if text.bytes.isEmpty, !diagnostics.isEmpty { return (nil, diagnostics) }
        let result = read(file, limits: limits)
        return (result.node, diagnostics + result.diagnostics)
    }

    private static func read(_ file: SourceFile, limits: ReaderLimits) -> (node: Node?, diagnostics: [Diagnostic]) {
        guard let first = firstNonBlank(file.bytes) else {
            let message = "the file is empty; expected a document"
            let span = SourceSpan(file: file.id, offset: 0, length: 0)
            return (nil, [Diagnostic(SyntaxDiagnostics.empty, message, at: span)])
        }
        if hasSuffix(file.path, ".json") { return JSONReader.read(file, limits: limits).result }
        guard file.bytes[first] == UInt8(ascii: "{") || file.bytes[first] == UInt8(ascii: "[") else {
            return YAMLReader.read(file, limits: limits)
        }
        let json = JSONReader.read(file, limits: limits)
        if json.isWellFormed { return json.result }
        let yaml = YAMLReader.read(file, limits: limits)
        // When it is neither, the better advice comes from the reader of what it was meant to be.
        if yaml.node == nil, !hasSuffix(file.path, ".yaml"), !hasSuffix(file.path, ".yml"),
            looksLikeJSON(file.bytes, first)
        {
            return json.result
        }
        return yaml
    }

    private static func firstNonBlank(_ bytes: [UInt8]) -> Int? {
        bytes.firstIndex { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
    }

    /// Whether an object begins with a key in double quotes.
    private static func looksLikeJSON(_ bytes: [UInt8], _ first: Int) -> Bool {
        guard let next = firstNonBlank(Array(bytes[(first + 1)...].prefix(256))) else { return false }
        return bytes[first + 1 + next] == UInt8(ascii: "\"")
    }

    private static func hasSuffix(_ path: String, _ suffix: String) -> Bool { path.lowercased().hasSuffix(suffix) }

    private static func megabytes(_ count: Int) -> String {
        let tenths = (count * 10 + 524_288) / 1_048_576
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
}
