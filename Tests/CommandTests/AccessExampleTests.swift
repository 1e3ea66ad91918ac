import PorticoTestSupport
import Testing

/// Every command of the example in docs/access.md is run by a shell, and gets the answer that is printed below it.
@Suite("Example of access", .serialized)
struct AccessExampleTests {
    private static let environment = [
        "ADA_KEY": "AKIDADA", "ADA_SECRET": "ada-0123456789abcdef", "ACME_KEY": "acme-0123456789abcdef",
    ]

    /// Commands of the console blocks of the section, with the lines below them.
    private func examples() throws -> [(command: String, output: String)] {
        let text = try GoldenFile.read("docs/access.md")
        let section = try #require(text.split(separator: "\n## All of it in one example\n").dropFirst().first)
        var found: [(command: String, output: String)] = []
        var isInBlock = false
        for line in section.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("## ") { break }
            if line.hasPrefix("```") {
                isInBlock = line == "```console"
            } else if isInBlock, line.hasPrefix("$ ") {
                found.append((String(line.dropFirst(2)), ""))
            } else if isInBlock, !found.isEmpty {
                found[found.count - 1].output += line + "\n"
            }
        }
        return found
    }

    private func shell(_ command: String, in folder: String) throws -> String {
        let process = try ChildProcess("/bin/sh", ["-c", "cd '\(folder)' && \(command)"])
        let status = try process.wait()
        #expect(status == 0, "\(command): \(process.errors)")
        return process.output
    }

    private func lines(_ text: String) -> [Substring] { text.split(separator: "\n").filter { !$0.isEmpty } }

    @Test("each command works, and each answer is the one that is printed")
    func commands() throws {
        let examples = try examples()
        let calls = examples.filter { $0.command.hasPrefix("curl ") }
        #expect(calls.count == 10 && examples.count == 12)
        let serve = try #require(examples.first { $0.command.contains("portico serve") })
        #expect(Self.environment.allSatisfy { serve.command.contains("\($0.key)=\($0.value) ") })

        // A copy, because the token's key and the function's runtime are kept beside the spec.
        let folder = try TemporaryFolder()
        _ = try shell(
            "mkdir specs && cp -r '\(GoldenFile.packageRoot)/specs/access' '\(GoldenFile.packageRoot)/specs/access.yaml' specs",
            in: folder.path)
        for example in examples where example.command.hasPrefix("python3") {
            _ = try shell(example.command, in: folder.path)
        }
        let server = try ServingPortico(
            arguments: ["serve", "specs/access.yaml", "--no-watch"], environment: Self.environment, in: folder.path)
        try Deadline(after: .seconds(300)).wait(for: "the function; it said: \(server.process.errors)") {
            try HTTP.request("GET", "/dev/guarded", port: server.port, headers: [("Authorization", "guest")]).status
                == 200
        }
        for example in calls {
            let command = example.command.replacing("127.0.0.1:8080", with: "127.0.0.1:\(server.port)")
            let output = try shell(command.replacing("curl ", with: "curl -s ", maxReplacements: 1), in: folder.path)
            #expect(lines(output) == lines(example.output), "\(example.command)")
        }
    }

    @Test("the spec has no warnings")
    func validate() throws {
        let outcome = try PorticoProcess.run(
            "validate", "\(GoldenFile.packageRoot)/specs/access.yaml", "--examples")
        #expect(outcome.status == 0)
        #expect(
            (outcome.output + outcome.errors).contains("no errors, no warnings"), "\(outcome.output) \(outcome.errors)")
    }
}
