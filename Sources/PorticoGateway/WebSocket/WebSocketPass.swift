internal import PorticoIR
internal import PorticoPrograms
internal import PorticoSyntax

/// Routes of a WebSocket API: each becomes a method with its filters and its integration, and an entry of the table that
/// messages choose from.
enum WebSocketPass {
    static func run(_ context: inout LoweringContext) {
        guard context.description.protocolType == .webSocket, let api = context.description.webSocket else { return }
        var program = WebSocketProgram(routeSelection: context.selection(api.routeSelectionExpression, ofMessage: true))
        program.takesBinary = api.binary.value == .allow
        var keys: Set<String> = []
        // The importer's rules report repeated keys; the first one counts.
        for route in api.routes where keys.insert(route.routeKey.value).inserted {
            program.routes.append(lower(route, api, &context))
        }
        if !keys.contains(WebSocketRouteProgram.connect) {
            // Source: API Gateway guide, "Manage connected users": `$connect` may be left out.
            var route = lower(WebSocketRoute(routeKey: Located(WebSocketRouteProgram.connect)), api, &context)
            route.isImplied = true
            program.routes.append(route)
        }
        context.parts.webSocket = program
    }

    private static func lower(
        _ route: WebSocketRoute, _ api: WebSocketAPI, _ context: inout LoweringContext
    ) -> WebSocketRouteProgram {
        let key = route.routeKey.value
        context.parts.resources.append(
            ResourceEntry(
                id: StableHash.base36(Array((context.description.apiID + key).utf8), length: 6), path: key,
                parameterNames: []))
        // What a route shares with the methods of other APIs is lowered as one of them.
        var method = Method(verb: Located(.any, at: route.routeKey.span))
        method.operationName = route.operationName
        method.authorization = route.authorization
        method.apiKeyRequired = route.apiKeyRequired
        method.requestParameters = route.requestParameters
        method.integration = route.integration
        let resource = Resource(path: route.routeKey, methods: [method])
        var lowered = WebSocketRouteProgram(key: key, isTwoWay: route.hasRouteResponse)
        var steps = context.commonSteps + FeatureList.steps(method, resource, &context)
        let required = ValidationLowering.required(route.requestParameters)
        if !required.isEmpty { steps.append(.requireParameters(required)) }
        if !api.disablesSchemaValidation { steps += models(route, &lowered, &context) }
        let integration = self.integration(method, route, &context)
        context.parts.integrations.append(integration)
        lowered.templateSelection = route.integration?.templateSelectionExpression.map {
            context.selection($0, ofMessage: key != WebSocketRouteProgram.connect)
        }
        lowered.responseSelections = selections(route.integration, integration, &context)
        context.parts.methods.append(
            MethodProgram(
                verb: "", resource: context.parts.resources.count - 1, operationName: route.operationName,
                steps: steps, integration: context.parts.integrations.count - 1,
                authorizationText: RoutesPass.authorizationText(method), line: context.line(of: route.routeKey.span)))
        return lowered
    }

    /// Clients may come and go without anybody being asked or told; messages without integration have nowhere to go.
    private static func integration(
        _ method: Method, _ route: WebSocketRoute, _ context: inout LoweringContext
    ) -> IntegrationProgram {
        let key = route.routeKey.value
        let isOptional = key == WebSocketRouteProgram.connect || key == WebSocketRouteProgram.disconnect
        if method.integration == nil, isOptional { return IntegrationLowering.acceptance }
        return IntegrationLowering.lower(method, path: key, &context)
    }

    /// Models, and a step that refuses everything if one of them cannot be checked.
    private static func models(
        _ route: WebSocketRoute, _ lowered: inout WebSocketRouteProgram, _ context: inout LoweringContext
    ) -> [FilterStep] {
        // Unconfirmed: without the expression nothing chooses a model. The importer warns of both.
        guard let expression = route.modelSelectionExpression else { return [] }
        lowered.modelSelection = context.selection(expression, ofMessage: true)
        guard !route.requestModels.isEmpty else {
            return [.deny(.badRequestBody, reason: "there is no model to check the message against")]
        }
        for reference in route.requestModels {
            switch ValidationLowering.schema(of: reference, at: route.routeKey.span, &context) {
            case .schema(let index):
                lowered.models.append(WebSocketModel(key: reference.mediaType, schema: index))
            case .uncheckable(let reason):
                lowered.models = []
                return [.deny(.badRequestBody, reason: reason)]
            case .none:
                break
            }
        }
        return []
    }

    /// Selections by position of the lowered responses, which stand in the order of the file but for the default, and
    /// but for those whose pattern does not compile.
    private static func selections(
        _ integration: Integration?, _ program: IntegrationProgram, _ context: inout LoweringContext
    ) -> [SelectionProgram?] {
        guard let integration else { return [] }
        return program.responses.map { response -> SelectionProgram? in
            let declared = integration.responses.first { candidate in
                guard let index = response.pattern else { return candidate.selectionPattern == nil }
                return candidate.selectionPattern?.value.string == context.parts.patterns[index].text
            }
            return declared?.templateSelectionExpression.map { context.selection($0) }
        }
    }
}

extension LoweringContext {
    /// Compiles a selection expression, reporting what is wrong with it. Those of messages know nothing of the request that
    /// their client has connected with.
    mutating func selection(_ text: Located<PositionedText>, ofMessage: Bool = false) -> SelectionProgram {
        let (program, problems) = SelectionProgram.compile(text.value.string, symbols: parts.symbols)
        for problem in problems {
            report(
                Diagnostic(
                    WebSocketDiagnostics.selection,
                    "selection expression '\(text.value.string)': \(problem.message)",
                    at: text.value.span(of: problem.range), fixIt: problem.hint.map { Diagnostic.FixIt(hint: $0) }))
        }
        if ofMessage, program.readsRequestHead {
            report(
                Diagnostic(
                    WebSocketDiagnostics.selection,
                    "selection expression '\(text.value.string)': messages have neither header fields nor a query",
                    at: text.span, fixIt: .init(hint: "choose by the body: '$request.body.PATH'")))
        }
        return program
    }
}
