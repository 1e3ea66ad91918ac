import PorticoIR
import PorticoSyntax
import Testing

@Suite struct ExportTests {
    private static func api(_ change: (inout APIDescription) -> Void = { _ in }) -> APIDescription {
        var description = APIDescription(info: APIInfo(title: Located("Pets")))
        description.apiID = "abcdefghij"
        description.stages = [Stage(name: Located("dev"))]
        change(&description)
        return description
    }

    private static func method(_ verb: MethodVerb = .get, _ change: (inout Method) -> Void = { _ in }) -> Method {
        var method = Method(verb: Located(verb))
        change(&method)
        return method
    }

    private static func operation(_ change: (inout Method) -> Void) -> JSONValue? {
        let method = method(.get, change)
        let description = api { $0.resources = [Resource(path: Located("/a"), methods: [method])] }
        return Exporter.openAPI30(description, stage: nil)["paths"]?["/a"]?["get"]
    }

    private static func text(_ value: JSONValue?) -> String { value.map(JSONWriter.compact) ?? "nothing" }

    @Test("An API without anything is a document with info, paths and components")
    func empty() {
        #expect(
            Self.text(Exporter.openAPI30(Self.api(), stage: nil))
                == #"{"openapi":"3.0.1","info":{"title":"Pets"},"paths":{},"components":{}}"#)
    }

    @Test("A stage gives the address, with the region's host names")
    func servers() {
        let export = Exporter.openAPI30(Self.api(), stage: "prod")
        #expect(
            Self.text(export["servers"])
                == #"[{"url":"https://abcdefghij.execute-api.us-east-1.amazonaws.com/{basePath}","variables":{"basePath":{"default":"prod"}}}]"#
        )
        let china = Exporter.openAPI30(Self.api(), stage: "prod", region: "cn-north-1")
        #expect(Self.text(china["servers"]).contains("abcdefghij.execute-api.cn-north-1.amazonaws.com.cn/"))
    }

    @Test("The endpoint configuration stands in a server, with or without stage")
    func endpointConfiguration() {
        let description = Self.api {
            $0.endpointConfiguration.disableExecuteAPIEndpoint = Located(true)
            $0.endpointConfiguration.vpcEndpointIDs = [Located("vpce-1")]
        }
        let expected =
            #""x-amazon-apigateway-endpoint-configuration":{"disableExecuteApiEndpoint":true,"vpcEndpointIds":["vpce-1"]}}]"#
        #expect(Self.text(Exporter.openAPI30(description, stage: nil)["servers"]) == #"[{"url":"/","# + expected)
        #expect(Self.text(Exporter.openAPI30(description, stage: "a")["servers"]).hasSuffix(expected))
    }

    @Test("A method has API Gateway's shape: described responses with content, parameters by place, ANY by its key")
    func methodShape() {
        let operation = Self.operation { method in
            method.operationName = "listPets"
            method.requestParameters = [
                RequestParameter(location: .querystring, name: Located("type"), isRequired: false),
                RequestParameter(
                    location: .path, name: Located("id"), isRequired: true,
                    schema: .object([JSONMember("type", .string("string"))])),
            ]
            method.requestModels = [ModelReference(mediaType: "application/json", model: Located("Pet"))]
            method.isRequestBodyRequired = true
            var ok = MethodResponse(statusCode: Located("200"))
            ok.headers = [ResponseHeader(name: Located("X-A"))]
            ok.models = [ModelReference(mediaType: "application/json", model: Located("A/b~c%"))]
            var described = MethodResponse(statusCode: Located("404"))
            described.description = "gone"
            method.responses = [ok, described]
            method.requestValidator = Located("all")
        }
        #expect(
            Self.text(operation)
                == #"{"operationId":"listPets","parameters":[{"name":"type","in":"query"},"#
                + #"{"name":"id","in":"path","required":true,"schema":{"type":"string"}}],"#
                + ##""requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Pet"}}},"required":true},"##
                + #""responses":{"200":{"description":"200 response","headers":{"X-A":{}},"#
                + ##""content":{"application/json":{"schema":{"$ref":"#/components/schemas/A~1b~0c%25"}}}},"##
                + #""404":{"description":"gone","content":{}}},"x-amazon-apigateway-request-validator":"all"}"#)
        let any = Self.api { $0.resources = [Resource(path: Located("/a"), methods: [Self.method(.any)])] }
        #expect(
            Self.text(Exporter.openAPI30(any, stage: nil)["paths"])
                == #"{"/a":{"x-amazon-apigateway-any-method":{"responses":{}}}}"#)
    }

    @Test("An integration writes its words in API Gateway's case and leaves defaults out")
    func integrationShape() {
        let operation = Self.operation { method in
            var integration = Integration(type: Located(.httpProxy))
            integration.httpMethod = Located("GET")
            integration.uri = Located(PositionedText("http://a/{id}", span: .none))
            method.integration = integration
        }
        #expect(
            Self.text(operation?["x-amazon-apigateway-integration"])
                == #"{"type":"http_proxy","httpMethod":"GET","uri":"http://a/{id}","passthroughBehavior":"when_no_match"}"#
        )
        let full = Self.operation { method in
            var integration = Integration(type: Located(.aws))
            integration.connectionType = Located(.vpcLink)
            integration.connectionID = Located("link")
            integration.passthroughBehavior = Located(.whenNoTemplates)
            integration.contentHandling = Located(.convertToText)
            integration.timeoutMilliseconds = Located(50)
            integration.cacheKeyParameters = [Located("method.request.path.id")]
            integration.tlsConfig = TLSConfig(insecureSkipVerification: true)
            integration.responseTransferMode = Located(.stream)
            integration.requestTemplates = [MappingTemplate(mediaType: Located("text/plain"), template: nil)]
            var response = IntegrationResponse(
                selectionPattern: Located(PositionedText("5\\d{2}", span: .none)), statusCode: Located("500"))
            response.responseParameters = [
                ParameterMapping(
                    destination: Located("method.response.header.A"),
                    expression: Located(PositionedText("'x'", span: .none)))
            ]
            integration.responses = [response, IntegrationResponse(selectionPattern: nil, statusCode: Located("200"))]
            method.integration = integration
        }
        #expect(
            Self.text(full?["x-amazon-apigateway-integration"])
                == #"{"type":"aws","connectionType":"VPC_LINK","connectionId":"link","responses":{"5\\d{2}":"#
                + #"{"statusCode":"500","responseParameters":{"method.response.header.A":"'x'"}},"default":{"statusCode":"200"}},"#
                + #""requestTemplates":{"text/plain":""},"passthroughBehavior":"when_no_templates","#
                + #""contentHandling":"CONVERT_TO_TEXT","timeoutInMillis":50,"#
                + #""cacheKeyParameters":["method.request.path.id"],"tlsConfig":{"insecureSkipVerification":true},"#
                + #""responseTransferMode":"STREAM"}"#)
    }

    @Test("Schemes for IAM and API keys get names that no authorizer has, and denied schemes go on denying")
    func security() {
        let authorizations: [MethodAuthorization] = [
            .iam, .custom(authorizer: "sigv4", scopes: ["a"]), .unsupported(scheme: "api_key"), .none,
        ]
        let description = Self.api { description in
            description.authorizers = [Authorizer(name: Located("sigv4"), type: Located(.token))]
            description.clientSecuritySchemes = [ClientSecurityScheme(name: "api_key", kind: .bearer)]
            description.resources = authorizations.enumerated().map { index, authorization in
                let method = Self.method(.get) {
                    $0.authorization = Located(authorization)
                    $0.apiKeyRequired = index == 1
                }
                return Resource(path: Located("/\(index)"), methods: [method])
            }
        }
        let export = Exporter.openAPI30(description, stage: nil)
        let security = (0..<4).map { Self.text(export["paths"]?["/\($0)"]?["get"]?["security"]) }
        #expect(
            security == [
                #"[{"sigv42":[]}]"#, #"[{"sigv4":["a"]},{"api_key2":[]}]"#, #"[{"api_key":[]}]"#, "nothing",
            ])
        let schemes = export["components"]?["securitySchemes"]
        #expect(
            Self.text(schemes)
                == #"{"sigv4":{"type":"apiKey","name":"Authorization","in":"header","#
                + #""x-amazon-apigateway-authorizer":{"type":"token"}},"api_key":{"type":"http","scheme":"bearer"},"#
                + #""sigv42":{"type":"apiKey","name":"Authorization","in":"header","x-amazon-apigateway-authtype":"awsSigv4"},"#
                + #""api_key2":{"type":"apiKey","name":"x-api-key","in":"header"}}"#)
    }

    @Test("Stages are written unless there is only the one that every document has")
    func stages() {
        #expect(Exporter.openAPI30(Self.api(), stage: nil)["x-portico-stages"] == nil)
        let description = Self.api {
            $0.stages[0].variables = [NamedValue(Located("v"), Located("1"))]
            $0.stages[0].cacheClusterSize = "0.5"
        }
        #expect(
            Self.text(Exporter.openAPI30(description, stage: nil)["x-portico-stages"])
                == #"{"dev":{"variables":{"v":"1"},"cacheClusterSize":"0.5"}}"#)
    }

    @Test("Two resources of one path are one path, and the first of two equal verbs counts")
    func samePath() {
        let description = Self.api {
            $0.resources = [
                Resource(path: Located("/a"), methods: [Self.method(.get) { $0.summary = "first" }]),
                Resource(path: Located("/a"), methods: [Self.method(.get), Self.method(.post)]),
            ]
        }
        #expect(
            Self.text(Exporter.openAPI30(description, stage: nil)["paths"])
                == #"{"/a":{"get":{"summary":"first","responses":{}},"post":{"responses":{}}}}"#)
    }
}
