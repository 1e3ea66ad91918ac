import PorticoCodegen
import PorticoIR
import PorticoTestSupport
import Testing

/// A plugin is compiled by itself and can use no module of the package, so its list is a second one.
@Suite("Files of the client that PorticoClient compiles in")
struct ClientSourcesTests {
    @Test("are those that the generator writes", arguments: ["petstore.yaml", "sdk-contract.yaml"])
    func list(spec: String) throws {
        let path = "\(GoldenFile.packageRoot)/specs/\(spec)"
        let description = try #require(Importer.importDocument(path: path, loader: SystemFileLoader()).description)
        var options = SDKOptions(packageName: "any")
        options.layout = .sources
        let written = SDKGenerator.generate(description, language: "swift", options: options).files.map(\.path)

        let listed = try GoldenFile.read("Plugins/PorticoClient/ClientSources.swift").split(separator: "\"")
            .filter { $0.hasSuffix(".swift") }
        #expect(listed.map(String.init).sorted() == written.sorted())
    }
}
