import Glibc
import PorticoTestSupport
import Testing

/// Every example of the README is run: the served spec, each `curl` and its answer, and each command and file it names.
@Suite("README")
struct ReadmeTests {
    /// One command of a console block with the output that is printed below it.
    struct Example: Sendable, CustomTestStringConvertible {
        var command: String
        var output: String
        /// The script that the reader has started before, and so what a `curl` asks.
        var server = ""
        var testDescription: String { command }
    }

    static let examples: [Example] = {
        guard let text = try? GoldenFile.read("README.md") else { return [] }
        var examples: [Example] = []
        var isInBlock = false
        var server = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                isInBlock = line == "```console"
            } else if isInBlock && line.hasPrefix("$ ") {
                let command = String(line.dropFirst(2))
                if command.hasPrefix("./scripts/"), command.contains(" specs/") { server = command }
                examples.append(Example(command: command, output: "", server: server))
            } else if isInBlock, !examples.isEmpty {
                examples[examples.count - 1].output += line + "\n"
            }
        }
        return examples
    }()

    static func commands(of program: String) -> [Example] { examples.filter { $0.command.hasPrefix(program + " ") } }

    @Test("the first command serves the pet store, the second runs the tests, and both are scripts")
    func twoCommands() throws {
        #expect(Self.examples.prefix(2).map(\.command) == ["./scripts/serve specs/petstore.yaml", "./scripts/test"])
        for script in ["serve", "test"] {
            #expect(try GoldenFile.read("scripts/\(script)").hasPrefix("#!/usr/bin/env bash"))
        }
    }

    @Test("each curl gets the answer that is printed below it")
    func curls() throws {
        let curls = Self.commands(of: "curl").filter { $0.server == "./scripts/serve specs/petstore.yaml" }
        #expect(curls.count >= 3)
        let server = try ServingPortico("serve", "\(GoldenFile.packageRoot)/specs/petstore.yaml")
        for example in curls { try check(example, at: server.port) }
    }

    @Test("the script with an AWS of its own serves the notes, and each curl gets its answer")
    func localAWS() throws {
        let curls = Self.commands(of: "curl").filter { $0.server == "./scripts/local-aws specs/notes/api.yaml" }
        #expect(curls.count >= 2)
        let server = try ServingPortico(
            script: "scripts/local-aws", ["\(GoldenFile.packageRoot)/specs/notes/api.yaml"],
            environment: [
                "PORTICO_BINARY": PorticoProcess.executable, "MOTO_PORT": "\(try freePort())",
                "PORTICO_LOCAL_AWS": PythonEnvironment.folder,
            ])
        defer {
            // It ends what it has started.
            server.process.signal(SIGTERM)
            _ = try? server.process.wait()
        }
        try server.waitUntilInstalled("/dev/notes")
        for example in curls { try check(example, at: server.port) }
    }

    private func check(_ example: Example, at port: Int) throws {
        let request = try CurlCommand(example.command)
        #expect(request.authority == "127.0.0.1:8080")
        let response = try HTTP.request(
            request.method, request.path, port: port, headers: request.headers, body: request.body)
        #expect(
            response.text.trimmed.fits(example.output.trimmed), "\(example.command): \(response.text)")
    }

    @Test("each portico command of a console block works")
    func porticoCommands() throws {
        let folder = try TemporaryFolder()
        let commands = Self.commands(of: "portico")
        #expect(!commands.isEmpty)
        for example in commands {
            let words = CurlCommand.words(example.command).dropFirst().map {
                $0.hasPrefix("specs/") ? "\(GoldenFile.packageRoot)/\($0)" : $0
            }
            if words.first == "serve" {
                let server = try ServingPortico("serve", "\(folder.path)/\(words[1])")
                #expect(try HTTP.request("GET", "/readyz", port: server.adminPort).status == 200)
            } else {
                let outcome = try PorticoProcess.run(words, in: folder.path)
                #expect(outcome.status == 0, "\(example.command): \(outcome.errors)")
                // An answer with its date and ids is not printed below the command.
                if words.first == "invoke" {
                    #expect(outcome.output.hasPrefix("HTTP/1.1 ") && outcome.errors.contains("Successfully completed"))
                } else {
                    #expect(outcome.output.trimmed == example.output.trimmed)
                }
            }
        }
    }

    @Test("each command of the table exists, and each subcommand is in the table")
    func table() throws {
        let readme = try GoldenFile.read("README.md")
        let help = try PorticoProcess.run("--help").output
        let section = help.split(separator: "\n").drop { $0 != "SUBCOMMANDS:" }.dropFirst()
        let subcommands = section.filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") && !$0.hasPrefix("  See") }
            .compactMap { $0.split(separator: " ").first }
        #expect(subcommands.count >= 9)
        for command in subcommands { #expect(readme.contains("portico \(command) "), "\(command)") }
    }

    @Test("each file that it links to is there")
    func links() throws {
        let readme = try GoldenFile.read("README.md")
        for part in readme.split(separator: "](").dropFirst() {
            let target = part.prefix { $0 != ")" }
            guard !target.hasPrefix("http") else { continue }
            if target.hasSuffix("/") || !target.contains(".") {
                #expect(try !GoldenFile.files(in: String(target), ending: "").isEmpty, "\(target)")
            } else {
                #expect(try !GoldenFile.read(String(target)).isEmpty, "\(target)")
            }
        }
    }
}

/// The few forms of `curl` that the README uses.
private struct CurlCommand {
    var method = "GET"
    var headers: [(String, String)] = []
    var body = ""
    var authority = ""
    var path = ""

    init(_ command: String) throws {
        var words = Self.words(command).dropFirst()
        while let word = words.popFirst() {
            switch word {
            case "-s", "-i", "-si": break
            case "-X": method = words.popFirst() ?? method
            case "-d": body = words.popFirst() ?? ""
            case "-H":
                let header = (words.popFirst() ?? "").split(separator: ":", maxSplits: 1).map { String($0).trimmed }
                if header.count == 2 { headers.append((header[0], header[1])) }
            default:
                guard word.hasPrefix("http://") else { throw TestSupportError("unknown word '\(word)' in \(command)") }
                let rest = word.dropFirst("http://".count)
                authority = String(rest.prefix { $0 != "/" })
                path = String(rest.dropFirst(authority.count))
            }
        }
    }

    /// Words as a shell splits them, with single and double quotes.
    static func words(_ command: String) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        for character in command {
            if let open = quote {
                if character == open { quote = nil } else { word = (word ?? "") + String(character) }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if character == " " {
                if let done = word { words.append(done) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        if let word { words.append(word) }
        return words
    }
}

extension String {
    /// Whether it is `pattern`, in which `...` stands for any text.
    fileprivate func fits(_ pattern: String) -> Bool {
        guard let mark = pattern.firstRange(ofText: "...") else { return self == pattern }
        let before = pattern[..<pattern.index(mark, offsetBy: -3)]
        let after = String(pattern[mark...])
        guard hasPrefix(before) else { return false }
        let rest = dropFirst(before.count)
        return rest.indices.contains { String(rest[$0...]).fits(after) } || after.isEmpty
    }

    /// Without blanks and line breaks at both ends.
    fileprivate var trimmed: String {
        var text = self[...]
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
