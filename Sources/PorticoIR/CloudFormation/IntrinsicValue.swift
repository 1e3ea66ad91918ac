internal import PorticoSyntax

/// What a function or one of its arguments comes to.
indirect enum IntrinsicValue {
    /// `AWS::NoValue`: the member or element goes away.
    case noValue
    /// A leaf.
    case text(ResolvedText)
    /// A list, elements resolved.
    case list([IntrinsicValue])
    /// A mapping that a parameter's default holds, taken as it is.
    case node(Node)
}

/// A text with the names that it still holds.
struct ResolvedText {
    /// The text.
    var text: PositionedText
    /// Type of the leaf; what functions make is always a string.
    var kind: Scalar.Kind = .string
    /// Names without value.
    var missing = MissingNames()
}

/// Names without value with the places that ask for them, in order and without repetition.
struct MissingNames {
    /// A name at a place.
    struct Entry: Hashable {
        var name: String
        var span: SourceSpan
    }

    /// The entries in the order in which they were added.
    private(set) var entries: [Entry] = []
    private var known: Set<Entry> = []

    /// Whether nothing is missing.
    var isEmpty: Bool { entries.isEmpty }

    /// No names.
    init() {}

    /// One name.
    init(_ name: String, at span: SourceSpan) { insert(Entry(name: name, span: span)) }

    /// Adds a name.
    mutating func insert(_ entry: Entry) {
        if known.insert(entry).inserted { entries.append(entry) }
    }

    /// Adds all names of `other`.
    mutating func formUnion(_ other: MissingNames) {
        for entry in other.entries { insert(entry) }
    }
}
