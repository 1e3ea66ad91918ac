/// Text of a spec as lines of a comment.
enum DocumentationText {
    /// Lines of at most `width` characters where words allow; paragraphs and lines that look like Markdown (lists,
    /// tables, code, headings) stay apart. Control characters become blanks. Languages still have to see to what ends
    /// their comments.
    static func lines(_ text: String, width: Int = 100) -> [String] {
        var result: [String] = []
        var paragraph = ""
        func flush() {
            if !paragraph.isEmpty { result += wrapped(paragraph, width) }
            paragraph = ""
        }
        var isCode = false
        for raw in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            let line = plain(raw)
            let trimmed = line.drop { $0 == " " }
            if trimmed.hasPrefix("```") {
                flush()
                isCode.toggle()
                result.append(String(trimmed))
            } else if isCode {
                result.append(trimmedEnd(line))
            } else if trimmed.isEmpty {
                flush()
                if let last = result.last, !last.isEmpty { result.append("") }
            } else if let first = trimmed.first, "-*+#|>".contains(first) || first.isNumber {
                flush()
                result += wrapped(String(trimmed), width)
            } else {
                paragraph += (paragraph.isEmpty ? "" : " ") + trimmedEnd(String(trimmed))
            }
        }
        flush()
        while result.last?.isEmpty == true { result.removeLast() }
        return result
    }

    /// Summary, then description, with an empty line between; nothing twice.
    static func joined(_ parts: String?...) -> String? {
        var texts: [String] = []
        for case let part? in parts where !part.allSatisfy(\.isWhitespace) && !texts.contains(part) {
            texts.append(part)
        }
        return texts.isEmpty ? nil : texts.joined(separator: "\n\n")
    }

    /// Without control characters and without characters that turn the direction of text around, which could hide code.
    private static func plain(_ text: some StringProtocol) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: scalars.append(" ")
            default: scalars.append(scalar)
            }
        }
        return String(scalars)
    }

    private static func trimmedEnd(_ text: String) -> String {
        var text = text[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }

    private static func wrapped(_ text: String, _ width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        if !line.isEmpty { lines.append(line) }
        return lines
    }
}
