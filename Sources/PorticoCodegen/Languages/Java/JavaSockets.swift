/// Prints the class of connections with a method for each route, and the methods of the client that open one.
///
/// What opens a connection is the last operation of the model, so that its arguments are those of any other operation.
struct JavaSockets {
    let operations: JavaOperations
    private let socket: Socket
    private let routes: [String]
    private var symbols: JavaSymbols { operations.symbols }
    private var types: JavaTypes { operations.types }
    private var index: Int { types.model.operations.count - 1 }

    init?(operations: JavaOperations) {
        guard let socket = operations.types.model.socket else { return nil }
        self.operations = operations
        self.socket = socket
        routes = operations.symbols.routes
    }

    /// Files of the library that clients without connections do not need.
    static let libraryFiles: Set<String> = [
        "ConnectionClosedException.java", "SocketConnection.java", "SocketListener.java", "SocketMessage.java",
        "SocketOptions.java", "SocketSetup.java",
    ]

    /// Types of the library that generated classes name, besides those of every client.
    static let typeNames: Set<String> = ["SocketConnection", "SocketMessage", "SocketOptions", "SocketSetup"]

    /// The model with what opens a connection as its last operation.
    static func extended(_ model: ClientModel) -> ClientModel {
        var model = model
        if let socket = model.socket { model.operations.append(socket.connect) }
        return model
    }

    /// The class of connections.
    func write(to printer: inout JavaPrinter) {
        let name = symbols.socketClass
        let incoming = types.type(socket.incoming.type)
        printer.type(
            .init(
                DocumentationText.joined(
                    "A connection to \(types.model.title).",
                    "A method for each route sends a message; what comes is received, or iterated over.")),
            annotations: types.allSuppressions, "public final class \(name.name)",
            extends: symbols.runtime("SocketConnection", [incoming])
        ) { printer in
            let setup = symbols.runtime("SocketSetup", [incoming])
            printer.method(.init(name: name.name, parameters: [.init(name: "setup", type: setup)])) {
                $0.statement(.call("super", [.name("setup")]))
            }
            printer.blank()
            open(&printer)
            for (route, method) in zip(socket.routes, routes) {
                for isAsync in [false, true] {
                    for hasMessage in route.isMessageRequired ? [true] : [true, false] {
                        printer.blank()
                        send(route, method, isAsync: isAsync, hasMessage: hasMessage, &printer)
                    }
                }
            }
        }
    }

    /// What the client's methods call, in Java and in Kotlin.
    private func open(_ printer: inout JavaPrinter) {
        let name = symbols.socketClass
        let parameters = operations.request(index) ?? operations.positional(index) ?? []
        let transport = JavaPrinter.Parameter(name: "transport", type: symbols.runtime("Transport"))
        let options = JavaPrinter.Parameter(name: "options", type: symbols.runtime("SocketOptions"))
        printer.method(
            .init(
                modifiers: ["static"], result: .future(name), name: "connectTo",
                parameters: [transport] + parameters + [options])
        ) { printer in
            let call = JavaExpression.type(JavaCalls.type(index, symbols)).call(
                symbols.calls[index].method, parameters.map { .name($0.name) })
            let incoming = types.type(socket.incoming.type)
            let selection = JavaExpression.type(.listOfAny).call("of", (socket.selection ?? []).map { .string($0) })
            let setup = JavaExpression.new(
                symbols.runtime("SocketSetup", [incoming]),
                [
                    .name("transport"), .lambda("()", call), types.codec(socket.incoming.type),
                    .reference(incoming, "ofUnknown"), .name("options"), selection,
                ], isInferred: true)
            printer.returns(.call("open", [.new(name, [setup])]))
        }
    }

    private func send(
        _ route: SocketRoute, _ method: String, isAsync: Bool, hasMessage: Bool, _ printer: inout JavaPrinter
    ) {
        let type = types.type(route.message)
        let answer = route.answer.map { types.type($0).text } ?? "a message"
        let target = route.routeKey.map { "route " + $0 } ?? "the default route"
        let text = DocumentationText.joined(
            route.summary ?? "Sends a message to \(target).", route.documentation,
            route.isTwoWay ? "The answer comes as \(answer) among the messages." : nil)
        printer.method(
            .init(
                documentation: .init(text, isDeprecated: route.isDeprecated), modifiers: ["public"],
                result: isAsync ? .future(.void) : .void, name: method + (isAsync ? "Async" : ""),
                parameters: hasMessage ? [.init(name: "message", type: type)] : [])
        ) { printer in
            var message = JavaExpression.name("message")
            if hasMessage, !type.isPrimitive {
                message = JavaExpression.type(symbols.runtime("Arguments")).call(
                    "required", [message, .string("message")])
            }
            let key = route.routeKey.map { JavaExpression.string($0) } ?? .null
            let call = JavaExpression.call("send", [key, types.codec(route.message), hasMessage ? message : .null])
            if isAsync { printer.returns(call) } else { printer.statement(.call("waitFor", [call])) }
        }
    }

    // MARK: The client's methods

    /// The methods of the client that open a connection.
    func connect(to printer: inout JavaPrinter) {
        var forms: [(parameters: [JavaPrinter.Parameter], takesRequest: Bool)] = []
        if let parameters = operations.positional(index) { forms.append((parameters, false)) }
        if let parameters = operations.request(index) { forms.append((parameters, true)) }
        for form in forms {
            for isAsync in [false, true] {
                for hasOptions in [false, true] {
                    printer.blank()
                    connect(form.parameters, form.takesRequest, isAsync, hasOptions, &printer)
                }
            }
        }
    }

    private func connect(
        _ parameters: [JavaPrinter.Parameter], _ takesRequest: Bool, _ isAsync: Bool, _ hasOptions: Bool,
        _ printer: inout JavaPrinter
    ) {
        let operation = socket.connect
        let name = symbols.socketClass
        let options = symbols.runtime("SocketOptions")
        let text = DocumentationText.joined(operation.summary ?? "Opens a connection.", operation.documentation)
        let method = symbols.calls[index].method
        printer.method(
            .init(
                documentation: .init(text, isDeprecated: operation.isDeprecated), modifiers: ["public"],
                result: isAsync ? .future(name) : name, name: method + (isAsync ? "Async" : ""),
                parameters: parameters + (hasOptions ? [.init(name: "options", type: options)] : []))
        ) { printer in
            var given = parameters.map { JavaExpression.name($0.name) }
            guard hasOptions else {
                given.append(JavaExpression.type(options).field("NONE"))
                return printer.returns(.call(method + (isAsync ? "Async" : ""), given))
            }
            if !takesRequest, let request = symbols.calls[index].request {
                var builder = JavaExpression.type(request).call("builder")
                for parameter in parameters { builder = builder.call(parameter.name, [.name(parameter.name)]) }
                return printer.returns(
                    .call(method + (isAsync ? "Async" : ""), [builder.call("build"), .name("options")]))
            }
            if !isAsync {
                return printer.returns(
                    JavaExpression.type(name).call(
                        "waitFor", [.call(method + "Async", given + [.name("options")])]))
            }
            printer.returns(
                JavaExpression.type(name).call(
                    "connectTo", [.own("transport")] + given + [.name("options")]))
        }
    }
}
