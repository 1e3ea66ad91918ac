extension JSONValue {
    /// The value of a tree. Numbers keep their text where JSON can write it (`1.10` stays `1.10`, `0x1F` becomes `31`),
    /// what JSON has no number for (`.nan`) becomes text, and local tags are dropped.
    public init(_ node: Node) {
        switch node.content {
        case .scalar(let scalar): self.init(scalar)
        case .sequence(let nodes): self = .array(nodes.map { JSONValue($0) })
        case .mapping(let mapping): self = .object(mapping.members.map { JSONMember($0.key, JSONValue($0.value)) })
        }
    }

    /// The value of a leaf.
    public init(_ scalar: Scalar) {
        switch scalar.kind {
        case .null: self = .null
        case .boolean(let flag): self = .boolean(flag)
        case .string: self = .string(scalar.text.string)
        case .integer, .number:
            var text = scalar.text.string
            self = text.withUTF8 { JSONNumber.repaired($0) }.map { .number($0) } ?? .string(text)
        }
    }

    /// Reads JSON text; `nil` when it is not well-formed or has a key twice.
    public init?(parsing text: String) {
        var sources = SourceSet()
        let (node, diagnostics) = DocumentReader.read(path: "text.json", bytes: Array(text.utf8), into: &sources)
        guard let node, !diagnostics.hasErrors else { return nil }
        self.init(node)
    }
}
