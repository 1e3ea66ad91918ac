import FoundationEssentials
import PorticoCodegen
import PorticoTestSupport
import Testing

extension PluginTests {
    @Suite("swift package generate-client")
    struct GenerateClientTests {
        private let package: ExamplePackage

        init() throws { package = try ExamplePackage() }

        private func generate(_ arguments: String...) throws -> ExamplePackage.Outcome {
            try package.swift(["package", "--allow-writing-to-package-directory", "generate-client"] + arguments)
        }

        @Test("writes a client of each language into the package", arguments: SDKGenerator.languages.map(\.name))
        func languages(language: String) throws {
            let folder = "clients/\(language)"
            let outcome = try generate(
                "--language", language, "-o", folder, "--name", "pet-shop", "Sources/PetStoreApp/api.yaml")
            #expect(outcome.status == 0, "\(outcome.text)")
            let readme = try String(
                decoding: Data(contentsOf: URL(filePath: "\(package.path)/\(folder)/README.md")), as: UTF8.self)
            #expect(readme.contains("PetStore"))
        }

        @Test("says how it is used, in the words that its user types")
        func usage() throws {
            let help = try generate()
            #expect(help.status == 0)
            #expect(help.text.contains("USAGE: swift package generate-client <spec> --language <language>"))

            let unknown = try generate("--language", "cobol", "-o", "clients", "Sources/PetStoreApp/api.yaml")
            #expect(unknown.status != 0)
            #expect(unknown.text.contains("Error: unknown language 'cobol'"))
            #expect(unknown.text.contains("Usage: swift package generate-client <spec>"))
            #expect(unknown.text.contains("error: no client was written"))
        }

        @Test("mistakes of the spec are told with line and column, and nothing is written")
        func mistake() throws {
            try package.write(inTarget: "broken.yaml", "openapi: 3.0.1\ninfo: {title: T, version: '1'}\npaths: 7\n")
            let outcome = try generate("--language", "swift", "-o", "clients", "Sources/PetStoreApp/broken.yaml")
            #expect(outcome.status != 0)
            #expect(outcome.text.contains("Sources/PetStoreApp/broken.yaml:3:8: error["), "\(outcome.text)")
            #expect(!FileManager.default.fileExists(atPath: "\(package.path)/clients"))
        }
    }
}
