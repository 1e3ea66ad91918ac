import PorticoTestSupport
import Testing

@Suite("Models of request validators")
struct SchemaModelTests {
    private static func spec(_ properties: String) -> String {
        """
        openapi: 3.0.1
        info: {title: models, version: "1"}
        x-amazon-apigateway-request-validators: {all: {validateRequestBody: true, validateRequestParameters: true}}
        x-amazon-apigateway-request-validator: all
        x-amazon-apigateway-gateway-responses:
          BAD_REQUEST_BODY:
            statusCode: 400
            responseTemplates: {application/json: "$context.error.message: $context.error.validationErrorString"}
        paths:
          /orders:
            post:
              requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}
              x-amazon-apigateway-integration:
                type: mock
                requestTemplates: {application/json: '{"statusCode": 200}'}
                responses: {default: {statusCode: "200"}}
        components:
          schemas:
            Order:
              type: object
              required: [id]
              additionalProperties: false
              properties:
                id: {type: integer}
        \(properties)
        """
    }

    @Test("each violation is named in validationErrorString, in json-schema-validator's words")
    func words() async throws {
        let gateway = try await TestGateway(
            Self.spec(
                """
                        mail: {format: email}
                        code: {pattern: "^[A-Z]+$", maxLength: 3}
                        owner: {$ref: "#/components/schemas/Owner"}
                    Owner: {type: object, properties: {age: {type: integer, minimum: 18}}}
                """))
        let rows = [
            (#"{}"#, #"[object has missing required properties (["id"])]"#),
            (
                #"{"id":"1"}"#,
                #"[instance type (string) does not match any allowed primitive type (allowed: ["integer"])]"#
            ),
            (
                #"{"x":1,"y":2}"#,
                #"[object instance has properties which are not allowed by the schema: ["x","y"], object has missing required properties (["id"])]"#
            ),
            (#"{"id":1,"mail":"nobody"}"#, #"[string "nobody" is not a valid email address]"#),
            (
                #"{"id":1,"code":"abcd","owner":{"age":17}}"#,
                #"[string "abcd" is too long (length: 4, maximum allowed: 3), ECMA 262 regex "^[A-Z]+$" does not match input string "abcd", numeric instance is lower than the required minimum (minimum: 18, found: 17)]"#
            ),
        ]
        for (body, message) in rows {
            let response = try gateway.request("POST", "/dev/orders", body: body)
            #expect(response.status == 400)
            #expect(response.text == "Invalid request body: " + message)
        }
        #expect(try gateway.request("POST", "/dev/orders", body: #"{"id":1,"mail":"a@b.c","code":"AB"}"#).status == 200)
        await gateway.stop()
    }

    @Test("what a model says in vain is a warning at its line, also in a model that only another one refers to")
    func warnings() throws {
        let diagnostics = try SchemaModelCompilation.diagnostics(
            Self.spec(
                """
                        note: {type: string, nullable: true}
                        kind: {oneOf: [{$ref: "#/components/schemas/Owner"}], discriminator: {propertyName: k}}
                    Owner:
                      type: object
                      properties:
                        born: {type: string, format: date}
                        twin: {$ref: "#/components/schemas/Owner"}
                        age:
                          const: 3
                    Unused: {const: 1}
                """))
        #expect(
            diagnostics == [
                "26 model.ignored: model 'Order': 'nullable' is ignored, null is refused; write 'type' with \"null\" in its list",
                "27 model.ignored: model 'Order': 'discriminator' is ignored: each schema of 'oneOf' or 'anyOf' is tried",
                "31 model.ignored: model 'Owner': 'format' \"date\" is not known to JSON Schema draft 4 and is not checked; write a 'pattern'",
                "34 model.ignored: model 'Owner': 'const' is not a keyword of JSON Schema draft 4 and is ignored; write 'enum' with one value",
            ])
    }

    @Test("a model that is no schema is an error at its line")
    func errors() throws {
        let diagnostics = try SchemaModelCompilation.diagnostics(
            Self.spec("            code:\n              type: string\n              pattern: \"(\""))
        #expect(diagnostics == ["28 model.invalid: model 'Order': malformed pattern '(': unclosed group"])
    }
}
