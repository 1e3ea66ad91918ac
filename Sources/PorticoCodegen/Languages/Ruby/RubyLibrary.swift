/// The files that every client of this language carries.
enum RubyLibrary {
    /// The module that the files below `Libraries/ruby` declare. Each client has its own copy of them in its own module,
    /// so that clients of several APIs, made at different times, can live in one program.
    private static let module = "PorticoClient"

    /// The files with the client's own module.
    /// - Parameter header: lines of the comment that each gets.
    static func files(_ symbols: RubySymbols, header: [String]) -> [GeneratedFile] {
        let files = Libraries.files(in: "ruby").filter {
            symbols.socket != nil || !RubySockets.libraryFiles.contains($0.path)
        }
        return files.map { file in
            let isSignature = file.path.hasSuffix(".rbs")
            let text = renamed(file.text, to: symbols.module)
            return GeneratedFile(
                path: "\(isSignature ? "sig" : "lib")/\(symbols.gem)/\(file.path)",
                text: isSignature ? above(text, header) : below(text, header))
        }
    }

    /// The text with the module's name exchanged wherever it stands as a whole word.
    private static func renamed(_ text: String, to name: String) -> String {
        var result = ""
        var rest = text[...]
        while let range = rest.firstRange(of: module) {
            result += rest[..<range.lowerBound]
            let before = result.last
            let after = range.upperBound < rest.endIndex ? rest[range.upperBound] : nil
            result += isPartOfName(before) || isPartOfName(after) ? module : name
            rest = rest[range.upperBound...]
        }
        return result + rest
    }

    private static func isPartOfName(_ character: Character?) -> Bool {
        guard let character else { return false }
        return character.isLetter || character.isNumber || character == "_"
    }

    private static func above(_ text: String, _ header: [String]) -> String {
        header.map { "# " + $0 }.joined(separator: "\n") + "\n\n" + text
    }

    /// The first line is for Ruby and must stay the first.
    private static func below(_ text: String, _ header: [String]) -> String {
        guard let end = text.firstIndex(of: "\n") else { return text }
        return text[...end] + "\n" + header.map { "# " + $0 }.joined(separator: "\n") + "\n"
            + text[text.index(after: end)...]
    }
}
