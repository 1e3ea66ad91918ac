import PorticoIR
import PorticoSyntax
import Testing

@Suite struct ExportRoundTripTests {
    private struct Memory: FileLoader {
        var files: [String: String]

        func load(_ path: String) throws(FileLoadingError) -> [UInt8] {
            guard let text = files[path] else {
                throw FileLoadingError(path: path, reason: "No such file or directory")
            }
            return Array(text.utf8)
        }
    }

    private static func read(_ name: String, _ text: String) -> ImportResult {
        Importer.importDocument(path: name, loader: Memory(files: [name: text]), options: ImportOptions())
    }

    @Test(
        "What was read, written and read again is the same", arguments: ExportDocuments.all.map(\.name),
        ExportFormat.allCases)
    func identity(_ name: String, _ format: ExportFormat) throws {
        let document = try #require(ExportDocuments.all.first { $0.name == name })
        let first = Self.read(name, document.text)
        #expect(first.diagnostics.filter { $0.severity == .error }.map(\.message) == [])
        let description = try #require(first.description)
        for stage in [nil, "prod"] {
            let text = Exporter.text(description, stage: stage, as: format)
            let second = Self.read(name, text)
            #expect(second.diagnostics.filter { $0.severity == .error }.map(\.message) == [])
            var again = try #require(second.description)
            // The stage's address stands in place of the document's servers.
            if stage != nil { again.servers = description.servers }
            #expect(again == description)
            // The exports say where two descriptions differ.
            #expect(Exporter.text(again, stage: stage, as: format) == text)
        }
    }

    @Test("A parameter's text is taken for a number or a boolean where one is expected, without a word")
    func coercion() throws {
        var options = ImportOptions()
        options.parameters = ["Timeout": "3000", "Off": "true", "Status": "201"]
        let text = """
            openapi: 3.0.1
            info: {title: a}
            servers: [{url: /, x-amazon-apigateway-endpoint-configuration: {disableExecuteApiEndpoint: !Ref Off}}]
            paths:
              /a:
                get:
                  responses: {"201": {}}
                  x-amazon-apigateway-integration:
                    type: http
                    httpMethod: GET
                    uri: http://example.com
                    timeoutInMillis: !Sub "${Timeout}"
                    responses: {default: {statusCode: {Ref: Status}}}
            """
        let result = Importer.importDocument(path: "a.yaml", loader: Memory(files: ["a.yaml": text]), options: options)
        #expect(result.diagnostics.map(\.message) == [])
        let description = try #require(result.description)
        #expect(description.endpointConfiguration.disableExecuteAPIEndpoint?.value == true)
        let integration = try #require(description.resources.first?.methods.first?.integration)
        #expect(integration.timeoutMilliseconds?.value == 3000)
        #expect(integration.responses.first?.statusCode.value == "201")
    }
}
