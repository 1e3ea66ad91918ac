/// How bad a diagnostic is.
public enum DiagnosticSeverity: String, Sendable, Comparable {
    /// Compilation yields no snapshot.
    case error
    /// The API serves, but something of it is ignored, unsupported or probably not meant.
    case warning

    /// A warning is less than an error.
    public static func < (left: DiagnosticSeverity, right: DiagnosticSeverity) -> Bool {
        left == .warning && right == .error
    }
}

/// One row of the table of diagnostics: a stable identity, its usual severity, and its explanation.
///
/// Rows are declared in `Diagnostics/IDs`, one file an area, and listed in ``DiagnosticTable``. `portico explain ID`
/// prints the explanation.
public struct DiagnosticID: Sendable, Hashable {
    /// Dotted name, area first, such as `integration.uri.unknown-placeholder`. Never changes once released.
    public let name: String
    /// The severity unless the place of use says otherwise.
    public let severity: DiagnosticSeverity
    /// What it means and how to mend it; one or more sentences for `portico explain`.
    public let explanation: String

    /// Declares a row.
    public init(_ name: String, _ severity: DiagnosticSeverity, _ explanation: String) {
        self.name = name
        self.severity = severity
        self.explanation = explanation
    }

    /// Rows are the same when their names are.
    public static func == (left: DiagnosticID, right: DiagnosticID) -> Bool { left.name == right.name }

    /// Hashes the name.
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// Something to say about a place of the source.
public struct Diagnostic: Sendable, Equatable {
    /// A further sentence, perhaps about another place ("first declared here").
    public struct Note: Sendable, Equatable {
        /// One line, lower case, no full stop.
        public var message: String
        /// The place it speaks of, if any.
        public var span: SourceSpan?

        /// Makes a note.
        public init(_ message: String, at span: SourceSpan? = nil) {
            self.message = message
            self.span = span
        }
    }

    /// How to mend it: an edit when it can be, else a hint sentence.
    public struct FixIt: Sendable, Equatable {
        /// What to do, in words: `write 'aws_proxy'`.
        public var hint: String
        /// Bytes to replace; `nil` when there is only the hint.
        public var span: SourceSpan?
        /// Text that replaces the bytes at `span`.
        public var replacement: String

        /// A fix that a program could carry out.
        public init(_ hint: String, replace span: SourceSpan, with replacement: String) {
            self.hint = hint
            self.span = span
            self.replacement = replacement
        }

        /// A fix in words.
        public init(hint: String) {
            self.hint = hint
            self.span = nil
            self.replacement = ""
        }
    }

    /// The row of the table.
    public var id: DiagnosticID
    /// Severity of this occurrence.
    public var severity: DiagnosticSeverity
    /// One line, lower case, no full stop: what is wrong, then what was expected, with the found value quoted.
    public var message: String
    /// The place; ``SourceSpan/none`` for the command line and the machine.
    public var span: SourceSpan
    /// Further sentences.
    public var notes: [Note]
    /// How to mend it.
    public var fixIt: FixIt?

    /// Makes a diagnostic with the usual severity of `id` unless `severity` is given.
    public init(
        _ id: DiagnosticID, _ message: String, at span: SourceSpan, severity: DiagnosticSeverity? = nil,
        notes: [Note] = [], fixIt: FixIt? = nil
    ) {
        self.id = id
        self.severity = severity ?? id.severity
        self.message = message
        self.span = span
        self.notes = notes
        self.fixIt = fixIt
    }
}

extension [Diagnostic] {
    /// Whether any of them is an error.
    public var hasErrors: Bool { contains { $0.severity == .error } }
}
