import PorticoTestSupport
import Testing

/// Documents that would have been served, and whose requests then had no answer.
@Suite("Hardening: specs")
struct HardeningSpecTests {
    @Test("An interim status cannot end a request, so it answers 500")
    func interimStatus() async throws {
        let gateway = try await TestGateway(
            """
            openapi: 3.0.1
            info: {title: hardening, version: "1"}
            paths:
              /interim:
                get:
                  responses: {"100": {description: no answer}}
                  x-amazon-apigateway-integration:
                    type: mock
                    requestTemplates: {application/json: '{"statusCode": 200}'}
                    responses: {default: {statusCode: "100"}}
            """)
        let response = try gateway.request("GET", "/dev/interim")
        #expect(response.status == 500)
        #expect(response.text == #"{"message":"Internal server error"}"#)
        await gateway.stop()
    }

    @Test(
        "A model that refers to nothing but itself is an error also where no validator reads it",
        arguments: [
            "A: {$ref: '#/components/schemas/A'}",
            "A: {$ref: '#/components/schemas/B'}, B: {$ref: '#/components/schemas/C'}, C: {$ref: '#/components/schemas/A'}",
            "Z: {$ref: '#/components/schemas/A'}, A: {$ref: '#/components/schemas/A'}",
        ])
    func circularModel(schemas: String) {
        let error = #expect(throws: TestSupportError.self) { try TestGateway.compile(Self.withSchemas(schemas)) }
        let lines = (error?.description ?? "").split(separator: "\n").filter { $0.hasPrefix("model.") }
        #expect(lines == ["model.invalid: model 'A': '$ref' leads back to itself"])
    }

    @Test(
        "A model that contains itself is none the worse for it",
        arguments: [
            "A: {type: object, properties: {next: {$ref: '#/components/schemas/A'}}}",
            "A: {$ref: '#/components/schemas/B'}, B: {type: object, properties: {next: {$ref: '#/components/schemas/A'}}}",
        ])
    func recursiveModel(schemas: String) throws {
        _ = try TestGateway.compile(Self.withSchemas(schemas))
    }

    private static func withSchemas(_ schemas: String) -> String {
        HardeningSpec.text() + "\ncomponents: {schemas: {\(schemas)}}\n"
    }
}
