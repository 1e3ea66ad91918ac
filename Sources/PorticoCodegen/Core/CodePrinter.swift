/// Lines of code with their indentation; the printer of each language stands on it.
///
/// It knows no language: `line`, `block` and `list` take text that the language's own printer made from checked
/// symbols.
struct CodePrinter {
    private(set) var text = ""
    private var depth = 0
    private let indent: String

    /// Makes an empty printer.
    /// - Parameter indent: what a level is written as.
    init(indent: String = "    ") { self.indent = indent }

    /// Writes a line at the present depth; an empty one without blanks.
    mutating func line(_ line: String = "") {
        if !line.isEmpty {
            for _ in 0..<depth { text += indent }
            text += line
        }
        text += "\n"
    }

    /// Writes several lines at the present depth.
    mutating func lines(_ lines: some Sequence<String>) {
        for line in lines { self.line(line) }
    }

    /// Writes an opening line, what `body` writes one level deeper, and a closing line unless it is `nil`.
    mutating func block(_ open: String, close: String? = "}", _ body: (inout CodePrinter) -> Void) {
        line(open)
        indented(body)
        if let close { line(close) }
    }

    /// What `body` writes, one level deeper.
    mutating func indented(_ body: (inout CodePrinter) -> Void) {
        depth += 1
        body(&self)
        depth -= 1
    }

    /// Writes each element, with an empty line between each two.
    mutating func separated<Element>(
        _ elements: some Sequence<Element>, _ body: (inout CodePrinter, Element) -> Void
    ) {
        var isFirst = true
        for element in elements {
            if !isFirst { line() }
            isFirst = false
            body(&self, element)
        }
    }
}
