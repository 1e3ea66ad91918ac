import PorticoSyntax
import PorticoTestSupport
import Testing

@Suite("portico validate --examples")
struct ValidateExamplesTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// An OpenAPI 3 document around the lines of an operation and of `components`, indented as they must stand.
    private func document(_ operation: String, _ components: String = "") -> String {
        """
        openapi: 3.0.1
        info: {title: t, version: "1"}
        paths:
          /x:
            post:
        \(operation)
              x-amazon-apigateway-integration: {type: mock, requestTemplates: {application/json: '{"statusCode": 200}'}, responses: {default: {statusCode: "200"}}}
        components:
          schemas:
            Pet:
              type: object
              required: [name]
              properties: {name: {type: string}, age: {type: integer, minimum: 0}}
        \(components)
        """
    }

    private func lines(_ text: String, _ name: String = "api.yaml") throws -> [String] {
        let spec = try folder.write(name, text)
        let plain = try PorticoProcess.run("validate", spec)
        #expect(plain.status == 0, "\(plain.output)")
        let outcome = try PorticoProcess.run("validate", spec, "--examples", "--format", "json")
        guard case .array(let rows)? = JSONValue(parsing: outcome.output)?["diagnostics"] else {
            Issue.record("no diagnostics: \(outcome.output)")
            return []
        }
        let found = rows.compactMap { row -> String? in
            guard case .string(let id)? = row["id"], id.hasPrefix("example."),
                case .string(let message)? = row["message"],
                case .number(let line)? = row["place"]?["line"]
            else { return nil }
            return "\(line): \(message)"
        }
        #expect(outcome.status == (found.isEmpty ? 0 : 3), "\(outcome.errors)")
        return found
    }

    @Test("examples of bodies are checked, through references to models and to shared examples")
    func bodies() throws {
        let found = try lines(
            document(
                """
                      requestBody:
                        content:
                          application/json:
                            schema: {$ref: '#/components/schemas/Pet'}
                            example: {name: a, age: -1}
                          application/xml:
                            schema: {$ref: '#/components/schemas/Pet'}
                            example: <Pet/>
                      responses:
                        "200":
                          description: ok
                          content:
                            application/json:
                              schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}
                              examples:
                                good: {value: [{name: a}]}
                                bad:
                                  value:
                                    - name: a
                                    - age: 3
                                shared: {$ref: '#/components/examples/Pets'}
                """,
                """
                  examples:
                    Pets:
                      value: [{name: 1}]
                """))
        #expect(
            found == [
                """
                10: example of the body as 'application/json' at /age: numeric instance is lower than the required minimum \
                (minimum: 0, found: -1)
                """,
                """
                25: example of the body as 'application/json', 'bad' at /1: object has missing required properties (["name"])
                """,
                """
                36: example of the body as 'application/json', 'shared' at /0/name: instance type (integer) does not match \
                any allowed primitive type (allowed: ["string"])
                """,
            ])
    }

    @Test("examples of parameters, headers and schemas are checked")
    func others() throws {
        let found = try lines(
            document(
                """
                      parameters:
                        - {name: limit, in: query, schema: {type: integer}, example: ten}
                        - {name: order, in: query, schema: {enum: [up, down]}, examples: {a: {value: up}, b: {value: left}}}
                      responses:
                        "200":
                          description: ok
                          headers: {X-Count: {schema: {type: integer}, example: many}}
                """,
                """
                    Cat:
                      type: object
                      example: {lives: nine}
                      properties:
                        lives: {type: integer, example: 9}
                        example: {type: string}
                        colour: {type: string, example: 7}
                """))
        #expect(found.map { $0.prefix { $0 != ":" } } == ["7", "8", "12", "22", "26"], "\(found)")
        #expect(found[0].contains("parameter 'limit'") && found[1].contains("parameter 'order', 'b'"), "\(found)")
        #expect(found[2].contains("header 'X-Count'") && found[3].contains("at /lives"), "\(found)")
    }

    @Test("examples of a Swagger 2 response are checked, as values and as JSON in text")
    func swagger() throws {
        let found = try lines(
            """
            swagger: "2.0"
            info: {title: t, version: "1"}
            paths:
              /x:
                get:
                  responses:
                    "200":
                      description: ok
                      schema: {$ref: '#/definitions/Pet'}
                      examples: {application/json: {name: 1}, text/plain: x}
                    "404":
                      description: none
                      schema: {$ref: '#/definitions/Pet'}
                      examples: {application/json: '{"name": "a"}'}
                    "500":
                      description: broken
                      schema: {$ref: '#/definitions/Pet'}
                      examples: {application/json: '{"name": []}'}
                  x-amazon-apigateway-integration: {type: mock, requestTemplates: {application/json: '{"statusCode": 200}'}, responses: {default: {statusCode: "200"}}}
            definitions:
              Pet: {type: object, required: [name], properties: {name: {type: string}}}
            """)
        #expect(found.map { $0.prefix { $0 != ":" } } == ["10", "18"], "\(found)")
    }

    @Test("a schema that is none leaves its example unchecked, and says so")
    func unchecked() throws {
        let spec = try folder.write(
            "api.yaml", document("      responses: {}", "    Odd: {type: text, example: 1}"))
        let outcome = try PorticoProcess.run("validate", spec, "--examples")
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("warning[example.unchecked]"), "\(outcome.output)")
        #expect(outcome.output.contains("unknown type 'text'"), "\(outcome.output)")
    }

    @Test("violations come in every format", arguments: ["text", "json", "sarif", "github"])
    func formats(format: String) throws {
        let spec = try folder.write("api.yaml", document("      responses: {}", "    A: {type: string, example: 1}"))
        let outcome = try PorticoProcess.run("validate", spec, "--examples", "--format", format)
        #expect(outcome.status == 3)
        #expect(outcome.output.contains("example.invalid"), "\(outcome.output)")
        #expect(outcome.output.contains("instance type (integer)"), "\(outcome.output)")
        #expect(outcome.errors.contains(": 1 error"), "\(outcome.errors)")
    }
}
