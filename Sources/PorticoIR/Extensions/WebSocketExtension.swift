internal import PorticoSyntax

/// `x-portico-websocket`: routes of a WebSocket API, which AWS keeps outside OpenAPI.
///
/// Its presence makes the document a WebSocket API. Source: reference section 2.7; names are the lower-camel forms of
/// CloudFormation's `AWS::ApiGatewayV2::Api`, `Route`, `RouteResponse` and `IntegrationResponse`.
enum WebSocketExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-portico-websocket", in: [.root], of: [.webSocket],
        "Routes of a WebSocket API, and the messages that it sends.")

    private static let members: Set<String> = [
        "routeSelectionExpression", "apiKeySelectionExpression", "disableSchemaValidation", "binary", "routes",
        "messageSelectionExpression", "messages",
    ]

    private static let messageMembers: Set<String> = ["description", "schema"]

    static func read(_ node: Node, _ context: ImporterContext) -> WebSocketAPI? {
        let reader = context.reader
        guard let mapping = reader.mapping(node, "'\(key)'") else { return nil }
        reader.checkMembers(mapping, known: members, "'\(key)'")
        var api = WebSocketAPI(routeSelectionExpression: readSelection(mapping, at: node.span, context))
        if let source = readKeySource(mapping, context) { api.apiKeySource = source }
        api.disablesSchemaValidation = context.boolean(mapping, "disableSchemaValidation") ?? false
        if let binary = mapping.present("binary"),
            let choice: Located<WebSocketBinary> = IntegrationExtension.choice(binary, "'binary'", context)
        {
            api.binary = choice
        }
        if let routes = mapping.present("routes") {
            api.routes = (reader.mapping(routes, "'routes'")?.members ?? []).compactMap {
                WebSocketRouteReading.read($0, context)
            }
        } else {
            reader.report(
                ImportDiagnostics.valueMissing, "the WebSocket API has no 'routes'", at: node.span,
                fixIt: .init(hint: "add 'routes' with '$connect', '$disconnect', '$default' or keys of your own"))
        }
        readMessages(mapping, into: &api, context)
        return api
    }

    private static func readSelection(
        _ mapping: Mapping, at span: SourceSpan, _ context: ImporterContext
    ) -> Located<PositionedText> {
        let key = "routeSelectionExpression"
        let nothing = Located(PositionedText("", span: span), at: span)
        guard let node = mapping.present(key), node.scalar?.text.string.isEmpty != true else {
            context.reader.report(
                ImportDiagnostics.valueMissing, "the WebSocket API has no '\(key)'",
                at: mapping.member(key)?.keySpan ?? span,
                fixIt: .init(hint: "add '\(key): $request.body.action'"))
            return nothing
        }
        return context.positioned(node, "'\(key)'") ?? nothing
    }

    /// Source: API Gateway guide, "API Gateway API key selection expressions": these two and no others.
    private static func readKeySource(_ mapping: Mapping, _ context: ImporterContext) -> Located<APIKeySource>? {
        let key = "apiKeySelectionExpression"
        guard let node = mapping.present(key), let text = context.strictLocated(node, "'\(key)'") else { return nil }
        let words = ["$request.header.x-api-key", "$context.authorizer.usageIdentifierKey"]
        switch text.value {
        case words[0], "${request.header.x-api-key}": return Located(.header, at: node.span)
        case words[1], "${context.authorizer.usageIdentifierKey}": return Located(.authorizer, at: node.span)
        default:
            if !context.unresolved.touches(node.span) {
                context.reader.unknownWord(text.value, words, "'\(key)'", at: node.span, severity: .error)
            }
            return nil
        }
    }

    private static func readMessages(_ mapping: Mapping, into api: inout WebSocketAPI, _ context: ImporterContext) {
        let reader = context.reader
        let key = "messageSelectionExpression"
        if let node = mapping.present(key), let text = context.strictLocated(node, "'\(key)'") {
            if MessageSelection.path(of: text.value) != nil {
                api.messageSelectionExpression = text
            } else {
                reader.report(
                    WebSocketDiagnostics.messageSelection,
                    "\(quoted(text.value)) names no member of a message; expected '$message.body.PATH'", at: node.span,
                    fixIt: .init(hint: "write '$message.body.type' if messages carry their name in 'type'"))
            }
        }
        guard let node = mapping.present("messages"), let messages = reader.mapping(node, "'messages'") else {
            if let expression = api.messageSelectionExpression {
                reader.report(
                    ImportDiagnostics.ignoredMember, "'\(key)' has no effect without 'messages'", at: expression.span)
            }
            return
        }
        api.messages = messages.members.compactMap { readMessage($0, context) }
    }

    private static func readMessage(_ member: Mapping.Member, _ context: ImporterContext) -> WebSocketMessage? {
        let reader = context.reader
        guard let target = context.references.dereference(member.value, "message '\(member.key)'"),
            let mapping = reader.mapping(target, "message '\(member.key)'")
        else { return nil }
        reader.checkMembers(mapping, known: messageMembers, "a message")
        guard let schema = mapping.present("schema") else {
            reader.report(
                ImportDiagnostics.valueMissing, "message '\(member.key)' has no 'schema'", at: member.keySpan)
            return nil
        }
        return context.modelReference(schema, mediaType: "").map {
            WebSocketMessage(
                name: Located(member.key, at: member.keySpan), description: context.string(mapping, "description"),
                model: $0)
        }
    }
}

extension ImporterContext {
    /// Reads what a WebSocket API has in place of paths.
    func readWebSocket(into api: inout APIDescription) {
        if let node = root.present("paths"), node.mapping?.members.isEmpty != true {
            reader.report(
                ImportDiagnostics.ignoredKey, "'paths' has no effect in a WebSocket API, which has routes",
                at: root.member("paths")?.keySpan ?? node.span,
                fixIt: .init(hint: "move the operations to 'routes' of '\(WebSocketExtension.key)'"))
        }
        guard let node = root.present(WebSocketExtension.key) else {
            let span = root.member(WebSocketExtension.key)?.keySpan ?? root.member(ProtocolExtension.key)?.value.span
            reader.report(
                ImportDiagnostics.valueMissing, "the WebSocket API has no '\(WebSocketExtension.key)'",
                at: span ?? .none,
                fixIt: .init(
                    hint: "add '\(WebSocketExtension.key)' with 'routeSelectionExpression' and 'routes', or write "
                        + "'\(ProtocolExtension.key): REST'"))
            return
        }
        api.webSocket = WebSocketExtension.read(node, self)
        // What reads keys of requests looks here for every kind of API.
        if let source = api.webSocket?.apiKeySource { api.apiKeySource = source }
    }
}
