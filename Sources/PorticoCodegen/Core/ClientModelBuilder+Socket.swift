internal import PorticoIR
internal import PorticoSyntax

// Connections of a WebSocket API.
extension ClientModelBuilder {
    /// Name of the type of what comes, and of the gateway's own answers among it.
    private static let incomingName = "IncomingMessage"
    private static let failureName = "MessageFailure"

    /// The connection of a WebSocket API, with its types among the others.
    mutating func socket(_ webSocket: WebSocketAPI) -> Socket {
        let connecting = webSocket.routes.first { $0.routeKey.value == "$connect" }
        let connect = self.connect(connecting, at: api.info.title.span)
        let selection = MessageSelection.requestPath(of: webSocket.routeSelectionExpression.value.string)
        if selection == nil {
            diagnostics.append(
                Diagnostic(
                    SDKDiagnostics.routeSelection,
                    "clients cannot fill in what \(quoted(webSocket.routeSelectionExpression.value.string)) selects; "
                        + "callers put it into each message", at: webSocket.routeSelectionExpression.span))
        }
        var routes: [SocketRoute] = []
        for route in webSocket.routes where !["$connect", "$disconnect"].contains(route.routeKey.value) {
            routes.append(self.route(route))
        }
        let incoming = self.incoming(webSocket, routes)
        return Socket(
            connect: connect, routes: routes, selection: selection, incoming: incoming,
            allowsBinary: webSocket.binary.value == .allow)
    }

    /// The request that opens a connection is an operation without path, whose answer is the connection.
    private mutating func connect(_ route: WebSocketRoute?, at span: SourceSpan) -> Operation {
        var method = Method(verb: Located(.get, at: route?.routeKey.span ?? span))
        method.operationName = route?.operationName
        method.authorization = route?.authorization ?? Located(.none)
        method.apiKeyRequired = route?.apiKeyRequired ?? false
        method.requestParameters = route?.requestParameters ?? []
        let name = operationNames.claim(route?.operationName ?? "connect", prefix: "")
        let security = self.security(method)
        let parameters = self.parameters(Resource(path: Located("/")), method, security, operation: name)
        return Operation(
            name: name, verb: "GET", path: [], tag: nil, summary: route?.summary, documentation: route?.description,
            isDeprecated: route?.isDeprecated ?? false, parameters: parameters, body: nil, output: .none, errors: [],
            defaultError: nil, security: security, pagination: nil)
    }

    private mutating func route(_ route: WebSocketRoute) -> SocketRoute {
        let key = route.routeKey.value == "$default" ? nil : route.routeKey.value
        let preferred = route.operationName.flatMap { $0.isEmpty ? nil : $0 } ?? key ?? "sendDefault"
        let name = operationNames.claim(preferred, prefix: "")
        if name != preferred {
            report(
                SDKDiagnostics.operationRenamed,
                "operation '\(preferred)' is already taken; clients call this one '\(name)'", at: route.routeKey.span,
                fixIt: .init(hint: "give each route an 'operationId' of its own"))
        }
        let place = types.place(named: NameWords(name).pascal + "Message", at: route.routeKey.span)
        let members = route.requestModels.map { types.type(of: $0, at: place).withoutNull }
        var message = members.first ?? .json
        // Several models: a message is one of them.
        if Set(members).count > 1 {
            message = types.union(of: members, named: NameWords(name).pascal + "Message", at: route.routeKey.span)
        }
        let answer = route.responseModels.first { $0.mediaType == "$default" } ?? route.responseModels.first
        let answerPlace = types.place(named: NameWords(name).pascal + "Answer", at: route.routeKey.span)
        return SocketRoute(
            name: name, routeKey: key, summary: route.summary, documentation: route.description,
            isDeprecated: route.isDeprecated, message: message, isMessageRequired: !route.requestModels.isEmpty,
            isTwoWay: route.hasRouteResponse,
            answer: answer.map { types.type(of: $0, at: answerPlace).withoutNull })
    }

    /// The union of everything that comes: declared messages, answers of routes, and the gateway's own answers.
    private mutating func incoming(_ webSocket: WebSocketAPI, _ routes: [SocketRoute]) -> IncomingMessages {
        var members: [TypeReference] = []
        var names: [TypeReference: [String]] = [:]
        func add(_ type: TypeReference) { if type != .json, !members.contains(type) { members.append(type) } }
        for message in webSocket.messages {
            let place = types.place(named: NameWords(message.name.value).pascal, at: message.name.span)
            let type = types.type(of: message.model, at: place).withoutNull
            add(type)
            names[type, default: []].append(message.name.value)
        }
        for route in routes { if let answer = route.answer { add(answer) } }
        let failure = types.type(
            of: Self.failureSchema, at: types.place(named: Self.failureName, at: api.info.title.span))
        add(failure)
        let union = types.union(of: members, named: Self.incomingName, at: api.info.title.span)
        let path = webSocket.messageSelectionExpression.flatMap { MessageSelection.path(of: $0.value) }
        return IncomingMessages(type: union, failure: failure, selection: path, names: names)
    }

    /// What the gateway itself answers to a message. Source: reference section 2.3 (observed).
    private static let failureSchema: JSONValue = {
        func text(_ documentation: String) -> JSONValue {
            .object([JSONMember("type", .string("string")), JSONMember("description", .string(documentation))])
        }
        return .object([
            JSONMember("type", .string("object")),
            JSONMember(
                "description",
                .string("What the gateway itself answers to a message that it could not deliver or that failed.")),
            JSONMember("required", .array([.string("message"), .string("connectionId")])),
            JSONMember(
                "properties",
                .object([
                    JSONMember("message", text("What is wrong, such as `Internal server error`.")),
                    JSONMember("connectionId", text("The connection.")),
                    JSONMember("requestId", text("What the gateway calls the message.")),
                    JSONMember("messageId", text("The message that is not as its model wants it.")),
                ])),
        ])
    }()
}

extension Socket {
    /// Types with what is known of messages by their names: what comes is told apart by the member that holds its name,
    /// and what is sent has the route's key there.
    func completed(_ types: [ModelType]) -> [ModelType] {
        var types = types
        nameIncoming(in: &types)
        fillSelection(in: &types)
        return types
    }

    private func nameIncoming(in types: inout [ModelType]) {
        // A name deeper inside is no property of the message; such messages are told apart by what they require.
        guard case .model(let index) = incoming.type, types.indices.contains(index),
            case .union(var union) = types[index].shape, let selection = incoming.selection, selection.count == 1
        else { return }
        for position in union.variants.indices {
            guard let names = incoming.names[union.variants[position].type] else { continue }
            var matcher = union.variants[position].matcher
            // Only an object has a member that holds a name.
            guard matcher.kind == .object || matcher.kind == .any else { continue }
            matcher.kind = .object
            matcher.constants = matcher.constants.filter { $0.property != selection[0] }
            matcher.constants.insert(Matcher.Constant(property: selection[0], values: names), at: 0)
            union.variants[position].matcher = matcher
        }
        union.variants = UnionMatchers.sorted(union.variants)
        types[index].shape = .union(union)
    }

    /// A property that chooses the route has one value, unless the type is sent to several routes or comes back.
    private func fillSelection(in types: inout [ModelType]) {
        guard let selection, selection.count == 1 else { return }
        var keys: [Int: Set<String>] = [:]
        for route in routes {
            guard case .model(let index) = route.message else { continue }
            keys[index, default: []].insert(route.routeKey ?? "")
        }
        var answers: Set<TypeReference> = []
        if case .model(let index) = incoming.type, types.indices.contains(index),
            case .union(let union) = types[index].shape
        {
            answers = Set(union.variants.map(\.type))
        }
        for (index, found) in keys where found.count == 1 && !answers.contains(.model(index)) {
            guard let key = found.first, !key.isEmpty, types.indices.contains(index),
                case .structure(var structure) = types[index].shape,
                let field = structure.fields.firstIndex(where: { $0.wireName == selection[0] }),
                structure.fields[field].constant == nil
            else { continue }
            structure.fields[field].type = .string
            structure.fields[field].isRequired = true
            structure.fields[field].constant = key
            types[index].shape = .structure(structure)
        }
    }
}
