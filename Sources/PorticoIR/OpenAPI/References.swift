internal import PorticoSyntax

/// Follows `$ref`s in a document and to files beside it, and keeps every file that was read.
///
/// A reference is relative to the file that it stands in. Files are read once.
final class References {
    /// A file that was read as a document.
    struct Document {
        let path: String
        /// The tree, or `nil` if it could not be read (already reported).
        let root: Node?
    }

    /// Where a reference leads.
    struct Target {
        let node: Node
        /// Whether it stands in another file than the spec.
        let isExternal: Bool
        /// Unescaped tokens of the pointer.
        let tokens: [String]
    }

    private let loader: any FileLoader
    private let reader: NodeReader
    private(set) var sources = SourceSet()
    /// Paths of all files that were asked for, existing or not, in order.
    private(set) var dependencies: [String] = []
    private var documents: [String: Document] = [:]
    private var pathOfFile: [SourceFileID: String] = [:]
    private var mainPath = ""
    private var warnedReferences: Set<String> = []
    /// Run over the tree of each further file before it is used (CloudFormation).
    var transform: (Node) -> Node = { $0 }

    init(loader: any FileLoader, reader: NodeReader) {
        self.loader = loader
        self.reader = reader
    }

    /// Reads a file; a failure is reported at `span`.
    func load(_ path: String, isMain: Bool = false, referredFrom span: SourceSpan = .none) -> Node? {
        if isMain { mainPath = path }
        if let known = documents[path] { return known.root }
        dependencies.append(path)
        let bytes: [UInt8]
        do {
            bytes = try loader.load(path)
        } catch {
            reader.report(ImportDiagnostics.unreadable, "cannot read '\(path)': \(error.reason)", at: span)
            documents[path] = Document(path: path, root: nil)
            return nil
        }
        let identity = SourceFileID(rawValue: UInt32(sources.files.count))
        let (node, diagnostics) = DocumentReader.read(path: path, bytes: bytes, into: &sources)
        reader.report(contentsOf: diagnostics)
        pathOfFile[identity] = path
        documents[path] = Document(path: path, root: node)
        return node
    }

    /// Puts another tree in the place of a file's (the tree after CloudFormation and overlay).
    func replaceRoot(of path: String, with root: Node) {
        documents[path] = Document(path: path, root: root)
    }

    /// The node itself, or what its `$ref` leads to at last. Circles and missing targets are reported.
    func dereference(_ node: Node, _ what: String) -> Node? {
        guard let first = node["$ref"] else { return node }
        var seen: Set<ObjectIdentifier> = [ObjectIdentifier(node)]
        var current = node
        while let reference = current["$ref"] {
            warnAboutSiblings(current)
            guard let target = follow(reference) else { return nil }
            guard seen.insert(ObjectIdentifier(target.node)).inserted else {
                reader.report(
                    ImportDiagnostics.circularReference, "the '$ref' of \(what) leads back to itself",
                    at: first.span,
                    notes: first === reference ? [] : [.init("here the circle closes", at: reference.span)])
                return nil
            }
            current = target.node
        }
        return current
    }

    /// Where the reference written in `node` leads; `nil` (already reported) if nowhere.
    func follow(_ node: Node, depth: Int = 0) -> Target? {
        guard let text = reader.strictText(node, "'$ref'")?.string else { return nil }
        let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let filePart = parts.first.map(String.init) ?? ""
        let home = pathOfFile[node.span.file] ?? mainPath
        var path = home
        if !filePart.isEmpty {
            guard !filePart.contains("://") else {
                reader.report(
                    ImportDiagnostics.invalidReference, "'$ref' to '\(text)' would need the network; copy the file",
                    at: node.span, notes: [.init("API Gateway refuses references to other files")])
                return nil
            }
            path = ReferencePath.join(home, ReferencePath.percentDecoded(filePart))
        }
        let isExternal = path != mainPath
        if !filePart.isEmpty, isExternal, warnedReferences.insert(path + "#" + text).inserted {
            reader.report(
                ImportDiagnostics.externalReference, "'$ref' to another file: '\(text)'", at: node.span,
                notes: [.init("API Gateway refuses references to other files")])
        }
        let root: Node?
        if let known = documents[path] {
            root = known.root
        } else {
            root = load(path, referredFrom: node.span).map(transform)
            if let root { replaceRoot(of: path, with: root) }
        }
        guard let root else { return nil }
        guard let tokens = ReferencePath.tokens(parts.count > 1 ? String(parts[1]) : "") else {
            reader.report(
                ImportDiagnostics.invalidReference, "'\(text)' is no reference: after '#' comes a pointer with '/'",
                at: node.span)
            return nil
        }
        return walk(tokens, from: root, isExternal: isExternal, reference: node, text: text, depth: depth)
    }

    /// Walks without complaint; for look-ups whose absence has another meaning.
    func find(_ tokens: [String], in root: Mapping) -> Node? {
        guard let first = tokens.first, var node = root[first] else { return nil }
        for token in tokens.dropFirst() {
            guard let next = Self.step(node, token) else { return nil }
            node = next
        }
        return node
    }

    private func walk(
        _ tokens: [String], from root: Node, isExternal: Bool, reference: Node, text: String, depth: Int
    ) -> Target? {
        var node = root
        for (index, token) in tokens.enumerated() {
            // A pointer may lead through an object that is itself a reference; 32 hops are more than any file has.
            if node[token] == nil, let inner = node["$ref"], depth < 32, let target = follow(inner, depth: depth + 1) {
                node = target.node
            }
            guard let next = Self.step(node, token) else {
                let near = node.mapping.flatMap { mapping in
                    reader.suggestions.closest(to: token, in: { mapping.members.lazy.map(\.key) })
                }
                var advice = ""
                var fix: Diagnostic.FixIt?
                if let near {
                    let mended = ReferencePath.text(tokens[..<index] + [near] + tokens[(index + 1)...])
                    let file = text.prefix { $0 != "#" }
                    advice = "; did you mean '\(file)#\(mended)'?"
                    fix = .init("write '\(file)#\(mended)'", replace: reference.span, with: "\"\(file)#\(mended)\"")
                }
                reader.report(
                    ImportDiagnostics.missingReference, "'$ref' to '\(text)' leads nowhere\(advice)",
                    at: reference.span, fixIt: fix)
                return nil
            }
            node = next
        }
        return Target(node: node, isExternal: isExternal, tokens: tokens)
    }

    private static func step(_ node: Node, _ token: String) -> Node? {
        if let mapping = node.mapping { return mapping[token] }
        if let nodes = node.sequence, let index = Int(token), nodes.indices.contains(index) { return nodes[index] }
        return nil
    }

    private func warnAboutSiblings(_ node: Node) {
        guard let members = node.mapping?.members, members.count > 1 else { return }
        // OpenAPI 3.1 lets a reference carry its own texts.
        let ignored = members.filter { !["$ref", "description", "summary"].contains($0.key) }
        guard let first = ignored.first else { return }
        reader.report(
            ImportDiagnostics.referenceSiblings, "'\(first.key)' beside '$ref' is ignored", at: first.keySpan)
    }
}
