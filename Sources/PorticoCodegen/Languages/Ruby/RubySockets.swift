/// Declares the class of connections of a WebSocket API: `socket.rb`; and what opens one.
struct RubySockets {
    private let types: RubyTypes
    private let socket: Socket
    private let names: RubySymbols.SocketNames

    init?(types: RubyTypes) {
        guard let socket = types.model.socket, let names = types.symbols.socket else { return nil }
        self.types = types
        self.socket = socket
        self.names = names
    }

    /// Files of the library that clients without connections do not need.
    static let libraryFiles: Set<String> = [
        "runtime/base_socket.rb", "runtime/connection.rb", "runtime/frames.rb", "runtime/handshake.rb",
        "runtime/sockets.rb", "runtime/sockets.rbs", "runtime/wire.rb",
    ]

    /// The class `Socket`.
    func declaration() -> RubyDeclaration {
        let comment = DocumentationText.joined(
            "A connection to \(types.model.title).", "A method for each route sends a message; what comes is received.")
        return .class(
            "Socket", superclass: "BaseSocket", comment: RubyText.comment(comment ?? ""),
            zip(socket.routes, names.routes).map { .method(method($0, $1)) })
    }

    private func method(_ route: SocketRoute, _ name: String) -> RubyMethod {
        let type = types.type(route.message)
        let answer = route.answer.map { "`\(types.type($0).comment)`" } ?? "a message"
        let text = DocumentationText.joined(
            route.summary, route.documentation,
            route.isTwoWay ? "The answer comes as \(answer) among the messages." : nil)
        var comment = RubyText.comment(text ?? "Sends a message.")
        comment += [
            "", "@param message [\(type.comment)]", "@return [nil]", "@raise [TransportError, InvalidArgumentError]",
        ]
        if route.isDeprecated { comment.append("@deprecated") }
        let key = route.routeKey.map { RubyExpression.string($0) } ?? .null
        return RubyMethod(
            name: name, comment: comment,
            parameters: [
                .init(
                    name: "message", type: type,
                    kind: route.isMessageRequired ? .positional : .optionalPositional(.name("ABSENT")))
            ],
            returns: .named("nil"),
            body: [.expression(.call(nil, "send_message", [key, types.codec(route.message), .name("message")]))])
    }

    /// The method of the client that opens a connection.
    func connect(_ client: RubyClient) -> RubyMethod {
        let operation = socket.connect
        var parameters = client.parameters(operation, names.connect)
        // The options of a connection are others than those of a call.
        parameters.removeLast()
        parameters.append(
            .init(name: "options", type: .optional(.named("call_options")), kind: .optionalKeyword(.null)))
        let text = DocumentationText.joined(
            operation.summary, "Opens a connection; with a block gives it that, and closes it afterwards.",
            operation.documentation)
        var comment = RubyText.comment(text ?? "") + [""]
        for (parameter, name) in zip(operation.parameters, names.connect.parameters) {
            comment += client.comment(parameter, name)
        }
        comment += [
            "@param options [Hash, nil] see {SocketOptions}", "@yield [Socket]", "@return [Socket, Object]",
            "@raise [Error]",
        ]
        if operation.isDeprecated { comment.append("@deprecated") }
        return RubyMethod(
            name: names.connect.method, comment: comment, parameters: parameters, returns: .named("Socket"),
            block: (gives: .named("Socket"), returns: .untyped),
            body: [
                .expression(
                    .call(
                        .name("Socket"), "open",
                        [
                            .name("@runner"), .name("Operations::SOCKET"),
                            .array(names.connect.parameters.map { .name($0) }), .name("options"),
                        ], passesBlock: true))
            ])
    }

    /// The kind of connection, as data for `operations.rb`.
    func description(_ operation: RubyExpression) -> RubyDeclaration {
        .constant(
            "SOCKET", .named("SocketKind"),
            .call(
                .name("SocketKind"), "new",
                [
                    operation, types.codec(socket.incoming.type),
                    .array((socket.selection ?? []).map { .string($0) }),
                ]), comment: [])
    }
}
