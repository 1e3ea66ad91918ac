import PorticoIR
import PorticoSyntax
import Testing

/// What `x-portico-websocket` becomes.
@Suite struct WebSocketFactsTests {
    private static func describe(_ text: String) throws -> APIDescription {
        let result = importText(text)
        #expect(result.diagnostics.filter { $0.severity == .error }.map(\.message) == [])
        return try #require(result.description)
    }

    @Test("the API, its stages and what it sends are typed")
    func api() throws {
        let api = try Self.describe(ExportDocuments.webSocket)
        #expect(api.protocolType == .webSocket)
        #expect(api.resources.isEmpty)
        #expect(api.servers == ["wss://chat.example.com/prod"])
        #expect(api.apiKeySource.value == .authorizer)
        let webSocket = try #require(api.webSocket)
        #expect(webSocket.routeSelectionExpression.value.string == "${request.body.action}")
        #expect(webSocket.apiKeySource.value == .authorizer)
        #expect(webSocket.disablesSchemaValidation)
        #expect(webSocket.binary.value == .allow)
        #expect(webSocket.routes.map(\.routeKey.value) == ["$connect", "$disconnect", "join", "$default"])
        #expect(webSocket.messageSelectionExpression?.value == "$message.body.type")
        #expect(webSocket.messages.map(\.name.value) == ["said", "left"])
        #expect(webSocket.messages.first?.model.model?.value == "Said")
        #expect(webSocket.messages.last?.model.schema?["type"] == .string("object"))
        let stage = try #require(api.stages.first)
        #expect(stage.defaultRouteSettings?.throttle.rateLimit == 0.5)
        #expect(stage.defaultRouteSettings?.throttle.burstLimit == 5)
        #expect(stage.defaultRouteSettings?.detailedMetricsEnabled == true)
        #expect(stage.routeSettings.map(\.routeKey.value) == ["join", "$default"])
        #expect(stage.routeSettings.first?.settings.loggingLevel == .info)
        #expect(stage.routeSettings.first?.settings.dataTraceEnabled == true)
    }

    @Test("connecting has security and parameters, its own or the root's")
    func connecting() throws {
        let own = try #require(try Self.describe(ExportDocuments.webSocket).webSocket?.routes.first)
        #expect(own.operationName == "open")
        #expect(own.authorization.value == .custom(authorizer: "who", scopes: []))
        #expect(own.apiKeyRequired)
        #expect(own.requestParameters.map(\.name.value) == ["room", "X-Trace"])
        #expect(own.requestParameters.map(\.location) == [.querystring, .header])
        #expect(own.requestParameters.map(\.isRequired) == [true, false])
        let api = try Self.describe(
            """
            openapi: 3.0.1
            info: {title: chat}
            security: [{iam: []}]
            x-portico-websocket:
              routeSelectionExpression: $request.body.action
              routes: {$connect: {}, other: {x-amazon-apigateway-integration: {type: mock}}}
            components:
              securitySchemes:
                iam: {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4}
            """)
        let routes = try #require(api.webSocket?.routes)
        #expect(routes.map(\.authorization.value) == [.iam, .none])
    }

    @Test("routes have models, a route response and an integration with its selections")
    func route() throws {
        let routes = try #require(try Self.describe(ExportDocuments.webSocket).webSocket?.routes)
        let route = try #require(routes.first { $0.routeKey.value == "join" })
        #expect(route.operationName == "join" && route.isDeprecated && route.description == "two\nlines\n")
        #expect(route.modelSelectionExpression?.value.string == "$request.body.kind")
        #expect(route.requestModels.map(\.mediaType) == ["$default", "other"])
        #expect(route.requestModels.first?.model?.value == "Join")
        #expect(route.hasRouteResponse)
        #expect(route.responseModels.map(\.model?.value) == ["Said"])
        let integration = try #require(route.integration)
        #expect(integration.timeoutMilliseconds?.value == 50)
        #expect(integration.contentHandling?.value == .convertToBinary)
        #expect(integration.passthroughBehavior.value == .never)
        #expect(integration.templateSelectionExpression?.value.string == "\\$default")
        #expect(integration.requestTemplates.map(\.mediaType.value) == ["$default", "empty"])
        #expect(integration.responses.map(\.selectionPattern?.value.string) == [nil, "4\\d\\d"])
        #expect(
            integration.responses.first?.templateSelectionExpression?.value.string
                == "${integration.response.statuscode}")
        #expect(integration.responses.last?.contentHandling?.value == .convertToText)
        #expect(routes.map { $0.integration?.type.value } == [.http, nil, .http, .mock])
    }

    @Test(
        "clients know messages by one member",
        arguments: [
            ("$message.body.type", ["type"]), ("${message.body.a.b-c}", ["a", "b-c"]), ("$message.body", nil),
            ("$message.body.", nil), ("$message.body.a..b", nil), ("message.body.a", nil), ("${message.body.a", nil),
            ("$request.body.a", nil), ("$message.body.a[0]", nil), ("x$message.body.a", nil), ("", nil),
        ] as [(String, [String]?)])
    func messageSelection(expression: String, path: [String]?) {
        #expect(MessageSelection.path(of: expression) == path)
    }

    @Test("an overlay may hold the routes")
    func overlay() throws {
        var options = ImportOptions()
        options.configPath = "overlay.yaml"
        let result = importText(
            "openapi: 3.0.1\ninfo: {title: chat}\n",
            with: [
                "overlay.yaml": """
                x-portico-websocket: {routeSelectionExpression: $request.body.action, routes: {$connect: }}
                """
            ], options: options)
        #expect(result.diagnostics.map(\.message) == [])
        #expect(result.description?.webSocket?.routes.count == 1)
    }
}
