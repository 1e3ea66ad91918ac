import PorticoPrograms
import PorticoSyntax

/// A schema from a file, with the documents that it refers to: read, checked against the meta-schema, compiled. What is
/// wrong with it is said at its line.
struct SchemaSource {
    private var sources = SourceSet()
    private var diagnostics: [Diagnostic] = []
    /// The trees of the documents by address; the schema itself has none.
    private var trees: [String: Node] = [:]

    /// The program; throws after printing why there is none.
    static func compile(path: String, remotes: [RemoteDocument]) throws(CommandFailure) -> SchemaProgram {
        var source = SchemaSource()
        guard let schema = try source.read(path) else { throw source.failure() }
        var documents: [String: JSONValue] = [:]
        for remote in remotes {
            guard let tree = try source.read(remote.path) else { continue }
            // Programs name a document by its address without fragment.
            let address = remote.address.prefix { $0 != "#" }
            source.trees[String(address)] = tree
            documents[String(address)] = JSONValue(tree)
        }
        guard !source.diagnostics.hasErrors else { throw source.failure() }
        let value = JSONValue(schema)
        let (program, problems) = SchemaProgram.compile(value, library: [:], documents: documents)
        for problem in problems { source.report(problem, schema) }
        source.checkForm(value, schema)
        guard let program, !source.diagnostics.hasErrors else { throw source.failure() }
        source.print()
        return program
    }

    private mutating func read(_ path: String) throws(CommandFailure) -> Node? {
        let (node, found) = DocumentReader.read(path: path, bytes: try LocalFile.read(path), into: &sources)
        diagnostics += found
        return node
    }

    private mutating func report(_ problem: SchemaProblem, _ schema: Node) {
        var tree = schema
        var pointer = problem.pointer
        if !pointer.isEmpty, !pointer.hasPrefix("/"), let mark = pointer.firstIndex(of: "#") {
            guard let other = trees[String(pointer[..<mark])] else { return }
            tree = other
            pointer = String(pointer[pointer.index(after: mark)...])
        }
        let isReference = problem.isFatal && problem.message.hasSuffix("refers to nothing")
        diagnostics.append(
            Diagnostic(
                isReference
                    ? SchemaDiagnostics.unresolved
                    : problem.isFatal ? SchemaDiagnostics.invalid : SchemaDiagnostics.ignored,
                problem.message, at: tree.nearest(to: pointer).span,
                fixIt: isReference
                    ? .init(hint: "documents of other addresses are supplied with --remote URL=FILE") : nil))
    }

    /// Checks the schema against the schema of schemas, which also wants what a program could do without.
    private mutating func checkForm(_ value: JSONValue, _ schema: Node) {
        guard let program = SchemaMetaschema.program else { return }
        let tape = JSONTape()
        var bytes: [UInt8] = []
        JSONWriter.append(value, to: &bytes)
        let violations = bytes.withUnsafeBytes { bytes in
            tape.parse(bytes) == .ok ? SchemaValidator().violations(program, tape, limit: 20) : []
        }
        let known = Set(diagnostics.filter { $0.severity == .error }.map(\.span.offset))
        for violation in violations {
            let span = schema.nearest(to: violation.pointer).span
            // The compiler has said it in better words.
            if known.contains(span.offset) { continue }
            diagnostics.append(
                Diagnostic(
                    SchemaDiagnostics.invalid, "no schema of draft 4: \(violation.message)", at: span,
                    notes: [.init("at #\(violation.pointer), by '\(violation.keyword)'")]))
        }
        diagnostics.sort { ($0.span.file, $0.span.offset) < ($1.span.file, $1.span.offset) }
    }

    private func failure() -> CommandFailure {
        print()
        return CommandFailure(.specError)
    }

    private func print() {
        guard !diagnostics.isEmpty else { return }
        Console.say(
            PorticoSyntax.format(diagnostics, sources: sources, as: .text, color: Console.usesColor(2))
                + DiagnosticSummary.line(diagnostics))
    }
}
