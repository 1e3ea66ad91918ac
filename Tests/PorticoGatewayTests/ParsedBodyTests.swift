import PorticoTestSupport
import Testing

@Suite("Bodies are parsed once a request")
struct ParsedBodyTests {
    @Test("a body at the place and of the length of the one before is judged by itself")
    func sameLength() async throws {
        let gateway = try await TestGateway(
            """
            openapi: 3.0.1
            info: { title: t, version: "1" }
            x-amazon-apigateway-request-validators: { body: { validateRequestBody: true } }
            x-amazon-apigateway-request-validator: body
            components: { schemas: { Pet: { type: object, required: [name], properties: { name: { type: string } } } } }
            paths:
              /x:
                post:
                  requestBody:
                    content: { application/json: { schema: { $ref: "#/components/schemas/Pet" } } }
                  responses: { "200": { description: ok } }
                  x-amazon-apigateway-integration:
                    type: mock
                    requestTemplates: { application/json: '{"statusCode": 200}' }
                    responses: { default: { statusCode: "200" } }
            """)
        let bodies = [
            (#"{"name":"a"}"#, 200), (#"{"nome":"a"}"#, 400), (#"{"name":123}"#, 400), (#"{"name":"b"}"#, 200),
        ]
        for _ in 0..<5 {
            for (body, status) in bodies {
                let response = try gateway.request(
                    "POST", "/dev/x", headers: [("Content-Type", "application/json")], body: body)
                #expect(response.status == status, "\(body)")
            }
        }
        await gateway.stop()
    }
}
