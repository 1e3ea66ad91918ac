internal import PorticoSyntax

/// Reads an entry of `routes` of `x-portico-websocket`.
enum WebSocketRouteReading {
    private static let members: Set<String> = [
        "operationId", "summary", "description", "deprecated", "security", "parameters", "modelSelectionExpression",
        "requestModels", "routeResponse", "responseModels", IntegrationExtension.key, AuthExtension.key,
    ]

    private static let serviceKeys = ["$connect", "$disconnect", "$default"]

    static func read(_ member: Mapping.Member, _ context: ImporterContext) -> WebSocketRoute? {
        let key = Located(member.key, at: member.keySpan)
        guard isRouteKey(key, context) else { return nil }
        var route = WebSocketRoute(routeKey: key)
        if member.value.isNull {
            checkIntegration(of: route, context)
            return route
        }
        guard let target = context.references.dereference(member.value, "route '\(member.key)'"),
            let mapping = context.reader.mapping(target, "route '\(member.key)'")
        else { return route }
        context.reader.checkMembers(mapping, known: members, "a route")
        route.operationName = context.string(mapping, "operationId")
        route.summary = context.string(mapping, "summary")
        route.description = context.string(mapping, "description")
        route.isDeprecated = context.boolean(mapping, "deprecated") ?? false
        readConnecting(mapping, into: &route, context)
        readModels(mapping, into: &route, context)
        readRouteResponse(mapping, into: &route, context)
        route.integration = mapping.present(IntegrationExtension.key).flatMap { IntegrationExtension.read($0, context) }
        if mapping.present(IntegrationExtension.key) == nil { checkIntegration(of: route, context) }
        checkResponses(of: route, context)
        return route
    }

    private static func isRouteKey(_ key: Located<String>, _ context: ImporterContext) -> Bool {
        func refuse(_ message: String, near: String? = nil) -> Bool {
            context.reader.report(
                WebSocketDiagnostics.routeKey, message, at: key.span,
                fixIt: near.map { .init("write '\($0)'", replace: key.span, with: $0) })
            return false
        }
        guard !key.value.isEmpty else { return refuse("a route key is not empty") }
        guard key.value.hasPrefix("$"), !serviceKeys.contains(key.value) else { return true }
        let near = context.reader.suggestions.closest(to: key.value, in: { serviceKeys })
        return refuse(
            "route key '\(key.value)' begins with '$'; "
                + (near.map { "did you mean '\($0)'?" }
                    ?? "of those there are '$connect', '$disconnect' and '$default' only"),
            near: near)
    }

    /// `security` and `parameters`, which are those of the request that opens a connection. The root's `security`
    /// applies to `$connect` without its own.
    private static func readConnecting(
        _ mapping: Mapping, into route: inout WebSocketRoute, _ context: ImporterContext
    ) {
        guard route.routeKey.value == "$connect" else {
            for key in ["security", AuthExtension.key, "parameters"] {
                guard let member = mapping.member(key), !member.value.isNull else { continue }
                context.reader.report(
                    WebSocketDiagnostics.connectOnly,
                    "'\(key)' belongs to '$connect', not to route '\(route.routeKey.value)'", at: member.keySpan,
                    notes: key == "parameters"
                        ? [] : [.init("API Gateway answers: Authorization is only supported on the $connect route")])
            }
            return
        }
        // Parameters and requirements are those of an operation.
        var probe = Method(verb: Located(.any, at: route.routeKey.span))
        context.readParameters(
            Mapping(mapping.members.filter { $0.key == "parameters" }), shared: nil, pathParameters: [], into: &probe)
        context.applySecurity(of: mapping, rootSecurity: context.readRootSecurity(), to: &probe)
        route.requestParameters = probe.requestParameters.filter { $0.location != .path }
        route.authorization = probe.authorization
        route.apiKeyRequired = probe.apiKeyRequired
    }

    private static func readModels(_ mapping: Mapping, into route: inout WebSocketRoute, _ context: ImporterContext) {
        let expression = mapping.present("modelSelectionExpression")
        route.modelSelectionExpression = expression.flatMap {
            context.positioned($0, "'modelSelectionExpression'")
        }
        route.requestModels = models(mapping, "requestModels", context)
        if let first = mapping.member("requestModels"), expression == nil, !route.requestModels.isEmpty {
            // Unconfirmed: nothing chooses a model, so none is looked at.
            context.reader.report(
                WebSocketDiagnostics.modelSelection,
                "messages of route '\(route.routeKey.value)' are not checked without 'modelSelectionExpression'",
                at: first.keySpan, fixIt: .init(hint: "add 'modelSelectionExpression: $default'"))
        } else if let expression, route.requestModels.isEmpty, mapping.present("requestModels") == nil {
            context.reader.report(
                WebSocketDiagnostics.modelSelection,
                "every message of route '\(route.routeKey.value)' fails: 'modelSelectionExpression' has no "
                    + "'requestModels' to choose from", at: expression.span)
        }
    }

    private static func models(_ mapping: Mapping, _ key: String, _ context: ImporterContext) -> [ModelReference] {
        guard let node = mapping.present(key), let entries = context.reader.mapping(node, "'\(key)'") else { return [] }
        return entries.members.compactMap { context.modelReference($0.value, mediaType: $0.key) }
    }

    private static func readRouteResponse(
        _ mapping: Mapping, into route: inout WebSocketRoute, _ context: ImporterContext
    ) {
        let reader = context.reader
        if let node = mapping.present("routeResponse"), let text = context.strictLocated(node, "'routeResponse'") {
            if text.value == "$default" {
                route.hasRouteResponse = true
            } else if !context.unresolved.touches(node.span) {
                reader.report(
                    WebSocketDiagnostics.routeResponse,
                    "a route has no route response '\(text.value)'; expected '$default'", at: node.span,
                    fixIt: .init("write '$default'", replace: node.span, with: "$default"))
            }
        }
        if route.hasRouteResponse, route.routeKey.value == "$disconnect" {
            reader.report(
                ImportDiagnostics.ignoredMember,
                "'routeResponse' has no effect on '$disconnect': the client is gone",
                at: mapping.member("routeResponse")?.keySpan ?? route.routeKey.span)
        }
        route.responseModels = models(mapping, "responseModels", context)
        if let member = mapping.member("responseModels"), !member.value.isNull, mapping.present("routeResponse") == nil
        {
            reader.report(
                ImportDiagnostics.ignoredMember,
                "'responseModels' has no effect without 'routeResponse': nothing is sent to the client",
                at: member.keySpan, fixIt: .init(hint: "add 'routeResponse: $default'"))
            route.responseModels = []
        }
        for model in route.responseModels where model.mediaType != "$default" {
            reader.report(
                WebSocketDiagnostics.routeResponse,
                "'\(model.mediaType)' of 'responseModels' is never chosen; expected '$default'",
                at: model.model?.span ?? mapping.member("responseModels")?.keySpan ?? route.routeKey.span,
                severity: .warning)
        }
    }

    /// Connecting and leaving need no backend; messages without one lead nowhere.
    private static func checkIntegration(of route: WebSocketRoute, _ context: ImporterContext) {
        guard route.routeKey.value != "$connect", route.routeKey.value != "$disconnect" else { return }
        context.reader.report(
            ImportDiagnostics.noIntegration,
            "route '\(route.routeKey.value)' has no integration; its messages fail", at: route.routeKey.span,
            fixIt: .init(hint: "add '\(IntegrationExtension.key)'"))
    }

    /// A two-way route without proxy needs an integration response for whatever the backend answers.
    private static func checkResponses(of route: WebSocketRoute, _ context: ImporterContext) {
        guard route.hasRouteResponse, let integration = route.integration,
            ![.awsProxy, .httpProxy].contains(integration.type.value),
            !integration.responses.contains(where: { $0.selectionPattern == nil })
        else { return }
        context.reader.report(
            ImportDiagnostics.noIntegrationResponse,
            "the integration of two-way route '\(route.routeKey.value)' has no response '$default'; what no other one "
                + "matches is answered 'Internal server error'", at: integration.type.span,
            fixIt: .init(hint: "add '$default' to its 'responses'"))
    }
}
