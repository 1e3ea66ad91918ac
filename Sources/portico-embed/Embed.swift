import FoundationEssentials

/// `portico-embed OUTPUT FOLDER FILE...`: writes a Swift file with the texts of files below a folder. A build step of
/// PorticoCodegen; nobody runs it by hand.
@main
enum Embed {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard arguments.count >= 2, let output = arguments.first else {
            throw EmbedError(description: "usage: portico-embed OUTPUT FOLDER FILE...")
        }
        let folder = arguments.dropFirst().first.map { $0.hasSuffix("/") ? $0 : $0 + "/" } ?? ""
        var text = """
            /// Texts of the files that clients carry, by their path below `Libraries`.
            enum EmbeddedLibraries {
                static let files: [(path: String, text: String)] = [

            """
        for path in arguments.dropFirst(2).sorted() {
            guard path.hasPrefix(folder) else { throw EmbedError(description: "\(path) is not below \(folder)") }
            let name = path.dropFirst(folder.count)
            let content = try String(decoding: Data(contentsOf: URL(filePath: path)), as: UTF8.self)
            // A raw literal takes everything but its own end; carriage returns would end lines twice.
            guard !content.utf8.contains(UInt8(ascii: "\r")), !content.contains("\"\"\"####") else {
                throw EmbedError(description: "\(path) has a carriage return or \"\"\"####")
            }
            text += "        (####\"\(name)\"####, ####\"\"\"\n\(content)\n\"\"\"####),\n"
        }
        text += "    ]\n}\n"
        try Data(text.utf8).write(to: URL(filePath: output), options: .atomic)
    }
}

/// What is wrong, in words.
struct EmbedError: Error, CustomStringConvertible {
    let description: String
}
