import FoundationEssentials
import PorticoCodegen
import PorticoTestSupport
import Testing

/// What happens to a folder when a client is written to it again.
@Suite("Clients written again")
struct RegenerationTests {
    /// A spec with one operation, whose answer has one property.
    private static func spec(_ property: String, title: String = "Shelf") -> String {
        """
        openapi: 3.0.1
        info: {title: \(title), version: "1.0"}
        paths:
          /books:
            get:
              operationId: listBooks
              responses:
                "200":
                  description: Books.
                  content:
                    application/json:
                      schema: {$ref: "#/components/schemas/Book"}
        components:
          schemas:
            Book: {type: object, properties: {\(property): {type: string}}}

        """
    }

    private struct Outcome {
        var status: Int32
        var errors: String
    }

    /// A folder with a spec and a client.
    private struct Project {
        let folder = try? TemporaryFolder()
        let language: String

        var client: String { (folder?.path ?? "") + "/client" }

        func generate(_ property: String, title: String = "Shelf", _ flags: String...) throws -> Outcome {
            let folder = try #require(self.folder)
            let path = try folder.write("api.yaml", spec(property, title: title))
            let process = try ChildProcess(
                SDKTools.generator, ["--language", language, "--output", client, path] + flags)
            return Outcome(status: try process.wait(), errors: process.errors)
        }

        /// Text of every file, by path.
        func files() throws -> [String: String] {
            var result: [String: String] = [:]
            for path in try FileManager.default.subpathsOfDirectory(atPath: client) {
                var isFolder = false
                let file = "\(client)/\(path)"
                guard FileManager.default.fileExists(atPath: file, isDirectory: &isFolder), !isFolder else { continue }
                result[path] = String(decoding: try Data(contentsOf: URL(filePath: file)), as: UTF8.self)
            }
            return result
        }

        func write(_ path: String, _ text: String) throws {
            try Data(text.utf8).write(to: URL(filePath: "\(client)/\(path)"))
        }
    }

    private static let languages = SDKTools.languages
    /// Those and files of requests, which say nothing of what answers have in them.
    private static let everyLanguage = SDKGenerator.languages.map(\.name)

    @Test("a second run of the same spec changes no byte", arguments: everyLanguage)
    func sameBytes(_ language: String) throws {
        let project = Project(language: language)
        #expect(try project.generate("title").status == 0)
        let first = try project.files()
        #expect(first.count > 1)
        #expect(try project.generate("title").status == 0)
        #expect(try project.files() == first)

        let other = Project(language: language)
        #expect(try other.generate("title").status == 0)
        #expect(try other.files() == first)
    }

    @Test("a changed spec changes the client, and leaves the user's files alone", arguments: languages)
    func userFiles(_ language: String) throws {
        let project = Project(language: language)
        #expect(try project.generate("title").status == 0)
        try project.write("NOTES.txt", "mine")
        let first = try project.files()
        #expect(try project.generate("subtitle").status == 0)
        let second = try project.files()
        #expect(second["NOTES.txt"] == "mine")
        #expect(second.keys == first.keys)
        #expect(second.values.contains { $0.contains("subtitle") })
    }

    @Test("a file that Portico did not write is not overwritten", arguments: everyLanguage)
    func foreignFile(_ language: String) throws {
        let project = Project(language: language)
        try FileManager.default.createDirectory(atPath: project.client, withIntermediateDirectories: true)
        try project.write("README.md", "mine")
        let outcome = try project.generate("title")
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("README.md"))
        // Nothing at all was written beside it.
        #expect(try project.files() == ["README.md": "mine"])

        #expect(try project.generate("title", "--force").status == 0)
        #expect(try project.files()["README.md"] != "mine")
    }

    @Test("a generated file that the user changed is not overwritten", arguments: everyLanguage)
    func changedFile(_ language: String) throws {
        let project = Project(language: language)
        #expect(try project.generate("title").status == 0)
        try project.write("README.md", "changed")
        let outcome = try project.generate("title", title: "Rack")
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("README.md"))
        #expect(try project.files()["README.md"] == "changed")
    }
}
