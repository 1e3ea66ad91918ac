/// The classes of connections in `client.py` and `aio.py`, and the method of the client that opens one.
struct PythonSockets {
    private let model: ClientModel
    private let symbols: PythonSymbols
    private let socket: Socket
    private let names: PythonSymbols.SocketNames
    private let isAsync: Bool

    init?(_ model: ClientModel, _ symbols: PythonSymbols, isAsync: Bool) {
        guard let socket = model.socket, let names = symbols.socket else { return nil }
        self.model = model
        self.symbols = symbols
        self.socket = socket
        self.names = names
        self.isAsync = isAsync
    }

    /// Files of the library that clients without connections do not need.
    static let libraryFiles: Set<String> = [
        "frames.py", "handshake.py", "sockets.py", "sync_sockets.py", "async_sockets.py",
    ]

    /// Name of the module of the library.
    var module: String { isAsync ? "async_sockets" : "sync_sockets" }

    /// Name of the class.
    var className: String { isAsync ? "AsyncSocket" : "Socket" }

    /// The class of connections.
    func classDefinition(_ printer: inout PythonPrinter) {
        let types = PythonTypes(model: model, symbols: symbols, prefix: "models.", hidden: names.hiddenByMethods)
        let base = isAsync ? "sockets.BaseAsyncSocket" : "sockets.BaseSocket"
        let incoming = types.annotation(socket.incoming.type)
        printer.gap()
        let text = DocumentationText.joined(
            "A connection to \(model.title).",
            "A method for each route sends a message; what comes is received, or iterated over.")
        printer.classDefinition(
            className, bases: ["\(base)[\"\(incoming)\"]"], documentation: PythonDocumentation.lines(text, depth: 1),
            isEmpty: socket.routes.isEmpty
        ) { printer in
            for (index, (route, name)) in zip(socket.routes, names.routes).enumerated() {
                if index > 0 { printer.blank() }
                method(route, name, types, &printer)
            }
        }
    }

    private func method(
        _ route: SocketRoute, _ name: String, _ types: PythonTypes, _ printer: inout PythonPrinter
    ) {
        var function = PythonPrinter.Function(name: name, isAsync: isAsync, result: "None")
        if route.isMessageRequired {
            function.positional.append(.init(name: "message", annotation: types.annotation(route.message)))
        } else {
            function.positional.append(
                .init(
                    name: "message", annotation: types.annotation(route.message) + " | lib.Unset",
                    initial: .name("lib.UNSET")))
        }
        let answer = route.answer.map { "`\(types.annotation($0))`" } ?? "a message"
        let text = DocumentationText.joined(
            route.summary, route.documentation,
            route.isTwoWay ? "The answer comes as \(answer) among the messages." : nil,
            route.isDeprecated ? "Deprecated." : nil)
        function.documentation = PythonDocumentation.lines(text, depth: 2)
        let key = route.routeKey.map { PythonExpression.string($0) } ?? .none
        let value = PythonExpression.call("self._send_message", [.init(key), .init(.name("message"))])
        printer.function(function) { $0.statement(isAsync ? .await(value) : value) }
    }

    /// The method of the client that opens a connection.
    func connect(_ types: PythonTypes, _ printer: inout PythonPrinter) {
        let operation = socket.connect
        let result = types.builtIn(className)
        var function = PythonPrinter.Function(name: names.connect.name, result: result)
        for (name, parameter) in zip(names.connect.parameters, operation.parameters) {
            if parameter.isRequired {
                function.positional.append(.init(name: name, annotation: types.annotation(parameter.type)))
            } else {
                let (annotation, initial) = types.optional(parameter.type)
                function.keywordOnly.append(.init(name: name, annotation: annotation, initial: initial))
            }
        }
        function.keywordOnly.append(
            .init(name: "options", annotation: "sockets.SocketOptions | None", initial: PythonExpression.none))
        let text = DocumentationText.joined(
            operation.summary,
            isAsync ? "Opens a connection; await it, or use it in `async with`." : "Opens a connection.",
            operation.documentation, operation.isDeprecated ? "Deprecated." : nil)
        function.documentation = PythonDocumentation.lines(text, depth: 2)
        var arguments: [PythonExpression.Argument] = [
            .init(.name("self._engine")), .init(.name("self._transport")), .init(.name("ops.SOCKET")),
            .init(.tuple(names.connect.parameters.map { .name($0) })), .init(.name("options")),
        ]
        if names.connect.parameters.isEmpty { arguments[3] = .init(.tuple([])) }
        printer.blank()
        printer.function(function) { $0.returns(.call(className, arguments)) }
    }

    /// `_operations.py`: the kind of connection, as data.
    static func description(
        _ socket: Socket, _ types: PythonTypes, operation: PythonExpression
    ) -> PythonExpression {
        var arguments: [PythonExpression.Argument] = [
            .init(operation), .init(types.description(socket.incoming.type)),
        ]
        if let selection = socket.selection {
            arguments.append(.init("selection", .tuple(selection.map { .string($0) })))
        }
        return .call("SocketType", arguments)
    }
}
