import FoundationEssentials

/// One Swift file of the tree, as the rules see it.
struct SwiftFile: Sendable {
    /// Path in the package, such as `Sources/PorticoIR/APIDescription.swift`.
    let path: String
    let text: String

    /// The target's folder: `PorticoIR`.
    var target: String {
        let parts = path.split(separator: "/")
        return parts.count > 2 ? String(parts[1]) : ""
    }

    /// File name with its ending.
    var name: String { path.split(separator: "/").last.map(String.init) ?? path }

    var firstLine: Substring { text.prefix { $0 != "\n" } }

    /// Modules that the file imports, submodules and single declarations by their module.
    var imports: [String] {
        // What stands in a long string is another language's.
        var isInString = false
        return text.split(separator: "\n").compactMap { line in
            defer {
                if line.split(separator: "\"\"\"", omittingEmptySubsequences: false).count == 2 { isInString.toggle() }
            }
            guard !isInString else { return nil }
            var words = line.split { $0 == " " || $0 == "\t" }
            let modifiers = ["public", "package", "internal", "fileprivate", "private"]
            while let word = words.first, word.hasPrefix("@") || modifiers.contains(String(word)) {
                words.removeFirst()
            }
            guard words.first == "import", words.count > 1 else { return nil }
            let kinds = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
            let path = kinds.contains(String(words[1])) && words.count > 2 ? words[2] : words[1]
            return path.split(separator: ".").first.map(String.init)
        }
    }

    /// The code without line comments and without the contents of string literals on one line.
    var code: String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map(Self.codeOnly).joined(separator: "\n")
    }

    private static func codeOnly(_ line: Substring) -> String {
        var code = ""
        var isInString = false
        var previous: Character = " "
        for character in line {
            if character == "\"" && previous != "\\" {
                isInString.toggle()
            } else if !isInString {
                if character == "/" && previous == "/" {
                    code.removeLast()
                    break
                }
                code.append(character)
            }
            previous = character
        }
        return code
    }
}

/// The package that this test belongs to.
enum SourceTree {
    /// From the path of this source file.
    static let root: String = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        .joined(separator: "/")

    /// All Swift files below a folder of the package, without those of the libraries that clients carry: they are text.
    static func swiftFiles(in folder: String) throws -> [SwiftFile] {
        try FileManager.default.subpathsOfDirectory(atPath: "\(root)/\(folder)")
            .filter { $0.hasSuffix(".swift") && !$0.contains("/Libraries/") }.sorted()
            .map { path in
                let data = try Data(contentsOf: URL(filePath: "\(root)/\(folder)/\(path)"))
                return SwiftFile(path: "\(folder)/\(path)", text: String(decoding: data, as: UTF8.self))
            }
    }
}
