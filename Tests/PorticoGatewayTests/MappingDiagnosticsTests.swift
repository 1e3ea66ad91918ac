import PorticoIR
import PorticoSyntax
import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// What API Gateway accepts and then drops, renames or answers 500 is said when the API is compiled.
@Suite("Diagnostics of mapped headers and of templates over bytes")
struct MappingDiagnosticsTests {
    private static func warnings(_ text: String) throws -> [String] {
        struct Loader: FileLoader {
            let bytes: [UInt8]
            func load(_ path: String) throws(FileLoadingError) -> [UInt8] { bytes }
        }
        let imported = Importer.importDocument(
            path: "api.yaml", loader: Loader(bytes: Array(text.utf8)), options: ImportOptions())
        let description = try #require(imported.description)
        let result = Compiler.compile(description)
        #expect(result.snapshot != nil)
        return (imported.diagnostics + result.diagnostics).map { "\($0.id.name): \($0.message)" }
    }

    private static func integration(_ mappings: [(String, String)], _ answers: [(String, String)]) -> String {
        backendIntegration(
            "http", "GET", "http://example.com/", parameters("requestParameters", mappings),
            responses: "{default: \(response(200, nil, parameters("responseParameters", answers)))}")
    }

    @Test(
        "A header that does not arrive as it is mapped",
        arguments: [
            (
                "integration.request.header.Content-Length",
                "integration.refused-header: header 'Content-Length' may not be mapped; a request for which the mapping has a value is answered 500"
            ),
            (
                "integration.request.header.x-amzn-trace-id",
                "integration.refused-header: header 'x-amzn-trace-id' may not be mapped; a request for which the mapping has a value is answered 500"
            ),
            (
                "integration.request.header.Via",
                "integration.dropped-header: header 'Via' is dropped and does not reach the backend"
            ),
            (
                "method.response.header.Transfer-Encoding",
                "integration.dropped-header: header 'Transfer-Encoding' is dropped and does not reach the client"
            ),
            (
                "method.response.header.WWW-Authenticate",
                "integration.dropped-header: header 'WWW-Authenticate' reaches the client as 'x-amzn-Remapped-WWW-Authenticate'"
            ),
            ("integration.request.header.X-Plain", nil), ("integration.request.header.Host", nil),
            ("method.response.header.Content-Encoding", nil), ("integration.request.querystring.Via", nil),
        ] as [(String, String?)])
    func mapped(_ destination: String, _ warning: String?) throws {
        let isRequest = destination.hasPrefix("integration.")
        let entry = [(destination, "'v'")]
        let text = spec([SpecOperation("GET /x", Self.integration(isRequest ? entry : [], isRequest ? [] : entry))])
        #expect(
            try Self.warnings(text).filter { $0.contains("refused-header") || $0.contains("dropped-header") }
                == (warning.map { [$0] } ?? []))
    }

    @Test(
        "A header of a gateway response",
        arguments: [
            (
                "Content-Length",
                "mapping.header-renamed: 'Content-Length' reaches the client as 'x-amzn-Remapped-Content-Length'"
            ),
            (
                "Transfer-Encoding",
                "mapping.header-dropped: 'Transfer-Encoding' is left out, so that this mapping has no effect"
            ),
            ("WWW-Authenticate", nil), ("Access-Control-Allow-Origin", nil),
        ] as [(String, String?)])
    func gatewayResponse(_ name: String, _ warning: String?) async throws {
        let text = spec(
            root: "x-amazon-apigateway-gateway-responses: {DEFAULT_4XX: {responseParameters: "
                + "{gatewayresponse.header.\(name): \"'v'\"}}}",
            [SpecOperation("GET /x", mock("ok"))])
        #expect(try Self.warnings(text).filter { $0.hasPrefix("mapping.") } == (warning.map { [$0] } ?? []))
        try await withGateway(text) { gateway in
            let answer = try gateway.request("GET", "/dev/nowhere")
            #expect(answer.status == 403)
            #expect((answer[name] == "v") == (warning == nil))
        }
    }

    @Test(
        "A template that meets bytes",
        arguments: [
            ("'*/*'", "application/json", "", true), ("'*/*'", "$default", "", true),
            ("'image/*'", "image/png", "", true),
            ("'image/*'", "image/png", "contentHandling: CONVERT_TO_BINARY", true),
            ("'*/*'", "application/json", "contentHandling: CONVERT_TO_TEXT", false),
            ("'image/*'", "application/json", "", false), ("'image/*'", "$default", "", false),
        ])
    func template(_ types: String, _ key: String, _ handling: String, _ isWarned: Bool) throws {
        let text = spec(
            root: "x-amazon-apigateway-binary-media-types: [\(types)]",
            [
                SpecOperation(
                    "OPTIONS /x",
                    "{type: mock, requestTemplates: {'\(key)': '{\"statusCode\": 200}'}, "
                        + (handling.isEmpty ? "" : handling + ", ") + "responses: {default: \(response(200))}}")
            ])
        let expected =
            "integration.template-on-bytes: '\(key)' is a binary media type of this API; requests that use this "
            + "template answer 500"
        let found = try Self.warnings(text).filter { $0.hasPrefix("integration.template") }
        #expect(found == (isWarned ? [expected] : []))
    }
}
