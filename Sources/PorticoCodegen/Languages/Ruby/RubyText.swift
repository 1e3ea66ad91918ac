/// Text of a spec as text of Ruby.
enum RubyText {
    /// A string literal between double quotes. What Ruby would read as its own, and what an editor would not show, is
    /// escaped.
    static func literal(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "#": result += "\\#"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                switch scalar.value {
                case 0..<0x20, 0x7F..<0xA0, 0xAD, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF:
                    result += "\\u{\(String(scalar.value, radix: 16))}"
                default: result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }

    /// Lines of a comment, without `# `. None of them is an instruction to Ruby or to YARD.
    static func comment(_ text: String, width: Int = 100) -> [String] {
        DocumentationText.lines(text, width: width).map(harmless)
    }

    /// Ruby obeys comments such as `frozen_string_literal: false`, and those between `-*-`, wherever they stand.
    private static func harmless(_ line: String) -> String {
        if line.hasPrefix("@") { return "\\" + line }
        var line = line
        while let range = firstMarker(in: line) { line.replaceSubrange(range, with: "- * -") }
        guard let colon = line.firstIndex(of: ":"), !line[..<colon].isEmpty else { return line }
        let words = line[..<colon].filter { $0 != " " }.lowercased().replacing("-", with: "_")
        let isMagic = magicWords.contains { words.hasSuffix($0) }
        return isMagic ? "`" + line + "`" : line
    }

    private static func firstMarker(in line: String) -> Range<String.Index>? { line.firstRange(of: "-*-") }

    private static let magicWords = [
        "frozen_string_literal", "shareable_constant_value", "warn_indent", "coding", "typed",
    ]
}
