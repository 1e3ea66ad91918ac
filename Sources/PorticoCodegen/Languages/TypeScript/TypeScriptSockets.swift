/// Prints `socket.ts`: the class of connections with a method for each route, and the data that the library needs.
struct TypeScriptSockets {
    let model: ClientModel
    let symbols: TypeScriptSymbols
    let header: String
    private let socket: Socket
    private let names: TypeScriptSymbols.SocketSymbols

    init?(model: ClientModel, symbols: TypeScriptSymbols, header: String) {
        guard let socket = model.socket, let names = symbols.socket else { return nil }
        self.model = model
        self.symbols = symbols
        self.header = header
        self.socket = socket
        self.names = names
    }

    /// Whether a file of the library is for connections only.
    static func isLibraryFile(_ path: String) -> Bool { path.contains("/library/socket.") }

    /// The module.
    func files() -> [GeneratedFile] {
        var printer = TypeScriptPrinter("socket", header: header)
        var types = TypeScriptTypes(model, symbols)
        let incoming = types.text(socket.incoming.type)
        var members: [(key: String, value: TypeScriptExpression)] = [
            ("operation", .name("operations.\(names.connect.constant)")),
            ("incoming", types.spec(socket.incoming.type)),
        ]
        if let selection = socket.selection {
            members.append(("selection", .array(selection.map { .text($0) })))
        }
        printer.constant(
            "spec", type: "SocketSpec<\(incoming)>", .object(members),
            documentation: "What the library knows of connections.")
        printer.class(
            names.className, extends: "SocketBase", parentArguments: "<\(incoming)>",
            documentation: DocumentationText.joined(
                "A connection to \(model.title).",
                "A method for each route sends a message; what comes is received, or iterated over.")
        ) { printer in
            for (route, name) in zip(socket.routes, names.routes) { method(route, name, &types, &printer) }
        }
        printer.importTypes(types.models, from: "models")
        printer.importTypes(types.library, from: "library/index")
        printer.importTypes(["SocketSpec"], from: "library/socket")
        printer.importValues(["SocketBase"], from: "library/socket", isDeclared: true)
        printer.importModule(as: "operations", from: "operations")
        return printer.files()
    }

    private func method(
        _ route: SocketRoute, _ name: String, _ types: inout TypeScriptTypes, _ printer: inout TypeScriptPrinter
    ) {
        let type = types.text(route.message)
        // A name in a comment is not imported.
        var names = types
        let answer = route.answer.map { "`\(names.text($0))`" } ?? "a message"
        let documentation = DocumentationText.joined(
            route.summary, route.documentation,
            route.isTwoWay ? "The answer comes as \(answer) among the messages." : nil,
            "It throws a `TransportError` while there is no connection.")
        let key = route.routeKey.map { TypeScriptExpression.literal($0) } ?? "undefined"
        printer.method(
            name, [.init(name: "message", type: type, isOptional: !route.isMessageRequired)], result: "void",
            documentation: documentation, isDeprecated: route.isDeprecated,
            body: "this.sendMessage(\(key), message, \(types.spec(route.message).inline));")
    }

    /// The method of the client that opens a connection.
    func connect(_ types: inout TypeScriptTypes, _ printer: inout TypeScriptPrinter) {
        let operation = socket.connect
        var arguments: [TypeScriptPrinter.Argument] = []
        if let request = names.connect.request {
            arguments.append(
                .init(
                    name: "request", type: request, standard: TypeScriptClient.needsRequest(operation) ? nil : "{}"))
        }
        let name = names.className
        arguments.append(.init(name: "options", type: "SocketOptions<\(name)>", standard: "{}"))
        let request = names.connect.request == nil ? "request: {}" : "request"
        printer.method(
            names.connect.method, arguments, result: "Promise<\(name)>",
            documentation: DocumentationText.joined(
                operation.summary, "Opens a connection.", operation.documentation),
            isDeprecated: operation.isDeprecated,
            body: "return new \(name)({ core: this.#core, spec, schemas, \(request), options }).open();")
    }

    /// What the client's module imports for it.
    func imports(_ printer: inout TypeScriptPrinter) {
        printer.importTypes(["SocketOptions"], from: "library/socket")
        printer.importValues([names.className], from: "socket", isDeclared: true)
        printer.importValues(["spec"], from: "socket")
    }
}
