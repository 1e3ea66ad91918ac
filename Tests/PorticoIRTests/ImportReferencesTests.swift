import PorticoIR
import PorticoSyntax
import Testing

/// `$ref`s in the file and to files beside it.
@Suite struct ImportReferencesTests {
    @Test("a reference in the file gets exactly the diagnostics that it announces", arguments: documents)
    func local(_ document: MarkedDocument) {
        expectMarks(document.text, importText(document.text))
    }

    static let documents: [MarkedDocument] = [
        MarkedDocument(
            "missing targets",
            """
            openapi: 3.0.1
            info: {title: t}
            paths:
              /x:
                parameters:
                - $ref: '#/components/parameters/Nmae'
            #           ^ error[ref.missing]: did you mean '#/components/parameters/Name'?
                post:
                  requestBody: {$ref: '#/components/bodies/B'}
            #                         ^ error[ref.missing]: '#/components/bodies/B'
                  responses:
                    '200':
                      description: ok
                      content: {application/json: {schema: {$ref: '#/components/schemas/Pets'}}}
            #                                                     ^ error[ref.missing]: did you mean '#/components/schemas/Pet'?
                  x-amazon-apigateway-integration: {type: mock, responses: {default: {statusCode: 200}}}
            components:
              parameters: {Name: {name: a, in: query}}
              schemas:
                Pet:
                  properties:
                    a: {$ref: '#/components/schemas/Cat'}
            #                 ^ error[ref.missing]
            """),
        MarkedDocument(
            "circles",
            """
            openapi: 3.0.1
            info: {title: t}
            paths:
              /x: {$ref: '#/paths/~1y'}
            #            ^ error[ref.circular]: path '/x'
              /y: {$ref: '#/paths/~1x'}
            #            ^ error[ref.circular]: path '/y'
              /z:
                get:
                  parameters:
                  - {$ref: '#/components/parameters/A'}
            #              ^ error[ref.circular]: a parameter
                  responses: {'200': {description: ok}}
                  x-amazon-apigateway-integration: {type: mock, responses: {default: {statusCode: 200}}}
            components:
              parameters:
                A: {$ref: '#/components/parameters/A'}
              schemas:
                Node: {properties: {next: {$ref: '#/components/schemas/Node'}, other: {$ref: '#/components/schemas/Tree'}}}
                Tree: {properties: {node: {$ref: '#/components/schemas/Node'}}}
            """),
        MarkedDocument(
            "what is no reference",
            """
            openapi: 3.0.1
            info: {title: t}
            paths:
              /x:
                get:
                  parameters:
                  - $ref: '#components'
            #             ^ error[ref.invalid]: '#components'
                  - $ref: https://example.com/a.yaml
            #             ^ error[ref.invalid]: network
                  - $ref: 5
            #             ^ error[openapi.wrong-type]: '$ref' must be a string
                  - $ref: '#/components/parameters/A'
                    required: true
            #       ^ warning[ref.siblings]: 'required'
                  responses: {'200': {description: ok}}
                  x-amazon-apigateway-integration: {type: mock, responses: {default: {statusCode: 200}}}
            components: {parameters: {A: {name: a, in: query}}}
            """),
        MarkedDocument(
            "default models",
            """
            openapi: 3.0.1
            info: {title: t}
            paths:
              /x:
                get:
                  responses:
                    '200': {description: ok, content: {a/b: {schema: {$ref: '#/components/schemas/Empty'}}}}
            #                                                               ^ warning[ref.default-model]: 'Empty'
                    '400': {description: ok, content: {a/b: {schema: {$ref: '#/components/schemas/Empty'}}}}
                  x-amazon-apigateway-integration: {type: mock, responses: {default: {statusCode: 200}}}
            """),
        MarkedDocument(
            "escapes and paths through references",
            """
            openapi: 3.0.1
            info: {title: t}
            paths:
              /x/{id}:
                get: &get
                  parameters:
                  - $ref: '#/components/parameters/a~1b~0c%20d'
                  - $ref: '#/paths/~1y~1%7Bid%7D/parameters/0'
                  responses: {'200': {$ref: '#/components/responses/R/nested'}}
                  x-amazon-apigateway-integration: {type: mock, responses: {default: {statusCode: 200}}}
              /y/{id}:
                parameters: [{name: n, in: query}]
            components:
              parameters: {'a/b~c d': {name: m, in: query}}
              responses: {R: {$ref: '#/components/responses/S'}, S: {nested: {description: ok}}}
            """),
    ]

    @Test("references to files beside are followed, with a warning, relative to the file that they stand in")
    func external() throws {
        let files = [
            "specs/shared/types.yaml": """
            Pet: {type: object, properties: {owner: {$ref: '#/Owner'}, home: {$ref: '../homes.json#/definitions/Home'}}}
            Owner: {type: object, properties: {pet: {$ref: '#/Pet'}}}
            Limit: {name: limit, in: query}
            """,
            "specs/homes.json": "{\"definitions\": {\"Home\": {\"type\": \"string\"}}}",
            "specs/path.yaml": "get: {operationId: fromFile}",
        ]
        let text = """
            openapi: 3.0.1
            info: {title: t}
            paths:
              /x: {$ref: path.yaml}
              /y:
                post:
                  parameters: [{$ref: 'shared/types.yaml#/Limit'}]
                  requestBody: {content: {application/json: {schema: {$ref: 'shared/types.yaml#/Pet'}}}}
            components: {schemas: {Owner: {type: string}}}
            """
        let result = importText(text, name: "specs/api.yaml", with: files)
        let api = try #require(result.description)
        #expect(!result.diagnostics.hasErrors)
        #expect(result.diagnostics.filter { $0.id.name == "ref.external" }.count == 4)
        #expect(api.resources.first?.methods.first?.operationName == "fromFile")
        let method = try #require(api.resources.last?.methods.first)
        #expect(method.requestParameters.map(\.name.value) == ["limit"])
        #expect(method.requestModels.first?.model?.value == "Pet")
        #expect(api.models.map(\.name.value).sorted() == ["Home", "Owner", "Owner2", "Pet"])
        let pet = try #require(api.models.first { $0.name.value == "Pet" })
        #expect(pet.schema["properties"]?["owner"]?["$ref"] == .string("#/components/schemas/Owner2"))
        #expect(pet.schema["properties"]?["home"]?["$ref"] == .string("#/components/schemas/Home"))
        #expect(
            Set(result.dependencies) == [
                "specs/api.yaml", "specs/shared/types.yaml", "specs/homes.json", "specs/path.yaml",
            ])
    }

    @Test("a missing file is an error at the reference, and a dependency")
    func missingFile() throws {
        let result = importText(
            "openapi: 3.0.1\ninfo: {title: t}\npaths:\n  /x: {$ref: other.yaml}\n  /y: {$ref: other.yaml}\n")
        let error = try #require(result.diagnostics.first { $0.id.name == "import.unreadable" })
        #expect(result.sources.position(of: error.span)?.line == 4)
        #expect(error.message == "cannot read 'other.yaml': No such file or directory")
        #expect(result.dependencies == ["api.yaml", "other.yaml"])
    }

    @Test("a spec that cannot be read gives one error and no description")
    func missingSpec() {
        let result = Importer.importDocument(path: "none.yaml", loader: MemoryFiles(files: [:]))
        #expect(result.description == nil)
        #expect(result.diagnostics.map(\.id.name) == ["import.unreadable"])
        #expect(result.dependencies == ["none.yaml"])
    }

    @Test("models of the service's own addresses are found by name")
    func serviceAddress() throws {
        let result = importText(
            """
            swagger: '2.0'
            info: {title: t}
            paths: {}
            definitions:
              A: {properties: {b: {$ref: 'https://apigateway.amazonaws.com/restapis/abc/models/B'}}}
              B: {type: string}
            """)
        #expect(result.diagnostics.isEmpty)
        let reference = result.description?.models.first?.schema["properties"]?["b"]?["$ref"]
        #expect(reference == .string("#/components/schemas/B"))
    }

    @Test("a reference to a schema that is no model makes one")
    func schemaElsewhere() throws {
        let result = importText(
            """
            openapi: 3.0.1
            info: {title: t}
            paths:
              /x:
                post:
                  requestBody: {content: {a/b: {schema: {$ref: '#/x-types/Pet'}}}}
            x-types: {Pet: {type: object}}
            """)
        #expect(!result.diagnostics.hasErrors)
        #expect(result.description?.models.map(\.name.value) == ["Pet"])
    }
}
