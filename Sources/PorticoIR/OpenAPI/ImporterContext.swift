internal import PorticoSyntax

/// What one import knows while it reads: options, files, and everything said so far.
///
/// Owned by one task; made by ``Importer`` and thrown away with it.
final class ImporterContext {
    /// Dialects of OpenAPI that are read.
    enum Dialect {
        /// Swagger 2.0
        case swagger2
        /// OpenAPI 3.0
        case openAPI30
        /// OpenAPI 3.1
        case openAPI31
    }

    let options: ImportOptions
    let reader = NodeReader()
    let references: References
    /// Path of the spec as the user gave it.
    let path: String
    /// The root object with the overlay's keys in it.
    var root = Mapping([])
    var dialect = Dialect.openAPI30
    var protocolType = APIProtocol.rest
    /// CloudFormation names that stayed unresolved, by place.
    var unresolved = UnresolvedPlaces()
    /// Security schemes by name.
    var schemes: [String: SecurityScheme] = [:]
    /// Those of them that only clients act on, in the order of the file.
    var clientSecuritySchemes: [ClientSecurityScheme] = []
    /// Models, with those that references to other files brought in.
    var models = ModelCollector()
    /// Examples, if they are wanted.
    var examples = ExampleCollector()

    init(path: String, loader: any FileLoader, options: ImportOptions) {
        self.path = path
        self.options = options
        references = References(loader: loader, reader: reader)
        reader.isUnknown = { [unowned self] in unresolved.touches($0.span) }
    }

    /// `components` of OpenAPI 3.
    var components: Mapping? {
        dialect == .swagger2 ? nil : root.present("components")?.mapping
    }

    /// Text with its place; numbers and booleans by their text.
    func located(_ node: Node?, _ what: String) -> Located<String>? {
        guard let node, let text = reader.string(node, what) else { return nil }
        return Located(text, at: node.span)
    }

    /// Text that must have been written as text, with its place.
    func strictLocated(_ node: Node?, _ what: String) -> Located<String>? {
        guard let node, let text = reader.strictText(node, what) else { return nil }
        return Located(text.string, at: node.span)
    }

    /// Text that knows the place of each byte.
    func positioned(_ node: Node?, _ what: String) -> Located<PositionedText>? {
        guard let node, let text = reader.strictText(node, what) else { return nil }
        return Located(text, at: node.span)
    }

    /// An optional member's text.
    func string(_ mapping: Mapping, _ key: String) -> String? {
        mapping.present(key).flatMap { reader.string($0, "'\(key)'") }
    }

    /// An optional member's boolean.
    func boolean(_ mapping: Mapping, _ key: String) -> Bool? {
        mapping.present(key).flatMap { reader.boolean($0, "'\(key)'") }
    }

    /// Elements of an optional list of strings; a single string is taken for a list of one, with a warning.
    func strings(_ mapping: Mapping, _ key: String) -> [Located<String>] {
        guard let node = mapping.present(key), let nodes = list(node, "'\(key)'") else { return [] }
        return nodes.compactMap { located($0, "an element of '\(key)'") }
    }

    /// Elements of a list; a single string is taken for a list of one, with a warning.
    func list(_ node: Node, _ what: String) -> [Node]? {
        guard node.scalar?.kind == .string, !reader.isUnknown(node) else { return reader.sequence(node, what) }
        reader.report(
            ImportDiagnostics.coerced, "\(what) should be a list, not \(NodeReader.describe(node))", at: node.span,
            fixIt: .init(hint: "write a list of one element"))
        return [node]
    }

    /// Reports an integer that is not in `range` and drops it.
    func integer(
        _ mapping: Mapping, _ key: String, in range: ClosedRange<Int>, severity: DiagnosticSeverity = .error,
        note: String? = nil
    ) -> Located<Int>? {
        guard let node = mapping.present(key), let value = reader.integer(node, "'\(key)'") else { return nil }
        guard range.contains(value) else {
            reader.report(
                ImportDiagnostics.outOfRange,
                "'\(key)' must be from \(range.lowerBound) to \(range.upperBound), not \(value)", at: node.span,
                severity: severity, notes: note.map { [.init($0)] } ?? [])
            return nil
        }
        return Located(value, at: node.span)
    }
}

/// CloudFormation references that stayed unresolved, found by place.
struct UnresolvedPlaces {
    private var byFile: [SourceFileID: [(offset: Int, end: Int, name: String)]] = [:]

    /// Adds references.
    mutating func add(_ references: [(name: String, span: SourceSpan)]) {
        var changed: Set<SourceFileID> = []
        for reference in references {
            let span = reference.span
            byFile[span.file, default: []].append((span.offset, span.end, reference.name))
            changed.insert(span.file)
        }
        for file in changed { byFile[file]?.sort { ($0.offset, $0.end) < ($1.offset, $1.end) } }
    }

    /// Names of the references that stand in `span` or around it, each once, in order.
    func names(in span: SourceSpan) -> [String] {
        guard let places = byFile[span.file] else { return [] }
        var names: [String] = []
        var seen: Set<String> = []
        for place in places[range(of: span, in: places)] where seen.insert(place.name).inserted {
            names.append(place.name)
        }
        return names
    }

    /// Whether any reference stands in `span` or around it.
    func touches(_ span: SourceSpan) -> Bool {
        guard let places = byFile[span.file] else { return false }
        return !range(of: span, in: places).isEmpty
    }

    private func range(of span: SourceSpan, in places: [(offset: Int, end: Int, name: String)]) -> Range<Int> {
        func firstIndex(from offset: Int) -> Int {
            var low = 0
            var high = places.count
            while low < high {
                let middle = (low + high) / 2
                if places[middle].offset < offset { low = middle + 1 } else { high = middle }
            }
            return low
        }
        var low = firstIndex(from: span.offset)
        let high = firstIndex(from: max(span.end, span.offset + 1))
        // A reference that begins before the span can only be the one right before it: places do not nest deeper.
        if low > 0, places[low - 1].end > span.offset, places[low - 1].end >= span.end { low -= 1 }
        return low..<max(low, high)
    }
}
