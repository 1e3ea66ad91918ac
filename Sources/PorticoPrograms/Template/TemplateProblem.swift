public import PorticoSyntax

/// Something to say about a template, by byte offsets in its own text; the caller maps them to the file.
public struct TemplateProblem: Sendable, Equatable {
    /// A further sentence about another place of the template.
    public struct Note: Sendable, Equatable {
        /// One line, lower case, no full stop.
        public var message: String
        /// The bytes that it speaks of.
        public var range: Range<Int>?

        /// Makes a note.
        public init(_ message: String, at range: Range<Int>? = nil) {
            self.message = message
            self.range = range
        }
    }

    /// The row of the table.
    public var id: DiagnosticID
    /// One line, lower case, no full stop.
    public var message: String
    /// Byte offsets in the template.
    public var range: Range<Int>
    /// How to mend it, in words.
    public var hint: String?
    /// Further sentences.
    public var notes: [Note]

    /// Makes a problem.
    public init(
        _ id: DiagnosticID, _ message: String, at range: Range<Int>, hint: String? = nil, notes: [Note] = []
    ) {
        self.id = id
        self.message = message
        self.range = range
        self.hint = hint
        self.notes = notes
    }
}
