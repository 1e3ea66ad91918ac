import PorticoSyntax
import Testing

/// A text that was read, with what the assertions of this target need.
struct Reading {
    let sources: SourceSet
    let node: Node?
    let diagnostics: [Diagnostic]

    init(_ text: String, path: String = "api.yaml", limits: ReaderLimits = ReaderLimits()) {
        self.init(Array(text.utf8), path: path, limits: limits)
    }

    init(_ bytes: [UInt8], path: String = "api.yaml", limits: ReaderLimits = ReaderLimits()) {
        var sources = SourceSet()
        (node, diagnostics) = DocumentReader.read(path: path, bytes: bytes, into: &sources, limits: limits)
        self.sources = sources
    }

    var bytes: [UInt8] { sources.files.first?.bytes ?? [] }

    /// The tree as compact JSON, for comparing.
    var json: String? { node.map { JSONWriter.compact(JSONValue($0)) } }

    var ids: [String] { diagnostics.map(\.id.name) }

    func text(_ span: SourceSpan) -> String { sources[span.file]?.text(span.offset..<span.end) ?? "" }

    /// `line:column` of the beginning of a span.
    func place(_ span: SourceSpan) -> String {
        sources.position(of: span).map { "\($0.line):\($0.column)" } ?? "nowhere"
    }

    /// `line:column id` of each diagnostic.
    var places: [String] {
        diagnostics.map { "\(place($0.span)) \($0.id.name)" }
    }
}

/// Every place that a tree claims must be one of the file, and every run must hold the bytes that it stands for.
func misplacements(_ reading: Reading) -> [String] {
    var found: [String] = []
    let bytes = reading.bytes
    func check(_ span: SourceSpan, _ what: String) {
        if span.offset < 0 || span.length < 0 || span.end > bytes.count {
            found.append("\(what) \(span.offset)+\(span.length)")
        }
    }
    func walk(_ node: Node) {
        check(node.span, "node")
        switch node.content {
        case .scalar(let scalar):
            let text = Array(scalar.text.string.utf8)
            check(scalar.text.span, "text")
            var last = 0
            for run in scalar.text.runs {
                guard run.textOffset >= last, run.textOffset + run.length <= text.count, run.fileOffset >= 0,
                    run.fileOffset + run.length <= bytes.count
                else {
                    found.append("run \(run) of '\(scalar.text.string)'")
                    continue
                }
                last = run.textOffset + run.length
                if text[run.textOffset..<last] != bytes[run.fileOffset..<run.fileOffset + run.length] {
                    found.append("run \(run) differs in '\(scalar.text.string)'")
                }
                if run.fileOffset < scalar.text.span.offset || run.fileOffset + run.length > scalar.text.span.end {
                    found.append("run \(run) outside of '\(scalar.text.string)'")
                }
            }
        case .sequence(let nodes):
            for node in nodes { walk(node) }
        case .mapping(let mapping):
            for member in mapping.members {
                check(member.keySpan, "key")
                walk(member.value)
            }
        }
    }
    if let node = reading.node { walk(node) }
    for diagnostic in reading.diagnostics {
        check(diagnostic.span, diagnostic.id.name)
        for note in diagnostic.notes { if let span = note.span { check(span, "note") } }
    }
    return found
}
