import PorticoIR
import PorticoSyntax
import Testing

/// What lands in the description.
@Suite struct ImportFactsTests {
    private func describe(
        _ text: String, name: String = "api.yaml", with files: [String: String] = [:],
        options: ImportOptions = ImportOptions(), sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> APIDescription {
        let result = importText(text, name: name, with: files, options: options)
        let errors = result.diagnostics.filter { $0.severity == .error }.map(\.message)
        #expect(errors.isEmpty, sourceLocation: sourceLocation)
        return try #require(result.description, sourceLocation: sourceLocation)
    }

    private func firstMethod(_ api: APIDescription) throws -> Method {
        try #require(api.resources.first?.methods.first)
    }

    @Test("an integration is read with all its members and the service's defaults")
    func integration() throws {
        let api = try describe(
            """
            swagger: '2.0'
            info: {title: Pets, version: 1.0, description: All of them}
            paths:
              /pets/{id}:
                x-amazon-apigateway-any-method:
                  operationId: Any
                  responses: {200: {description: ok, headers: {X: {type: string}}}}
                  x-amazon-apigateway-integration:
                    type: http
                    httpMethod: post
                    uri: https://a.example.com/{id}
                    credentials: arn:aws:iam::*:user/*
                    requestParameters: {integration.request.path.id: method.request.path.id}
                    requestTemplates: {application/json: '', text/plain: "$input.body"}
                    responses:
                      default: {statusCode: 200}
                      4\\d\\d:
                        statusCode: '404'
                        responseParameters: {method.response.header.X: "'x'"}
                        responseTemplates: {application/json: '{}'}
                        contentHandling: CONVERT_TO_BINARY
                    timeoutInMillis: 50
                    cacheNamespace: n
                    cacheKeyParameters: [method.request.path.id]
                    tlsConfig: {insecureSkipVerification: true}
            """)
        #expect(api.info.version == "1.0")
        #expect(api.info.description == "All of them")
        let method = try firstMethod(api)
        #expect(method.verb.value == .any)
        #expect(method.operationName == "Any")
        #expect(method.responses.first?.headers.first?.schema == .object([JSONMember("type", .string("string"))]))
        let integration = try #require(method.integration)
        #expect(integration.type.value == .http)
        #expect(integration.httpMethod?.value == "POST")
        #expect(integration.uri?.value.string == "https://a.example.com/{id}")
        #expect(integration.credentials?.value == "arn:aws:iam::*:user/*")
        #expect(integration.connectionType.value == .internet)
        #expect(integration.passthroughBehavior.value == .whenNoMatch)
        #expect(integration.requestTemplates.map(\.template?.string) == [nil, "$input.body"])
        #expect(integration.responses.map(\.selectionPattern?.value.string) == [nil, "4\\d\\d"])
        #expect(integration.responses.map(\.statusCode.value) == ["200", "404"])
        #expect(integration.responses.last?.contentHandling?.value == .convertToBinary)
        #expect(integration.responses.last?.responseParameters.first?.expression.value.string == "'x'")
        #expect(integration.timeoutMilliseconds?.value == 50)
        #expect(integration.cacheNamespace?.value == "n")
        #expect(integration.cacheKeyParameters.map(\.value) == ["method.request.path.id"])
        #expect(integration.tlsConfig == TLSConfig(insecureSkipVerification: true))
        #expect(integration.responseTransferMode.value == .buffered)
    }

    @Test("a mock's verb is not stored, as on AWS")
    func mockVerb() throws {
        let api = try describe(
            document(
                operation:
                    "      {x-amazon-apigateway-integration: {type: mock, httpMethod: GET, responses: {default: {statusCode: 200}}}}"
            ))
        #expect(try firstMethod(api).integration?.httpMethod == nil)
    }

    @Test("a Lambda proxy is called with POST, whatever the file says", arguments: ["GET", "any", "POST"])
    func forcedVerb(_ verb: String) throws {
        let api = try describe(
            document(
                operation:
                    "      {x-amazon-apigateway-integration: {type: aws_proxy, httpMethod: \(verb), "
                    + "uri: 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/f/invocations'}}"))
        #expect(try firstMethod(api).integration?.httpMethod?.value == "POST")
    }

    @Test("parameters of the path are shared, replaced by the operation's, and added by themselves")
    func parameters() throws {
        let api = try describe(
            """
            openapi: 3.0.1
            info: {title: t}
            paths:
              /a/{x}/{y}/{rest+}:
                parameters:
                - {name: q, in: query, required: true}
                - {name: x, in: path, schema: {type: integer}}
                - $ref: '#/components/parameters/H'
                get:
                  parameters:
                  - {name: q, in: query, description: own}
            components:
              parameters:
                H: {name: X-H, in: header, required: true}
            """)
        let parameters = try firstMethod(api).requestParameters
        let facts = parameters.map { "\($0.location.rawValue).\($0.name.value)=\($0.isRequired)" }
        #expect(facts == ["path.x=true", "header.X-H=true", "querystring.q=false", "path.y=true"])
        #expect(parameters.first?.schema == .object([JSONMember("type", .string("integer"))]))
    }

    @Test("bodies and responses become models for each media type")
    func models() throws {
        let swagger = try describe(
            """
            swagger: '2.0'
            info: {title: t}
            consumes: [application/xml]
            produces: [text/a, 'text/b; charset=utf-8']
            paths:
              /x:
                post:
                  parameters: [{in: body, name: b, schema: {$ref: '#/definitions/Pet'}}]
                  responses: {'200': {description: ok, schema: {type: array, items: {$ref: '#/definitions/Pet'}}}}
            definitions:
              Pet: {type: object, description: A pet, properties: {mother: {$ref: '#/definitions/Pet'}}}
            """)
        let method = try firstMethod(swagger)
        #expect(method.requestModels.map(\.mediaType) == ["application/xml"])
        #expect(method.requestModels.first?.model?.value == "Pet")
        #expect(method.responses.first?.models.map(\.mediaType) == ["text/a", "text/b"])
        #expect(method.responses.first?.models.first?.model == nil)
        #expect(method.responses.first?.models.first?.schema?["items"]?["$ref"] == .string("#/components/schemas/Pet"))
        #expect(swagger.models.first?.description == "A pet")
        let mother = swagger.models.first?.schema["properties"]?["mother"]?["$ref"]
        #expect(mother == .string("#/components/schemas/Pet"))

        let three = try describe(
            """
            openapi: 3.0.1
            info: {title: t}
            paths:
              /x:
                post:
                  requestBody: {$ref: '#/components/requestBodies/B'}
                  responses: {'200': {$ref: '#/components/responses/R'}}
            components:
              requestBodies:
                B: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}, text/plain: {}}}
              responses:
                R:
                  description: ok
                  headers: {X: {$ref: '#/components/headers/X'}}
                  content: {application/json: {schema: {type: string}}}
              headers: {X: {description: a header, schema: {type: string}}}
              schemas: {Pet: {type: object, example: {$ref: nowhere}}}
            """)
        let other = try firstMethod(three)
        #expect(other.requestModels.map { $0.model?.value } == ["Pet"])
        #expect(other.responses.first?.headers.first?.description == "a header")
        #expect(other.responses.first?.models.first?.schema == .object([JSONMember("type", .string("string"))]))
    }

    @Test(
        "basepath is left out, put before all paths, or put before them without its first segment",
        arguments: [
            (BasepathMode.ignore, ["/", "/e"]), (.prepend, ["/a/b/c", "/a/b/c/e"]), (.split, ["/b/c", "/b/c/e"]),
        ])
    func basepath(mode: BasepathMode, expected: [String]) throws {
        var options = ImportOptions()
        options.basepath = mode
        let paths = "paths: {/: {}, /e: {}}\n"
        let documents = [
            "swagger: '2.0'\ninfo: {title: t}\nbasePath: /a/b/c\n",
            "openapi: 3.0.1\ninfo: {title: t}\nservers: [{url: 'https://x/'}, {url: 'https://x/a/b/c?q=1'}]\n",
            "openapi: 3.0.1\ninfo: {title: t}\nservers: [{url: https://x/other, variables: {basePath: {default: /a/b/c}}}]\n",
        ]
        for text in documents {
            #expect(try describe(text + paths, options: options).resources.map(\.path.value) == expected)
        }
    }

    @Test("security decides authorization, scopes and API keys")
    func security() throws {
        let uri = "'\(ImportDocuments.lambda)'"
        let api = try describe(
            """
            openapi: 3.0.1
            info: {title: t}
            security: [{pool: [read]}]
            paths:
              /a: {get: {}}
              /b: {get: {security: []}}
              /c: {get: {security: [{token: [], key: []}]}}
              /d: {get: {security: [{sig: []}]}}
              /e: {get: {security: [{oauth: [a]}]}}
              /f: {get: {security: [{key: []}], x-amazon-apigateway-auth: {type: aws_iam}}}
              /g: {get: {security: [{token: [s]}, {key: []}]}}
            components:
              securitySchemes:
                key: {type: apiKey, name: X-Api-Key, in: header}
                sig: {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4}
                oauth: {type: oauth2}
                pool:
                  type: apiKey
                  name: Auth
                  in: header
                  x-amazon-apigateway-authtype: cognito_user_pools
                  x-amazon-apigateway-authorizer: {type: cognito_user_pools, providerARNs: [arn:aws:cognito-idp:us-east-1:000000000000:userpool/p]}
                token:
                  type: apiKey
                  name: T
                  in: header
                  x-amazon-apigateway-authorizer: {type: token, authorizerUri: \(uri), authorizerResultTtlInSeconds: 0}
                unused:
                  type: apiKey
                  name: Unused
                  in: header
                  x-amazon-apigateway-authorizer:
                    type: request
                    authorizerUri: \(uri)
                    identitySource: 'method.request.header.A, context.identity.sourceIp'
            """)
        let methods = api.resources.compactMap(\.methods.first)
        #expect(
            methods.map(\.authorization.value) == [
                .cognitoUserPools(authorizer: "pool", scopes: ["read"]), .none,
                .custom(authorizer: "token", scopes: []),
                .iam, .unsupported(scheme: "oauth"), .iam, .custom(authorizer: "token", scopes: ["s"]),
            ])
        #expect(methods.map(\.apiKeyRequired) == [false, false, true, false, false, true, true])
        #expect(api.authorizers.map(\.name.value) == ["pool", "token", "unused"])
        #expect(api.authorizers.map(\.type.value) == [.cognitoUserPools, .token, .request])
        #expect(
            api.authorizers.map { $0.identitySource?.value } == [
                "method.request.header.Auth", "method.request.header.T",
                "method.request.header.A, context.identity.sourceIp",
            ])
        #expect(api.authorizers.map { $0.resultTTLSeconds?.value } == [nil, 0, nil])
        #expect(api.authorizers.first?.authType == "cognito_user_pools")
        #expect(
            api.authorizers.first?.providerARNs.map(\.value) == [
                "arn:aws:cognito-idp:us-east-1:000000000000:userpool/p"
            ])
    }

    @Test("root extensions are typed")
    func rootExtensions() throws {
        let api = try describe(
            """
            openapi: 3.0.1
            info: {title: t}
            servers: [{url: https://a, x-amazon-apigateway-endpoint-configuration: {vpcEndpointIds: [vpce-1]}}]
            tags: [{name: a, description: d}]
            paths:
              /x: {get: {x-portico-pagination: {token: next}, tags: [a], deprecated: true, summary: s}}
              /y: {get: {x-amazon-apigateway-request-validator: body}}
            x-amazon-apigateway-api-key-source: AUTHORIZER
            x-amazon-apigateway-minimum-compression-size: 0
            x-amazon-apigateway-binary-media-types: ['image/*', 'image/*', '*/*']
            x-amazon-apigateway-request-validators: {all: {validateRequestBody: true, validateRequestParameters: true}, body: {validateRequestBody: true}}
            x-amazon-apigateway-request-validator: all
            x-amazon-apigateway-policy: '{"Statement": []}'
            x-amazon-apigateway-security-policy: TLS_1_2
            x-amazon-apigateway-endpoint-access-mode: basic
            x-amazon-apigateway-endpoint-configuration: {disableExecuteApiEndpoint: true}
            x-amazon-apigateway-gateway-responses:
              THROTTLED: {statusCode: 420, responseParameters: {gatewayresponse.header.A: "'a'"}, responseTemplates: {application/json: ''}}
            x-amazon-apigateway-documentation: {version: 1.0, documentationParts: [{location: {type: API}, properties: '{}'}]}
            x-portico-endpoints: {DynamoDB: 'http://127.0.0.1:8000'}
            x-portico-functions: {f: {runtime: python3.11, handler: a.b}}
            x-portico-domain-names: {A.example.com: {basePathMappings: {'': dev}}}
            """)
        #expect(api.apiKeySource.value == .authorizer)
        #expect(api.minimumCompressionSize?.value == 0)
        #expect(api.binaryMediaTypes.map(\.value) == ["image/*", "*/*"])
        #expect(api.requestValidators.map(\.validateRequestParameters) == [true, false])
        #expect(api.resources.compactMap(\.methods.first?.requestValidator?.value) == ["all", "body"])
        #expect(api.policy?.value == .object([JSONMember("Statement", .array([]))]))
        #expect(api.securityPolicy?.value == .tls12)
        #expect(api.endpointAccessMode?.value == .basic)
        #expect(api.endpointConfiguration.disableExecuteAPIEndpoint?.value == true)
        #expect(api.endpointConfiguration.vpcEndpointIDs.map(\.value) == ["vpce-1"])
        let response = try #require(api.gatewayResponses.first)
        #expect(response.type.value == .throttled)
        #expect(response.statusCode?.value == "420")
        #expect(response.responseTemplates.map(\.template) == [nil])
        #expect(api.documentation?.version == "1.0")
        #expect(api.documentation?.parts.count == 1)
        #expect(api.tags == [Tag(name: "a", description: "d")])
        let method = try firstMethod(api)
        #expect(method.pagination?["token"] == .string("next"))
        #expect(method.deprecated && method.tags == ["a"] && method.summary == "s")
        #expect(api.endpoints.map { "\($0.name.value)=\($0.value.value)" } == ["dynamodb=http://127.0.0.1:8000"])
        #expect(api.functions.map(\.name.value) == ["f"])
        #expect(api.domainNames.map(\.name.value) == ["a.example.com"])
        #expect(api.stages.map(\.name.value) == ["dev"])
    }

    @Test("stages, plans and keys carry the names of the AWS wire")
    func hosting() throws {
        let api = try describe(
            """
            openapi: 3.0.1
            info: {title: t}
            paths: {}
            x-portico-stages:
              dev: {}
              prod:
                variables: {TestHost: '127.0.0.1:1234', n: 5}
                methodSettings: {'*/*': {throttlingRateLimit: 100}}
                canarySettings: {percentTraffic: 10, stageVariableOverrides: {n: six}}
                accessLogSettings: {destinationArn: stdout, format: $context.requestId}
                cacheClusterEnabled: true
                cacheClusterSize: 0.5
                tracingEnabled: true
            x-portico-usage-plans: {gold: {apiStages: [prod]}}
            x-portico-api-keys: [{name: k, value: '01234567890123456789', enabled: false, usagePlans: [gold]}]
            """)
        #expect(api.stages.map(\.name.value) == ["dev", "prod"])
        let stage = try #require(api.stages.last)
        #expect(stage.variables.map { "\($0.name.value)=\($0.value.value)" } == ["TestHost=127.0.0.1:1234", "n=5"])
        #expect(stage.methodSettings.first?.value["throttlingRateLimit"] == .number("100"))
        #expect(stage.canarySettings?["percentTraffic"] == .number("10"))
        #expect(stage.accessLogSettings?.format?.value.string == "$context.requestId")
        #expect(stage.accessLogSettings?.destination?.value == .standardOutput)
        #expect(stage.cacheClusterEnabled && stage.tracingEnabled)
        #expect(stage.cacheClusterSize == "0.5")
        #expect(api.usagePlans.first?.settings["apiStages"] == .array([.string("prod")]))
        #expect(api.usagePlans.first?.stages.map(\.name.value) == ["prod"])
        #expect(api.apiKeys.first?.isEnabled == false)
        #expect(api.apiKeys.first?.usagePlans.map(\.value) == ["gold"])
    }

    @Test("the overlay's keys win, and its other keys are reported")
    func overlay() throws {
        var options = ImportOptions()
        options.configPath = "local.yaml"
        let spec =
            "openapi: 3.0.1\ninfo: {title: t}\npaths: {}\nx-portico-stages: {prod: {}}\nx-portico-endpoints: {sqs: 'http://a'}\n"
        let result = importText(
            spec,
            with: [
                "local.yaml": "x-portico-stages: {test: {}}\nx-portico-functions: {f: {url: 'http://a'}}\npaths: {}\n"
            ],
            options: options)
        let api = try #require(result.description)
        #expect(api.stages.map(\.name.value) == ["test"])
        #expect(api.endpoints.count == 1)
        #expect(api.functions.count == 1)
        #expect(result.diagnostics.map(\.id.name) == ["overlay.ignored-key"])
        #expect(Set(result.dependencies) == ["api.yaml", "local.yaml"])
    }

    @Test("parameters come from options, overlay and root, and unresolved names make an address invalid")
    func intrinsics() throws {
        let spec = """
            openapi: 3.0.1
            info: {title: !Sub '${Name}-api'}
            x-portico-parameters: {Name: shop}
            paths:
              /x:
                get:
                  x-amazon-apigateway-integration:
                    type: aws_proxy
                    httpMethod: POST
                    uri: {'Fn::Sub': 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${F.Arn}/invocations'}
            """
        var options = ImportOptions()
        options.region = "eu-west-1"
        let open = try describe(spec, options: options)
        #expect(open.info.title.value == "shop-api")
        #expect(try firstMethod(open).integration?.unresolvedParameters == ["F.Arn"])
        options.parameters = ["F.Arn": "arn:aws:lambda:eu-west-1:000000000000:function:f", "Name": "other"]
        let closed = try describe(spec, options: options)
        #expect(closed.info.title.value == "other-api")
        let integration = try #require(try firstMethod(closed).integration)
        #expect(integration.unresolvedParameters.isEmpty)
        #expect(
            integration.uri?.value.string
                == "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:000000000000:function:f/invocations"
        )
    }

    @Test("a stage variable that is set elsewhere is not missed")
    func stageVariables() {
        let text = document(
            operation: """
                      responses: {'200': {description: ok}}
                      x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, uri: 'http://${stageVariables.h}'}
                """)
        #expect(importText(text).diagnostics.map(\.id.name) == ["integration.stage-variable"])
        var options = ImportOptions()
        options.stageVariables = ["h"]
        let result = importText(text, options: options)
        #expect(result.diagnostics.isEmpty)
        #expect(result.description?.stages.first?.variables.isEmpty == true)
    }

    @Test("the identity has ten base-36 characters and follows title and file name only")
    func identity() throws {
        let text = "openapi: 3.0.1\ninfo: {title: t}\npaths: {}\n"
        let first = try describe(text, name: "a/api.yaml").apiID
        #expect(first.utf8.count == 10)
        #expect(first.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) })
        #expect(try describe(text + "tags: []\n", name: "b/api.yaml").apiID == first)
        #expect(try describe(text, name: "other.yaml").apiID != first)
        #expect(try describe("openapi: 3.0.1\ninfo: {title: u}\npaths: {}\n", name: "a/api.yaml").apiID != first)
    }

    @Test("diagnostics come in the order of the file")
    func order() {
        let result = importText(
            "openapi: 3.0.1\ninfo: {}\npaths: {/a: {get: {}}, b: {}}\nx-portico-stagse: {}\n")
        let lines = result.diagnostics.compactMap { result.sources.position(of: $0.span)?.line }
        #expect(lines == lines.sorted())
        #expect(lines.count == 4)
    }

    @Test("a reference that is not resolved is no API key: what is left of it stands in the file")
    func unresolvedKey() {
        let result = importText(
            """
            openapi: 3.0.1
            info: {title: t}
            paths: {}
            x-portico-api-keys:
            - {name: a, value: {Ref: NameOfAParameterThatNobodyGave}}
            - {name: b, value: !Sub "${NameOfAParameterThatNobodyGave}"}
            - {name: c, value: "${env.C}"}
            """)
        #expect(result.description?.apiKeys.map(\.name.value) == ["c"])
        #expect(result.diagnostics.filter { $0.id == ImportDiagnostics.keyValue }.count == 2)
        #expect(!result.diagnostics.hasErrors)
    }
}
