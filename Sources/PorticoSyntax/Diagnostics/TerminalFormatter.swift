/// Prints diagnostics for a person: `path:line:column: severity[id]: message`, the source line, a caret, notes and a hint.
public struct TerminalFormatter: Sendable {
    private enum Style: String {
        case bold = "1", error = "1;31", warning = "1;35", note = "1;36", hint = "1;32", gutter = "2"
    }

    private let sources: SourceSet
    private let color: Bool

    /// Makes a formatter; `color` puts ANSI colours in.
    public init(sources: SourceSet, color: Bool) {
        self.sources = sources
        self.color = color
    }

    /// All of them, one below the other.
    public func format(_ diagnostics: [Diagnostic]) -> String { diagnostics.map { format($0) }.joined() }

    /// One, with the line breaks.
    public func format(_ diagnostic: Diagnostic) -> String {
        let style: Style = diagnostic.severity == .error ? .error : .warning
        let label = paint("\(diagnostic.severity.rawValue)[\(diagnostic.id.name)]:", style)
        var result = entry(label, diagnostic.message, at: diagnostic.span, style)
        for note in diagnostic.notes {
            if let span = note.span, sources[span.file] != nil {
                result += entry(paint("note:", .note), note.message, at: span, .note)
            } else {
                result += "  \(paint("note:", .note)) \(Self.oneLine(note.message))\n"
            }
        }
        if let fixIt = diagnostic.fixIt { result += "  \(paint("hint:", .hint)) \(Self.oneLine(fixIt.hint))\n" }
        return result
    }

    private func entry(_ label: String, _ message: String, at span: SourceSpan, _ style: Style) -> String {
        let text = paint(Self.oneLine(message), .bold)
        guard let file = sources[span.file], let position = sources.position(of: span) else {
            return "\(label) \(text)\n"
        }
        let place = paint("\(Self.oneLine(file.path)):\(position.line):\(position.column):", .bold)
        let excerpt = SourceExcerpt(span, in: file)
        let number = String(position.line)
        let gutter = String(repeating: " ", count: max(4 - number.utf8.count, 0)) + number
        let blank = String(repeating: " ", count: gutter.utf8.count)
        return """
            \(place) \(label) \(text)
            \(paint("\(gutter) |", .gutter)) \(excerpt.line)
            \(paint("\(blank) |", .gutter)) \(paint(excerpt.marker, style))

            """
    }

    private func paint(_ text: String, _ style: Style) -> String {
        color ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// Messages quote what files hold, so control characters are taken out.
    private static func oneLine(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { result.append(isControl(scalar) ? "\u{FFFD}" : scalar) }
        return String(result)
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || 0x7F..<0xA0 ~= scalar.value || 0x2028...0x202E ~= scalar.value
            || 0x2066...0x2069 ~= scalar.value
    }
}
